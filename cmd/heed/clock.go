package main

import (
	"context"
	"sync"
	"time"

	"heed/bot"
	"heed/store"
)

// clockOf is the clock that a database's Heed goes by: the machine's, moved on as far
// as people have moved it in the playground.
func clockOf(ctx context.Context, c config, s *store.Store) (bot.Clock, error) {
	if c.chatOn() {
		return bot.SystemClock{}, nil
	}
	offset, err := s.ClockOffset(ctx)
	if err != nil {
		return nil, err
	}
	return newMovedClock(offset, s.SetClockOffset), nil
}

// movedClock is the machine's time plus an offset that people may move on, for
// the playground. Safe for concurrent use.
type movedClock struct {
	keep func(ctx context.Context, offset time.Duration) error // keeps the offset with the data
	pass func(ctx context.Context) error                       // lets what came due on the way happen; may be nil

	mu     sync.Mutex
	offset time.Duration
	moved  chan struct{} // closed when the clock is moved
}

func newMovedClock(offset time.Duration, keep func(context.Context, time.Duration) error) *movedClock {
	return &movedClock{keep: keep, offset: offset, moved: make(chan struct{})}
}

// Now is the moved time in UTC.
func (c *movedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset).UTC()
}

// Wait waits until the moved time has reached t.
func (c *movedClock) Wait(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		left, moved := t.Sub(time.Now().Add(c.offset)), c.moved
		c.mu.Unlock()
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
			return nil
		case <-moved:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// moveStep is the longest step of a clock that is moved: shorter than what a digest
// may be late, so that the one of a Monday on the way comes.
const moveStep = 12 * time.Hour

// Move sets the clock on by d, keeps that, and wakes whoever waits. What came due on
// the way has happened when it returns.
func (c *movedClock) Move(ctx context.Context, d time.Duration) error {
	for d > 0 {
		step := min(d, moveStep)
		d -= step
		c.mu.Lock()
		c.offset += step
		offset := c.offset
		close(c.moved)
		c.moved = make(chan struct{})
		c.mu.Unlock()
		if err := c.keep(ctx, offset); err != nil {
			return err
		}
		if c.pass == nil {
			continue
		}
		if err := c.pass(ctx); err != nil {
			return err
		}
	}
	return nil
}

// set puts the clock to an offset without keeping it: before there is a board.
func (c *movedClock) set(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset
	close(c.moved)
	c.moved = make(chan struct{})
}
