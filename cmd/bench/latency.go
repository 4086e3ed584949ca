package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"heed/bot"
	"heed/cmd/internal/scorecard"
	"heed/store"
)

const (
	latencyBoards = 100
	latencyItems  = 100 // a board: 10,000 cards in all
	latencyClosed = 5 * time.Second
	latencyOpen   = 15 * time.Second
	latencyDigest = 500 * time.Millisecond // between two digests computed beside it
)

// latency is how long votes wait for their acknowledgement when they come half as fast as
// they could, on a schedule that waits for nobody, while cards are edited in Slack and
// digests are computed.
func latency(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	w, err := newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	say("making %d cards", latencyBoards*latencyItems)
	if err := w.populate(ctx, peopled{boards: latencyBoards, items: latencyItems, members: 1500, votes: 500, cards: true, channels: 1}); err != nil {
		return nil, err
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	next := w.voters()
	if _, err := w.closedLoop(ctx, 64, 2*time.Second, next); err != nil { // connections make their plans
		return nil, err
	}
	for _, clients := range []int{16, 64} {
		before := w.turnedAway.Load()
		rate, err := w.closedLoop(ctx, clients, latencyClosed, next)
		if err != nil {
			return figures, err
		}
		edits := len(w.slack.Calls("chat.update"))
		digesting, stop := context.WithCancel(ctx)
		digests := make(chan int, 1)
		go func() { digests <- w.digestAgain(digesting) }()
		took, err := w.openLoop(ctx, rate/2, latencyOpen, next)
		stop()
		computed := <-digests
		if err != nil {
			return figures, err
		}
		f := scorecard.Of(fmt.Sprintf("p99 of the ack at half the rate of %d clients", clients), took.ms(0.99), "ms", scorecard.AtMost, 30)
		f.Note = fmt.Sprintf("%s votes/s of %s; median %s ms, p99.9 %s ms; %d edits and %d digests beside them",
			scorecard.Number(rate/2), scorecard.Number(rate), scorecard.Number(took.ms(0.5)), scorecard.Number(took.ms(0.999)),
			len(w.slack.Calls("chat.update"))-edits, computed)
		if n := w.turnedAway.Load() - before; n > 0 {
			f.Note += fmt.Sprintf("; %d votes delivered again", n)
		}
		figures = append(figures, f)
		say("%s: %.1f ms", f.Name, f.Value())
	}
	over := overLimits(w.slack.Calls(""))
	return append(figures, scorecard.Of("sends beyond a limit of Slack's", float64(len(over)), "", scorecard.AtMost, 0)), nil
}

// digestAgain computes the digest of one board after another, as a second process of Heed
// would, until ctx ends, and answers how many it computed. Nothing of it is kept.
func (w *world) digestAgain(ctx context.Context) (computed int) {
	core := bot.New(store.New(w.db), bot.SystemClock{}, slog.New(slog.DiscardHandler), nil, bot.Options{})
	tick := time.NewTicker(latencyDigest)
	defer tick.Stop()
	for {
		ref := bot.WorkspaceRef{Platform: bot.Slack, Ref: w.places[computed%len(w.places)].team.ID}
		if _, err := core.DigestAt(ctx, ref, time.Now(), true); err == nil {
			computed++
		}
		select {
		case <-ctx.Done():
			return computed
		case <-tick.C:
		}
	}
}
