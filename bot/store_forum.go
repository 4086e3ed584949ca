package bot

import (
	"context"
	"time"
)

// ForumStore keeps the cards that stand in conversations of their own: the posts of a
// forum.
type ForumStore interface {
	// CardsInThread lists the cards that stand in a conversation and are not gone.
	CardsInThread(ctx context.Context, b BoardID, w WorkspaceID, channel, thread string) ([]Post, error)
	// PauseThread keeps whether a conversation takes reactions now. It answers in how
	// many cards that is another than before.
	PauseThread(ctx context.Context, b BoardID, w WorkspaceID, channel, thread string, paused Paused) (int, error)
	// DropThread says that a conversation is no longer there: what Heed posted in it is
	// gone, and evidence from it keeps its quote but is no place to vote or to answer.
	DropThread(ctx context.Context, b BoardID, w WorkspaceID, channel, thread string, now time.Time) error
	// CardThreads lists the conversations of a channel in which cards stand that are not
	// gone, and whether they are paused.
	CardThreads(ctx context.Context, b BoardID, w WorkspaceID, channel string) (map[string]Paused, error)
}
