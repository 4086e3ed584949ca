package bot_test

import (
	"fmt"
	"testing"

	"heed/bot"
)

// TestLeaveASharedBoard: what was brought comes home, and nothing is double when it comes back.
func TestLeaveASharedBoard(t *testing.T) {
	t.Parallel()

	t.Run("there_is_nothing_to_leave_alone", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		reads(t, w.say("DGIL", "heed unlink"), "nothing to leave")
		reads(t, w.say("DGIL", "heed link off"), "nothing to leave")
	})

	t.Run("what_was_brought_comes_home_under_its_old_number", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		home := w.here(w.guildRef).Board
		w.share()
		w.asks("D2", "Bulk edit of tags")
		w.say("D3", "heed vote 2")
		w.say("U1", "heed vote 2")
		w.say("UZOE", "heed status 2 planned")
		w.drain()
		reads(t, w.say("DGIL", "heed unlink"), "2 requests with 3 votes")
		w.leave()
		if b := w.here(w.guildRef).Board; b != home {
			t.Errorf("on board %d, want home %d", b, home)
		}
		dark := w.titled(w.guildRef, "Dark mode")
		if dark.Number != 1 || dark.Votes != 2 || dark.Status != bot.StatusPlanned {
			t.Errorf("Dark mode came home as #%d, %d votes, %s", dark.Number, dark.Votes, dark.Status)
		}
		if bulk := w.titled(w.guildRef, "Bulk edit of tags"); bulk.Number != 2 || bulk.Votes != 1 {
			t.Errorf("Bulk edit came home as #%d with %d votes", bulk.Number, bulk.Votes)
		}
		if kept := w.titled(acme, "Dark mode"); kept.Number != 2 || kept.Votes != 3 {
			t.Errorf("the shared board keeps #%d with %d votes, want #2 with 3", kept.Number, kept.Votes)
		}
		if n := w.number(`select count(*) from items where board_id = $1`, home); n != 2 {
			t.Errorf("%d items came home, want 2", n)
		}
		w.votesHold()
		reads(t, w.say("D3", "heed unvote 1"), "Dark mode")
		if kept := w.titled(acme, "Dark mode"); kept.Votes != 3 {
			t.Errorf("a vote at home moved the shared board's to %d", kept.Votes)
		}
	})

	t.Run("coming_back_doubles_nothing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		w.share()
		w.say("D3", "heed vote 2")
		w.leave()
		w.say("D4", "heed vote 1")
		w.say("D3", "heed unvote 1")
		w.asks("D5", "Bulk edit of tags")
		w.share()
		dark := w.titled(w.guildRef, "Dark mode")
		if dark.Number != 2 || dark.Votes != 2 { // D1 and D4
			t.Errorf("Dark mode is #%d with %d votes, want #2 with 2", dark.Number, dark.Votes)
		}
		if bulk := w.titled(w.guildRef, "Bulk edit of tags"); bulk.Number != 3 {
			t.Errorf("Bulk edit is #%d, want #3", bulk.Number)
		}
		if n := w.number(`select count(*) from items where board_id = $1`, dark.Board); n != 3 {
			t.Errorf("%d items on the shared board, want 3", n)
		}
		w.votesHold()
		w.leave()
		w.votesHold()
	})

	t.Run("cards_of_others_requests_are_taken_out", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		w.asks("D1", "Dark mode")
		w.exec(`update items set asked_workspace = $1 where title = 'Dark mode'`, w.ws.ID)
		w.drain()
		w.leave()
		w.drain()
		if left := w.guild.in("F1"); len(left) != 0 {
			t.Errorf("still there: %+v", left)
		}
	})

	t.Run("what_the_team_wrote_about_a_request_of_the_communitys_stays_with_the_team", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("U1", "heed help")
		w.say("D1", "heed help")
		w.say("UZOE", "heed role <@U1> po")
		w.say("DGIL", "heed role <@D1> po")
		writes := func(account string, number int, words string) {
			form := w.say(account, fmt.Sprintf("promote %d", number)).(bot.Ask).Form
			reads(t, must(w.bot.Submit(t.Context(), w.call(account), bot.Submission{Form: form.ID, State: form.State, Values: map[string]string{"i_want": words, "criteria": words}})), "in the backlog")
		}
		w.asks("D1", "Dark mode")
		w.asks("D2", "Bulk edit of tags")
		w.asks("D3", "CSV export")
		writes("D1", 2, "tags in bulk")
		writes("D1", 3, "a file")
		w.share()
		writes("U1", w.titled(acme, "Dark mode").Number, "what Globex pays for")
		edit := must(w.bot.Press(t.Context(), w.call("U1"), bot.Act("storyedit", 2, fmt.Sprintf("@%d", w.here(acme).Board)))).(bot.Ask).Form
		must(w.bot.Submit(t.Context(), w.call("U1"), bot.Submission{Form: edit.ID, State: edit.State, Values: map[string]string{"i_want": "a file for Globex", "criteria": "Globex opens it"}}))
		if n := w.number(`select count(*) from stories where i_want like '%Globex%'`); n != 2 {
			t.Fatalf("the team wrote %d stories", n)
		}
		reads(t, w.say("DGIL", "heed unlink"), "3 requests with 3 votes and 1 story", "stories of the others' people do not come along")
		w.leave()
		home := w.here(w.guildRef).Board
		if n := w.number(`select count(*) from stories where board_id = $1`, home); n != 2 {
			t.Errorf("%d stories came home, want 2", n)
		}
		for _, sql := range []string{
			`select count(*) from stories s where board_id = $1 and s::text like '%Globex%'`, `select count(*) from criteria c where board_id = $1 and c::text like '%Globex%'`,
			`select count(*) from story_versions v where board_id = $1 and v::text like '%Globex%'`, `select count(*) from history h where board_id = $1 and h::text like '%Globex%'`,
		} {
			if n := w.number(sql, home); n != 0 {
				t.Errorf("%d rows for: %s", n, sql)
			}
		}
		reads(t, w.say("D1", "backlog"), "tags in bulk", "a file")
		w.share()
		if n := w.number(`select count(*) from stories where board_id = $1`, w.here(acme).Board); n != 3 {
			t.Errorf("%d stories on the shared board, want 3", n)
		}
		reads(t, w.say("U1", "backlog"), "what Globex pays for", "a file for Globex")
	})

	t.Run("roles_taken_on_the_shared_board_stay_taken", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("D1", "heed help")
		w.say("DGIL", "heed role <@D1> pm")
		w.share()
		w.say("DGIL", "heed role <@D1> pm off")
		w.leave()
		if n := w.number(`select count(*) from grants where role = 'pm'`); n != 0 {
			t.Errorf("%d grants came back", n)
		}
	})

	t.Run("the_first_workspace_may_leave_too", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		w.share()
		shared := w.here(acme).Board
		reads(t, w.press("UZOE", w.say("UZOE", "heed link off"), "Leave the shared board"), "Done.")
		if b := w.here(acme).Board; b == shared {
			t.Error("Slack is still on the shared board")
		}
		if it := w.titled(acme, "CSV export"); it.Number != 1 || it.Votes != 1 {
			t.Errorf("CSV export is #%d with %d votes", it.Number, it.Votes)
		}
		if n := w.number(`select count(*) from items where board_id = $1`, w.here(acme).Board); n != 1 {
			t.Errorf("%d items went along, want 1", n)
		}
		w.votesHold()
	})

	t.Run("forgotten_is_forgotten_on_both", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("D1", "Dark mode for my eyes")
		w.share()
		w.leave()
		w.press("D1", w.say("D1", "heed forget-me"), "Forget me")
		if n := w.number(`select count(*) from members where account = 'D1'`); n != 0 {
			t.Errorf("%d boards still know the account", n)
		}
		if n := w.number(`select count(*) from evidence where quote like '%my eyes%'`) + w.number(`select count(*) from items where title like '%my eyes%'`); n != 0 {
			t.Errorf("the words stand in %d places", n)
		}
	})
}
