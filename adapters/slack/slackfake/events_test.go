package slackfake_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"heed/adapters/slack/slackfake"
)

// kinds are the inner types of what came to /slack/events.
func (a *app) kinds(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, body := range a.events() {
		e, err := slackevents.ParseEvent(json.RawMessage(body), slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Errorf("slack-go can't parse %s: %v", body, err)
			continue
		}
		kind := e.InnerEvent.Type
		if kind == "" {
			kind = e.Type
		}
		out = append(out, kind)
	}
	return out
}

func (a *app) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = nil
}

func TestWhoHearsWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	want := func(why string, kinds ...string) {
		t.Helper()
		if got := a.kinds(t); !slices.Equal(got, kinds) {
			t.Errorf("%s: the app heard %v, want %v", why, got, kinds)
		}
		a.forget()
	}
	bot := "<@" + w.team.Bot().ID + ">"

	here, err := w.rui.Say(w.support, "dark mode please")
	must(t, err)
	want("talk in a channel, without a subscription to it")
	there, err := w.rui.Say(w.quiet, bot+" dark mode")
	must(t, err)
	want("a mention where the app is not")
	must(t, w.rui.React(there, "+1"))
	want("a reaction where the app is not")
	must(t, w.ana.React(here, "+1::skin-tone-2"))
	want("a reaction where it is", "reaction_added")
	must(t, w.ana.Unreact(here, "+1::skin-tone-2"))
	want("taken back", "reaction_removed")
	if w.ana.Unreact(here, "+1::skin-tone-2") == nil || w.ana.React(slackfake.Message{}, "+1") == nil {
		t.Error("the impossible happened")
	}
	_, err = w.rui.Say(w.support, bot+" dark mode")
	must(t, err)
	want("a mention where it is", "app_mention")
	_, err = w.rui.Say(w.rui.DM(), "dark mode")
	must(t, err)
	want("a direct message", "message")
}

func TestOwnActsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	_, ts, err := w.api.PostMessage(w.rui.ID, text("You asked, it's here"))
	must(t, err)
	must(t, w.api.AddReaction("tada", slack.NewRefToMessage(w.rui.DM().ID(), ts)))
	_, _, _, err = w.api.UpdateMessage(w.rui.DM().ID(), ts, text("again"))
	must(t, err)
	_, _, err = w.api.DeleteMessage(w.rui.DM().ID(), ts)
	must(t, err)
	_, _, _, err = w.api.JoinConversation(w.quiet.ID())
	must(t, err)
	w.Settle()
	if got := a.kinds(t); !slices.Equal(got, []string{"message", "reaction_added", "message", "message", "member_joined_channel"}) {
		t.Errorf("heard %v", got)
	}
	for i, part := range []string{`"bot_id"`, `"reaction":"tada"`, `"message_changed"`, `"message_deleted"`, w.team.Bot().ID} {
		if !strings.Contains(a.events()[i], part) {
			t.Errorf("event %d lacks %s: %s", i, part, a.events()[i])
		}
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	status := http.StatusInternalServerError
	a := w.listen(t, func(request) (int, string) { return status, "" })
	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	must(t, w.rui.React(m, "+1"))
	if n := len(a.events()); n != 2 {
		t.Fatalf("%d attempts at first, want one and one more at once", n)
	}
	if w.DeliverRetries() != 0 {
		t.Error("a retry before its time")
	}
	w.clock.Advance(time.Minute)
	if w.DeliverRetries() != 1 {
		t.Error("no retry after a minute")
	}
	w.clock.Advance(5 * time.Minute)
	status = http.StatusOK
	if w.DeliverRetries() != 1 {
		t.Error("no retry after five minutes")
	}
	w.clock.Advance(24 * time.Hour)
	if w.DeliverRetries() != 0 {
		t.Error("a retry after the last")
	}
	for i, r := range a.requests() {
		number, reason := r.header.Get("X-Slack-Retry-Num"), r.header.Get("X-Slack-Retry-Reason")
		if want := []string{"", "1", "2", "3"}[i]; number != want || (want != "") != (reason == "http_error") {
			t.Errorf("attempt %d has retry headers %q %q", i, number, reason)
		}
		if r.body != a.requests()[0].body {
			t.Errorf("attempt %d is another event", i)
		}
	}
	made := w.Deliveries()
	if last := made[len(made)-1]; !last.OK() || last.Attempt != 3 || made[0].OK() {
		t.Errorf("deliveries %+v", made)
	}
}

func TestLateAnswerIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{AckTimeout: 30 * time.Millisecond})
	hold := make(chan struct{})
	w.listen(t, func(request) (int, string) { <-hold; return 200, "" })
	t.Cleanup(func() { close(hold) })
	must(t, w.rui.OpenHome())
	if made := w.Deliveries(); len(made) != 2 || made[1].Reason != "http_timeout" {
		t.Errorf("deliveries %+v", made)
	}
}

func TestDisorder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	m, err := w.rui.Say(w.support, "x")
	must(t, err)

	w.HoldEvents()
	must(t, w.rui.React(m, "+1"))
	must(t, w.rui.Unreact(m, "+1"))
	w.clock.Advance(time.Hour)
	held := w.Held()
	if len(a.events()) != 0 || len(held) != 2 {
		t.Fatalf("%d delivered, %d held", len(a.events()), len(held))
	}
	w.Deliver(held[1], held[0], held[0], held[0])
	if got := a.kinds(t); !slices.Equal(got, []string{"reaction_removed", "reaction_added", "reaction_added", "reaction_added"}) {
		t.Errorf("heard %v", got)
	}
	a.forget()
	w.RepeatEvents(3)
	must(t, w.rui.React(m, "+1"))
	if all := a.events(); len(all) != 3 || all[0] != all[2] {
		t.Errorf("heard %v", all)
	}
	a.forget()
	w.RepeatEvents(1)
	w.DropEvents(true)
	must(t, w.ana.React(m, "+1"))
	w.DropEvents(false)
	w.team.RateLimitEvents()
	if got := a.kinds(t); !slices.Equal(got, []string{"app_rate_limited"}) {
		t.Errorf("heard %v", got)
	}
	if now, _ := w.Message(m); len(now.Reactions) != 1 || len(now.Reactions[0].Users) != 2 {
		t.Errorf("reactions %v: a lost event is no lost reaction", now.Reactions)
	}
}

func TestHappenings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	secret := w.team.AddPrivateChannel("secret", w.zoe, w.team.Bot())
	hidden := w.team.AddPrivateChannel("hidden", w.zoe)
	for _, c := range []struct {
		want string // "" for nothing
		do   func()
	}{
		{"team_rename", func() { w.team.Rename("Acme Ltd") }},
		{"channel_rename", func() { w.support.Rename("help") }},
		{"channel_rename", func() { w.quiet.Rename("silent") }}, // public: told to all
		{"group_rename", func() { secret.Rename("plans") }},
		{"", func() { hidden.Rename("plot") }},
		{"channel_archive", func() { w.support.Archive(w.zoe) }},
		{"channel_unarchive", func() { w.support.Unarchive(w.zoe) }},
		{"channel_id_changed", func() { w.support.ChangeID() }},
		{"member_joined_channel", func() { w.support.Join(w.zoe) }},
		{"", func() { w.support.Join(w.zoe) }},
		{"member_left_channel", func() { w.support.Remove(w.zoe, w.zoe) }},
		{"", func() { w.quiet.Remove(w.rui, w.zoe) }},
		{"group_left", func() { secret.Remove(w.team.Bot(), w.zoe) }},
		{"channel_left", func() { w.support.Remove(w.team.Bot(), w.zoe) }},
		{"member_joined_channel", func() { w.support.Invite(w.team.Bot(), w.zoe) }},
		{"channel_deleted", func() { w.support.Delete(w.zoe) }},
		{"team_join", func() { w.team.AddUser("omar").JoinTeam() }},
		{"user_change", func() { w.rui.Rename("Rui Costa", "rui") }},
		{"user_change", func() { w.ana.Deactivate() }},
		{"pin_added", func() { w.team.Unknown("pin_added", nil) }},
	} {
		a.forget()
		c.do()
		if got := strings.Join(a.kinds(t), ","); got != c.want {
			t.Errorf("heard %q, want %q", got, c.want)
		}
	}
	a.forget()
	w.team.Uninstall()
	if got := a.kinds(t); !slices.Equal(got, []string{"app_uninstalled", "tokens_revoked"}) {
		t.Errorf("heard %v", got)
	}
	a.forget()
	must(t, w.rui.OpenHome())
	if n := len(a.events()); n != 0 {
		t.Errorf("heard %d events after the uninstall", n)
	}
}

func TestEventWrapper(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	partner := w.AddTeam("initech")
	lena := w.team.AddStranger("lena", partner)
	w.support.Join(lena)
	a.forget()
	_, err := lena.Say(w.support, "<@"+w.team.Bot().ID+"> <!channel> a & b")
	must(t, err)
	var got struct {
		TeamID         string `json:"team_id"`
		AppID          string `json:"api_app_id"`
		EventID        string `json:"event_id"`
		EventTime      int64  `json:"event_time"`
		Shared         bool   `json:"is_ext_shared_channel"`
		Authorizations []struct {
			UserID string `json:"user_id"`
			IsBot  bool   `json:"is_bot"`
		}
		Event map[string]any
	}
	must(t, json.Unmarshal([]byte(a.events()[0]), &got))
	if got.TeamID != w.team.ID || got.AppID != w.AppID() || got.EventID == "" || !got.Shared ||
		got.EventTime != w.clock.Now().Unix() || got.Authorizations[0].UserID != w.team.Bot().ID || !got.Authorizations[0].IsBot {
		t.Errorf("wrapper %+v", got)
	}
	if want := "<@" + w.team.Bot().ID + "> &lt;!channel&gt; a &amp; b"; got.Event["text"] != want || got.Event["user_team"] != partner.ID {
		t.Errorf("event %v", got.Event)
	}
	if lena.Slash(w.support, "/feedback", "x") == nil {
		t.Error("a stranger ran a command")
	}
	person, err := w.api.GetUserInfo(lena.ID)
	must(t, err)
	if !person.IsStranger || person.TeamID != partner.ID {
		t.Errorf("person %+v", person)
	}
}

func TestMessageShortcut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	m, err := w.rui.SayWithFiles(w.quiet, "it blinds me", "shot.png") // where the app is not
	must(t, err)
	must(t, w.rui.React(m, "+1"))
	must(t, w.rui.MessageShortcut(m, "save_feedback"))
	body := a.requests()[0].body
	for _, part := range []string{"message_action", "save_feedback", "%22name%22%3A%22%2B1%22", "shot.png", "response_url", m.TS} {
		if !strings.Contains(body, part) {
			t.Errorf("the payload lacks %s: %s", part, body)
		}
	}
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.listen(t, func(r request) (int, string) {
		var in struct{ Challenge string }
		_ = json.Unmarshal([]byte(r.body), &in)
		return 200, in.Challenge
	})
	must(t, w.Challenge())
	w.listen(t, nil)
	if w.Challenge() == nil {
		t.Error("an app that answers nothing passed")
	}
}
