package bot

import (
	"context"
	"time"
)

// Shipping is what was said when an item shipped: what announcements are made
// from. One a ship; undone ones stay.
type Shipping struct {
	Board    BoardID
	ID       int64
	Item     ItemID
	Note     string   // what's new
	How      string   // how to try it
	Link     string   // "" or an http(s) address
	Audience Audience // whom it was written for: what the team alone could read then stays with it
	By       MemberID
	At       time.Time
	SendAt   time.Time // outward messages wait for Undo until then
	UndoneAt time.Time // zero: it stands
}

// Supporter is a person who wants an item, and why.
type Supporter struct {
	Person PersonID
	// Item is the item that they know and may read: the root, else one of those
	// merged into it; 0 when they may read none.
	Item    ItemID
	Asked   bool // the requester, or one whose words stand as evidence
	Voted   bool
	Follows bool
	Silent  bool // wants no notes, or none about this one
	ByVote  bool // has an account where a vote is enough to be written to (Discord wants more)
	Active  bool // has an account that can be written to at all
}

// ToTell tells whether news of the item goes to this person directly.
func (s Supporter) ToTell() bool {
	return s.Active && !s.Silent && s.Item != 0 && (s.Asked || s.Follows || s.Voted && s.ByVote)
}

// AskedPlace is a conversation where an item was asked for, to be answered there.
type AskedPlace struct {
	Evidence  EvidenceID // 0: the thread of the item's card
	Item      ItemID
	Workspace WorkspaceID
	Channel   string
	Audience  Audience // the channel's
	Thread    string   // the message to answer
}

// ShipStore keeps what was said of shipped items, and knows whom to tell.
type ShipStore interface {
	// AddShipping keeps what is said of a shipped item and answers its id.
	AddShipping(ctx context.Context, s Shipping) (int64, error)
	// Shipping reads it.
	Shipping(ctx context.Context, b BoardID, id int64) (Shipping, error)
	// LastShipping reads an item's last one that stands; ErrNotFound when there is none.
	LastShipping(ctx context.Context, b BoardID, item ItemID) (Shipping, error)
	// UndoShipping marks it undone.
	UndoShipping(ctx context.Context, b BoardID, id int64, now time.Time) error
	// Supporters lists everyone who wants a root item or one merged into it, by person.
	Supporters(ctx context.Context, b BoardID, root ItemID) ([]Supporter, error)
	// AskedPlaces lists where a root item and those merged into it were asked for,
	// each conversation once, direct ones left out. An item that was asked for
	// nowhere in particular has the thread of its card, once that is shown.
	AskedPlaces(ctx context.Context, b BoardID, root ItemID) ([]AskedPlace, error)
	// PostKeys lists the keys, in order, of the posts about an item that begin with prefix.
	PostKeys(ctx context.Context, b BoardID, item ItemID, prefix string) ([]string, error)
}
