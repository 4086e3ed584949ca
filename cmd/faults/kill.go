package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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

// kill is kill -9 under load, on Slack and on Discord, each in a world of its own, side
// by side: most of it is waiting.
func kill(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	return beside(ctx, say, slackKilled, discordKilled)
}

func slackKilled(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
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
	defer l.end()
	say("two replicas, %d workspaces, %d acts a second", len(w.teams), actsASecond)
	if err := killInTurn(ctx, w.replicas, killEvery, say); err != nil {
		return nil, err
	}
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

// killInTurn kills one of two replicas every so often, then both.
func killInTurn(ctx context.Context, replicas []*replica, every time.Duration, say func(string, ...any)) error {
	anew := func(all ...*replica) error {
		if err := rest(ctx, every); err != nil {
			return err
		}
		for _, r := range all {
			r.kill()
		}
		for _, r := range all {
			if err := r.start(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	one, both := 0, 0
	for until := time.Now().Add(killOneFor); time.Now().Before(until); one++ {
		if err := anew(replicas[one%2]); err != nil {
			return err
		}
	}
	for until := time.Now().Add(killBothFor); time.Now().Before(until); both++ {
		if err := anew(replicas...); err != nil {
			return err
		}
	}
	say("one of two was killed %d times, both %d times", one, both)
	return nil
}

// beside runs parts of a line at the same time.
func beside(ctx context.Context, say func(string, ...any), parts ...func(context.Context, func(string, ...any)) ([]scorecard.Figure, error)) ([]scorecard.Figure, error) {
	figures, errs := make([][]scorecard.Figure, len(parts)), make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { figures[i], errs[i] = part(ctx, say) })
	}
	all.Wait()
	return slices.Concat(figures...), errors.Join(errs...)
}

// loaded seeds the world and begins a load.
func (w *world) loaded(ctx context.Context, perSecond int) (*load, error) {
	l := w.newLoad(perSecond)
	if err := w.seed(ctx, l, 6); err != nil {
		l.end()
		return nil, err
	}
	l.due = true
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
