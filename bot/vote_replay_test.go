package bot_test

import (
	"testing"
	"time"
)

// A signed request that somebody sends again within its five minutes changes nothing,
// also after the person has changed their mind.
func TestATypedVoteIsTakenInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.asks("omar", "C1", "Dark theme")
	call := w.by("rui", "C1")
	call.At = time.Time{} // a slash command says nothing of its time
	r, err := w.bot.Command(t.Context(), call, "/heed", "vote 1")
	w.must(err)
	reads(t, r, "Counted")
	reads(t, w.says("rui", "C1", "/heed unvote 1"), "Taken back")
	r, err = w.bot.Command(t.Context(), call, "/heed", "vote 1")
	w.must(err)
	reads(t, r, "taken in already")
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes, want the asker's alone", n)
	}
}
