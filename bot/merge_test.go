package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	t.Run("what_can_not_be_one_is_refused_and_stays", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		for _, title := range []string{"Dark mode", "Dark theme", "Night colours", "Spam"} {
			w.item(t, "URUI", title, bot.Community, "", "")
		}
		w.say(t, "UANA", "/heed", "merge 2 into 1")
		w.exec(t, `update items set hidden_at = $1 where number = 4`, monday)
		for text, want := range map[string]string{
			"merge 1 into 2":     "#2 is part of #1 Dark mode",
			"merge 2 into 1":     "already",
			"merge 2 into 3":     "unmerge 2",
			"merge 4 into 1":     "hidden",
			"merge 3 into 4":     "hidden",
			"merge 3 into 99":    "no #99",
			"merge 3 and 9 into": "", // the grammar's refusal
			"unmerge 3":          "isn't part of another",
		} {
			if r := plain(w.say(t, "UANA", "/heed", text)); !strings.Contains(r, want) {
				t.Errorf("%s: %s", text, r)
			}
		}
		w.says(t, w.say(t, "UBEN", "/heed", "merge 3 into 1"), "Only a product manager can merge requests; here that's Ana")
		if n := w.count(t, `select count(*) from items where merged_into is not null`); n != 1 {
			t.Errorf("%d items are merged", n)
		}
	})
	t.Run("votes_unite_nobody_counts_twice_and_unmerge_parts_them_exactly", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		a := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		z := w.item(t, "ULENA", "Dark theme", bot.Community, "CSUPPORT", "20.1")
		for _, v := range []struct {
			who string
			it  bot.Item
		}{{"URUI", a}, {"UOMAR", a}, {"ULENA", z}, {"UOMAR", z}} {
			w.vote(t, v.who, v.it)
		}
		r := w.say(t, "UANA", "/heed", "merge 2 into 1")
		w.says(t, r, "#2 is part of #1 Dark mode now", "👍 3 (before: 2)")
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 1 || got[0].Thread != "20.1" || !strings.Contains(got[0].words(), "#2, asked for here, is part of #1 Dark mode now") {
			t.Errorf("the thread reads %v", got)
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#2 Dark theme is its own again: 👍 2")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "taken back already")
		if got := w.read(t, a).Votes; got != 2 {
			t.Errorf("#1 has %d votes", got)
		}
	})
	t.Run("undo_in_time_leaves_the_threads_alone", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.item(t, "ULENA", "Dark theme", bot.Community, "CSUPPORT", "20.1")
		w.item(t, "ULENA", "Dark colours", bot.Community, "CSUPPORT", "30.1")
		r := w.say(t, "UANA", "/heed", "merge 2, 3 into 1")
		w.says(t, r, "#2 and #3 are part of")
		w.says(t, w.say(t, "UANA", "/heed", "unmerge 3"), "its own again")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#2 Dark theme is its own again")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the threads read %v", got)
		}
	})
	t.Run("into_one_for_the_team_the_community_reads_nothing_of_it", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Atlas rewrite", bot.Team, "", "")
		w.item(t, "URUI", "Faster search", bot.Community, "CSUPPORT", "20.1")
		w.says(t, w.say(t, "UANA", "/heed", "merge 2 into 1"), "for the team")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the community reads %s", got[0].words())
		}
	})
}

func TestTagsAudienceRoadmap(t *testing.T) {
	t.Parallel()
	t.Run("tags_come_and_go_and_undo_leaves_what_others_did", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.says(t, w.say(t, "ULENA", "/heed", "tag 1 night"), "Only a product manager can change tags; here that's Ana")
		r := w.say(t, "UANA", "/heed", "tag 1 comfort night")
		w.says(t, r, "#1 Dark mode has the tags comfort, night now")
		w.says(t, w.say(t, "UANA", "/heed", "tag 1 night"), "as before")
		w.say(t, "UANA", "/heed", "tag 1 mobile")
		w.press(t, "UANA", action(t, r, "Undo"))
		if got := fmt.Sprint(w.read(t, it).Tags); got != "[mobile]" {
			t.Errorf("tags %s", got)
		}
		for i := range 7 {
			w.say(t, "UANA", "/heed", fmt.Sprintf("tag 1 t%d", i))
		}
		w.says(t, w.say(t, "UANA", "/heed", "tag 1 onemore"), "8 at most", "untag 1")
	})
	t.Run("what_becomes_the_teams_leaves_the_community_and_comes_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.exec(t, `update items set asked_workspace = $1, asked_channel = 'CFEEDBACK'`, w.ws.ID)
		if _, err := w.store.WantPost(w.ctx, w.ws.Board, bot.Want{Key: fmt.Sprintf("card:1:%d:CFEEDBACK", w.ws.ID), Kind: bot.PostCard, Workspace: w.ws.ID, Channel: "CFEEDBACK", Item: it.ID, Due: monday}); err != nil {
			t.Fatal(err)
		}
		w.dispatch(t)
		if got := w.to("CFEEDBACK"); len(got) != 1 {
			t.Fatalf("%d cards", len(got))
		}
		r := w.say(t, "UANA", "/heed", "audience 1 team")
		w.dispatch(t)
		if got := w.to("CFEEDBACK"); len(got) != 0 {
			t.Error("the community still has its card")
		}
		w.says(t, w.say(t, "URUI", "/heed", "vote 1"), "no #1 here")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "for everyone again")
		w.dispatch(t)
		if got := w.to("CFEEDBACK"); len(got) != 1 {
			t.Errorf("%d cards after undo", len(got))
		}
	})
	t.Run("a_channels_audience_is_for_those_who_decide", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.say(t, "ULENA", "/heed", "audience team"), "Only a product manager or an admin")
		w.says(t, w.say(t, "UZOE", "/heed", "audience team"), "for the team now")
		w.says(t, w.say(t, "UANA", "/heed", "audience team"), "already")
	})
}
