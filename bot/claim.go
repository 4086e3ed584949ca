package bot

import "time"

// Claim is a post that its holder alone may send until the lease ends.
type Claim struct {
	Post
	// Lease names the claim: whoever settles with another one has lost the post
	// to a later claim. By the database's clock.
	Lease time.Time
	// Unsure is not zero when an earlier try may have reached the platform: what it
	// sent, it sent after this instant.
	Unsure time.Time
	// Rest is how long the channel is left alone after the send came to its end.
	Rest time.Duration
}

// Shown is what a claim came to: the version that the message shows now, and where
// it stands. An empty Sent leaves the place as it was.
type Shown struct {
	Version int64
	Sent    Sent
	Paused  bool   // it says that the conversation takes no reactions
	Tag     Status // what the conversation's tag shows
	Fault   string // what of it the platform refused; "": nothing
}

// Setback is why a claim came to nothing.
type Setback struct {
	Fault   string    // the platform's word, for the doctor
	RetryAt time.Time // zero: not before somebody wants the post again
	Unsure  bool      // the message may be there all the same
	Gone    bool      // the message is no more, and is not wanted back
	// Hold keeps the post's channel and method still for so long, for all replicas.
	Hold time.Duration
}

// FaultTakenBack is the fault of a post that Heed itself removed, or never sent:
// wanted again, it comes back. One that somebody else deleted does not.
const FaultTakenBack = "taken back"
