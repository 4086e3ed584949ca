package bot

import (
	"context"
	"time"
)

// ChannelSchedule is when a channel gets its digest.
type ChannelSchedule struct {
	Board     BoardID
	ID        ScheduleID
	Workspace WorkspaceID
	Channel   string
	Spec      string // as Schedule.Spec
	Zone      string
	NextAt    time.Time // zero: off
	CreatedBy MemberID  // 0: nobody to name
}

// LockedSchedule is a schedule with the readers of its channel and the platform that it is on.
type LockedSchedule struct {
	ChannelSchedule
	Audience Audience
	Platform Platform
}

// NextRun is when a schedule is due next.
type NextRun struct {
	Schedule ScheduleID
	At       time.Time // zero: never
}

// DigestRef names a digest: there is one of a schedule for an instant.
type DigestRef struct {
	Schedule ScheduleID
	Due      time.Time
}

// DigestPast is what came before a digest of the same schedule.
type DigestPast struct {
	Last   FrozenDigest // the last that was sent; its Due is zero when there is none
	Untold time.Time    // since when digests have told nothing: the last that was not passed over, else where the first began; zero when there is none
}

// DigestState is what became of a due time.
type DigestState string

// The states.
const (
	DigestSent    DigestState = "sent"    // frozen and wanted
	DigestEmpty   DigestState = "empty"   // nothing to say
	DigestSkipped DigestState = "skipped" // too late
)

// FrozenDigest is a digest as it was when it was due.
type FrozenDigest struct {
	Board    BoardID
	Schedule ScheduleID
	Due      time.Time
	Period   string
	From     time.Time
	Audience Audience
	State    DigestState
	Facts    DigestFacts
	Entries  []DigestEntry
}

// DigestStore keeps schedules and digests, and reads what digests say.
type DigestStore interface {
	// SaveSchedule gives a channel its one schedule, or changes it, and answers it whole.
	SaveSchedule(ctx context.Context, s ChannelSchedule, now time.Time) (ChannelSchedule, error)
	// ScheduleOf reads a channel's schedule, also one that is off.
	ScheduleOf(ctx context.Context, b BoardID, w WorkspaceID, channel string) (ChannelSchedule, error)
	// Schedules lists a board's schedules, also those that are off.
	Schedules(ctx context.Context, b BoardID) ([]ChannelSchedule, error)
	// DueSchedules lists the schedules of all boards that are due at now, the oldest
	// first; those of workspaces that are gone and of archived channels wait.
	DueSchedules(ctx context.Context, now time.Time) ([]ChannelSchedule, error)
	// LockSchedules locks schedules until the transaction ends and answers them as they
	// are then, in the order of their ids. Those that are gone are left out.
	LockSchedules(ctx context.Context, b BoardID, ids []ScheduleID) ([]LockedSchedule, error)
	// SetNextRuns keeps when schedules are due next.
	SetNextRuns(ctx context.Context, b BoardID, next []NextRun) error
	// AddDigests freezes digests of one board; false for each of which the schedule has one
	// for that instant already, which stands.
	AddDigests(ctx context.Context, b BoardID, ds []FrozenDigest, now time.Time) ([]bool, error)
	// FrozenDigest reads a digest.
	FrozenDigest(ctx context.Context, b BoardID, s ScheduleID, due time.Time) (FrozenDigest, error)
	// LastDigest reads the last digest that a schedule sent before an instant.
	LastDigest(ctx context.Context, b BoardID, s ScheduleID, before time.Time) (FrozenDigest, error)
	// DigestPasts reads what came before digests of one board, in the order of due.
	DigestPasts(ctx context.Context, b BoardID, due []DigestRef) ([]DigestPast, error)
	// DigestTotals counts what readers of an audience may know of a time.
	DigestTotals(ctx context.Context, b BoardID, audience Audience, from, until time.Time) (DigestTotals, error)
	// DigestLists lists items for parts of a digest, so many of each at most, best first.
	// Parts of which there are none are left out.
	DigestLists(ctx context.Context, b BoardID, audience Audience, from, until time.Time, most map[DigestPart]int) (map[DigestPart][]DigestLine, error)
	// DigestQuote is somebody's words from a time about what most people want; ErrNotFound when nobody said any.
	DigestQuote(ctx context.Context, b BoardID, audience Audience, from, until time.Time) (DigestQuote, error)
}

// DigestPart is a part of a digest.
type DigestPart string

// The parts that list items.
const (
	DigestTop        DigestPart = "top"        // open, by votes
	DigestRising     DigestPart = "rising"     // open, by votes won in the time
	DigestFresh      DigestPart = "fresh"      // asked in the time
	DigestUnanswered DigestPart = "unanswered" // new for more than a week, the oldest first
	DigestReady      DigestPart = "ready"      // much wanted, and no story yet
	DigestShipped    DigestPart = "shipped"    // shipped in the time
)
