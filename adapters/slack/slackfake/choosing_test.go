package slackfake_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

// payload is what the app was sent last.
func (a *app) payload(t *testing.T) slack.InteractionCallback {
	t.Helper()
	all := a.requests()
	form, err := url.ParseQuery(all[len(all)-1].body)
	must(t, err)
	var got slack.InteractionCallback
	must(t, got.UnmarshalJSON([]byte(form.Get("payload"))))
	return got
}

const menus = `{"type":"home","blocks":[{"type":"actions","block_id":"b","elements":[
 {"type":"static_select","action_id":"status","option_groups":[{"label":{"type":"plain_text","text":"Open"},"options":[
   {"text":{"type":"plain_text","text":"Planned"},"value":"planned"},{"text":{"type":"plain_text","text":"Started"},"value":"started"}]}]},
 {"type":"multi_users_select","action_id":"who"},
 {"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Undo"},"value":"undo"}]},
 {"type":"datepicker","action_id":"day"}]},
 {"type":"input","block_id":"quiet","label":{"type":"plain_text","text":"Zone"},"element":{"type":"users_select","action_id":"pm"}},
 {"type":"input","block_id":"loud","dispatch_action":true,"label":{"type":"plain_text","text":"Channel"},"element":{"type":"conversations_select","action_id":"intake"}}
]}`

func TestChoose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	if answer := w.raw(t, "views.publish", asForm, w.team.Token(), url.Values{"user_id": {w.rui.ID}, "view": {menus}}.Encode()); answer["ok"] != true {
		t.Fatalf("answered %v", answer)
	}
	home, _ := w.Home(w.rui)
	act := func() *slack.BlockAction { return a.payload(t).ActionCallback.BlockActions[0] }

	must(t, w.rui.Choose(home, "status", "started"))
	if got := act(); got.SelectedOption.Value != "started" || got.SelectedOption.Text.Text != "Started" || got.BlockID != "b" {
		t.Errorf("chose %+v", got)
	}
	must(t, w.rui.Choose(home, "who", w.ana.ID, w.zoe.ID))
	if got := act(); len(got.SelectedUsers) != 2 {
		t.Errorf("chose %+v", got)
	}
	must(t, w.rui.Choose(home, "more", "undo"))
	if got := act(); got.SelectedOption.Value != "undo" {
		t.Errorf("chose %+v", got)
	}
	must(t, w.rui.Choose(home, "day", "2026-11-24"))
	if got := act(); got.SelectedDate != "2026-11-24" {
		t.Errorf("chose %+v", got)
	}
	must(t, w.rui.Choose(home, "intake", w.support.ID()))
	if got := act(); got.SelectedConversation != w.support.ID() {
		t.Errorf("chose %+v", got)
	}
	if state := a.payload(t).View.State.Values["b"]["status"]; state.SelectedOption.Value != "started" {
		t.Errorf("what was chosen before is forgotten: %+v", state)
	}
	for action, values := range map[string][]string{
		"status": {"shipped"}, "nothing": {"x"}, "pm": {w.ana.ID}, "day": {"a", "b"},
	} {
		if err := w.rui.Choose(home, action, values...); err == nil {
			t.Errorf("chose %v from %s", values, action)
		}
	}
}

func TestPressLabel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	_, _, err := w.api.PostMessage(w.support.ID(), voteCard("👍 Vote"))
	must(t, err)
	card := w.Messages(w.support)[0]
	must(t, w.ana.PressLabel(card, "👍 Vote"))
	if got := a.payload(t); got.User.ID != w.ana.ID || got.ActionCallback.BlockActions[0].ActionID != "vote" {
		t.Errorf("told %+v", got)
	}
	if err := w.ana.PressLabel(card, "Details"); err == nil || !strings.Contains(err.Error(), "👍 Vote") {
		t.Errorf("error %v does not say what is there", err)
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	_, _, err := w.api.PostMessage(w.support.ID(), voteCard("👍 Vote"))
	must(t, err)
	card := w.Messages(w.support)[0]
	w.listen(t, func(request) (int, string) { return 500, "" })
	for name, act := range map[string]func() error{
		"a press":           func() error { return w.rui.Press(card, "vote", "42") },
		"a command":         func() error { return w.rui.Slash(w.support, "/heed", "top") },
		"a shortcut":        func() error { return w.rui.GlobalShortcut("give") },
		"another's message": func() error { return w.rui.MessageShortcut(card, "save") },
	} {
		if err := act(); !errors.Is(err, slackfake.ErrNoAnswer) {
			t.Errorf("%s: the person is told %v", name, err)
		}
	}
	w.listen(t, func(request) (int, string) { return 200, `{"blocks":[{"type":"banner"}]}` })
	if err := w.rui.Slash(w.support, "/heed", "top"); err == nil || !strings.Contains(err.Error(), "invalid_command_response") {
		t.Errorf("an answer that Slack refuses: %v", err)
	}
	w.listen(t, func(request) (int, string) { return 200, "Top 10" })
	must(t, w.rui.Slash(w.support, "/heed", "top"))
	if _, seen := w.FindEphemeral(w.rui, "Top 10"); !seen {
		t.Error("a plain answer is not shown")
	}
}

func TestThreadsOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.team.SetScopes("channels:history", "chat:write")
	root, err := w.rui.Say(w.support, "x")
	must(t, err)
	for _, u := range []*slackfake.User{w.ana, w.ana, w.rui} {
		_, err := u.Reply(root, "y")
		must(t, err)
	}
	_, ts, err := w.api.PostMessage(w.support.ID(), text("z"), slack.MsgOptionTS(root.TS), slack.MsgOptionBroadcast())
	must(t, err)
	h, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.support.ID()})
	must(t, err)
	if len(h.Messages) != 2 || h.Messages[0].SubType != "thread_broadcast" || h.Messages[1].ReplyCount != 4 ||
		len(h.Messages[1].ReplyUsers) != 3 || h.Messages[1].LatestReply != ts {
		t.Errorf("history %+v", h.Messages)
	}
	link, err := w.api.GetPermalink(&slack.PermalinkParameters{Channel: w.support.ID(), Ts: ts})
	must(t, err)
	if !strings.HasSuffix(link, "?thread_ts="+root.TS+"&cid="+w.support.ID()) {
		t.Errorf("permalink %s", link)
	}
	h, err = w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{
		ChannelID: w.support.ID(), Oldest: root.TS, Latest: ts, Inclusive: false,
	})
	must(t, err)
	if len(h.Messages) != 0 {
		t.Errorf("between them: %+v", h.Messages)
	}
	_, _, _, err = w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: w.support.ID(), Timestamp: "1.000001"})
	wantError(t, err, "thread_not_found")
}

func TestTalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{Events: []string{"message.channels", "message.groups", "message.mpim"}})
	w.team.SetScopes("channels:history", "mpim:history", "chat:write")
	a := w.listen(t, nil)
	root, err := w.rui.Say(w.support, "ask @ana in #support, not @nobody & @channel")
	must(t, err)
	if want := "ask <@" + w.ana.ID + "> in <#" + w.support.ID() + ">, not @nobody &amp; <!channel>"; root.Text != want {
		t.Errorf("said %q, want %q", root.Text, want)
	}
	first, err := w.ana.Reply(root, "me too")
	must(t, err)
	_, err = w.rui.Reply(first, "thanks") // a reply to a reply lands in the same thread
	must(t, err)
	if thread := w.Thread(root); len(thread) != 2 || len(w.Messages(w.support)) != 1 {
		t.Errorf("the thread holds %v", thread)
	}
	must(t, w.ana.Edit(first, "me too!"))
	if w.rui.Edit(first, "x") == nil || w.rui.Delete(first) == nil || w.ana.Delete(root) == nil {
		t.Error("edited or deleted another's")
	}
	must(t, w.zoe.Delete(first)) // an admin
	if len(w.Thread(root)) != 1 {
		t.Error("it is still there")
	}
	group := w.team.AddGroupMessage(w.rui, w.ana, w.team.Bot())
	_, err = w.rui.Say(group, "x")
	must(t, err)
	if _, err := w.zoe.Say(group, "x"); err == nil {
		t.Error("spoke where they are not")
	}
	if n := len(a.events()); n != 6 {
		t.Errorf("heard %d: %v", n, a.kinds(t))
	}
	private := w.team.AddDirectMessage(w.rui, w.ana)
	must(t, w.rui.Slash(private, "/feedback", "x")) // commands run where the app is not
	form, _ := url.ParseQuery(a.requests()[6].body)
	if form.Get("channel_name") != "directmessage" {
		t.Errorf("told %v", form)
	}
	_, err = w.api.PostEphemeral(private.ID(), w.rui.ID, text("x"))
	wantError(t, err, "channel_not_found")
	if w.rui.DM() == private {
		t.Error("the app's direct message is another")
	}
}
