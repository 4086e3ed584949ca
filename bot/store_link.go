package bot

import (
	"context"
	"time"
)

// LinkStore keeps link codes and carries a workspace from board to board. It is the one
// part that looks past a board, and only where a code, or the workspace's own past,
// leads there.
type LinkStore interface {
	// HoldWorkspace keeps a workspace on its board until the transaction ends.
	// ErrNotFound when it is not there.
	HoldWorkspace(ctx context.Context, b BoardID, w WorkspaceID) error

	// NewLinkCode keeps a code by its hash, and ends the member's open codes of the same
	// kind.
	NewLinkCode(ctx context.Context, c LinkCode, hash []byte, now time.Time) error
	// ShowLinkCode finds an open code by its hash, on whichever board, and binds it to
	// who typed it, in place of whoever did before. ErrNotFound when there is none.
	ShowLinkCode(ctx context.Context, hash []byte, w Workspace, m MemberID, now time.Time) (LinkCode, error)
	// UseLinkCode uses up an open code that was shown to this member. ErrNotFound when
	// it is not theirs, used, or too old.
	UseLinkCode(ctx context.Context, id int64, w Workspace, m MemberID, now time.Time) (LinkCode, error)
	// NoteLinkMiss remembers a code that led nowhere.
	NoteLinkMiss(ctx context.Context, w Workspace, m MemberID, now time.Time) error
	// LinkMisses counts those since an instant. Until the transaction ends nobody else
	// counts or adds any.
	LinkMisses(ctx context.Context, w Workspace, m MemberID, since time.Time) (Misses, error)
}

// Misses are wrong codes: of a member, of their workspace, of everybody.
type Misses struct{ Member, Workspace, All int }
