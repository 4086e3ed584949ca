package main

import (
	"context"
	"fmt"
	"time"

	"heed/cmd/internal/scorecard"
)

// What a kill -9 may cost: whoever was killed amid a send holds the message for a minute
// and a half, as nobody else can know whether it is still under way.
const (
	killHeals    = 2 * time.Minute
	killOneFor   = 20 * time.Second
	killBothFor  = 12 * time.Second
	killEvery    = 2 * time.Second
	actsASecond  = 40
	killPatience = 3 * time.Minute
)

// kill is kill -9 under load: of one of two replicas every two seconds, then of both.
func kill(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	w, err := newWorld(ctx, plan{Replicas: 2, Workspaces: 3, Members: 20})
	if err != nil {
		return nil, err
	}
	defer w.close()
	w.wellKept = true
	l, err := w.loaded(ctx, actsASecond)
	if err != nil {
		return nil, err
	}
	say("two replicas, %d workspaces, %d acts a second", len(w.teams), actsASecond)
	for i, until := 0, time.Now().Add(killOneFor); time.Now().Before(until); i++ {
		if err := rest(ctx, killEvery); err != nil {
			return nil, err
		}
		r := w.replicas[i%2]
		r.kill()
		if err := r.start(ctx); err != nil {
			return nil, err
		}
	}
	say("one of two was killed %d times", w.replicas[0].starts+w.replicas[1].starts-2)
	for until := time.Now().Add(killBothFor); time.Now().Before(until); {
		if err := rest(ctx, killEvery); err != nil {
			return nil, err
		}
		for _, r := range w.replicas {
			r.kill()
		}
		for _, r := range w.replicas {
			if err := r.start(ctx); err != nil {
				return nil, err
			}
		}
	}
	say("both were killed, too")
	l.end()
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return nil, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	return h.figures("kill -9", killHeals), nil
}

// loaded seeds the world and begins a load.
func (w *world) loaded(ctx context.Context, perSecond int) (*load, error) {
	l := w.newLoad(perSecond)
	if err := w.seed(ctx, l, 6); err != nil {
		l.end()
		return nil, err
	}
	l.begin(ctx)
	return l, nil
}

// rest lets time pass.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("interrupted: %w", ctx.Err())
	case <-time.After(d):
		return nil
	}
}
