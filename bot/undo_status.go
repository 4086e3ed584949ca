package bot

import (
	"context"
	"fmt"
)

// withdrawNews takes back what was still to go out about an item's present status:
// nobody is told of a no, a question or a ship that no longer stands.
func (b *Bot) withdrawNews(ctx context.Context, tx Tx, it Item) error {
	if it.Status.Open() && it.Status != StatusNeedsInfo || !b.clock.Now().Before(it.StatusAt.Add(b.options.Undo)) {
		return nil
	}
	entries, err := tx.History(ctx, it.Board, it.ID, 20)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	for _, e := range entries {
		if e.Act != actOf(it.Status) || !e.UndoneAt.IsZero() || !e.At.Equal(it.StatusAt) {
			continue
		}
		data, err := entryData[statusData](e)
		if err != nil {
			return err
		}
		return b.takeBackStatusNews(ctx, tx, it, e, data)
	}
	return nil
}

// takeBackStatusNews takes back what an entry of a status had to tell, and the
// shipping that it told of.
func (b *Bot) takeBackStatusNews(ctx context.Context, tx Tx, it Item, e Entry, data statusData) error {
	subject := e.ID
	if data.Shipping != 0 {
		subject = data.Shipping
		if err := tx.UndoShipping(ctx, it.Board, data.Shipping, b.clock.Now()); err != nil {
			return fmt.Errorf("undo shipping: %w", err)
		}
	}
	return b.takeBackNews(ctx, tx, it, e.ID, e.Act, subject)
}

// undoStatus puts back what a change of status had changed.
func (b *Bot) undoStatus(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[statusData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if it.Status != data.To || !it.StatusAt.Equal(e.At) {
		return nil, Refuse(Conflict, Sayf("%v has moved on since: it is %s now. I left it as it is.", title(it), it.Status.Label()))
	}
	outward := e.Act != newsStatus
	if outward {
		instead := Textf("If it was a mistake, say so: `/heed status %d under review` opens it again, and the people who asked see it on the card.", it.Number)
		if err := b.inTime(e, instead); err != nil {
			return nil, err
		}
	}
	data.putBack(&it)
	if err := tx.SaveItem(ctx, it, c.Member.ID); err != nil {
		return nil, err
	}
	if err := tx.TouchItem(ctx, it.Board, it.ID, b.clock.Now()); err != nil {
		return nil, err
	}
	for _, story := range data.Stories {
		if _, err := tx.SetStoryState(ctx, it.Board, story, StoryDone, StoryOpen); err != nil {
			return nil, fmt.Errorf("open story again: %w", err)
		}
	}
	if err := b.takeBackStatusNews(ctx, tx, it, e, data); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v is *%s* again.", title(it), it.Status.Label())
	if outward {
		say = say.With(Small{Textf("Nobody was told.")})
	}
	say.Replace = true
	return say, nil
}
