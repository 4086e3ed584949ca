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

	// Carry takes workspaces to another board, with what goes along: requests under the
	// next numbers there, the same ids, and all that belongs to them. The board that was
	// left keeps its rows; what acts (posts, schedules, words that wait, roles) is on the
	// other one alone. What stood there from an earlier stay is brought up to date. All
	// or nothing: run it in a transaction of its own. It waits for acts under way and
	// holds up others. ErrMoved when a workspace is not on the one board, or the other
	// is itself left.
	Carry(ctx context.Context, what Carriage, now time.Time) error
	// Freight counts what Carry would take now. To may be 0: a new board.
	Freight(ctx context.Context, what Carriage) (Freight, error)
	// HomeBoard is the board that a workspace came from when it joined this one;
	// ErrNotFound when it began here.
	HomeBoard(ctx context.Context, b BoardID, w WorkspaceID) (BoardID, error)
	// CameFrom is the board that a workspace was on before this one; ErrNotFound when it
	// never moved.
	CameFrom(ctx context.Context, w Workspace) (BoardID, error)
	// UniteNotices makes news that wait for one person wait for another; what both were
	// to be told they are told once.
	UniteNotices(ctx context.Context, b BoardID, from, to PersonID) error
	// MembersElsewhere lists other boards on which accounts stand that changed boards, by
	// their ids here.
	MembersElsewhere(ctx context.Context, b BoardID, ids []MemberID) ([]Member, error)
	// NewBoard makes an empty board with another's settings.
	NewBoard(ctx context.Context, like BoardID, name string, now time.Time) (BoardID, error)
}

// Misses are wrong codes: of a member, of their workspace, of everybody.
type Misses struct{ Member, Workspace, All int }

// Carriage is a move of workspaces from one board to another.
type Carriage struct {
	From, To   BoardID
	Workspaces []WorkspaceID
	Whole      bool      // all of the board goes; else what the workspaces brought to it
	Giver      MemberID  // on To, whose code it was; 0: no code
	Given      time.Time // when they asked for it
}

// Freight counts what a carriage takes along.
type Freight struct{ Items, Votes, Stories, Digests int }
