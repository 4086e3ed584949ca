package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"heed/cmd/internal/scorecard"
)

// What a fault of Postgres may cost.
const (
	wellAgain     = 10 * time.Second // until votes are taken as before
	postgresHeals = 2 * time.Minute
	faultFor      = 4 * time.Second
)

// trouble is one way in which Postgres fails a living Heed.
type trouble struct {
	name  string
	begin func(ctx context.Context, w *world, p *proxy) error
	// end is after faultFor; nil where it is over at once.
	end func(ctx context.Context, w *world, p *proxy) error
}

var troubles = []trouble{
	{"stopped and started", stopWith(syscall.SIGINT), startAgain},
	{"restarted fast", restartWith(syscall.SIGINT), nil},
	{"restarted at once", restartWith(syscall.SIGQUIT), nil},
	{"crashed", restartWith(syscall.SIGKILL), nil},
	{"out of connections", takeConnections, giveConnections},
	{"disk full", fillDisk, emptyDisk},
	{"read-only", readOnly("on"), readOnly("off")},
	{"slow by 500 ms", slowBy(500 * time.Millisecond), slowBy(0)},
	{"black hole", blackHole, endHole},
	{"serialization failures", failSerialization, endSerialization},
	{"deadlocks", beginDeadlocks, endDeadlocks},
}

// postgres breaks the database in every way under one load.
func postgres(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	var p *proxy
	w, err := newWorld(ctx, plan{
		Replicas: 2, Workspaces: 3, Members: 20, SmallDisk: true,
		Settings: []string{"max_connections=60", "deadlock_timeout=100ms", "max_wal_size=96MB", "min_wal_size=32MB"},
		DSN: func(s *server) string {
			if p, err = newProxy(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))); err != nil {
				return ""
			}
			return dsnAt(p.at(), heedRole, heedRole)
		},
	})
	if err != nil {
		return nil, err
	}
	defer w.close()
	defer p.close()
	l, err := w.loaded(ctx, actsASecond)
	if err != nil {
		return nil, err
	}
	defer l.end()
	for _, t := range troubles {
		began := time.Now()
		well, err := w.through(ctx, t, p)
		if err != nil {
			return figures, fmt.Errorf("%s: %w", t.name, err)
		}
		say("%s: votes are taken again after %s", t.name, well.Round(time.Millisecond))
		again := scorecard.Of(t.name+": votes taken again after", well.Seconds(), "s", scorecard.AtMost, wellAgain.Seconds())
		again.Note = w.record.turnedAwaySince(began)
		figures = append(figures, again)
	}
	l.end()
	broken, err := w.deadlocks(ctx)
	if err != nil {
		return figures, err
	}
	figures = append(figures, scorecard.Of("deadlocks that Postgres broke", float64(broken), "", scorecard.AtLeast, 1))
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return figures, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	unanswered := 0
	for _, d := range w.record.deliveries() {
		if d.Path != "/slack/events" && d.Status != 200 {
			unanswered++
		}
	}
	figures = append(figures, scorecard.Of("commands, presses and forms without an answer", float64(unanswered), "", scorecard.AtMost, 0))
	return append(figures, h.figures("Postgres fails", postgresHeals)...), nil
}

// through lives through one trouble and answers how long after its end deliveries failed.
func (w *world) through(ctx context.Context, t trouble, p *proxy) (time.Duration, error) {
	if err := t.begin(ctx, w, p); err != nil {
		return 0, err
	}
	if t.end != nil {
		if err := rest(ctx, faultFor); err != nil {
			return 0, err
		}
		if err := t.end(ctx, w, p); err != nil {
			return 0, err
		}
	}
	return w.wellSince(ctx, time.Now())
}

// steady is how many events in a row must be taken until all counts as well.
const steady = 40

// wellSince waits until events are taken one after another, and answers how long after an
// instant the last one that was not was sent.
func (w *world) wellSince(ctx context.Context, since time.Time) (time.Duration, error) {
	for time.Since(since) < time.Minute {
		taken, failed := w.record.eventsSince(since)
		if taken >= steady {
			if failed.IsZero() {
				return 0, nil
			}
			return failed.Sub(since), nil
		}
		if err := rest(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("events are not taken steadily within a minute")
}

func stopWith(how syscall.Signal) func(context.Context, *world, *proxy) error {
	return func(_ context.Context, w *world, _ *proxy) error { return w.server.stop(how) }
}

func startAgain(ctx context.Context, w *world, _ *proxy) error { return w.server.start(ctx) }

func restartWith(how syscall.Signal) func(context.Context, *world, *proxy) error {
	return func(ctx context.Context, w *world, _ *proxy) error {
		if err := w.server.stop(how); err != nil {
			return err
		}
		return w.server.start(ctx)
	}
}

func slowBy(d time.Duration) func(context.Context, *world, *proxy) error {
	return func(_ context.Context, _ *world, p *proxy) error {
		p.slow(d)
		return nil
	}
}

func blackHole(_ context.Context, _ *world, p *proxy) error {
	p.swallow()
	return nil
}

func endHole(_ context.Context, _ *world, p *proxy) error {
	p.fill()
	return nil
}

func readOnly(on string) func(context.Context, *world, *proxy) error {
	return func(ctx context.Context, w *world, _ *proxy) error {
		return w.server.admin(ctx, rootRole, "alter system set default_transaction_read_only = "+on, "select pg_reload_conf()")
	}
}
