package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// sendAway has Zoe send the guild away.
func (w *linkWorld) sendAway() {
	w.t.Helper()
	reads(w.t, w.press("UZOE", w.say("UZOE", "heed unlink Acme Community"), "Send it away"), "Done.", "Acme Community (Discord) has a board of its own again")
}

// third attaches one more Discord server, and answers how its admin acts.
func (w *linkWorld) third(ref, name string) (bot.Workspace, func(line string) bot.Reply, func(r bot.Reply, label string) bot.Reply) {
	w.t.Helper()
	ws, err := w.bot.Attach(w.t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Discord, Ref: ref}, Name: name})
	w.must(err)
	call := func() bot.Call {
		c := w.call("DGIL")
		c.Workspace, c.Member.Account, c.Member.Name = ws.Ref, "D"+ref, "hanna"
		return c
	}
	return ws, func(line string) bot.Reply {
			r, err := w.bot.Command(w.t.Context(), call(), "heed", line)
			w.must(err)
			return r
		}, func(r bot.Reply, label string) bot.Reply {
			out, err := w.bot.Press(w.t.Context(), call(), actionOf(w.t, r, label))
			w.must(err)
			return out
		}
}

// TestSendAway: whose board it is says who is on it.
func TestSendAway(t *testing.T) {
	t.Parallel()

	t.Run("only_an_admin_of_whose_board_it_is_may", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		shared := w.here(acme).Board
		g2, says, presses := w.third("G2", "Elsewhere")
		presses(says("link "+w.code("UZOE", "heed link")), "Share the board")
		ask := w.say("UZOE", "heed unlink Elsewhere")
		reads(t, w.say("U1", "heed unlink Elsewhere"), "Only an admin can")
		reads(t, w.press("U1", ask, "Send it away"), "Only an admin can")
		reads(t, w.say("D1", "heed unlink Elsewhere"), "Only an admin can")
		reads(t, w.say("DGIL", "heed unlink Elsewhere"), "Only an admin in Acme (Slack)", "Nothing has changed")
		reads(t, w.press("DGIL", ask, "Send it away"), "Only an admin in Acme (Slack)")
		reads(t, w.say("DGIL", "heed unlink Acme"), "Only an admin in Acme (Slack)")
		if b := w.here(g2.Ref).Board; b != shared {
			t.Errorf("Elsewhere is on board %d, want %d", b, shared)
		}
		if b := w.here(acme).Board; b != shared {
			t.Errorf("Slack is on board %d, want %d", b, shared)
		}
		reads(t, w.press("UZOE", ask, "Send it away"), "Elsewhere (Discord) has a board of its own again")
		reads(t, w.press("UZOE", ask, "Send it away"), "isn't on this board")
		if b := w.here(w.guildRef).Board; b != shared {
			t.Errorf("the guild is on board %d, want %d", b, shared)
		}
	})

	t.Run("names_that_lead_nowhere_change_nothing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		strange, _, _ := w.third("G2", "Elsewhere")
		reads(t, w.say("UZOE", "heed unlink Acme Community"), "No workspace on this board is called “Acme Community”")
		w.share()
		before := w.tables()
		reads(t, w.say("UZOE", "heed unlink Elsewhere"), "No workspace on this board is called “Elsewhere”", "Acme (Slack) and Acme Community (Discord)", "Nothing has changed")
		for _, a := range []bot.Action{bot.Act("sendask", strange.ID), bot.Act("sendaway", strange.ID), bot.Act("sendaway", 999999), "sendaway", "sendask x"} {
			r, err := w.bot.Press(t.Context(), w.call("UZOE"), a)
			if err != nil || strings.Contains(answer(r), "Done.") {
				t.Errorf("%s: %v\n%s", a, err, answer(r))
			}
		}
		r, err := w.bot.Press(t.Context(), w.call("UZOE"), bot.Act("sendaway", w.here(acme).ID))
		w.must(err)
		hides(t, r, "Done.")
		if w.tables() != before {
			t.Error("something changed")
		}
	})

	t.Run("its_own_name_is_leaving", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		reads(t, w.say("UZOE", "heed unlink acme"), "Leave the shared board?", "To be rid of somebody, don't leave")
		reads(t, w.say("DGIL", "heed unlink Acme Community (Discord)"), "Leave the shared board?")
		reads(t, w.say("UZOE", `heed unlink “acme  community”`), "Send Acme Community (Discord) away?")
	})

	t.Run("of_two_with_one_name_it_asks_which", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		g2, says, presses := w.third("G2", "Acme Community")
		presses(says("link "+w.code("UZOE", "heed link")), "Share the board")
		which := w.say("UZOE", "heed unlink Acme Community")
		reads(t, which, "Which one?", "Nothing has changed yet")
		w.press("UZOE", w.press("UZOE", which, "Acme Community (Discord), G2"), "Send it away")
		if w.here(g2.Ref).Board == w.here(acme).Board || w.here(w.guildRef).Board != w.here(acme).Board {
			t.Error("the wrong one was sent away")
		}
	})

	t.Run("a_role_lost_meanwhile_sends_nobody", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		ask := w.say("UZOE", "heed unlink Acme Community")
		w.exec(`update members set is_admin = false where account = 'UZOE'`)
		c := w.call("UZOE")
		c.Member.Admin = false
		r, err := w.bot.Press(t.Context(), c, actionOf(t, ask, "Send it away"))
		w.must(err)
		hides(t, r, "Done.")
		if w.here(w.guildRef).Board != w.here(acme).Board {
			t.Error("the guild is gone")
		}
	})

	t.Run("what_the_team_said_stays_and_what_they_brought_goes", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "Secret pricing page")
		w.asks("D1", "Dark mode")
		home := w.here(w.guildRef).Board
		w.share()
		w.asks("D2", "Bulk edit of tags")
		w.say("U1", "heed vote 2")
		w.say("D3", "heed vote 2")
		w.say("UZOE", "heed role <@U1> po")
		form := w.say("U1", "promote 2").(bot.Ask).Form
		must(w.bot.Submit(t.Context(), w.call("U1"), bot.Submission{Form: form.ID, State: form.State, Values: map[string]string{"i_want": "what Globex pays for", "criteria": "Globex sees it"}}))
		w.drain()
		reads(t, w.say("UZOE", "heed unlink Acme Community"), "2 requests with 3 votes", "stays with the team", "Its admins are told")
		w.sendAway()
		if b := w.here(w.guildRef).Board; b != home {
			t.Errorf("the guild is on board %d, want home %d", b, home)
		}
		if dark := w.titled(w.guildRef, "Dark mode"); dark.Number != 1 || dark.Votes != 2 {
			t.Errorf("Dark mode is #%d with %d votes at home, want #1 with 2", dark.Number, dark.Votes)
		}
		if kept := w.titled(acme, "Dark mode"); kept.Number != 2 || kept.Votes != 3 {
			t.Errorf("Dark mode is #%d with %d votes on the board, want #2 with 3", kept.Number, kept.Votes)
		}
		for _, table := range []string{"items", "evidence", "stories", "criteria", "story_versions", "history", "posts", "members", "held", "notices"} {
			if n := w.number(fmt.Sprintf(`select count(*) from %s x where board_id = $1 and (x::text ilike '%%globex%%' or x::text ilike '%%secret%%' or x::text like '%%UZOE%%')`, table), home); n != 0 {
				t.Errorf("%d rows of the team's in %s", n, table)
			}
		}
		w.votesHold()
		w.stands("sent away")
		w.drain()
		for _, line := range []string{"heed top", "heed search pricing", "heed show 1", "heed backlog", "heed settings"} {
			hides(t, w.say("DGIL", line), "Secret", "Globex")
		}
		w.share()
		w.votesHold()
		if n := w.number(`select count(*) from items where board_id = $1`, w.here(acme).Board); n != 3 {
			t.Errorf("%d items after they came back, want 3", n)
		}
	})

	t.Run("rights_that_came_by_the_link_end", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("D1", "heed help")
		w.share()
		shared := w.here(acme).Board
		w.say("DGIL", "heed role <@D1> pm")
		theirs := `select count(*) from grants g join members m using (board_id, member_id) where g.board_id = $1 and m.account like 'D%'`
		if n := w.number(theirs, shared); n != 2 {
			t.Fatalf("%d grants before, want 2", n)
		}
		w.sendAway()
		if n := w.number(theirs, shared); n != 0 {
			t.Errorf("%d grants are left on the board", n)
		}
		if n := w.number(`select count(*) from members where board_id = $1 and account like 'D%' and active`, shared); n != 0 {
			t.Errorf("%d of their accounts are still active there", n)
		}
		reads(t, w.say("DGIL", "heed settings"), "Acme Community (Discord)'s alone")
	})

	t.Run("their_admins_are_told_once_and_no_name_of_the_team", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("D1", "heed help")
		w.share()
		ask := w.say("UZOE", "heed unlink Acme Community")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _, _ = w.bot.Press(context.Background(), w.call("UZOE"), actionOf(t, ask, "Send it away")) })
		}
		all.Wait()
		w.told("DGIL")
		got := w.told("DGIL")
		if strings.Count(got, "Acme (Slack) doesn't share its board with this workspace any more") != 1 || strings.Contains(strings.ToLower(got), "zoe") {
			t.Errorf("reads: %s", got)
		}
		if got := w.told("D1"); got != "" {
			t.Errorf("who is no admin reads: %s", got)
		}
		if n := w.number(`select count(*) from history where act = 'board_moved' and member_id is not null and data->>'workspace' = $1::text`, fmt.Sprint(w.here(w.guildRef).ID)); n != 2 { // when it came, and now
			t.Errorf("%d moves in the history, want 2", n)
		}
		if n := w.number(`select count(*) from history where board_id = $1 and act = 'board_joined' and member_id is not null`, w.here(w.guildRef).Board); n != 0 {
			t.Error("their history names a member of the team's")
		}
	})

	t.Run("a_vote_on_its_way_is_not_lost", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("D1", "Dark mode")
		w.share()
		it := w.titled(acme, "Dark mode")
		var all sync.WaitGroup
		for v := range 8 {
			all.Go(func() {
				call := w.call(fmt.Sprintf("DV%d", v))
				if r, err := w.bot.Press(context.Background(), call, bot.Act("vote", it.Number, fmt.Sprintf("@%d", it.Board))); err != nil {
					t.Errorf("%v: %s", err, answer(r))
				}
			})
		}
		all.Go(w.sendAway)
		all.Wait()
		w.votesHold()
		w.stands("sent away amid votes")
	})

	t.Run("who_left_and_came_back_is_a_guest", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		w.clock.move(time.Minute)
		w.press("UZOE", w.say("UZOE", "heed unlink"), "Leave the shared board")
		w.clock.move(time.Minute)
		w.press("UZOE", w.say("UZOE", "heed link "+w.code("DGIL", "heed link")), "Share the board")
		reads(t, w.say("UZOE", "heed unlink Acme Community"), "Only an admin in Acme Community (Discord)")
		reads(t, w.say("DGIL", "heed unlink Acme"), "Send Acme (Slack) away?")
	})

	t.Run("the_note_of_a_used_code_leads_there", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		got := w.told("UZOE")
		if !strings.Contains(got, "/heed unlink Acme Community") {
			t.Errorf("reads: %s", got)
		}
		r, err := w.bot.Press(t.Context(), w.call("UZOE"), bot.Act("sendask", w.here(w.guildRef).ID))
		w.must(err)
		reads(t, r, "Send Acme Community (Discord) away?")
	})

	t.Run("suggested_are_those_whom_one_may_send", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("U1", "heed help")
		w.share()
		offered := func(account string) int {
			return len(w.bot.Suggest(t.Context(), w.call(account), bot.VerbUnlink, "workspace", "comm"))
		}
		if a, b, c := offered("UZOE"), offered("U1"), offered("DGIL"); a != 1 || b != 0 || c != 0 {
			t.Errorf("offered %d, %d, %d; want 1, 0, 0", a, b, c)
		}
	})
}
