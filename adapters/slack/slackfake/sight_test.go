package slackfake_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	made, err := w.api.CreateConversation(slack.CreateConversationParams{ChannelName: "plans", IsPrivate: true})
	must(t, err)
	plans := w.team.Channel("#plans")
	if plans.ID() != made.ID || !made.IsPrivate || !plans.HasMember(w.team.Bot()) {
		t.Errorf("made %+v", made)
	}
	plans.Join(w.ana)
	if body := a.events()[0]; !strings.Contains(body, `"channel_type":"G"`) {
		t.Errorf("told %s", body)
	}
	_, _, err = w.api.PostMessage(plans.ID(), voteCard("Vote"))
	must(t, err)
	card := w.Messages(plans)[0]
	for name, act := range map[string]func(*slackfake.User) error{
		"press":    func(u *slackfake.User) error { return u.Press(card, "vote", "42") },
		"react":    func(u *slackfake.User) error { return u.React(card, "+1") },
		"shortcut": func(u *slackfake.User) error { return u.MessageShortcut(card, "save") },
		"command":  func(u *slackfake.User) error { return u.Slash(plans, "/heed", "top") },
	} {
		if err := act(w.rui); err == nil {
			t.Errorf("%s: by a person who can't see the channel", name)
		}
		if err := act(w.ana); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.api.PostEphemeral(plans.ID(), w.ana.ID, voteCard("Undo"))
	must(t, err)
	only := w.Ephemerals(w.ana)[0]
	plans.Join(w.zoe)
	if w.zoe.Press(only, "vote", "42") == nil || w.ana.MessageShortcut(only, "save") == nil || w.ana.React(only, "+1") == nil {
		t.Error("an ephemeral was used by another, saved or reacted to")
	}
	if w.zoe.Delete(only) == nil {
		t.Error("an admin dismissed what another sees")
	}
	must(t, w.ana.Delete(only))
	if w.ana.Delete(only) == nil {
		t.Error("dismissed twice")
	}
}

func TestExternalIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	home := func(u *slackfake.User, external string) any {
		return w.raw(t, "views.publish", asForm, w.team.Token(), url.Values{
			"user_id": {u.ID}, "view": {`{"type":"home","external_id":"` + external + `","blocks":[{"type":"divider"}]}`},
		}.Encode())["error"]
	}
	if got := home(w.rui, "h1"); got != nil {
		t.Errorf("answered %v", got)
	}
	if got := home(w.rui, "h1"); got != nil { // his own again
		t.Errorf("answered %v", got)
	}
	if got := home(w.ana, "h1"); got != "duplicate_external_id" {
		t.Errorf("answered %v", got)
	}
	named := form1("One")
	named.ExternalID = "m1"
	must(t, w.rui.GlobalShortcut("x"))
	_, err := w.api.OpenView(a.trigger(t), named)
	must(t, err)
	named.Title.Text = "By its name"
	_, err = w.api.UpdateView(named, "m1", "", "")
	must(t, err)
	if v, _ := w.View(w.rui); v.Title != "By its name" || v.ExternalID != "m1" {
		t.Errorf("shows %+v", v)
	}
	named.ExternalID = "h1"
	_, err = w.api.UpdateView(named, "m1", "", "")
	wantError(t, err, "duplicate_external_id")
	must(t, w.ana.GlobalShortcut("x"))
	_, err = w.api.OpenView(a.trigger(t), named)
	wantError(t, err, "duplicate_external_id")
}

func TestResponseURLFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	must(t, w.rui.Slash(w.support, "/feedback", "x"))
	w.Fail(slackfake.HookMethod, 1, slackfake.Broken(502))
	answer := w.Calls(slackfake.HookMethod)
	link := a.responseURL(t)
	r, err := httpPost(link, `{"text":"Saved"}`)
	must(t, err)
	if r != 502 || len(w.Ephemerals(w.rui)) != 0 || len(answer) != 0 {
		t.Errorf("answered %d", r)
	}
	if status, _ := post(t, link, `{"text":"Saved"}`); status != 200 {
		t.Errorf("answered %d", status)
	}
	if n := len(w.Calls(slackfake.HookMethod)); n != 2 {
		t.Errorf("%d calls are on record, want the failed one too", n)
	}
	w.ForgetCalls()
	if n := len(w.Calls("")); n != 0 {
		t.Errorf("%d calls are still on record", n)
	}
}

func TestFilesOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	_, err := w.rui.SayWithFiles(w.rui.DM(), "it blinds me", "shot.png")
	must(t, err)
	body := a.events()[0]
	for _, part := range []string{`"subtype":"file_share"`, `"name":"shot.png"`, `"user":"` + w.rui.ID + `"`} {
		if !strings.Contains(body, part) {
			t.Errorf("lacks %s: %s", part, body)
		}
	}
}

func httpPost(link, body string) (int, error) {
	answer, err := http.Post(link, asJSON, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
