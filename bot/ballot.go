package bot

import "time"

// Ballot is a fact to record: this member, at this place, supported this item or
// took it back. Exactly one of Item and Message names the target.
type Ballot struct {
	Workspace WorkspaceRef
	Account   string // who; made a member if not known yet
	Hash      []byte // keyed hash of the account, to keep the forgotten forgotten
	Item      int    // the item's number, or 0
	Channel   string // with Message: where
	Message   string // a card, or a captured message
	Emoji     string // with Message: the exact emoji, skin tone included, e.g. "+1::skin-tone-2"
	Place     string // without Emoji: PlaceButton, PlaceCommand, PlaceAsked, PlaceImport
	Act       BallotAct
	At        time.Time // the platform's time
	Fresh     bool      // typed and answered at once: it stands over every fact there is, whatever the clocks say
	Reconcile bool      // read back, not heard: it never brings back the forgotten
	Audience  Audience  // of the account, should it be new
	Event     string    // the id of what was heard; "": that of the context
}

// BallotAct is what a ballot does.
type BallotAct string

// A toggle becomes the opposite of what stands when it is committed.
const (
	Support BallotAct = "support"
	Retract BallotAct = "retract"
	Toggle  BallotAct = "toggle"
)

// Places of a ballot that are no reaction.
const (
	PlaceButton  = "button"
	PlaceCommand = "command"
	PlaceAsked   = "asked" // asking for a thing supports it
	PlaceImport  = "import"
)

// Cast is what became of a ballot.
type Cast struct {
	Outcome   CastOutcome
	Board     BoardID
	Member    MemberID
	Item      ItemID // the root that was voted on
	Number    int
	Title     string
	Status    Status
	Supports  bool // the person's vote after it
	Changed   bool // the ballot moved the count
	Votes     int  // the root's count after it
	NewMember bool // never seen before: look up who it is
	FirstVote bool // the person's first vote ever; not looked up for a reaction, to which nobody gets an answer
}

// CastOutcome says whether a ballot was taken.
type CastOutcome string

// What can become of a ballot. All but CastRecorded left nothing behind.
const (
	CastRecorded  CastOutcome = "recorded"
	CastStale     CastOutcome = "stale"     // a later fact of the same place stands
	CastNoTarget  CastOutcome = "no_target" // no item there: not ours, hidden, withdrawn, or another board's
	CastForgotten CastOutcome = "forgotten" // the account asked to be forgotten after this act
	CastOwn       CastOutcome = "own"       // Heed's own reaction
)
