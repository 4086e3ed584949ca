package bot

import (
	"context"
	"time"
)

// ItemStore keeps items.
type ItemStore interface {
	// AddItem inserts an item with the next number of its board and answers it
	// whole. The same source key again answers the item that is there, and false.
	AddItem(ctx context.Context, it Item, sourceKey string) (Item, bool, error)
	// Item reads an item.
	Item(ctx context.Context, b BoardID, id ItemID) (Item, error)
	// ItemByNumber reads an item by its #, merged, hidden and withdrawn ones too.
	ItemByNumber(ctx context.Context, b BoardID, number int) (Item, error)
	// LockItems locks items and the roots they are merged into, roots first and in
	// key order, until the transaction ends, and answers those asked for by id. Missing ones are left out.
	LockItems(ctx context.Context, b BoardID, ids ...ItemID) (map[ItemID]Item, error)
	// SaveItem writes title, body, status, reason, later, audience, author, triage,
	// maybe-same, hidden, gone and shared of a locked item, the team's own words and its
	// tags. An item made by Item.As is refused. Votes, root and
	// version are not its business: see MergeItem, CastVotes, TouchItem.
	SaveItem(ctx context.Context, it Item, by MemberID) error
}

// Entry is one line of an item's history.
type Entry struct {
	ID       int64
	Item     ItemID
	Story    StoryID
	Member   MemberID // 0: Heed itself, or nobody to name
	Act      string   // submitted, edited, status, merged, unmerged, shipped, declined, ...
	Data     any      // what undo and trends need; marshalled; never a name
	At       time.Time
	UndoneAt time.Time
}

// HistoryStore keeps the append-only record.
type HistoryStore interface {
	// AddHistory appends an entry and answers its id.
	AddHistory(ctx context.Context, b BoardID, e Entry) (int64, error)
	// History lists an item's entries, newest first; Data is a json.RawMessage.
	History(ctx context.Context, b BoardID, item ItemID, limit int) ([]Entry, error)
	// Decisions lists what was decided on a board about words and people (let in, kept
	// out, hidden and brought back, blocked and no longer), newest first, and how much
	// there is in all; Data is a json.RawMessage.
	Decisions(ctx context.Context, b BoardID, p Page) ([]Entry, int, error)
	// Entry reads one entry; Data is a json.RawMessage.
	Entry(ctx context.Context, b BoardID, id int64) (Entry, error)
	// UndoEntry marks an entry undone and tells whether it was this call that did it.
	UndoEntry(ctx context.Context, b BoardID, id int64, now time.Time) (bool, error)
}
