package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"heed/adapters/slack/slackfake"
)

// load is people using Heed: they vote, take back, ask, save what others said; the PM
// retitles and sets statuses, the PO ships. What they do is random and the same for the
// same seed, but for what the faults make of it.
type load struct {
	w    *world
	each time.Duration // between two acts of all people together
	due  bool          // digests are, too
	open bool          // nothing ships

	mu      sync.Mutex
	random  *rand.Rand
	busy    map[*slackfake.User]*sync.Mutex
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// hands is how many people act at a time.
const hands = 24

// newLoad is a load of so many acts a second, which begin starts.
func (w *world) newLoad(perSecond int) *load {
	return &load{
		w: w, each: time.Second / time.Duration(perSecond), cancel: func() {}, busy: map[*slackfake.User]*sync.Mutex{},
		random: rand.New(rand.NewPCG(uint64(perSecond), 7)), // #nosec G404 G115 -- a load, not a secret
	}
}

// begin starts it. It goes on until end.
func (l *load) begin(ctx context.Context) {
	ctx, l.cancel = context.WithCancel(ctx)
	turns := make(chan struct{})
	l.running.Go(func() {
		defer close(turns)
		tick := time.NewTicker(l.each)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			select {
			case turns <- struct{}{}:
			default: // all hands wait for an answer
			}
		}
	})
	for range hands {
		l.running.Go(func() {
			for range turns {
				l.act()
			}
		})
	}
	for _, t := range l.w.teams {
		l.running.Go(func() { l.decide(ctx, t) })
	}
	if l.due {
		l.running.Go(func() { l.w.due.keep(ctx, l.w.db) })
	}
}

// end stops the load and returns when the last act was answered.
func (l *load) end() {
	l.cancel()
	l.running.Wait()
}

// dice is a number from 0 to n-1.
func (l *load) dice(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.IntN(n)
}

// wish is words that nobody asked for before, with a token of their own.
func (l *load) wish() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	words := make([]string, 4)
	for i := range words {
		words[i] = l.gibberish()
	}
	words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
	return fmt.Sprintf("%s. It is tok%06d.", strings.Join(words, " "), l.w.serial.Add(1))
}

// gibberish is a word that is like no other. Called with mu held.
func (l *load) gibberish() string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var out strings.Builder
	for range 3 + l.random.IntN(2) {
		out.WriteByte(consonants[l.random.IntN(len(consonants))])
		out.WriteByte(vowels[l.random.IntN(len(vowels))])
	}
	return out.String()
}

// act is one thing that one person does. A person does one thing at a time.
func (l *load) act() {
	t := l.w.teams[l.dice(len(l.w.teams))]
	who := t.members[l.dice(len(t.members))]
	l.mu.Lock()
	own := l.busy[who]
	if own == nil {
		own = &sync.Mutex{}
		l.busy[who] = own
	}
	l.mu.Unlock()
	own.Lock()
	defer own.Unlock()
	cards := l.w.cards(t)
	switch n := l.dice(1000); {
	case n < 15 || len(cards) == 0:
		_ = who.Slash(t.support, "/feedback", l.wish())
	case n < 25:
		_, _ = who.Say(who.DM(), l.wish())
	case n < 35:
		l.save(t, who)
	case n < 200:
		_ = who.PressLabel(cards[l.dice(len(cards))], "👍 Vote")
	case n < 500:
		_ = who.Unreact(cards[l.dice(len(cards))], "+1")
	default:
		_ = who.React(cards[l.dice(len(cards))], "+1")
	}
}

// save is one person saving what another said, by the form.
func (l *load) save(t *team, who *slackfake.User) {
	author := t.members[l.dice(len(t.members))]
	said, err := author.Say(t.support, l.wish())
	if err != nil || who.MessageShortcut(said, "save") != nil {
		return
	}
	if l.form(who) {
		_, _ = who.SubmitView(l.w.view(who), nil)
	}
}

// form waits until a form stands before a person; false where none comes.
func (l *load) form(who *slackfake.User) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return l.w.slack.WaitFor(ctx, func() bool { _, ok := l.w.slack.View(who); return ok }) == nil
}

func (w *world) view(who *slackfake.User) slackfake.View {
	v, _ := w.slack.View(who)
	return v
}

// decide is what PM and PO of a workspace do, one thing after another.
func (l *load) decide(ctx context.Context, t *team) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(700+l.dice(600)) * time.Millisecond):
		}
		cards := l.w.cards(t)
		if len(cards) < 4 {
			continue
		}
		n := cardNumber(cards[l.dice(len(cards))].String())
		switch l.dice(10) {
		case 0: // the first cards stay open, so that there is always something to vote for
			if n > 3 && !l.open {
				l.ship(t, n)
			}
		case 1, 2, 3, 4:
			l.mu.Lock()
			title := l.gibberish() + " " + l.gibberish() + " " + l.gibberish()
			l.mu.Unlock()
			_ = t.ana.Slash(t.inside, "/heed", fmt.Sprintf("retitle %d %s", n, title))
		default:
			_ = t.ana.Slash(t.inside, "/heed", fmt.Sprintf("status %d %s", n, []string{"planned", "started", "under review"}[l.dice(3)]))
		}
	}
}

// ship ships an item by the form.
func (l *load) ship(t *team, n int) {
	if t.ben.Slash(t.inside, "/ship", fmt.Sprint(n)) != nil || !l.form(t.ben) {
		return
	}
	_, _ = t.ben.SubmitView(l.w.view(t.ben), map[string]any{"how": fmt.Sprintf("how%06d", l.w.serial.Add(1))})
}

// cards are what people can vote for in a workspace: its cards as they stand.
func (w *world) cards(t *team) []slackfake.Message {
	var out []slackfake.Message
	for _, m := range w.slack.Messages(t.requests) {
		if m.ByApp && cardNumber(m.String()) > 0 {
			out = append(out, m)
		}
	}
	return out
}
