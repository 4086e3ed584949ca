package bot

import (
	"context"
	"sync"
	"time"
)

// waker tells all who wait that something is due. Its zero value is ready.
type waker struct {
	mu   sync.Mutex
	next chan struct{}
}

// woken is closed by the next ring: take it before looking for work, so that no ring
// is missed between the look and the wait.
func (w *waker) woken() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
	}
	return w.next
}

// ring wakes all who wait now. It never blocks.
func (w *waker) ring() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next != nil {
		close(w.next)
		w.next = nil
	}
}

// rest waits until woken is closed or the clock reaches until. It answers ctx's error
// when that ended first.
func (b *Bot) rest(ctx context.Context, woken <-chan struct{}, until time.Time) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-woken:
			cancel()
		case <-waiting.Done():
		}
	}()
	_ = b.clock.Wait(waiting, until)
	cancel()
	<-done
	return ctx.Err()
}

// beat is how a loop goes.
type beat struct {
	name  string        // for the log
	least time.Duration // between two steps that rings ask for: a flood of commits is no flood of looks
	deaf  bool          // it keeps its own time, whatever rings
}

// loop runs once again and again until ctx ends: at once while pause says zero, else
// after the pause or when somebody rings. A failed step is logged by its name and
// tried again; it never ends the loop. It answers nil: its end was asked for.
func (b *Bot) loop(ctx context.Context, beat beat, once func(context.Context) (int, error), pause func(did int, err error, failures int) time.Duration) error {
	failures := 0
	for ctx.Err() == nil {
		woken, began := b.wake.woken(), time.Now()
		ctx := WithEvent(ctx, NewEvent())
		did, err := once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			failures++
			b.log.WarnContext(ctx, "loop step failed", "loop", beat.name, "failures", failures, "error", err)
		} else {
			failures = 0
		}
		wait := pause(did, err, failures)
		if wait <= 0 {
			continue
		}
		if err != nil || beat.deaf { // what rings after a failure can't be served either
			woken = nil
		}
		if b.rest(ctx, woken, b.clock.Now().Add(wait)) == nil { // the machine's time: it is the machine that is spared
			_ = SystemClock{}.Wait(ctx, began.Add(min(beat.least, wait)))
		}
	}
	return nil
}

// troublePause is how long a loop rests after so many failed steps in a row: from a
// second to half a minute.
func troublePause(failures int) time.Duration {
	return min(time.Second<<min(max(failures-1, 0), 5), 30*time.Second)
}

// everyMinute is the pause of a loop that looks once a minute: until the next full
// minute, so that what is due at nine starts at nine.
func (b *Bot) everyMinute(_ int, err error, failures int) time.Duration {
	if err != nil {
		return troublePause(failures)
	}
	now := b.clock.Now()
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}
