package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	reconcileLimit = 2000             // messages read back after a gap, the newest first
	reconcileTurn  = 45 * time.Second // renewed while reading goes on; a crash costs no more than the wait
	reconcilePause = 15 * time.Second
	reconcileTask  = "t:reconcile"
	readPatience   = 2 * time.Minute // one message: thousands may have reacted, a hundred a call
)

// RunReconcile reads back what was missed, until ctx ends.
func (b *Bot) RunReconcile(ctx context.Context) error {
	return b.loop(ctx, beat{name: "reconcile", least: time.Second}, b.ReconcileOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return reconcilePause
	})
}

// ReconcileOnce reads the reactions of workspaces with a gap back and answers how many
// votes that changed. What it finds counts as done at the start of the gap, so that
// a deliberate act since then stands. A gap closes when all was read; until then it is
// read again from the start, which changes nothing twice.
func (b *Bot) ReconcileOnce(ctx context.Context) (int, error) {
	gaps, err := b.store.OpenGaps(ctx, b.platforms())
	if err != nil {
		return 0, fmt.Errorf("open gaps: %w", err)
	}
	changed := 0
	var errs []error
	rest := make([][]VotePlace, len(gaps))
	ends := make([]func(error) error, len(gaps))
	for i, g := range gaps { // what surely changed comes first, in every workspace
		mine, err := b.store.TakeTurn(ctx, g.Workspace, reconcileTask, reconcileTurn)
		if err != nil || !mine {
			errs = append(errs, err)
			continue
		}
		ends[i] = b.reconciling(ctx, g)
		n, equal, err := b.reconcile(ctx, g)
		changed += n
		if rest[i] = equal; len(equal) > 0 && err == nil {
			continue
		}
		errs = append(errs, ends[i](err))
	}
	if changed > 0 {
		b.Wake()
	}
	for i, equal := range rest {
		if len(equal) > 0 {
			n, err := b.sweep(ctx, gaps[i], equal)
			changed += n
			errs = append(errs, ends[i](err))
		}
	}
	if changed > 0 {
		b.Wake()
	}
	return changed, errors.Join(errs...)
}

// reconciling keeps the turn at a gap until what it answers is called, which closes a gap
// that was read back without an error.
func (b *Bot) reconciling(ctx context.Context, g OpenGap) func(error) error {
	keeping, stop := context.WithCancel(ctx)
	var kept sync.WaitGroup
	kept.Go(func() {
		for (SystemClock{}).Wait(keeping, time.Now().Add(reconcileTurn/3)) == nil {
			if err := b.store.KeepTurn(keeping, g.Workspace, reconcileTask, reconcileTurn); err != nil {
				b.log.InfoContext(ctx, "turn not kept", "board", g.Workspace.Board, "task", reconcileTask, "error", err)
			}
		}
	})
	return func(err error) error {
		stop()
		kept.Wait()
		switch {
		case err == nil:
			err = b.store.CloseGap(ctx, g.Workspace, g.Since)
		case errors.Is(err, errUnsettled):
			err = nil // all else was read; the next look is soon enough
		}
		return errors.Join(err, b.store.EndTurn(context.WithoutCancel(ctx), g.Workspace, reconcileTask))
	}
}

// reconcile reads one workspace's places to vote, one after the other: their number is
// bounded and the platform's patience is, too. Where the platform counts for us it
// leaves those for the sweep whose counts are as known.
func (b *Bot) reconcile(ctx context.Context, g OpenGap) (changed int, equal []VotePlace, err error) {
	if err := b.rejoin(ctx, g.Workspace); err != nil {
		return 0, nil, err
	}
	if err := b.readForums(ctx, g); err != nil {
		return 0, nil, err
	}
	places, err := b.store.VotePlaces(ctx, g.Workspace, reconcileLimit)
	if err != nil {
		return 0, nil, fmt.Errorf("places to vote: %w", err)
	}
	differ, equal, err := b.compare(ctx, g.Workspace, places)
	if err != nil {
		return 0, nil, err
	}
	if changed, err = b.readPlaces(ctx, g, differ, 0); err != nil {
		return changed, nil, err
	}
	b.log.InfoContext(ctx, "gap reconciled", "board", g.Workspace.Board, "workspace", g.Workspace.ID, "places", len(places), "read", len(differ), "changed", changed)
	return changed, equal, nil
}

// awayAfter is how many messages in a row can't be read before the platform is taken to
// be away.
const awayAfter = 3

// readPlaces reads places back with a pause after each, and answers how many votes that
// changed. One that can't be read keeps none of the others: it is tried once more at the
// end. Where the platform is away the rest is left.
func (b *Bot) readPlaces(ctx context.Context, g OpenGap, places []VotePlace, pause time.Duration) (changed int, err error) {
	var unsettled error
	for range 2 {
		var failed []VotePlace
		row := 0
		for _, p := range places {
			n, e := b.readPlace(ctx, g, p)
			changed += n
			if errors.Is(e, errUnsettled) {
				unsettled, e = e, nil
			}
			if e == nil {
				row = 0
				e = SystemClock{}.Wait(ctx, time.Now().Add(pause))
			} else {
				failed, err = append(failed, p), e
				row++
			}
			if row == awayAfter || ctx.Err() != nil {
				return changed, errors.Join(e, ctx.Err())
			}
		}
		if len(failed) == 0 {
			return changed, unsettled
		}
		places = failed
	}
	return changed, err
}

// readPlace makes the facts say what one message shows, and answers how many votes that
// changed.
func (b *Bot) readPlace(ctx context.Context, g OpenGap, p VotePlace) (int, error) {
	there, err := b.reactions(ctx, g.Workspace, p)
	if err != nil {
		return 0, fmt.Errorf("reactions: %w", err)
	}
	if there == nil {
		return 0, nil
	}
	ballots, settled := b.difference(g, p, there)
	if !settled {
		err = errUnsettled
	}
	if len(ballots) == 0 {
		return 0, err
	}
	casts, castErr := b.store.CastVotes(ctx, b.clock.Now(), ballots)
	if castErr != nil {
		return 0, fmt.Errorf("cast what was missed: %w", castErr)
	}
	changed := 0
	for _, c := range casts {
		if c.Changed {
			changed++
		}
	}
	return changed, err
}

// errUnsettled is that what a message shows differs from what was heard only just now: who
// of the two is behind shows at the next look, and until then the gap is not closed.
var errUnsettled = errors.New("heard only just now")

// rejoin looks whether Heed is still in the channels that it uses: nobody told it if it
// was taken out during the gap, as by an uninstall. It enters again where it may; else
// their cards say that reactions don't arrive.
func (b *Bot) rejoin(ctx context.Context, w Workspace) error {
	all, err := b.store.Channels(ctx, w.Board, w.ID)
	if err != nil {
		return fmt.Errorf("channels after a gap: %w", err)
	}
	for _, ch := range all {
		if !ch.Joined || ch.State != "open" || !ch.Intake && !ch.Announce {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, lookupPatience)
		said, err := b.messengers[w.Ref.Platform].Channel(asking, w, ch.Ref)
		cancel()
		out := err == nil && said.Joined != nil && !*said.Joined
		if err != nil {
			fault := FaultOf(err)
			out = fault.Kind == FaultForbidden && !fault.Ungranted
		}
		if !out {
			continue
		}
		no := false
		if err := b.ChannelChanged(ctx, w.Ref, ChannelChange{Ref: ch.Ref, Joined: &no}); err != nil {
			return err
		}
		ch.Joined = false
		b.enter(ctx, w, ch)
	}
	return nil
}

// readBack takes in the votes on a card that stood there before Heed knew where: its
// process ended between sending and keeping that.
func (b *Bot) readBack(ctx context.Context, c Claim, w Workspace, at Sent) error {
	if c.Kind != PostCard {
		return nil
	}
	ch, err := b.store.Channel(ctx, c.Board, c.Workspace, at.Channel)
	if err != nil {
		return fmt.Errorf("channel of a found card: %w", err)
	}
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	place := VotePlace{Channel: at.Channel, Message: at.Message, Thread: cmp.Or(at.Thread, c.Thread), Emoji: ch.Emoji}
	there, err := b.reactionsAt(asking, w, place)
	if err != nil && FaultOf(err).Kind == FaultForbidden {
		return nil // where Heed may not read them, they never arrived either
	}
	if err != nil {
		return err
	}
	it, err := b.store.Item(ctx, c.Board, c.Item)
	if err != nil {
		return fmt.Errorf("item of a found card: %w", err)
	}
	ballots, _ := b.difference(OpenGap{Workspace: w, Since: c.CreatedAt}, place, there)
	for i := range ballots {
		ballots[i].Item = it.Number // the card's message is not known yet
	}
	if len(ballots) == 0 {
		return nil
	}
	_, err = b.store.CastVotes(ctx, b.clock.Now(), ballots)
	if err != nil {
		return fmt.Errorf("cast what was missed: %w", err)
	}
	return nil
}

// reactionsAt reads a message's reactions once.
func (b *Bot) reactionsAt(ctx context.Context, w Workspace, p VotePlace) ([]Reacted, error) {
	m := b.messengers[w.Ref.Platform]
	if t, ok := m.(ThreadReader); ok && p.Thread != "" {
		return t.ReactionsIn(ctx, w, p.Channel, p.Thread, p.Message)
	}
	return m.Reactions(ctx, w, p.Channel, p.Message)
}

// reactions reads a message's reactions; nil: there is nothing to learn, as the message
// is gone or not for Heed to read. It waits where the platform says so.
func (b *Bot) reactions(ctx context.Context, w Workspace, p VotePlace) ([]Reacted, error) {
	for {
		asking, cancel := context.WithTimeout(ctx, readPatience)
		there, err := b.reactionsAt(asking, w, p)
		cancel()
		if err == nil {
			return append([]Reacted{}, there...), nil // never nil: nobody reacting is something to learn
		}
		switch fault := FaultOf(err); fault.Kind {
		case FaultGone:
			return nil, b.MessageGone(ctx, w.Ref, p.Channel, p.Message)
		case FaultForbidden:
			b.log.InfoContext(ctx, "reactions not readable", "board", w.Board, "fault", fault.Reason)
			return nil, nil
		case FaultLimited:
			if err := b.clock.Wait(ctx, b.clock.Now().Add(max(fault.RetryAfter, time.Second))); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// settledAfter is how long after an act a platform surely shows it to whoever reads.
const settledAfter = 5 * time.Second

// difference is what has to be recorded so that the facts say what the message shows. A
// fact of this very reaction that is younger than the gap's start, as when a second gap
// fell into the first, gives way too, unless it was heard only just now: then not all is
// settled.
func (b *Bot) difference(g OpenGap, p VotePlace, there []Reacted) (out []Ballot, settled bool) {
	settled = true
	surely := b.clock.Now().Add(-settledAfter)
	add := func(r Reacted, act BallotAct, after time.Time) {
		at := g.Since
		if !at.After(after) {
			if !after.Before(surely) {
				settled = false
				return
			}
			at = after.Add(time.Microsecond)
		}
		out = append(out, Ballot{
			Workspace: g.Workspace.Ref, Account: r.Account, Hash: b.accountHash(g.Workspace.Ref, r.Account),
			Channel: p.Channel, Message: p.Message, Emoji: r.Emoji, Act: act, At: at, Reconcile: true,
			Audience: memberAudience(g.Workspace.Ref.Platform, MemberSeen{}),
		})
	}
	known := make(map[Reacted]Known, len(p.Known))
	for _, k := range p.Known {
		known[k.Reacted] = k
	}
	shown := make(map[Reacted]bool, len(there))
	for _, r := range there {
		shown[r] = true
		if r.Account != g.Workspace.BotAccount && slices.Contains(p.Emoji, BaseEmoji(r.Emoji)) && !known[r].Supports {
			add(r, Support, known[r].At)
		}
	}
	for _, k := range p.Known {
		if k.Supports && !shown[k.Reacted] {
			add(k.Reacted, Retract, k.At)
		}
	}
	return out, settled
}
