package discord

import (
	"context"
	"math/rand/v2"
	"time"

	"heed/bot"
)

const (
	connectFirst = time.Second
	connectLast  = time.Minute
)

// backoff is how long to wait after so many failures in a row, half of it at random.
func backoff(failures int) time.Duration {
	d := min(connectFirst<<min(failures, 10), connectLast)
	return d/2 + rand.N(d/2+1)
}

// pause waits by the machine's time: it is the network that is spared.
func pause(ctx context.Context, d time.Duration) error {
	return bot.SystemClock{}.Wait(ctx, time.Now().Add(d))
}
