package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/cmd/internal/scorecard"
)

const (
	platformFor   = 20 * time.Second // Slack is in trouble
	platformHeals = 3 * time.Minute  // a message cut amid its sending is looked up when its lease is over
)

// platform breaks what lies between Heed and its platforms: Slack over HTTP and over Socket
// Mode, and Discord, each in a world of its own, side by side: most of it is waiting.
func platform(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	return beside(ctx, say,
		func(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
			return slackInTrouble(ctx, false, "over HTTP", say)
		},
		func(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
			return slackInTrouble(ctx, true, "over Socket Mode", say)
		},
		discord)
}

func slackInTrouble(ctx context.Context, socket bool, name string, say func(string, ...any)) ([]scorecard.Figure, error) {
	w, err := newWorld(ctx, plan{Replicas: 2, Workspaces: 2, Members: 20, Socket: socket})
	if err != nil {
		return nil, err
	}
	defer w.close()
	w.lossy = true
	l, err := w.loaded(ctx, 30)
	if err != nil {
		return nil, err
	}
	t := &mischief{w: w, random: rand.New(rand.NewPCG(3, 9))} // #nosec G404 -- the same troubles each time, not a secret
	breaking, stop := context.WithTimeout(ctx, platformFor)
	var all sync.WaitGroup
	all.Go(func() { t.refuse(breaking) })
	all.Go(func() { t.disorder(breaking) })
	if socket {
		all.Go(func() { t.hangUp(breaking) })
	}
	all.Wait()
	stop()
	l.end()
	w.slack.ClearFaults()
	w.slack.RepeatEvents(1)
	say("%s: %d faults were laid in the way of Heed's calls, %d events came thrice, %d out of order, %d an hour late, %d sockets closed",
		name, t.refused, t.repeated, t.shuffled, t.late, t.closed)
	h, err := w.heal(ctx, platformHeals)
	if err != nil {
		return nil, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	return h.figures("Slack in trouble "+name, platformHeals), nil
}

// mischief is what Slack does wrong, and how often it did.
type mischief struct {
	w *world

	mu     sync.Mutex
	random *rand.Rand

	refused, repeated, shuffled, late, closed int
}

func (t *mischief) dice(n int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.random.IntN(n)
}

// troubledMethods are what Heed calls, those that show something more often.
var troubledMethods = []string{
	"chat.postMessage", "chat.postMessage", "chat.update", "chat.update", "chat.postEphemeral", slackfake.HookMethod, slackfake.HookMethod,
	"views.open", "conversations.open", "conversations.history", "users.info", "reactions.get", "auth.test", "*",
}

// wrongs are the ways in which a call goes wrong.
func wrongs() []slackfake.Fault {
	return []slackfake.Fault{
		slackfake.TooManyRequests(time.Second), slackfake.TooManyRequestsBare(), slackfake.RateLimitedBody(), slackfake.Refuse("fatal_error"),
		slackfake.Refuse("internal_error"), slackfake.Broken(500), slackfake.Broken(502), slackfake.Broken(503), slackfake.Broken(504),
		slackfake.Slow(2 * time.Second), slackfake.SlowAnswer(2 * time.Second), slackfake.CutBefore(), slackfake.CutAfter(), slackfake.CutAfter(),
		slackfake.Malformed(), slackfake.Page(), slackfake.OtherTypes(), slackfake.Nothing(),
	}
}

// refuse has calls of Heed's go wrong, several a second.
func (t *mischief) refuse(ctx context.Context) {
	all := wrongs()
	for rest(ctx, 60*time.Millisecond) == nil {
		t.w.slack.Fail(troubledMethods[t.dice(len(troubledMethods))], 1, all[t.dice(len(all))])
		t.refused++
	}
}

// disorder has events come three times, then out of order and beside others from an hour
// ago, in turns.
func (t *mischief) disorder(ctx context.Context) {
	for ctx.Err() == nil {
		before := len(t.w.slack.Events())
		t.w.slack.RepeatEvents(3)
		_ = rest(ctx, 800*time.Millisecond)
		t.w.slack.RepeatEvents(1)
		t.repeated += len(t.w.slack.Events()) - before

		t.w.slack.HoldEvents()
		_ = rest(ctx, 600*time.Millisecond)
		held := t.w.slack.Held()
		t.mu.Lock()
		t.random.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
		t.mu.Unlock()
		t.shuffled += len(held)
		var hands sync.WaitGroup
		for part := range slices.Chunk(held, 4) {
			hands.Go(func() { t.w.slack.Deliver(part...) })
		}
		if !t.w.socket { // what is made up goes by HTTP
			for i, e := range held {
				if i%3 == 0 && t.hourAgo(e) {
					t.late++
				}
			}
		}
		hands.Wait()
	}
}

// hourAgo delivers what the same person did to the same message an hour before: the
// opposite. It must change nothing where they have done something since.
func (t *mischief) hourAgo(e slackfake.Event) bool {
	body := map[string]any{}
	raw, err := json.Marshal(e.Body)
	if err != nil || json.Unmarshal(raw, &body) != nil {
		return false
	}
	inner, _ := body["event"].(map[string]any)
	switch inner["type"] {
	case "reaction_added":
		inner["type"] = "reaction_removed"
	case "reaction_removed":
		inner["type"] = "reaction_added"
	default:
		return false
	}
	at, _ := inner["event_ts"].(string)
	seconds, fraction, _ := strings.Cut(at, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return false
	}
	inner["event_ts"] = fmt.Sprintf("%d.%s", n-3600, fraction)
	body["event_time"], body["event_id"] = n-3600, "EvLate"+e.ID
	late, err := json.Marshal(body)
	if err != nil {
		return false
	}
	t.w.slack.Post("/slack/events", "application/json", late, func(h http.Header) {
		h.Set("X-Slack-Retry-Num", "3")
		h.Set("X-Slack-Retry-Reason", "http_timeout")
	})
	return true
}

// hangUp closes sockets: politely, and without a word.
func (t *mischief) hangUp(ctx context.Context) {
	for rest(ctx, 1500*time.Millisecond) == nil {
		t.w.slack.DisconnectSockets([]string{"refresh_requested", "warning", ""}[t.dice(3)])
		t.closed++
	}
}

// overSocket is Slack's own record of what it delivered, as the balancer would have it.
func (w *world) overSocket() []delivery {
	var out []delivery
	for _, d := range w.slack.Deliveries() {
		passed := delivery{Path: d.Path, Body: d.Body, Sent: d.Time, Answered: d.Time, Status: d.Status, Answer: d.Answer}
		if d.Attempt > 0 {
			passed.Attempt = strconv.Itoa(d.Attempt)
		}
		out = append(out, passed)
	}
	return out
}
