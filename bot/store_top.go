package bot

import (
	"context"
	"time"
)

// TopStore keeps the live Top 10s. One is on while its post is not gone.
type TopStore interface {
	// PinTop makes the live Top 10 of a channel wanted and due, anew where it was taken
	// down or somebody deleted it.
	PinTop(ctx context.Context, c Channel, subject any, now time.Time) error
	// LiveTop reads a channel's, and ErrNotFound when none is on.
	LiveTop(ctx context.Context, b BoardID, w WorkspaceID, channel string) (Post, error)
	// LiveTops lists those that are on, of all boards with board 0, by board.
	LiveTops(ctx context.Context, b BoardID) ([]Post, error)
	// PatchSubject changes fields of what a post's content is made from.
	PatchSubject(ctx context.Context, b BoardID, post PostID, fields any) error
	// TouchTop makes a live Top 10 due at now, and tells whether it was this call that
	// did: one that is due already, that is being sent or that waits for its platform,
	// stays as it is.
	TouchTop(ctx context.Context, b BoardID, post PostID, now time.Time) (bool, error)
	// TouchTops does so with all of a board.
	TouchTops(ctx context.Context, b BoardID, now time.Time) error
}
