package bot

import (
	"context"
	"time"
)

// How long Heed insists on keeping what a platform already shows. It is half of the time
// for which the post is claimed: kept later, another could have claimed it meanwhile.
const (
	insistFor   = 45 * time.Second
	insistEvery = time.Second
	keepTry     = 5 * time.Second
)

// insist keeps what can't be taken back: a message stands on the platform, and who forgot
// that would have to wait for the claim's end and look for it there. It tries again while
// the database is away, until ctx ends: a Heed that stops tries once more and leaves it.
func insist(ctx context.Context, keep func(ctx context.Context) error) error {
	tick := time.NewTicker(insistEvery)
	defer tick.Stop()
	for began := time.Now(); ; {
		err := keepOnce(ctx, keep)
		if err == nil || time.Since(began) > insistFor {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

func keepOnce(ctx context.Context, keep func(ctx context.Context) error) error {
	trying, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTry)
	defer cancel()
	return keep(trying)
}
