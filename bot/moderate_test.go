package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestHide(t *testing.T) {
	t.Parallel()
	t.Run("nothing_of_it_can_be_read_and_it_comes_back_whole", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Call me on 555 0100", bot.Community, "", "")
		w.exec(t, `update items set asked_workspace = $1, asked_channel = 'CFEEDBACK'`, w.ws.ID)
		if _, err := w.store.WantPost(w.ctx, w.ws.Board, bot.Want{Key: fmt.Sprintf("card:1:%d:CFEEDBACK", w.ws.ID), Kind: bot.PostCard, Workspace: w.ws.ID, Channel: "CFEEDBACK", Item: it.ID, Due: monday}); err != nil {
			t.Fatal(err)
		}
		w.say(t, "URUI", "/heed", "retitle 1 Call me on 555 0100, please")
		w.vote(t, "ULENA", it)
		w.dispatch(t)
		w.says(t, w.say(t, "ULENA", "/heed", "hide 1 spam"), "Only a product manager or an admin can hide a request; here that's Ana")
		r := w.say(t, "UANA", "/heed", "hide 1 a phone number")
		w.says(t, r, "out of sight")
		w.dispatch(t)
		if got := w.to("CFEEDBACK"); len(got) != 0 {
			t.Errorf("the card still says %s", got[0].words())
		}
		n := w.count(t, `select (select count(*) from items where title like '%555%' or body like '%555%') + (select count(*) from evidence where quote like '%555%')
			+ (select count(*) from history where data::text like '%555%')`)
		if n != 0 {
			t.Errorf("%d rows can still be read", n)
		}
		w.says(t, w.say(t, "ULENA", "/heed", "vote 1"), "no #1 here")
		w.says(t, w.say(t, "ULENA", "/heed", "show 1"), "no #1 here")
		w.says(t, w.say(t, "UANA", "/heed", "hide 1"), "hidden since", "a phone number")
		w.says(t, w.say(t, "UANA", "/heed", "status 1 planned"), "is hidden", "hide 1 off")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#1 Call me on 555 0100, please is back")
		w.dispatch(t)
		if got := w.to("CFEEDBACK"); len(got) != 1 {
			t.Errorf("%d cards", len(got))
		}
		if n := w.count(t, `select count(*) from evidence where quote like '%555%'`); n != 1 {
			t.Error("the quote did not come back")
		}
		w.says(t, w.say(t, "UANA", "/heed", "hide 1 off"), "isn't hidden")
	})
	t.Run("without_a_key_it_goes_all_the_same_and_says_so", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t)
		w.bot = bot.New(w.store, w.clock, discard(), map[bot.Platform]bot.Messenger{bot.Slack: w.chat}, bot.Options{})
		w.item(t, "URUI", "Spam", bot.Community, "", "")
		w.says(t, w.say(t, "UZOE", "/heed", "hide 1 spam"), "out of sight", "HEED_SECRET_KEY")
		w.says(t, w.say(t, "UZOE", "/heed", "hide 1 off"), "#1 Spam is back")
	})
}

func TestBlock(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.member(t, "URUI")
	w.says(t, w.say(t, "ULENA", "/heed", "block <@URUI> 3 days spam"), "Only a product manager or an admin can block a member")
	w.says(t, w.say(t, "UANA", "/heed", "block <@UBEN> 3 days"), "a product owner", "can't be blocked")
	w.says(t, w.say(t, "UANA", "/heed", "block <@UANA>"), "That's you")
	w.says(t, w.say(t, "UANA", "/heed", "block <@UNOBODY>"), "haven't met")
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> 3 days spam"), "Rui can't give feedback until 26 November")
	w.says(t, w.say(t, "URUI", "/feedback", "dark mode please"), "dark mode please") // the words come back
	if n := w.count(t, `select count(*) from items`); n != 0 {
		t.Error("a blocked member's words became an item")
	}
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> off"), "may give feedback again")
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> off"), "isn't blocked")
	w.say(t, "URUI", "/feedback", "dark mode please")
	if n := w.count(t, `select count(*) from items`); n != 1 {
		t.Error("after the block nothing is taken")
	}
}

func TestTriage(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.says(t, w.say(t, "UANA", "/heed", "triage"), "Nothing waits for you")
	w.says(t, w.say(t, "ULENA", "/heed", "triage"), "Only a product manager can triage")
	old := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
	w.clock.move(time.Hour)
	twin := w.item(t, "ULENA", "Dark theme", bot.Community, "", "")
	w.exec(t, `update items set triage = true, maybe_same = $1 where item_id = $2`, old.ID, twin.ID)
	r := w.say(t, "UANA", "/heed", "triage")
	w.says(t, r, "1 of 2", "#2 Dark theme", "Maybe the same as #1 Dark mode", "[Not the same]", "[Set status…]")
	w.says(t, w.press(t, "ULENA", action(t, r, "Same as #1")), "Only a product manager")
	w.says(t, w.press(t, "UANA", action(t, r, "Skip")), "2 of 2", "#1 Dark mode")
	r = w.press(t, "UANA", action(t, r, "Same as #1"))
	w.says(t, r, "#2 is part of #1 Dark mode now", "1 of 1", "#1 Dark mode")
	form := w.form(t, w.press(t, "UANA", action(t, r, "Set status…")))
	w.says(t, w.submit(t, "UANA", form, map[string]string{"status": "declined"}), "One line is enough: why not?")
	w.says(t, w.submit(t, "UANA", form, map[string]string{"status": "planned"}), "Planned")
	w.says(t, w.say(t, "UANA", "/heed", "triage"), "Nothing waits for you")
}

func TestNotTheSame(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	old := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
	twin := w.item(t, "ULENA", "Dark theme", bot.Community, "", "")
	w.exec(t, `update items set triage = true, maybe_same = $1 where item_id = $2`, old.ID, twin.ID)
	r := w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "triage"), "Not the same"))
	w.says(t, r, "#2 Dark theme stands for itself", "1 of 2")
	if got := w.read(t, twin); got.MaybeSame != 0 || got.Triage {
		t.Error("the marks are still there")
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	t.Run("a_question_reaches_the_one_who_asked_and_the_answer_ends_it", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.vote(t, "ULENA", it)
		w.form(t, w.say(t, "UANA", "/heed", "status 1 needs info"))
		w.says(t, w.say(t, "UANA", "/heed", "status 1 needs info On which screen?"), "direct 1 · threads 1")
		w.clock.move(5 * time.Minute)
		if _, err := w.bot.NoticesOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.dispatch(t)
		for _, where := range []string{"CSUPPORT", "@URUI"} {
			got := w.to(where)
			if len(got) != 1 || !strings.Contains(got[0].words(), "On which screen?") || !strings.Contains(got[0].words(), "[Answer]") {
				t.Errorf("%s reads %v", where, got)
			}
		}
		if got := w.to("@ULENA"); len(got) != 0 {
			t.Error("who only voted is asked")
		}
		form := w.form(t, w.press(t, "ULENA", "answer 1"))
		w.says(t, w.submit(t, "ULENA", form, map[string]string{"words": " "}), "A few words")
		w.says(t, w.submit(t, "ULENA", form, map[string]string{"words": "On all of them"}), "Thank you")
		if got := w.read(t, it); got.Status != bot.StatusNeedsInfo || !got.Triage {
			t.Errorf("another's words made it %s", got.Status)
		}
		for range 2 { // sent twice
			w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "answer 1")), map[string]string{"words": "The invoice"}), "Thank you")
		}
		if got := w.read(t, it); got.Status != bot.StatusUnderReview || !got.Triage || got.Reason != "" {
			t.Errorf("after the answer it is %s (%s)", got.Status, got.Reason)
		}
		if n := w.count(t, `select count(*) from evidence where kind = 'reply'`); n != 2 {
			t.Errorf("%d answers are kept", n)
		}
		w.says(t, w.say(t, "UANA", "/heed", "triage"), "The invoice")
	})
	t.Run("what_was_missed_in_a_no_comes_back_to_those_who_decide", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "status 1 declined Too few people need it.")
		w.says(t, w.say(t, "UANA", "/heed", "triage"), "Nothing waits")
		w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "missed 1")), map[string]string{"words": "All night nurses do"})
		w.says(t, w.say(t, "UANA", "/heed", "triage"), "#1 Dark mode", "All night nurses do", "[Seen]")
	})
	t.Run("what_is_for_the_team_takes_no_answer_from_a_guest", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Atlas rewrite", bot.Team, "", "")
		w.says(t, w.press(t, "URUI", "answer 1"), "no #1 here")
	})
}

func TestManage(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
	w.item(t, "ULENA", "Dark theme", bot.Community, "", "")
	w.says(t, w.press(t, "ULENA", "manage 1"), "Only a product manager", "[Ask Ana]")
	panel := w.press(t, "UANA", "manage 1")
	w.says(t, panel, "Manage #1 Dark mode", "[Set status…]", "[Tags…]", "[Merge…]", "[Audience…]", "[Hide…]", "[Promote]", "[Ship]")
	w.says(t, w.press(t, "ULENA", action(t, panel, "Tags…")), "Only a product manager")
	tags := w.form(t, w.press(t, "UANA", action(t, panel, "Tags…")))
	if _, ok := w.submit(t, "UANA", tags, map[string]string{"tags": "night <!channel>"}).(bot.Fix); !ok {
		t.Error("a tag that is none was taken")
	}
	w.says(t, w.submit(t, "UANA", tags, map[string]string{"tags": "night, comfort"}), "comfort, night")
	w.says(t, w.submit(t, "UANA", w.form(t, w.press(t, "UANA", action(t, panel, "Audience…"))), map[string]string{"audience": "team"}), "the team alone")
	merge := w.form(t, w.press(t, "UANA", "setmerge 2"))
	if _, ok := w.submit(t, "UANA", merge, map[string]string{"into": "the first"}).(bot.Fix); !ok {
		t.Error("words were taken for a number")
	}
	w.says(t, w.submit(t, "UANA", merge, map[string]string{"into": "#1"}), "#2 is part of #1")
	w.says(t, w.press(t, "UANA", action(t, panel, "Later")), "on the roadmap now")
	if got := w.read(t, it); !got.Later || got.Status != bot.StatusUnderReview {
		t.Errorf("later %v, %s", got.Later, got.Status)
	}
	w.says(t, w.say(t, "UANA", "/roadmap", "1 off"), "off the roadmap")
	w.says(t, w.press(t, "UANA", "manage 2"), "part of #1", "[Manage #1]")
	w.says(t, w.submit(t, "UANA", w.form(t, w.press(t, "UANA", action(t, panel, "Hide…"))), map[string]string{"reason": "spam"}), "out of sight")
	w.says(t, w.press(t, "UANA", action(t, w.press(t, "UANA", "manage 1"), "Bring it back")), "is back")
}
