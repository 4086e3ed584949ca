package bot

import "time"

// Call is one act of a person, as an adapter heard it. Zero fields are not known.
type Call struct {
	// Key names the act: the platform's event, trigger or interaction id. The
	// same act delivered twice has the same key.
	Key string
	// Delivery names this very sending of a form, whose Key stays the same when it is
	// sent again with other answers; "" where the platform names none.
	Delivery  string
	At        time.Time // the platform's time of the act
	Sent      time.Time // when the platform sent it, where At is not said
	Workspace WorkspaceRef
	Channel   ChannelSeen // where
	Thread    string      // the thread's first message, when in a thread
	Message   string      // the message that was pressed or is meant
	Member    MemberSeen  // who
}

// ChannelSeen is what the platform said of a channel.
type ChannelSeen struct {
	Ref    string
	Name   string
	Kind   ChannelKind // "" when not said
	Forum  *bool       // whether what is said there begins a conversation of its own; nil when not said
	Joined *bool       // whether Heed is in it; nil when not said
}

// MemberSeen is what the platform said of an account. With Complete all its
// fields are facts; without, only Account and a Name that is not "".
type MemberSeen struct {
	Account string
	Name    string
	Zone    string // IANA
	// JoinedAt is when the account joined the workspace; zero where the platform does
	// not say. It is a fact without Complete too.
	JoinedAt time.Time
	Admin    bool // admin or owner of the workspace
	Guest    bool // a guest, or from another company: community, not team
	Bot      bool
	Gone     bool // deactivated
	Complete bool
}

// Heard is a message that someone saves.
type Heard struct {
	Message   string // its ref
	Thread    string // its thread's first message, when in one
	Author    MemberSeen
	Words     string
	Permalink string
	Pictures  int
	At        time.Time
	Votes     []Reacted // reactions already there that count in this channel
}

// Reacted is one account's reaction, as read from a message.
type Reacted struct {
	Account string
	Emoji   string
}
