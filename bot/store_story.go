package bot

import (
	"context"
	"time"
)

// StoryStore keeps the backlog.
type StoryStore interface {
	// LockBacklog makes whoever else orders the board's backlog wait until the
	// transaction ends, and lists its open stories from top to bottom. Items are
	// locked before it.
	LockBacklog(ctx context.Context, b BoardID) ([]Ranked, error)
	// SaveRanks writes ranks of a locked backlog.
	SaveRanks(ctx context.Context, b BoardID, ranks []Ranked) error
	// AddStory keeps a story with the next number of its board, for its items. The
	// same source key again answers the story that is there, and false.
	AddStory(ctx context.Context, s Story, sourceKey string) (Story, bool, error)
	// StoryByNumber reads a story, in whatever state.
	StoryByNumber(ctx context.Context, b BoardID, number int) (Story, error)
	// StoryByID reads a story, in whatever state.
	StoryByID(ctx context.Context, b BoardID, id StoryID) (Story, error)
	// StoriesFor lists the stories made from a root item and what is merged into it,
	// dropped ones left out, the newest first.
	StoriesFor(ctx context.Context, b BoardID, root ItemID) ([]Story, error)
	// Backlog lists open stories in rank order, and how many there are and are ready in all.
	Backlog(ctx context.Context, b BoardID, p Page) (stories []Story, all, ready int, err error)
	// SaveStory writes what a story says and its criteria, and keeps what it said before
	// as a version. It answers the story's new version.
	SaveStory(ctx context.Context, s Story, by MemberID, now time.Time) (int, error)
	// SetStoryState moves a story from one state to another; false: it was not in from.
	SetStoryState(ctx context.Context, b BoardID, id StoryID, from, to StoryState) (bool, error)
}
