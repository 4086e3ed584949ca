package slackfake_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"heed/adapters/slack/slackfake"
)

// connect runs slack-go's Socket Mode client until the test ends. handle
// returns the payload of the acknowledgement, false to give none.
func (w *world) connect(t *testing.T, handle func(socketmode.Event) (any, bool)) {
	t.Helper()
	client := socketmode.New(w.api)
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { _ = client.RunContext(ctx) })
	wait.Go(func() {
		for {
			select {
			case e := <-client.Events:
				if e.Request == nil || e.Type == socketmode.EventTypeHello {
					continue
				}
				if answer, ack := handle(e); ack && answer == nil {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, nil)
				} else if ack {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, answer)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); w.DisconnectSockets(""); wait.Wait() })
}

func (w *world) sockets(t *testing.T, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.WaitForSockets(ctx, n); err != nil {
		t.Fatalf("waiting for %d connections: %v", n, err)
	}
}

func TestSocketMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	var mu sync.Mutex
	var kinds []socketmode.EventType
	var reaction *slackevents.ReactionAddedEvent
	w.connect(t, func(e socketmode.Event) (any, bool) {
		mu.Lock()
		defer mu.Unlock()
		kinds = append(kinds, e.Type)
		switch data := e.Data.(type) {
		case slackevents.EventsAPIEvent:
			reaction, _ = data.InnerEvent.Data.(*slackevents.ReactionAddedEvent)
		case slack.SlashCommand:
			if data.Text == "" {
				if _, err := w.api.OpenView(data.TriggerID, form1("Feedback")); err != nil {
					t.Error(err)
				}
				return nil, true
			}
			return map[string]string{"text": "Saved: " + data.Text}, true
		case slack.InteractionCallback:
			if data.Type == slack.InteractionTypeViewSubmission {
				return map[string]any{"response_action": "errors", "errors": map[string]string{"wish": "Not yet."}}, true
			}
		}
		return nil, true
	})
	w.sockets(t, 1)

	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	must(t, w.rui.React(m, "+1"))
	must(t, w.rui.Slash(w.support, "/feedback", "dark mode"))
	must(t, w.rui.MessageShortcut(m, "save_feedback"))
	must(t, w.rui.Slash(w.support, "/feedback", ""))
	view, _ := w.View(w.rui)
	got, err := w.rui.SubmitView(view, map[string]any{"wish": "dark mode"})
	must(t, err)

	mu.Lock()
	defer mu.Unlock()
	if len(kinds) != 5 || reaction == nil || reaction.Item.Timestamp != m.TS || reaction.User != w.rui.ID {
		t.Errorf("heard %v, reaction %+v", kinds, reaction)
	}
	if seen := w.Ephemerals(w.rui); len(seen) != 1 || seen[0].String() != "Saved: dark mode" {
		t.Errorf("the person sees %v", seen)
	}
	if got.Errors["wish"] != "Not yet." {
		t.Errorf("errors %v", got.Errors)
	}
}

func TestSocketsShareTheEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	var mu sync.Mutex
	heard := map[int]int{}
	for i := range 2 {
		w.connect(t, func(socketmode.Event) (any, bool) {
			mu.Lock()
			defer mu.Unlock()
			heard[i]++
			return nil, true
		})
	}
	w.sockets(t, 2)
	for range 6 {
		must(t, w.rui.OpenHome())
	}
	mu.Lock()
	defer mu.Unlock()
	if heard[0] != 3 || heard[1] != 3 {
		t.Errorf("heard %v, want each event on one connection", heard)
	}
}

func TestSocketRetry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{AckTimeout: time.Second})
	var mu sync.Mutex
	var attempts []int
	w.connect(t, func(e socketmode.Event) (any, bool) {
		mu.Lock()
		defer mu.Unlock()
		attempts = append(attempts, e.Request.RetryAttempt)
		return nil, len(attempts) == 3
	})
	w.sockets(t, 1)
	must(t, w.rui.OpenHome())
	w.clock.Advance(time.Minute)
	w.DeliverRetries()
	mu.Lock()
	if len(attempts) != 3 || attempts[0] != 0 || attempts[1] != 1 || attempts[2] != 2 {
		t.Errorf("attempts %v", attempts)
	}
	mu.Unlock()
	w.clock.Advance(time.Hour)
	if w.DeliverRetries() != 0 {
		t.Error("retried what was acknowledged")
	}
}

func TestSocketDisconnect(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"warning", "refresh_requested", ""} {
		t.Run("reason "+reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slackfake.Config{})
			w.connect(t, func(socketmode.Event) (any, bool) { return nil, true })
			w.sockets(t, 1)
			w.DisconnectSockets(reason)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := w.WaitForSocketsOpened(ctx, 2); err != nil {
				t.Fatalf("the client did not come back: %v", err)
			}
			w.sockets(t, 1)
			must(t, w.rui.Slash(w.support, "/feedback", "x"))
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	if err := w.rui.Slash(w.support, "/feedback", "x"); err == nil {
		t.Error("a command that nobody heard was answered")
	}
	must(t, w.rui.OpenHome())
	if made := w.Deliveries(); made[len(made)-1].OK() {
		t.Errorf("deliveries %+v", made)
	}
}
