package bot

import (
	"context"
	"time"
)

// A Clock tells the time and waits. Implementations are safe for concurrent use.
type Clock interface {
	// Now is the present instant in UTC.
	Now() time.Time
	// Wait returns nil once the clock has reached t, or ctx's error before.
	// A clock that is moved wakes those whose time has come.
	Wait(ctx context.Context, t time.Time) error
}

// SystemClock is the machine's own time.
type SystemClock struct{}

// Now is the machine's time in UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC() }

// Wait waits for t by the machine's time.
func (SystemClock) Wait(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
