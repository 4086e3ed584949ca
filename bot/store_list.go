package bot

import (
	"context"
	"time"
)

// Page is a part of a list.
type Page struct{ Limit, Offset int }

// SearchCounted is how far a search counts. Beyond it, what is looked for tells little.
const SearchCounted = 1000

// ListStore reads the board for a pair of eyes. Every method leaves out what a may
// not read, and what is hidden, withdrawn or merged, unless it says otherwise.
type ListStore interface {
	// Top lists open items by votes, and how many there are in all.
	Top(ctx context.Context, b BoardID, a Audience, p Page) ([]Item, int, error)
	// WithStatus lists items of a status by votes, and how many there are in all.
	// Under review it lists those that are on the roadmap as "later" alone.
	WithStatus(ctx context.Context, b BoardID, a Audience, s Status, p Page) ([]Item, int, error)
	// Search lists items that hold the words or sound like them, best first, closed
	// ones too, and how many there are in all: SearchCounted+1 stands for all above. Of
	// so many it lists those with the most votes first.
	Search(ctx context.Context, b BoardID, a Audience, words string, p Page) ([]Item, int, error)
	// ItemsByNumber reads items by number, in the order asked.
	ItemsByNumber(ctx context.Context, b BoardID, a Audience, numbers []int) ([]Item, error)
	// AskedBy lists a person's own items, newest first, merged and hidden ones and
	// those for the team too, withdrawn ones not; and how many there are in all.
	AskedBy(ctx context.Context, b BoardID, p PersonID, page Page) ([]Item, int, error)
	// VotedFor lists the items that a person supports, their own not, last vote
	// first, and how many there are in all.
	VotedFor(ctx context.Context, b BoardID, a Audience, p PersonID, page Page) ([]Item, int, error)
	// Supported tells which of the root items a person supports.
	Supported(ctx context.Context, b BoardID, p PersonID, roots []ItemID) (map[ItemID]bool, error)
	// Voters lists who supports a root item, first come first, and how many they are.
	Voters(ctx context.Context, b BoardID, root ItemID, limit int) ([]Member, int, error)
	// Follows tells what a person said about hearing of an item: true, false, or nothing.
	Follows(ctx context.Context, b BoardID, p PersonID, item ItemID) (follows, said bool, err error)
}

// ForgetStore removes people.
type ForgetStore interface {
	// PersonMembers lists a person's accounts.
	PersonMembers(ctx context.Context, b BoardID, p PersonID) ([]Member, error)
	// ForgetMember removes a member for good: their name from items, quotes and
	// history, their held words, follows, roles and news; in their place stands only
	// hash, so that no act up to now is taken in again. Their ballots must be dropped before.
	ForgetMember(ctx context.Context, b BoardID, m MemberID, hash []byte, now time.Time) error
	// Forgotten tells whether the account asked to be forgotten at or after an instant.
	Forgotten(ctx context.Context, b BoardID, hash []byte, at time.Time) (bool, error)
	// WipeWords empties the text of an item and removes its quotes: nothing of it is left to read.
	WipeWords(ctx context.Context, b BoardID, item ItemID, now time.Time) error
	// SaidBy lists a member's quotes, newest first, and how many there are in all.
	SaidBy(ctx context.Context, b BoardID, p PersonID, limit int) ([]Evidence, int, error)
	// VotesCast counts the ballots and the follows that are kept of a person.
	VotesCast(ctx context.Context, b BoardID, p PersonID) (ballots, follows int, err error)
}
