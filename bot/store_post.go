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
	// WantPosts is WantPost of several, whose keys differ.
	WantPosts(ctx context.Context, b BoardID, ws []Want) error
	// UnwantPosts takes back posts that were never shown, by their exact keys. One
	// that is being sent or was shown stays; it answers how many were taken back.
	UnwantPosts(ctx context.Context, b BoardID, keys []string, now time.Time) (int, error)
	// TouchItem moves the version of an item and of all that are merged with it and
	// makes their cards due. The items must be locked (LockItems).
	TouchItem(ctx context.Context, b BoardID, item ItemID, now time.Time) error
	// ClaimPosts takes up to limit posts that are due at now for the caller alone,
	// oldest first: at most one a channel, none faster than its platform's pace,
	// none of platforms that are not in paces or of workspaces that are gone. A claim
	// that is neither settled nor set back can be had again when its lease ends.
	ClaimPosts(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[Platform]Pace) ([]Claim, error)
	// SettlePost keeps what a claim showed. The post stays due when somebody wanted
	// it meanwhile. False: the lease had ended and another has the post.
	SettlePost(ctx context.Context, c Claim, shown Shown) (bool, error)
	// SetBackPost keeps why a claim came to nothing. Where somebody wanted the post
	// meanwhile it is due then. False as for SettlePost.
	SetBackPost(ctx context.Context, c Claim, s Setback) (bool, error)
	// PostByKey reads a post by what it is.
	PostByKey(ctx context.Context, b BoardID, key string) (Post, error)
	// ItemPosts lists the posts of a kind that are about an item and not gone.
	ItemPosts(ctx context.Context, b BoardID, item ItemID, kind PostKind) ([]Post, error)
	// CardFacts reads what a card says besides its item, for readers of an audience.
	CardFacts(ctx context.Context, b BoardID, item ItemID, audience Audience, now time.Time) (CardFacts, error)
}
