package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestCastLane(t *testing.T) {
	t.Parallel()
	t.Run("one_bad_ballot_fails_alone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				<-time.After(time.Millisecond) // a commit: others gather meanwhile
				for _, b := range bs {
					if b.Account == "bad" {
						return nil, errors.New("no")
					}
				}
				return make([]Cast, len(bs)), nil
			}}
			var all sync.WaitGroup
			for _, account := range []string{"a", "b", "bad", "c"} {
				all.Go(func() {
					_, err := l.Cast(t.Context(), Ballot{Account: account})
					if (err != nil) != (account == "bad") {
						t.Errorf("%s: %v", account, err)
					}
				})
			}
			all.Wait()
		})
	})
	t.Run("what_comes_during_a_commit_shares_the_next", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var commits atomic.Int64
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				commits.Add(1)
				<-time.After(time.Millisecond)
				out := make([]Cast, len(bs))
				for i, b := range bs {
					out[i].Number = b.Item
				}
				return out, nil
			}}
			var all sync.WaitGroup
			for i := range 100 {
				all.Go(func() {
					casts, err := l.Cast(t.Context(), Ballot{Item: i})
					if err != nil || len(casts) != 1 || casts[0].Number != i {
						t.Errorf("ballot %d was answered %v, %v", i, casts, err)
					}
				})
			}
			all.Wait()
			if n := commits.Load(); n > 4 {
				t.Errorf("100 ballots at once took %d commits", n)
			}
		})
	})
	t.Run("a_group_sets_out_beside_another_that_is_no_larger", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			var sizes []int
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				mu.Lock()
				sizes = append(sizes, len(bs))
				mu.Unlock()
				<-time.After(time.Second)
				return make([]Cast, len(bs)), nil
			}}
			var all sync.WaitGroup
			vote := func(ballots int) {
				all.Go(func() {
					if _, err := l.Cast(t.Context(), make([]Ballot, ballots)...); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
			}
			under := func(want ...int) {
				mu.Lock()
				defer mu.Unlock()
				if !slices.Equal(sizes, want) {
					t.Errorf("groups of %d set out, not of %d", sizes, want)
				}
			}
			vote(3)
			under(3)
			vote(1) // as many callers as are under way
			under(3, 1)
			vote(1) // two at once are the most
			vote(1)
			under(3, 1)
			<-time.After(time.Second)
			synctest.Wait() // the first end, and who waits goes with one of their runners
			under(3, 1, 2)
			vote(1) // fewer than are under way
			under(3, 1, 2)
			<-time.After(time.Second / 2)
			vote(1)
			under(3, 1, 2, 2)
			vote(1)
			<-time.After(time.Second * 3 / 4)
			synctest.Wait() // one group has ended; who waits are still fewer than the other
			under(3, 1, 2, 2)
			<-time.After(time.Second / 2)
			synctest.Wait()
			under(3, 1, 2, 2, 1)
			all.Wait()
		})
	})
	t.Run("an_idle_lane_adds_no_wait", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) { return make([]Cast, len(bs)), nil }}
			start := time.Now()
			for range 3 {
				if _, err := l.Cast(t.Context(), Ballot{}); err != nil {
					t.Fatal(err)
				}
			}
			if waited := time.Since(start); waited != 0 {
				t.Errorf("waited %s", waited)
			}
		})
	})
	t.Run("what_nobody_waits_for_any_more_is_not_committed", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var cast atomic.Int64
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				<-time.After(time.Second)
				cast.Add(int64(len(bs)))
				return make([]Cast, len(bs)), nil
			}}
			var all sync.WaitGroup
			vote := func(patience time.Duration, want error) {
				all.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					if _, err := l.Cast(ctx, Ballot{}); !errors.Is(err, want) {
						t.Errorf("with patience for %s: %v", patience, err)
					}
				})
				synctest.Wait()
			}
			for range laneAtOnce {
				vote(time.Minute, nil) // being committed
			}
			vote(time.Millisecond, context.DeadlineExceeded)
			vote(time.Minute, nil)
			all.Wait()
			if n := cast.Load(); n != laneAtOnce+1 {
				t.Errorf("%d ballots were committed, %d were waited for", n, laneAtOnce+1)
			}
		})
	})
	t.Run("who_waits_is_bounded", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				<-time.After(time.Second)
				return make([]Cast, len(bs)), nil
			}}
			var all sync.WaitGroup
			var kept, busy atomic.Int64
			for range 2 * laneWaits {
				all.Go(func() {
					switch _, err := l.Cast(t.Context(), Ballot{}); {
					case err == nil:
						kept.Add(1)
					case errors.Is(err, ErrBusy):
						busy.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if kept.Load() < laneWaits || busy.Load() == 0 {
				t.Errorf("of %d at once %d were kept and %d turned away", 2*laneWaits, kept.Load(), busy.Load())
			}
		})
	})
	t.Run("groups_are_as_large_as_a_slow_database_takes_in_time", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			slow := true
			var most largest
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				each := time.Microsecond
				if slow {
					each = 10 * time.Millisecond
				}
				<-time.After(time.Duration(len(bs)) * each)
				most.see(len(bs))
				return make([]Cast, len(bs)), nil
			}}
			crowd := func() {
				var all sync.WaitGroup
				for range 3 * laneMost {
					all.Go(func() {
						if _, err := l.Cast(t.Context(), Ballot{}); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}
			crowd()
			most = largest{}
			crowd()
			if most.n > 40 {
				t.Errorf("a commit of %d takes longer than it should", most.n)
			}
			slow = false
			crowd()
			crowd()
			if most.n < laneMost {
				t.Errorf("with a quick database again a commit holds %d", most.n)
			}
		})
	})
	t.Run("a_group_stays_bounded", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var most largest
			l := &castLane{cast: func(_ context.Context, bs []Ballot) ([]Cast, error) {
				most.see(len(bs))
				<-time.After(time.Millisecond)
				return make([]Cast, len(bs)), nil
			}}
			var all sync.WaitGroup
			for range 3 * laneMost {
				all.Go(func() {
					if _, err := l.Cast(t.Context(), Ballot{}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if most.n > laneMost {
				t.Errorf("%d ballots in one commit", most.n)
			}
		})
	})
}

// largest is the largest group that was seen.
type largest struct {
	mu sync.Mutex
	n  int
}

func (l *largest) see(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n = max(l.n, n)
}
