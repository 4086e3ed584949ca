package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// topSize is how many a live Top 10 shows, topLabel how much of a title stands at a bar.
const (
	topSize  = 10
	topLabel = 40
)

// noteUnpinned is the subject of the note that a live Top 10 could not be pinned.
const noteUnpinned = "unpinned"

// topSubject is what a live Top 10 is made from.
type topSubject struct {
	Note string   `json:"note,omitempty"` // of the note about it
	By   MemberID `json:"by,omitempty"`   // who wanted it
	Pin  topPin   `json:"pin,omitempty"`
	Off  bool     `json:"off,omitempty"` // it was taken down
}

// topPin is what became of pinning.
type topPin string

const (
	pinDue     topPin = ""        // to be tried
	pinDone    topPin = "done"    // it is pinned
	pinRefused topPin = "refused" // Heed may not, or the channel is full
	pinNone    topPin = "none"    // nothing can be pinned there
)

// topContent is what a live Top 10 shows now: what its channel's readers want most. The
// version is a digest of it, so that nothing is sent while nothing has changed, and
// votes have nothing to do with it.
func (b *Bot) topContent(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[topSubject](p)
	if err != nil {
		return nil, 0, err
	}
	if s.Off {
		return nil, 1, nil
	}
	readers, err := b.readersOf(ctx, tx, p)
	if err != nil {
		return nil, 0, fmt.Errorf("readers of a top 10: %w", err)
	}
	items, _, err := tx.Top(ctx, p.Board, readers, Page{topSize, 0})
	if err != nil {
		return nil, 0, fmt.Errorf("top: %w", err)
	}
	for i := range items {
		items[i] = items[i].As(readers)
	}
	doc := topDoc(items)
	return Note{doc}, docVersion(doc), nil
}

// topDoc draws a live Top 10.
func topDoc(items []Item) Doc {
	if len(items) == 0 {
		return Doc{Heading{"What people want most"}, Para{Textf("Nobody has asked for anything yet. The first word is yours: `/feedback dark mode, please`")},
			Buttons{{Label: "Give feedback", Action: "give", Style: Primary}}}
	}
	bars := make(Bars, len(items))
	votes := make([]Buttons, 0, 2)
	for i, it := range items {
		bars[i] = Bar{Label: fmt.Sprintf("#%d %s", it.Number, Excerpt(oneLine(it.Title), topLabel)), Value: it.Votes}
		if it.Status != StatusNew {
			bars[i].Note = it.Status.Label()
		}
		if i%5 == 0 {
			votes = append(votes, nil)
		}
		votes[i/5] = append(votes[i/5], Button{Label: fmt.Sprintf("👍 #%d", it.Number), Action: Act("vote", it.Number)})
	}
	doc := Doc{Heading{"What people want most"}, bars}
	for _, line := range votes {
		doc = append(doc, line)
	}
	return append(doc, Buttons{{Label: "Whole list", Action: "top"}, {Label: "Give feedback", Action: "give"}},
		Small{Textf("This list keeps itself up to date.")})
}

// docVersion is a version that moves with a document's words: above 0.
func docVersion(doc Doc) int64 {
	sum := sha256.Sum256([]byte(doc.Plain()))
	return max(int64(binary.BigEndian.Uint64(sum[:8])>>1), 1)
}

// pinTop pins a live Top 10 that has just been posted, or whose pin is due. A channel
// where Heed may not pin has it all the same; who wanted it is told.
func (b *Bot) pinTop(ctx context.Context, m Messenger, c Claim, to Destination, sent Sent) error {
	s, err := subject[topSubject](c.Post)
	if err != nil || s.Pin != pinDue && sent.Message == "" {
		return err
	}
	state := pinNone
	if p, ok := m.(Pinner); ok {
		to.Channel = cmp.Or(sent.Channel, to.Channel)
		asking, cancel := context.WithTimeout(ctx, sendPatience)
		defer cancel()
		if state = pinAfter(p.Pin(asking, to, cmp.Or(sent.Message, c.Message))); state != pinDone {
			b.log.InfoContext(ctx, "top 10 not pinned", "board", c.Board, "post", c.ID, "state", state)
		}
	}
	return b.store.InTx(context.WithoutCancel(ctx), func(tx Tx) error {
		if err := tx.PatchSubject(ctx, c.Board, c.ID, map[string]topPin{"pin": state}); err != nil {
			return fmt.Errorf("keep what became of a pin: %w", err)
		}
		if state != pinRefused || s.Pin == pinRefused {
			return nil
		}
		return b.tellUnpinned(ctx, tx, c, s.By)
	})
}

// pinAfter is what an answer to pinning means.
func pinAfter(err error) topPin {
	if err == nil {
		return pinDone
	}
	switch f := FaultOf(err); f.Kind {
	case FaultForbidden, FaultFull, FaultUnrenderable:
		if f.Ungranted {
			return pinNone
		}
		return pinRefused
	case FaultGone, FaultRevoked:
		return pinNone
	}
	return pinDue // tried again with the next look
}

// tellUnpinned wants the note to who wanted the Top 10, once for this message.
func (b *Bot) tellUnpinned(ctx context.Context, tx Tx, c Claim, by MemberID) error {
	m, err := tx.Member(ctx, c.Board, by)
	if errors.Is(err, ErrNotFound) || err == nil && m.Muted {
		return nil
	}
	if err != nil {
		return fmt.Errorf("who wanted a top 10: %w", err)
	}
	_, err = tx.WantPost(ctx, c.Board, Want{
		Key:  fmt.Sprintf("unpinned:%d:%d", c.ID, b.clock.Now().UnixMicro()),
		Kind: PostNote, Workspace: m.Workspace, Account: m.Account, Subject: unpinnedSubject{noteUnpinned, c.Workspace, c.Channel}, Due: b.clock.Now(),
	})
	return err
}

// unpinnedSubject is what that note is made from.
type unpinnedSubject struct {
	Note      string      `json:"note"`
	Workspace WorkspaceID `json:"workspace"`
	Channel   string      `json:"channel"`
}

// unpinnedNote tells who wanted a live Top 10 that it stands there without a pin.
func (b *Bot) unpinnedNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[unpinnedSubject](p)
	if err != nil {
		return nil, 0, err
	}
	ch, err := tx.Channel(ctx, p.Board, s.Workspace, s.Channel)
	if err != nil {
		return nil, 0, fmt.Errorf("channel of a top 10: %w", err)
	}
	return Note{Doc{
		Para{Textf("The live Top 10 stands in %v and keeps itself up to date, but I couldn't pin it: I may not pin messages there, or the channel holds as many pins as it can.", channelSpan(ch, p.Workspace))},
		Small{Textf("Pin it yourself with the message's own menu; or let me pin messages there, and say `/heed top pin` in it once more.")},
	}}, 1, nil
}
