package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// wantCard wants an item's cards: one in the workspace where it was asked, in that
// channel when cards live there, else in the main intake; and a copy in the main intake
// of every other workspace of the board. A workspace that has a card of it already keeps
// that one. It answers the channel of the item's own workspace; false: none takes it
// (none is intake yet, or only ones whose readers may not see the item).
func wantCard(ctx context.Context, tx Tx, it Item, now time.Time) (Channel, bool, error) {
	own, ok, err := cardChannel(ctx, tx, it)
	if err != nil {
		return own, false, err
	}
	homes, err := copyChannels(ctx, tx, it)
	if err != nil {
		return own, false, err
	}
	if ok {
		homes = append([]Channel{own}, homes...)
	}
	for _, ch := range homes {
		has, err := hasCard(ctx, tx, it, ch)
		if err != nil {
			return own, false, err
		}
		if has {
			continue
		}
		post, err := ownPost(ctx, tx, it, ch)
		if err != nil {
			return own, false, err
		}
		if _, err := tx.WantPost(ctx, it.Board, Want{
			Key: cardKey(it, ch), Kind: PostCard, Workspace: ch.Workspace, Channel: ch.Ref, Thread: post, Item: it.ID, Due: now,
		}); err != nil {
			return own, false, fmt.Errorf("want card: %w", err)
		}
	}
	return own, ok, nil
}

// ownPost is the post in a forum that the item came from; "": none there. Its card is
// an answer in it, else it begins a post of its own.
func ownPost(ctx context.Context, tx Tx, it Item, ch Channel) (string, error) {
	if !ch.Forum || it.AskedIn != (ChannelAt{ch.Workspace, ch.Ref}) {
		return "", nil
	}
	quotes, _, err := tx.EvidenceFor(ctx, it.Board, it.ID, Team, 100, 0)
	if err != nil {
		return "", fmt.Errorf("post of an item: %w", err)
	}
	for _, e := range slices.Backward(quotes) { // the oldest first
		if e.Item == it.ID && e.At == it.AskedIn && e.Message != "" && e.Message == e.Thread {
			return e.Thread, nil
		}
	}
	return "", nil
}

// takesCard tells whether a card of the item may live in a channel.
func takesCard(c Channel, it Item) bool {
	return c.Intake && (c.State == "" || c.State == "open") && c.Audience.MayRead(it.Audience)
}

// cardChannel is where the item's card belongs in the workspace where it was asked.
func cardChannel(ctx context.Context, tx Tx, it Item) (Channel, bool, error) {
	if it.AskedIn.Workspace == 0 {
		return Channel{}, false, nil
	}
	if it.AskedIn.Ref != "" {
		ch, err := tx.Channel(ctx, it.Board, it.AskedIn.Workspace, it.AskedIn.Ref)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Channel{}, false, fmt.Errorf("channel of a card: %w", err)
		}
		if err == nil && takesCard(ch, it) {
			return ch, true, nil
		}
	}
	all, err := tx.Channels(ctx, it.Board, it.AskedIn.Workspace)
	if err != nil {
		return Channel{}, false, fmt.Errorf("channels of a card: %w", err)
	}
	i := slices.IndexFunc(all, func(c Channel) bool { return c.Main && takesCard(c, it) })
	if i < 0 {
		return Channel{}, false, nil
	}
	return all[i], true, nil
}

// copyChannels are the main intakes of the board's other workspaces whose readers may
// read the item. One that was shared with the community goes to an intake of the
// community's in its own workspace too. An item that was asked nowhere has no cards at
// all until it is shared.
func copyChannels(ctx context.Context, tx Tx, it Item) ([]Channel, error) {
	if it.AskedIn.Workspace == 0 && !it.Shared() {
		return nil, nil
	}
	workspaces, err := tx.Workspaces(ctx, it.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of a card: %w", err)
	}
	if len(workspaces) < 2 && !it.Shared() {
		return nil, nil
	}
	here := map[WorkspaceID]bool{}
	for _, w := range workspaces {
		here[w.ID] = !w.Gone
	}
	all, err := tx.Channels(ctx, it.Board, 0)
	if err != nil {
		return nil, fmt.Errorf("channels of a card: %w", err)
	}
	var out []Channel
	served := map[WorkspaceID]bool{}
	for _, ch := range all {
		main := ch.Main && ch.Workspace != it.AskedIn.Workspace && (it.AskedIn.Workspace != 0 || ch.Audience == Community)
		open := it.Shared() && ch.Workspace == it.AskedIn.Workspace && ch.Audience == Community && !served[ch.Workspace]
		if (main || open) && takesCard(ch, it) && here[ch.Workspace] {
			out = append(out, ch)
			served[ch.Workspace] = true
		}
	}
	return out, nil
}

// hasCard tells whether the item has a card in another channel of a channel's workspace
// that stands there rightly, so that nobody sees two.
func hasCard(ctx context.Context, tx Tx, it Item, ch Channel) (bool, error) {
	cards, err := tx.ItemPosts(ctx, it.Board, it.ID, PostCard)
	if err != nil {
		return false, fmt.Errorf("cards of an item: %w", err)
	}
	for _, p := range cards {
		if p.Workspace != ch.Workspace || p.Channel == ch.Ref {
			continue
		}
		at, err := tx.Channel(ctx, it.Board, p.Workspace, p.Channel)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, fmt.Errorf("channel of a card: %w", err)
		}
		if err == nil && at.State == "open" && at.Audience.MayRead(it.Audience) && (at.Audience == ch.Audience || !it.Shared() || ch.Audience == Team) {
			return true, nil
		}
	}
	return false, nil
}
