package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// actAudience is the history's word for a change of who may read an item.
const actAudience = "audience"

// audienceData is what the history keeps of it.
type audienceData struct {
	From Audience `json:"from"`
	To   Audience `json:"to"`
	Open string   `json:"open,omitempty"` // the mark of what everyone would read then
}

// openMark is a mark of all that everyone would read of an item if it were for them:
// another mark, other words. The history keeps it instead of the words, which are
// nobody's to find there once their author has taken them back.
func openMark(it Item) string {
	it = it.As(Community)
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d", it.Title, it.Body, it.Reason, slices.Sorted(slices.Values(it.Tags)), it.Pictures))
	return hex.EncodeToString(sum[:12])
}

// ownReaders are those who read an item's own words and tags: of one that is shared in
// other words, the team.
func (it Item) ownReaders() Audience {
	if it.Shared() {
		return Team
	}
	return it.Audience
}

// opensAgain tells whether putting an item's own words or tags back, which readers of an
// audience had, would show them to more people than these.
func opensAgain(it Item, had Audience) bool { return it.ownReaders() == Community && had != Community }

// changedSince refuses to take back what would no longer be what it was.
func changedSince(it Item) error {
	return Refuse(Conflict, Sayf("#%d has been changed since. I left it as it is.", it.Number))
}

// audienceCommand is `/heed audience 42 team` for an item, `/heed audience team` for
// the channel where it is said.
func (b *Bot) audienceCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		var err error
		if cmd.Item == 0 {
			reply, err = b.setChannelAudience(ctx, tx, c, cmd.Audience)
			return err
		}
		it, err := lockRoot(ctx, tx, c, cmd.Item)
		if err == nil {
			reply, err = b.setAudience(ctx, tx, c, it, cmd.Audience, cmd.Item)
		}
		return err
	})
	return reply, err
}

// setAudience says who may read a locked item. Its quotes keep their own audience:
// what the team said stays with the team.
func (b *Bot) setAudience(ctx context.Context, tx Tx, c caller, it Item, to Audience, asked int) (Reply, error) {
	if it.Audience == to {
		return Sayf("%v%v is for %s already. Nothing has changed.", title(it), partOf(asked, it), audienceWords(to)), nil
	}
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actAudience, Data: audienceData{it.Audience, to, openMark(it)}, At: b.clock.Now()})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if err := b.moveAudience(ctx, tx, c, it, to); err != nil {
		return nil, err
	}
	say := Sayf("%v%v is for %s now.", title(it), partOf(asked, it), audienceWords(to))
	if to == Team {
		say = say.With(Small{Textf("Its cards leave the community's channels. Who voted keeps their vote.")})
	} else if it.Shared() {
		say = say.With(Small{Textf("They read it in the words for everyone; the team goes on reading its own.")})
	} else {
		say = say.With(Small{Textf("Title, words, tags and reason can be read by everyone from now on. Quotes that the team gave stay with the team.")})
	}
	return say.With(Buttons{{Label: "Undo", Action: Act("undo", entry)}}), nil
}

// moveAudience writes it and lets cards come and go with it.
func (b *Bot) moveAudience(ctx context.Context, tx Tx, c caller, it Item, to Audience) error {
	it.Audience = to
	if err := b.saveTouched(ctx, tx, c, it); err != nil {
		return err
	}
	if err := tx.TouchTops(ctx, it.Board, b.clock.Now()); err != nil {
		return fmt.Errorf("live tops: %w", err)
	}
	if to == Community {
		if _, err := tx.RestoreCards(ctx, it.Board, it.ID, b.clock.Now()); err != nil {
			return fmt.Errorf("cards: %w", err)
		}
	}
	_, _, err := wantCard(ctx, tx, it, b.clock.Now())
	return err
}

// audienceWords is an audience in a sentence.
func audienceWords(a Audience) string {
	if a == Team {
		return "the team alone"
	}
	return "everyone"
}

// undoAudience gives an item back to those who read it before. To everyone it goes back in
// the words that they had: what the team has written since is for the team.
func (b *Bot) undoAudience(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[audienceData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if it.Audience != data.To || data.From == Community && openMark(it) != data.Open {
		return nil, changedSince(it)
	}
	if err := b.moveAudience(ctx, tx, c, it, data.From); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v is for %s again.", title(it), audienceWords(data.From))
	say.Replace = true
	return say, nil
}

// setChannelAudience says who reads the channel of the call.
func (b *Bot) setChannelAudience(ctx context.Context, tx Tx, c caller, to Audience) (Reply, error) {
	ch := c.Channel
	switch {
	case ch.Ref == "" || ch.Kind == DirectChannel:
		return nil, Refuse(Invalid, Sayf("A conversation between us has no audience to set. Nothing has changed. Say it in the channel that you mean, or name a request: `/heed audience 42 team`."))
	case ch.Audience == to:
		return Sayf("This channel is for %s already. Nothing has changed.", audienceWords(to)), nil
	}
	if err := saveAudience(ctx, tx, ch, to, b.clock.Now()); err != nil {
		return nil, err
	}
	if to == Team {
		return Sayf("This channel is for the team now. What is asked here stays with the team; what was asked before keeps its audience."), nil
	}
	return Sayf("This channel is read by the community now. Requests of the team's leave it, and what is asked here can be read by everyone."), nil
}
