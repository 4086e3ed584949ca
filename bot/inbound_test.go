package bot_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	t.Run("what_is_not_understood_gets_an_example", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.says("rui", "C1", "/heed vote"), "I need its number", "/heed vote 42")
		reads(t, w.says("rui", "C1", "/heed serach dark mode"), "search", "For example: /heed search")
		reads(t, w.says("rui", "C1", "/nosuch"), "I don't know the command")
	})
	t.Run("a_wish_behind_heed_is_not_lost", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/heed dark mode would be nice")
		reads(t, r, "I don't know the command “dark”", "[Send as feedback]")
		reads(t, w.presses("rui", "C1", r, "Send as feedback"), "Saved as #1 dark mode would be nice")
	})
	t.Run("feedback_behind_heed_is_feedback", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.says("rui", "C1", "/heed feedback dark mode"), "Saved as #1 dark mode")
		reads(t, w.says("rui", "C1", "/heed feedback"), "form Give feedback")
	})
	t.Run("why_a_vote_was_given_stands_with_the_request", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		form := w.presses("omar", "C1", w.says("omar", "C1", "/heed vote 1"), "Why do you need it?")
		reads(t, w.fills("omar", "C1", form, map[string]string{"words": "I read at night"}), "Thank you")
		reads(t, w.says("rui", "C1", "/heed show 1"), "> I read at night")
		if w.numbered(1).Triage {
			t.Error("a reason waits for an answer")
		}
	})
	t.Run("the_database_away_gives_the_words_back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("rui", "C1", "/heed help")
		_ = w.db.Close()
		r, err := w.bot.Command(t.Context(), w.by("rui", "C1"), "/feedback", "dark mode for <@U2|omar>")
		if err == nil {
			t.Error("no error: the act would be taken for done")
		}
		reads(t, r, "I couldn't save this; that's on me", "> dark mode for @omar")
	})
}

func TestHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.chat.members["zoe"] = bot.MemberSeen{Account: "zoe", Name: "Zoe", Admin: true, Complete: true}
	member, admin := w.says("rui", "C1", "/heed help"), w.says("zoe", "C1", "/heed")
	reads(t, member, "/feedback dark mode, please", "In a thread: ⋯ → Save as feedback.", "/heed search dark mode", "/roadmap", "/heed forget-me")
	hides(t, member, "/promote", "/heed status", "/heed role", "<@")
	reads(t, admin, "/heed role @Ana pm", "/heed status 42 planned", "/promote 42", "As an admin")
	reads(t, w.says("rui", "C1", "/heed help vote"), "Say that you want it too", "/heed vote 42")
	reads(t, w.says("rui", "C1", "/heed help status"), "For a product manager")
	for _, u := range bot.Usages() {
		if strings.Contains(answer(w.says("zoe", "C1", "/"+strings.TrimPrefix(u.Line("", ""), "/"))), "I can't do it here") && strings.Contains(answer(admin), u.Summary) {
			t.Errorf("help offers %s, which Heed can't do here", u.Verb)
		}
		if r := w.says("zoe", "C1", "/heed help "+string(u.Verb)); !strings.Contains(answer(r), u.Summary) || !strings.Contains(answer(r), "In a thread: ⋯ → Save as feedback.") {
			t.Errorf("help about %s is:\n%s", u.Verb, answer(r))
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	texts := func(account, name, text string) []string {
		var out []string
		for _, c := range w.bot.Complete(t.Context(), w.by(account, "C1"), name, text) {
			out = append(out, strings.TrimSpace(c.Text))
		}
		return out
	}
	if got := texts("rui", "", ""); !slices.Contains(got, "/feedback") || !slices.Contains(got, "/heed") || slices.Contains(got, "/promote") {
		t.Errorf("%q", got)
	}
	if got := texts("rui", "heed", "s"); !slices.Contains(got, "/heed search") || slices.Contains(got, "/heed status") {
		t.Errorf("%q", got)
	}
	if got := texts("rui", "feedback", "dark"); len(got) != 0 {
		t.Errorf("free words are completed to %q", got)
	}
}

// TestEveryButtonLeadsSomewhere presses what the answers of this area offer.
func TestEveryButtonLeadsSomewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.chat.members["zoe"] = bot.MemberSeen{Account: "zoe", Name: "Zoe", Admin: true, Complete: true}
	w.asks("zoe", "C1", "Dark theme")
	w.asks("omar", "C1", "Export invoices as PDF")
	w.says("zoe", "C1", "/heed vote 2")
	seen := map[string]bool{}
	for _, line := range []string{"/heed help", "/heed top", "/heed mine", "/roadmap", "/heed show 1", "/heed show 2", "/heed search dark", "/heed forget-me",
		"/heed my-data", "/feedback dark mode", "/feedback top bar", "/heed withdraw 1", "/heed held"} {
		r := w.says("zoe", "C1", line)
		for _, b := range buttonsOf(r) {
			verb, _, _ := strings.Cut(string(b.Action), " ")
			if seen[verb] || verb == "forgetnow" || verb == "withdrawnow" || b.URL != "" {
				continue
			}
			seen[verb] = true
			got, err := w.bot.Press(t.Context(), w.by("zoe", "C1"), b.Action)
			w.must(err)
			if strings.Contains(answer(got), "older message") {
				t.Errorf("[%s] of %s, %q, leads nowhere", b.Label, line, b.Action)
			}
		}
	}
}

func TestHeldOnce(t *testing.T) {
	t.Parallel()
	t.Run("two_replicas_at_once_post_it_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		for _, who := range []string{"rui", "lena", "mira", "ana"} {
			w.says(who, "C1", "/feedback dark mode")
		}
		w.clock.move(16 * time.Minute)
		var all sync.WaitGroup
		for _, b := range []*bot.Bot{w.bot, w.replica(), w.replica()} {
			all.Go(func() {
				if _, err := b.HeldOnce(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := w.number(`select count(*) from items`); n != 5 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("the_author_and_the_clock_at_once_decide_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		r := w.says("rui", "C1", "/feedback dark mode")
		w.clock.move(16 * time.Minute)
		var all sync.WaitGroup
		all.Go(func() { _, _ = w.bot.HeldOnce(t.Context()) })
		all.Go(func() { _, _ = w.bot.Press(t.Context(), w.by("rui", "C1"), actionOf(t, r, "👍 That's it")) })
		all.Wait()
		if n := w.number(`select count(*) from items`) + w.number(`select count(*) from evidence where kind = 'same'`); n != 2 {
			t.Errorf("items and quotes: %d", n)
		}
	})
}
