package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lib/pq"

	"heed/cmd/internal/scorecard"
)

// A step is a round trip of Heed's to Postgres or to the platform that follows from an
// act. What follows is killed at every one of them: before it arrives, and when it was
// done and its answer is under way. Heed knows nothing of this: the steps are seen on the
// wire.

// point is where a Heed is killed.
type point struct {
	label    string
	answered bool // it was done; else it never arrives
}

// deed is something whose every step is tried.
type deed struct {
	name string
	// before happens while all is well and nobody is killed; it may be nil.
	before func(ctx context.Context) error
	// do is what is killed; nil where it is what a Heed does by itself when it starts.
	do func() error
}

// stepper kills at points. Safe for concurrent use.
type stepper struct {
	at     stage
	r      *replica
	only   func(label string) bool // the steps to try; nil: all
	broke  []finding               // on the way
	failed error                   // what keeps it from seeing

	mu    sync.Mutex
	seen  map[string]int // labels since the last reset, in their order
	order []string
	read  map[string]bool // labels that were tried
	aim   point
	armed bool
	shot  chan struct{} // closed when it was killed
}

// stage is a world whose steps are tried.
type stage interface {
	// lapse lets the time pass for which Heed waits.
	lapse(ctx context.Context) error
	// settled waits until it has come to rest, and answers what is wrong then.
	settled(ctx context.Context) (healing, error)
}

func newStepper() *stepper { return &stepper{seen: map[string]int{}, read: map[string]bool{}} }

// through leads to an address by a proxy on which every step is seen.
func (s *stepper) through(ctx context.Context, to string) string {
	p, err := newProxy(ctx, to)
	if err != nil {
		s.failed = err
		return to
	}
	p.onStep(s.on)
	context.AfterFunc(ctx, p.close)
	return p.at()
}

// on is the hook of both proxies.
func (s *stepper) on(label string, answered bool) bool {
	s.mu.Lock()
	if !answered {
		if s.seen[label]++; s.seen[label] == 1 {
			s.order = append(s.order, label)
		}
	}
	if !s.armed || s.aim != (point{label, answered}) {
		s.mu.Unlock()
		return true
	}
	s.armed = false
	shot := s.shot
	s.mu.Unlock()
	s.r.kill()
	close(shot)
	return false
}

// reset forgets the labels so far, and arms for a point if there is one.
func (s *stepper) reset(aim *point) (shot <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.order, s.armed, s.shot = map[string]int{}, nil, aim != nil, make(chan struct{})
	if aim != nil {
		s.aim = *aim
	}
	return s.shot
}

func (s *stepper) disarm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
}

// labels are those since the last reset, without those that come by themselves.
func (s *stepper) labels(besides map[string]bool) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.order), func(l string) bool { return besides[l] })
}

// stepPatience bounds the waits of one try.
const stepPatience = 20 * time.Second

// How long a point may take to be reached: the longest pause of a loop that is woken, and
// for what a Heed does when it starts the start too.
const (
	reachPatience = 2 * time.Second
	beginPatience = 10 * time.Second
)

// lapse lets the minutes pass for which Heed waits for whoever may still be sending, the
// seconds that it leaves between two messages, and the day that it leaves between two
// letters to a person: the faults can't wait that long at each step.
func (w *world) lapse(ctx context.Context) error { return lapse(ctx, w.server) }

func lapse(ctx context.Context, s *server, besides ...string) (err error) {
	for range 10 { // Heed is at work on the same rows, in its own order
		err = s.admin(ctx, heedRole, append([]string{
			"update posts set lease_until = now() where lease_until > now()",
			"update members set direct_at = null where direct_at is not null",
			"update lanes set next_at = to_timestamp(0)",
			"update posts set due_at = now() where due_at > now() and due_at < 'infinity' and gone_at is null",
			"update notices set due_at = now() + interval '1 day' where post_id is null",
		}, besides...)...)
		if e := (*pq.Error)(nil); !errors.As(err, &e) || e.Code != "40P01" { // deadlock_detected
			return err
		}
	}
	return err
}

// try does a deed with one Heed, which is killed at the point if it is not nil. reached
// tells whether it came by there.
func (s *stepper) try(ctx context.Context, d deed, aim *point) (reached bool, err error) {
	if d.before != nil {
		if err := d.before(ctx); err != nil {
			return false, err
		}
	}
	if d.do != nil {
		if err := s.at.lapse(ctx); err != nil {
			return false, err
		}
	}
	shot := s.reset(aim)
	done := make(chan error, 1)
	if d.do == nil { // what it does when it starts
		s.r.kill()
		if err := s.r.begin(); err != nil {
			return false, err
		}
		go func() { done <- nil }()
	} else {
		go func() { done <- d.do() }()
	}
	if aim != nil {
		patience := reachPatience
		if d.do == nil {
			patience = beginPatience
		}
		select {
		case <-shot:
			reached = true
		case <-time.After(patience):
			s.disarm()
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	if reached || d.do == nil {
		if !s.r.alive() {
			if err := s.at.lapse(ctx); err != nil {
				return reached, err
			}
			if err := s.r.begin(); err != nil {
				return reached, err
			}
		}
		if err := s.r.serves(ctx); err != nil {
			return reached, err
		}
	}
	if err := <-done; err != nil && aim == nil {
		return reached, err
	}
	return reached, s.at.lapse(ctx)
}

// all tries every step of a deed.
func (s *stepper) all(ctx context.Context, d deed, besides map[string]bool, say func(string, ...any)) (tried int, err error) {
	if _, err := s.try(ctx, d, nil); err != nil {
		return 0, err
	}
	if h, err := s.at.settled(ctx); err != nil || len(h.Found) > 0 || h.Busy != "" {
		return 0, fmt.Errorf("%s, with nobody killed: %s %s: %w", d.name, h.Busy, h.told(3), err)
	}
	missed := 0
	for _, label := range s.labels(besides) {
		points := pointsOf(label)
		if len(points) == 1 && s.read[label] || s.only != nil && !s.only(label) {
			continue // a read does nothing: once is enough
		}
		s.read[label] = true
		for _, aim := range points {
			reached, err := s.try(ctx, d, &aim)
			if err != nil {
				return tried, fmt.Errorf("%s: %w", aim, err)
			}
			if reached {
				tried++
			} else {
				missed++
			}
			h, err := s.at.settled(ctx)
			if err != nil {
				return tried, err
			}
			if len(h.Found) > 0 || h.Busy != "" {
				say("%s, killed %s: %s %s", d.name, aim, h.Busy, h.told(3))
				s.broke = append(s.broke, h.Found...)
			}
		}
	}
	say("%s: killed at %d points, %d not reached", d.name, tried, missed)
	return tried, nil
}

// every tries every step of these deeds, one after another.
func (s *stepper) every(ctx context.Context, all []deed, say func(string, ...any)) (tried int, err error) {
	if err := s.at.lapse(ctx); err != nil {
		return 0, err
	}
	if h, err := s.at.settled(ctx); err != nil || h.Busy != "" {
		return 0, fmt.Errorf("before anything is killed: %s: %w", h.Busy, err)
	}
	idle := deed{name: "nothing"}
	if _, err := s.try(ctx, idle, nil); err != nil {
		return 0, err
	}
	if err := rest(ctx, 2*time.Second); err != nil {
		return 0, err
	}
	if h, err := s.at.settled(ctx); err != nil || h.Busy != "" { // what a Heed does when it starts may take a while
		return 0, fmt.Errorf("after a start: %s: %w", h.Busy, err)
	}
	besides := map[string]bool{}
	for _, l := range s.labels(nil) {
		besides[l] = true
	}
	for _, d := range all {
		n, err := s.all(ctx, d, besides, say)
		tried += n
		if err != nil {
			return tried, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return tried, nil
}

// settled is heal for one small thing.
func (w *world) settled(ctx context.Context) (healing, error) {
	return w.healed(ctx, stepPatience, 20*time.Millisecond)
}

// steps kills at every step of every kind of act, in several worlds at once: most of the
// time goes into waiting.
func steps(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	dir, remove, err := openFolder()
	if err != nil {
		return nil, err
	}
	defer remove()
	bin, err := buildHeed(ctx, dir)
	if err != nil {
		return nil, err
	}
	var worlds []func() (stepped, error)
	for _, names := range [][]string{
		{"a reaction", "a press", "words that waited", "a message that is saved"},
		{"a command with words", "a status", "a digest", "a title"},
		{"words in a direct message", "a ship"},
		{"the news of a ship"},
	} {
		worlds = append(worlds, func() (stepped, error) { return slackSteps(ctx, bin, names, say) })
	}
	worlds = append(worlds, func() (stepped, error) { return discordSteps(ctx, bin, say) })
	results, errs := make([]stepped, len(worlds)), make([]error, len(worlds))
	var all sync.WaitGroup
	for i, tried := range worlds {
		all.Go(func() { results[i], errs[i] = tried() })
	}
	all.Wait()
	var sum stepped
	for _, r := range results {
		sum.tried += r.tried
		sum.healing.Found = append(sum.healing.Found, r.healing.Found...)
		sum.healing.Acts = append(sum.healing.Acts, r.healing.Acts...)
		sum.healing.Snapshot.Digests = append(sum.healing.Snapshot.Digests, r.healing.Snapshot.Digests...)
		sum.healing.Took = max(sum.healing.Took, r.healing.Took)
		sum.healing.Busy += r.healing.Busy
		sum.healing.Panics += r.healing.Panics
	}
	figures := []scorecard.Figure{scorecard.Of("points at which a Heed was killed", float64(sum.tried), "", scorecard.AtLeast, 200)}
	return append(figures, sum.healing.figures("killed at every step", stepPatience)...), errors.Join(errs...)
}

// stepped is what came of the deeds of one world.
type stepped struct {
	tried   int
	healing healing
}

// slackSteps tries every step of the named deeds in a world of its own.
func slackSteps(ctx context.Context, bin string, names []string, say func(string, ...any)) (stepped, error) {
	w, s, err := newSteps(ctx, bin)
	if err != nil {
		return stepped{}, err
	}
	defer w.close()
	return s.whole(ctx, slices.DeleteFunc(deeds(w), func(d deed) bool { return !slices.Contains(names, d.name) }), say)
}

// whole tries every step of all these deeds, and waits until the world is at rest.
func (s *stepper) whole(ctx context.Context, all []deed, say func(string, ...any)) (out stepped, err error) {
	if out.tried, err = s.every(ctx, all, say); err != nil {
		return out, err
	}
	out.healing, err = s.at.settled(ctx)
	out.healing.Found = append(out.healing.Found, s.broke...)
	return out, err
}
