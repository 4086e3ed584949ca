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

// heldBy has a newcomer's words wait and answers the moderator's card.
func (w *deskWorld) heldBy(t *testing.T, account, words string) bot.Reply {
	t.Helper()
	w.newcomer(t, account, time.Hour)
	w.says(t, w.say(t, account, "/feedback", words), "A moderator looks first")
	return w.say(t, "UANA", "/heed", "triage")
}

func TestReview_decisions(t *testing.T) {
	t.Parallel()
	t.Run("nobody_else_decides", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.heldBy(t, "URUI", "Dark mode")
		for _, label := range []string{"Approve", "Hide", "Block"} {
			for _, who := range []string{"URUI", "ULENA", "UBEN"} {
				w.says(t, w.press(t, who, action(t, r, label)), "Only a product manager or an admin")
			}
		}
		w.says(t, w.press(t, "ULENA", "review"), "Only a product manager or an admin")
		w.says(t, w.press(t, "ULENA", "reviewread 1 1 0"), "Only a product manager or an admin")
		w.says(t, w.press(t, "ULENA", "keepoutwhy 1"), "Only a product manager or an admin")
		if w.waits(t) != 1 {
			t.Error("somebody decided")
		}
		w.says(t, w.say(t, "UZOE", "/heed", "held"), "1 of 1 for a moderator") // an admin does
	})
	t.Run("approved_it_stands_and_its_author_hears", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.clock.move(-time.Minute)
		w.heldBy(t, "URUI", "Dark mode")
		w.clock.move(time.Minute)
		r := w.heldBy(t, "ULENA", "Keyboard shortcuts")
		w.says(t, r, "1 of 2", "Dark mode")
		r = w.press(t, "UANA", action(t, r, "Approve"))
		w.says(t, r, "Approved: it's #1 Dark mode", "1 of 1", "Keyboard shortcuts") // the next by itself
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in: #1 Dark mode, with your 👍") {
			t.Errorf("Rui reads %v", got)
		}
		if got := w.to("CFEEDBACK"); len(got) != 1 {
			t.Errorf("%d cards", len(got))
		}
		it, err := w.store.ItemByNumber(w.ctx, w.ws.Board, 1)
		if err != nil || it.Votes != 1 || it.Author != w.member(t, "URUI").ID {
			t.Errorf("%+v %v", it, err)
		}
		w.says(t, w.say(t, "UANA", "/heed", "show 1"), "let in by a moderator", "Ana")
		if n := w.count(t, `select count(*) from held where item_id is not null and words <> ''`); n != 0 {
			t.Error("the words are kept twice")
		}
	})
	t.Run("undone_it_is_out_of_sight_and_its_author_knows", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Approve"))
		w.dispatch(t)
		w.says(t, w.press(t, "ULENA", action(t, r, "Undo")), "Only a product manager or an admin")
		w.says(t, w.press(t, "UZOE", action(t, r, "Undo")), "#1 is out of sight")
		w.dispatch(t)
		w.unseen(t, "Dark mode")
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "out of sight by now") {
			t.Errorf("Rui reads %v", got)
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "taken back already")
	})
	t.Run("hidden_it_comes_back_to_its_author_alone_with_the_reason", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.says(t, r, "Hidden. Their author hears of it in 5 minutes", "Nothing waits for you")
		form := w.form(t, w.press(t, "UANA", action(t, r, "Say why…")))
		w.says(t, w.submit(t, "UANA", form, map[string]string{"reason": "We keep it to the app"}), "Noted")
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told before there was time to think again: %v", got)
		}
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		got := w.to("@URUI")
		if len(got) != 1 {
			t.Fatalf("Rui reads %v", got)
		}
		for _, want := range []string{"didn't put it on the board", "We keep it to the app", "> Dark mode", "[Say it another way]"} {
			if !strings.Contains(got[0].words(), want) {
				t.Errorf("lacks %q: %s", want, got[0].words())
			}
		}
		if strings.Contains(got[0].words(), "Ana") {
			t.Error("it names the moderator")
		}
		w.unseen(t, "Dark mode")
		w.says(t, w.say(t, "URUI", "/heed", "mine"), "Not put on the board", "Dark mode", "We keep it to the app", "until 23 December")
		w.says(t, w.say(t, "URUI", "/heed", "my-data"), "Hidden by a moderator", "Dark mode")
		if n := w.count(t, `select count(*) from history where act = 'kept_out' and member_id = $1`, w.member(t, "UANA").ID); n != 1 {
			t.Error("nobody knows who decided")
		}
		w.clock.move(31 * 24 * time.Hour)
		if _, err := w.bot.PruneOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `select count(*) from held where words <> '' or data::text like '%Dark%'`); n != 0 {
			t.Error("the words are kept longer than said")
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "not kept any more")
	})
	t.Run("a_hiding_undone_in_time_is_never_told", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "wait for a moderator again")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("Rui reads %v", got)
		}
		w.says(t, w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "triage"), "Approve")), "Approved: it's #1")
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in") {
			t.Errorf("Rui reads %v", got)
		}
	})
	t.Run("undone_after_it_was_told_its_author_hears_that_too", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.clock.move(time.Hour)
		w.dispatch(t)
		w.press(t, "UANA", action(t, r, "Undo"))
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "once more") {
			t.Errorf("Rui reads %v", got)
		}
		w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "triage"), "Approve"))
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in: #1") {
			t.Errorf("Rui reads %v", got)
		}
	})
	t.Run("of_two_at_once_one_decides_and_the_other_is_told_who", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		calls := []bot.Call{w.call("UANA"), w.call("UZOE")}
		acts := []bot.Action{action(t, card, "Approve"), action(t, card, "Hide")}
		said := make([]string, 2)
		var both sync.WaitGroup
		for i := range calls {
			both.Go(func() {
				r, err := w.bot.Press(context.WithoutCancel(w.ctx), calls[i], acts[i])
				if err != nil {
					t.Error(err)
				}
				said[i] = plain(r)
			})
		}
		both.Wait()
		ana := strings.Contains(said[0], "Approved") && strings.Contains(said[1], "Ana let in these words just now")
		zoe := strings.Contains(said[1], "Hidden") && strings.Contains(said[0], "Zoe hid these words just now")
		if ana == zoe {
			t.Errorf("Ana reads %s\nZoe reads %s", said[0], said[1])
		}
		if n := w.count(t, `select count(*) from history where act in ('let_in', 'kept_out')`); n != 1 {
			t.Errorf("%d decisions", n)
		}
	})
	t.Run("what_its_author_let_go_is_nobodys_to_decide", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		w.says(t, w.press(t, "URUI", action(t, w.say(t, "URUI", "/heed", "mine"), "Let it go")), "For the last time", "Dark mode")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "let these words go", "Nothing waits")
		if n := w.count(t, `select count(*) from items`); n != 0 {
			t.Error("it became a request")
		}
	})
	t.Run("who_is_forgotten_takes_their_words_along", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		w.press(t, "URUI", "forgetnow")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "no longer does anything")
		w.says(t, w.say(t, "UANA", "/heed", "triage"), "Nothing waits")
	})
	t.Run("all_of_long_words_is_read_before_they_are_let_in", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		words := "Dark mode" + strings.Repeat(" at night", 330) + " and cheap watches"
		r := w.heldBy(t, "URUI", words)
		w.says(t, r, "Part 1 of 2", "[Hide]")
		if strings.Contains(plain(r), "[Approve]") || strings.Contains(plain(r), "watches") {
			t.Error(plain(r))
		}
		r = w.press(t, "UANA", action(t, r, "Read on"))
		w.says(t, r, "and cheap watches", "[Approve]")
	})
	t.Run("an_edit_is_let_in_and_undone_exactly", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"title": "Dark theme", "words": "Dark theme at night"})
		card := w.say(t, "UANA", "/heed", "held")
		w.says(t, card, "Other words for #1 Dark mode", "Dark theme", "> Dark theme at night")
		r := w.press(t, "UANA", action(t, card, "Approve"))
		if got := w.read(t, it); got.Title != "Dark theme" || got.Body != "Dark theme at night" {
			t.Errorf("%q %q", got.Title, got.Body)
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "as it was before")
		if got := w.read(t, it); got.Title != it.Title || got.Body != it.Body {
			t.Errorf("%q %q", got.Title, got.Body)
		}
		if w.waits(t) != 1 {
			t.Error("the words don't wait again")
		}
	})
	t.Run("an_edit_of_the_teams_words_is_not_undone_before_everyone", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"title": "Dark theme"})
		w.say(t, "UANA", "/heed", "audience 1 team")
		w.say(t, "UANA", "/heed", "retitle 1 Globex wants the dark")
		r := w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "Approve"))
		w.says(t, w.say(t, "UANA", "/heed", "audience 1 community"), "Dark theme", "for everyone now")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#1 has been changed since")
		w.unseen(t, "Globex")
	})
	t.Run("a_quote_is_let_in_and_undone", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
		r := w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "Approve"))
		w.says(t, w.say(t, "ULENA", "/heed", "show 1"), "I work at night")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "as it was before")
		w.unseen(t, "I work at night")
		w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "Approve"))
		w.says(t, w.say(t, "ULENA", "/heed", "show 1"), "I work at night")
	})
	t.Run("words_for_what_is_gone_come_to_nothing_and_are_not_lost", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
		card := w.say(t, "UANA", "/heed", "held")
		w.say(t, "UANA", "/heed", "hide 1 spam")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "#1 is hidden")
		if w.waits(t) != 1 {
			t.Error("the words are gone")
		}
	})
	t.Run("nobody_buries_the_queue", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.newcomer(t, "URUI", time.Hour)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		for i := range 10 {
			w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": fmt.Sprint("because ", i)}), "A moderator looks")
		}
		w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "because of watches"}), "10 texts of yours wait", "because of watches")
		if n := w.waits(t); n != 10 {
			t.Errorf("%d wait", n)
		}
	})
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.says(t, w.say(t, "UANA", "/heed", "held"), "Nothing waits, neither for you nor for a moderator", "[What was decided]")
	w.says(t, w.press(t, "UANA", "decisions"), "Nothing has been decided")
	w.says(t, w.press(t, "ULENA", "decisions"), "Only a product manager or an admin")
	w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Approve"))
	w.clock.move(time.Minute)
	r := w.press(t, "UZOE", action(t, w.heldBy(t, "URUI", "Cheap watches"), "Hide"))
	w.submit(t, "UZOE", w.form(t, w.press(t, "UZOE", action(t, r, "Say why…"))), map[string]string{"reason": "advertising"})
	w.clock.move(time.Minute)
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> 2 days"), "can't give feedback")
	w.clock.move(time.Minute)
	w.say(t, "UZOE", "/heed", "hide 1 spam")
	r = w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "What was decided"))
	w.says(t, r, "Zoe took #1 out of sight", "Ana blocked Rui until 25 November", "Zoe hid a text of Rui (advertising)", "Ana let in #1, a request of Rui")
	if s := plain(r); strings.Contains(s, "watches") || strings.Contains(s, "Dark mode") {
		t.Errorf("it says what was hidden:\n%s", s)
	}
	w.clock.move(24 * time.Hour) // and days later it can be taken back
	w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#1 Dark mode is back")
	w.says(t, w.press(t, "UANA", "decisions"), "taken back", "Ana brought #1 Dark mode back")
}

// TestReview_item_elsewhere has words wait for a request that stayed on another board.
func TestReview_item_elsewhere(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
	w.newcomer(t, "URUI", time.Hour)
	w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
	w.exec(t, `update held set data = jsonb_set(data, '{review,item}', '999999')`)
	card := w.say(t, "UANA", "/heed", "held")
	w.says(t, card, "not on this board", "I work at night")
	w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "not on this board any more")
	w.says(t, w.press(t, "UANA", action(t, card, "Hide")), "Hidden", "#1 Dark mode")
}
