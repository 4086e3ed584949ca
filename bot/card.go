package bot

import (
	"context"
	"fmt"
	"time"
)

// excerptRunes is how much of a request's words its card shows.
const excerptRunes = 300

// CardFacts is what a card says besides its item, as far as its readers may know.
type CardFacts struct {
	AskedBy   string // the requester's name; "" unknown or removed
	AskedIn   string // the channel's name; "" unknown, private or not for these readers
	AskedRef  string // and its ref
	AskedAt   WorkspaceID
	Quotes    int    // evidence besides the first words, of all that is merged into the root
	Original  string // the first words' permalink; "" when there is none for these readers
	Week      int    // the root's votes that stand since seven days or less
	RootTitle string // "" when these readers may not see it
	RootOpen  bool   // the root stands for all to see
	Root      int    // the root's number
}

// cardKey names the one card that an item has in a channel.
func cardKey(it Item, ch Channel) string {
	return fmt.Sprintf("card:%d:%d:%s", it.ID, ch.Workspace, ch.Ref)
}

// cardContent is what a card post shows now, and the item's version that this is.
// Nil: the channel may not see the item, so no card should stand there.
func cardContent(ctx context.Context, tx Tx, p Post, now time.Time) (Content, int64, error) {
	it, err := tx.Item(ctx, p.Board, p.Item)
	if err != nil {
		return nil, 0, fmt.Errorf("item of a card: %w", err)
	}
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil {
		return nil, 0, fmt.Errorf("channel of a card: %w", err)
	}
	facts, err := tx.CardFacts(ctx, p.Board, p.Item, ch.Audience, now)
	if err != nil {
		return nil, 0, fmt.Errorf("facts of a card: %w", err)
	}
	if c, ok := cardOf(it, ch, facts); ok {
		if !c.Closed {
			c.Paused = p.Paused
		}
		c.Post = p.Thread != ""
		if p.Thread != "" && p.Thread != p.Message && facts.AskedRef == ch.Ref { // the words stand right above it
			c.Excerpt, c.More, c.Original = "", false, ""
		}
		return c, it.Version, nil
	}
	return nil, it.Version, nil
}

// askedIn is where it was asked, for readers in a workspace. To the community a channel
// of another workspace says nothing, and its name may say whom it is for.
func (f CardFacts) askedIn(a Audience, w WorkspaceID) string {
	if a != Team && f.AskedAt != w {
		return ""
	}
	return f.AskedIn
}

// original is the first words' address, for readers in a workspace: the community can't
// follow one to another.
func (f CardFacts) original(a Audience, w WorkspaceID) string {
	if a != Team && f.AskedAt != w {
		return ""
	}
	return f.Original
}

// cardOf is the item's card in a channel; false when none may stand there: the item
// was hidden, or is for other readers than the channel's.
func cardOf(it Item, ch Channel, f CardFacts) (Card, bool) {
	if !it.HiddenAt.IsZero() || !ch.Audience.MayRead(it.Audience) {
		return Card{}, false
	}
	it = it.As(ch.Audience)
	if !it.GoneAt.IsZero() {
		return Card{Number: it.Number, Gone: fmt.Sprintf("#%d was taken back by the person who asked.", it.Number), Closed: true}, true
	}
	c := Card{
		Number: it.Number, Title: it.Title, Status: it.Status, Reason: it.Reason,
		AskedBy: f.AskedBy, Quotes: f.Quotes, Tags: it.Tags, Pictures: it.Pictures, Original: f.original(ch.Audience, ch.Workspace),
		Votes: it.Votes, Week: max(f.Week, 0), Deaf: !ch.Joined,
	}
	if it.saysMore() {
		c.Excerpt = Excerpt(it.Body, excerptRunes)
		c.More = c.Excerpt != it.Body
	}
	if f.AskedRef != ch.Ref || f.AskedAt != ch.Workspace {
		c.AskedIn = f.askedIn(ch.Audience, ch.Workspace)
	}
	if !it.Status.Open() {
		c.Closed, c.ClosedAt = true, it.StatusAt
	}
	if it.Into != 0 {
		c.Into, c.IntoTitle, c.Closed = f.Root, f.RootTitle, true
		if !f.RootOpen { // what became of the other is not for these readers
			c.Votes, c.Week, c.Quotes = 0, 0, 0
		}
	}
	return c, true
}
