package bot

import (
	"context"
	"errors"
	"fmt"
)

// letIn is [Approve]: the words become what they were meant for, and their author is
// told.
func (b *Bot) letIn(ctx context.Context, tx Tx, c caller, h Held) (Say, error) {
	data := decidedData{Held: h.ID}
	var it Item
	var err error
	r := h.Wish.Review
	if r == nil {
		it, err = b.release(ctx, tx, h)
	} else {
		data.For = r.For
		it, data, err = b.applyReviewed(ctx, tx, h, *r, data)
	}
	if err != nil {
		return Say{}, err
	}
	now := b.clock.Now()
	if err := tx.DecideHeld(ctx, h.Board, h.ID, c.Member.ID, it.ID, "", now.Add(letInKept), now); err != nil {
		return Say{}, fmt.Errorf("let held words in: %w", err)
	}
	entry, err := tx.AddHistory(ctx, h.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actLetIn, Data: data, At: now})
	if err != nil {
		return Say{}, fmt.Errorf("history of words let in: %w", err)
	}
	if err := b.tellDecided(ctx, tx, h, now); err != nil {
		return Say{}, err
	}
	undo := Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "See it", Action: Act("details", it.Number)}}
	if r == nil {
		return Sayf("Approved: it's %v now.", title(it)).With(undo), nil
	}
	return Sayf("Approved: the words are with %v now.", title(it)).With(undo), nil
}

// applyReviewed makes words that wait what they were meant for, and answers the item
// that they came to.
func (b *Bot) applyReviewed(ctx context.Context, tx Tx, h Held, r Reviewed, data decidedData) (Item, decidedData, error) {
	it, err := lockFor(ctx, tx, h.Board, r)
	if err != nil {
		return it, data, err
	}
	switch r.For {
	case ReviewSame:
		e, err := b.support(ctx, tx, it, EvidenceSame, h.Words, h.Wish)
		if err != nil {
			return it, data, err
		}
		data.Evidence = e.ID
		if err := attachPicture(ctx, tx, h.Board, h.Key, it.ID, b.clock.Now()); err != nil {
			return it, data, err
		}
		return it, data, b.noteJoined(ctx, tx, it, h.Wish.Author)
	case ReviewTell:
		m, err := tx.Member(ctx, h.Board, h.Member)
		if err != nil {
			return it, data, fmt.Errorf("who said it: %w", err)
		}
		data.Evidence, err = b.addTold(ctx, tx, it, m, r.Why, h.Words, Narrower(it.Audience, h.Wish.Audience))
		return it, data, err
	}
	it, data.Edit, err = b.applyEdit(ctx, tx, h, r, it)
	return it, data, err
}

// lockFor locks the item that words under review are for: an edit's own, else the one
// that it lives on as. One that is gone takes no words any more.
func lockFor(ctx context.Context, tx Tx, board BoardID, r Reviewed) (Item, error) {
	locked, err := tx.LockItems(ctx, board, r.Item)
	if err != nil {
		return Item{}, fmt.Errorf("lock item: %w", err)
	}
	it, there := locked[r.Item]
	if !there {
		return it, Refuse(Conflict, Sayf("The request that these words were for is not on this board any more. [Hide] gives them back to their author."))
	}
	if r.For != ReviewEdit && it.Root != it.ID {
		if locked, err = tx.LockItems(ctx, board, it.Root); err != nil {
			return it, fmt.Errorf("lock root: %w", err)
		}
		if root := locked[it.Root]; it.Audience.MayRead(root.Audience) {
			it = root
		}
	}
	switch {
	case !it.GoneAt.IsZero():
		return it, Refuse(Conflict, Sayf("#%d was taken back meanwhile, so there's nothing that these words could come to. [Hide] lets their author keep them.", it.Number))
	case !it.HiddenAt.IsZero():
		return it, Refuse(Conflict, Sayf("#%d is hidden, so it takes no words. Bring it back first, `/heed hide %d off`, or hide these too.", it.Number, it.Number))
	}
	return it, nil
}

// undoLetIn is [Undo] of [Approve]. A request goes out of sight; other words go back
// to where they waited.
func (b *Bot) undoLetIn(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[decidedData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if data.For == "" {
		if err := b.retell(ctx, tx, c.Workspace.Board, data.Held); err != nil {
			return nil, err
		}
		return b.hide(ctx, tx, c, it, "")
	}
	h, err := tx.LockHeld(ctx, c.Workspace.Board, data.Held)
	if errors.Is(err, ErrNotFound) || err == nil && (h.Words == "" || h.Wish.Review == nil) {
		return nil, Refuse(Conflict, Sayf("That's too long ago to take back with a button. `/heed hide %d` takes the request out of sight.", it.Number))
	}
	if err != nil {
		return nil, fmt.Errorf("held words: %w", err)
	}
	if data.For == ReviewEdit {
		err = b.undoEdit(ctx, tx, c, it, *h.Wish.Review, h.Words, data.Edit)
	} else {
		err = b.dropQuote(ctx, tx, it, data.Evidence)
	}
	if err != nil {
		return nil, err
	}
	if _, err := b.reopen(ctx, tx, it.Board, h.ID); err != nil {
		return nil, err
	}
	return Say{Doc: Doc{Para{Textf("Taken back: %v is as it was before, and the words wait again.", title(it))}, Buttons{{Label: "Look at them", Action: "review"}}}, Replace: true}, nil
}

// dropQuote takes a quote from a locked item.
func (b *Bot) dropQuote(ctx context.Context, tx Tx, it Item, id EvidenceID) error {
	now := b.clock.Now()
	if _, err := tx.RemoveEvidence(ctx, it.Board, id, now); err != nil {
		return fmt.Errorf("take a quote away: %w", err)
	}
	if err := b.renote(ctx, tx, it, id); err != nil {
		return err
	}
	return tx.TouchItem(ctx, it.Board, it.ID, now)
}
