package main

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// startPatience is how long a request that comes while Heed starts waits for it: less
	// than the three seconds of the chats.
	startPatience = 2 * time.Second
	// lingerTime is how long requests are still taken after /readyz has begun to say no,
	// where somebody watches it: a balancer looks every second or two.
	lingerTime = 2 * time.Second
	// watchedWithin is how recently /readyz must have been asked for that.
	watchedWithin = 15 * time.Second
)

// front answers the port from before the migrations to after the last request. Probes and
// figures are answered at once; other requests wait a moment for Heed to be up.
// Safe for concurrent use.
type front struct {
	always http.Handler // /healthz, /readyz, /metrics

	mu    sync.Mutex
	phase string        // what it is busy with; "" when up
	up    chan struct{} // closed when rest may be asked
	rest  http.Handler
	ends  bool      // connections are to be closed after their answer
	told  int       // how often in a row it was asked and said ready
	last  time.Time // when it was asked last
}

func newFront(always http.Handler) *front {
	return &front{always: always, phase: "Heed is starting", up: make(chan struct{})}
}

// begin says what it is busy with.
func (f *front) begin(phase string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phase = phase
}

// open has all requests answered by rest. It is called once.
func (f *front) open(rest http.Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phase, f.rest = "", rest
	close(f.up)
}

// busy is what it is busy with, "" when it is up.
func (f *front) busy() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.phase
}

// ending tells whether connections are to be closed.
func (f *front) ending() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ends
}

// asked notes that somebody wanted to know whether Heed is ready, and was told.
func (f *front) asked(ready bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = time.Now()
	if ready {
		f.told++
	}
}

// drain has /readyz say no, and every answer say that its connection ends, so that
// nobody sends on one that closes this moment. It answers how long requests should still be
// taken, so that a balancer hears of it before the port closes: as asked for, else a
// moment where something watches /readyz. Whoever only waited for Heed to be ready asked
// until it was, and not again.
func (f *front) drain(asked *time.Duration) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phase, f.ends = "Heed is stopping", true
	if asked != nil {
		return *asked
	}
	if f.told < 2 || time.Since(f.last) > watchedWithin {
		return 0
	}
	return lingerTime
}

// ServeHTTP answers a request.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.ending() {
		w.Header().Set("Connection", "close")
	}
	switch r.URL.Path {
	case "/healthz", "/readyz", "/metrics":
		f.always.ServeHTTP(w, r)
		return
	}
	late := time.NewTimer(startPatience)
	defer late.Stop()
	select {
	case <-f.up:
		f.rest.ServeHTTP(w, r)
	case <-r.Context().Done():
	case <-late.C:
		w.Header().Set("Retry-After", "2")
		http.Error(w, "Heed is starting. Please try again in a moment.", http.StatusServiceUnavailable)
	}
}

// linger waits, but not longer than ctx.
func linger(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
