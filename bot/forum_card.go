package bot

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// Tagger is what a Messenger may do besides: show a request's status as a tag of the
// conversation that its card stands in.
type Tagger interface {
	// Tag makes the tag of the conversation to.Thread in to.Channel show a status; ""
	// takes it away. Tags that people chose stay, and win where there is no room. A
	// *Fault of kind FaultForbidden: Heed may not set tags there, or may not make those
	// that are missing.
	Tag(ctx context.Context, to Destination, s Status) error
}

// tagPatience bounds setting a tag: the card stands already, and waits to be settled.
const tagPatience = 5 * time.Second

// untaggedPause is how long a forum that lets Heed set no tags is left alone.
const untaggedPause = 10 * time.Minute

// tag is the status that a card's conversation shows; "" for one that is part of
// another or was taken back.
func (c Card) tag() Status {
	if c.Into != 0 || c.Gone != "" {
		return ""
	}
	return c.Status
}

// quiet tells whether a card need not be sent: it shows what it should, or that the
// conversation is paused. What moves meanwhile is seen when it opens again; to show it
// sooner would mean to open it.
func (c Claim) quiet(content Content, version int64) bool {
	if c.Message == "" {
		return false
	}
	card, ok := content.(Card)
	return version == c.Shown || ok && card.Paused != "" && c.ShownPaused
}

// stand has the conversation of a card that was just shown show its status, where
// there is such a thing. It adds to shown what came of it, and answers when to try
// again; zero: not by itself. A card stands all the same.
func (b *Bot) stand(ctx context.Context, m Messenger, c Claim, to Destination, content Content, shown *Shown) time.Duration {
	shown.Tag, shown.Paused = c.ShownTag, false
	card, ok := content.(Card)
	if !ok {
		return 0
	}
	shown.Paused = card.Paused != ""
	to.Thread = cmp.Or(shown.Sent.Thread, c.Thread)
	t, ok := m.(Tagger)
	if !ok || to.Thread == "" || card.tag() == c.ShownTag || shown.Paused {
		return 0
	}
	place := ChannelAt{c.Workspace, c.Channel}
	if until, known := b.untagged.Load(place); known && b.clock.Now().Before(until.(time.Time)) {
		shown.Fault = "untagged: " + string(FaultForbidden)
		return 0
	}
	asking, cancel := context.WithTimeout(ctx, tagPatience)
	defer cancel()
	err := t.Tag(asking, to, card.tag())
	if err == nil {
		shown.Tag = card.tag()
		b.untagged.Delete(place)
		return 0
	}
	fault := FaultOf(err)
	b.log.InfoContext(ctx, "status not shown as a tag", "board", c.Board, "post", c.ID, "fault", fault.Kind, "reason", fault.Reason)
	switch fault.Kind {
	case FaultTransient, FaultLimited:
		return max(fault.RetryAfter, backoff(2, b.jitter()))
	case FaultGone: // the next edit finds out
		shown.Tag = card.tag()
		return 0
	}
	b.untagged.Store(place, b.clock.Now().Add(untaggedPause))
	shown.Fault = "untagged: " + string(fault.Kind)
	return 0
}

// again makes a post due once more that was shown but for its tag.
func (b *Bot) again(ctx context.Context, c Claim, after time.Duration) error {
	if after <= 0 {
		return nil
	}
	_, err := b.store.WantPost(ctx, c.Board, Want{
		Key: c.Key, Kind: c.Kind, Workspace: c.Workspace, Channel: c.Channel, Thread: c.Thread, Item: c.Item, Due: b.clock.Now().Add(after),
	})
	if err != nil {
		return fmt.Errorf("want a tag: %w", err)
	}
	return nil
}
