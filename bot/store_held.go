package bot

import (
	"context"
	"time"
)

// HeldWhy says what held words wait for.
type HeldWhy string

// What words can wait for.
const (
	HeldSimilar HeldWhy = "similar" // their author's choice: the same as another request, or their own
	HeldUnclear HeldWhy = "unclear" // their author's choice: a command, or a request
	HeldReview  HeldWhy = "review"  // a moderator
	HeldSaving  HeldWhy = "saving"  // a message whose form is open
	HeldLimited HeldWhy = "limited" // their author's turn: too many for now
)

// Held is words that wait. They are listed under "mine" until they are settled,
// except those of an open form.
type Held struct {
	Board     BoardID
	ID        HeldID
	Member    MemberID // whose choice it is
	Key       string   // the act they came from
	Why       HeldWhy
	Words     string
	Wish      Wish
	Until     time.Time
	SettledAt time.Time // zero: still waiting
	SettledBy MemberID  // the moderator who decided; 0: their author, or nobody had to
	Reason    string    // why a moderator hid them; "": none given
	Item      ItemID    // what became of them; 0 and settled: let go, or hidden
	CreatedAt time.Time
}

// Wish is what is known of words on their way to become an item: facts and ids.
type Wish struct {
	Title     string        `json:"title,omitempty"` // "": made from the words
	Author    MemberID      `json:"author,omitempty"`
	Audience  Audience      `json:"audience"`
	Workspace WorkspaceID   `json:"workspace"`
	Channel   string        `json:"channel,omitempty"`
	Asked     time.Time     `json:"asked"`
	Offered   []ItemID      `json:"offered,omitempty"` // similar items, the nearest first
	Saved     *SavedMessage `json:"saved,omitempty"`
	Review    *Reviewed     `json:"review,omitempty"` // what they are for, where that is not a request of their own
}

// Reviewed is what words that wait for a moderator are for, besides a new request.
type Reviewed struct {
	For    ReviewFor `json:"for"`
	Item   ItemID    `json:"item"`
	Act    string    `json:"act,omitempty"`    // of an edit, as the history calls it
	Title  string    `json:"title,omitempty"`  // of an edit: the new title; "": as it is
	Body   bool      `json:"body,omitempty"`   // of an edit: the words are the new text
	Append bool      `json:"append,omitempty"` // of an edit: the words go behind the text
	Why    string    `json:"why,omitempty"`    // of an answer: what it answers
}

// ReviewFor is one of those purposes.
type ReviewFor string

// What words under review can be for.
const (
	ReviewSame ReviewFor = "same" // they support an item: "that's it"
	ReviewEdit ReviewFor = "edit" // they change their author's own item
	ReviewTell ReviewFor = "tell" // they answer a question, or say why
)

// SavedMessage is where words were said when they are somebody's message.
type SavedMessage struct {
	Message   string    `json:"message"`
	Thread    string    `json:"thread,omitempty"`
	Permalink string    `json:"permalink,omitempty"` // "" when only few could follow it
	Pictures  int       `json:"pictures,omitempty"`
	SavedBy   MemberID  `json:"saved_by"`
	Direct    bool      `json:"direct,omitempty"` // said between people: nothing can be posted there
	Said      time.Time `json:"said"`
	Votes     []Reacted `json:"votes,omitempty"` // to be counted
	Post      bool      `json:"post,omitempty"`  // its author began a post with it in a forum: nobody else saved it
}

// HeldStore keeps words that wait.
type HeldStore interface {
	// Hold keeps words and answers them with their id. The same key again answers
	// what is there, settled or not, and false.
	Hold(ctx context.Context, h Held) (Held, bool, error)
	// Held reads words that wait or waited.
	Held(ctx context.Context, b BoardID, id HeldID) (Held, error)
	// HeldByKey finds words by the act they came from.
	HeldByKey(ctx context.Context, b BoardID, key string) (Held, error)
	// LockHeld reads them and locks them until the transaction ends.
	LockHeld(ctx context.Context, b BoardID, id HeldID) (Held, error)
	// SaveHeld writes why, words, wish and until of locked words.
	SaveHeld(ctx context.Context, h Held) error
	// SettleHeld ends the wait; item 0 lets the words go. The words are wiped: what
	// became of them has its own.
	SettleHeld(ctx context.Context, b BoardID, id HeldID, item ItemID, now time.Time) error
	// DecideHeld is SettleHeld by a moderator, who may say why; item 0 hides the words.
	// They are kept until an instant, for their author and for undoing it.
	DecideHeld(ctx context.Context, b BoardID, id HeldID, by MemberID, item ItemID, reason string, until, now time.Time) error
	// ReopenHeld makes decided words wait again until an instant.
	ReopenHeld(ctx context.Context, b BoardID, id HeldID, until time.Time) error
	// HiddenOf lists a person's words that a moderator hid, newest first, while they are kept.
	HiddenOf(ctx context.Context, b BoardID, p PersonID, limit int) ([]Held, error)
	// HeldOf lists what waits of a person, newest first, without open forms.
	HeldOf(ctx context.Context, b BoardID, p PersonID, limit int) ([]Held, error)
	// HeldDue lists what has waited long enough, of all boards, the oldest first.
	HeldDue(ctx context.Context, now time.Time, limit int) ([]Held, error)
}
