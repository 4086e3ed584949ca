package bot

import (
	"context"
	"time"
)

// SetupStore keeps what admins decide, and reads what they have to know.
type SetupStore interface {
	// SaveBoard writes a board's name, zone and settings.
	SaveBoard(ctx context.Context, b Board) error
	// MarkWelcomed says that an admin of the workspace was asked the first questions,
	// and tells whether it was this call that said so first.
	MarkWelcomed(ctx context.Context, w Workspace, now time.Time) (bool, error)
	// UncardedItems lists open items that were asked in a workspace and have no card
	// there, the newest first.
	UncardedItems(ctx context.Context, w Workspace, limit int) ([]Item, error)
	// TouchCards makes all cards of a channel due, closed items' too.
	TouchCards(ctx context.Context, c Channel, now time.Time) error
	// GoneCards counts the cards of an item that somebody deleted.
	GoneCards(ctx context.Context, b BoardID, item ItemID) (int, error)
	// Health reads what is wrong on a board.
	Health(ctx context.Context, b BoardID, now time.Time) (Health, error)
}

// Health is the state of a board as far as an admin can mend it.
type Health struct {
	Waiting int       // posts that are due
	Oldest  time.Time // since when the oldest of them is; zero: none
	Refused []RefusedPosts
	Unknown int         // members not looked up
	Held    int         // words that wait for a choice past their time
	Closed  int         // accounts that let no direct message through
	Reviews int         // words that wait for a moderator
	Review  time.Time   // since when the oldest of them do; zero: none
	Gaps    []time.Time // since when events may be missing, by workspace
}

// RefusedPosts are posts of a channel that a platform refused, for one reason.
type RefusedPosts struct {
	Workspace WorkspaceID
	Channel   string
	Name      string
	Fault     string
	Count     int
}
