package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/cmd/internal/scorecard"
)

// Of the morning when every channel's digest is due at the same minute.
const (
	morningChannels = 10  // a board
	morningVotes    = 200 // a second, on all boards, all the time
	morningQuiet    = 10 * time.Second
	morningPatience = 4 * time.Minute
)

// morningBoards is how many boards wake up.
var morningBoards = flag.Int("boards", 1000, "boards of the digest morning, ten channels each")

// morning has ten thousand digests fall due at once while people go on voting.
func morning(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	w, err := newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	say("making %d boards", *morningBoards)
	if err := w.populate(ctx, peopled{boards: *morningBoards, items: 20, members: 60, votes: 100, cards: true, channels: morningChannels}); err != nil {
		return nil, err
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	next := w.voters()
	quiet, err := w.openLoop(ctx, morningVotes, morningQuiet, next)
	if err != nil {
		return nil, err
	}
	before, err := w.heed.memory()
	if err != nil {
		return nil, err
	}
	due := time.Now().Add(2 * time.Second).Truncate(time.Minute).Add(time.Minute) // heed looks each full minute
	say("quiet: p99 %.1f ms, %.0f MB; the digests are due in %v", quiet.ms(0.99), before, time.Until(due).Round(time.Second))
	if err := w.exec(ctx, []any{due},
		`insert into schedules (board_id, workspace_id, channel_ref, spec, zone, next_at, created_at)
		 select board_id, workspace_id, channel_ref, '0 9 * * 1', 'Europe/Berlin', $1, now() from channels where name = 'digest'`); err != nil {
		return nil, err
	}
	select {
	case <-time.After(time.Until(due)):
	case <-ctx.Done():
		return nil, ctx.Err()
	}

	type voted struct {
		took latencies
		err  error
	}
	voting, stop := context.WithCancel(ctx)
	live, most := make(chan voted, 1), make(chan float64, 1)
	atDue := w.spent()
	go func() {
		took, err := w.openLoop(voting, morningVotes, morningPatience, next)
		live <- voted{took, err}
	}()
	go func() { most <- w.heed.watch(voting) }()
	opened, err := w.opened(ctx, due, say)
	if err == nil {
		err = w.allSent(ctx, say)
	}
	used := w.spent().since(atDue)
	stop()
	votes, peak := <-live, <-most
	if err != nil {
		return nil, err
	}
	if votes.err != nil {
		return nil, votes.err
	}
	return w.morningFigures(due, opened, quiet, votes.took, before, peak, used), nil
}

func (w *world) morningFigures(due time.Time, opened time.Duration, quiet, live latencies, before, peak float64, used spent) []scorecard.Figure {
	calls := w.slack.Calls("")
	var sent []time.Time
	var edited []time.Time
	for _, c := range calls {
		switch {
		case isDigest(c):
			sent = append(sent, c.Time)
		case c.Method == "chat.update" && c.OK && c.Time.After(due):
			edited = append(edited, c.Time)
		}
	}
	slices.SortFunc(sent, time.Time.Compare)
	took := sent[len(sent)-1].Sub(sent[0])
	edited = slices.DeleteFunc(edited, func(at time.Time) bool { return at.Before(sent[0]) || at.After(sent[len(sent)-1]) })
	edits := len(edited)
	over := overLimits(calls)
	limit := scorecard.Of("sends beyond a limit of Slack's", float64(len(over)), "", scorecard.AtMost, 0)
	limit.Note = strings.Join(over[:min(len(over), 3)], "; ")
	votes := scorecard.Of("p99 of live votes meanwhile", live.ms(0.99), "ms", scorecard.AtMost, max(2*quiet.ms(0.99), 30))
	votes.Note = fmt.Sprintf("quiet %s ms; %d votes/s, median %s ms", scorecard.Number(quiet.ms(0.99)), morningVotes, scorecard.Number(live.ms(0.5)))
	rate := scorecard.Of("messages sent a second meanwhile", float64(len(sent)+edits)/took.Seconds(), "", scorecard.AtLeast, 200)
	rate.Note = fmt.Sprintf("%d digests, sent as they were opened, and %d edits of cards that were voted on; the last %s s after they were due",
		len(sent), edits, scorecard.Number(sent[len(sent)-1].Sub(due).Seconds()))
	memory := scorecard.Of("memory, the most", peak, "MB", scorecard.AtMost, 120)
	memory.Note = fmt.Sprintf("%s MB before", scorecard.Number(before))
	open := scorecard.Of(fmt.Sprintf("%d digests opened within", *morningBoards*morningChannels), opened.Seconds(), "s", scorecard.AtMost, 60)
	open.Note = fmt.Sprintf("opened and sent, with the votes and edits meanwhile, %s", used.each(len(sent)))
	return []scorecard.Figure{
		open,
		rate, limit, votes, memory,
	}
}

func isDigest(c slackfake.Call) bool {
	return c.Method == "chat.postMessage" && c.OK && strings.HasPrefix(c.Args["text"], "Feedback, ")
}

// opened waits until every digest is frozen and answers how long after it was due.
func (w *world) opened(ctx context.Context, due time.Time, say func(string, ...any)) (time.Duration, error) {
	for last := time.Now(); ; {
		n, err := w.count(ctx, `select count(*) from digests where state = 'sent'`)
		switch {
		case err != nil:
			return 0, err
		case n >= *morningBoards*morningChannels:
			return time.Since(due), nil
		case time.Since(due) > morningPatience:
			return 0, fmt.Errorf("after %v only %d digests are opened: %s", morningPatience, n, w.heed.said())
		case time.Since(last) > 5*time.Second:
			say("%d digests opened", n)
			last = time.Now()
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// allSent waits until every digest stands in its channel.
func (w *world) allSent(ctx context.Context, say func(string, ...any)) error {
	for began, last := time.Now(), time.Now(); ; {
		n, err := w.count(ctx, `select count(*) from posts where kind = 'digest' and shown_version > 0`)
		switch {
		case err != nil:
			return err
		case n >= *morningBoards*morningChannels:
			return nil
		case time.Since(began) > morningPatience:
			return fmt.Errorf("after %v only %d digests are sent: %s", morningPatience, n, w.heed.said())
		case time.Since(last) > 5*time.Second:
			say("%d digests sent", n)
			last = time.Now()
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
