package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

// pass lets time pass in a synctest bubble, and all that follows from it happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

var errAway = errors.New("the database is away")

// kept is a core behind a queue that may fail, and what it kept.
type kept struct {
	mu      sync.Mutex
	ballots []bot.Ballot
	gaps    []string
	fail    func(n int) error // of the nth call
	calls   int
	most    int // ballots in one call
	atOnce  int // calls under way
	peak    int
}

func (k *kept) queue() *queue {
	return newQueue(slog.New(slog.DiscardHandler), queueWorkers, k.react, func(_ context.Context, guild string, since time.Time) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.gaps = append(k.gaps, guild)
		return nil
	})
}

func (k *kept) react(_ context.Context, ballots []bot.Ballot) error {
	k.mu.Lock()
	k.calls++
	k.atOnce++
	k.peak = max(k.peak, k.atOnce)
	k.most = max(k.most, len(ballots))
	fail, n := k.fail, k.calls
	k.mu.Unlock()
	runtime.Gosched()
	var err error
	if fail != nil {
		err = fail(n)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.atOnce--
	if err == nil {
		k.ballots = append(k.ballots, ballots...)
	}
	return err
}

// of are the texts of the ballots of one message, in the order in which they were kept.
func (k *kept) of(message string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []string
	for _, b := range k.ballots {
		if b.Message == message {
			out = append(out, b.Account)
		}
	}
	return out
}

func ballotTask(message, account string, at time.Time) task {
	return task{at: at, guild: "G1", ballot: bot.Ballot{Message: message, Account: account, At: at}}
}

func TestQueue(t *testing.T) {
	t.Parallel()

	t.Run("order_of_a_message_holds_whatever_fails", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(rt *rapid.T) {
			synctest.Test(t, func(*testing.T) {
				failing := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 30).Draw(rt, "failing calls")
				lanes := rapid.IntRange(1, 5).Draw(rt, "messages")
				n := rapid.IntRange(1, 120).Draw(rt, "reactions")
				k := &kept{fail: func(n int) error {
					for _, f := range failing {
						if f == n {
							return errAway
						}
					}
					return nil
				}}
				q := k.queue()
				want := map[string][]string{}
				for i := range n {
					m := fmt.Sprint("m", rapid.IntRange(0, lanes-1).Draw(rt, "message"))
					q.put(m, ballotTask(m, fmt.Sprint(i), time.Now()))
					want[m] = append(want[m], fmt.Sprint(i))
				}
				synctest.Wait()
				pass(time.Hour)
				for m, all := range want {
					if got := strings.Join(k.of(m), " "); got != strings.Join(all, " ") {
						rt.Fatalf("%s: kept %s, want %v", m, got, all)
					}
				}
				q.drain(t.Context())
			})
		})
	})

	t.Run("what_waits_together_goes_together", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{fail: func(n int) error {
				if n == 1 {
					return errAway
				}
				return nil
			}}
			q := k.queue()
			for i := range 1000 {
				q.put("m1", ballotTask("m1", fmt.Sprint(i), time.Now()))
			}
			pass(time.Minute)
			if len(k.of("m1")) != 1000 || k.calls > 15 || k.most > queueBatch {
				t.Errorf("%d kept in %d calls, %d at most in one", len(k.of("m1")), k.calls, k.most)
			}
			q.drain(t.Context())
		})
	})

	t.Run("a_message_that_fails_holds_up_no_other", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{}
			q := newQueue(slog.New(slog.DiscardHandler), queueWorkers, func(ctx context.Context, b []bot.Ballot) error {
				if b[0].Message == "bad" {
					return errAway
				}
				return k.react(ctx, b)
			}, func(context.Context, string, time.Time) error { return nil })
			for i := range 50 {
				q.put(fmt.Sprint("m", i), ballotTask("m", fmt.Sprint(i), time.Now()))
				q.put("bad", ballotTask("bad", fmt.Sprint(i), time.Now()))
			}
			synctest.Wait()
			if n := len(k.of("m")); n != 50 {
				t.Errorf("%d of 50 kept", n)
			}
			ending, cancel := context.WithCancel(t.Context())
			cancel()
			q.drain(ending)
		})
	})

	t.Run("what_never_works_is_given_up_and_read_back", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{}
			poison := func(b []bot.Ballot) bool {
				for _, x := range b {
					if x.Account == "poison" {
						return true
					}
				}
				return false
			}
			q := newQueue(slog.New(slog.DiscardHandler), queueWorkers, func(ctx context.Context, b []bot.Ballot) error {
				if poison(b) {
					panic("my very own words")
				}
				return k.react(ctx, b)
			}, func(_ context.Context, guild string, _ time.Time) error {
				k.mu.Lock()
				defer k.mu.Unlock()
				k.gaps = append(k.gaps, guild)
				return nil
			})
			for _, who := range []string{"rui", "poison", "mira"} {
				q.put("m1", ballotTask("m1", who, time.Now()))
			}
			pass(time.Hour)
			if got := strings.Join(k.of("m1"), " "); got != "rui mira" {
				t.Errorf("kept %q", got)
			}
			if len(k.gaps) != 1 || k.gaps[0] != "G1" {
				t.Errorf("read back: %q", k.gaps)
			}
			q.drain(t.Context())
		})
	})

	t.Run("a_long_outage_loses_nothing", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			back := time.Now().Add(3 * time.Hour)
			k := &kept{fail: func(int) error {
				if time.Now().Before(back) {
					return errAway
				}
				return nil
			}}
			q := k.queue()
			heard := time.Now()
			for i := range 200 {
				q.put(fmt.Sprint("m", i%7), ballotTask(fmt.Sprint("m", i%7), fmt.Sprint(i), heard.Add(time.Duration(i)*time.Second)))
			}
			pass(time.Hour)
			if oldest := q.oldest(); !oldest.Equal(heard) {
				t.Errorf("the oldest that waits is of %v, want %v", oldest, heard)
			}
			pass(3 * time.Hour)
			if n := len(k.ballots); n != 200 {
				t.Errorf("%d of 200 kept", n)
			}
			if !q.oldest().IsZero() {
				t.Error("something still waits")
			}
			q.drain(t.Context())
		})
	})

	t.Run("memory_is_bounded_and_what_was_dropped_is_read_back", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			away := true
			var mu sync.Mutex
			k := &kept{fail: func(int) error {
				mu.Lock()
				defer mu.Unlock()
				if away {
					return errAway
				}
				return nil
			}}
			q := k.queue()
			q.most = 100
			for i := range 500 {
				q.put(fmt.Sprint("m", i), ballotTask("m", fmt.Sprint(i), time.Now()))
			}
			if q.waiting != 100 {
				t.Errorf("%d wait, want 100 at most", q.waiting)
			}
			mu.Lock()
			away = false
			mu.Unlock()
			pass(time.Hour)
			if len(k.ballots) != 100 || len(k.gaps) != 1 {
				t.Errorf("%d kept, read back %q", len(k.ballots), k.gaps)
			}
			q.drain(t.Context())
		})
	})

	t.Run("nothing_runs_when_nothing_waits", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{}
			q := k.queue()
			for i := range 10_000 {
				q.put(fmt.Sprint("m", i%500), ballotTask("m", fmt.Sprint(i), time.Now()))
			}
			synctest.Wait()
			q.mu.Lock()
			defer q.mu.Unlock()
			if q.workers != 0 || len(q.lanes) != 0 || q.waiting != 0 || len(q.ready) != 0 {
				t.Errorf("%d workers, %d lanes, %d waiting", q.workers, len(q.lanes), q.waiting)
			}
			if k.peak > queueWorkers {
				t.Errorf("%d calls at once", k.peak)
			}
		})
	})

	t.Run("a_stop_keeps_what_waits", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{fail: func(n int) error {
				if n < 10 {
					return errAway
				}
				return nil
			}}
			q := k.queue()
			q.put("m1", ballotTask("m1", "rui", time.Now()))
			pass(3 * time.Second) // some tries later, the next one is seconds away
			ending, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			q.drain(ending)
			if got := k.of("m1"); len(got) != 1 {
				t.Errorf("kept %q", got)
			}
			q.put("m1", ballotTask("m1", "mira", time.Now()))
			synctest.Wait()
			if got := k.of("m1"); len(got) != 1 {
				t.Errorf("taken after the end: %q", got)
			}
		})
	})

	t.Run("a_stop_does_not_wait_for_ever", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			k := &kept{fail: func(int) error { return errAway }}
			q := k.queue()
			q.put("m1", ballotTask("m1", "rui", time.Now()))
			ending, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			began := time.Now()
			q.drain(ending)
			if took := time.Since(began); took > 6*time.Second {
				t.Errorf("took %v", took)
			}
		})
	})
}

func TestArrival(t *testing.T) {
	t.Parallel()
	a := arrival{clock: stopped{time.Date(2026, 11, 22, 12, 0, 0, 123456789, time.UTC)}}
	last := a.next()
	if last.Nanosecond()%1000 != 0 {
		t.Errorf("%v is finer than Postgres keeps", last)
	}
	for range 1000 {
		next := a.next()
		if !next.After(last) {
			t.Fatalf("%v is not after %v", next, last)
		}
		last = next
	}
	a.clock = stopped{last.Add(-time.Hour)} // set back
	if next := a.next(); !next.After(last) {
		t.Errorf("%v is not after %v", next, last)
	}
}

// stopped is a clock that stands still.
type stopped struct{ at time.Time }

func (s stopped) Now() time.Time                              { return s.at }
func (s stopped) Wait(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }
