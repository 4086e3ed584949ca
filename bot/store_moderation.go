package bot

import (
	"context"
	"time"
)

// ItemText is all that people read of an item: what is sealed when it is hidden.
type ItemText struct {
	Title     string                `json:"title"`
	Body      string                `json:"body"`
	TeamTitle string                `json:"team_title,omitempty" db:"team_title"`
	TeamBody  string                `json:"team_body,omitempty" db:"team_body"`
	Quotes    map[EvidenceID]string `json:"quotes,omitempty"`
	Edits     map[int64]string      `json:"edits,omitempty"` // the history's data of edits, by entry, as JSON text
}

// Hiding is what is kept of a hidden item.
type Hiding struct {
	Reason string
	By     MemberID
	At     time.Time
	Sealed []byte // the item's text; nil: it was not sealed
}

// TriageItem is an item that waits for a decision.
type TriageItem struct {
	Item Item
	Same Item // the one it may be the same as; zero: none
}

// ModerationStore keeps what is out of sight, who may not ask for a time, and what
// waits for a decision.
type ModerationStore interface {
	// ItemText reads all that people read of an item.
	ItemText(ctx context.Context, b BoardID, item ItemID) (ItemText, error)
	// SaveItemText writes it back.
	SaveItemText(ctx context.Context, b BoardID, item ItemID, text ItemText) error
	// HideItem marks a locked item hidden. With sealed text it wipes the open one.
	HideItem(ctx context.Context, b BoardID, item ItemID, h Hiding) error
	// Hiding reads what is kept of a hidden item.
	Hiding(ctx context.Context, b BoardID, item ItemID) (Hiding, error)
	// UnhideItem forgets the hiding of a locked item; its text is the caller's to write.
	UnhideItem(ctx context.Context, b BoardID, item ItemID) error
	// Block keeps a member's person from giving feedback until an instant.
	Block(ctx context.Context, b BoardID, m MemberID, until time.Time, reason string, by MemberID, now time.Time) error
	// Unblock ends it for all of a person's members and tells whether there was anything to end.
	Unblock(ctx context.Context, b BoardID, m MemberID, now time.Time) (bool, error)
	// TriageQueue lists what waits for a decision, and how much in all: what may be the
	// same as another first, then what is marked, then what nobody has answered, each
	// the oldest first.
	TriageQueue(ctx context.Context, b BoardID, p Page) ([]TriageItem, int, error)
	// HeldForReview lists words that wait for a moderator, the oldest first, and how many in all.
	HeldForReview(ctx context.Context, b BoardID, p Page) ([]Held, int, error)
}
