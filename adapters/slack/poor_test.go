package slack

import (
	"net/http"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// TestPoorSlack is a Slack that does not have, or did not grant, what Heed can do without.
func TestPoorSlack(t *testing.T) {
	t.Parallel()
	direct := bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("You asked, it's here.")}}}
	t.Run("without_opening_conversations_a_person_is_written_to_all_the_same", func(t *testing.T) {
		t.Parallel()
		for _, f := range []slackfake.Fault{slackfake.Refuse("missing_scope"), slackfake.Refuse("unknown_method"), slackfake.Broken(http.StatusNotFound)} {
			x := newAcme(t, slackfake.Config{})
			x.slack.Fail("conversations.open", 9, f)
			to := bot.Destination{Workspace: x.workspace(), Account: x.rui.ID}
			sent, err := x.sender.Post(t.Context(), to, "k", direct)
			x.ok(err)
			if got := x.slack.DMs(x.rui); len(got) != 1 || sent.Channel != x.rui.DM().ID() {
				t.Errorf("Rui reads %v, sent to %s", got, sent.Channel)
			}
		}
	})
	t.Run("without_metadata_a_message_is_sent_unmarked", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.slack.Fail("chat.postMessage", 1, slackfake.Refuse("invalid_arguments"))
		if m := x.post(x.support, "card:42", darkMode); m.Metadata != nil {
			t.Errorf("metadata %+v", m.Metadata)
		}
		x.slack.Fail("chat.postMessage", 2, slackfake.Refuse("invalid_arguments"))
		if _, err := x.sender.Post(t.Context(), x.to(x.support), "k", darkMode); bot.FaultOf(err).Kind != bot.FaultUnrenderable {
			t.Errorf("refused twice: %v", err)
		}
	})
	t.Run("without_permalinks_and_history_a_card_stands", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.slack.Fail("chat.getPermalink", 9, slackfake.Refuse("unknown_method"))
		x.post(x.support, "card:42", darkMode)
		to := x.to(x.support)
		to.Workspace.Scopes = append([]string{"channels:history"}, to.Workspace.Scopes...)
		x.slack.Fail("conversations.history", 1, slackfake.Refuse("unknown_method"))
		if _, found, err := x.sender.Find(t.Context(), to, "card:42", x.slack.Now()); found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("a_method_that_nobody_may_call_is_told_from_one_that_failed", func(t *testing.T) {
		t.Parallel()
		for code, want := range map[string]bool{"missing_scope": true, "unknown_method": true, "user_not_found": false, "access_denied": false, "internal_error": false} {
			x := newAcme(t, slackfake.Config{})
			x.slack.Fail("users.info", 1, slackfake.Refuse(code))
			_, err := x.sender.Member(t.Context(), x.workspace(), x.rui.ID)
			if f := bot.FaultOf(err); f.Ungranted != want || f.Kind == bot.FaultTransient && want {
				t.Errorf("%s: %+v", code, f)
			}
		}
	})
	t.Run("words_behind_slash_me_are_heard", func(t *testing.T) {
		t.Parallel()
		e := event{Type: "message", Subtype: "me_message", ChannelType: "im", TS: "1.2", Text: "wants dark mode"}
		e.User.ID, e.Channel.ID = "U1", "D1"
		if !e.spoken() {
			t.Error("not heard")
		}
	})
	t.Run("without_names_an_ask_keeps_its_words", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.slack.Fail("users.info", 99, slackfake.Refuse("missing_scope"))
		_, err := x.rui.Say(x.rui.DM(), "dark mode, like <@"+x.mira.ID+"> has")
		x.ok(err)
		x.adapter.Wait()
		if got := x.core.one(t, "Say").Words; !strings.Contains(got, "dark mode, like @someone has") {
			t.Errorf("heard %q", got)
		}
	})
}

// TestLongAnswer is an answer of several messages whose response_url no longer serves:
// its rest comes another way.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	doc := bot.Doc{}
	for range 8 {
		doc = append(doc, bot.Para{Text: bot.Literal(strings.Repeat("many words ", 200))})
	}
	x.core.answers(bot.Say{Doc: append(doc, bot.Para{Text: bot.Literal("the very end")})}, nil)
	x.slack.Fail(slackfake.HookMethod, 9, slackfake.Broken(http.StatusNotFound))
	x.ok(x.rui.Slash(x.support, "/heed", "show 1"))
	x.adapter.Wait()
	if got := strings.Join(x.private(x.rui), ""); !strings.Contains(got, "the very end") {
		t.Errorf("Rui reads only %d characters", len(got))
	}
}
