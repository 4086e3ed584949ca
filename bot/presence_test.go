package bot_test

import (
	"testing"
	"time"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	gaps := `select count(*) from workspaces where gap_since is not null`
	for name, c := range map[string]struct {
		away time.Duration
		want int
	}{
		"hours_away_are_a_gap":                   {3 * time.Hour, 1},
		"a_restart_is_none_for_slack_redelivers": {time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.bot.PresenceOnce(t.Context())
			w.must(err)
			if w.number(gaps) != 0 {
				t.Fatal("the first start of all has a gap")
			}
			heard := w.clock.Now()
			w.clock.move(c.away)
			_, err = w.replica().PresenceOnce(t.Context())
			w.must(err)
			if got := w.number(gaps); got != c.want {
				t.Fatalf("%d gaps, want %d", got, c.want)
			}
			if c.want == 0 {
				return
			}
			var since time.Time
			w.must(w.db.GetContext(t.Context(), &since, `select gap_since from workspaces`))
			if !since.Equal(heard) {
				t.Errorf("the gap begins at %s, Heed was last there at %s", since, heard)
			}
		})
	}
}
