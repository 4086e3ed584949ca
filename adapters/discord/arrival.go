package discord

import (
	"sync"
	"time"

	"heed/bot"
)

// arrival stamps what the gateway delivers: reactions carry no time of their own. Its
// times strictly increase, to the microsecond that Postgres keeps, also where the clock
// stands still or is set back. Safe for concurrent use.
type arrival struct {
	clock bot.Clock
	mu    sync.Mutex
	last  time.Time
}

func (a *arrival) next() time.Time {
	now := a.clock.Now().Truncate(time.Microsecond)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !now.After(a.last) {
		now = a.last.Add(time.Microsecond)
	}
	a.last = now
	return now
}
