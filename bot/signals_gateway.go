package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Signals of platforms that Heed hears over a gateway of its own.

// Cleared says that all reactions with these exact emoji were taken off a message at
// once, with none named all there were: who had reacted the platform does not say.
func (b *Bot) Cleared(ctx context.Context, ref WorkspaceRef, channel, message string, emoji []string, at time.Time) error {
	w, err := b.store.Workspace(ctx, ref)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reactions cleared: %w", err)
	}
	places, err := b.store.VotePlacesAt(ctx, w, channel, message)
	if err != nil {
		return fmt.Errorf("reactions cleared: %w", err)
	}
	var ballots []Ballot
	for _, p := range places {
		for _, k := range p.Known {
			if k.Supports && (len(emoji) == 0 || slices.Contains(emoji, k.Emoji)) {
				ballots = append(ballots, Ballot{
					Workspace: ref, Account: k.Account, Channel: channel, Message: message, Emoji: k.Emoji, Act: Retract, At: at,
				})
			}
		}
	}
	if len(ballots) == 0 {
		return nil
	}
	return b.React(ctx, ballots)
}

// Remaining says which workspaces of a platform Heed is in, of those that ours tells
// true of: from the others it was removed while nobody listened.
func (b *Bot) Remaining(ctx context.Context, p Platform, refs []string, ours func(ref string) bool) error {
	all, err := b.store.Workspaces(ctx, 0)
	if err != nil {
		return fmt.Errorf("remaining workspaces: %w", err)
	}
	there := make(map[string]bool, len(refs))
	for _, ref := range refs {
		there[ref] = true
	}
	for _, w := range all {
		if w.Ref.Platform != p || w.Gone || there[w.Ref.Ref] || !ours(w.Ref.Ref) {
			continue
		}
		if err := b.WorkspaceGone(ctx, w.Ref); err != nil {
			return err
		}
	}
	return nil
}

// Permitted says that what Heed may do in a workspace's channels may have changed: it
// looks at those that it uses, and takes over whether it is in them.
func (b *Bot) Permitted(ctx context.Context, ref WorkspaceRef) error {
	w, err := b.store.Workspace(ctx, ref)
	if errors.Is(err, ErrNotFound) || err == nil && w.Gone {
		return nil
	}
	if err != nil {
		return fmt.Errorf("permissions changed: %w", err)
	}
	m, ok := b.messengers[ref.Platform]
	if !ok {
		return nil
	}
	all, err := b.store.Channels(ctx, w.Board, w.ID)
	if err != nil {
		return fmt.Errorf("permissions changed: %w", err)
	}
	for _, ch := range all {
		if ch.State != "open" || !ch.Intake && !ch.Announce {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, lookupPatience)
		seen, err := m.Channel(asking, w, ch.Ref)
		cancel()
		in := err == nil && (seen.Joined == nil || *seen.Joined)
		if fault := FaultOf(err); err != nil && (fault.Kind != FaultForbidden || fault.Ungranted) {
			if fault.Kind == FaultGone {
				continue // the platform says so itself, or the next post learns it
			}
			return fmt.Errorf("permissions changed: %w", err)
		}
		if in == ch.Joined {
			continue
		}
		if err := b.ChannelChanged(ctx, ref, ChannelChange{Ref: ch.Ref, Joined: &in}); err != nil {
			return err
		}
	}
	return nil
}
