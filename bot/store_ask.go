package bot

import (
	"context"
	"time"
)

// AskStore answers what a new request needs to know.
type AskStore interface {
	// ItemByKey finds an item by the act it came from.
	ItemByKey(ctx context.Context, b BoardID, key string) (Item, error)
	// LockMember locks a member until the transaction ends, so that two acts of
	// theirs come one after the other.
	LockMember(ctx context.Context, b BoardID, m MemberID) error
	// AsksSince counts what a person asked for since an instant, held words too,
	// and tells when they did last (zero: not at all) and when the oldest of these was.
	AsksSince(ctx context.Context, b BoardID, p PersonID, since time.Time) (Asked, error)
	// BlockedUntil tells until when a person may give no feedback; the zero time: they may.
	BlockedUntil(ctx context.Context, b BoardID, p PersonID, now time.Time) (time.Time, error)
	// Near finds open items that a may read whose titles are close to text, or that
	// hold some of words, at most limit of each, nearest first.
	Near(ctx context.Context, b BoardID, a Audience, text string, words []string, limit int) ([]Near, error)
	// OthersFor counts the people besides p who support an item now.
	OthersFor(ctx context.Context, b BoardID, root ItemID, p PersonID) (int, error)
}

// Asked is how much a person asked for in a time.
type Asked struct {
	Count       int
	First, Last time.Time
}

// Near is an item that may be the same as some words.
type Near struct {
	Item
	Whole float64 // trigrams of the words and the title alike, 0 to 1
	Part  float64 // the title found within the words, 0 to 1
}

// EvidenceStore keeps the quotes that support items.
type EvidenceStore interface {
	// AddEvidence keeps a quote and answers it with its id. A message that is
	// evidence already is answered as it is, and false.
	AddEvidence(ctx context.Context, b BoardID, e Evidence) (Evidence, bool, error)
	// Evidence reads a quote, removed ones too.
	Evidence(ctx context.Context, b BoardID, id EvidenceID) (Evidence, error)
	// EvidenceByMessage finds the quote that is a message, unless it was removed.
	EvidenceByMessage(ctx context.Context, b BoardID, at ChannelAt, message string) (Evidence, error)
	// EvidenceFor lists the quotes of an item and of what was merged into it that a
	// may read, newest first, and how many there are in all.
	EvidenceFor(ctx context.Context, b BoardID, root ItemID, a Audience, limit, offset int) ([]Evidence, int, error)
	// SaveEvidence writes item, member, quote, audience and permalink.
	SaveEvidence(ctx context.Context, b BoardID, e Evidence) error
	// RemoveEvidence takes a quote away: no longer shown nor a place to vote. It
	// tells whether it was this call that did it.
	RemoveEvidence(ctx context.Context, b BoardID, id EvidenceID, now time.Time) (bool, error)
}
