package slack

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// overSocket starts a fake and an adapter that listens by Socket Mode.
func overSocket(t *testing.T, config slackfake.Config, replicas int) (*acme, func() error) {
	t.Helper()
	x := quietAcme(t, config, Options{AppToken: "xapp-1-fake"})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, replicas)
	for range replicas {
		go func() { ended <- x.adapter.Run(ctx) }()
	}
	opening, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	x.ok(x.slack.WaitForSockets(opening, replicas))
	end := func() error {
		stop()
		var first error
		for range replicas {
			select {
			case err := <-ended:
				first = err
			case <-time.After(time.Minute):
				t.Fatal("Run did not end")
			}
		}
		replicas = 0
		return first
	}
	t.Cleanup(func() { _ = end() })
	return x, end
}

func TestSocketMode(t *testing.T) {
	t.Parallel()
	t.Run("does what HTTP does", func(t *testing.T) {
		t.Parallel()
		x, end := overSocket(t, slackfake.Config{}, 2)
		x.core.answers(bot.Sayf("Saved as *#42*.").With(bot.Buttons{{Label: "Undo", Action: "undo 1"}}), nil)
		x.ok(x.rui.Slash(x.support, "/feedback", "dark mode"))
		if got := x.private(x.rui); !slices.Equal(got, []string{"Saved as #42.\n[Undo]"}) {
			t.Errorf("Rui reads %q", got)
		}
		card := x.post(x.support, "k", darkMode)
		x.ok(x.mira.React(card, "+1"))
		if b := x.core.one(t, "React").Ballot; b.Message != card.TS {
			t.Errorf("the core heard %+v", b)
		}
		x.core.answers(bot.Sayf("Undone."), nil)
		x.ok(x.rui.PressLabel(x.slack.Ephemerals(x.rui)[0], "Undo"))
		v := x.asked()
		x.core.answers(nil, errAway)
		got, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		if got.Errors["words"] == "" {
			t.Error("the form did not stay open")
		}
		x.ok(end())
	})
	t.Run("what can't be kept is not acknowledged, and comes again", func(t *testing.T) {
		t.Parallel()
		x, _ := overSocket(t, slackfake.Config{AckTimeout: time.Second}, 1)
		card := x.post(x.support, "k", darkMode)
		x.core.answers(nil, errAway)
		x.ok(x.mira.React(card, "+1"))
		if n := len(x.core.heard("React")); n < 2 {
			t.Errorf("the core heard %d, the retry at once is missing", n)
		}
		for _, d := range x.slack.Deliveries() {
			if d.Type == "reaction_added" && d.OK() {
				t.Errorf("acknowledged: %+v", d)
			}
		}
	})
	t.Run("opens another connection when Slack asks for it", func(t *testing.T) {
		t.Parallel()
		x, _ := overSocket(t, slackfake.Config{}, 1)
		before := x.slack.SocketsOpened()
		x.slack.DisconnectSockets("refresh_requested")
		opening, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for x.slack.SocketsOpened() == before && opening.Err() == nil {
			x.ok(x.slack.WaitForSockets(opening, 1))
		}
		x.ok(x.slack.WaitForSockets(opening, 1))
		x.ok(x.rui.Slash(x.support, "/heed", "top"))
		x.core.one(t, "Command")
	})
	t.Run("ends at once with a token that is not good", func(t *testing.T) {
		t.Parallel()
		x := quietAcme(t, slackfake.Config{}, Options{AppToken: "xapp-1-wrong"})
		if err := x.adapter.Run(t.Context()); bot.FaultOf(err).Kind != bot.FaultRevoked {
			t.Errorf("Run gave %v", err)
		}
	})
	t.Run("waits and tries again when Slack is away", func(t *testing.T) {
		t.Parallel()
		x := quietAcme(t, slackfake.Config{}, Options{AppToken: "xapp-1-fake", Clock: eager{}})
		x.slack.Fail("apps.connections.open", 2, slackfake.Broken(http.StatusBadGateway))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- x.adapter.Run(ctx) }()
		x.ok(x.slack.WaitForSockets(t.Context(), 1))
		stop()
		x.ok(<-ended)
	})
}

// eager is a clock on which no wait is long.
type eager struct{ bot.SystemClock }

func (eager) Wait(ctx context.Context, _ time.Time) error { return ctx.Err() }
