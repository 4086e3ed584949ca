package bot

import (
	"context"
	"fmt"
)

// actRoadmap is the history's word for an item put on the roadmap as "later" or taken off.
const actRoadmap = "roadmap"

// setLater is `/roadmap 42 later` and `/roadmap 42 off`. Now and next follow from the
// status; later is under review with a flag: one truth, not two.
func (b *Bot) setLater(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		it, err := lockRoot(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		if cmd.Choice == ChoiceOff {
			reply, err = b.offRoadmap(ctx, tx, c, it)
			return err
		}
		reply, err = b.ontoRoadmap(ctx, tx, c, it)
		return err
	})
	return reply, err
}

func (b *Bot) ontoRoadmap(ctx context.Context, tx Tx, c caller, it Item) (Reply, error) {
	switch {
	case it.Status == StatusPlanned || it.Status == StatusStarted:
		return nil, Refuse(Conflict, Sayf("%v is on the roadmap already: %s. `/heed status %d under review` takes it back from there. Nothing has changed.", title(it), it.Status.Label(), it.Number))
	case !it.Status.Open():
		return nil, b.canBecome(ctx, tx, c, it, StatusNew) // says that it is closed, and by whom
	case it.Later:
		return Sayf("%v is on the roadmap for later already. Nothing has changed.", title(it)), nil
	}
	data := statusOf(it, statusData{To: StatusUnderReview})
	it.Later = true
	if it.Status != StatusUnderReview {
		it.Status, it.Reason, it.TeamReason, it.StatusAt = StatusUnderReview, "", "", b.clock.Now()
	}
	it.Triage = false
	return b.roadmapChanged(ctx, tx, c, it, data, Textf("%v is on the roadmap now, for *later*.", title(it)))
}

func (b *Bot) offRoadmap(ctx context.Context, tx Tx, c caller, it Item) (Reply, error) {
	switch {
	case it.Status == StatusPlanned || it.Status == StatusStarted:
		return nil, Refuse(Conflict, Sayf("%v is on the roadmap because it is *%s*. `/heed status %d under review` takes it off. Nothing has changed.", title(it), it.Status.Label(), it.Number))
	case !it.Later:
		return Sayf("%v isn't on the roadmap. Nothing has changed.", title(it)), nil
	}
	data := statusOf(it, statusData{To: it.Status})
	it.Later = false
	return b.roadmapChanged(ctx, tx, c, it, data, Textf("%v is off the roadmap. It stays under review.", title(it)))
}

func (b *Bot) roadmapChanged(ctx context.Context, tx Tx, c caller, it Item, data statusData, done Text) (Reply, error) {
	if err := b.saveTouched(ctx, tx, c, it); err != nil {
		return nil, err
	}
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actRoadmap, Data: data, At: b.clock.Now()})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return Say{Doc: Doc{Para{done}}}.With(Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "See the roadmap", Action: "roadmap"}}), nil
}

// undoRoadmap puts flag and status back, unless the item has moved on.
func (b *Bot) undoRoadmap(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[statusData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if it.Status != data.To || it.Later == data.Later {
		return nil, Refuse(Conflict, Sayf("%v has moved on since: it is %s now. I left it as it is.", title(it), it.Status.Label()))
	}
	data.putBack(&it)
	if err := b.saveTouched(ctx, tx, c, it); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v is as it was before.", title(it))
	say.Replace = true
	return say, nil
}
