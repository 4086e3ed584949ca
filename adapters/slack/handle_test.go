package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

var errAway = errors.New("database away")

func TestCommand(t *testing.T) {
	t.Parallel()
	t.Run("is answered where it was typed", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Sayf("Saved as *#42 %s*, with your 👍.", "Dark mode").With(bot.Buttons{{Label: "Undo", Action: "undo 7"}}), nil)
		x.ok(x.rui.Slash(x.support, "/feedback", "dark mode, please"))
		got := x.private(x.rui)
		if want := []string{"Saved as #42 Dark mode, with your 👍.\n[Undo]"}; !slices.Equal(got, want) {
			t.Errorf("Rui reads %q, want %q", got, want)
		}
		h := x.core.one(t, "Command")
		if h.Name != "/feedback" || h.Words != "dark mode, please" || h.Call.Key == "" || h.Call.Channel.Ref != x.support.ID() ||
			h.Call.Channel.Name != "support" || h.Call.Channel.Kind != bot.PublicChannel || h.Call.Member.Account != x.rui.ID || h.Call.Workspace != slackRef(x.team.ID) {
			t.Errorf("the core heard %+v", h)
		}
	})
	t.Run("keeps mentions for roles and undoes escapes", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.ok(x.zoe.Slash(x.support, "/heed", "role @mira pm <b> & co #support"))
		want := "role <@" + x.mira.ID + "|mira> pm <b> & co <#" + x.support.ID() + "|support>"
		if h := x.core.one(t, "Command"); h.Words != want {
			t.Errorf("the core heard %q, want %q", h.Words, want)
		}
	})
	t.Run("with an installation's prefix is the same command", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.ok(x.rui.Slash(x.support, "/acme-feedback", "dark mode"))
		if h := x.core.one(t, "Command"); h.Name != "/feedback" {
			t.Errorf("the core heard %q", h.Name)
		}
	})
	t.Run("gives the words back when they can't be saved", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(nil, errAway)
		x.ok(x.rui.Slash(x.support, "/feedback", "dark *mode* & <more>"))
		got := strings.Join(x.private(x.rui), "")
		if !strings.Contains(got, "couldn't save this") || !strings.Contains(got, "dark *mode* & <more>") {
			t.Errorf("Rui reads %q", got)
		}
	})
	t.Run("opens a form", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Ask{Form: askForm()}, nil)
		x.ok(x.rui.Slash(x.support, "/feedback", ""))
		x.adapter.Wait()
		if v, ok := x.slack.View(x.rui); !ok || v.Title != "Give feedback" {
			t.Errorf("Rui sees %q, %v", v.String(), ok)
		}
	})
	t.Run("says so when the form does not open", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.slack.Fail("views.open", 1, slackfake.Refuse("expired_trigger_id"))
		x.core.answers(bot.Ask{Form: askForm()}, nil)
		x.ok(x.rui.Slash(x.support, "/feedback", ""))
		if got := strings.Join(x.private(x.rui), ""); !strings.Contains(got, "do that once more") {
			t.Errorf("Rui reads %q", got)
		}
	})
	t.Run("a long answer comes whole, in several messages", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		long := strings.Repeat("Every word of this is kept. ", 1200)
		x.core.answers(bot.Say{Doc: bot.Doc{bot.Quote{Text: bot.Literal(long)}}}, nil)
		x.ok(x.rui.Slash(x.support, "/heed", "show 42"))
		got := strings.Join(x.private(x.rui), "")
		if strings.Count(got, "Every word of this is kept.") != 1200 {
			t.Errorf("%d of 1200 sentences arrived", strings.Count(got, "Every word of this is kept."))
		}
	})
}

func askForm() bot.Form {
	return bot.Form{
		ID: "ask", State: "held 7", Title: "Give feedback", Submit: "Send", Fields: []bot.Field{
			bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("What would make Acme better for *you*?")}}},
			bot.TextField{Name: "words", Label: "Your words", Lines: true, Max: 3000},
			bot.CheckField{Name: "anonymous", Label: "Name", Text: "Without my name"},
			bot.ChoiceField{Name: "where", Label: "Where", Options: []bot.Option{{Value: "", Label: "Here"}, {Value: "C2", Label: "#ideas"}}, Optional: true},
			bot.MemberField{Name: "who", Label: "Who", Optional: true},
			bot.ChannelField{Name: "channel", Label: "Channel", Optional: true},
		},
	}
}

// asked opens the form as Rui, by command.
func (x *acme) asked() slackfake.View {
	x.Helper()
	x.core.answers(bot.Ask{Form: askForm()}, nil)
	x.ok(x.rui.Slash(x.support, "/feedback", ""))
	x.adapter.Wait()
	v, ok := x.slack.View(x.rui)
	if !ok {
		x.Fatal("no form opened")
	}
	return v
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	t.Run("brings every answer to the core", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		v := x.asked()
		x.core.answers(bot.Sayf("Saved as *#42*."), nil)
		got, err := x.rui.SubmitView(v, map[string]any{
			"words": "dark mode", "anonymous": []string{"on"}, "where": "=C2", "who": x.mira.ID, "channel": x.support.ID(),
		})
		x.ok(err)
		h := x.core.one(t, "Submit")
		want := map[string]string{"words": "dark mode", "anonymous": "on", "where": "C2", "who": x.mira.ID, "channel": x.support.ID()}
		for name, value := range want {
			if h.Form.Values[name] != value {
				t.Errorf("%s is %q, want %q", name, h.Form.Values[name], value)
			}
		}
		if h.Form.Form != "ask" || h.Form.State != "held 7" || h.Call.Channel.Ref != x.support.ID() {
			t.Errorf("the core heard %+v", h)
		}
		if _, open := x.slack.View(x.rui); open {
			t.Errorf("the form is still open: %+v", got)
		}
		if said := x.private(x.rui); !slices.Equal(said, []string{"Saved as #42."}) {
			t.Errorf("Rui reads %q where he typed", said)
		}
	})
	t.Run("an empty form gives empty answers", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		v := x.asked()
		_, err := x.rui.SubmitView(v, map[string]any{"words": "x"})
		x.ok(err)
		h := x.core.one(t, "Submit")
		if h.Form.Values["where"] != "" || h.Form.Values["anonymous"] != "" || h.Form.Values["who"] != "" {
			t.Errorf("the core heard %+v", h.Form.Values)
		}
	})
	t.Run("stays open when it can't be saved", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		v := x.asked()
		x.core.answers(nil, errAway)
		got, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		if _, open := x.slack.View(x.rui); !open {
			t.Error("the form closed")
		}
		if want := "Not saved yet. Keep this open and press Send again in a minute."; got.Errors["words"] != want {
			t.Errorf("it says %q at the words, want %q", got.Errors["words"], want)
		}
	})
	t.Run("stays open with what is to be mended", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		v := x.asked()
		x.core.answers(bot.Fix{Errors: map[string]string{"where": "Pick one.", "unknown": "Something else."}}, nil)
		got, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		if got.Errors["where"] != "Pick one." || got.Errors["words"] != "Something else." {
			t.Errorf("it says %v", got.Errors)
		}
	})
	t.Run("sent twice it has one key, and another key in the next form", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		v := x.asked()
		x.core.answers(bot.Fix{Errors: map[string]string{"words": "More, please."}}, nil)
		for range 2 {
			_, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
			x.ok(err)
		}
		next := askForm()
		next.State = "held 8"
		x.core.answers(bot.Ask{Form: next}, nil)
		_, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		v, _ = x.slack.View(x.rui)
		_, err = x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		calls := x.core.heard("Submit")
		if len(calls) != 4 || calls[0].Call.Key != calls[1].Call.Key || calls[1].Call.Key != calls[2].Call.Key || calls[2].Call.Key == calls[3].Call.Key {
			t.Errorf("keys: %+v", calls)
		}
	})
}

func TestPress(t *testing.T) {
	t.Parallel()
	t.Run("on a card is answered in private", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		card := x.post(x.support, "k1", darkMode)
		x.core.answers(bot.Say{Doc: bot.Doc{bot.Para{Text: bot.Textf("Counted.")}}, Replace: true}, nil)
		x.ok(x.mira.PressLabel(card, "👍 Vote"))
		if got := x.private(x.mira); !slices.Equal(got, []string{"Counted."}) {
			t.Errorf("Mira reads %q", got)
		}
		h := x.core.one(t, "Press")
		if h.Name != "vote 42" || h.Call.Message != card.TS || h.Call.Channel.Ref != x.support.ID() || h.Call.At.IsZero() || h.Call.Key == "" {
			t.Errorf("the core heard %+v", h)
		}
		if now, ok := x.slack.Message(card); !ok || now.String() != card.String() {
			t.Error("the card was replaced by a private answer")
		}
	})
	t.Run("on a private answer takes its place", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Sayf("This sounds like *#12*").With(bot.Buttons{{Label: "👍 That's it", Action: "same 7 12"}}), nil)
		x.ok(x.rui.Slash(x.support, "/feedback", "dark theme"))
		x.adapter.Wait()
		said := x.slack.Ephemerals(x.rui)[0]
		x.core.answers(bot.Say{Doc: bot.Doc{bot.Para{Text: bot.Textf("Added to #12.")}}, Replace: true}, nil)
		x.ok(x.rui.PressLabel(said, "👍 That's it"))
		if got := x.private(x.rui); !slices.Equal(got, []string{"Added to #12."}) {
			t.Errorf("Rui reads %q", got)
		}
		if h := x.core.one(t, "Press"); h.Call.Message != "" {
			t.Errorf("a private answer's id was given as a message: %q", h.Call.Message)
		}
	})
	t.Run("without a response_url falls back to an ephemeral, and then to a direct message", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		card := x.post(x.support, "k1", darkMode)
		x.core.answers(bot.Sayf("Counted."), nil)
		x.slack.Fail(slackfake.HookMethod, 1, slackfake.Broken(404))
		x.ok(x.mira.PressLabel(card, "👍 Vote"))
		if got := x.private(x.mira); !slices.Equal(got, []string{"Counted."}) {
			t.Errorf("Mira reads %q", got)
		}
		x.slack.Fail(slackfake.HookMethod, 1, slackfake.Broken(404))
		x.slack.Fail("chat.postEphemeral", 1, slackfake.Refuse("user_not_in_channel"))
		x.ok(x.rui.PressLabel(card, "👍 Vote"))
		x.adapter.Wait()
		if got := x.slack.DMs(x.rui); len(got) != 1 || got[0].String() != "Counted." {
			t.Errorf("Rui's direct messages: %v", got)
		}
	})
	t.Run("of a link asks the core nothing", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		m := x.post(x.support, "k1", bot.Note{Doc: bot.Doc{bot.Buttons{{Label: "Try it", URL: "https://acme.example/try"}}}})
		x.ok(x.rui.PressLabel(m, "Try it"))
		if n := len(x.core.heard("Press")); n != 0 {
			t.Errorf("the core heard %d presses", n)
		}
	})
	t.Run("in a form opens the next on top", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		f := askForm()
		f.Fields = append(f.Fields, bot.InfoField{Doc: bot.Doc{bot.Buttons{{Label: "Why?", Action: "why 42"}}}})
		x.core.answers(bot.Ask{Form: f}, nil)
		x.ok(x.rui.Slash(x.support, "/feedback", ""))
		x.adapter.Wait()
		v, _ := x.slack.View(x.rui)
		second := askForm()
		second.Title = "Why?"
		x.core.answers(bot.Ask{Form: second}, nil)
		x.ok(x.rui.PressLabel(v, "Why?"))
		x.adapter.Wait()
		top, _ := x.slack.View(x.rui)
		if top.Title != "Why?" {
			t.Errorf("on top is %q", top.Title)
		}
		if h := x.core.one(t, "Press"); h.Call.Channel.Ref != x.support.ID() {
			t.Errorf("the form forgot where it was opened: %+v", h.Call)
		}
		x.core.answers(bot.Sayf("Thank you."), nil)
		_, err := x.rui.SubmitView(top, map[string]any{"words": "I write at night"})
		x.ok(err)
		if _, open := x.slack.View(x.rui); open {
			t.Error("the form below stayed open, out of date")
		}
	})
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	t.Run("save brings the message as it reads", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		m, err := x.mira.SayWithFiles(x.support, "@rui the list in #support needs <b>bold</b> & dark mode", "one.png", "two.png")
		x.ok(err)
		x.ok(x.rui.React(m, "+1::skin-tone-2"))
		x.ok(x.zoe.React(m, "heart"))
		m, _ = x.slack.Message(m)
		x.ok(x.rui.MessageShortcut(m, shortcutSave))
		h := x.core.one(t, "Save")
		if h.Call.Member.Account != x.rui.ID || h.Heard.Author.Account != x.mira.ID || h.Heard.Author.Bot || h.Heard.Message != m.TS || h.Heard.Pictures != 2 || h.Heard.Permalink == "" {
			t.Errorf("the core heard %+v", h.Heard)
		}
		if want := "@Rui the list in a channel needs <b>bold</b> & dark mode"; h.Heard.Words != want {
			t.Errorf("the words are %q, want %q", h.Heard.Words, want)
		}
		want := []bot.Reacted{{Account: x.rui.ID, Emoji: "+1::skin-tone-2"}, {Account: x.zoe.ID, Emoji: "heart"}}
		if !slices.Equal(h.Heard.Votes, want) {
			t.Errorf("reactions %v, want %v", h.Heard.Votes, want)
		}
	})
	t.Run("a bot's message says that it is one", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		crm := x.team.AddBot("crm")
		x.support.Join(crm)
		m, err := crm.Say(x.support, "Churn: wants SSO")
		x.ok(err)
		x.ok(x.rui.MessageShortcut(m, shortcutSave))
		if h := x.core.one(t, "Save"); !h.Heard.Author.Bot {
			t.Errorf("the author is %+v", h.Heard.Author)
		}
	})
	t.Run("give opens a form from anywhere", func(t *testing.T) {
		t.Parallel()
		x := newAcme(t, slackfake.Config{})
		x.core.answers(bot.Ask{Form: askForm()}, nil)
		x.ok(x.rui.GlobalShortcut(shortcutGive))
		x.adapter.Wait()
		v, open := x.slack.View(x.rui)
		if !open {
			t.Fatal("no form opened")
		}
		x.core.answers(bot.Sayf("Saved."), nil)
		_, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		x.adapter.Wait()
		if got := x.slack.DMs(x.rui); len(got) != 1 || got[0].String() != "Saved." {
			t.Errorf("Rui's direct messages: %v", got)
		}
	})
}
