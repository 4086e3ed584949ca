package bot

import (
	"context"
	"time"
)

// PressStore serves what comes in by a platform's forms and buttons.
type PressStore interface {
	// PostAt reads the post that a message is; a mark is none. Where conversations are
	// channels of their own, channel may be the conversation that it stands in.
	PostAt(ctx context.Context, w WorkspaceRef, channel, message string) (Post, error)
	// CardShown keeps that a card shows this version without anybody having claimed it.
	// It stays due when its item has moved on. A card that somebody has claimed, or
	// that is gone, is left as it is.
	CardShown(ctx context.Context, w WorkspaceRef, channel, message string, version int64) error
	// KeepDraft keeps a draft until an instant; the same key takes the former's place.
	KeepDraft(ctx context.Context, d Draft, until time.Time) error
	// DraftOf reads a draft that has not expired at now.
	DraftOf(ctx context.Context, p Platform, account, key string, now time.Time) (Draft, error)
	// DropDraft deletes a draft; none is no error.
	DropDraft(ctx context.Context, d Draft) error
	// SpokeLastIn is the active workspace of a platform in which an account was last
	// active, where that is known, else the one it came to first.
	SpokeLastIn(ctx context.Context, p Platform, account string) (WorkspaceRef, error)
	// PostedFrom is the workspace whose post a message is.
	PostedFrom(ctx context.Context, p Platform, channel, message string) (WorkspaceRef, error)
}
