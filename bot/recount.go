package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// recountEvery is how often counts are compared where a platform tells nothing twice:
	// what was lost without a trace is right again after that.
	recountEvery = time.Hour
	recountLook  = 5 * time.Minute
	recountTask  = "t:recount"
	// sweepPause spares the platform between two messages whose counts are right: equal
	// counts may hide that one went and another came.
	sweepPause = 100 * time.Millisecond
	// countPatience is for one channel: hundreds of pages, at the platform's pace.
	countPatience = 15 * time.Minute
)

// RunRecount compares counts once an hour, until ctx ends.
func (b *Bot) RunRecount(ctx context.Context) error {
	return b.loop(ctx, beat{name: "recount", deaf: true}, b.RecountOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return recountLook
	})
}

// RecountOnce compares, in the workspaces whose hour has come, how many reactions there
// are with how many are known, and reads those messages back where that differs. It
// answers how many votes that changed. Platforms that deliver until they are heard are
// not asked.
func (b *Bot) RecountOnce(ctx context.Context) (int, error) {
	all, err := b.store.Workspaces(ctx, 0)
	if err != nil {
		return 0, fmt.Errorf("recount: %w", err)
	}
	changed := 0
	var errs []error
	for _, w := range all {
		if _, counts := b.messengers[w.Ref.Platform].(Counter); !counts || w.Gone {
			continue
		}
		mine, err := b.store.TakeTurn(ctx, w, recountTask, recountEvery)
		if err != nil || !mine {
			errs = append(errs, err)
			continue
		}
		n, err := b.recount(ctx, w)
		changed += n
		errs = append(errs, err)
	}
	if changed > 0 {
		b.Wake()
	}
	return changed, errors.Join(errs...)
}

func (b *Bot) recount(ctx context.Context, w Workspace) (int, error) {
	g := OpenGap{Workspace: w, Since: b.clock.Now()}
	places, err := b.store.VotePlaces(ctx, w, reconcileLimit)
	if err != nil {
		return 0, fmt.Errorf("places to vote: %w", err)
	}
	differ, _, err := b.compare(ctx, w, places)
	if err != nil {
		return 0, err
	}
	changed, err := b.readPlaces(ctx, g, differ, 0)
	if err != nil && !errors.Is(err, errUnsettled) {
		return changed, err
	}
	if changed > 0 {
		b.log.WarnContext(ctx, "counts were not as known", "board", w.Board, "workspace", w.ID, "places", len(differ), "changed", changed)
	}
	return changed, nil
}

// compare parts places by whether the platform counts as many reactions there as are
// known. Of a platform that does not count all differ; and so does a message that
// it does not find, and a channel that it does not show.
func (b *Bot) compare(ctx context.Context, w Workspace, places []VotePlace) (differ, equal []VotePlace, err error) {
	counter, ok := b.messengers[w.Ref.Platform].(Counter)
	if !ok {
		return places, nil, nil
	}
	var channels []string
	in := map[string][]VotePlace{}
	_, threads := counter.(ThreadReader)
	for _, p := range places {
		at := p.Channel
		if threads && p.Thread != "" {
			at = p.Thread
		}
		if in[at] == nil {
			channels = append(channels, at)
		}
		in[at] = append(in[at], p)
	}
	for _, channel := range channels {
		messages := make([]string, len(in[channel]))
		for i, p := range in[channel] {
			messages[i] = p.Message
		}
		there, err := b.counts(ctx, counter, w, channel, messages)
		if err != nil {
			return nil, nil, fmt.Errorf("counts: %w", err)
		}
		for _, p := range in[channel] {
			if counts, found := there[p.Message]; found && p.shows(counts) {
				equal = append(equal, p)
			} else {
				differ = append(differ, p)
			}
		}
	}
	return differ, equal, nil
}

// shows tells whether as many reactions are known as the platform counts, emoji by emoji.
func (p VotePlace) shows(counts map[string]int) bool {
	known := map[string]int{}
	for _, k := range p.Known {
		if k.Supports {
			known[k.Emoji]++
		}
	}
	for emoji, n := range counts {
		if n != known[emoji] && (known[emoji] > 0 || slices.Contains(p.Emoji, BaseEmoji(emoji))) {
			return false
		}
		delete(known, emoji)
	}
	return len(known) == 0
}

// counts asks how many reacted, and waits where the platform says so. A channel that is
// gone or not for Heed to read has none.
func (b *Bot) counts(ctx context.Context, counter Counter, w Workspace, channel string, messages []string) (map[string]map[string]int, error) {
	for {
		asking, cancel := context.WithTimeout(ctx, countPatience)
		there, err := counter.Counts(asking, w, channel, messages)
		cancel()
		switch fault := FaultOf(err); {
		case err == nil:
			return there, nil
		case fault.Kind == FaultGone, fault.Kind == FaultForbidden:
			return nil, nil
		case fault.Kind == FaultLimited:
			if err := b.clock.Wait(ctx, b.clock.Now().Add(max(fault.RetryAfter, time.Second))); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// sweep reads the places back whose counts are right, slowly.
func (b *Bot) sweep(ctx context.Context, g OpenGap, places []VotePlace) (int, error) {
	changed, err := b.readPlaces(ctx, g, places, sweepPause)
	if err != nil {
		return changed, err
	}
	b.log.InfoContext(ctx, "gap swept", "board", g.Workspace.Board, "workspace", g.Workspace.ID, "places", len(places), "changed", changed)
	return changed, nil
}
