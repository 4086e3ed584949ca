package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestForgetMe(t *testing.T) {
	t.Parallel()
	t.Run("asks_first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		r := w.says("rui", "C1", "/heed forget-me")
		reads(t, r, "[Forget me]", "[Keep me]", "without your name")
		w.presses("rui", "C1", r, "Keep me")
		if w.numbered(1).Author == 0 {
			t.Error("forgotten without a yes")
		}
	})
	t.Run("nothing_of_theirs_is_left_but_what_others_want", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rui := "rui-account-7"
		w.asks(rui, "C1", "Only mine: zebra")
		w.asks(rui, "C1", "Dark theme")
		w.asks("omar", "C1", "Export invoices as PDF")
		w.says("omar", "C1", "/heed vote 2")
		w.says(rui, "C1", "/heed vote 3")
		w.says(rui, "C1", "/heed follow 3")
		w.says(rui, "C1", "/feedback top bar")
		w.drain()
		w.presses(rui, "C1", w.says(rui, "C1", "/heed forget-me"), "Forget me")
		if w.numbered(2).Votes != 1 || w.numbered(3).Votes != 1 || w.numbered(1).GoneAt.IsZero() {
			t.Errorf("votes %d %d", w.numbered(2).Votes, w.numbered(3).Votes)
		}
		w.drain()
		for _, c := range w.chat.in("C1") {
			if card, ok := c.(bot.Card); ok && (card.AskedBy == rui || strings.Contains(card.Title, "zebra")) {
				t.Errorf("a card still shows %+v", card)
			}
		}
		var tables []string
		w.must(w.db.Select(&tables, `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`))
		for _, table := range tables {
			for _, trace := range []string{rui, "zebra"} {
				if n := w.number(`select count(*) from `+table+` x where x::text like '%' || $1 || '%'`, trace); n > 0 {
					t.Errorf("%s still holds %q", table, trace)
				}
			}
		}
	})
	t.Run("an_old_thumb_read_back_never_counts_again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		w.drain()
		thumb := bot.Ballot{Workspace: acme, Account: "rui", Channel: "C1", Message: "m1", Emoji: "+1", Act: bot.Support, At: w.clock.Now()}
		w.must(w.bot.React(t.Context(), []bot.Ballot{thumb}))
		if w.numbered(1).Votes != 2 {
			t.Fatal("the thumb does not count")
		}
		w.clock.move(time.Minute)
		w.presses("rui", "C1", w.says("rui", "C1", "/heed forget-me"), "Forget me")
		thumb.Reconcile = true
		w.must(w.bot.React(t.Context(), []bot.Ballot{thumb}))
		if v := w.numbered(1).Votes; v != 1 {
			t.Errorf("%d votes", v)
		}
		w.clock.move(time.Minute)
		reads(t, w.says("rui", "C1", "/heed vote 1"), "Counted") // a new act of theirs starts anew
	})
	t.Run("twice_is_no_error", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.says("rui", "C1", "/heed forget-me")
		w.presses("rui", "C1", r, "Forget me")
		reads(t, w.presses("rui", "C1", r, "Forget me"), "Done")
	})
}

func TestMyData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asks("rui", "C1", "Dark theme")
	w.asks("omar", "C1", "Export invoices as PDF")
	w.says("rui", "C1", "/heed vote 2")
	w.says("rui", "C1", "/feedback top bar")
	r := w.says("rui", "C1", "/heed my-data")
	reads(t, r, "Account rui", "1 request", "#1 Dark theme", "“Dark theme”", "Waiting: “top bar”", "2 votes", "[Forget me]")
	hides(t, r, "omar", "invoices")
}
