package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// DigestRun is what a schedule says for an instant.
type DigestRun struct {
	Channel Channel
	State   DigestState
	Frozen  bool // it was sent before; this is what it said
	Digest  Digest
}

// errNoDigestChannel says that a workspace has no channel to tell.
var errNoDigestChannel = errors.New("no channel gets a digest: say `/heed digest here` in one")

// DigestAt is what the scheduler would do if all schedules of a workspace were due
// at an instant, or, where it has none, the default one in its main intake. An instant
// that was told already gives what was said then. With dryRun nothing is written.
func (b *Bot) DigestAt(ctx context.Context, ref WorkspaceRef, at time.Time, dryRun bool) ([]DigestRun, error) {
	var out []DigestRun
	at = at.UTC().Truncate(time.Second)
	err := b.store.InTx(ctx, func(tx Tx) error {
		out = nil
		w, err := tx.Workspace(ctx, ref)
		if err != nil {
			return fmt.Errorf("workspace: %w", err)
		}
		plans, err := b.plansOf(ctx, tx, w, dryRun)
		if err != nil {
			return err
		}
		for _, s := range plans {
			r, err := b.digestRunAt(ctx, tx, s, at, dryRun)
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	if err == nil && !dryRun {
		b.Wake()
	}
	return out, err
}

// plansOf are a workspace's schedules, or its default one: kept, but off, unless this
// is a dry run.
func (b *Bot) plansOf(ctx context.Context, tx Tx, w Workspace, dryRun bool) ([]ChannelSchedule, error) {
	all, err := tx.Schedules(ctx, w.Board)
	if err != nil {
		return nil, fmt.Errorf("schedules: %w", err)
	}
	var on, off []ChannelSchedule
	for _, s := range all {
		switch {
		case s.Workspace != w.ID:
		case s.NextAt.IsZero():
			off = append(off, s)
		default:
			on = append(on, s)
		}
	}
	if len(on) > 0 {
		return on, nil
	}
	channels, err := tx.Channels(ctx, w.Board, w.ID)
	if err != nil {
		return nil, fmt.Errorf("channels: %w", err)
	}
	for _, ch := range channels {
		if !ch.Main {
			continue
		}
		for _, s := range off {
			if s.Channel == ch.Ref {
				return []ChannelSchedule{s}, nil
			}
		}
		s, _, err := b.scheduleOrDefault(ctx, tx, w, Member{}, ch.Ref)
		if err == nil && !dryRun {
			s, err = tx.SaveSchedule(ctx, s, b.clock.Now())
		}
		return []ChannelSchedule{s}, err
	}
	return nil, errNoDigestChannel
}

// digestRunAt is one schedule's digest for an instant.
func (b *Bot) digestRunAt(ctx context.Context, tx Tx, s ChannelSchedule, at time.Time, dryRun bool) (DigestRun, error) {
	ch, err := tx.Channel(ctx, s.Board, s.Workspace, s.Channel)
	if err != nil {
		return DigestRun{}, fmt.Errorf("channel of a schedule: %w", err)
	}
	frozen := func() (DigestRun, error) {
		d, err := tx.FrozenDigest(ctx, s.Board, s.ID, at)
		return DigestRun{Channel: ch, State: d.State, Frozen: true, Digest: digestOf(d)}, err
	}
	if r, err := frozen(); !errors.Is(err, ErrNotFound) {
		return r, err
	}
	times, err := ParseSchedule(s.Spec, s.Zone)
	if err != nil {
		return DigestRun{}, fmt.Errorf("spec of a schedule: %w", err)
	}
	due := []dueDigest{{LockedSchedule{ChannelSchedule: s, Audience: ch.Audience}, times, at, times.Next(at), false}}
	if dryRun {
		ds, err := composeDigests(ctx, tx, &digestBook{}, s.Board, due)
		if err != nil {
			return DigestRun{}, err
		}
		return DigestRun{Channel: ch, State: ds[0].State, Digest: digestOf(ds[0])}, nil
	}
	if _, err := b.freeze(ctx, tx, &digestBook{}, s.Board, due); err != nil {
		return DigestRun{}, err
	}
	r, err := frozen()
	r.Frozen = false
	return r, err
}
