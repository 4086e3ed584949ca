package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pass lets the bubble's time pass.
func pass(d time.Duration) { <-time.After(d) }

func TestLoop(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T, once func(context.Context) (int, error), pause func(int, error, int) time.Duration) (*Bot, context.CancelFunc, chan error) {
		t.Helper()
		b := &Bot{clock: SystemClock{}, log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.loop(ctx, beat{name: "test", least: 10 * time.Millisecond}, once, pause) }()
		synctest.Wait()
		return b, cancel, ended
	}
	t.Run("wakes_at_once_when_something_is_due_and_ends_with_its_context", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var steps atomic.Int64
			b, cancel, ended := start(t, func(context.Context) (int, error) { steps.Add(1); return 0, nil }, func(int, error, int) time.Duration { return time.Hour })
			pass(time.Second)
			before := time.Now()
			b.Wake()
			b.Wake()
			synctest.Wait()
			if steps.Load() != 2 || !time.Now().Equal(before) {
				t.Errorf("%d steps after %v, want 2 at once", steps.Load(), time.Since(before))
			}
			pass(time.Hour + time.Second)
			synctest.Wait()
			if steps.Load() != 3 {
				t.Errorf("%d steps after the pause, want 3", steps.Load())
			}
			cancel()
			if err := <-ended; err != nil { // and synctest fails the test where a goroutine is left
				t.Errorf("ended with %v", err)
			}
		})
	})
	t.Run("a_ring_between_look_and_wait_is_not_missed", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var b *Bot
			var steps atomic.Int64
			b, cancel, ended := start(t, func(context.Context) (int, error) {
				if steps.Add(1) == 2 {
					b.Wake() // by a commit after this step looked
				}
				return 0, nil
			}, func(int, error, int) time.Duration { return time.Hour })
			pass(time.Second)
			b.Wake()
			pass(time.Second)
			synctest.Wait()
			if steps.Load() != 3 {
				t.Errorf("%d steps, want 3", steps.Load())
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	})
	t.Run("a_flood_of_rings_is_no_flood_of_looks", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var steps atomic.Int64
			b, cancel, ended := start(t, func(context.Context) (int, error) { steps.Add(1); return 0, nil }, func(int, error, int) time.Duration { return time.Hour })
			for range 1000 {
				b.Wake()
				pass(time.Millisecond)
			}
			if steps.Load() < 50 || steps.Load() > 101 {
				t.Errorf("%d steps in a second of rings, want about a hundred", steps.Load())
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	})
	t.Run("a_failing_step_rests_longer_and_longer_though_it_is_rung", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var steps atomic.Int64
			b, cancel, ended := start(t, func(context.Context) (int, error) { steps.Add(1); return 0, errors.New("no database") },
				func(_ int, _ error, failures int) time.Duration { return troublePause(failures) })
			for range 100 {
				b.Wake()
				synctest.Wait()
			}
			if steps.Load() != 1 {
				t.Errorf("%d steps while it rested", steps.Load())
			}
			pass(time.Minute)
			synctest.Wait()
			if steps.Load() < 5 || steps.Load() > 7 {
				t.Errorf("%d steps in a minute without a database", steps.Load())
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	})
}

func TestPauses(t *testing.T) {
	t.Parallel()
	if d := dispatchPause(dispatchLimit, nil, 0); d != 0 {
		t.Errorf("after a full claim it rests %v", d)
	}
	if d := dispatchPause(1, nil, 0); d <= 0 || d > time.Second/4 {
		t.Errorf("amid traffic it rests %v", d)
	}
	if d := dispatchPause(0, nil, 0); d != time.Second {
		t.Errorf("with nothing to do it rests %v", d)
	}
	if troublePause(1) != time.Second || troublePause(3) != 4*time.Second || troublePause(60) != 30*time.Second {
		t.Errorf("in trouble it rests %v, %v, %v", troublePause(1), troublePause(3), troublePause(60))
	}
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{clock: SystemClock{}}
		pass(20 * time.Second)
		if d := b.everyMinute(0, nil, 0); d != 40*time.Second {
			t.Errorf("20 s past the minute it rests %v, want 40s", d)
		}
	})
}
