package bot

import (
	"context"
	"time"
)

// RunPrune deletes what has expired, once an hour, until ctx ends.
func (b *Bot) RunPrune(ctx context.Context) error {
	return b.loop(ctx, "prune", b.PruneOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return time.Hour
	})
}

// PruneOnce deletes what has expired and answers how much: remembered acts, codes, and
// the lanes of channels where nothing was sent for long.
func (b *Bot) PruneOnce(ctx context.Context) (int, error) { return b.store.Prune(ctx, b.clock.Now()) }
