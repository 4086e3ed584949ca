package bot

import "time"

// Content is what a post says: one of Card, Digest, Announcement, Direct, Note,
// Home. Every adapter renders all of them.
type Content interface{ content() }

// Card is an item as its channel sees it: the same for everyone there, so it
// carries only Vote and Details. A community card never holds a team-only string.
type Card struct {
	Number    int
	Title     string
	Excerpt   string // up to 300 runes of the body; "" when the title says it all
	More      bool   // the body is longer
	Status    Status
	Reason    string // why declined, or what is needed
	AskedBy   string // "" unknown or removed
	AskedIn   string // the channel's name; "" private or the same as the card's
	Quotes    int    // pieces of evidence besides the first words
	Tags      []string
	Pictures  int // "📎 2 in the original"
	Original  string
	Votes     int
	Week      int  // of them, since seven days
	Closed    bool // voting closed
	ClosedAt  time.Time
	Into      int    // merged: the number it lives on under
	IntoTitle string // and its title
	Gone      string // not "": hidden or withdrawn; the card shows only this sentence
	Post      bool   // it stands in a conversation of its own: the place to talk about it
	Paused    Paused // why the conversation that it stands in takes no reactions; "": it does
	Deaf      bool   // Heed is not in the channel: reactions don't arrive, the card says so
}

// Announcement is the message that an item shipped.
type Announcement struct{ Doc Doc }

// Direct is a batch of news for one person.
type Direct struct{ Doc Doc }

// Note is any other message of Heed's: an answer in a thread, a hello, something shared.
type Note struct{ Doc Doc }

// Home is a person's own page about Heed, where the platform has one.
type Home struct{ Doc Doc }

func (Card) content()         {}
func (Digest) content()       {}
func (Announcement) content() {}
func (Direct) content()       {}
func (Note) content()         {}
func (Home) content()         {}

// Digest is what a channel is told for one period, as it was frozen.
type Digest struct {
	Period   string // 2026-W48, only shown
	Doc      Doc    // the whole, in order, for adapters that draw documents
	Headline string // the first line as plain text, for notifications
}
