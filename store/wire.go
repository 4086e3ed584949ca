package store

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// dialer makes wires and remembers the last: the one that the connection came to use,
// where several hosts or TLS modes were tried. Safe for concurrent use, as lib/pq dials
// again for a cancel request.
type dialer struct {
	patience time.Duration
	silences *atomic.Int64
	last     atomic.Pointer[wire]
}

func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	inner, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: inner, patience: d.patience, silences: d.silences}
	d.last.Store(w)
	return w, nil
}

// wire is a network connection on which no read and no write waits for ever.
type wire struct {
	net.Conn
	patience time.Duration // for the next byte, when no context says otherwise
	silences *atomic.Int64 // how often a wire of this pool waited in vain
	heard    atomic.Int64  // what that was when this one last heard something

	mu    sync.Mutex
	fixed time.Time // set by lib/pq while it connects; it alone counts then
	until time.Time // after a context's end; zero: none
	waits int       // bonds to patient contexts
}

func (w *wire) Read(b []byte) (int, error) {
	if err := w.arm(w.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	n, err := w.Conn.Read(b)
	switch {
	case n > 0:
		w.heard.Store(w.silences.Load())
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.silences.Add(1)
	}
	return n, err
}

// doubtful tells whether some wire of the pool fell silent since this one was last heard:
// then it likely leads nowhere either.
func (w *wire) doubtful() bool { return w.heard.Load() < w.silences.Load() }

func (w *wire) Write(b []byte) (int, error) {
	if err := w.arm(w.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}

// arm sets the deadline of the read or write that follows.
func (w *wire) arm(set func(time.Time) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.fixed.IsZero() {
		return set(w.fixed)
	}
	var deadline time.Time
	if w.waits == 0 {
		deadline = time.Now().Add(w.patience)
	}
	if !w.until.IsZero() && (deadline.IsZero() || w.until.Before(deadline)) {
		deadline = w.until
	}
	return set(deadline)
}

// SetDeadline is lib/pq's, around the handshake; the zero time hands back to us.
func (w *wire) SetDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fixed = t
	return w.Conn.SetDeadline(t)
}

// bind ends the wire's waits a moment after the context's end, until release is called.
func (w *wire) bind(ctx context.Context) (release func()) {
	if ctx.Done() == nil && !patient(ctx) {
		return func() {}
	}
	var over, mine bool // guarded by mu
	waits := 0
	if patient(ctx) {
		waits = 1
	}
	w.mu.Lock()
	w.waits += waits
	w.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if over || !w.until.IsZero() {
			return // an earlier end stands
		}
		mine = true
		w.until = time.Now().Add(grace)
		_ = w.Conn.SetDeadline(w.until) // for the read that is under way
	})
	return func() {
		stop()
		w.mu.Lock()
		defer w.mu.Unlock()
		if over {
			return
		}
		over = true
		w.waits -= waits
		if mine {
			w.until = time.Time{}
		}
	}
}
