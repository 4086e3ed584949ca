package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Destination is where a post goes.
type Destination struct {
	Workspace Workspace
	Channel   string // the channel's ref, or "" for a direct conversation
	Account   string // the person of a direct conversation
	Thread    string // the message to answer, or ""
	Forum     bool   // the channel is one: without Thread what is sent begins a post
}

// Sent is a message as the platform keeps it.
type Sent struct {
	Channel   string // where it came to be: a direct conversation's own ref too
	Message   string
	Permalink string // "" when the platform gave none
	Thread    string // the conversation that the message began, where it had to begin one
}

// Messenger sends for Heed on one platform. Its errors are *Fault where the
// platform said why. Safe for concurrent use; no method retries by itself.
type Messenger interface {
	// Post sends c. The key is this post's own, the same on every try: where the
	// platform can tell a repeat by it, a repeat returns the first message.
	Post(ctx context.Context, to Destination, key string, c Content) (Sent, error)
	// Update makes a message show c.
	Update(ctx context.Context, to Destination, message string, c Content) error
	// Delete removes a message of Heed's own. One already gone is no error.
	Delete(ctx context.Context, to Destination, message string) error
	// Mark puts Heed's own reaction on a message. One already there is no error.
	Mark(ctx context.Context, to Destination, message, emoji string) error
	// Member tells who an account is, Complete.
	Member(ctx context.Context, w Workspace, account string) (MemberSeen, error)
	// Channel tells what a channel is, and whether Heed is in it.
	Channel(ctx context.Context, w Workspace, channel string) (ChannelSeen, error)
	// Join makes Heed a member of a public channel; a *Fault of kind FaultForbidden
	// where only people can invite it.
	Join(ctx context.Context, w Workspace, channel string) error
	// Reactions reads who reacted to a message. A message that is gone: FaultGone.
	Reactions(ctx context.Context, w Workspace, channel, message string) ([]Reacted, error)
	// Permalink is a message's address, "" when there is none.
	Permalink(ctx context.Context, w Workspace, channel, message string) (string, error)
}

// Finder is what a Messenger may do besides: find its own post after a crash
// between send and settle.
type Finder interface {
	// Find returns the message that was sent under key to this destination not
	// before since, and false when there is none or it can't be looked up.
	Find(ctx context.Context, to Destination, key string, since time.Time) (Sent, bool, error)
}

// Counter is what a Messenger may do besides, and does where the platform tells nothing
// twice: say how many reacted, without saying who.
type Counter interface {
	// Counts answers, for these messages of one channel, how many reacted with each exact
	// emoji, Heed's own reaction left out. A message that it does not find is missing.
	Counts(ctx context.Context, w Workspace, channel string, messages []string) (map[string]map[string]int, error)
}

// Attacher is what a Messenger may do besides: send a picture with a message.
type Attacher interface {
	// PostPicture is Post with a picture under the content.
	PostPicture(ctx context.Context, to Destination, key string, c Content, p Picture) (Sent, error)
}

// ChannelMaker is what a Messenger may do besides: make a channel.
type ChannelMaker interface {
	MakeChannel(ctx context.Context, w Workspace, name string) (ChannelSeen, error)
}

// ThreadReader is what a Messenger may do besides, where conversations are channels of
// their own: read the reactions of a message in one.
type ThreadReader interface {
	ReactionsIn(ctx context.Context, w Workspace, channel, thread, message string) ([]Reacted, error)
}

// Pinner is what a Messenger may do besides: pin a message of Heed's own to the top of
// its channel.
type Pinner interface {
	// Pin pins it; one pinned already is no error. FaultForbidden: Heed may not pin
	// there; with Ungranted the workspace never let it pin anything. FaultFull: the
	// channel holds as many pins as it may.
	Pin(ctx context.Context, to Destination, message string) error
}

// FaultKind says what a failed send means for the next try.
type FaultKind string

// The kinds of fault.
const (
	FaultTransient    FaultKind = "transient"     // try again soon
	FaultLimited      FaultKind = "limited"       // not before RetryAfter, for the whole lane
	FaultSlow         FaultKind = "slow"          // this message alone not before RetryAfter, and not soon: the lane goes on
	FaultGone         FaultKind = "gone"          // the message or channel is no more
	FaultForbidden    FaultKind = "forbidden"     // not allowed until somebody changes something
	FaultUnrenderable FaultKind = "unrenderable"  // the platform refuses this content: ours to mend
	FaultClosed       FaultKind = "edits_closed"  // too old to edit: post anew
	FaultRevoked      FaultKind = "token_revoked" // the workspace has let Heed go
	FaultFull         FaultKind = "full"          // the workspace has no room for it until somebody makes some
)

// Fault is why a call to a platform failed. Reason is the platform's own word for
// it, never a token and never a person's text.
type Fault struct {
	Kind       FaultKind
	Reason     string
	RetryAfter time.Duration
	Method     string // whose limit was met, for FaultLimited
	Ungranted  bool   // this workspace lets Heed make no call of this kind, whoever or whatever it is about
}

// Error names kind and reason.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s", f.Kind, f.Reason) }

// FaultOf is err's fault; an error that is none counts as transient.
func FaultOf(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: FaultTransient, Reason: "no answer"}
}
