package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

func TestLookups(t *testing.T) {
	t.Parallel()
	t.Run("a_bots_vote_is_taken_back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
		w.react("Hal", "C1", "m1", "+1", bot.Support, w.clock.Now())
		w.chat.members["Hal"] = bot.MemberSeen{Account: "Hal", Name: "Hal", Bot: true, Complete: true}
		n, err := w.bot.LookupsOnce(t.Context())
		w.must(err)
		w.drain()
		if n != 2 || w.count(it) != 1 {
			t.Errorf("%d looked up, %d votes", n, w.count(it))
		}
		if c := w.chat.in("C1")[0].(bot.Card); c.Votes != 1 {
			t.Errorf("the card says %d", c.Votes)
		}
		if n, err := w.bot.LookupsOnce(t.Context()); n != 0 || err != nil {
			t.Errorf("asked again: %d, %v", n, err)
		}
	})
	t.Run("a_first_vote_by_reaction_says_so_once_with_a_way_to_stop", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		one, two := w.item("Dark mode", nil), w.item("CSV export", nil)
		w.want(one, "C1")
		w.drain()
		w.want(two, "C1")
		w.drain()
		w.chat.members["Hal"] = bot.MemberSeen{Account: "Hal", Name: "Hal", Bot: true, Complete: true}
		tell := func() {
			_, err := w.bot.LookupsOnce(t.Context())
			w.must(err)
			_, err = w.bot.NoticesOnce(t.Context())
			w.must(err)
			w.drain()
		}
		w.says("Rui", "C1", "/heed vote 1") // answered there
		for _, account := range []string{"Omar", "Hal", "Mira"} {
			w.react(account, "C1", "m1", "+1", bot.Support, w.clock.Now())
		}
		w.react("Mira", "C1", "m1", "+1", bot.Retract, w.clock.Now().Add(time.Second))
		tell()
		w.clock.move(24 * time.Hour)
		w.react("Omar", "C1", "m2", "+1", bot.Support, w.clock.Now())
		tell()
		told := w.chat.in("DOmar")
		if len(told) != 1 || len(w.chat.in("DHal"))+len(w.chat.in("DMira"))+len(w.chat.in("DRui")) != 0 {
			t.Fatalf("calls %v", w.chat.calls)
		}
		reads(t, bot.Say{Doc: told[0].(bot.Direct).Doc}, "Your 👍 for #1 Dark mode counts", "[Why do you need it?]", "[Don't tell me]", "[Stop these notes]")
	})
	t.Run("an_account_that_is_gone_is_not_asked_for_ever", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.vote(w.item("Dark mode", nil), "Rui", bot.Support)
		w.chat.fail = func(string, string) error { return &bot.Fault{Kind: bot.FaultGone, Reason: "user_not_found"} }
		_, err := w.bot.LookupsOnce(t.Context())
		w.must(err)
		_, err = w.bot.LookupsOnce(t.Context())
		w.must(err)
		if n := w.chat.count("member"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
	t.Run("a_limited_platform_is_left_alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.votes(w.item("Dark mode", nil), 5, "U")
		w.chat.fail = func(string, string) error { return &bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited"} }
		if _, err := w.bot.LookupsOnce(t.Context()); err == nil || w.chat.count("member") != 1 {
			t.Errorf("%d questions after a limit, %v", w.chat.count("member"), err)
		}
	})
	t.Run("a_workspace_is_not_asked_faster_than_it_allows", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.votes(w.item("Dark mode", nil), 50, "U")
		began := time.Now()
		for range 3 {
			_, err := w.bot.LookupsOnce(t.Context())
			w.must(err)
		}
		most := 21 + int(time.Since(began)/(750*time.Millisecond))
		if n := w.chat.count("member"); n < 20 || n > most {
			t.Errorf("asked %d times, want the twenty at once and at most %d", n, most)
		}
	})
	t.Run("a_workspace_that_refuses_keeps_no_other_waiting", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.votes(w.item("Dark mode", nil), 3, "U")
		other, err := w.store.AttachWorkspace(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T9"}, Name: "Globex"}, monday)
		w.must(err)
		w.exec(`insert into people (board_id, person_id, created_at) values ($1, 900, $2)`, other.Board, monday)
		w.exec(`insert into members (board_id, workspace_id, account, person_id, own_person_id, audience) values ($1, $2, 'Lena', 900, 900, 'team')`, other.Board, int64(other.ID))
		w.chat.fail = func(_, at string) error {
			if at != "Lena" {
				return &bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited"}
			}
			return nil
		}
		if n, err := w.bot.LookupsOnce(t.Context()); n != 1 || err == nil {
			t.Errorf("learned of %d, %v", n, err)
		}
	})
}
