package bot

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
)

// UnderWay is what an adapter has under way: it counts it, and keeps a defect in one
// act from taking the process with it. Unlike sync.WaitGroup it may be waited for
// while more begins: Wait returns at an instant at which nothing was under way. Safe
// for concurrent use.
type UnderWay struct {
	log *slog.Logger

	mu   sync.Mutex
	zero *sync.Cond
	n    int
}

// NewUnderWay makes an UnderWay that logs defects.
func NewUnderWay(log *slog.Logger) *UnderWay {
	u := &UnderWay{log: log}
	u.zero = sync.NewCond(&u.mu)
	return u
}

// Go runs f in a goroutine of its own, counted from before Go returns. A panic in f
// ends f alone.
func (u *UnderWay) Go(f func()) {
	u.mu.Lock()
	u.n++
	u.mu.Unlock()
	go func() {
		defer func() {
			u.mu.Lock()
			defer u.mu.Unlock()
			if u.n--; u.n == 0 {
				u.zero.Broadcast()
			}
		}()
		defer u.Survive()
		f()
	}()
}

// Wait returns when nothing is under way.
func (u *UnderWay) Wait() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for u.n > 0 {
		u.zero.Wait()
	}
}

// Survive, deferred, ends a panic. The panic's own words are not logged: they may be
// somebody's.
func (u *UnderWay) Survive() {
	if recover() != nil {
		u.log.Error("a defect broke an act off", "stack", string(debug.Stack()))
	}
}

// ErrLate is that the core did not answer in the time that a platform gives. What was
// asked may still be kept: asking again does no harm, since every act has its key.
var ErrLate = errors.New("no answer in time")

// ErrBroken is a defect met on the way.
var ErrBroken = errors.New("broken off by a defect")

// Begin asks the core in a goroutine of u's, and answers where the outcome will come:
// exactly one, also after a defect.
func Begin[T any](u *UnderWay, ask func() (T, error)) <-chan Outcome[T] {
	done := make(chan Outcome[T], 1)
	u.Go(func() {
		o := Outcome[T]{Err: ErrBroken}
		defer func() { done <- o }()
		defer u.Survive()
		o.Value, o.Err = ask()
	})
	return done
}

// Outcome is what came of asking the core.
type Outcome[T any] struct {
	Value T
	Err   error
}

// Within waits for an outcome as long as ctx lasts, else ErrLate: a query on a
// connection that has gone silent does not end when its context does.
func Within[T any](ctx context.Context, done <-chan Outcome[T]) (T, error) {
	select {
	case o := <-done:
		return o.Value, o.Err
	case <-ctx.Done():
		select {
		case o := <-done: // both at once: the answer goes before
			return o.Value, o.Err
		default:
		}
		var none T
		return none, ErrLate
	}
}
