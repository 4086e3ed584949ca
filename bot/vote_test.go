package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

func TestVote(t *testing.T) {
	t.Parallel()
	t.Run("the_button_toggles_and_the_first_vote_says_how_to_hear_no_more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.item("Dark theme", nil)
		press := func() bot.Reply {
			w.t.Helper()
			w.clock.move(time.Second)
			r, err := w.bot.Press(t.Context(), w.by("omar", "C1"), "vote 1")
			w.must(err)
			return r
		}
		first := press()
		reads(t, first, "Counted. You'll hear when #1 Dark theme moves", "[Why do you need it?]", "[Don't tell me]")
		reads(t, press(), "Taken back. #1 Dark theme: 👍 0 now", "[👍 Vote]")
		reads(t, press(), "👍 Counted for #1 Dark theme: 1 person now", "[Take it back]")
		reads(t, w.says("omar", "C1", "/heed vote 1"), "counted already: 1 person")
		reads(t, w.says("omar", "C1", "/heed unvote 1"), "Taken back")
		reads(t, w.says("omar", "C1", "/heed unvote 1"), "You have no vote on #1 Dark theme, so nothing has changed")
		reads(t, w.presses("omar", "C1", first, "Don't tell me"), "I won't write to you about #1")
	})
	t.Run("on_a_closed_one_it_is_kept_and_said", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.item("Dark theme", func(it *bot.Item) { it.Status = bot.StatusShipped })
		reads(t, w.says("omar", "C1", "/heed vote 1"), "Voting is closed there (Shipped)", "your voice is kept")
		if n := w.number(`select count(*) from ballots`); n != 1 || w.numbered(1).Votes != 1 {
			t.Errorf("%d ballots, %d votes", n, w.numbered(1).Votes)
		}
	})
	t.Run("on_one_that_is_part_of_another_it_counts_there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		root, twin := w.item("Dark theme", nil), w.item("Night colours", nil)
		w.must(w.store.MergeItem(t.Context(), w.ws.Board, twin.ID, root.ID, w.clock.Now()))
		w.says("omar", "C1", "/heed vote 1")
		w.clock.move(time.Second)
		reads(t, w.says("omar", "C1", "/heed vote 2"), "#1 Dark theme (#2 is part of it)", "1 person")
		reads(t, w.says("lena", "C1", "/heed vote 2"), "Counted", "#1 Dark theme (#2 is part of it)")
		if got := w.numbered(1).Votes; got != 2 {
			t.Errorf("%d votes", got)
		}
	})
	t.Run("fifty_a_minute_and_no_more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.item("Dark theme", nil)
		w.exec(`update boards set settings = '{"votes_per_minute": 2}'`)
		w.item("Export invoices", nil)
		w.item("Faster search", nil)
		w.says("omar", "C1", "/heed vote 1")
		w.says("omar", "C1", "/heed vote 2")
		reads(t, w.says("omar", "C1", "/heed vote 3"), "2 votes in a minute", "go on in a minute")
		reads(t, w.says("lena", "C1", "/heed vote 3"), "Counted")
		w.clock.move(time.Minute + time.Second)
		reads(t, w.says("omar", "C1", "/heed vote 3"), "👍 Counted for #3")
		if got := w.numbered(3).Votes; got != 2 {
			t.Errorf("%d votes", got)
		}
	})
}
