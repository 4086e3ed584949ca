package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/bot"
)

// life is the demo's past, lived through in order with the clock set back: through
// the same use cases as everybody's, so that cards, digests and history are real.
type life struct {
	*system
	now    time.Time
	events []lifeEvent
	votes  []bot.Ballot // not heard yet
}

// lifeEvent is one act of the past.
type lifeEvent struct {
	at time.Time
	do func(ctx context.Context) error
}

// live lives through the demo's past. The clock ends at the present; the one kept with
// the data stands in the past until all of it is there.
func (s *system) live(ctx context.Context) error {
	l := &life{system: s, now: time.Now().UTC()}
	defer s.moved.set(0)
	if err := s.store.SetClockOffset(ctx, -demoDays*24*time.Hour); err != nil {
		return err
	}
	l.plan()
	slices.SortStableFunc(l.events, func(a, b lifeEvent) int { return a.at.Compare(b.at) })
	for _, e := range l.events {
		s.moved.set(time.Until(e.at))
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	s.moved.set(0)
	if err := l.heard(ctx); err != nil {
		return err
	}
	return s.store.SetClockOffset(ctx, 0)
}

func (l *life) on(at time.Time, do func(context.Context) error) {
	if at.After(l.now) {
		at = l.now
	}
	l.events = append(l.events, lifeEvent{at, do})
}

// plan puts the board's past in order.
func (l *life) plan() {
	l.on(at(l.now, demoDays, 8, 0), l.setUp)
	for i, w := range demoBoard {
		number := i + 1
		l.on(at(l.now, w.days, 8+i%9, (i*17)%60), func(ctx context.Context) error { return l.ask(ctx, w, number) })
		l.planVotes(w, number)
		for _, step := range w.steps {
			l.on(at(l.now, step.days, 10, i%60), func(ctx context.Context) error { return l.step(ctx, number, step) })
		}
	}
	for days := demoDays; days >= 0; days-- {
		if day := at(l.now, days, 9, 1); day.Weekday() == time.Monday && !day.After(l.now) {
			l.on(day, l.week)
		}
	}
}

// planVotes spreads an item's votes: most soon after it was asked, the late ones
// over the last six days.
func (l *life) planVotes(w demoWish, number int) {
	voters := slices.DeleteFunc(strings.Fields(strings.ToLower(demoCustomers+" "+demoTeam)), func(a string) bool { return a == w.by })
	first := min(w.days*24, 6*24) // the last hours before which early votes came
	for k := range w.votes + w.late {
		account := voters[(number*11+k*3)%len(voters)]
		hours := w.days*24 - 2 - (w.days*24-2-first)*(k+1)*(k+1)/((w.votes+1)*(w.votes+1))
		if k >= w.votes {
			hours = min(w.days*24-2, 6*24) * (w.late - (k - w.votes)) / (w.late + 1)
		}
		when := l.now.Add(-time.Duration(max(hours, 1))*time.Hour - time.Duration(k*7)*time.Minute)
		l.on(when, func(context.Context) error {
			l.votes = append(l.votes, bot.Ballot{
				Workspace: demoWorkspace, Account: account, Item: number, Place: bot.PlaceButton, Act: bot.Support,
				At: when, Audience: bot.Community,
			})
			return nil
		})
	}
}

// heard casts the votes since it was last called: where somebody is told of them. A vote
// has its own time, and a card that is edited once for many is up sooner.
func (l *life) heard(ctx context.Context) error {
	if len(l.votes) == 0 {
		return nil
	}
	_, err := l.store.CastVotes(ctx, l.clock.Now(), l.votes)
	l.votes = l.votes[:0]
	return err
}

// act is a command of a person.
func (l *life) act(ctx context.Context, account, channel, name, text string) (bot.Reply, error) {
	call, err := l.playground.Call(account, channel, fmt.Sprintf("demo:%s:%s:%d", account, name, l.clock.Now().UnixNano()))
	if err != nil {
		return nil, err
	}
	return l.bot.Command(ctx, call, name, text)
}

// setUp is what Zoe and Ana do on the first day.
func (l *life) setUp(ctx context.Context) error {
	for _, c := range []struct{ account, channel, text string }{
		{"zoe", "product", "channel intake on"},
		{"zoe", "ideas", "channel intake on"},
		{"zoe", "support", "channel intake on"},
		{"zoe", "ideas", "channel announce on"},
		{"zoe", "product", "role <@ana> pm"},
		{"zoe", "product", "role <@ben> po"},
		{"ana", "product", "digest here"},
	} {
		if _, err := l.act(ctx, c.account, c.channel, "/heed", c.text); err != nil {
			return fmt.Errorf("set up (%s): %w", c.text, err)
		}
	}
	return l.shown(ctx)
}

// ask is one wish, in its author's words.
func (l *life) ask(ctx context.Context, w demoWish, number int) error {
	reply, err := l.act(ctx, w.by, w.in, "/feedback", w.words)
	if err != nil {
		return fmt.Errorf("ask #%d: %w", number, err)
	}
	if own, ok := action(reply, "own"); ok { // it sounds like another; it is not
		if _, err := l.press(ctx, w.by, w.in, own); err != nil {
			return fmt.Errorf("ask #%d: %w", number, err)
		}
	}
	for _, tag := range strings.Fields(w.tags) {
		if _, err := l.act(ctx, "ana", "product", "/heed", fmt.Sprintf("tag %d %s", number, tag)); err != nil {
			return fmt.Errorf("tag #%d: %w", number, err)
		}
	}
	if w.same != 0 {
		if _, err := l.act(ctx, "ana", "product", "/heed", fmt.Sprintf("merge %d into %d", number, w.same)); err != nil {
			return fmt.Errorf("merge #%d: %w", number, err)
		}
	}
	return l.shown(ctx)
}

// step is a change of status, or a ship.
func (l *life) step(ctx context.Context, number int, s demoStep) error {
	if s.status == "ship" {
		return l.ship(ctx, number, s.reason)
	}
	if _, err := l.act(ctx, "ana", "product", "/heed", strings.TrimSpace(fmt.Sprintf("status %d %s %s", number, s.status, s.reason))); err != nil {
		return fmt.Errorf("status of #%d: %w", number, err)
	}
	return l.shown(ctx)
}

func (l *life) ship(ctx context.Context, number int, note string) error {
	if err := l.heard(ctx); err != nil {
		return err
	}
	reply, err := l.act(ctx, "ben", "product", "/ship", fmt.Sprintf("%d %s", number, note))
	if err != nil {
		return fmt.Errorf("ship #%d: %w", number, err)
	}
	ask, ok := reply.(bot.Ask)
	if !ok {
		return fmt.Errorf("ship #%d: no form was opened", number)
	}
	call, err := l.playground.Call("ben", "product", fmt.Sprintf("demo:ship:%d", number))
	if err != nil {
		return err
	}
	_, err = l.bot.Submit(ctx, call, bot.Submission{Form: ask.Form.ID, State: ask.Form.State, Values: map[string]string{"note": note}})
	if err != nil {
		return fmt.Errorf("ship #%d: %w", number, err)
	}
	l.moved.set(time.Until(l.clock.Now().Add(l.config.Undo + time.Second)))
	return l.shown(ctx)
}

// week is a Monday: the digest.
func (l *life) week(ctx context.Context) error {
	if err := l.heard(ctx); err != nil {
		return err
	}
	if _, err := l.bot.DigestsOnce(ctx); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return l.shown(ctx)
}

func (l *life) press(ctx context.Context, account, channel string, a bot.Action) (bot.Reply, error) {
	call, err := l.playground.Call(account, channel, fmt.Sprintf("demo:press:%s", a))
	if err != nil {
		return nil, err
	}
	return l.bot.Press(ctx, call, a)
}

// shown sends what is due, so that each message has the date of its act.
func (l *life) shown(ctx context.Context) error {
	for {
		n, err := l.bot.DispatchOnce(ctx)
		if err != nil {
			return fmt.Errorf("show: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

// action finds a button of a reply by its verb.
func action(r bot.Reply, verb string) (bot.Action, bool) {
	say, ok := r.(bot.Say)
	if !ok {
		return "", false
	}
	for _, block := range say.Doc {
		var buttons []bot.Button
		switch block := block.(type) {
		case bot.Buttons:
			buttons = block
		case bot.Row:
			buttons = block.Buttons
		}
		for _, b := range buttons {
			if v, _ := b.Action.Parts(); v == verb {
				return b.Action, true
			}
		}
	}
	return "", false
}
