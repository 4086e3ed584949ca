package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestRights(t *testing.T) {
	t.Parallel()
	t.Run("a_refusal_names_who_can_and_asks_them", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		r := w.say(t, "ULENA", "/ship", "1")
		w.says(t, r, "Only a product owner can ship; here that's Ben. Nothing has changed.")
		if strings.Contains(plain(r), "Give myself") {
			t.Error("a role is offered to somebody who is no admin")
		}
		if got := w.read(t, it).Status; got != bot.StatusNew {
			t.Errorf("status %s after a refusal", got)
		}
		w.says(t, w.press(t, "ULENA", action(t, r, "Ask Ben")), "I asked Ben")
		w.press(t, "ULENA", action(t, r, "Ask Ben"))
		w.dispatch(t)
		notes := w.to("@UBEN")
		if len(notes) != 1 {
			t.Fatalf("Ben got %d notes, want 1", len(notes))
		}
		for _, want := range []string{"Lena", "#1 Dark mode", "[Ship #1]"} {
			if !strings.Contains(notes[0].words(), want) {
				t.Errorf("note lacks %q: %s", want, notes[0].words())
			}
		}
	})
	t.Run("while_nobody_holds_a_role_the_admins_decide", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.member(t, "UZOE")
		w.says(t, w.say(t, "ULENA", "/ship", "1"), "There's no product owner yet, so the admins decide: Zoe.", "[Ask Zoe]")
		w.form(t, w.say(t, "UZOE", "/ship", "1"))
	})
	t.Run("an_admin_may_take_a_role_that_others_hold", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		r := w.say(t, "UZOE", "/ship", "1")
		w.says(t, r, "here that's Ben")
		w.says(t, w.press(t, "ULENA", "takerole po"), "Only an admin can give roles")
		w.says(t, w.press(t, "UZOE", action(t, r, "Give myself this role")), "Zoe is a product owner now.")
		w.form(t, w.say(t, "UZOE", "/ship", "1"))
	})
	t.Run("nobody_is_asked_who_does_not_hold_the_role", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.says(t, w.press(t, "ULENA", bot.Act("ask", "po", w.member(t, "UOMAR").ID, "ship", 1)), "no longer decides")
		w.dispatch(t)
		if got := w.to("@UOMAR"); len(got) != 0 {
			t.Errorf("Omar got %d notes", len(got))
		}
	})
	t.Run("the_last_admin_by_grant_keeps_the_role", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t)
		w.member(t, "UZOE")
		w.says(t, w.say(t, "UZOE", "/heed", "role <@UZOE> admin off"), "only admin")
	})
}

func TestSetStatus(t *testing.T) {
	t.Parallel()
	t.Run("a_no_needs_a_reason", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		form := w.form(t, w.say(t, "UANA", "/heed", "status 1 declined"))
		if _, ok := w.submit(t, "UANA", form, map[string]string{"reason": " "}).(bot.Fix); !ok {
			t.Fatal("a no without a reason was taken")
		}
		w.says(t, w.submit(t, "UANA", form, map[string]string{"reason": "Too few people need it."}), "Not planned", "Undo")
		if got := w.read(t, it); got.Status != bot.StatusDeclined || got.Reason != "Too few people need it." {
			t.Errorf("item is %s (%s)", got.Status, got.Reason)
		}
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Fatalf("the thread was told before Undo was over: %v", got)
		}
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		got := w.to("CSUPPORT")
		if len(got) != 1 || got[0].Thread != "10.1" || !strings.Contains(got[0].words(), "Too few people need it.") || !strings.Contains(got[0].words(), "(Ana)") {
			t.Errorf("the thread was told %v", got)
		}
	})
	t.Run("a_closed_one_only_goes_back_under_review", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "status 1 not planned too few people need it")
		w.says(t, w.say(t, "UANA", "/heed", "status 1 planned"), "closed", "Not planned", "by you just now", "under review")
		w.says(t, w.say(t, "UANA", "/heed", "status 1 under review"), "Under review")
	})
	t.Run("the_same_again_says_who_was_first", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UZOE", "/heed", "role <@UZOE> pm")
		w.say(t, "UZOE", "/heed", "status 1 planned")
		w.clock.move(2 * time.Minute)
		w.says(t, w.say(t, "UANA", "/heed", "status 1 planned"), "Planned already, by Zoe 2 minutes ago")
	})
	t.Run("undo_puts_back_what_was_and_tells_nobody", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.say(t, "UANA", "/heed", "status 1 planned")
		r := w.say(t, "UANA", "/heed", "status 1 declined no longer")
		undo := action(t, r, "Undo")
		w.says(t, w.press(t, "URUI", undo), "Only a product manager", "Ana")
		w.says(t, w.press(t, "UANA", undo), "Planned again")
		w.says(t, w.press(t, "UANA", undo), "taken back already")
		if got := w.read(t, it); got.Status != bot.StatusPlanned || got.Reason != "" {
			t.Errorf("item is %s (%q)", got.Status, got.Reason)
		}
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the thread was told: %v", got)
		}
		if n := w.count(t, `select count(*) from notices where kind = 'declined' and dropped_at is null`); n != 0 {
			t.Errorf("%d notices stand", n)
		}
	})
	t.Run("an_undo_after_a_later_move_changes_nothing", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		undo := action(t, w.say(t, "UANA", "/heed", "status 1 planned"), "Undo")
		w.clock.move(time.Minute)
		w.say(t, "UANA", "/heed", "status 1 in progress")
		w.says(t, w.press(t, "UANA", undo), "moved on since")
		if got := w.read(t, it).Status; got != bot.StatusStarted {
			t.Errorf("status %s", got)
		}
	})
	t.Run("an_undo_of_the_same_status_set_before_changes_nothing", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		undo := action(t, w.say(t, "UANA", "/heed", "status 1 planned"), "Undo")
		for _, status := range []string{"in progress", "planned"} {
			w.clock.move(time.Minute)
			w.say(t, "UANA", "/heed", "status 1 "+status)
		}
		w.says(t, w.press(t, "UANA", undo), "moved on since")
		if got := w.read(t, it).Status; got != bot.StatusPlanned {
			t.Errorf("status %s", got)
		}
	})
	t.Run("an_unknown_number_or_one_for_other_eyes_is_not_there", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.say(t, "UANA", "/heed", "status 99 planned"), "There's no #99 here")
	})
}

func TestShip(t *testing.T) {
	t.Parallel()
	ship := func(t *testing.T, w *deskWorld, number, note string) bot.Reply {
		t.Helper()
		form := w.form(t, w.say(t, "UBEN", "/ship", number+" "+note))
		return w.submit(t, "UBEN", form, map[string]string{"how": "Settings → Appearance → Dark", "link": "https://acme.example/dark"})
	}
	t.Run("a_link_that_is_none_keeps_the_form_open", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		form := w.form(t, w.say(t, "UBEN", "/ship", "1"))
		if _, ok := w.submit(t, "UBEN", form, map[string]string{"link": "javascript:alert(1)"}).(bot.Fix); !ok {
			t.Error("taken as a link")
		}
		if got := w.read(t, it).Status; got != bot.StatusNew {
			t.Errorf("status %s", got)
		}
	})
	t.Run("of_two_at_once_one_wins_and_the_news_go_once", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.say(t, "UZOE", "/heed", "role <@UZOE> po")
		form := w.form(t, w.say(t, "UBEN", "/ship", "1"))
		calls := []bot.Call{w.call("UBEN"), w.call("UZOE"), w.call("UBEN"), w.call("UZOE")}
		replies := make([]bot.Reply, len(calls))
		var all sync.WaitGroup
		for i, c := range calls {
			all.Go(func() {
				replies[i], _ = w.bot.Submit(w.ctx, c, bot.Submission{Form: form.ID, State: form.State, Values: map[string]string{}})
			})
		}
		all.Wait()
		won := 0
		for _, r := range replies {
			if strings.Contains(plain(r), "Shipped: ") {
				won++
			} else if !strings.Contains(plain(r), "shipped by") {
				t.Errorf("the loser reads %s", plain(r))
			}
		}
		if won != 1 {
			t.Errorf("%d ships, want 1", won)
		}
		w.clock.move(time.Hour)
		w.dispatch(t)
		if n := w.count(t, `select count(*) from announcements`); n != 1 {
			t.Errorf("%d announcements", n)
		}
		if got := w.to("CSUPPORT"); len(got) != 1 {
			t.Errorf("the thread was told %d times", len(got))
		}
	})
	t.Run("a_second_press_names_the_first", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UZOE", "/heed", "role <@UZOE> po")
		ship(t, w, "1", "")
		w.clock.move(2 * time.Minute)
		w.says(t, w.say(t, "UZOE", "/ship", "1"), "shipped by Ben 2 minutes ago")
	})
	t.Run("every_place_that_asked_is_answered_merged_ones_too_and_the_reach_is_true", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		twin := w.item(t, "ULENA", "Dark theme", bot.Community, "CSUPPORT", "20.1")
		w.vote(t, "UOMAR", twin)
		w.vote(t, "UBEN", it)
		if err := w.store.MergeItem(w.ctx, w.ws.Board, twin.ID, it.ID, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		form := w.say(t, "UBEN", "/ship", "2 It's here") // by the duplicate's number
		w.says(t, form, "#1 Dark mode (#2 is part of it)", "direct 3 · threads 2 · cards only 0 · channels 2", "It's here")
		w.submit(t, "UBEN", w.form(t, form), nil)
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		w.dispatch(t)
		threads := map[string]int{}
		for _, m := range w.to("CSUPPORT") {
			threads[m.Thread]++
			if !strings.Contains(m.words(), "It's here") {
				t.Errorf("a thread lacks the note: %s", m.words())
			}
		}
		if len(threads) != 2 || threads["10.1"] != 1 || threads["20.1"] != 1 {
			t.Errorf("threads answered: %v", threads)
		}
		if a, b := w.to("CNEWS"), w.to("CINSIDE"); len(a) != 1 || len(b) != 1 {
			t.Errorf("announced %d and %d times", len(a), len(b))
		}
		if n := w.count(t, `select count(*) from notices where kind = 'shipped'`); n != 3 {
			t.Errorf("%d notices, want 3", n)
		}
	})
	t.Run("what_is_for_the_team_reaches_no_community", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		secret := w.item(t, "ULENA", "Atlas rewrite", bot.Team, "CSUPPORT", "30.1") // its thread is read by the community
		known := w.item(t, "URUI", "Faster search", bot.Community, "CSUPPORT", "40.1")
		if err := w.store.MergeItem(w.ctx, w.ws.Board, known.ID, secret.ID, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		w.says(t, w.say(t, "UBEN", "/ship", "1"), "channels 1", "Only the team hears")
		ship(t, w, "1", "Atlas is live")
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		if got := w.to("CNEWS"); len(got) != 0 {
			t.Errorf("announced to the community: %s", got[0].words())
		}
		if got := w.to("CINSIDE"); len(got) != 1 || !strings.Contains(got[0].words(), "Atlas is live") {
			t.Errorf("the team was told %v", got)
		}
		got := w.to("CSUPPORT")
		if len(got) != 2 {
			t.Fatalf("%d threads answered, want 2", len(got))
		}
		for _, m := range got {
			if strings.Contains(m.words(), "Atlas") || strings.Contains(m.words(), "acme.example") {
				t.Errorf("the community reads %s", m.words())
			}
			if m.Thread == "40.1" && !strings.Contains(m.words(), "#2 Faster search") {
				t.Errorf("the thread reads %s", m.words())
			}
		}
		if n := w.count(t, `select count(*) from notices n join members m using (board_id, person_id) where m.account = 'URUI' and n.item_id = $1`, known.ID); n != 1 {
			t.Error("Rui is not told of the item that he knows")
		}
	})
	t.Run("what_becomes_the_teams_before_the_news_went_out_is_not_announced", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Atlas colours", bot.Community, "CSUPPORT", "10.1")
		ship(t, w, "1", "Atlas is live")
		w.say(t, "UANA", "/heed", "audience 1 team")
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		if got := w.to("CNEWS"); len(got) != 0 {
			t.Errorf("announced to the community: %s", got[0].words())
		}
		if got := w.to("CSUPPORT"); len(got) != 1 || strings.Contains(got[0].words(), "Atlas") {
			t.Errorf("the thread reads %v", got)
		}
		if got := w.to("CINSIDE"); len(got) != 1 {
			t.Errorf("the team was told %d times", len(got))
		}
	})
	t.Run("who_asked_for_quiet_is_not_told", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.vote(t, "ULENA", it)
		w.vote(t, "UOMAR", it)
		w.exec(t, `insert into mutes (board_id, member_id, at) values ($1, $2, $3)`, w.ws.Board, w.member(t, "ULENA").ID, monday)
		w.exec(t, `insert into follows (board_id, member_id, item_id, follows, at) values ($1, $2, $3, false, $4)`, w.ws.Board, w.member(t, "UOMAR").ID, it.ID, monday)
		w.says(t, w.say(t, "UBEN", "/ship", "1"), "direct 1 · threads 0 · cards only 2")
		ship(t, w, "1", "")
		if n := w.count(t, `select count(*) from notices n join members m using (board_id, person_id) where m.account <> 'URUI'`); n != 0 {
			t.Errorf("%d notices for people who asked for quiet", n)
		}
	})
	t.Run("undo_in_time_takes_everything_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.say(t, "UANA", "/heed", "status 1 in progress")
		undo := action(t, ship(t, w, "1", "It's here"), "Undo")
		w.clock.move(4*time.Minute + 59*time.Second)
		w.says(t, w.press(t, "UBEN", undo), "In progress", "Nobody was told")
		w.clock.move(time.Hour)
		w.dispatch(t)
		for _, where := range []string{"CSUPPORT", "CNEWS", "CINSIDE"} {
			if got := w.to(where); len(got) != 0 {
				t.Errorf("%s was told", where)
			}
		}
		if got := w.read(t, it).Status; got != bot.StatusStarted {
			t.Errorf("status %s", got)
		}
		w.says(t, ship(t, w, "1", "Now it is"), "Shipped: ")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 1 || !strings.Contains(got[0].words(), "Now it is") {
			t.Errorf("after a second ship the thread was told %v", got)
		}
	})
	t.Run("looked_at_again_before_the_news_went_out_nobody_is_told", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		ship(t, w, "1", "")
		w.clock.move(2 * time.Minute)
		w.says(t, w.say(t, "UANA", "/heed", "status 1 under review"), "Under review")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the thread was told %s", got[0].words())
		}
		if n := w.count(t, `select count(*) from notices where kind = 'shipped' and dropped_at is null`); n != 0 {
			t.Errorf("%d people will be told", n)
		}
	})
	t.Run("undo_too_late_says_so_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		undo := action(t, ship(t, w, "1", ""), "Undo")
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		w.says(t, w.press(t, "UBEN", undo), "Too late")
		if got := w.read(t, it).Status; got != bot.StatusShipped {
			t.Errorf("status %s", got)
		}
	})
}
