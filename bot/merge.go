package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// The history's words for a merge and its end. The entries stand with the item that
// was merged; the one that it became part of has actTookIn.
const (
	actMerged   = "merged"
	actUnmerged = "unmerged"
	actTookIn   = "took_in"
)

// mergedData is what the history keeps of a merge.
type mergedData struct {
	Into  ItemID   `json:"into,omitempty"`
	Items []ItemID `json:"items,omitempty"` // with actTookIn: those that came in
}

// mergeCommand is `/heed merge 12, 13 into 7`.
func (b *Bot) mergeCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		var err error
		reply, err = b.merge(ctx, tx, c, cmd.Items, cmd.Item)
		return err
	})
	return reply, err
}

// merge makes the items with these numbers a part of another: votes unite so that
// nobody counts twice, quotes keep their own audience, and the item that stays decides
// what cards show. All or none of them.
func (b *Bot) merge(ctx context.Context, tx Tx, c caller, numbers []int, number int) (Reply, error) {
	into, from, err := lockMerge(ctx, tx, c, numbers, number)
	if err != nil {
		return nil, err
	}
	now := b.clock.Now()
	before := into.Votes
	var ids []ItemID
	for _, it := range from {
		places, err := tx.AskedPlaces(ctx, it.Board, it.ID)
		if err != nil {
			return nil, fmt.Errorf("asked places: %w", err)
		}
		it.Triage, it.MaybeSame = false, 0
		if err := tx.SaveItem(ctx, it, c.Member.ID); err != nil {
			return nil, err
		}
		if err := tx.MergeItem(ctx, it.Board, it.ID, into.ID, now); err != nil {
			return nil, fmt.Errorf("merge: %w", err)
		}
		entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actMerged, Data: mergedData{Into: into.ID}, At: now})
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		if err := answerPlaces(ctx, tx, into, places, newsSubject{Note: actMerged, Entry: entry}, now.Add(b.options.Undo)); err != nil {
			return nil, err
		}
		ids = append(ids, it.ID)
	}
	entry, err := tx.AddHistory(ctx, into.Board, Entry{Item: into.ID, Member: c.Member.ID, Act: actTookIn, Data: mergedData{Items: ids}, At: now})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	after, err := tx.Item(ctx, into.Board, into.ID)
	if err != nil {
		return nil, err
	}
	if after.Status.Open() { // those who asked for it elsewhere find it in their chat
		if _, _, err := wantCard(ctx, tx, after, now); err != nil {
			return nil, err
		}
	}
	say := Sayf("%s part of %v now%v: 👍 %d (before: %d). Nobody counts twice.", numbersAre(from), title(into), partOf(number, into), after.Votes, before)
	if into.Audience == Team && anyCommunity(from) {
		say = say.With(Small{Textf("#%d is for the team, so the community sees only that theirs was merged, not into what.", into.Number)})
	}
	if !into.Status.Open() {
		say = say.With(Small{Textf("#%d is closed (%s): the people who came with the merge weren't told that. If they should be, look at it again.", into.Number, into.Status.Label())})
	}
	return say.With(Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "See it", Action: Act("details", into.Number)}}), nil
}

// lockMerge reads and locks what is to be merged, and refuses what can't be.
func lockMerge(ctx context.Context, tx Tx, c caller, numbers []int, number int) (into Item, from []Item, err error) {
	target, err := readable(ctx, tx, c, number)
	if err != nil {
		return into, nil, err
	}
	ids := []ItemID{target.ID, target.Root}
	for _, n := range numbers {
		it, err := readable(ctx, tx, c, n)
		if err != nil {
			return into, nil, err
		}
		ids = append(ids, it.ID)
		from = append(from, it)
	}
	locked, err := tx.LockItems(ctx, c.Workspace.Board, ids...)
	if err != nil {
		return into, nil, fmt.Errorf("lock items: %w", err)
	}
	into = locked[locked[target.ID].Root]
	if into.ID == 0 { // the target was merged between the reading and the lock
		return into, nil, Refuse(Conflict, Sayf("#%d has just been merged by somebody else. Nothing has changed; please look again.", number))
	}
	if !into.HiddenAt.IsZero() {
		return into, nil, Refuse(Conflict, Sayf("#%d is hidden. Bring it back first: `/heed hide %d off`. Nothing has changed.", into.Number, into.Number))
	}
	for i, it := range from {
		it = locked[it.ID]
		from[i] = it
		switch {
		case it.ID == into.ID && it.Number == number:
			return into, nil, Refuse(Invalid, Sayf("#%d can't become part of itself. Nothing has changed.", it.Number))
		case it.ID == into.ID:
			return into, nil, Refuse(Conflict, Sayf("#%d is part of %v, so that can't become part of it. Nothing has changed. `/heed unmerge %d` takes them apart.", number, title(it), number))
		case it.Root == into.ID && it.Into != 0:
			return into, nil, Refuse(Conflict, Sayf("%v is part of %v already. Nothing has changed.", title(it), title(into)))
		case it.Into != 0:
			return into, nil, Refuse(Conflict, Sayf("%v is part of another request already. Take it out first: `/heed unmerge %d`. Nothing has changed.", title(it), it.Number))
		case !it.HiddenAt.IsZero():
			return into, nil, Refuse(Conflict, Sayf("#%d is hidden. Bring it back first: `/heed hide %d off`. Nothing has changed.", it.Number, it.Number))
		}
	}
	return into, from, nil
}

func anyCommunity(items []Item) bool {
	for _, it := range items {
		if it.Audience == Community {
			return true
		}
	}
	return false
}

// numbersAre says who is meant: "#12 is", "#12 and #13 are".
func numbersAre(items []Item) string {
	if len(items) == 1 {
		return fmt.Sprintf("#%d is", items[0].Number)
	}
	var ns []string
	for _, it := range items {
		ns = append(ns, fmt.Sprintf("#%d", it.Number))
	}
	return strings.Join(ns[:len(ns)-1], ", ") + " and " + ns[len(ns)-1] + " are"
}

// unmergeCommand is `/heed unmerge 12`.
func (b *Bot) unmergeCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		it, err := lockItself(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		if it.Into == 0 {
			return Refuse(Conflict, Sayf("%v isn't part of another request. Nothing has changed.", title(it)))
		}
		it, err = b.unmerge(ctx, tx, c, it)
		if err != nil {
			return err
		}
		reply = Sayf("%v is its own again: 👍 %d. Votes and words that came since are where they were given.", title(it), it.Votes).
			With(Buttons{{Label: "See it", Action: Act("details", it.Number)}})
		return nil
	})
	return reply, err
}

// unmerge makes a locked merged item its own again, and takes back what was still to
// be said about the merge.
func (b *Bot) unmerge(ctx context.Context, tx Tx, c caller, it Item) (Item, error) {
	root := it.Root
	entries, err := tx.History(ctx, it.Board, it.ID, 100)
	if err != nil {
		return it, fmt.Errorf("history: %w", err)
	}
	now := b.clock.Now()
	if err := tx.UnmergeItem(ctx, it.Board, it.ID, now); err != nil {
		return it, fmt.Errorf("unmerge: %w", err)
	}
	for _, e := range entries {
		if e.Act != actMerged {
			continue
		}
		into, err := tx.Item(ctx, it.Board, root)
		if err != nil {
			return it, err
		}
		if _, err := tx.UndoEntry(ctx, it.Board, e.ID, now); err != nil {
			return it, fmt.Errorf("undo entry: %w", err)
		}
		if err := b.takeBackNews(ctx, tx, into, e.ID, actMerged, e.ID); err != nil {
			return it, err
		}
		break
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actUnmerged, Data: mergedData{Into: root}, At: now}); err != nil {
		return it, fmt.Errorf("history: %w", err)
	}
	return tx.Item(ctx, it.Board, it.ID)
}

// undoMerge takes apart what one merge had made one, as far as it still is.
func (b *Bot) undoMerge(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, err := entryData[mergedData](e)
	if err != nil {
		return nil, err
	}
	locked, err := tx.LockItems(ctx, c.Workspace.Board, append([]ItemID{e.Item}, data.Items...)...)
	if err != nil {
		return nil, err
	}
	var back []Item
	for _, id := range data.Items {
		it, ok := locked[id]
		if !ok || it.Into != e.Item {
			continue
		}
		if it, err = b.unmerge(ctx, tx, c, it); err != nil {
			return nil, err
		}
		back = append(back, it)
	}
	if len(back) == 0 {
		return nil, Refuse(Conflict, Sayf("They were taken apart already. Nothing has changed."))
	}
	say := Sayf("Taken back: %s on their own again.", numbersAre(back))
	if len(back) == 1 {
		say = Sayf("Taken back: %v is its own again: 👍 %d.", title(back[0]), back[0].Votes)
	}
	if b.clock.Now().Sub(e.At) > b.options.Undo+time.Minute {
		say = say.With(Small{Textf("The places that asked had been told of the merge.")})
	}
	say.Replace = true
	return say, nil
}
