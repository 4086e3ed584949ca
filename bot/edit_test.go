package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	t.Run("own_words_change_and_the_first_ones_stay_as_evidence", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		version := w.numbered(1).Version
		r := w.fills("rui", "C1", w.says("rui", "C1", "/heed edit 1"), map[string]string{"title": "Dark mode", "words": "Dark mode that follows the system"})
		reads(t, r, "#1 Dark mode")
		it := w.numbered(1)
		if it.Title != "Dark mode" || it.Body != "Dark mode that follows the system" || it.Version == version {
			t.Errorf("%+v", it)
		}
		if n := w.number(`select count(*) from evidence where quote like '%Dark theme%'`); n != 1 {
			t.Error("the first words are gone")
		}
		if n := w.number(`select count(*) from history where act = 'edited' and data->>'title' = 'Dark theme'`); n != 1 {
			t.Error("history does not know the title before")
		}
	})
	t.Run("others_cant_and_say_so_stays_kind", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		reads(t, w.says("omar", "C1", "/heed edit 1"), "somebody else's request", "Nothing has changed")
		reads(t, w.says("omar", "C1", "/heed withdraw 1"), "somebody else's request")
		form := w.says("rui", "C1", "/heed edit 1")
		reads(t, w.fills("omar", "C1", form, map[string]string{"words": "hacked"}), "somebody else's request")
		if w.numbered(1).Body == "hacked" {
			t.Error("it changed")
		}
	})
	t.Run("a_long_text_left_alone_is_kept_whole", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		words := strings.Repeat("dark mode for the calendar ", 200)
		it := w.asks("rui", "C1", words)
		w.fills("rui", "C1", w.says("rui", "C1", "/heed edit 1"), map[string]string{"title": "Dark calendar"})
		if got := w.numbered(1); got.Body != it.Body || got.Title != "Dark calendar" {
			t.Errorf("%d of %d bytes are left", len(got.Body), len(it.Body))
		}
	})
	t.Run("empty_fields_keep_the_form_open", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		form := w.says("rui", "C1", "/heed edit 1")
		for field, value := range map[string]string{"title": " ", "words": "\u200b"} {
			if _, ok := w.fills("rui", "C1", form, map[string]string{field: value}).(bot.Fix); !ok {
				t.Errorf("an empty %s went through", field)
			}
		}
	})
	t.Run("details_are_added_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		form := w.presses("rui", "C1", w.says("rui", "C1", "/feedback Dark theme"), "Add details")
		w.fills("rui", "C1", form, map[string]string{"words": "At night above all."})
		reads(t, w.fills("rui", "C1", form, map[string]string{"words": "At night above all."}), "Nothing has changed")
		if got := w.numbered(1).Body; got != "Dark theme\n\nAt night above all." {
			t.Errorf("%q", got)
		}
	})
	t.Run("a_title_is_its_authors_and_product_managers", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["ana"] = bot.MemberSeen{Account: "ana", Name: "Ana", Admin: true, Complete: true}
		w.says("ana", "C1", "/heed help")
		w.asks("rui", "C1", "Dark theme")
		reads(t, w.says("omar", "C1", "/heed retitle 1 Light theme"), "Nothing has changed")
		reads(t, w.says("rui", "C1", "/heed retitle 1 Darker theme"), "#1 Darker theme")
		reads(t, w.says("ana", "C1", "/heed retitle 1 Dark mode <!channel>"), "#1 Dark mode <!channel>")
		reads(t, w.says("ana", "C1", "/heed retitle 1 Dark mode <!channel>"), "says that already")
	})
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	t.Run("alone_it_goes_altogether", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/feedback Dark theme")
		w.drain()
		reads(t, w.presses("rui", "C1", r, "Undo"), "taken back", "> Dark theme")
		reads(t, w.says("omar", "C1", "/heed show 1"), "There's no #1")
		reads(t, w.presses("rui", "C1", r, "Undo"), "already")
		w.drain()
		if card := w.chat.in("C1")[0].(bot.Card); card.Gone == "" || card.Title != "" {
			t.Errorf("the card still shows %+v", card)
		}
		if w.numbered(1).Votes != 0 {
			t.Error("the vote stands")
		}
	})
	t.Run("with_other_votes_only_the_name_goes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		w.says("omar", "C1", "/heed vote 1")
		ask := w.says("rui", "C1", "/heed withdraw 1")
		reads(t, ask, "1 other person wants it too", "[Withdraw it]")
		reads(t, w.presses("rui", "C1", ask, "Withdraw it"), "your name and your vote are off")
		r := w.says("omar", "C1", "/heed show 1")
		reads(t, r, "#1 Dark theme", "1 person")
		hides(t, r, "rui")
		if it := w.numbered(1); it.Votes != 1 || it.Author != 0 {
			t.Errorf("%+v", it)
		}
	})
	t.Run("undo_asks_once_it_is_late", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/feedback Dark theme")
		w.clock.move(6 * time.Minute)
		reads(t, w.presses("rui", "C1", r, "Undo"), "goes altogether", "[Withdraw it]", "[Keep it]")
		if w.numbered(1).GoneAt != (time.Time{}) {
			t.Error("it went without a question")
		}
	})
}
