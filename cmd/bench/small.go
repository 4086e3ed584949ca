package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"heed/cmd/internal/scorecard"
)

// steady is how long the program is watched for growth.
var steady = flag.Duration("steady", 5*time.Minute, "how long the program is watched for growth under load")

const (
	starts      = 7                // of the program, for the time until it is ready
	idleFor     = 15 * time.Second // before its memory counts as idle
	steadyRate  = 400              // votes a second while it is watched
	smallPlaces = 20
)

// small measures the program alone: Postgres, Slack and the load are other processes.
func small(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	w, err := newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.populate(ctx, peopled{boards: smallPlaces, items: 50, members: 6000, cards: true}); err != nil {
		return nil, err
	}
	info, err := os.Stat(w.path)
	if err != nil {
		return nil, err
	}
	figures = append(figures, scorecard.Of("the binary", float64(info.Size())/(1<<20), "MB", scorecard.AtMost, 40))
	ready := scorecard.Figure{Name: "from start to ready", Unit: "ms", Goal: scorecard.Goal{Sense: scorecard.AtMost, Bound: 300}}
	for range starts {
		if w.heed != nil {
			w.heed.stop()
		}
		if err := w.begin(ctx); err != nil {
			return figures, err
		}
		ready.Values = append(ready.Values, float64(w.heed.ready.Microseconds())/1000)
	}
	figures = append(figures, ready)
	say("ready %.0f ms after its start; now it idles", ready.Value())
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return figures, ctx.Err()
	}
	idle, err := w.heed.memory()
	if err != nil {
		return figures, err
	}
	figures = append(figures, scorecard.Of("memory, idle", idle, "MB", scorecard.AtMost, 40))

	next := w.voters()
	watching, seen := context.WithCancel(ctx)
	most := make(chan float64, 1)
	go func() { most <- w.heed.watch(watching) }()
	rate, err := w.closedLoop(ctx, 64, 10*time.Second, next)
	seen()
	if err != nil {
		return figures, err
	}
	load := scorecard.Of("memory under load, the most", <-most, "MB", scorecard.AtMost, 120)
	load.Note = fmt.Sprintf("64 clients, %s votes/s, cards edited beside them", scorecard.Number(rate))
	figures = append(figures, load)
	say("%.0f MB idle, at most %.0f MB under %s votes/s; now %v of load", idle, load.Value(), scorecard.Number(rate), *steady)

	grown, err := w.growth(ctx, next)
	return append(figures, grown...), err
}

// growth compares the program in the second fifth of a steady load with the last: the
// first is for caches and pools to fill.
func (w *world) growth(ctx context.Context, next func() reaction) ([]scorecard.Figure, error) {
	type sample struct{ memory, goroutines float64 }
	var samples []sample
	var broken error
	sampling, done := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(*steady / 100)
		defer tick.Stop()
		for {
			select {
			case <-sampling.Done():
				return
			case <-tick.C:
			}
			memory, err := w.heed.memory()
			goroutines, err2 := w.heed.gauge(sampling, "go_goroutines")
			if sampling.Err() == nil {
				broken = errors.Join(broken, err, err2)
				samples = append(samples, sample{memory, goroutines})
			}
		}
	}()
	took, err := w.openLoop(ctx, steadyRate, *steady, next)
	done()
	<-ended
	if err := errors.Join(err, broken, ctx.Err()); err != nil {
		return nil, err
	}
	fifth := len(samples) / 5
	if fifth == 0 {
		return nil, errors.New("too short to tell of growth")
	}
	middle := func(from []sample, of func(sample) float64) float64 {
		var values []float64
		for _, s := range from {
			values = append(values, of(s))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	var figures []scorecard.Figure
	for _, what := range []struct {
		name, unit string
		of         func(sample) float64
		bound      float64
	}{
		{"memory", "MB", func(s sample) float64 { return s.memory }, 8},
		{"goroutines", "", func(s sample) float64 { return s.goroutines }, 20},
	} {
		early, late := middle(samples[fifth:2*fifth], what.of), middle(samples[len(samples)-fifth:], what.of)
		f := scorecard.Of(fmt.Sprintf("growth of %s in %v of load", what.name, *steady), late-early, what.unit, scorecard.AtMost, what.bound)
		f.Note = fmt.Sprintf("from %s to %s at %d votes/s, p99 %s ms", scorecard.Number(early), scorecard.Number(late), steadyRate, scorecard.Number(took.ms(0.99)))
		figures = append(figures, f)
	}
	return figures, nil
}

// voters makes reactions on all cards in turn, each by another known member than those
// before on the same card. Safe for concurrent use.
func (w *world) voters() func() reaction {
	var cards []reaction
	for i := range len(w.places[0].cards) {
		for _, p := range w.places {
			cards = append(cards, reaction{team: p.team.ID, channel: p.cards[i].channel, message: p.cards[i].message})
		}
	}
	return func() reaction {
		n := int(w.voted.Add(1))
		r := cards[n%len(cards)]
		r.n, r.account = n, fmt.Sprintf("U%d", n/len(cards)+1)
		return r
	}
}
