package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Review says whose words a moderator of a channel sees before others do.
type Review string

// The choices; "" is as the channel's audience has it.
const (
	ReviewOff       Review = "off"
	ReviewNewcomers Review = "newcomers" // who joined the workspace less than a day ago
	ReviewEveryone  Review = "everyone"  // all but those with a role
)

// Saving says who may save what others said in a channel.
type Saving string

// The choices; "" is as the channel's audience has it.
const (
	SavingModerators Saving = "moderators" // those with a role
	SavingEveryone   Saving = "everyone"
)

// newFor is how long somebody counts as a newcomer.
const newFor = 24 * time.Hour

// Reviews is whose words a moderator sees first in the channel: the community's
// newcomers, unless somebody decided otherwise.
func (c Channel) Reviews() Review {
	switch {
	case c.Review != "":
		return c.Review
	case c.Audience == Community:
		return ReviewNewcomers
	}
	return ReviewOff
}

// Saves is who may save what others said in the channel: in the community those with a
// role, since it can be used against people; in the team everyone.
func (c Channel) Saves() Saving {
	switch {
	case c.Saving != "":
		return c.Saving
	case c.Audience == Community:
		return SavingModerators
	}
	return SavingEveryone
}

// newcomer tells whether somebody joined the workspace only lately. Of whom the
// platform does not say when, they did not.
func (m Member) newcomer(now time.Time) bool {
	return !m.JoinedAt.IsZero() && now.Sub(m.JoinedAt) < newFor
}

// moderates tells whether the caller decides what is let in, hidden and who is blocked:
// the product manager, whose board it is, and the admins, who keep the peace in it.
func (c caller) moderates() bool { return c.Roles.Has(PM) || c.Roles.Has(Admin) }

// strictness orders reviews.
var strictness = map[Review]int{ReviewOff: 0, ReviewNewcomers: 1, ReviewEveryone: 2}

// looksFirst tells whether a moderator sees words of members before others do: the
// strictest of the channels where they were said or would be shown decides. What is
// for the team alone is nobody else's to see, so only the team's channels count there.
// Those with a role are trusted. Any of the members may be the newcomer.
func (b *Bot) looksFirst(ctx context.Context, tx Tx, board BoardID, a Audience, places []Channel, members ...Member) (bool, error) {
	rule := ReviewOff
	if a == Community && len(places) == 0 { // said in private, with no channel for its card yet
		rule = ReviewNewcomers
	}
	for _, ch := range places {
		if r := ch.Reviews(); (a == Community || ch.Audience == Team) && strictness[r] > strictness[rule] {
			rule = r
		}
	}
	if rule == ReviewOff || len(members) == 0 {
		return false, nil
	}
	roles, err := tx.RolesOf(ctx, board, members[0].Person)
	if err != nil {
		return false, fmt.Errorf("roles of an author: %w", err)
	}
	if len(roles) > 0 {
		return false, nil
	}
	now := b.clock.Now()
	return rule == ReviewEveryone || slices.ContainsFunc(members, func(m Member) bool { return m.newcomer(now) }), nil
}

// wishLooksFirst is looksFirst for words on their way to become a request.
func (b *Bot) wishLooksFirst(ctx context.Context, tx Tx, board BoardID, member MemberID, w Wish) (bool, error) {
	m, err := tx.Member(ctx, board, member)
	if err != nil {
		return false, fmt.Errorf("who said it: %w", err)
	}
	members := []Member{m}
	if w.Saved != nil && w.Author != 0 && w.Author != member {
		said, err := tx.Member(ctx, board, w.Author)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, fmt.Errorf("author of a message: %w", err)
		}
		if err == nil {
			members = append(members, said)
		}
	}
	at := ChannelAt{w.Workspace, w.Channel}
	places, err := placesOf(ctx, tx, Item{Board: board, Audience: w.Audience, AskedIn: at}, at)
	if err != nil {
		return false, err
	}
	return b.looksFirst(ctx, tx, board, w.Audience, places, members...)
}

// itemLooksFirst is looksFirst for words of the caller's that come to an item, or that
// they brought from another member.
func (b *Bot) itemLooksFirst(ctx context.Context, tx Tx, c caller, it Item, a Audience, from MemberID) (bool, error) {
	places, err := placesOf(ctx, tx, it, ChannelAt{c.Workspace.ID, c.Channel.Ref})
	if err != nil {
		return false, err
	}
	members := []Member{c.Member}
	if from != 0 && from != c.Member.ID {
		m, err := tx.Member(ctx, it.Board, from)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, fmt.Errorf("whose words: %w", err)
		}
		members = append(members, m)
	}
	return b.looksFirst(ctx, tx, it.Board, a, places, members...)
}

// placesOf are the channels where an item is or would be shown, and the one where
// something is said about it; a conversation is none.
func placesOf(ctx context.Context, tx Tx, it Item, said ChannelAt) ([]Channel, error) {
	at := []ChannelAt{said}
	if it.ID != 0 {
		cards, err := tx.ItemPosts(ctx, it.Board, it.ID, PostCard)
		if err != nil {
			return nil, fmt.Errorf("cards of an item: %w", err)
		}
		for _, p := range cards {
			at = append(at, ChannelAt{p.Workspace, p.Channel})
		}
	}
	var out []Channel
	for _, place := range at {
		if place.Ref == "" {
			continue
		}
		ch, err := tx.Channel(ctx, it.Board, place.Workspace, place.Ref)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("channel of words: %w", err)
		}
		if err == nil && ch.Kind != DirectChannel {
			out = append(out, ch)
		}
	}
	ch, ok, err := cardChannel(ctx, tx, it)
	if err != nil {
		return nil, err
	}
	if ok {
		out = append(out, ch)
	}
	copies, err := copyChannels(ctx, tx, it)
	return append(out, copies...), err
}
