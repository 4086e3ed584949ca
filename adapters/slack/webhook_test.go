package slack

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

const formType = "application/x-www-form-urlencoded"

func TestSignature(t *testing.T) {
	t.Parallel()
	clock := slackfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	x := newAcme(t, slackfake.Config{Clock: clock})
	body := []byte(reactionJSON(x))
	sign := func(at time.Time) func(http.Header) {
		return func(h http.Header) {
			h.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at.Unix(), 10))
			h.Set("X-Slack-Signature", x.slack.Sign(at, body))
		}
	}
	for name, tt := range map[string]struct {
		change func(http.Header)
		want   int
	}{
		"as it should be":          {nil, 200},
		"wrong":                    {func(h http.Header) { h.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64)) }, 401},
		"missing":                  {func(h http.Header) { h.Del("X-Slack-Signature") }, 401},
		"no timestamp":             {func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }, 401},
		"of five minutes ago":      {sign(clock.Now().Add(-5*time.Minute - time.Second)), 401},
		"of in five minutes":       {sign(clock.Now().Add(5*time.Minute + time.Second)), 401},
		"of just before that":      {sign(clock.Now().Add(-5 * time.Minute)), 200},
		"timestamp of another one": {func(h http.Header) { h.Set("X-Slack-Request-Timestamp", strconv.FormatInt(clock.Now().Unix()-1, 10)) }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(x.core.heard("React"))
			if d := x.slack.Post("/slack/events", "application/json", body, tt.change); d.Status != tt.want {
				t.Errorf("answered %d, want %d", d.Status, tt.want)
			}
			heard := len(x.core.heard("React")) - before
			if (heard == 1) != (tt.want == 200) {
				t.Errorf("the core heard %d", heard)
			}
		})
	}
	t.Run("without a secret nothing is trusted", func(t *testing.T) {
		a := New(Options{}, NewMessenger(Options{}), x.core)
		if why := a.unsigned(http.Header{"X-Slack-Request-Timestamp": {strconv.FormatInt(time.Now().Unix(), 10)}}, nil); why == "" {
			t.Error("a request was trusted")
		}
	})
}

// reactionJSON is a reaction on a message, as Slack sends it.
func reactionJSON(x *acme) string {
	return `{"type":"event_callback","team_id":"` + x.team.ID + `","event_id":"Ev1","event":{"type":"reaction_added","user":"` + x.rui.ID +
		`","item":{"type":"message","channel":"` + x.support.ID() + `","ts":"1795165200.000100"},"reaction":"+1","event_ts":"1795165201.000200"}}`
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	for name, tt := range map[string]struct {
		path, kind, body string
		want             int
	}{
		"ten megabytes":               {"/slack/events", "application/json", strings.Repeat("x", 10<<20), 413},
		"a command of ten megabytes":  {"/slack/commands", formType, "text=" + strings.Repeat("x", 10<<20), 413},
		"no JSON":                     {"/slack/events", "application/json", `{"type":`, 400},
		"an event that is a number":   {"/slack/events", "application/json", `{"type":"event_callback","event":7}`, 200},
		"an event of an unknown kind": {"/slack/events", "application/json", `{"type":"event_callback","event":{"type":"dnd_updated"}}`, 200},
		"an outside that is unknown":  {"/slack/events", "application/json", `{"type":"something_new"}`, 200},
		"no interaction":              {"/slack/interactions", formType, "payload=%7B", 400},
		"no payload":                  {"/slack/interactions", formType, "", 400},
		"no form":                     {"/slack/commands", formType, "text=%zz", 400},
		"an unknown interaction":      {"/slack/interactions", formType, "payload=" + url.QueryEscape(`{"type":"view_closed"}`), 200},
		"a check of the certificate":  {"/slack/commands", formType, "ssl_check=1&token=x", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := x.slack.Post(tt.path, tt.kind, []byte(tt.body), nil); d.Status != tt.want {
				t.Errorf("answered %d (%v), want %d", d.Status, d.Err, tt.want)
			}
		})
	}
	t.Run("a check of the certificate needs no signature, and does nothing else", func(t *testing.T) {
		unsigned := func(h http.Header) { h.Del("X-Slack-Signature"); h.Del("X-Slack-Request-Timestamp") }
		for body, want := range map[string]int{"ssl_check=1&token=x": 200, "ssl_check=1&command=%2Ffeedback&text=mine&team_id=" + x.team.ID: 200, "command=%2Ffeedback&text=mine": 401} {
			if d := x.slack.Post("/slack/commands", formType, []byte(body), unsigned); d.Status != want {
				t.Errorf("%s: answered %d, want %d", body, d.Status, want)
			}
		}
		if d := x.slack.Post("/slack/events", formType, []byte("ssl_check=1"), unsigned); d.Status != 401 {
			t.Errorf("an event: answered %d", d.Status)
		}
	})
	t.Run("nothing of it reached the core", func(t *testing.T) {
		if n := len(x.core.calls); n != 0 {
			t.Errorf("the core heard %d calls", n)
		}
	})
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	t.Run("the challenge comes back", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.ok(x.slack.Challenge())
	})
	t.Run("with Socket Mode they are not there", func(t *testing.T) {
		t.Parallel()
		x := quietAcme(t, slackfake.Config{}, Options{AppToken: "xapp-1-fake"})
		for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactions", "/slack/install", "/slack/oauth/callback"} {
			w := httptest.NewRecorder()
			x.adapter.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, nil))
			if w.Code != http.StatusNotFound {
				t.Errorf("%s answered %d", path, w.Code)
			}
		}
	})
	t.Run("no log line holds words, tokens or secrets", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		x := quietAcme(t, slackfake.Config{}, Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		server := httptest.NewServer(x.adapter.Handler())
		t.Cleanup(server.Close)
		x.slack.DeliverTo(server.URL)
		x.core.answers(nil, errAway)
		x.slack.Fail("*", 1, slackfake.Broken(502))
		_ = x.rui.Slash(x.support, "/feedback", "my secret wish")
		_, _ = x.rui.Say(x.rui.DM(), "my secret wish")
		x.slack.Post("/slack/events", "application/json", []byte(`{"my secret wish`), nil)
		x.adapter.Wait()
		for _, secret := range []string{"secret wish", x.team.Token(), x.slack.SigningSecret()} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
		if log.Len() == 0 {
			t.Error("nothing was logged")
		}
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	t.Run("a reaction is a ballot of that instant and exact emoji", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		card := x.post(x.support, "k1", darkMode)
		x.ok(x.mira.React(card, "+1::skin-tone-5"))
		x.ok(x.mira.Unreact(card, "+1::skin-tone-5"))
		calls := x.core.heard("React")
		if len(calls) != 2 {
			t.Fatalf("the core heard %d ballots", len(calls))
		}
		b := calls[0].Ballot
		if b.Account != x.mira.ID || b.Channel != x.support.ID() || b.Message != card.TS || b.Emoji != "+1::skin-tone-5" || b.Act != bot.Support || b.At.IsZero() || b.Reconcile {
			t.Errorf("the core heard %+v", b)
		}
		if after := calls[1].Ballot; after.Act != bot.Retract || !after.At.After(b.At) {
			t.Errorf("then %+v", after)
		}
	})
	t.Run("what can't be kept is not acknowledged, and comes again", func(t *testing.T) {
		t.Parallel()
		clock := slackfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		x := newAcme(t, slackfake.Config{Clock: clock})
		card := x.post(x.support, "k1", darkMode)
		x.core.answers(nil, errAway)
		x.ok(x.mira.React(card, "+1"))
		for _, d := range x.slack.Deliveries() {
			if d.Kind == "event" && d.Type == "reaction_added" && d.Status != http.StatusServiceUnavailable {
				t.Errorf("answered %d", d.Status)
			}
		}
		tries := len(x.core.heard("React"))
		x.core.answers(nil, nil)
		clock.Advance(time.Minute)
		if n := x.slack.DeliverRetries(); n == 0 {
			t.Error("nothing came again")
		}
		if after := len(x.core.heard("React")); after <= tries {
			t.Errorf("the core heard %d before, %d after", tries, after)
		}
	})
	t.Run("a direct message is feedback, answered there for good", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Sayf("Saved as *#42*.").With(bot.Buttons{{Label: "Undo", Action: "undo 3"}}), nil)
		m, err := x.rui.Say(x.rui.DM(), "dark mode & <more>")
		x.ok(err)
		x.adapter.Wait()
		h := x.core.one(t, "Say")
		if h.Words != "dark mode & <more>" || h.Call.Channel.Kind != bot.DirectChannel || h.Heard.Message != m.TS || h.Call.Key != x.rui.DM().ID()+":"+m.TS {
			t.Errorf("the core heard %+v", h)
		}
		dms := x.slack.DMs(x.rui)
		if got := dms[len(dms)-1].String(); got != "Saved as #42.\n[Undo]" || dms[len(dms)-1].Ephemeral {
			t.Errorf("Rui reads %q", got)
		}
		x.core.answers(bot.Say{Doc: bot.Doc{bot.Para{Text: bot.Textf("Undone.")}}, Replace: true}, nil)
		x.ok(x.rui.PressLabel(dms[len(dms)-1], "Undo"))
		x.adapter.Wait()
		dms = x.slack.DMs(x.rui)
		if got := dms[len(dms)-1].String(); got != "Undone." {
			t.Errorf("then Rui reads %q", got)
		}
	})
	t.Run("a mention is feedback without the mention, answered in private", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Sayf("Saved as *#42*."), nil)
		_, err := x.rui.Say(x.support, "<@"+x.team.Bot().ID+"> dark mode for @mira")
		x.ok(err)
		if h := x.core.one(t, "Say"); h.Words != "dark mode for @Mira" {
			t.Errorf("the core heard %q", h.Words)
		}
		if got := x.private(x.rui); !slices.Equal(got, []string{"Saved as #42."}) {
			t.Errorf("Rui reads %q", got)
		}
	})
	t.Run("edits, bots and the talk of channels are none of Heed's business", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{Events: append(slices.Clone(slackfake.DefaultEvents), "message.channels")})
		m, err := x.rui.Say(x.support, "good morning")
		x.ok(err)
		x.ok(x.rui.Edit(m, "good evening"))
		if n := len(x.core.heard("Say")); n != 0 {
			t.Errorf("the core heard %d", n)
		}
	})
	t.Run("a deleted message is told", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		m, err := x.rui.Say(x.rui.DM(), "dark mode")
		x.ok(err)
		x.ok(x.rui.Delete(m))
		x.slack.Settle()
		if h := x.core.one(t, "MessageGone"); h.Name != x.rui.DM().ID() || h.Words != m.TS {
			t.Errorf("the core heard %+v", h)
		}
	})
	t.Run("the Home tab shows the person's page, and a press there renews it", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.home = bot.Home{Doc: bot.Doc{bot.Heading{Text: "My requests"}, bot.Row{Text: bot.Textf("*#42 %s*", "Dark mode"), Buttons: []bot.Button{{Label: "Withdraw", Action: "withdraw 42"}}}}}
		x.ok(x.rui.OpenMessagesTab()) // the same event, of another tab
		x.adapter.Wait()
		if _, ok := x.slack.Home(x.rui); ok {
			t.Error("the messages tab shows a page")
		}
		x.ok(x.rui.OpenHome())
		x.adapter.Wait()
		v, ok := x.slack.Home(x.rui)
		if !ok || !strings.Contains(v.String(), "Dark mode") {
			t.Fatalf("Rui's page: %q", v.String())
		}
		x.core.home = bot.Home{Doc: bot.Doc{bot.Para{Text: bot.Textf("Nothing yet.")}}}
		x.ok(x.rui.PressLabel(v, "Withdraw"))
		x.adapter.Wait()
		if v, _ = x.slack.Home(x.rui); v.String() != "Nothing yet." {
			t.Errorf("then Rui's page: %q", v.String())
		}
	})
}

func TestUnknownEvent(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	x := quietAcme(t, slackfake.Config{}, Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	server := httptest.NewServer(x.adapter.Handler())
	t.Cleanup(server.Close)
	x.slack.DeliverTo(server.URL)
	x.team.Unknown("dnd_updated", map[string]any{"user": map[string]any{"blocks": 7}})
	x.slack.Settle()
	x.adapter.Wait()
	for _, d := range x.slack.Deliveries() {
		if d.Type == "dnd_updated" && d.Status != http.StatusOK {
			t.Errorf("answered %d", d.Status)
		}
	}
	if n := strings.Count(log.String(), "dnd_updated"); n != 1 || !strings.Contains(log.String(), "level=DEBUG msg=\"event not taken\"") {
		t.Errorf("the log says:\n%s", log.String())
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	w := slackRef(x.team.ID)
	changes := func() []bot.ChannelChange {
		x.slack.Settle()
		var out []bot.ChannelChange
		for _, h := range x.core.heard("ChannelChanged") {
			out = append(out, h.Fact.(bot.ChannelChange))
		}
		x.core.mu.Lock()
		x.core.calls = nil
		x.core.mu.Unlock()
		return out
	}
	ideas := x.team.AddChannel("ideas", x.zoe)
	ideas.Invite(x.mira, x.zoe)
	if got := changes(); len(got) != 0 {
		t.Errorf("Mira's coming was told: %+v", got)
	}
	ideas.Invite(x.team.Bot(), x.zoe)
	if got := changes(); len(got) != 1 || got[0].Joined == nil || !*got[0].Joined || got[0].Ref != ideas.ID() {
		t.Errorf("Heed was invited: %+v", got)
	}
	ideas.Rename("wishes")
	if got := changes(); len(got) != 1 || got[0].Name != "wishes" {
		t.Errorf("a rename: %+v", got)
	}
	ideas.Archive(x.zoe)
	ideas.Unarchive(x.zoe)
	if got := changes(); len(got) < 2 || got[0].State != "archived" || got[len(got)-1].State != "open" && got[len(got)-2].State != "open" {
		t.Errorf("archived and back: %+v", got)
	}
	old := ideas.ID()
	ideas.ChangeID()
	if got := changes(); len(got) != 1 || got[0].Ref != old || got[0].NewRef != ideas.ID() {
		t.Errorf("another id: %+v", got)
	}
	x.support.Remove(x.team.Bot(), x.zoe)
	if got := changes(); len(got) == 0 || got[0].Joined == nil || *got[0].Joined {
		t.Errorf("Heed was removed: %+v", got)
	}
	x.support.Delete(x.zoe)
	_ = changes()

	x.mira.Rename("Mira Holt-Lee", "Mira H.")
	if h := x.core.one(t, "MemberChanged"); h.Fact.(bot.MemberSeen).Name != "Mira H." || !h.Fact.(bot.MemberSeen).Complete {
		t.Errorf("a new name: %+v", h)
	}
	x.mira.Deactivate()
	calls := x.core.heard("MemberChanged")
	if seen := calls[len(calls)-1].Fact.(bot.MemberSeen); !seen.Gone {
		t.Errorf("deactivated: %+v", seen)
	}
	x.team.Rename("Acme Ltd")
	if h := x.core.one(t, "Attach"); h.Fact.(bot.Workspace).Name != "Acme Ltd" {
		t.Errorf("a new name of the workspace: %+v", h)
	}
	x.team.RateLimitEvents()
	if h := x.core.one(t, "Gap"); h.Ref != w || h.Fact.(time.Time).IsZero() {
		t.Errorf("a gap: %+v", h)
	}
	x.team.Unknown("dnd_updated", map[string]any{"user": map[string]any{"blocks": 7}})
	x.team.RevokeToken()
	x.slack.Settle()
	if h := x.core.heard("WorkspaceGone"); len(h) == 0 || h[0].Ref != w {
		t.Errorf("a revoked token: %+v", h)
	}
}
