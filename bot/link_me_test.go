package bot_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestLinkMe(t *testing.T) {
	t.Parallel()
	shared := func(t *testing.T) *linkWorld {
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		w.share()
		return w
	}
	joined := func(w *linkWorld, a, b string) {
		w.t.Helper()
		code := w.code(a, "heed link me")
		w.clock.move(time.Minute)
		reads(w.t, w.press(b, w.say(b, "heed link me "+code), "Yes, both are mine"), "one person here now")
	}

	t.Run("alone_on_a_board_there_is_nobody_to_join", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		reads(t, w.say("U1", "heed link me"), "only this workspace")
	})

	t.Run("another_boards_code_is_none", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		code := w.code("U1", "heed link me")
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Discord, Ref: "G2"}, Name: "Elsewhere"})
		w.must(err)
		call := w.call("D1")
		call.Workspace.Ref = "G2"
		r, err := w.bot.Command(t.Context(), call, "heed", "link me "+code)
		w.must(err)
		reads(t, r, "doesn't work")
	})

	t.Run("a_boards_code_joins_no_accounts_and_the_other_way_around", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		reads(t, w.say("D1", "heed link me "+w.code("UZOE", "heed link")), "doesn't work")
	})

	t.Run("nobody_joins_somebody_else", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		code := w.code("U1", "heed link me")
		reads(t, w.say("U1", "heed link me "+code), "the account that asked")
		ask := w.say("D1", "heed link me "+code)
		reads(t, w.press("D2", ask, "Yes, both are mine"), "doesn't work") // not whom it was shown to
		if n := w.number(`select count(*) from members where person_id <> own_person_id`); n != 0 {
			t.Errorf("%d accounts are joined", n)
		}
		w.press("D1", ask, "Yes, both are mine")
		reads(t, w.press("D1", ask, "Yes, both are mine"), "doesn't work") // once
	})

	t.Run("it_is_shown_in_time_and_pressed_too_late", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		ask := w.say("D1", "heed link me "+w.code("U1", "heed link me"))
		w.clock.move(16 * time.Minute)
		reads(t, w.press("D1", ask, "Yes, both are mine"), "doesn't work")
	})

	t.Run("of_two_presses_one_counts", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		ask := w.say("D1", "heed link me "+w.code("U1", "heed link me"))
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { _, _ = w.bot.Press(context.Background(), w.call("D1"), actionOf(t, ask, "Yes, both are mine")) })
		}
		all.Wait()
		if n := w.number(`select count(*) from history where act = 'accounts_joined'`); n != 1 {
			t.Errorf("joined %d times", n)
		}
	})

	t.Run("one_person_one_vote_and_back", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		w.say("UZOE", "heed audience 2 community")
		w.say("U1", "heed vote 2")
		if it := w.titled(acme, "Dark mode"); it.Votes != 2 {
			t.Fatalf("%d votes before, want 2", it.Votes)
		}
		joined(w, "U1", "D1")
		if it := w.titled(acme, "Dark mode"); it.Votes != 1 {
			t.Errorf("%d votes of one person", it.Votes)
		}
		w.say("D1", "heed unvote 2")
		if it := w.titled(acme, "Dark mode"); it.Votes != 0 {
			t.Errorf("%d votes after taking it back", it.Votes)
		}
		reads(t, w.say("U1", "heed my-data"), "in Acme (Slack)", "in Acme Community (Discord)", "joined these 2 accounts")
		reads(t, w.say("D1", "heed link me off"), "2 accounts are apart")
		if it := w.titled(acme, "Dark mode"); it.Votes != 1 { // Slack's own vote; Discord's was taken back
			t.Errorf("%d votes apart, want 1", it.Votes)
		}
		reads(t, w.say("D1", "heed link me off"), "nothing to part")
		w.stands("apart")
	})

	t.Run("roles_and_silence_are_the_persons", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		w.say("UZOE", "heed role <@U1> pm")
		reads(t, w.say("D1", "heed status 2 planned"), "Only")
		joined(w, "U1", "D1")
		hides(t, w.say("D1", "heed status 2 planned"), "Only")
		w.say("U1", "heed link me off")
		reads(t, w.say("D1", "heed status 2 new"), "Only")
	})

	t.Run("forget_me_says_that_it_means_all_accounts", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		joined(w, "U1", "D1")
		ask := w.say("D1", "heed forget-me")
		reads(t, ask, "all your accounts here", "in Acme (Slack)", "link me off")
		w.press("D1", ask, "Forget me")
		if n := w.number(`select count(*) from members where account in ('U1', 'D1') and board_id = $1`, w.here(acme).Board); n != 0 {
			t.Errorf("%d accounts are still known", n)
		}
		w.votesHold()
	})

	t.Run("news_for_both_come_once_where_they_spoke_last", func(t *testing.T) {
		t.Parallel()
		w := shared(t)
		w.say("U1", "heed follow 2")
		w.say("D1", "heed follow 2")
		w.say("UZOE", "heed status 2 started")
		joined(w, "U1", "D1")
		w.clock.move(time.Hour)
		_, err := w.bot.NoticesOnce(t.Context())
		w.must(err)
		var told []string
		w.must(w.db.Select(&told, `select account from posts where kind = 'direct'`))
		if len(told) != 1 || told[0] != "D1" {
			t.Errorf("told %v, want D1 alone", told)
		}
	})
}
