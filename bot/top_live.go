package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// topGap is how often a live Top 10 changes at most.
const topGap = 30 * time.Second

// RunTops keeps the live Top 10s up to date until ctx ends.
func (b *Bot) RunTops(ctx context.Context) error {
	return b.loop(ctx, beat{name: "tops", deaf: true}, b.TopsOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return topGap
	})
}

// TopsOnce compares what every live Top 10 shows with what it should, and makes those
// due that differ; it answers how many. Votes make nothing due by themselves, so that
// a thousand of them are one edit. Of several replicas one does it in each gap.
func (b *Bot) TopsOnce(ctx context.Context) (int, error) {
	all, err := b.store.LiveTops(ctx, 0)
	if err != nil {
		return 0, fmt.Errorf("live tops: %w", err)
	}
	type view struct {
		board   BoardID
		readers Audience
	}
	versions := map[view]int64{} // a board's channels show the same to the same readers
	now := b.clock.Now()
	did := 0
	var errs []error
	for _, p := range all {
		if p.Shown == 0 {
			continue // on its way, or not let in: the dispatcher's
		}
		readers, err := b.readersOf(ctx, b.store, p)
		if err != nil {
			errs = append(errs, fmt.Errorf("readers of a top 10: %w", err))
			continue
		}
		version, ok := versions[view{p.Board, readers}]
		if !ok {
			if _, version, err = b.topContent(ctx, b.store, p); err != nil {
				errs = append(errs, err)
				continue
			}
			versions[view{p.Board, readers}] = version
		}
		touched, err := b.touchTop(ctx, p, version, now)
		if err != nil {
			errs = append(errs, err)
		}
		if touched {
			did++
		}
	}
	if did > 0 {
		b.Wake()
	}
	return did, errors.Join(errs...)
}

// touchTop makes a live Top 10 due that shows another version, or is still to be
// pinned, unless it changed in this gap already.
func (b *Bot) touchTop(ctx context.Context, p Post, version int64, now time.Time) (bool, error) {
	s, err := subject[topSubject](p)
	if err != nil || p.Shown == version && s.Pin != pinDue {
		return false, err
	}
	first, err := b.store.Once(ctx, p.Board, fmt.Sprintf("top:%d:%d", p.ID, now.Unix()/int64(topGap/time.Second)), now.Add(10*topGap))
	if err != nil || !first {
		return false, err
	}
	return b.store.TouchTop(ctx, p.Board, p.ID, now)
}

// checkTops looks whether the live Top 10s stand pinned.
func (b *Bot) checkTops(ctx context.Context, tx Tx, f *findings, id BoardID) error {
	f.at("board", "tops")
	all, err := tx.LiveTops(ctx, id)
	if err != nil {
		return fmt.Errorf("live tops: %w", err)
	}
	for _, p := range all {
		s, err := subject[topSubject](p)
		if err != nil {
			return err
		}
		ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
		if err != nil {
			return fmt.Errorf("channel of a top 10: %w", err)
		}
		switch {
		case s.Pin == pinRefused:
			f.wrong("I couldn't pin the live Top 10 of %v: let me pin messages there, or make room among its pins, and say `/heed top pin` in it.", channelSpan(ch, p.Workspace))
		case p.Shown != 0:
			f.well("The live Top 10 of %v keeps itself up to date.", channelSpan(ch, p.Workspace))
		}
	}
	return nil
}
