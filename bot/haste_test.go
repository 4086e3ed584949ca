package bot_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// forms sends Heed a form of feedback.
func (w *world) forms(who string, key int, words string) bot.Reply {
	w.t.Helper()
	call := w.by(who, "C1")
	call.Key = fmt.Sprint("view ", key)
	r, err := w.bot.Submit(w.t.Context(), call, bot.Submission{Form: "give", Values: map[string]string{"words": words}})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func TestHaste(t *testing.T) {
	t.Parallel()
	const atOnce = 120
	// worn is a world in which Rui has done as much as anybody may at once.
	worn := func(t *testing.T) *world {
		w := newWorld(t)
		w.asks("rui", "C1", "Dark theme")
		for range atOnce - 1 {
			w.says("rui", "C1", "/feedback")
		}
		return w
	}
	t.Run("a_script_is_stopped_and_gets_its_words_back", func(t *testing.T) {
		t.Parallel()
		w := worn(t)
		reads(t, w.says("rui", "C1", "/feedback every one of my words"), "> every one of my words", "Nothing was saved", "again in 10 seconds")
		reads(t, w.says("rui", "C1", "/heed top"), "Nothing has changed", "10 seconds")
		var n int
		if err := w.db.GetContext(t.Context(), &n, `select count(*) from items`); err != nil || n != 1 {
			t.Errorf("%d requests are there, want the first alone", n)
		}
	})
	t.Run("a_form_stays_as_it_was_filled_in", func(t *testing.T) {
		t.Parallel()
		w := worn(t)
		fix, ok := w.forms("rui", 1, "every one of my words").(bot.Fix)
		if !ok || fix.Errors[""] == "" {
			t.Fatalf("the form says %v", fix)
		}
		w.clock.move(10 * time.Second)
		reads(t, w.forms("rui", 1, "every one of my words"), "Saved as")
	})
	t.Run("as_much_as_a_person_does_is_taken_for_ever", func(t *testing.T) {
		t.Parallel()
		w := worn(t)
		for range 30 {
			w.clock.move(time.Second)
			reads(t, w.says("rui", "C1", "/heed top"), "Dark theme")
		}
		reads(t, w.says("rui", "C1", "/heed top"), "Nothing has changed")
	})
	t.Run("nobody_else_waits_for_it", func(t *testing.T) {
		t.Parallel()
		w := worn(t)
		reads(t, w.says("mira", "C1", "/heed top"), "Dark theme")
	})
	t.Run("a_clock_that_is_put_back_locks_nobody_out", func(t *testing.T) {
		t.Parallel()
		w := worn(t)
		w.clock.move(-24 * time.Hour)
		reads(t, w.says("rui", "C1", "/heed top"), "Nothing has changed")
		w.clock.move(10 * time.Second)
		reads(t, w.says("rui", "C1", "/heed mine"), "Dark theme")
	})
}
