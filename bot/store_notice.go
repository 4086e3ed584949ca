package bot

import (
	"context"
	"time"
)

// Notice is news for one person, until a batch of direct messages takes it along.
type Notice struct {
	ID      int64
	Person  PersonID
	Item    ItemID
	Kind    string // shipped, declined, needs_info, status, ...
	Subject int64  // the announcement or history entry it tells of; 0: none
	ByVote  bool   // for a vote alone, which is no reason to write to somebody on Discord
	Due     time.Time
}

// Recipient is a person who has news due, and where they could be written to.
type Recipient struct {
	Board    BoardID
	Person   PersonID
	Accounts []Account // those that can be written to, the one they spoke with last first
	Muted    bool      // by any of their accounts
	Zone     string    // "" when no account's is known
	Fallback string    // the board's zone
	LastSent time.Time
	Due      []DueNotice
}

// Account is a member on its platform.
type Account struct {
	Member
	Platform Platform
}

// DueNotice is a notice that is due, and what it asks of the account that takes it.
type DueNotice struct {
	ID     int64
	ByVote bool
	Team   bool // what it is about is for the team alone
}

// Stake is what a person has in an item, or in what is one with it.
type Stake struct {
	Words   string    // the first they said; "" when they only voted or followed
	SaidAt  time.Time // when
	VotedAt time.Time // since when their vote stands; zero: it doesn't
}

// NoticeStore keeps the news for people.
type NoticeStore interface {
	// Notify keeps notices; one already there stays as it is.
	Notify(ctx context.Context, b BoardID, ns []Notice, now time.Time) error
	// DropNotices takes back the notices of a subject that no batch took yet.
	DropNotices(ctx context.Context, b BoardID, kind string, subject int64, now time.Time) (int, error)
	// Recipients locks up to limit people, of all boards, who have notices due at now,
	// the longest waiting first, and reads how they can be written to. People whom
	// another transaction holds are left out.
	Recipients(ctx context.Context, now time.Time, limit int) ([]Recipient, error)
	// TakeNotices puts notices of a person's into a batch and stamps the person's last
	// batch with now. It answers how many.
	TakeNotices(ctx context.Context, b BoardID, p PersonID, ids []int64, batch PostID, now time.Time) (int, error)
	// PostponeNotices makes a person's notices that are due at now wait until then.
	PostponeNotices(ctx context.Context, b BoardID, p PersonID, now, until time.Time) error
	// LetNoticesGo ends the wait of notices that nobody is told of.
	LetNoticesGo(ctx context.Context, b BoardID, p PersonID, ids []int64, now time.Time) error
	// CloseDirect keeps that the platform let a direct post through to nobody: its account
	// is not written to until OpenDirect. The news that it held wait for another account
	// of the person, where there is one.
	CloseDirect(ctx context.Context, p Post, now time.Time) error
	// OpenDirect lets an account be written to again.
	OpenDirect(ctx context.Context, b BoardID, m MemberID) error
	// TellClosed says that a member is told of it now; false: they were before.
	TellClosed(ctx context.Context, b BoardID, m MemberID) (bool, error)
	// NoticesOf lists the notices of a batch in the order in which they were kept.
	NoticesOf(ctx context.Context, b BoardID, batch PostID) ([]Notice, error)
	// StakeIn reads what a person has in an item's root.
	StakeIn(ctx context.Context, b BoardID, p PersonID, item ItemID) (Stake, error)
	// Mute says that a member wants no direct notes; off makes all accounts of the
	// member's person want them again.
	Mute(ctx context.Context, b BoardID, m MemberID, on bool, now time.Time) error
}
