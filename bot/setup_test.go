package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// admin is an admin's answer in a channel.
func (w *world) admin(channel, text string) bot.Reply {
	w.t.Helper()
	r, err := w.bot.Command(w.t.Context(), w.as("Zoe", channel), "/heed", text)
	w.must(err)
	return r
}

// formOf presses a button with an action and answers the form that it opens.
func (w *world) formOf(account, channel string, a bot.Action) bot.Form {
	w.t.Helper()
	r, err := w.bot.Press(w.t.Context(), w.as(account, channel), a)
	w.must(err)
	ask, ok := r.(bot.Ask)
	if !ok {
		w.t.Fatalf("%s opens no form: %s", a, plain(r))
	}
	return ask.Form
}

// sends sends a form with these values.
func (w *world) sends(account, channel string, f bot.Form, values map[string]string) bot.Reply {
	w.t.Helper()
	r, err := w.bot.Submit(w.t.Context(), w.as(account, channel), bot.Submission{Form: f.ID, State: f.State, Values: values})
	w.must(err)
	return r
}

// bare makes the world one where nobody has set up anything.
func bareWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.channel("C1", func(c *bot.Channel) { c.Intake, c.Main, c.Joined = false, false, false })
	return w
}

func has(t *testing.T, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestWelcome(t *testing.T) {
	t.Parallel()
	t.Run("the_first_admin_who_speaks_is_asked_once", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.heed("Rui", "C1", "top")
		w.drain()
		if len(w.chat.calls) != 0 {
			t.Fatalf("somebody who is no admin was asked: %v", w.chat.calls)
		}
		for range 3 {
			w.admin("C1", "top")
			w.clock.move(time.Minute)
			w.drain()
		}
		notes := w.chat.in("DZoe")
		if len(notes) != 1 {
			t.Fatalf("%d welcomes", len(notes))
		}
		has(t, notes[0].(bot.Note).Doc.Plain(), "Hi Zoe", "Where do requests live?", "Nothing else.")
	})
	t.Run("who_installed_is_asked_at_once", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.must(w.bot.Welcome(t.Context(), acme, "Mira"))
		w.admin("C1", "top")
		w.drain()
		if len(w.chat.in("DMira")) != 1 || len(w.chat.in("DZoe")) != 0 {
			t.Errorf("calls %v", w.chat.calls)
		}
	})
	t.Run("three_answers_set_it_up", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.channel("C2", func(*bot.Channel) {})
		orphan := w.item("Dark mode", nil)
		f := w.formOf("Zoe", "C1", "welcome")
		values := map[string]string{"intake": "C1", "pm": "Ana", "po": "Ben", "digest": "C2", "when": "friday 16:00 Lisbon"}
		got := plain(w.sends("Zoe", "C1", f, values))
		has(t, got, "Requests live in #", "Fridays 16:00 Lisbon", "Next: Fri 27 Nov 16:00", "1 request that had no card yet: on the way", "Product manager:", "[Check my set-up]")
		w.sends("Zoe", "C1", f, values) // pressed twice
		w.drain()
		hello, card := 0, 0
		for _, c := range w.chat.in("C1") {
			switch c := c.(type) {
			case bot.Note:
				hello++
				has(t, c.Doc.Plain(), "Hello, I'm Heed. What would make Acme better for you?", "Save as feedback")
			case bot.Card:
				card++
				if c.Number != orphan.Number {
					t.Errorf("card of #%d", c.Number)
				}
			}
		}
		if hello != 1 || card != 1 {
			t.Errorf("%d hellos, %d cards", hello, card)
		}
		if n := w.number(`select count(*) from grants`); n != 2 {
			t.Errorf("%d grants, want Ana's and Ben's", n)
		}
		if n := w.number(`select count(*) from schedules where channel_ref = 'C2' and next_at is not null`); n != 1 {
			t.Errorf("%d schedules", n)
		}
	})
	t.Run("what_is_missing_is_said_at_the_field", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		f := w.formOf("Zoe", "C1", "welcome")
		if fix, ok := w.sends("Zoe", "C1", f, map[string]string{"when": "monday 9:00"}).(bot.Fix); !ok || fix.Errors["intake"] == "" {
			t.Errorf("no channel: %v", fix)
		}
		if fix, ok := w.sends("Zoe", "C1", f, map[string]string{"intake": "C1", "when": "0 0 30 2 *"}).(bot.Fix); !ok || fix.Errors["when"] == "" {
			t.Errorf("a time that never comes: %v", fix)
		}
		if n := w.number(`select count(*) from channels where intake`); n != 0 {
			t.Error("something was kept")
		}
	})
	t.Run("others_are_told_who_may", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.admin("C1", "top")
		r, err := w.bot.Press(t.Context(), w.as("Rui", "C1"), "welcome")
		w.must(err)
		has(t, plain(r), "Zoe")
	})
}

func TestChannelCommand(t *testing.T) {
	t.Parallel()
	t.Run("the_first_intake_is_the_home_of_all_cards", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.item("Dark mode", nil)
		has(t, plain(w.admin("C1", "channel intake")), "also those of words typed elsewhere", "1 request that had no card yet")
		has(t, plain(w.admin("C2", "channel intake")), "Cards live in")
		if got := w.number(`select count(*) from channels where main_intake and channel_ref = 'C1'`); got != 1 {
			t.Error("C1 is not the home")
		}
		has(t, plain(w.admin("C1", "channel intake off")), "stay and keep counting")
		if got := w.number(`select count(*) from channels where main_intake and channel_ref = 'C2'`); got != 1 {
			t.Error("no other channel took over")
		}
		w.drain()
		if w.chat.count("join") != 2 {
			t.Errorf("calls %v, want both channels entered", w.chat.calls)
		}
	})
	t.Run("where_heed_cannot_enter_the_person_reads_what_to_do", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultForbidden, Reason: "method_not_supported_for_channel_type"}
		}
		has(t, plain(w.admin("C1", "channel intake")), "/invite")
		has(t, plain(w.admin("C1", "channel announce")), "/invite")
		has(t, plain(w.admin("C1", "digest here")), "/invite")
	})
	t.Run("a_private_channel_that_let_heed_in_is_not_asked_to", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		w.chat.joined = map[string]bool{"C1": true}
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultForbidden, Reason: "method_not_supported_for_channel_type"}
		}
		if got := plain(w.admin("C1", "channel intake")); strings.Contains(got, "/invite") {
			t.Errorf("answer %q", got)
		}
		if n := w.number(`select count(*) from channels where channel_ref = 'C1' and member`); n != 1 {
			t.Error("Heed does not know that it is in")
		}
	})
	t.Run("put_cards_here_by_button", func(t *testing.T) {
		t.Parallel()
		w := bareWorld(t)
		r, err := w.bot.Press(t.Context(), w.as("Zoe", "C1"), bot.Act("intake", "C1"))
		w.must(err)
		has(t, plain(r), "Cards live in")
	})
	t.Run("bare_says_what_it_is_for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.admin("C1", "channel announce on")
		w.admin("C1", "channel digest on")
		got := w.heed("Rui", "C1", "channel")
		has(t, got, "Cards live here", "What shipped is announced here", "Mondays 09:00 Berlin", "👍")
		if strings.Contains(got, "[") {
			t.Errorf("buttons for someone who may not: %s", got)
		}
		has(t, plain(w.admin("C1", "channel")), "[No more cards here]", "[No more digests here]")
		w.admin("C1", "channel announce off")
		w.admin("C1", "channel digest off")
		if got := w.heed("Rui", "C1", "channel"); strings.Contains(got, "announced") || strings.Contains(got, "digest") {
			t.Errorf("still: %s", got)
		}
	})
	t.Run("a_conversation_is_no_channel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.as("Zoe", "D9")
		call.Channel.Kind = bot.DirectChannel
		for _, text := range []string{"channel intake", "digest here", "audience community"} {
			r, err := w.bot.Command(t.Context(), call, "/heed", text)
			w.must(err)
			has(t, plain(r), "Nothing has changed")
		}
	})
	t.Run("a_channel_that_becomes_the_communitys_loses_the_teams_cards", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		secret := w.item("Rotate keys", func(it *bot.Item) { it.Status = bot.StatusShipped })
		open := w.item("Dark mode", func(it *bot.Item) { it.Audience = bot.Community })
		w.want(secret, "C1")
		w.want(open, "C1")
		w.drain()
		has(t, plain(w.admin("C1", "audience community")), "Requests of the team's leave it")
		w.drain()
		cards := w.chat.in("C1")
		if len(cards) != 1 || cards[0].(bot.Card).Number != open.Number {
			t.Errorf("cards %v", cards)
		}
	})
	t.Run("emoji_and_customer_by_form", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		f := w.formOf("Zoe", "C1", bot.Act("channelform", "C1"))
		has(t, plain(w.sends("Zoe", "C1", f, map[string]string{"audience": "team", "emoji": "👍🏽 :fire: heart", "customer": "Globex"})), "Saved")
		ch, err := w.store.Channel(t.Context(), w.ws.Board, w.ws.ID, "C1")
		w.must(err)
		if fmt.Sprint(ch.Emoji) != "[+1 fire heart]" || ch.Customer != "Globex" || !ch.Intake {
			t.Errorf("channel %+v", ch)
		}
		for _, wrong := range []string{"", "not an emoji!", "a b c d e f g h i"} {
			if _, ok := w.sends("Zoe", "C1", f, map[string]string{"audience": "team", "emoji": wrong}).(bot.Fix); !ok {
				t.Errorf("%q was taken", wrong)
			}
		}
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask, ok := w.admin("C1", "settings").(bot.Ask)
	if !ok {
		t.Fatal("no form")
	}
	bad := map[string]string{"name": "Acme", "zone": "Mars", "per_day": "0", "gap": "x", "votes": "50"}
	if fix, ok := w.sends("Zoe", "C1", ask.Form, bad).(bot.Fix); !ok || len(fix.Errors) != 3 {
		t.Errorf("bad values: %v", fix)
	}
	good := map[string]string{"name": "Acme Cloud", "zone": "berlin", "per_day": "9", "gap": "10", "votes": "50"}
	has(t, plain(w.sends("Zoe", "C1", ask.Form, good)), "Saved")
	board, err := w.store.Board(t.Context(), w.ws.Board)
	w.must(err)
	if board.Zone != "Europe/Berlin" || board.Settings.RequestsPerDay != 9 || board.Settings.RequestGap != 10*time.Second || board.Settings.PublicName != "Acme Cloud" {
		t.Errorf("board %+v", board)
	}
	has(t, plain(w.sends("Rui", "C1", ask.Form, good)), "Only an admin")
}

func TestPaste(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.item("Dark theme for the app", nil)
	f := w.formOf("Zoe", "C1", "paste")
	got := plain(w.sends("Zoe", "C1", f, map[string]string{"words": "- Export as CSV\r\n\n2. Dark theme for the app\n* Export as CSV\n<!channel> ping\n\u200b\n"}))
	has(t, got, "3 requests added", "#3 Dark theme for the app sounds like #1 Dark theme for the app")
	w.clock.move(time.Minute)
	got = plain(w.sends("Zoe", "C1", f, map[string]string{"words": "export as csv\nBulk edit"}))
	has(t, got, "1 request added; 1 here already")
	if n := w.number(`select count(*) from items where votes = 0 and author_id is null`); n != 5 {
		t.Errorf("%d items without votes or author", n)
	}
	if n := w.number(`select count(*) from items where triage and maybe_same is not null`); n != 1 {
		t.Errorf("%d marked for triage", n)
	}
	w.drain()
	if n := len(w.chat.in("C1")); n != 4 {
		t.Errorf("%d cards of the four pasted", n)
	}
	if fix, ok := w.sends("Zoe", "C1", f, map[string]string{"words": " \n - \n"}).(bot.Fix); !ok || fix.Errors["words"] == "" {
		t.Error("nothing was taken for something")
	}
	many := strings.Join(slices.Repeat([]string{"x"}, 3), "\n")
	for i := range 101 {
		many += fmt.Sprintf("\nwish %d", i)
	}
	if _, ok := w.sends("Zoe", "C1", f, map[string]string{"words": many}).(bot.Fix); !ok {
		t.Error("more than fit were taken")
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.heed("Zoe", "C1", "role <@Zoe|Zoe> pm")
	w.heed("Zoe", "C1", "role <@Zoe|Zoe> po")
	w.admin("C1", "digest here")
	w.drain()
	short := plain(w.admin("C1", "doctor"))
	has(t, short, "All is well", "[Show everything]")
	if strings.Contains(short, "Digest in") {
		t.Errorf("what is well is told at length: %s", short)
	}
	all, err := w.bot.Press(t.Context(), w.as("Zoe", "C1"), bot.Act("doctor", "all"))
	w.must(err)
	has(t, plain(all), "All is well", "Acme (slack) is connected", "Something came from Acme just now", "Everything is sent", "Digest in #feedback-C1: Mondays 09:00 Berlin", "None was sent yet")

	w.channel("C2", func(c *bot.Channel) { c.Intake = true })
	w.chat.fail = func(string, string) error { return &bot.Fault{Kind: bot.FaultForbidden, Reason: "restricted_action"} }
	w.want(w.item("Dark mode", nil), "C2")
	w.drain()
	w.clock.move(8 * 24 * time.Hour)
	got := plain(w.admin("C1", "doctor"))
	has(t, got, "3 things to mend", "I'm not in #feedback-C2", "1 message in #feedback-C2 not shown: forbidden: restricted_action. Invite me", "is late", "All else is well")
	found, err := w.bot.Doctor(t.Context())
	w.must(err)
	if len(found) != 1 || found[0].Problems != 3 {
		t.Errorf("%+v", found)
	}
	w.must(w.bot.WorkspaceGone(t.Context(), acme))
	found, err = w.bot.Doctor(t.Context())
	w.must(err)
	has(t, found[0].Doc.Plain(), "has let Heed go")
}

func TestPutBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.drain()
	r, err := w.bot.Press(t.Context(), w.as("Zoe", "C1"), bot.Act("putback", it.Number))
	w.must(err)
	has(t, plain(r), "stands already")
	w.clock.move(time.Minute) // the next press is another one
	delete(w.chat.messages, "C1/m1")
	w.must(w.bot.MessageGone(t.Context(), acme, "C1", "m1"))
	w.touch(it)
	w.drain()
	has(t, plain(w.admin("C1", "show 1")), "[Put the card back]")
	r, err = w.bot.Press(t.Context(), w.as("Rui", "C1"), bot.Act("putback", it.Number))
	w.must(err)
	has(t, plain(r), "Nothing has changed")
	r, err = w.bot.Press(t.Context(), w.as("Zoe", "C1"), bot.Act("putback", it.Number))
	w.must(err)
	has(t, plain(r), "on its way back")
	w.drain()
	if len(w.chat.in("C1")) != 1 {
		t.Errorf("calls %v", w.chat.calls)
	}
}
