package bot

import (
	"context"
	"errors"
	"time"
)

// ErrMerged is what MergeItem answers when the items are one already, or the one
// to merge lives on under another.
var ErrMerged = errors.New("merged already")

// VoteStore keeps the facts and the two lenses over them: which members are one
// person, and which items are one.
type VoteStore interface {
	// CastVotes records ballots and derives the votes that they touch. Answers stand
	// in the order of the ballots; one that can't be taken fails alone, by its
	// outcome. Outside a transaction what is answered is committed. Of one account,
	// ballots are taken in their order.
	CastVotes(ctx context.Context, now time.Time, ballots []Ballot) ([]Cast, error)
	// MergeItem makes from, with all that was merged into it, a part of into. Votes
	// unite: nobody counts twice. ErrMerged when from is no root or into leads to from.
	MergeItem(ctx context.Context, b BoardID, from, into ItemID, now time.Time) error
	// UnmergeItem makes a merged item its own again, with what happened since; ErrMerged
	// when it is not merged.
	UnmergeItem(ctx context.Context, b BoardID, item ItemID, now time.Time) error
	// LinkMember makes a member's account one of person's; with person 0 its own
	// person's again. Votes unite or part exactly.
	LinkMember(ctx context.Context, b BoardID, m MemberID, person PersonID, now time.Time) error
	// RecountMember derives a member's votes anew, after it turned out to be a bot.
	RecountMember(ctx context.Context, b BoardID, m MemberID, now time.Time) error
	// DropBallots forgets all facts of a member and derives its votes anew.
	DropBallots(ctx context.Context, b BoardID, m MemberID, now time.Time) error
	// BallotsSince counts a member's ballots at or after an instant.
	BallotsSince(ctx context.Context, b BoardID, m MemberID, since time.Time) (int, error)
	// CardAt tells whether a message is a card, and else whether one is being sent to its
	// channel: then the message may be that card, and nobody knows yet. Both are of one
	// instant.
	CardAt(ctx context.Context, w WorkspaceRef, channel, message string) (stands, underWay bool, err error)
	// Follow says that a member wants to hear of an item, or wants not to. The later
	// word stands.
	Follow(ctx context.Context, b BoardID, m MemberID, item ItemID, follows bool, at time.Time) error
}
