package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// wishes are far enough from each other to be none the same.
var wishes = strings.Split("Dark theme|Export invoices as PDF|Faster search|Keyboard shortcuts|Calendar sync|Bulk edit of contacts|Offline maps|Two monitors", "|")

func TestBounds(t *testing.T) {
	t.Parallel()
	guest := func(t *testing.T) *world {
		w := newWorld(t)
		w.chat.members["guest"] = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
		return w
	}
	t.Run("the_community_asks_five_times_a_day_half_a_minute_apart", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.asks("guest", "C1", wishes[0])
		w.clock.move(10 * time.Second)
		r := w.says("guest", "C1", "/feedback "+wishes[1])
		reads(t, r, "One at a time", "20 seconds", "> "+wishes[1], "Nothing was saved")
		for i := 1; i < 5; i++ {
			w.clock.move(time.Minute)
			w.asks("guest", "C1", wishes[i])
		}
		w.clock.move(time.Hour)
		r = w.says("guest", "C1", "/feedback "+wishes[5])
		reads(t, r, "more than 5 requests", "23 hours", "> "+wishes[5])
		w.clock.move(23 * time.Hour)
		w.asks("guest", "C1", wishes[5])
	})
	t.Run("the_team_is_not_slowed_down", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for _, wish := range wishes {
			w.asks("rui", "C1", wish)
		}
	})
	t.Run("the_boards_own_bounds_hold", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.exec(`update boards set settings = '{"requests_per_day": 2, "request_gap": 1}'`)
		for i := range 2 {
			w.clock.move(time.Second)
			w.asks("guest", "C1", wishes[i])
		}
		reads(t, w.says("guest", "C1", "/feedback "+wishes[2]), "more than 2 requests")
	})
	t.Run("held_words_count_and_a_redelivery_does_not", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.exec(`update boards set settings = '{"requests_per_day": 2, "request_gap": 1}'`)
		call := w.by("guest", "C1")
		for range 3 {
			r, err := w.bot.Command(t.Context(), call, "/feedback", wishes[0])
			w.must(err)
			reads(t, r, "Saved as #1")
		}
	})
	t.Run("what_is_too_long_to_quote_is_kept", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.asks("guest", "C1", wishes[0])
		long := strings.TrimSpace(strings.Repeat("faster search in old mails ", 200))
		r := w.says("guest", "C1", "/feedback “"+long+"”")
		reads(t, r, "One at a time", "All of them are kept")
		reads(t, w.presses("guest", "C1", r, "Send as feedback"), "One at a time", "They stay kept", "[Send as feedback]")
		w.clock.move(time.Minute)
		reads(t, w.presses("guest", "C1", r, "Send as feedback"), "Saved as #2")
		if got := w.numbered(2).Body; !strings.Contains(got, long) {
			t.Errorf("%d bytes are left", len(got))
		}
	})
	t.Run("a_message_saved_too_soon_is_kept_for_later", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.asks("guest", "C1", wishes[0])
		r := w.fills("guest", "C1", w.saves("guest", "C1", heard("rui", wishes[1])), nil)
		reads(t, r, "One at a time", "They stay kept")
		hides(t, r, "Nothing was saved")
		reads(t, w.says("guest", "C1", "/heed mine"), wishes[1])
		w.clock.move(time.Minute)
		reads(t, w.presses("guest", "C1", r, "Send as feedback"), "Saved as #2", "in the name of rui")
	})
	t.Run("a_blocked_member_gets_the_words_back_and_the_date", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("rui", "C1", "/heed help")
		w.exec(`insert into blocks (board_id, member_id, until_at, reason, at) select board_id, member_id, $1, 'spam', $2 from members where account = 'rui'`,
			monday.AddDate(0, 0, 10), monday)
		r := w.says("rui", "C1", "/feedback dark mode")
		reads(t, r, "until 3 December", "> dark mode", "still read and vote")
		hides(t, r, "spam")
		if w.number(`select count(*) from items`)+w.number(`select count(*) from held`) != 0 {
			t.Error("something was kept")
		}
		w.clock.move(11 * 24 * time.Hour)
		w.asks("rui", "C1", "dark mode")
	})
	t.Run("votes_by_command_and_button_have_a_pace_and_those_before_stay", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.exec(`update boards set settings = '{"votes_per_minute": 3}'`)
		for _, wish := range wishes[:5] {
			w.item(wish, nil)
		}
		w.says("rui", "C1", "/heed help")
		for i := range 3 {
			w.clock.move(time.Second)
			reads(t, w.says("rui", "C1", fmt.Sprintf("/heed vote %d", i+1)), "#"+fmt.Sprint(i+1))
		}
		r := w.says("rui", "C1", "/heed vote 4")
		reads(t, r, "3 votes in a minute", "The ones before are counted")
		if a, b := w.numbered(3).Votes, w.numbered(4).Votes; a != 1 || b != 0 {
			t.Errorf("#3 has %d, #4 has %d", a, b)
		}
		w.clock.move(2 * time.Minute)
		reads(t, w.says("rui", "C1", "/heed vote 4"), "1 person")
	})
	t.Run("at_once_from_two_sides_the_bound_holds", func(t *testing.T) {
		t.Parallel()
		w := guest(t)
		w.exec(`update boards set settings = '{"requests_per_day": 3, "request_gap": 1}'`)
		w.says("guest", "C1", "/heed help")
		done := make(chan error, len(wishes))
		for i, wish := range wishes {
			go func() {
				call := w.by("guest", "C1")
				call.Key = fmt.Sprint("at-once-", i)
				_, err := w.bot.Command(t.Context(), call, "/feedback", wish)
				done <- err
			}()
		}
		for range wishes {
			w.must(<-done)
		}
		if n := w.number(`select count(*) from items`); n > 3 {
			t.Errorf("%d items got through", n)
		}
	})
}
