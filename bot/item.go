package bot

import "time"

// Item is one piece of feedback, #Number on its board.
type Item struct {
	Board     BoardID
	ID        ItemID
	Number    int
	Title     string
	Body      string
	Status    Status
	Reason    string
	Later     bool // on the roadmap as "later"
	Audience  Audience
	Into      ItemID // merged into; 0: not merged
	Root      ItemID // the end of that chain; ID itself when not merged
	Votes     int    // of the root
	Version   int64  // moves with all that a card shows
	Author    MemberID
	Triage    bool
	MaybeSame ItemID
	AskedIn   ChannelAt
	Pictures  int
	Tags      []string
	CreatedAt time.Time
	StatusAt  time.Time
	HiddenAt  time.Time // zero: not hidden
	GoneAt    time.Time // zero: not withdrawn
	// SharedAt is since when Title and Body are words for everyone, which a product
	// manager wrote; zero: they are the ones who asked. The team reads its own: As(Team).
	SharedAt   time.Time
	TeamTitle  string
	TeamBody   string
	TeamReason string   // a reason for the team alone; "": it reads the one for everyone
	ReadBy     Audience // whose words it holds, made by As: such an item is never saved; "" as kept
}

// Shared tells whether the community reads other words than the team.
func (it Item) Shared() bool { return !it.SharedAt.IsZero() }

// As is the item in the words that readers of an audience may read, to be shown and
// never saved. An item that was not made by As holds what everyone may read but for
// its tags and pictures, so that a place which forgets to ask tells the community nothing.
func (it Item) As(a Audience) Item {
	if !it.Shared() && it.TeamReason == "" && it.ReadBy == "" {
		return it
	}
	if it.ReadBy == Team && a != Team { // what everyone may read is no longer here: nothing is said
		it.Title, it.Body, it.Reason = "…", "", ""
	}
	it.ReadBy = a
	if a != Team {
		if it.Shared() { // what hangs on the team's words stays with them
			it.Tags, it.Pictures = nil, 0
		}
		it.TeamTitle, it.TeamBody, it.TeamReason = "", "", ""
		return it
	}
	if it.Shared() {
		it.Title, it.Body = it.TeamTitle, it.TeamBody
	}
	if it.TeamReason != "" {
		it.Reason = it.TeamReason
	}
	return it
}

// reword gives a kept item other words: a shared one's author and its team speak of
// the team's.
func (it *Item) reword(title, body string) {
	if it.Shared() {
		it.TeamTitle, it.TeamBody = title, body
		return
	}
	it.Title, it.Body = title, body
}

// Listed tells whether the item stands for itself in lists: not merged, hidden or
// withdrawn.
func (it Item) Listed() bool { return it.Into == 0 && it.HiddenAt.IsZero() && it.GoneAt.IsZero() }

// ChannelAt names a channel on a board.
type ChannelAt struct {
	Workspace WorkspaceID
	Ref       string
}

// EvidenceKind says how a quote came to support its item.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceWords   EvidenceKind = "words"   // the first words, kept whatever is edited later
	EvidenceMessage EvidenceKind = "message" // a saved message: also a place to vote
	EvidenceSame    EvidenceKind = "same"    // someone's own words for the same wish
	EvidenceReply   EvidenceKind = "reply"   // an answer to a question of ours
)

// Evidence is a quote that supports an item.
type Evidence struct {
	ID        EvidenceID
	Item      ItemID
	Kind      EvidenceKind
	Member    MemberID // 0: unknown or removed
	Name      string   // the member's name now; "" unknown or removed
	SavedBy   MemberID
	Quote     string
	Audience  Audience
	Permalink string
	At        ChannelAt
	Message   string
	Thread    string // the message to answer
	Pictures  int
	CreatedAt time.Time
	RemovedAt time.Time // zero: it still counts
}
