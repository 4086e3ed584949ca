package bot

import "time"

// IDs are Heed's own; each is unique on its board.
type (
	BoardID     int64
	WorkspaceID int64
	MemberID    int64
	PersonID    int64
	ItemID      int64
	EvidenceID  int64
	HeldID      int64
	StoryID     int64
	ScheduleID  int64
	PostID      int64
)

// A Platform is a kind of chat.
type Platform string

// The platforms that Heed speaks.
const (
	Slack      Platform = "slack"
	Discord    Platform = "discord"
	Playground Platform = "playground"
)

// Board is the tenant: items, votes, digests and roles belong to it.
type Board struct {
	ID       BoardID
	Name     string
	Zone     string // for people whose own zone is not known
	Settings Settings
}

// Settings are a board's own bounds and choices. A zero field takes the default.
type Settings struct {
	RequestsPerDay int           `json:"requests_per_day,omitempty"` // new requests a member a day in a community audience
	RequestGap     time.Duration `json:"request_gap,omitempty"`      // between two of them
	VotesPerMinute int           `json:"votes_per_minute,omitempty"`
	PublicName     string        `json:"public_name,omitempty"` // the product's name in the hello; default the workspace's
}

// WorkspaceRef is the platform's name of a workspace: the one global way in.
type WorkspaceRef struct {
	Platform Platform
	Ref      string
}

// Workspace is a Slack team, a Discord guild or the playground, attached to a board.
type Workspace struct {
	Board      BoardID
	ID         WorkspaceID
	Ref        WorkspaceRef
	Name       string
	Gone       bool // uninstalled: nothing is sent until it is back
	BotAccount string
	Scopes     []string
	WelcomedAt time.Time // zero: no admin was asked the first questions yet
	EventAt    time.Time // something came from there last, to half a minute; zero: never
	Left       bool      // it is on another board now; this row stands for what stayed
	FirstBoard BoardID   // where it began; 0: it never changed boards
	MovedAt    time.Time // when it came from another board; zero: never
}

// ChannelKind is how open a channel is on its platform.
type ChannelKind string

// The kinds of channel.
const (
	PublicChannel  ChannelKind = "public"
	PrivateChannel ChannelKind = "private"
	DirectChannel  ChannelKind = "direct" // a conversation with Heed, or between people
)

// Channel is a chat channel and what it is for.
type Channel struct {
	Board     BoardID
	Workspace WorkspaceID
	Ref       string
	Name      string // without '#'; "" when not known
	Kind      ChannelKind
	Forum     bool // what is said there begins a conversation of its own: a post
	Audience  Audience
	Intake    bool      // cards live here
	IntakeAt  time.Time // since when; zero: not known
	Main      bool      // cards of words typed elsewhere come here; at most one a workspace
	Announce  bool      // shipped news comes here
	Emoji     []string  // names that count as a vote, without skin tone
	Customer  string    // whom it stands for; only the team reads it
	Review    Review    // whose words a moderator sees first; "": as its audience has it
	Saving    Saving    // who may save what others said; "": likewise
	Joined    bool      // Heed is in it: reactions arrive
	State     string    // open, archived, deleted
}
