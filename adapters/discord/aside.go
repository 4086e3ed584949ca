package discord

import (
	"context"
	"time"
)

const (
	// corePatience bounds one act of the core.
	corePatience = 10 * time.Second
	// asidePatience bounds what runs beside the gateway, with all it sends.
	asidePatience = time.Minute
	// asideAtOnce bounds how much runs beside the gateway: more than is let in, so that who
	// is turned away can be told.
	asideAtOnce = 1024
	// actsAtOnce bounds how many commands, presses and forms the core is asked about at
	// once, actsPatience how old most of them may be while more are let in. An answer may
	// come later than Discord's three seconds, once it was deferred.
	actsAtOnce   = 512
	actsPatience = 4 * time.Second
)

// Wait returns when everything that follows from what was heard is done. While the
// database is away that is not before it is back.
func (a *Adapter) Wait() {
	a.threads.wait()
	a.queue.wait()
	a.asks.Wait()
}

// aside runs f beside the gateway, contained, within Wait. Where too much runs already
// it is not taken, and the log says so.
func (a *Adapter) aside(what string, f func(context.Context)) {
	select {
	case a.slots <- struct{}{}:
	default:
		a.log.Error("too much at once: not taken", "what", what)
		return
	}
	a.asks.Go(func() {
		defer func() { <-a.slots }()
		ctx, cancel := context.WithTimeout(context.Background(), asidePatience)
		defer cancel()
		f(ctx)
	})
}
