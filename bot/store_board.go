package bot

import (
	"context"
	"time"
)

// BoardStore keeps boards, workspaces and channels.
type BoardStore interface {
	// Board reads a board.
	Board(ctx context.Context, b BoardID) (Board, error)
	// Workspace finds a workspace by its platform's name: the one global way in.
	Workspace(ctx context.Context, ref WorkspaceRef) (Workspace, error)
	// WorkspaceByID reads a workspace of a board.
	WorkspaceByID(ctx context.Context, b BoardID, w WorkspaceID) (Workspace, error)
	// Workspaces lists a board's workspaces, or all boards' with board 0, in order of their ids.
	Workspaces(ctx context.Context, b BoardID) ([]Workspace, error)
	// AttachWorkspace makes the workspace known, with a board of its own when it is
	// new, and active again when it was gone. Name, bot account and scopes are
	// taken over when given.
	AttachWorkspace(ctx context.Context, w Workspace, now time.Time) (Workspace, error)
	// Channel reads a channel.
	Channel(ctx context.Context, b BoardID, w WorkspaceID, ref string) (Channel, error)
	// WorkspaceAndChannel reads a workspace of a board with one of its channels; one that is
	// not known has no Ref. ErrNotFound where the workspace is not there.
	WorkspaceAndChannel(ctx context.Context, b BoardID, w WorkspaceID, ref string) (Workspace, Channel, error)
	// MeetChannel makes the channel known with these defaults when it is new, and
	// takes over a name, kind and membership that were said.
	MeetChannel(ctx context.Context, b BoardID, w WorkspaceID, seen ChannelSeen, audience Audience) (Channel, error)
	// SaveChannel writes a channel's roles, audience, emoji, customer, membership and state.
	SaveChannel(ctx context.Context, c Channel) error
	// Channels lists a workspace's channels that have a role or a customer, or all of a board with workspace 0.
	Channels(ctx context.Context, b BoardID, w WorkspaceID) ([]Channel, error)
}
