package bot

import (
	"context"
	"time"
)

// Unknown is a member whom nobody looked up yet, and where to ask.
type Unknown struct {
	Member    Member
	Workspace Workspace
}

// OpenGap is a workspace whose events may be missing since then.
type OpenGap struct {
	Workspace Workspace
	Since     time.Time
}

// VotePlace is a message on which reactions vote, and the reactions there as far as
// Heed knows.
type VotePlace struct {
	Channel string
	Message string
	Thread  string   // the conversation that it stands in, or ""
	Emoji   []string // that count there, without skin tone
	Known   []Known
}

// Known is what is on record of one account's reaction: that it stands, or was taken
// back, and since when.
type Known struct {
	Reacted
	Supports bool
	At       time.Time
}

// GapStore keeps what has to be asked of the platforms.
type GapStore interface {
	// UnknownMembers lists members who were never looked up, of active workspaces on
	// these platforms: at most so many of each.
	UnknownMembers(ctx context.Context, platforms []Platform, most, limit int) ([]Unknown, error)
	// TouchAuthored makes the cards that show a member's name due.
	TouchAuthored(ctx context.Context, b BoardID, m MemberID, now time.Time) error
	// OpenGaps lists the active workspaces on these platforms with a gap.
	OpenGaps(ctx context.Context, platforms []Platform) ([]OpenGap, error)
	// TakeTurn reserves a task of a workspace for the caller for so long, by the
	// database's clock; false when another has it.
	TakeTurn(ctx context.Context, w Workspace, task string, lease time.Duration) (bool, error)
	// KeepTurn renews what the caller has reserved.
	KeepTurn(ctx context.Context, w Workspace, task string, lease time.Duration) error
	// EndTurn gives it back.
	EndTurn(ctx context.Context, w Workspace, task string) error
	// VotePlaces lists the messages of open items on which reactions vote, the newest first.
	VotePlaces(ctx context.Context, w Workspace, limit int) ([]VotePlace, error)
	// VotePlacesAt is the same for one message, whatever became of its item; at most one.
	VotePlacesAt(ctx context.Context, w Workspace, channel, message string) ([]VotePlace, error)
	// CloseGap ends a gap; one that was noted again meanwhile stays.
	CloseGap(ctx context.Context, w Workspace, since time.Time) error
	// AgeCards makes due, once a UTC day and board, the cards whose votes of the last seven
	// days have become others by the day alone. It answers how many items that were.
	AgeCards(ctx context.Context, now time.Time) (int, error)
	// Once tells whether an act is heard for the first time, and remembers it until then.
	Once(ctx context.Context, b BoardID, key string, until time.Time) (bool, error)
	// Prune deletes rows of a kind that were over before an instant, so many at most, and
	// answers how many; fewer than that: there are no more, or another replica is at them.
	Prune(ctx context.Context, what Kept, before time.Time, most int) (int, error)
}
