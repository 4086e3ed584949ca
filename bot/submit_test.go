package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestFeedback(t *testing.T) {
	t.Parallel()
	t.Run("a_wish_is_an_item_with_its_words_its_vote_and_its_card", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/feedback My eyes hurt after 9 pm. A dark theme would help.")
		reads(t, r, "Saved as #1 My eyes hurt after 9 pm", "with your 👍", "I'll tell you when it moves", "[See it]", "[Add details]", "[Undo]")
		it := w.numbered(1)
		if it.Votes != 1 || it.Body != "My eyes hurt after 9 pm. A dark theme would help." {
			t.Errorf("item %+v", it)
		}
		if n := w.number(`select count(*) from evidence where kind = 'words' and quote = $1`, it.Body); n != 1 {
			t.Errorf("%d pieces of evidence hold the words", n)
		}
		w.drain()
		if got := len(w.chat.in("C1")); got != 1 {
			t.Errorf("%d cards in #feedback", got)
		}
	})
	t.Run("the_same_act_twice_is_one_item_and_one_answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.by("rui", "C1")
		one, err := w.bot.Command(t.Context(), call, "/feedback", "dark mode")
		w.must(err)
		two, err := w.bot.Command(t.Context(), call, "/feedback", "dark mode")
		w.must(err)
		if answer(one) != answer(two) || w.number(`select count(*) from items`) != 1 {
			t.Errorf("first:\n%ssecond:\n%s", answer(one), answer(two))
		}
	})
	t.Run("typed_elsewhere_the_receipt_says_where_the_card_is", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(*bot.Channel) {})
		reads(t, w.says("rui", "C2", "/feedback dark mode"), "It's in #feedback-C1")
	})
	t.Run("words_of_the_team_get_no_card_among_the_community", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C1", func(c *bot.Channel) { c.Audience = bot.Community })
		w.channel("C2", func(*bot.Channel) {})
		reads(t, w.says("rui", "C2", "/feedback dark mode"), "It has no card yet")
		w.drain()
		if got := w.chat.in("C1"); len(got) != 0 {
			t.Errorf("the community sees %v", got)
		}
	})
	t.Run("without_a_place_for_cards_it_is_saved_and_an_admin_gets_a_button", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C1", func(c *bot.Channel) { c.Intake, c.Main = false, false })
		w.chat.members["zoe"] = bot.MemberSeen{Account: "zoe", Name: "Zoe", Admin: true, Complete: true}
		reads(t, w.says("zoe", "C1", "/feedback dark mode"), "Saved as #1", "nobody has said where cards live", "[Put cards in #feedback-C1]")
		hides(t, w.says("rui", "C1", "/feedback export invoices as PDF"), "[Put cards")
	})
	t.Run("bare_it_opens_the_form_and_the_form_sent_twice_is_one_item", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		form := w.says("rui", "C1", "/feedback")
		one := w.fills("rui", "", form, map[string]string{"words": "Dark mode, please"})
		two := w.fills("rui", "", form, map[string]string{"words": "Dark mode, please"})
		reads(t, one, "Saved as #1")
		reads(t, two, "Saved as #1")
		if it := w.numbered(1); it.AskedIn.Ref != "C1" || w.number(`select count(*) from items`) != 1 {
			t.Errorf("asked in %q", it.AskedIn.Ref)
		}
	})
	t.Run("an_empty_form_stays_open", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.fills("rui", "C1", w.says("rui", "C1", "/feedback"), map[string]string{"words": " \u200b\n"})
		if _, ok := r.(bot.Fix); !ok {
			t.Errorf("answered %T %s", r, answer(r))
		}
	})
	t.Run("a_direct_message_is_feedback_and_so_is_a_mention", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r, err := w.bot.Say(t.Context(), w.by("rui", ""), "Export invoices as PDF", bot.Heard{})
		w.must(err)
		reads(t, r, "Saved as #1 Export invoices as PDF", "Only the team sees it", "It's in #feedback-C1")
		r, err = w.bot.Say(t.Context(), w.by("omar", "C1"), "<@B1|heed> dark mode please", bot.Heard{Message: "m-9", Words: "dark mode please", At: w.clock.Now()})
		w.must(err)
		reads(t, r, "Saved as #2 dark mode please")
		if n := w.number(`select count(*) from evidence where message_ref = 'm-9'`); n != 1 {
			t.Errorf("the mention is %d places to vote", n)
		}
		w.drain()
		notes := w.notes("C1")
		if len(notes) != 1 {
			t.Fatalf("%d answers in the thread", len(notes))
		}
		reads(t, notes[0], "Saved as #2", "[👍 Vote]")
		hides(t, notes[0], "omar saved this", "[Remove my name]")
	})
	t.Run("a_direct_message_that_is_a_command_is_one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		r, err := w.bot.Say(t.Context(), w.by("rui", ""), "vote 1", bot.Heard{})
		w.must(err)
		reads(t, r, "Counted")
		r, err = w.bot.Say(t.Context(), w.by("rui", ""), "staus 42", bot.Heard{})
		w.must(err)
		reads(t, r, "Is this a command or a request?")
		if n := w.number(`select count(*) from items`); n != 1 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("delivered_twice_at_once_it_is_one_item", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.by("rui", "C1")
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if _, err := w.bot.Command(t.Context(), call, "/feedback", "dark mode"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if it := w.numbered(1); w.number(`select count(*) from items`) != 1 || it.Votes != 1 {
			t.Errorf("%d votes", it.Votes)
		}
	})
	t.Run("quote_marks_say_that_it_is_no_command_and_are_not_kept", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.says("rui", "C1", `/feedback "top bar"`), "Saved as #1 top bar")
		if got := w.numbered(1).Body; got != "top bar" {
			t.Errorf("%q", got)
		}
	})
	t.Run("a_greeting_is_no_request", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r, err := w.bot.Say(t.Context(), w.by("rui", ""), "Hi!", bot.Heard{})
		w.must(err)
		reads(t, r, "I'm Heed", "[Give feedback]")
		if w.number(`select count(*) from items`) != 0 {
			t.Error("it became an item")
		}
	})
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, words, title string }{
		{"right_to_left", "الوضع الداكن من فضلك", "الوضع الداكن من فضلك"},
		{"only_emoji", "🌙🌙🌙", "🌙🌙🌙"},
		{"zero_width", "dark\u200b mode", "dark mode"},
		{"ping_of_all", "<!channel> @everyone dark mode", "<!channel> @everyone dark mode"},
		{"markup", "*bold* <script>alert(1)</script> [x](http://y)", "*bold* <script>alert(1)</script> [x](http://y)"},
		{"mentions_are_names", "ask <@U1|omar> about <#C9|general>", "ask @omar about #general"},
		{"a_hundred_thousand", strings.Repeat("dark mode ", 9_999), "dark mode"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			reads(t, w.says("rui", "C1", "/feedback "+c.words), "Saved as #1")
			it := w.numbered(1)
			if !strings.HasPrefix(it.Title, c.title) || len([]rune(it.Title)) > bot.MaxTitle {
				t.Errorf("title %q", it.Title)
			}
			if c.name == "a_hundred_thousand" && it.Body != strings.TrimSpace(c.words) {
				t.Errorf("the body holds %d of %d bytes", len(it.Body), len(c.words))
			}
		})
	}
	t.Run("too_much_comes_back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.says("rui", "C1", "/feedback "+strings.Repeat("d", 100_001)), "Nothing was saved", "> ddd")
	})
	t.Run("a_button_of_another_time_changes_nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for _, a := range []bot.Action{"same 99 1", "own 99", "letgo x", "own", "unname 7", "notrequest 8", "nosuch 1", ""} {
			r, err := w.bot.Press(t.Context(), w.by("rui", "C1"), a)
			w.must(err)
			reads(t, r, "Nothing has changed")
		}
	})
}

func TestHeld(t *testing.T) {
	t.Parallel()
	similar := func(t *testing.T) (*world, bot.Reply) {
		w := newWorld(t)
		w.says("omar", "C1", "/feedback Dark theme. My eyes hurt after 9 pm.")
		r := w.says("rui", "C1", "/feedback dark mode, please")
		reads(t, r, "This sounds like #1 Dark theme", "1 👍", "My eyes hurt", "[👍 That's it]", "[Mine is different]", "15 minutes")
		if w.number(`select count(*) from items`) != 1 {
			t.Fatal("it became an item at once")
		}
		return w, r
	}
	t.Run("thats_it_keeps_the_words_and_votes", func(t *testing.T) {
		t.Parallel()
		w, r := similar(t)
		got := w.presses("rui", "C1", r, "👍 That's it")
		reads(t, got, "Counted, with your words: #1 Dark theme", "2 👍")
		if say, ok := got.(bot.Say); !ok || !say.Replace {
			t.Error("the question stays beside its answer")
		}
		if n := w.number(`select count(*) from evidence where kind = 'same' and quote = 'dark mode, please'`); n != 1 {
			t.Errorf("%d quotes", n)
		}
		again := w.presses("rui", "C1", r, "Mine is different")
		reads(t, again, "Counted, with your words: #1")
		if w.number(`select count(*) from items`) != 1 || w.numbered(1).Votes != 2 {
			t.Error("a second press changed something")
		}
	})
	t.Run("mine_is_different_is_marked_for_triage", func(t *testing.T) {
		t.Parallel()
		w, r := similar(t)
		reads(t, w.presses("rui", "C1", r, "Mine is different"), "Saved as #2 dark mode")
		if it := w.numbered(2); !it.Triage || it.MaybeSame != w.numbered(1).ID || it.Votes != 1 {
			t.Errorf("%+v", it)
		}
	})
	t.Run("fifteen_minutes_of_silence_post_it", func(t *testing.T) {
		t.Parallel()
		w, r := similar(t)
		w.clock.move(14 * time.Minute)
		if n, err := w.bot.HeldOnce(t.Context()); n != 0 || err != nil {
			t.Fatalf("%d settled early, %v", n, err)
		}
		w.clock.move(time.Minute)
		n, err := w.bot.HeldOnce(t.Context())
		if n != 1 || err != nil {
			t.Fatalf("%d settled, %v", n, err)
		}
		if it := w.numbered(2); !it.Triage || it.Body != "dark mode, please" {
			t.Errorf("%+v", it)
		}
		reads(t, w.presses("rui", "C1", r, "👍 That's it"), "Saved as #2")
		if n, err := w.bot.HeldOnce(t.Context()); n != 0 || err != nil {
			t.Errorf("settled twice: %d, %v", n, err)
		}
	})
	t.Run("let_go_gives_the_words_back_and_keeps_none", func(t *testing.T) {
		t.Parallel()
		w, _ := similar(t)
		r, err := w.bot.Press(t.Context(), w.by("rui", "C1"), "letgo 1")
		w.must(err)
		reads(t, r, "> dark mode, please")
		if w.number(`select count(*) from held where words <> ''`) != 0 {
			t.Error("the words are still there")
		}
	})
	t.Run("nobody_else_decides", func(t *testing.T) {
		t.Parallel()
		w, r := similar(t)
		reads(t, w.presses("omar", "C1", r, "Mine is different"), "Nothing has changed")
		if w.number(`select count(*) from items`) != 1 {
			t.Error("it was posted")
		}
	})
	t.Run("the_same_act_twice_asks_the_same", func(t *testing.T) {
		t.Parallel()
		w, _ := similar(t)
		call := w.by("lena", "C1")
		one, err := w.bot.Command(t.Context(), call, "/feedback", "a dark mode")
		w.must(err)
		two, err := w.bot.Command(t.Context(), call, "/feedback", "a dark mode")
		w.must(err)
		if answer(one) != answer(two) || w.number(`select count(*) from held`) != 2 {
			t.Errorf("%s\n%s", answer(one), answer(two))
		}
	})
	t.Run("what_the_team_said_is_not_offered_to_the_community", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("omar", "C1", "/feedback Dark theme")
		w.chat.members["guest"] = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
		r := w.says("guest", "", "/feedback dark theme")
		reads(t, r, "Saved as #2")
		hides(t, r, "#1")
	})
	t.Run("a_closed_request_is_not_offered", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.item("Dark theme", func(it *bot.Item) { it.Status = bot.StatusShipped })
		reads(t, w.says("rui", "C1", "/feedback dark theme"), "Saved as #2")
	})
}

func TestUnclear(t *testing.T) {
	t.Parallel()
	t.Run("sent_as_feedback", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/feedback top bar")
		reads(t, r, "Is this a command or a request?", "top bar", "[Send as feedback]")
		reads(t, w.presses("rui", "C1", r, "Send as feedback"), "Saved as #1 top bar")
		reads(t, w.presses("rui", "C1", r, "Send as feedback"), "Saved as #1 top bar")
	})
	t.Run("silence_posts_nothing_and_reminds_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("rui", "C1", "/feedback staus 42")
		w.clock.move(16 * time.Minute)
		n, err := w.bot.HeldOnce(t.Context())
		if n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		w.drain()
		if w.number(`select count(*) from items`) != 0 || len(w.chat.in("Drui")) != 1 {
			t.Errorf("%d notes", len(w.chat.in("Drui")))
		}
		if n, err := w.bot.HeldOnce(t.Context()); n != 0 || err != nil {
			t.Errorf("reminded twice: %d, %v", n, err)
		}
	})
	t.Run("a_refused_command_can_still_be_a_wish", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/feedback status 42 planned")
		reads(t, r, "[Send as feedback]")
		reads(t, w.presses("rui", "C1", r, "Send as feedback"), "Saved as #1 status 42 planned")
	})
}
