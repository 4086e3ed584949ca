package bot

import (
	"context"
	"time"
)

// PostStore keeps what Heed wants to show and what it shows.
type PostStore interface {
	// WantPost makes a post exist and due. Wanting the same key again makes it due
	// at the earlier of the two times; it answers the post's id.
	WantPost(ctx context.Context, b BoardID, w Want) (PostID, error)
	// UnwantPosts takes back posts that were never shown, by their exact keys. One
	// that is being sent or was shown stays; it answers how many were taken back.
	UnwantPosts(ctx context.Context, b BoardID, keys []string, now time.Time) (int, error)
	// TouchItem moves the version of an item and of all that are merged with it and
	// makes their cards due. The items must be locked (LockItems).
	TouchItem(ctx context.Context, b BoardID, item ItemID, now time.Time) error
}

// Notice is news for one person, until a batch of direct messages takes it along.
type Notice struct {
	Person  PersonID
	Item    ItemID
	Kind    string // shipped, declined, needs_info, status, ...
	Subject int64  // the announcement or history entry it tells of; 0: none
	Due     time.Time
}

// NoticeStore keeps the news for people.
type NoticeStore interface {
	// Notify keeps notices; one already there stays as it is.
	Notify(ctx context.Context, b BoardID, ns []Notice, now time.Time) error
	// DropNotices takes back the notices of a subject that no batch took yet.
	DropNotices(ctx context.Context, b BoardID, kind string, subject int64, now time.Time) (int, error)
}
