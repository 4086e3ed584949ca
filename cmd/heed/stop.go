package main

import (
	"context"
	"sync"
	"time"
)

const (
	// stopMost bounds a stop, and stopAfter what of it comes after the port has closed,
	// which counts where a balancer was given long to notice. The embedded Postgres closes
	// after it: together they take the ten seconds that a container has.
	stopMost  = 8 * time.Second
	stopAfter = 6 * time.Second
	// streamMost is how long pages that listen for ever may go on listening.
	streamMost = 1500 * time.Millisecond
)

// stop ends a running Heed in order. The loops were told to end before: what they
// hold (the gateway, turns, posts on their way) is free for another replica as soon
// as each has ended its step, while this one still answers requests for as long as wait
// says. Then the port closes, requests under way are finished, and so are the answers that
// follow an acknowledgement. Whatever is not done when the time is over is left: what was
// acknowledged is in Postgres, and what is due stays due there.
func (s *system) stop(ctx context.Context, wait time.Duration, loops *sync.WaitGroup) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(stopMost, wait+stopAfter))
	defer cancel()
	s.log.InfoContext(ctx, "heed is stopping", "requests_for", wait)
	linger(ctx, wait)
	defer time.AfterFunc(streamMost, s.endWork).Stop()
	if err := s.server.Shutdown(ctx); err != nil {
		s.log.WarnContext(ctx, "requests were still under way when Heed stopped", "err", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if s.slack != nil {
			s.slack.Wait()
		}
		s.endWork()
		loops.Wait()
	}()
	select {
	case <-done:
		s.log.InfoContext(ctx, "heed has stopped", "took", time.Since(began))
	case <-ctx.Done():
		s.log.WarnContext(ctx, "heed has stopped before all was done; nothing that was acknowledged is lost", "took", time.Since(began))
	}
}
