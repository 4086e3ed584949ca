package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

func TestGapBehindAFactOfJustNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.drain()
	w.must(w.bot.Gap(t.Context(), acme, w.clock.Now()))
	open := `select count(*) from workspaces where gap_since is not null`
	w.clock.move(time.Minute)
	// Rui's thumb is heard; taken back again in the second break, which nobody hears.
	w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
	w.clock.move(time.Second)
	w.must(w.bot.Gap(t.Context(), acme, w.clock.Now()))
	_, err := w.bot.ReconcileOnce(t.Context())
	w.must(err)
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes: what was heard just now gave way to what may be behind", n)
	}
	if w.number(open) != 1 {
		t.Fatal("the gap was closed though one of the two is wrong")
	}
	w.clock.move(10 * time.Second)
	_, err = w.bot.ReconcileOnce(t.Context())
	w.must(err)
	if n := w.count(it); n != 0 {
		t.Errorf("%d votes, and nobody's thumb is there", n)
	}
	if w.number(open) != 0 {
		t.Error("the gap is still open")
	}
}
