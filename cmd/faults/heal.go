package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/cmd/internal/scorecard"
)

// healing is how a world came to rest after it was broken.
type healing struct {
	Took     time.Duration // from the call until nothing was left to do and all was true
	Found    []finding     // what was still wrong at the end of patience
	Acts     []act
	Snapshot snapshot
	Busy     string // what was still to do at the end of patience
	Panics   int    // in the logs of the replicas
}

// heal waits, at most so long, until Heed has come to rest by itself and everything that
// people did is there: every replica is ready, Slack has nothing left to deliver, no queue
// of Heed's holds anything, and the checker finds nothing.
func (w *world) heal(ctx context.Context, most time.Duration) (h healing, err error) {
	return w.healed(ctx, most, 200*time.Millisecond)
}

// healed is heal, looking every so often.
func (w *world) healed(ctx context.Context, most, every time.Duration) (h healing, err error) {
	began := time.Now()
	defer func() {
		for _, r := range w.replicas {
			h.Panics += strings.Count(r.logged(), "\npanic: ")
		}
	}()
	for {
		h.Busy = w.busy(ctx)
		if h.Busy == "" {
			if h.Snapshot, err = w.look(ctx); err != nil {
				h.Busy = err.Error()
			} else {
				h.Acts = w.acts()
				h.Found = check(h.Acts, h.Snapshot)
				if len(h.Found) == 0 {
					h.Took = time.Since(began)
					return h, nil
				}
			}
		}
		if time.Since(began) > most {
			h.Took = time.Since(began)
			if h.Snapshot, err = w.look(ctx); err != nil {
				return h, err
			}
			h.Acts = w.acts()
			h.Found = check(h.Acts, h.Snapshot)
			return h, nil
		}
		select {
		case <-ctx.Done():
			return h, ctx.Err()
		case <-time.After(every):
		}
	}
}

// acts are what people did so far. Heed's own account is nobody.
func (w *world) acts() []act {
	passed := w.record.deliveries()
	if w.socket {
		passed = w.overSocket()
	}
	all := acts(passed, w.replies())
	for i, a := range all { // a form that was refused is told so by a message, which may be lost
		if w.lossy && a.Verdict == kept && (a.Kind == saved || a.Kind == shipped) {
			all[i].Verdict = unknown
		}
	}
	return slices.DeleteFunc(all, func(a act) bool {
		return slices.ContainsFunc(w.teams, func(t *team) bool { return t.Bot().ID == a.User })
	})
}

// busy says what is still to do, "" for nothing.
func (w *world) busy(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, r := range w.replicas {
		if !isReady(ctx, r) {
			return r.name + " is not ready"
		}
	}
	if n := w.slack.Retries(); n > 0 {
		return fmt.Sprintf("Slack will deliver %d events again", n)
	}
	w.slack.Settle()
	var due struct{ Posts, Leased, Notices, Members, Held, Schedules int }
	err := w.db.GetContext(ctx, &due, `
		select (select count(*) from posts where gone_at is null and due_at <= now()) as posts,
		       (select count(*) from posts where gone_at is null and (due_at = 'infinity' or lease_until > now())) as leased,
		       (select count(*) from notices where post_id is null and dropped_at is null and due_at <= now()) as notices,
		       (select count(*) from members where looked_up_at is null) as members,
		       (select count(*) from held where settled_at is null and until_at <= now()) as held,
		       (select count(*) from schedules where next_at <= now()) as schedules`)
	if err != nil {
		return "the database does not answer: " + err.Error()
	}
	if due.Posts+due.Leased+due.Notices+due.Members+due.Held+due.Schedules == 0 {
		return ""
	}
	return fmt.Sprintf("%+v", due)
}

// figures are the table's lines of a healing: the promises, with what is behind them.
func (h healing) figures(name string, most time.Duration) []scorecard.Figure {
	counted := map[verdict]int{}
	for _, a := range h.Acts {
		counted[a.Verdict]++
	}
	count := func(bs ...breach) (n float64) {
		for _, f := range h.Found {
			if slices.Contains(bs, f.Breach) {
				n++
			}
		}
		return n
	}
	acked := scorecard.Of(name+": acts acknowledged", float64(counted[kept]), "", scorecard.AtLeast, 1)
	digests := 0
	for _, d := range h.Snapshot.Digests {
		if d.State == "sent" {
			digests++
		}
	}
	acked.Note = fmt.Sprintf("of %d; %d without a promise; %d digests", len(h.Acts), counted[unknown]+counted[refused], digests)
	out := []scorecard.Figure{
		acked,
		scorecard.Of(name+": acknowledged and lost", count(lost), "", scorecard.AtMost, 0),
		scorecard.Of(name+": shown, sent or counted twice", count(doubled, phantom), "", scorecard.AtMost, 0),
		scorecard.Of(name+": shown or counted wrong", count(untrue), "", scorecard.AtMost, 0),
	}
	healed := scorecard.Of(name+": healed after", h.Took.Seconds(), "s", scorecard.AtMost, most.Seconds())
	if h.Busy != "" {
		healed.Note = "still to do: " + h.Busy
	}
	if out = append(out, healed); h.Panics > 0 {
		out = append(out, scorecard.Of(name+": programs that panicked", float64(h.Panics), "", scorecard.AtMost, 0))
	}
	return out
}

// told are the findings for the progress, at most so many.
func (h healing) told(most int) string {
	var lines []string
	for i, f := range h.Found {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(h.Found)-most))
			break
		}
		lines = append(lines, string(f.Breach)+": "+f.What)
	}
	return strings.Join(lines, "\n    ")
}

// seed has so many wishes asked in every workspace and waits for their cards.
func (w *world) seed(ctx context.Context, l *load, n int) error {
	for _, t := range w.teams {
		for i := range n {
			if err := t.members[i%len(t.members)].Slash(t.support, "/feedback", l.wish()); err != nil {
				return fmt.Errorf("seed: %w", err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return w.slack.WaitFor(ctx, func() bool {
		for _, t := range w.teams {
			if len(w.cards(t)) < n {
				return false
			}
		}
		return true
	})
}
