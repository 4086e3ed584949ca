package bot

import (
	"context"
	"time"
)

// SignalStore keeps what platforms say happened to workspaces, channels, accounts
// and messages.
type SignalStore interface {
	// DropWorkspace marks a workspace gone and wipes its token; its data stays. What
	// happens there from now on is missed: a gap begins, if none is open.
	DropWorkspace(ctx context.Context, ref WorkspaceRef, now time.Time) error
	// NoteGap says that events of a workspace may be missing since then; an earlier gap stands.
	NoteGap(ctx context.Context, ref WorkspaceRef, since time.Time) error
	// HeardWorkspaces notes that the active workspaces of these platforms are heard now,
	// and answers how many. One that was last heard before deaf has a gap since then.
	HeardWorkspaces(ctx context.Context, platforms []Platform, now, deaf time.Time) (int, error)
	// HeardEvents notes when something came from workspaces last; a later time stands.
	HeardEvents(ctx context.Context, at map[WorkspaceRef]time.Time) error
	// ChangeChannel takes over what was said. A new ref moves all that names the old
	// one. A channel that opens, or that Heed comes into, makes its posts that were
	// refused due at now; one that is deleted loses its posts, its uses and its
	// places to vote, never a quote. It answers the channel as it is then.
	ChangeChannel(ctx context.Context, b BoardID, w WorkspaceID, c ChannelChange, now time.Time) (Channel, error)
	// TouchChannel moves the versions of the open items whose cards stand in a
	// channel and makes those cards due.
	TouchChannel(ctx context.Context, c Channel, now time.Time) error
	// ChangeMember takes over what was said of an account that is known; it is no act
	// of theirs. It answers the member as before and as after.
	ChangeMember(ctx context.Context, b BoardID, w WorkspaceID, seen MemberSeen, audience Audience, now time.Time) (before, after Member, err error)
	// DropMessage says that a message is no longer there: its post is gone, evidence
	// there keeps its quote but is no place to vote any more.
	DropMessage(ctx context.Context, b BoardID, w WorkspaceID, channel, message string, now time.Time) error
	// RestoreCards makes the cards of an item that somebody deleted wanted again and
	// answers how many.
	RestoreCards(ctx context.Context, b BoardID, item ItemID, now time.Time) (int, error)
}
