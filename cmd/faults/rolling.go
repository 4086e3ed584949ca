package main

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/cmd/internal/scorecard"
)

const (
	rollingRounds = 3   // how often each replica is replaced
	rollingActs   = 200 // a second
	rollingSlow   = 300 * time.Millisecond
	stopBound     = 10 * time.Second // what a container is given
)

// rolling is a deployment under load: one replica after the other is told to end, as a
// deployment tells it, and started anew once it has. The balancer learns of it from
// /readyz alone. Slack takes a while for each message, so that sends are under way.
func rolling(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	w, err := newWorld(ctx, plan{Replicas: 2, Workspaces: 3, Members: 40})
	if err != nil {
		return nil, err
	}
	defer w.close()
	l, err := w.loaded(ctx, rollingActs)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		w.slack.Fail(method, 1_000_000, slackfake.SlowAnswer(rollingSlow))
	}
	say("two replicas, %d workspaces, %d acts a second, Slack takes %s for a message", len(w.teams), rollingActs, rollingSlow)
	var longest time.Duration
	unclean := 0
	for round := range rollingRounds {
		for _, r := range w.replicas {
			if err := rest(ctx, time.Second); err != nil {
				return nil, err
			}
			took, code, err := r.leave(ctx)
			if err != nil {
				return nil, err
			}
			longest = max(longest, took)
			if code != 0 {
				unclean++
			}
			if err := r.start(ctx); err != nil {
				return nil, err
			}
			if err := w.front.sees(ctx, r); err != nil {
				return nil, err
			}
		}
		say("both were replaced %d times, the longest stop took %s", round+1, longest.Round(10*time.Millisecond))
	}
	l.end()
	all, err := w.record.between(ctx, begun, time.Now())
	if err != nil {
		return nil, err
	}
	dropped := 0
	for _, d := range all {
		if d.Status != http.StatusOK {
			dropped++
			say("dropped %s after the begin: %s, attempt %q, status %d after %s: %v",
				d.Sent.Sub(begun).Round(time.Millisecond), d.Path, d.Attempt, d.Status, d.Answered.Sub(d.Sent).Round(time.Millisecond), d.Why)
		}
	}
	left, err := w.heldBack(ctx)
	if err != nil {
		return nil, err
	}
	w.slack.ClearFaults()
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return nil, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	requests := scorecard.Of("rolling restart: requests not answered 200 at once", float64(dropped), "", scorecard.AtMost, 0)
	requests.Note = fmt.Sprintf("of %d, over %d stops", len(all), 2*rollingRounds)
	return append([]scorecard.Figure{
		requests,
		scorecard.Of("rolling restart: longest stop", longest.Seconds(), "s", scorecard.AtMost, stopBound.Seconds()),
		scorecard.Of("rolling restart: stops that did not end with 0", float64(unclean), "", scorecard.AtMost, 0),
		scorecard.Of("rolling restart: messages held after both stopped", float64(left), "", scorecard.AtMost, 0),
	}, h.figures("rolling restart", killHeals)...), nil // what waits for Slack's limits takes its time
}

// heldBack stops all replicas amid their sends, counts what they hold of which no other
// may take care, and starts them again.
func (w *world) heldBack(ctx context.Context) (n int, err error) {
	for _, r := range w.replicas {
		if _, _, err := r.leave(ctx); err != nil {
			return 0, err
		}
	}
	if err := w.db.GetContext(ctx, &n, `select count(*) from posts where lease_until > clock_timestamp()`); err != nil {
		return 0, fmt.Errorf("count leases: %w", err)
	}
	for _, r := range w.replicas {
		if err := r.start(ctx); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// leave tells it to end as a deployment does and waits for that. Meanwhile it is still
// where the balancer knows it.
func (r *replica) leave(ctx context.Context) (took time.Duration, code int, err error) {
	r.mu.Lock()
	process, ended := r.process, r.ended
	r.mu.Unlock()
	began := time.Now()
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", r.name, err)
	}
	select {
	case <-ended:
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-time.After(3 * stopBound):
		return 0, 0, fmt.Errorf("%s is still there after %s: %s", r.name, 3*stopBound, r.log.tail())
	}
	return time.Since(began), process.ProcessState.ExitCode(), nil
}

// sees waits until the balancer has found a replica ready.
func (f *front) sees(ctx context.Context, r *replica) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		f.mu.Lock()
		ready := f.ready[r]
		f.mu.Unlock()
		if ready {
			return nil
		}
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("%s is never ready: %w", r.name, err)
		}
	}
}
