package slackfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

func text(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

// raw calls a method as any client could and returns Slack's answer.
func (w *world) raw(t *testing.T, method, contentType, token, body string) map[string]any {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.APIURL()+method, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	var out map[string]any
	must(t, json.NewDecoder(answer.Body).Decode(&out))
	return out
}

const (
	asJSON = "application/json; charset=utf-8"
	asForm = "application/x-www-form-urlencoded"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	for name, c := range map[string]struct{ method, kind, token, body, want string }{
		"none":                    {"auth.test", asForm, "", "", "not_authed"},
		"unknown":                 {"auth.test", asForm, "xoxb-other", "", "invalid_auth"},
		"an app's for a bot's":    {"chat.postMessage", asForm, w.AppToken(), "channel=C1&text=x", "not_allowed_token_type"},
		"a bot's for an app's":    {"apps.connections.open", asForm, w.team.Token(), "", "not_allowed_token_type"},
		"in the form":             {"auth.test", asForm, "", "token=" + w.team.Token(), ""},
		"in the JSON":             {"auth.test", asJSON, "", `{"token":"` + w.team.Token() + `"}`, ""},
		"a method nobody knows":   {"chat.shout", asForm, w.team.Token(), "", "unknown_method"},
		"JSON that is none":       {"auth.test", asJSON, w.team.Token(), `{"a":`, "invalid_json"},
		"JSON that is no object":  {"auth.test", asJSON, w.team.Token(), `[1]`, "json_not_object"},
		"an error asked for":      {"api.test", asForm, "", "error=my_error", "my_error"},
		"nothing asked, no token": {"api.test", asForm, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := w.raw(t, c.method, c.kind, c.token, c.body)
			if got, _ := answer["error"].(string); got != c.want || answer["ok"] != (c.want == "") {
				t.Errorf("answered %v, want error %q", answer, c.want)
			}
		})
	}

	t.Run("revoked and uninstalled", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		w.team.RevokeToken()
		_, err := w.api.AuthTest()
		wantError(t, err, "token_revoked")
		fresh := w.client(w.team.Install())
		_, err = fresh.AuthTest()
		must(t, err)
		w.team.Uninstall()
		_, err = fresh.AuthTest()
		wantError(t, err, "account_inactive")
	})

	t.Run("a missing scope is named", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		answer := w.raw(t, "conversations.history", asForm, w.team.Token(), "channel="+w.support.ID())
		if answer["error"] != "missing_scope" || answer["needed"] != "channels:history" ||
			!strings.Contains(answer["provided"].(string), "chat:write") {
			t.Errorf("answered %v", answer)
		}
	})
}

func TestEveryMethodBySlackGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.team.SetScopes(append(slices.Clone(slackfake.DefaultScopes), "channels:history")...)
	api, ch := w.api, w.support.ID()

	who, err := api.AuthTest()
	must(t, err)
	if who.TeamID != w.team.ID || who.UserID != w.team.Bot().ID || who.BotID == "" {
		t.Errorf("auth.test %+v", who)
	}
	_, ts, err := api.PostMessage(ch, voteCard("Vote"), text("Dark mode"), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: "post", EventPayload: map[string]any{"key": "p1"},
	}), slack.MsgOptionDisableLinkUnfurl())
	must(t, err)
	_, _, err = api.PostMessage(ch, text("in the thread"), slack.MsgOptionTS(ts))
	must(t, err)
	_, err = api.PostEphemeral(ch, w.rui.ID, text("only you"))
	must(t, err)
	_, _, _, err = api.UpdateMessage(ch, ts, voteCard("Voted"), text("Dark mode"))
	must(t, err)
	link, err := api.GetPermalink(&slack.PermalinkParameters{Channel: ch, Ts: ts})
	must(t, err)
	if want := "https://acme.slack.com/archives/" + ch + "/p" + strings.Replace(ts, ".", "", 1); link != want {
		t.Errorf("permalink %s, want %s", link, want)
	}
	item := slack.NewRefToMessage(ch, ts)
	must(t, api.AddReaction("+1", item))
	under, err := api.GetReactions(item, slack.NewGetReactionsParameters())
	must(t, err)
	if len(under.Reactions) != 1 || under.Reactions[0].Name != "+1" || under.Reactions[0].Users[0] != w.team.Bot().ID {
		t.Errorf("reactions %+v", under)
	}
	must(t, api.RemoveReaction("+1", item))

	history, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: ch, IncludeAllMetadata: true})
	must(t, err)
	if len(history.Messages) != 1 || history.Messages[0].Metadata.EventPayload["key"] != "p1" || history.Messages[0].ReplyCount != 1 {
		t.Errorf("history %+v", history.Messages)
	}
	replies, _, _, err := api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: ch, Timestamp: ts})
	must(t, err)
	if len(replies) != 2 || replies[1].Text != "in the thread" {
		t.Errorf("replies %+v", replies)
	}
	info, err := api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: ch, IncludeNumMembers: true})
	must(t, err)
	if info.Name != "support" || !info.IsMember || info.NumMembers != 3 {
		t.Errorf("info %+v", info)
	}
	all, _, err := api.GetConversations(&slack.GetConversationsParameters{})
	must(t, err)
	mine, _, err := api.GetConversationsForUser(&slack.GetConversationsForUserParameters{})
	must(t, err)
	if len(all) != 2 || len(mine) != 1 {
		t.Errorf("%d channels, %d of the app's, want 2 and 1", len(all), len(mine))
	}
	members, _, err := api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: ch})
	must(t, err)
	if len(members) != 3 {
		t.Errorf("members %v", members)
	}
	_, _, _, err = api.JoinConversation(w.quiet.ID())
	must(t, err)
	made, err := api.CreateConversation(slack.CreateConversationParams{ChannelName: "feedback"})
	must(t, err)
	_, err = api.SetTopicOfConversation(made.ID, "What would help?")
	must(t, err)
	dm, _, _, err := api.OpenConversation(&slack.OpenConversationParameters{Users: []string{w.rui.ID}})
	must(t, err)
	if dm.ID != w.rui.DM().ID() {
		t.Errorf("opened %s", dm.ID)
	}
	person, err := api.GetUserInfo(w.zoe.ID)
	must(t, err)
	if !person.IsAdmin || person.TZ != "Europe/Berlin" || person.TZOffset != 3600 {
		t.Errorf("person %+v", person)
	}
	people, err := api.GetUsers()
	must(t, err)
	if len(people) != 4 {
		t.Errorf("%d people, want 3 and the bot", len(people))
	}
	team, err := api.GetTeamInfo()
	must(t, err)
	bot, err := api.GetBotInfo(slack.GetBotInfoParameters{Bot: who.BotID})
	must(t, err)
	if team.ID != w.team.ID || bot.UserID != who.UserID {
		t.Errorf("team %+v bot %+v", team, bot)
	}
	_, err = api.PublishView(w.rui.ID, slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
	}, "")
	must(t, err)
	_, _, err = api.DeleteMessage(ch, ts)
	must(t, err)
	_, _, err = api.StartSocketModeContext(t.Context())
	must(t, err)
	_, err = api.SendAuthRevoke("")
	must(t, err)

	for _, c := range w.Calls("") {
		if !c.OK || c.Status != 200 {
			t.Errorf("%s: %d %s", c.Method, c.Status, c.Error)
		}
		for name, value := range c.Args {
			if strings.Contains(value, w.team.Token()) {
				t.Errorf("%s: the token is in the record, as %s", c.Method, name)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	secret := w.team.AddPrivateChannel("secret", w.ana)
	old := w.team.AddChannel("old", w.rui, w.team.Bot())
	old.Archive(w.zoe)
	gone := w.team.AddUser("gone")
	gone.Deactivate()
	said, err := w.rui.Say(w.support, "hello")
	must(t, err)
	_, ts, err := w.api.PostMessage(w.support.ID(), text("mine"))
	must(t, err)
	must(t, w.api.AddReaction("+1", slack.NewRefToMessage(w.support.ID(), ts)))
	in := "channel=" + w.support.ID()
	home := `{"type":"home","blocks":[{"type":"divider"}]}`

	for name, c := range map[string]struct{ method, form, want string }{
		"no such channel":                   {"chat.postMessage", "channel=C0&text=x", "channel_not_found"},
		"a private channel, not in it":      {"chat.postMessage", "channel=" + secret.ID() + "&text=x", "channel_not_found"},
		"a public channel, not in it":       {"chat.postMessage", "channel=" + w.quiet.ID() + "&text=x", "not_in_channel"},
		"an archived channel":               {"chat.postMessage", "channel=" + old.ID() + "&text=x", "is_archived"},
		"nothing to say":                    {"chat.postMessage", in, "no_text"},
		"blocks that are no JSON":           {"chat.postMessage", in + "&blocks=%5B", "invalid_blocks_format"},
		"a thread that is gone":             {"chat.postMessage", in + "&text=x&thread_ts=1.000001", "cannot_reply_to_message"},
		"a direct message to a bot":         {"chat.postMessage", "channel=" + w.team.Bot().ID + "&text=x", "cannot_dm_bot"},
		"a direct message to a left person": {"chat.postMessage", "channel=" + gone.ID + "&text=x", "channel_not_found"},
		"ephemeral, person not in it":       {"chat.postEphemeral", in + "&text=x&user=" + w.zoe.ID, "user_not_in_channel"},
		"ephemeral, app not in it":          {"chat.postEphemeral", "channel=" + w.quiet.ID() + "&text=x&user=" + w.rui.ID, "not_in_channel"},
		"update to blocks that are no JSON": {"chat.update", in + "&ts=" + ts + "&blocks=%5B", "invalid_blocks_format"},
		"update to metadata that is none":   {"chat.update", in + "&ts=" + ts + "&metadata=%5B", "invalid_metadata_format"},
		"update to nothing":                 {"chat.update", in + "&ts=" + ts, "no_text"},
		"update where the app sees nothing": {"chat.update", "channel=" + secret.ID() + "&text=x&ts=" + ts, "channel_not_found"},
		"metadata that is no JSON":          {"chat.postMessage", in + "&text=x&metadata=%5B", "invalid_metadata_format"},
		"members of a hidden channel":       {"conversations.members", "channel=" + secret.ID(), "channel_not_found"},
		"info of a hidden channel":          {"conversations.info", "channel=" + secret.ID(), "channel_not_found"},
		"leaving a hidden channel":          {"conversations.leave", "channel=" + secret.ID(), "channel_not_found"},
		"a topic where the app is not":      {"conversations.setTopic", "channel=" + w.quiet.ID() + "&topic=x", "not_in_channel"},
		"a topic too long":                  {"conversations.setTopic", in + "&topic=" + strings.Repeat("a", 251), "too_long"},
		"talking to nine people":            {"conversations.open", "users=" + strings.Repeat(w.rui.ID+",", 8) + w.ana.ID, "too_many_users"},
		"talking to a bot":                  {"conversations.open", "users=" + w.team.Bot().ID, "cannot_dm_bot"},
		"channels of a person nobody knows": {"users.conversations", "user=U0", "user_not_found"},
		"a workspace nobody knows":          {"team.info", "team=T0", "team_not_found"},
		"a bad timestamp":                   {"reactions.get", in + "&timestamp=x", "bad_timestamp"},
		"a home for a bot":                  {"views.publish", "user_id=" + w.team.Bot().ID + "&view=" + url.QueryEscape(home), "invalid_arguments"},
		"a home of no view":                 {"views.publish", "user_id=" + w.rui.ID, "invalid_arguments"},
		"a home that was another":           {"views.publish", "user_id=" + w.rui.ID + "&hash=1&view=" + url.QueryEscape(home), "hash_conflict"},
		"update of another's":               {"chat.update", in + "&text=x&ts=" + said.TS, "cant_update_message"},
		"update of none":                    {"chat.update", in + "&text=x&ts=1.000001", "message_not_found"},
		"delete of another's":               {"chat.delete", in + "&ts=" + said.TS, "cant_delete_message"},
		"delete of none":                    {"chat.delete", in + "&ts=1.000001", "message_not_found"},
		"permalink of none":                 {"chat.getPermalink", in + "&message_ts=1.000001", "message_not_found"},
		"a reaction twice":                  {"reactions.add", in + "&name=%2B1&timestamp=" + ts, "already_reacted"},
		"a reaction that is none":           {"reactions.add", in + "&name=a+b&timestamp=" + ts, "invalid_name"},
		"a reaction on none":                {"reactions.add", in + "&name=%2B1&timestamp=1.000001", "message_not_found"},
		"a pin on none":                     {"pins.add", in + "&timestamp=1.000001", "missing_scope"},
		"a reaction on nothing":             {"reactions.add", "name=%2B1", "no_item_specified"},
		"taking back what is not there":     {"reactions.remove", in + "&name=tada&timestamp=" + ts, "no_reaction"},
		"joining a private channel":         {"conversations.join", "channel=" + secret.ID(), "channel_not_found"},
		"joining an archived one":           {"conversations.join", "channel=" + old.ID(), "is_archived"},
		"a name with a space":               {"conversations.create", "name=my+channel", "invalid_name_specials"},
		"a name that is taken":              {"conversations.create", "name=support", "name_taken"},
		"a long name":                       {"conversations.create", "name=" + strings.Repeat("a", 81), "invalid_name_maxlength"},
		"no name":                           {"conversations.create", "", "invalid_name_required"},
		"talking to nobody":                 {"conversations.open", "", "users_list_not_supplied"},
		"talking to a stranger":             {"conversations.open", "users=U0", "user_not_found"},
		"talking to a left person":          {"conversations.open", "users=" + gone.ID, "user_disabled"},
		"a person nobody knows":             {"users.info", "user=U0", "user_not_found"},
		"a bot nobody knows":                {"bots.info", "bot=B0", "bot_not_found"},
		"types nobody knows":                {"conversations.list", "types=rooms", "invalid_types"},
		"a limit that is none":              {"conversations.list", "limit=x", "invalid_limit"},
		"a cursor that is none":             {"conversations.list", "cursor=x", "invalid_cursor"},
		"a trigger nobody issued":           {"views.open", "trigger_id=1.2.3", "invalid_trigger_id"},
		"a view nobody opened":              {"views.update", "view_id=V0", "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if answer := w.raw(t, c.method, asForm, w.team.Token(), c.form); answer["error"] != c.want {
				t.Errorf("answered %v, want %s", answer, c.want)
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.team.SetScopes("channels:read", "channels:history", "chat:write")
	for range 5 {
		_, _, err := w.api.PostMessage(w.support.ID(), text("x"))
		must(t, err)
	}
	var got []string
	in := slack.GetConversationHistoryParameters{ChannelID: w.support.ID(), Limit: 2}
	for page := 0; ; page++ {
		h, err := w.api.GetConversationHistory(&in)
		must(t, err)
		for _, m := range h.Messages {
			got = append(got, m.Timestamp)
		}
		if page == 0 { // a new message must not move the pages that follow
			_, _, err := w.api.PostMessage(w.support.ID(), text("new"))
			must(t, err)
		}
		if !h.HasMore {
			break
		}
		in.Cursor = h.ResponseMetaData.NextCursor
	}
	if len(got) != 5 || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("got %v, want five, the newest first", got)
	}
	first, next, err := w.api.GetConversations(&slack.GetConversationsParameters{Limit: 1})
	must(t, err)
	second, end, err := w.api.GetConversations(&slack.GetConversationsParameters{Limit: 1, Cursor: next})
	must(t, err)
	if len(first) != 1 || len(second) != 1 || first[0].ID == second[0].ID || end != "" {
		t.Errorf("pages %v %v, then %q", first, second, end)
	}
}

func TestEditWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.SetEditWindow(time.Hour)
	_, ts, err := w.api.PostMessage(w.support.ID(), text("x"))
	must(t, err)
	w.clock.Advance(time.Hour)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("y"))
	must(t, err)
	w.clock.Advance(time.Second)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("z"))
	wantError(t, err, "edit_window_closed")
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	_, ts, err := w.api.PostMessage(w.support.ID(), voteCard("Vote"))
	must(t, err)
	base := "channel=" + w.support.ID() + "&ts=" + ts + "&text=closed"
	w.raw(t, "chat.update", asForm, w.team.Token(), base+"&blocks="+url.QueryEscape("["+section("new")+"]"))
	if m := w.Messages(w.support)[0]; m.String() != "new" || m.Text != "closed" || m.Edited {
		t.Errorf("blocks: %+v", m)
	}
	w.raw(t, "chat.update", asForm, w.team.Token(), base)
	if m := w.Messages(w.support)[0]; len(m.Blocks) != 0 || m.String() != "closed" || !m.Edited {
		t.Errorf("a text alone: %+v", m)
	}
	w.raw(t, "chat.update", asForm, w.team.Token(), base+"&metadata="+url.QueryEscape(`{"event_type":"post","event_payload":{"key":"p1"}}`))
	if m := w.Messages(w.support)[0]; m.Metadata == nil || m.Metadata.Payload["key"] != "p1" {
		t.Errorf("metadata: %+v", m.Metadata)
	}
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	other := w.AddTeam("initech")
	lena := other.AddUser("lena")
	back := "https://heed.example/slack/oauth/callback"

	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(w.AuthorizeURL() + "?" + url.Values{
		"client_id": {w.ClientID()}, "scope": {"chat:write,commands"}, "state": {"s1"}, "redirect_uri": {back}, "team": {other.ID},
	}.Encode())
	must(t, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	to, err := answer.Location()
	must(t, err)
	if to.Host != "heed.example" || to.Query().Get("state") != "s1" {
		t.Fatalf("sent to %s", to)
	}
	exchange := func(secret, redirect string) (*slack.OAuthV2Response, error) {
		return slack.GetOAuthV2Response(http.DefaultClient, w.ClientID(), secret, to.Query().Get("code"), redirect,
			slack.OAuthOptionAPIURL(w.APIURL()))
	}
	_, err = exchange("wrong", back)
	wantError(t, err, "bad_client_secret")
	_, err = exchange(w.ClientSecret(), "https://evil.example/")
	wantError(t, err, "bad_redirect_uri")
	got, err := exchange(w.ClientSecret(), back)
	must(t, err)
	if got.Team.ID != other.ID || got.AuthedUser.ID != lena.ID || got.Scope != "chat:write,commands" {
		t.Errorf("answered %+v", got)
	}
	_, err = w.client(got.AccessToken).AuthTest()
	must(t, err)
	_, err = exchange(w.ClientSecret(), back)
	wantError(t, err, "code_already_used")
	for _, c := range w.Calls("oauth.v2.access") {
		if c.Args["client_secret"] != "" || c.Args["code"] != "" {
			t.Error("a secret is in the record of calls")
		}
	}
}
