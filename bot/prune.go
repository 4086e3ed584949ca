package bot

import (
	"context"
	"time"
)

// RunPrune keeps house once an hour, until ctx ends.
func (b *Bot) RunPrune(ctx context.Context) error {
	return b.loop(ctx, beat{name: "prune", deaf: true}, b.PruneOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return time.Hour
	})
}

// PruneOnce deletes what has expired (remembered acts, the lanes of channels
// where nothing was sent for long), and once a day brings the cards' "this week" up to
// date. It answers how much it did.
func (b *Bot) PruneOnce(ctx context.Context) (int, error) {
	now := b.clock.Now()
	n, err := b.store.Prune(ctx, now)
	if err != nil {
		return n, err
	}
	aged, err := b.store.AgeCards(ctx, now)
	if aged > 0 {
		b.Wake()
	}
	return n + aged, err
}
