package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestPromote(t *testing.T) {
	t.Parallel()
	t.Run("without_criteria_the_form_stays_open", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		form := w.form(t, w.say(t, "UBEN", "/promote", "1"))
		for _, none := range []string{"", " \n - \n\u200b"} {
			r := w.submit(t, "UBEN", form, map[string]string{"criteria": none})
			if _, ok := r.(bot.Fix); !ok {
				t.Fatalf("%q was taken: %s", none, plain(r))
			}
			w.says(t, r, "One line is enough")
		}
		if n := w.count(t, `select count(*) from stories`); n != 0 {
			t.Errorf("%d stories", n)
		}
	})
	t.Run("only_a_product_owner_can", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		form := w.form(t, w.say(t, "UBEN", "/promote", "1"))
		for _, r := range []bot.Reply{w.say(t, "UANA", "/promote", "1"), w.press(t, "UANA", "promote 1"), w.submit(t, "UANA", form, map[string]string{"criteria": "it works"}),
			w.say(t, "UANA", "/backlog", "")} {
			w.says(t, r, "Only a product owner", "Ben")
		}
	})
	t.Run("it_begins_with_what_people_said_and_the_item_is_planned", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.exec(t, `update items set body = 'Dark mode, because my eyes hurt after nine. Please.', asked_workspace = $1, asked_channel = 'CSUPPORT'`, w.ws.ID)
		w.vote(t, "URUI", it)
		w.vote(t, "ULENA", it)
		r := w.say(t, "UBEN", "/promote", "1")
		w.says(t, r, "Who is it for? = Rui and 1 other", "What do they want? = Dark mode", "What for? = my eyes hurt after nine")
		r = w.submit(t, "UBEN", w.form(t, r), map[string]string{"criteria": "- Given the night, when I open it, then it is dark\n\n* It follows the system"})
		w.says(t, r, "S1 is in the backlog, at place 1", "I want Dark mode so that my eyes hurt after nine", "Planned")
		if got := w.read(t, it).Status; got != bot.StatusPlanned {
			t.Errorf("item is %s", got)
		}
		if n := w.count(t, `select count(*) from criteria where line in ('Given the night, when I open it, then it is dark', 'It follows the system')`); n != 2 {
			t.Errorf("%d criteria", n)
		}
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 1 || got[0].Thread != "10.1" || !strings.Contains(got[0].words(), "#1 Dark mode is planned") {
			t.Errorf("the thread reads %v", got)
		}
	})
	t.Run("what_for_is_found_in_a_quote_where_the_request_does_not_say", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		w.exec(t, `update items set body = title, asked_workspace = $1, asked_channel = 'CSUPPORT'`, w.ws.ID)
		w.exec(t, `insert into evidence (board_id, item_id, kind, quote, audience, created_at) values ($1, $2, 'same', 'A dark theme, so that the baby sleeps on. Thanks!', 'community', $3)`,
			w.ws.Board, it.ID, w.clock.Now())
		w.vote(t, "URUI", it)
		form := w.form(t, w.say(t, "UBEN", "/promote", "1"))
		w.says(t, bot.Ask{Form: form}, "#1 Dark mode · 👍 1", "Who is it for? = Rui", "What for? = the baby sleeps on\n")
		hints := ""
		for _, f := range form.Fields {
			if f, ok := f.(bot.TextField); ok {
				hints += f.Label + ": " + f.Hint + "\n"
			}
		}
		for _, want := range []string{"Who is it for?: Rui asked, mostly in #support; 2 quotes", "We accept it when…: One a line. Try: Given … When … Then …"} {
			if !strings.Contains(hints, want) {
				t.Errorf("no hint %q in:\n%s", want, hints)
			}
		}
		w.submit(t, "UBEN", form, map[string]string{"criteria": "it is dark", "estimate": "M", "sprint": "2026-49"})
		w.says(t, w.say(t, "UBEN", "/backlog", ""), "#1 👍 1 · M · 2026-49 · ready, 1 criterion")
	})
	t.Run("sent_twice_is_one_story_and_promoted_twice_is_said", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		form := w.form(t, w.say(t, "UBEN", "/promote", "1"))
		bare := w.form(t, w.say(t, "UBEN", "/promote", ""))
		var all sync.WaitGroup
		for range 3 {
			for _, f := range []bot.Form{form, bare} {
				call := w.call("UBEN")
				all.Go(func() {
					_, err := w.bot.Submit(w.ctx, call, bot.Submission{Form: f.ID, State: f.State, Values: map[string]string{"i_want": "it", "criteria": "it works"}})
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if n := w.count(t, `select count(*) from stories`); n != 2 {
			t.Errorf("%d stories, want 2", n)
		}
		r := w.say(t, "UBEN", "/promote", "1")
		w.says(t, r, "already", "[Edit S")
		w.form(t, w.press(t, "UBEN", action(t, r, "Edit S")))
	})
	t.Run("one_that_is_further_on_stays_there", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "status 1 in progress")
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "1")), map[string]string{"criteria": "it works"})
		if got := w.read(t, it).Status; got != bot.StatusStarted {
			t.Errorf("item is %s", got)
		}
	})
	t.Run("undo_takes_story_status_and_news_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "CSUPPORT", "10.1")
		r := w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "1")), map[string]string{"criteria": "it works"})
		w.says(t, w.press(t, "UBEN", action(t, r, "Undo")), "out of the backlog")
		if got := w.read(t, it).Status; got != bot.StatusNew {
			t.Errorf("item is %s", got)
		}
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the thread reads %s", got[0].words())
		}
		w.says(t, w.say(t, "UBEN", "/backlog", ""), "The backlog is empty")
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "1")), map[string]string{"criteria": "it works"})
		w.says(t, w.say(t, "UBEN", "/backlog", ""), "S2")
	})
	t.Run("shipping_finishes_the_story_and_undo_opens_it_again", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "1")), map[string]string{"criteria": "it works"})
		r := w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/ship", "1")), nil)
		if n := w.count(t, `select count(*) from stories where state = 'done'`); n != 1 {
			t.Error("the story is not done")
		}
		w.press(t, "UBEN", action(t, r, "Undo"))
		if n := w.count(t, `select count(*) from stories where state = 'open'`); n != 1 {
			t.Error("the story is not open again")
		}
	})
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	// write adds a story without an item.
	write := func(t *testing.T, w *deskWorld, want, size string) {
		t.Helper()
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "")), map[string]string{"i_want": want, "criteria": "it works", "estimate": size, "label": "tech debt"})
	}
	// order is the backlog's stories from top to bottom, by number.
	order := func(t *testing.T, w *deskWorld) []int {
		t.Helper()
		list, _, _, err := w.store.Backlog(w.ctx, w.ws.Board, bot.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var out []int
		for _, s := range list {
			out = append(out, s.Number)
		}
		return out
	}
	t.Run("it_says_when_it_is_empty_and_what_each_story_needs", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.say(t, "UBEN", "/backlog", ""), "The backlog is empty", "/promote 42")
		write(t, w, "fewer flaky tests", "")
		write(t, w, "a new parser", "M")
		w.says(t, w.say(t, "UBEN", "/backlog", ""), "2 stories · 1 ready", "1 · S1 I want fewer flaky tests · tech debt · needs a size", "2 · S2 I want a new parser · tech debt · M · ready, 1 criterion")
	})
	t.Run("buttons_and_words_move_a_story_and_show_the_order", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		for i := range 3 {
			write(t, w, fmt.Sprintf("wish %d", i), "S")
		}
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.submit(t, "UBEN", w.form(t, w.say(t, "UBEN", "/promote", "1")), map[string]string{"criteria": "it works"})
		for _, move := range []struct {
			do   func() bot.Reply
			want []int
		}{
			{func() bot.Reply { return w.press(t, "UBEN", action(t, w.say(t, "UBEN", "/backlog", ""), "Down")) }, []int{2, 1, 3, 4}},
			{func() bot.Reply { return w.press(t, "UBEN", "rank 3 up 0") }, []int{2, 3, 1, 4}},
			{func() bot.Reply { return w.say(t, "UBEN", "/backlog", fmt.Sprintf("%d top", it.Number)) }, []int{4, 2, 3, 1}},
			{func() bot.Reply { return w.press(t, "UBEN", action(t, w.press(t, "UBEN", "story 4"), "To the bottom")) }, []int{2, 3, 1, 4}},
		} {
			r := move.do()
			if got := order(t, w); !slices.Equal(got, move.want) {
				t.Errorf("the backlog is %v, want %v", got, move.want)
			}
			w.says(t, r, fmt.Sprintf("1 · S%d", move.want[0]), fmt.Sprintf("4 · S%d", move.want[3]))
		}
	})
	t.Run("a_story_that_is_not_there_does_not_move", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.press(t, "UBEN", "rank 7 up 0"), "no story S7")
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.says(t, w.say(t, "UBEN", "/backlog", fmt.Sprintf("%d up", it.Number)), "no story yet", "[Promote #1]")
	})
	t.Run("many_movers_at_once_lose_no_story_and_no_move", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		for i := range 5 {
			write(t, w, fmt.Sprintf("wish %d", i), "S")
		}
		var all sync.WaitGroup
		for i := range 24 { // each story to the top, up and down, all at once
			a := bot.Action(fmt.Sprintf("rank %d %s 0", i%5+1, []string{"top", "up", "top", "down"}[i%4]))
			call := w.call("UBEN")
			all.Go(func() {
				if _, err := w.bot.Press(w.ctx, call, a); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := order(t, w)
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, []int{1, 2, 3, 4, 5}) {
			t.Errorf("the backlog is %v", got)
		}
		if n := w.count(t, `select count(distinct rank) from stories`); n != 5 {
			t.Errorf("%d places for 5 stories", n)
		}
	})
	t.Run("the_second_of_two_movers_waits_for_the_first", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		for i := range 3 {
			write(t, w, fmt.Sprintf("wish %d", i), "S")
		}
		call, done := w.call("UBEN"), make(chan error, 1)
		err := w.store.InTx(w.ctx, func(tx bot.Tx) error {
			ranks, err := tx.LockBacklog(w.ctx, w.ws.Board)
			if err != nil {
				return err
			}
			go func() {
				_, err := w.bot.Press(w.ctx, call, "rank 3 top 0")
				done <- err
			}()
			for w.count(t, `select count(*) from pg_locks l join pg_database d on d.oid = l.database where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`) == 0 {
				select {
				case err := <-done:
					t.Error("the second did not wait")
					done <- err
				default:
				}
				if t.Failed() {
					break
				}
			}
			return tx.SaveRanks(w.ctx, w.ws.Board, []bot.Ranked{{Story: ranks[1].Story, Rank: ranks[0].Rank - 5}}) // S2 to the top
		})
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if got := order(t, w); !slices.Equal(got, []int{3, 2, 1}) {
			t.Errorf("the backlog is %v", got)
		}
	})
	t.Run("an_edit_keeps_what_was_said_before", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		write(t, w, "a new parser", "M")
		mine, theirs := w.form(t, w.press(t, "UBEN", "storyedit 1")), w.form(t, w.press(t, "UBEN", "storyedit 1"))
		w.says(t, w.submit(t, "UBEN", mine, map[string]string{"i_want": "a faster parser"}), "version 2")
		w.says(t, w.submit(t, "UBEN", theirs, map[string]string{"i_want": "a smaller parser"}), "version 3", "Their version 2 is kept")
		for version, want := range map[int]string{1: "a new parser", 2: "a faster parser"} {
			if n := w.count(t, `select count(*) from story_versions where version = $1 and data->>'i_want' = $2`, version, want); n != 1 {
				t.Errorf("version %d is not kept", version)
			}
		}
		w.says(t, w.press(t, "UBEN", "story 1"), "a smaller parser", "version 3")
	})
	t.Run("a_dropped_story_leaves_and_comes_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		write(t, w, "a new parser", "M")
		r := w.press(t, "UBEN", "storydrop 1")
		w.says(t, w.press(t, "UBEN", "storydrop 1"), "dropped already")
		if got := order(t, w); len(got) != 0 {
			t.Errorf("the backlog is %v", got)
		}
		w.says(t, w.press(t, "UBEN", action(t, r, "Undo")), "back in the backlog")
		if got := order(t, w); len(got) != 1 {
			t.Errorf("the backlog is %v", got)
		}
	})
}
