package slack

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

func TestPost(t *testing.T) {
	t.Parallel()
	t.Run("a card and its permalink", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		sent, err := x.sender.Post(t.Context(), x.to(x.support), "card:42", darkMode)
		x.ok(err)
		if sent.Channel != x.support.ID() || sent.Message == "" || sent.Permalink == "" {
			t.Errorf("sent %+v", sent)
		}
		m := x.slack.Messages(x.support)[0]
		if m.Metadata == nil || m.Metadata.Payload["key"] != "card:42" || len(m.Metadata.Payload) != 1 {
			t.Errorf("metadata %+v", m.Metadata)
		}
		if m.Unfurls {
			t.Error("links are unfolded")
		}
	})
	t.Run("to a person opens the conversation, and is changed there", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		to := bot.Destination{Workspace: x.workspace(), Account: x.rui.ID}
		sent, err := x.sender.Post(t.Context(), to, "k", bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("You asked, it's here.")}}})
		x.ok(err)
		if sent.Channel != x.rui.DM().ID() {
			t.Errorf("sent to %q", sent.Channel)
		}
		x.ok(x.sender.Update(t.Context(), to, sent.Message, bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("Undone.")}}}))
		if got := x.slack.DMs(x.rui)[0].String(); got != "Undone." {
			t.Errorf("Rui reads %q", got)
		}
		x.ok(x.sender.Delete(t.Context(), to, sent.Message))
		x.ok(x.sender.Delete(t.Context(), to, sent.Message))
		if got := x.slack.DMs(x.rui); len(got) != 0 {
			t.Errorf("still there: %v", got)
		}
	})
	t.Run("into a thread", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		root, err := x.rui.Say(x.support, "dark mode would be nice")
		x.ok(err)
		to := x.to(x.support)
		to.Thread = root.TS
		_, err = x.sender.Post(t.Context(), to, "k", bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Textf("Kept as #42.")}}})
		x.ok(err)
		if got := x.slack.Thread(root); len(got) != 1 || got[0].String() != "Kept as #42." {
			t.Errorf("the thread: %v", got)
		}
	})
	t.Run("joins a public channel once, and says so where it may not", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		ideas := x.team.AddChannel("ideas", x.rui)
		_, err := x.sender.Post(t.Context(), x.to(ideas), "k", darkMode)
		x.ok(err)
		if !ideas.HasMember(x.team.Bot()) {
			t.Error("Heed is not in the channel")
		}
		secret := x.team.AddPrivateChannel("board", x.zoe)
		if _, err = x.sender.Post(t.Context(), x.to(secret), "k", darkMode); err == nil {
			t.Error("posted to a private channel")
		}
	})
	t.Run("is found again by its key, not by another's", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.team.SetScopes(append(slices.Clone(slackfake.DefaultScopes), "channels:history")...)
		to := x.to(x.support)
		to.Workspace.Scopes = append(slices.Clone(to.Workspace.Scopes), "channels:history")
		start := x.slack.Now()
		x.post(x.support, "other", darkMode)
		x.slack.Fail("chat.postMessage", 1, slackfake.CutAfter())
		if _, err := x.sender.Post(t.Context(), to, "mine", darkMode); err == nil {
			t.Fatal("the connection was not cut")
		}
		sent, found, err := x.sender.Find(t.Context(), to, "mine", start)
		x.ok(err)
		if last := x.slack.Messages(x.support)[1]; !found || sent.Message != last.TS {
			t.Errorf("found %v %+v, want %s", found, sent, last.TS)
		}
		if _, found, err = x.sender.Find(t.Context(), to, "third", start); found || err != nil {
			t.Errorf("found what was never sent: %v", err)
		}
	})
	t.Run("is found in a direct message and in a thread", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		start := x.slack.Now()
		to := bot.Destination{Workspace: x.workspace(), Account: x.rui.ID}
		_, err := x.sender.Post(t.Context(), to, "mine", darkMode)
		x.ok(err)
		if _, found, err := x.sender.Find(t.Context(), to, "mine", start); !found || err != nil {
			t.Errorf("not found: %v", err)
		}
	})
	t.Run("is not looked up without the scope", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.post(x.support, "mine", darkMode)
		if _, found, err := x.sender.Find(t.Context(), x.to(x.support), "mine", x.slack.Now().Add(-time.Hour)); found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
		if n := len(x.slack.Calls("conversations.history")); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestMark(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	m, err := x.rui.Say(x.support, "dark mode")
	x.ok(err)
	for range 2 {
		x.ok(x.sender.Mark(t.Context(), x.to(x.support), m.TS, "memo"))
	}
	x.ok(x.mira.React(m, "+1"))
	got, err := x.sender.Reactions(t.Context(), x.workspace(), x.support.ID(), m.TS)
	x.ok(err)
	want := []bot.Reacted{{Account: x.team.Bot().ID, Emoji: "memo"}, {Account: x.mira.ID, Emoji: "+1"}}
	if !slices.Equal(got, want) {
		t.Errorf("reactions %v, want %v", got, want)
	}
	x.ok(x.rui.Delete(m))
	_, err = x.sender.Reactions(t.Context(), x.workspace(), x.support.ID(), m.TS)
	if bot.FaultOf(err).Kind != bot.FaultGone {
		t.Errorf("of a deleted message: %v", err)
	}
	if link, err := x.sender.Permalink(t.Context(), x.workspace(), x.support.ID(), m.TS); link != "" || err != nil {
		t.Errorf("its permalink: %q, %v", link, err)
	}
}

func TestPin(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	x.post(x.support, "top", bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Literal("What people want most")}}})
	m := x.slack.Messages(x.support)[0]
	to := x.to(x.support)
	if f := bot.FaultOf(x.sender.Pin(t.Context(), to, m.TS)); !f.Ungranted || f.Kind != bot.FaultForbidden {
		t.Errorf("without the scope: %+v", f)
	}
	if n := len(x.slack.Calls("pins.add")); n != 0 {
		t.Errorf("%d calls that can't succeed", n)
	}
	to.Workspace.Scopes = append(slices.Clone(slackfake.DefaultScopes), "pins:write")
	if f := bot.FaultOf(x.sender.Pin(t.Context(), to, m.TS)); !f.Ungranted || f.Kind != bot.FaultForbidden { // taken away since
		t.Errorf("with a scope that was taken away: %+v", f)
	}
	x.team.SetScopes(to.Workspace.Scopes...)
	for range 2 {
		x.ok(x.sender.Pin(t.Context(), to, m.TS))
	}
	if m = x.slack.Messages(x.support)[0]; !m.Pinned {
		t.Error("it is not pinned")
	}
	if f := bot.FaultOf(x.sender.Pin(t.Context(), to, "1.000001")); f.Kind != bot.FaultGone {
		t.Errorf("one that is gone: %+v", f)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	globex := x.slack.AddTeam("globex")
	for name, tt := range map[string]struct {
		who  *slackfake.User
		want bot.MemberSeen
	}{
		"one of the team":   {x.rui, bot.MemberSeen{Name: "Rui", Zone: "Europe/Lisbon"}},
		"an admin":          {x.zoe, bot.MemberSeen{Name: "Zoe", Admin: true}},
		"a guest":           {x.team.AddUser("lena").WithRole(slackfake.Restricted), bot.MemberSeen{Guest: true}},
		"a one-channel":     {x.team.AddUser("ben").WithRole(slackfake.UltraRestricted), bot.MemberSeen{Guest: true}},
		"another company's": {x.team.AddStranger("omar", globex), bot.MemberSeen{Guest: true}},
		"a bot":             {x.team.AddBot("crm"), bot.MemberSeen{Bot: true}},
	} {
		got, err := x.sender.Member(t.Context(), x.workspace(), tt.who.ID)
		x.ok(err)
		if !got.Complete || got.Account != tt.who.ID || got.Name == "" || got.Admin != tt.want.Admin || got.Guest != tt.want.Guest || got.Bot != tt.want.Bot || tt.want.Zone != "" && got.Zone != tt.want.Zone || tt.want.Name != "" && got.Name != tt.want.Name {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if _, err := x.sender.Member(t.Context(), x.workspace(), "U0NOBODY"); bot.FaultOf(err).Kind != bot.FaultGone {
		t.Errorf("nobody: %v", err)
	}
}

func TestChannel(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	got, err := x.sender.Channel(t.Context(), x.workspace(), x.support.ID())
	x.ok(err)
	if got.Name != "support" || got.Kind != bot.PublicChannel || got.Joined == nil || !*got.Joined {
		t.Errorf("support: %+v", got)
	}
	made, err := x.sender.MakeChannel(t.Context(), x.workspace(), "#Feedback & Wishes")
	x.ok(err)
	if made.Name != "feedback-wishes" || made.Joined == nil || !*made.Joined {
		t.Errorf("made: %+v", made)
	}
	if _, err = x.sender.MakeChannel(t.Context(), x.workspace(), "support"); bot.FaultOf(err).Reason != "name_taken" {
		t.Errorf("made twice: %v", err)
	}
	ideas := x.team.AddChannel("ideas", x.rui)
	x.ok(x.sender.Join(t.Context(), x.workspace(), ideas.ID()))
	secret := x.team.AddPrivateChannel("board", x.zoe)
	if err = x.sender.Join(t.Context(), x.workspace(), secret.ID()); bot.FaultOf(err).Kind != bot.FaultForbidden {
		t.Errorf("joined a private channel: %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault slackfake.Fault
		kind  bot.FaultKind
		wait  time.Duration
	}{
		"limited, with how long":    {slackfake.TooManyRequests(7 * time.Second), bot.FaultLimited, 7 * time.Second},
		"limited, without":          {slackfake.TooManyRequestsBare(), bot.FaultLimited, defaultRetryAfter},
		"limited, in a 200":         {slackfake.RateLimitedBody(), bot.FaultLimited, defaultRetryAfter},
		"the message is gone":       {slackfake.Refuse("message_not_found"), bot.FaultGone, 0},
		"the channel is archived":   {slackfake.Refuse("is_archived"), bot.FaultForbidden, 0},
		"a scope is missing":        {slackfake.Refuse("missing_scope"), bot.FaultForbidden, 0},
		"an admin forbade it":       {slackfake.Refuse("restricted_action"), bot.FaultForbidden, 0},
		"too old to edit":           {slackfake.Refuse("edit_window_closed"), bot.FaultClosed, 0},
		"the token is revoked":      {slackfake.Refuse("token_revoked"), bot.FaultRevoked, 0},
		"the account is off":        {slackfake.Refuse("account_inactive"), bot.FaultRevoked, 0},
		"blocks that Slack refuses": {slackfake.Refuse("invalid_blocks"), bot.FaultUnrenderable, 0},
		"too long":                  {slackfake.Refuse("msg_too_long"), bot.FaultUnrenderable, 0},
		"a code that nobody knows":  {slackfake.Refuse("something_new"), bot.FaultTransient, 0},
		"a gateway":                 {slackfake.Broken(502), bot.FaultTransient, 0},
		"a cut connection":          {slackfake.CutBefore(), bot.FaultTransient, 0},
		"half an answer":            {slackfake.Malformed(), bot.FaultTransient, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newAcme(t, slackfake.Config{})
			x.slack.Fail("chat.update", 1, tt.fault)
			err := x.sender.Update(t.Context(), x.to(x.support), "1795165200.000100", darkMode)
			var f *bot.Fault
			if !errors.As(err, &f) || f.Kind != tt.kind || f.RetryAfter != tt.wait {
				t.Errorf("got %+v, want %s after %s", err, tt.kind, tt.wait)
			}
			if f != nil && f.Kind == bot.FaultLimited && f.Method != "chat.update" {
				t.Errorf("whose limit: %q", f.Method)
			}
		})
	}
}

// unread is a store of tokens that is away.
type unread struct{ err error }

func (u unread) Token(context.Context, bot.WorkspaceRef) (string, error) { return "", u.err }

func TestTokens(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want bot.FaultKind
	}{
		"none":                        {bot.ErrNotFound, bot.FaultRevoked},
		"where they are kept is away": {errAway, bot.FaultTransient},
	} {
		m := NewMessenger(Options{Tokens: unread{tt.err}})
		_, err := m.Member(t.Context(), bot.Workspace{Ref: slackRef("T1")}, "U1")
		if got := bot.FaultOf(err).Kind; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestErrorsHoldNoToken(t *testing.T) {
	t.Parallel()
	const token = "xoxb-fake-and-secret"
	const words = "my secret wish"
	for name, hc := range map[string]*http.Client{
		"nobody answers": {Transport: failing{errors.New(`Post "https://slack.example/api/?token=` + token + `": ` + words)}},
		"too late":       {Transport: failing{context.DeadlineExceeded}},
	} {
		m := NewMessenger(Options{Tokens: OneToken(token), HTTP: hc})
		to := bot.Destination{Workspace: bot.Workspace{Ref: slackRef("T1"), Scopes: []string{"channels:history"}}, Channel: "C1"}
		card := bot.Card{Number: 1, Title: words}
		_, posted := m.Post(t.Context(), to, "k", card)
		_, _, found := m.Find(t.Context(), to, "k", time.Now())
		_, member := m.Member(t.Context(), to.Workspace, "U1")
		_, channel := m.Channel(t.Context(), to.Workspace, "C1")
		_, made := m.MakeChannel(t.Context(), to.Workspace, "x")
		_, reactions := m.Reactions(t.Context(), to.Workspace, "C1", "1.0")
		_, link := m.Permalink(t.Context(), to.Workspace, "C1", "1.0")
		all := []error{
			posted, found, member, channel, made, reactions, link, m.Update(t.Context(), to, "1.0", card),
			m.Delete(t.Context(), to, "1.0"), m.Mark(t.Context(), to, "1.0", "memo"), m.Join(t.Context(), to.Workspace, "C1"),
		}
		for i, err := range all {
			var f *bot.Fault
			if !errors.As(err, &f) {
				t.Errorf("%s: call %d gave %v, no fault", name, i, err)
				continue
			}
			if s := err.Error() + f.Reason + f.Method; strings.Contains(s, token) || strings.Contains(s, words) {
				t.Errorf("%s: call %d says %q", name, i, s)
			}
		}
	}
}

// failing is a transport that only fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
