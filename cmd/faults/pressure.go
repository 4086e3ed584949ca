package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/cmd/internal/scorecard"
)

// What is asked of a Heed that gets three times what it can take.
const (
	pressureTimes   = 3
	pressureFor     = 6 * time.Second
	pressureVoters  = 12_000 // of each workspace; each votes once for a card
	pressureCards   = 6      // of each workspace
	pressureClients = 32     // when its capacity is measured
	pressureAck     = 3000   // ms, what Slack waits
	pressureMemory  = 120    // MB
	pressureHeals   = time.Minute
)

// pressure is a flood of votes: how much comes through is measured, then three times as
// much is sent for a while whatever becomes of it, while people go on typing. What was
// turned away is delivered again afterwards, as the platform does.
func pressure(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	w, err := newWorld(ctx, plan{Replicas: 1, Workspaces: 2, Members: 20})
	if err != nil {
		return nil, err
	}
	defer w.close()
	l := w.newLoad(5)
	l.open = true // a thousand voters that nobody is would hear of a ship, one a second
	if err := w.seed(ctx, l, pressureCards); err != nil {
		return nil, err
	}
	f, err := w.newFlood(ctx, pressureVoters)
	if err != nil {
		return nil, err
	}
	capacity, err := f.closed(ctx, pressureClients, 4*time.Second)
	if err != nil {
		return nil, err
	}
	say("%s votes a second come through; now %d times that, for %s", scorecard.Number(capacity), pressureTimes, pressureFor)
	l.begin(ctx)
	asked := time.Now()
	flood, err := f.open(ctx, pressureTimes*capacity, pressureFor)
	typed := w.answered(asked, "/slack/commands")
	if err != nil {
		l.end()
		return nil, err
	}
	memory, err := w.replicas[0].peak()
	if err != nil {
		l.end()
		return nil, err
	}
	say("%d came, %d were acknowledged at once and %d turned away; now those come again", flood.sent, flood.acked, flood.turned)
	if err := f.again(ctx, pressureHeals); err != nil {
		l.end()
		return nil, err
	}
	l.end()
	counted := 0.0
	for _, outcome := range []string{`outcome="shed"`, `outcome="failed"`} { // at the door, or inside and too late
		n, err := w.replicas[0].counter(ctx, "heed_acks_total", `kind="vote"`, outcome)
		if err != nil {
			l.end()
			return nil, err
		}
		counted += n
	}
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return nil, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	return append(pressed3(capacity, flood, typed, memory, counted), h.figures("3 × its load", pressureHeals)...), nil
}

// pressed3 are the figures of the flood itself.
func pressed3(capacity float64, flood outcome, typed latencies, memory, counted float64) []scorecard.Figure {
	acked := scorecard.Of("3 × its load: acks a second, of what comes through in peace", float64(flood.acked)/pressureFor.Seconds()/capacity, "×", scorecard.None, 0)
	acked.Note = fmt.Sprintf("%s/s in peace, %d sent", scorecard.Number(capacity), flood.sent)
	turned := scorecard.Of("3 × its load: turned away with 503", float64(flood.turned), "", scorecard.AtLeast, 1)
	turned.Note = fmt.Sprintf("%d cut or otherwise answered", flood.other)
	commands := scorecard.Of("3 × its load: commands' answers, p99", typed.ms(0.99), "ms", scorecard.AtMost, pressureAck)
	commands.Note = fmt.Sprintf("of %d", len(typed))
	return []scorecard.Figure{
		acked, turned,
		scorecard.Of("3 × its load: 503s that its figures don't count", max(float64(flood.turned)-counted, 0), "", scorecard.AtMost, 0),
		scorecard.Of("3 × its load: acks of what was let in, p99", flood.took.ms(0.99), "ms", scorecard.AtMost, pressureAck),
		commands,
		scorecard.Of("3 × its load: most memory", memory, "MB", scorecard.AtMost, pressureMemory),
	}
}

// answered are how long answers took to what came at a path since then.
func (w *world) answered(since time.Time, path string) latencies {
	var out latencies
	for _, d := range w.record.deliveries() {
		if d.Path == path && !d.Sent.Before(since) {
			took := d.Answered.Sub(d.Sent)
			if d.Status != 200 { // nobody was told anything
				took = time.Minute
			}
			out = append(out, took)
		}
	}
	return out
}

// newFlood makes voters known that vote for the cards of all workspaces. Their votes stand
// on no message: a reaction that Slack gives up on has Heed read all of them back, which
// would take these away, so somebody else has the turn to do that.
func (w *world) newFlood(ctx context.Context, voters int) (*flood, error) {
	f := &flood{w: w, at: w.replicas[0].at(), stamp: time.Now().Unix()}
	for _, t := range w.teams {
		for _, q := range []string{`
			insert into people (board_id, person_id, created_at)
			select w.board_id, 1000000 + n, now() from workspaces w, generate_series(1, $2::integer) n where w.ref = $1`, `
			insert into members (board_id, workspace_id, account, person_id, own_person_id, audience, looked_up_at)
			select w.board_id, w.workspace_id, 'UF' || n, 1000000 + n, 1000000 + n, 'team', now() from workspaces w, generate_series(1, $2::integer) n where w.ref = $1`, `
			insert into lanes (board_id, workspace_id, lane, next_at)
			select w.board_id, w.workspace_id, t.task, now() + interval '1 hour' from workspaces w, unnest('{t:reconcile,t:recount}'::text[]) t (task)
			 where w.ref = $1 and $2::integer > 0
			on conflict (board_id, workspace_id, lane) do update set next_at = excluded.next_at`} {
			if _, err := w.db.ExecContext(ctx, q, t.ID, voters); err != nil {
				return nil, fmt.Errorf("voters: %w", err)
			}
		}
		for _, c := range w.cards(t) {
			f.cards = append(f.cards, floodCard{t.ID, c.Channel.ID(), c.TS})
		}
	}
	if len(f.cards) == 0 {
		return nil, errors.New("no cards to vote for")
	}
	f.voters = voters
	_, err := w.db.ExecContext(ctx, `analyze people, members`)
	return f, err
}

// metric is a line of /metrics that has all these labels.
func metric(text, name string, labels ...string) (sum float64) {
next:
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, name+"{") {
			continue
		}
		for _, l := range labels {
			if !strings.Contains(line, l) {
				continue next
			}
		}
		var v float64
		if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &v); err == nil {
			sum += v
		}
	}
	return sum
}
