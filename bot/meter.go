package bot

import (
	"errors"
	"time"
)

// Meter is told in figures what happens, for the operator. What it is told names kinds
// alone: never a person, a workspace, a board or a word of anybody's. Safe for
// concurrent use; it neither blocks nor fails.
type Meter interface {
	// Heard counts what a platform delivered: vote, message, command, press, form, save,
	// shortcut, event, or request for what was turned away unread.
	Heard(p Platform, kind string)
	// Acked counts what became of it, and how long after it was heard; of what was shed
	// the time says nothing.
	Acked(p Platform, kind string, outcome AckOutcome, took time.Duration)
	// Grouped tells how many ballots shared one commit.
	Grouped(ballots int)
	// Posted counts a post that was shown, deleted or found right as it is (fault ""), or why not.
	Posted(p Platform, kind PostKind, fault FaultKind)
	// Froze counts a digest's due time that was dealt with.
	Froze(p Platform, state DigestState)
}

// AckOutcome is what became of a delivery.
type AckOutcome string

// The outcomes. A refusal that a person reads is kept: it was understood and answered.
const (
	AckKept    AckOutcome = "kept"    // committed, or nothing of Heed's in it
	AckFailed  AckOutcome = "failed"  // not kept: delivered again, or given back to who typed it
	AckShed    AckOutcome = "shed"    // turned away unread, since more was under way than can be done in time: delivered again, or given back
	AckRefused AckOutcome = "refused" // not the platform's, or not readable
)

// AckOf is the outcome of what the core answered.
func AckOf(err error) AckOutcome {
	if err == nil || errors.Is(err, ErrUnattached) || RefusedWith(err) != "" {
		return AckKept
	}
	if errors.Is(err, ErrBusy) {
		return AckShed
	}
	return AckFailed
}

// Faults of Heed's own, beside those of the platforms.
const (
	FaultContent     FaultKind = "content"     // what the post should show could not be made
	FaultUnconnected FaultKind = "unconnected" // its platform is not configured here
	FaultUnsettled   FaultKind = "unsettled"   // shown, but the database did not keep that
)

// NoMeter measures nothing.
type NoMeter struct{}

// Heard does nothing.
func (NoMeter) Heard(Platform, string) {}

// Acked does nothing.
func (NoMeter) Acked(Platform, string, AckOutcome, time.Duration) {}

// Grouped does nothing.
func (NoMeter) Grouped(int) {}

// Posted does nothing.
func (NoMeter) Posted(Platform, PostKind, FaultKind) {}

// Froze does nothing.
func (NoMeter) Froze(Platform, DigestState) {}

// Figures are what the database says of all boards at one instant, for the operator.
type Figures struct {
	Posts       []PostFigures
	Workspaces  []WorkspaceFigures
	DigestsLate int // schedules whose time has passed by more than five minutes
}

// PostFigures are a platform's posts that are due. Age is that of the one that is due
// longest; 0 when none is.
type PostFigures struct {
	Platform Platform
	Waiting  int
	Age      time.Duration
}

// WorkspaceFigures count a platform's workspaces that Heed is in, and those whose votes
// are to be read back.
type WorkspaceFigures struct {
	Platform Platform
	Active   int
	Gaps     int
}
