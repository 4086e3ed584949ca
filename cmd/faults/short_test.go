package main

import (
	"syscall"
	"testing"
	"time"
)

// TestFaultsInShort is a few seconds of what `make faults` does for minutes: two replicas
// under load are killed one after the other and together, Postgres restarts, and all that
// was acknowledged is there once.
func TestFaultsInShort(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, err := newWorld(ctx, plan{
		Replicas: 2, Workspaces: 1, Members: 8, Patient: true, Retries: []time.Duration{0, time.Second, 3 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l := w.newLoad(30)
	ok(w.seed(ctx, l, 2))
	l.begin(ctx)
	defer l.end()
	for _, broken := range [][]*replica{w.replicas[:1], w.replicas[1:], w.replicas} {
		ok(rest(ctx, 500*time.Millisecond)) // of load
		for _, r := range broken {
			r.kill()
		}
		for _, r := range broken {
			ok(r.start(ctx))
		}
	}
	ok(w.server.stop(syscall.SIGINT))
	ok(w.server.start(ctx))
	ok(rest(ctx, 500*time.Millisecond))
	l.end()
	ok(w.lapse(ctx))
	h, err := w.heal(ctx, 2*time.Minute)
	ok(err)
	if h.Busy != "" || len(h.Found) > 0 {
		t.Errorf("not healed: %s\n%s", h.Busy, h.told(10))
	}
	promised := 0
	for _, a := range h.Acts {
		if a.Verdict == kept {
			promised++
		}
	}
	if promised < 10 {
		t.Errorf("only %d of %d acts were acknowledged", promised, len(h.Acts))
	}
}
