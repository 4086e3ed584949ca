package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	notices := func(t *testing.T, w *deskWorld) {
		t.Helper()
		for {
			did, err := w.bot.NoticesOnce(w.ctx)
			if err != nil {
				t.Fatal(err)
			}
			if did == 0 {
				break
			}
		}
		w.dispatch(t)
	}
	ship := func(t *testing.T, w *deskWorld, number string) {
		t.Helper()
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/ship", number)), map[string]string{"how": "Settings → Appearance → Dark", "link": "https://acme.example/dark"})
	}
	t.Run("nobody_hears_before_undo_is_over", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		ship(t, w, "1")
		w.clock.move(5*time.Minute - time.Second)
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told %s", got[0].words())
		}
	})
	t.Run("it_comes_in_their_own_words_and_once_whoever_asks", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.vote(t, "URUI", it)
		w.vote(t, "ULENA", it)
		ship(t, w, "1")
		w.clock.move(5 * time.Minute)
		var all sync.WaitGroup
		for range 4 { // as many replicas
			all.Go(func() {
				if _, err := w.bot.NoticesOnce(w.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		notices(t, w)
		w.clock.move(24 * time.Hour)
		notices(t, w)
		got := w.to("@URUI")
		if len(got) != 1 {
			t.Fatalf("told %d times", len(got))
		}
		for _, want := range []string{
			"You asked, it's here: #1 Dark mode.", "Settings → Appearance → Dark", "Your words on 23 November: “Dark mode, please. URUI says so.”",
			"2 of you made the case", "[Try it]", "[Something's off]", "[Stop these notes]",
		} {
			if !strings.Contains(got[0].words(), want) {
				t.Errorf("lacks %q:\n%s", want, got[0].words())
			}
		}
		if got := w.to("@ULENA"); len(got) != 1 || !strings.Contains(got[0].words(), "You wanted it, it's here") {
			t.Errorf("Lena, who voted, is told %v", got)
		}
		if got := w.to("@UBEN"); len(got) != 0 {
			t.Error("Ben is told of what he did himself")
		}
	})
	t.Run("whom_one_replica_decides_on_the_others_leave_alone", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		ship(t, w, "1")
		now := w.clock.Now().Add(time.Hour)
		err := w.store.InTx(w.ctx, func(tx bot.Tx) error {
			if mine, err := tx.Recipients(w.ctx, now, 10); err != nil || len(mine) != 1 {
				t.Errorf("the first finds %v, %v", mine, err)
			}
			if theirs, err := w.store.Recipients(w.ctx, now, 10); err != nil || len(theirs) != 0 {
				t.Errorf("the second finds %v, %v", theirs, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("one_batch_a_day_and_never_at_night", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.item(t, "URUI", "CSV export", bot.Community, "", "")
		w.item(t, "URUI", "Saved filters", bot.Community, "", "")
		ship(t, w, "1")
		w.say(t, "UANA", "/heed", "status 2 declined Too few people need it.")
		w.clock.move(10 * time.Minute)
		notices(t, w)
		got := w.to("@URUI")
		if len(got) != 1 || !strings.Contains(got[0].words(), "#1 Dark mode") || !strings.Contains(got[0].words(), "About #2 CSV export, which you asked for on 23 November: we won't build it for now.") ||
			!strings.Contains(got[0].words(), "Why: “Too few people need it.” (Ana)") {
			t.Fatalf("the batch is %v", got)
		}
		ship(t, w, "3")
		w.clock.move(8 * time.Hour)
		notices(t, w)
		w.clock.move(12 * time.Hour) // four at night
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 1 {
			t.Fatalf("%d batches on one day", len(got))
		}
		w.clock.move(4 * time.Hour)
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 2 || !strings.Contains(got[1].words(), "#3 Saved filters") {
			t.Errorf("the next morning brought %v", got)
		}
	})
	t.Run("stop_is_remembered_and_start_takes_it_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.item(t, "URUI", "CSV export", bot.Community, "", "")
		ship(t, w, "1")
		w.says(t, w.press(t, "URUI", "stop"), "won't write to you")
		w.clock.move(10 * time.Minute)
		notices(t, w)
		w.says(t, w.press(t, "URUI", "start"), "write to you again")
		w.clock.move(24 * time.Hour)
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told %s", got[0].words())
		}
		ship(t, w, "2")
		w.clock.move(24 * time.Hour)
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 1 || strings.Contains(got[0].words(), "#1") {
			t.Errorf("told %v", got)
		}
	})
	t.Run("stopping_between_the_batch_and_its_sending_holds", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		ship(t, w, "1")
		w.clock.move(10 * time.Minute)
		if _, err := w.bot.NoticesOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.press(t, "URUI", "stop")
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told %s", got[0].words())
		}
	})
	t.Run("what_became_the_teams_meanwhile_is_not_told_to_a_guest", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		ship(t, w, "1")
		w.exec(t, `update items set audience = 'team' where item_id = $1`, it.ID)
		w.clock.move(10 * time.Minute)
		notices(t, w)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told %s", got[0].words())
		}
	})
	t.Run("on_discord_a_vote_alone_brings_no_direct_message", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		guild := bot.WorkspaceRef{Platform: bot.Discord, Ref: "G1"}
		w.exec(t, `insert into workspaces (board_id, platform, ref, created_at) values ($1, 'discord', 'G1', $2)`, w.ws.Board, monday)
		for _, account := range []string{"voter", "follower"} {
			if _, err := w.store.CastVotes(w.ctx, monday, []bot.Ballot{{Workspace: guild, Account: account, Item: it.Number, Place: bot.PlaceButton, Act: bot.Support, At: monday, Audience: bot.Community}}); err != nil {
				t.Fatal(err)
			}
		}
		w.exec(t, `insert into follows (board_id, member_id, item_id, follows, at) select board_id, member_id, $1, true, $2 from members where account = 'follower'`, it.ID, monday)
		w.says(t, w.say(t, "UBEN", "/ship", "1"), "direct 2 · threads 0 · cards only 1")
		ship(t, w, "1")
		if n := w.count(t, `select count(*) from notices n join members m using (board_id, person_id) where m.account = 'voter'`); n != 0 {
			t.Error("who only voted is written to")
		}
		if n := w.count(t, `select count(*) from notices n join members m using (board_id, person_id) where m.account = 'follower'`); n != 1 {
			t.Error("who follows it is not written to")
		}
	})
	t.Run("a_person_whose_account_was_linked_meanwhile_is_told_once", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		ship(t, w, "1")
		w.clock.move(time.Minute)
		if err := w.store.LinkMember(w.ctx, w.ws.Board, w.member(t, "URUI").ID, w.member(t, "UOMAR").Person, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		w.clock.move(10 * time.Minute)
		notices(t, w)
		if rui, omar := w.to("@URUI"), w.to("@UOMAR"); len(rui)+len(omar) != 1 {
			t.Errorf("told %d and %d times", len(rui), len(omar))
		}
	})
}
