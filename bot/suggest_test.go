package bot_test

import (
	"slices"
	"strings"
	"testing"

	"heed/bot"
)

// suggests are the values that are offered, and what is read of them.
func (w *world) suggests(account string, verb bot.Verb, option, typed string) (values, labels []string) {
	w.t.Helper()
	for _, s := range w.bot.Suggest(w.t.Context(), w.by(account, "C1"), verb, option, typed) {
		values, labels = append(values, s.Value), append(labels, s.Label)
	}
	return values, labels
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.chat.members["guest"] = bot.MemberSeen{Account: "guest", Name: "Gia", Guest: true, Complete: true}
	for _, title := range []string{"Dark mode", "Dark side of the moon", "Export to CSV"} {
		w.item(title, func(it *bot.Item) { it.Audience = bot.Community })
	}
	w.item("Rename dark plans of Acme", nil) // #4, the team's
	for range 8 {
		w.item("Nothing "+strings.Repeat("x", w.numberOfItems()), nil)
	}
	w.says("rui", "C1", "/heed vote 3")
	w.says("guest", "C1", "/heed top")

	t.Run("words_find_items", func(t *testing.T) {
		t.Parallel()
		values, labels := w.suggests("rui", bot.VerbShow, "item", "dark mo")
		if !slices.Contains(values, "1") || slices.Contains(values, "3") {
			t.Errorf("%v", labels)
		}
		if i := slices.Index(values, "1"); i < 0 || !strings.HasPrefix(labels[i], "#1 Dark mode · 👍 0 · ") {
			t.Errorf("%v", labels)
		}
	})
	t.Run("a_number_finds_it_and_those_that_begin_with_it", func(t *testing.T) {
		t.Parallel()
		values, _ := w.suggests("rui", bot.VerbVote, "item", "#1")
		if !slices.Equal(values[:4], []string{"1", "10", "11", "12"}) {
			t.Errorf("%v", values)
		}
	})
	t.Run("nobody_is_shown_what_they_may_not_see", func(t *testing.T) {
		t.Parallel()
		for _, typed := range []string{"", "dark", "4", "#4", "rename", "plans"} {
			if _, labels := w.suggests("guest", bot.VerbShow, "item", typed); strings.Contains(strings.Join(labels, "\n"), "plans") {
				t.Errorf("typing %q shows %v", typed, labels)
			}
			if _, labels := w.suggests("guest", bot.VerbFeedback, "text", typed); strings.Contains(strings.Join(labels, "\n"), "plans") {
				t.Errorf("writing %q shows %v", typed, labels)
			}
			if _, labels := w.suggests("nobody-knows", bot.VerbShow, "item", typed); strings.Contains(strings.Join(labels, "\n"), "plans") {
				t.Errorf("a stranger who types %q is shown %v", typed, labels)
			}
		}
		if _, labels := w.suggests("rui", bot.VerbShow, "item", "plans"); len(labels) == 0 {
			t.Error("the team is not shown its own")
		}
	})
	t.Run("what_the_command_is_about_comes_first", func(t *testing.T) {
		t.Parallel()
		if values, _ := w.suggests("rui", bot.VerbUnvote, "item", ""); !slices.Equal(values, []string{"3"}) {
			t.Errorf("%v", values)
		}
		if values, _ := w.suggests("rui", bot.VerbTop, "count", ""); len(values) > 0 {
			t.Errorf("%v", values)
		}
	})
	t.Run("a_list_goes_on_after_what_stands_in_it", func(t *testing.T) {
		t.Parallel()
		values, _ := w.suggests("rui", bot.VerbMerge, "items", "1, 3, dark")
		if !slices.Contains(values, "1, 3, 2") || slices.Contains(values, "1, 3, 1") {
			t.Errorf("%v", values)
		}
	})
	t.Run("zones_times_and_topics", func(t *testing.T) {
		t.Parallel()
		if values, _ := w.suggests("rui", bot.VerbDigest, "zone", "berl"); !slices.Contains(values, "Europe/Berlin") {
			t.Errorf("%v", values)
		}
		if values, _ := w.suggests("rui", bot.VerbDigest, "when", "fri"); !slices.Contains(values, "friday 16:00") {
			t.Errorf("%v", values)
		}
		if values, _ := w.suggests("rui", bot.VerbHelp, "command", "forg"); !slices.Equal(values, []string{"forget-me"}) {
			t.Errorf("%v", values)
		}
	})
	t.Run("it_is_no_act", func(t *testing.T) {
		t.Parallel()
		w.suggests("typing-only", bot.VerbFeedback, "text", "dark")
		if _, err := w.store.MemberByAccount(t.Context(), w.ws.Board, w.ws.ID, "typing-only"); err == nil {
			t.Error("who only types is a member now")
		}
	})
}

func (w *world) numberOfItems() int {
	w.t.Helper()
	var n int
	w.must(w.db.GetContext(w.t.Context(), &n, `select count(*) from items`))
	return n
}

func TestCommandWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.item("Dark mode", nil)
	with := func(account string, verb bot.Verb, values map[string]string) bot.Reply {
		r, err := w.bot.CommandWith(t.Context(), w.by(account, "C1"), verb, values)
		w.must(err)
		return r
	}

	w.says("rui", "C1", "/heed top")
	values, _ := w.suggests("rui", bot.VerbFeedback, "text", "dark mode")
	if len(values) != 1 {
		t.Fatalf("offered: %v", values)
	}
	reads(t, with("rui", bot.VerbFeedback, map[string]string{"text": values[0]}), "Counted")
	if it := w.numbered(1); it.Votes != 1 || w.numberOfItems() != 1 {
		t.Errorf("picking it made %d votes and %d requests", it.Votes, w.numberOfItems())
	}
	reads(t, with("mira", bot.VerbFeedback, map[string]string{"text": "👍 #1 was a good idea, and I want a dial too"}), "Saved as")
	reads(t, with("mira", bot.VerbFeedback, map[string]string{"text": "top 10 of my own playlists"}), "Saved as")
	reads(t, with("mira", bot.VerbFeedback, nil), "form Give feedback")
	reads(t, with("mira", bot.VerbVote, map[string]string{"item": "1"}), "Counted")
	reads(t, with("mira", bot.VerbShow, map[string]string{"item": "dark"}), "I expected a number", "/show dark", "Nothing has changed")
	reads(t, with("mira", bot.VerbSearch, map[string]string{"words": "dark"}), "#1 Dark mode")
}

func TestCommandWith_the_same_act_twice_happens_once(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.by("rui", "C1")
	for range 2 {
		r, err := w.bot.CommandWith(t.Context(), call, bot.VerbFeedback, map[string]string{"text": "a dial for the volume"})
		w.must(err)
		reads(t, r, "Saved as #1")
	}
	if n := w.numberOfItems(); n != 1 {
		t.Errorf("%d requests", n)
	}
}
