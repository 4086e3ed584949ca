package bot_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"heed/bot"
)

// frankChat is a platform that says how Heed stands with it.
type frankChat struct {
	bot.Messenger
	stands bot.Standing
	err    error
}

func (c *frankChat) Examine(context.Context, bot.Workspace) (bot.Standing, error) {
	return c.stands, c.err
}

func TestStanding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &frankChat{Messenger: w.chat}
	doctor := bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: c}, bot.Options{})
	look := func(problems int) map[string]bot.Finding {
		t.Helper()
		found, err := doctor.Doctor(t.Context())
		w.must(err)
		if len(found) != 1 || found[0].Problems != problems || bot.Problems(found[0].Findings) != problems {
			t.Errorf("%d problems, want %d: %s", found[0].Problems, problems, found[0].Doc.Plain())
		}
		out := map[string]bot.Finding{}
		for _, f := range found[0].Findings {
			out[f.Area+"/"+f.Check] = f
		}
		return out
	}
	before := look(0)
	has(t, before["workspace/token"].Plain(), "Slack takes Heed's token for Acme")
	has(t, before["workspace/scopes"].Plain(), "granted all")
	if f := before["workspace/heard"]; f.State != bot.FoundHint {
		t.Errorf("nothing came yet: %+v", f)
	}
	if f := before["workspace/channels"]; f.Workspace != "slack:"+acme.Ref {
		t.Errorf("a finding names the workspace %q", f.Workspace)
	}

	c.stands = bot.Standing{
		Missing: []bot.Grant{{Name: "reactions:read", Cost: "A 👍 doesn't count.", Must: true}, {Name: "team:read", Cost: "The name may be old."}},
		Ahead:   -6 * time.Minute, Timed: true,
	}
	found := look(2)
	if f := found["workspace/scopes"]; f.State != bot.FoundHint { // the last of the two
		t.Errorf("a scope that the main job does not need is a problem: %+v", f)
	}
	has(t, found["workspace/scopes"].Plain(), "did not grant team:read. The name may be old. To grant it, add it under OAuth & Permissions")
	has(t, found["clock/slack"].Plain(), "This machine's clock is 6m0s behind Slack's", "NTP")

	c.err = &bot.Fault{Kind: bot.FaultRevoked, Reason: "invalid_auth"}
	has(t, look(1)["workspace/token"].Plain(), "does not take Heed's token for Acme (invalid_auth)", "Install Heed there again")
	c.err = &bot.Fault{Kind: bot.FaultTransient, Reason: "http_502"}
	has(t, look(1)["workspace/token"].Plain(), "did not answer about Acme (http_502)")

	// What came from a workspace is kept with the next beat, for a doctor elsewhere.
	w.heed("Zoe", "C1", "help")
	c.err, c.stands = nil, bot.Standing{}
	if f := look(0)["workspace/heard"]; f.State != bot.FoundHint {
		t.Errorf("another process knows already: %+v", f)
	}
	_, err := w.bot.PresenceOnce(t.Context())
	w.must(err)
	w.clock.move(20 * time.Minute)
	has(t, look(0)["workspace/heard"].Plain(), "Something came from Acme 20 minutes ago")
}
