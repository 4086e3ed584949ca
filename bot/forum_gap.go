package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// postMargin is how much further back than a gap posts are looked for: clocks differ,
// and one that is known changes nothing.
const postMargin = time.Minute

// TakesPosts tells whether posts that people begin in a channel are requests. What
// stands in others is none of Heed's business: it is not read.
func (b *Bot) TakesPosts(ctx context.Context, ref WorkspaceRef, channel string) (bool, error) {
	takes := false
	err := b.store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Workspace(ctx, ref)
		if err != nil {
			return err
		}
		ch, err := tx.Channel(ctx, w.Board, w.ID, channel)
		takes = err == nil && ch.Forum && ch.Intake && ch.State == "open"
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("forum: %w", err)
	}
	return takes, nil
}

// readForums takes in the posts that were begun during a gap in forums that are
// intakes, and whether the posts with cards are paused. Where Heed may not look it goes
// on: the posts are as unknown as before.
func (b *Bot) readForums(ctx context.Context, g OpenGap) error {
	r, ok := b.messengers[g.Workspace.Ref.Platform].(ForumReader)
	if !ok {
		return nil
	}
	all, err := b.store.Channels(ctx, g.Workspace.Board, g.Workspace.ID)
	if err != nil {
		return fmt.Errorf("forums after a gap: %w", err)
	}
	for _, ch := range all {
		if !ch.Forum || !ch.Intake || ch.State != "open" {
			continue
		}
		if err := b.readForum(ctx, r, g, ch); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) readForum(ctx context.Context, r ForumReader, g OpenGap, ch Channel) error {
	known, err := b.store.CardThreads(ctx, ch.Board, ch.Workspace, ch.Ref)
	if err != nil {
		return fmt.Errorf("posts with cards: %w", err)
	}
	var open []string
	for thread, paused := range known {
		if paused == "" {
			open = append(open, thread)
		}
	}
	slices.Sort(open)
	since := g.Since.Add(-postMargin)
	if from := ch.IntakeAt.Add(-postMargin); since.Before(from) {
		since = from
	}
	posts, states, err := r.ForumPosts(ctx, g.Workspace, ch.Ref, since, open)
	for err != nil {
		switch fault := FaultOf(err); fault.Kind {
		case FaultForbidden, FaultGone:
			b.log.InfoContext(ctx, "forum not readable", "board", ch.Board, "fault", fault.Reason)
			return nil
		case FaultLimited:
			if err := b.clock.Wait(ctx, b.clock.Now().Add(max(fault.RetryAfter, time.Second))); err != nil {
				return err
			}
		default:
			return fmt.Errorf("posts of a forum: %w", err)
		}
		posts, states, err = r.ForumPosts(ctx, g.Workspace, ch.Ref, since, open)
	}
	for _, p := range posts {
		call := Call{Workspace: g.Workspace.Ref, Channel: ChannelSeen{Ref: ch.Ref}}
		if err := b.Posted(ctx, call, p); err != nil {
			return err
		}
	}
	for thread, paused := range known {
		now, told := states[thread]
		if told && now != paused {
			if err := b.ThreadChanged(ctx, g.Workspace.Ref, ch.Ref, thread, now); err != nil {
				return err
			}
		}
	}
	return nil
}
