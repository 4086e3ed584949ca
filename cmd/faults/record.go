package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// record is what the load keeps of every delivery: what was sent, when, and what came
// back. It is written by the harness alone, from what passed over the wire. Safe for
// concurrent use.
type record struct {
	mu  sync.Mutex
	all []*delivery
}

// delivery is one attempt to bring something to Heed.
type delivery struct {
	Path     string
	Body     []byte
	Attempt  string // X-Slack-Retry-Num, "" for the first
	Sent     time.Time
	Answered time.Time
	Status   int    // 0: the connection was cut or refused
	Why      error  // of status 0
	Answer   []byte // of the acknowledgement
}

// add begins a delivery; the answer is kept by done.
func (r *record) add(path, attempt string, body []byte, at time.Time) *delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := &delivery{Path: path, Body: body, Attempt: attempt, Sent: at}
	r.all = append(r.all, d)
	return d
}

func (r *record) done(d *delivery, status int, answer []byte, why error, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.Status, d.Answer, d.Why, d.Answered = status, answer, why, at
}

// deliveries is a copy of all so far, in the order in which they were sent.
func (r *record) deliveries() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]delivery, len(r.all))
	for i, d := range r.all {
		out[i] = *d
	}
	return out
}

// between are the deliveries that were sent in a span, once the last of them was answered.
func (r *record) between(ctx context.Context, from, until time.Time) ([]delivery, error) {
	for {
		sent := slices.DeleteFunc(r.deliveries(), func(d delivery) bool { return d.Sent.Before(from) || d.Sent.After(until) })
		if !slices.ContainsFunc(sent, func(d delivery) bool { return d.Answered.IsZero() }) {
			return sent, nil
		}
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// eventsSince counts the events that were sent since then and taken after the last one
// that was not, and answers when that one was answered; zero where none failed.
func (r *record) eventsSince(since time.Time) (taken int, failed time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.all {
		switch {
		case d.Path != "/slack/events" || d.Sent.Before(since) || d.Answered.IsZero():
		case d.taken():
			taken++
		default:
			taken, failed = 0, later(failed, d.Answered)
		}
	}
	return taken, failed
}

// turnedAwaySince says how many of the events sent since then were not taken at that try.
func (r *record) turnedAwaySince(since time.Time) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent, away := 0, 0
	for _, d := range r.all {
		if d.Path == "/slack/events" && !d.Sent.Before(since) && !d.Answered.IsZero() {
			if sent++; !d.taken() {
				away++
			}
		}
	}
	return fmt.Sprintf("%d of %d events turned away, to come again", away, sent)
}

// taken tells whether Heed said that it has it: 200 to an event is a promise, while a
// command or a press is always answered 200 and the words of the answer say what it is.
func (d delivery) taken() bool {
	return d.Status == 200 && d.Path == "/slack/events"
}
