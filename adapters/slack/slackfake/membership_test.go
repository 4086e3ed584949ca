package slackfake_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

var dialer = websocket.Dialer{}

func TestReinstall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	before := w.team.Token()
	w.team.Uninstall()
	bot := w.team.Bot()
	if w.support.HasMember(bot) {
		t.Error("the bot outlived its app")
	}
	code := w.zoe.IssueCode()
	got, err := slack.GetOAuthV2Response(http.DefaultClient, w.ClientID(), w.ClientSecret(), code, "", slack.OAuthOptionAPIURL(w.APIURL()))
	must(t, err)
	if got.BotUserID != bot.ID || got.AccessToken == before || got.AuthedUser.ID != w.zoe.ID {
		t.Errorf("installed again as %+v", got)
	}
	_, err = w.client(before).AuthTest()
	wantError(t, err, "account_inactive")
	a.forget()
	w.support.Invite(bot, w.zoe)
	_, _, err = w.client(got.AccessToken).PostMessage(w.support.ID(), text("back"))
	must(t, err)
	if body := a.events()[0]; !strings.Contains(body, `"inviter":"`+w.zoe.ID+`"`) {
		t.Errorf("told %s", body)
	}
}

func TestScopesByKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	secret := w.team.AddPrivateChannel("secret", w.rui, w.team.Bot())
	w.team.SetScopes("channels:read", "channels:history", "im:write", "chat:write")
	_, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: w.support.ID()})
	must(t, err)
	_, err = w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: secret.ID()})
	wantError(t, err, "missing_scope")
	_, err = w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: secret.ID()})
	wantError(t, err, "missing_scope")
	_, err = w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.quiet.ID()})
	wantError(t, err, "not_in_channel")
	_, _, err = w.api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	wantError(t, err, "missing_scope")
	_, _, _, err = w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{w.rui.ID, w.ana.ID}})
	wantError(t, err, "missing_scope")
	_, err = w.api.CreateConversation(slack.CreateConversationParams{ChannelName: "feedback"})
	wantError(t, err, "missing_scope")

	a := w.listen(t, nil)
	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	must(t, w.rui.React(m, "+1"))
	if n := len(a.events()); n != 0 {
		t.Errorf("heard %d events without the scope", n)
	}
	w.team.SetScopes("chat:write", "chat:write.public")
	_, _, err = w.api.PostMessage(w.quiet.ID(), text("x"))
	must(t, err)
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.team.SetScopes(append(slices.Clone(slackfake.DefaultScopes), "mpim:write")...)
	_, _, err := w.api.PostMessage(w.rui.ID, text("hello"))
	must(t, err)
	if got := w.DMs(w.rui); len(got) != 1 || got[0].ChannelID != w.rui.DM().ID() {
		t.Errorf("direct messages %v", got)
	}
	one, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{w.rui.ID, w.ana.ID}})
	must(t, err)
	two, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{w.ana.ID, w.rui.ID}})
	must(t, err)
	if one.ID != two.ID {
		t.Error("the same people have two group messages")
	}
	dm := w.rui.DM().ID()
	w.rui.Deactivate()
	_, _, err = w.api.PostMessage(dm, text("hello"))
	wantError(t, err, "is_archived")
	_, err = w.api.PostEphemeral(w.support.ID(), w.rui.ID, text("x"))
	wantError(t, err, "user_not_in_channel")
	if err := w.rui.Slash(w.support, "/feedback", "x"); err == nil {
		t.Error("a deactivated person ran a command")
	}
	w.rui.Reactivate()
	_, _, err = w.api.PostMessage(dm, text("hello"))
	must(t, err)
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	_, ts, err := w.api.PostMessage(w.support.ID(), text("x"))
	must(t, err)
	_, err = w.api.LeaveConversation(w.support.ID())
	must(t, err)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("y"))
	wantError(t, err, "not_in_channel")
	err = w.api.AddReaction("+1", slack.NewRefToMessage(w.support.ID(), ts))
	wantError(t, err, "not_in_channel")
	w.support.ChangeID()
	_, _, _, err = w.api.JoinConversation(w.support.ID())
	must(t, err)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("y"))
	must(t, err)
	w.support.Delete(w.zoe)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("z"))
	wantError(t, err, "channel_not_found")
}

func TestManyReactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	for range slackfake.MaxReactionUsers + 1 {
		u := w.team.AddUser("u")
		w.support.Join(u)
		must(t, u.React(m, "+1"))
	}
	item := slack.NewRefToMessage(m.ChannelID, m.TS)
	cut, err := w.api.GetReactions(item, slack.GetReactionsParameters{})
	must(t, err)
	full, err := w.api.GetReactions(item, slack.GetReactionsParameters{Full: true})
	must(t, err)
	if len(cut.Reactions[0].Users) != slackfake.MaxReactionUsers || cut.Reactions[0].Count != slackfake.MaxReactionUsers+1 ||
		len(full.Reactions[0].Users) != slackfake.MaxReactionUsers+1 {
		t.Errorf("%d of %d names, and %d", len(cut.Reactions[0].Users), cut.Reactions[0].Count, len(full.Reactions[0].Users))
	}
}

func TestNoRetryWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	n := 0
	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		n++
		rw.Header().Set("X-Slack-No-Retry", "1")
		rw.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(app.Close)
	w.DeliverTo(app.URL)
	must(t, w.rui.OpenHome())
	if n != 1 {
		t.Errorf("delivered %d times to an app that wants no retry", n)
	}
}

func TestTicketsAndSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	_, link, err := w.api.StartSocketModeContext(t.Context())
	must(t, err)
	dial := func() (map[string]any, error) {
		ws, answer, err := dialer.Dial(link, http.Header{"Origin": {"https://api.slack.com"}})
		if err != nil {
			return nil, err
		}
		_ = answer.Body.Close()
		t.Cleanup(func() { _ = ws.Close() })
		var first map[string]any
		err = ws.ReadJSON(&first)
		return first, err
	}
	hello, err := dial()
	must(t, err)
	if hello["type"] != "hello" || hello["num_connections"] != 1.0 {
		t.Errorf("greeted with %v", hello)
	}
	if _, err := dial(); err == nil {
		t.Error("a ticket opened twice")
	}
	w.sockets(t, 1)
	for n := 2; n <= slackfake.MaxSockets; n++ {
		_, link, err = w.api.StartSocketModeContext(t.Context())
		must(t, err)
		_, err = dial()
		must(t, err)
		w.sockets(t, n)
	}
	_, link, err = w.api.StartSocketModeContext(t.Context())
	must(t, err)
	if last, err := dial(); err != nil || last["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh was greeted with %v (%v)", last, err)
	}
	if n := w.SocketsOpened(); n != slackfake.MaxSockets {
		t.Errorf("%d connections were opened", n)
	}
}
