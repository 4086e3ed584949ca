package bot

import "context"

// Store keeps all that Heed knows, in Postgres. Its own methods are single
// statements that commit by themselves; InTx runs several as one. Safe for
// concurrent use.
//
// A method that finds no row answers ErrNotFound. Every method that names a
// board sees that board alone.
type Store interface {
	Tx
	// InTx runs fn in one transaction (read committed) and commits it when fn
	// returns nil. Nothing remote may be called in fn. A transaction that the
	// database ends for a deadlock or serialization is run again, so fn must be
	// safe to run twice. The Tx is for one goroutine.
	InTx(ctx context.Context, fn func(Tx) error) error
}

// Tx is what can be read and written, one family of tables a part. Lock order:
// item, post, lane.
type Tx interface {
	BoardStore
	MemberStore
	ItemStore
	HistoryStore
	VoteStore
	PostStore
	NoticeStore
	SignalStore
	DigestStore
	GapStore
	SetupStore
	ShipStore
	StoryStore
	ModerationStore
	AskStore
	EvidenceStore
	HeldStore
	ListStore
	ForgetStore
	TopStore
	PressStore
	PictureStore
	ForumStore
	LinkStore
	ShardLister
}
