package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// maxItemTags is how many tags an item has at most: a card shows them all in one line.
const maxItemTags = 8

// actTagged is the history's word for tags put on or taken off.
const actTagged = "tagged"

// taggedData is what the history keeps of it.
type taggedData struct {
	Added []string `json:"added,omitempty"`
	Taken []string `json:"taken,omitempty"`
	For   Audience `json:"for,omitempty"` // who could read the tags then
}

// tagCommand is `/heed tag 42 onboarding` and `/heed untag 42 onboarding`.
func (b *Bot) tagCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		it, err := lockRoot(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		want := slices.Clone(it.Tags)
		for _, t := range cmd.Tags {
			i := slices.Index(want, t)
			switch {
			case cmd.Verb == VerbUntag && i >= 0:
				want = slices.Delete(want, i, i+1)
			case cmd.Verb == VerbTag && i < 0:
				want = append(want, t)
			}
		}
		reply, err = b.setTags(ctx, tx, c, it, want, cmd.Item)
		return err
	})
	return reply, err
}

// setTags gives a locked item exactly these tags.
func (b *Bot) setTags(ctx context.Context, tx Tx, c caller, it Item, want []string, asked int) (Reply, error) {
	if len(want) > maxItemTags {
		return nil, Refuse(Invalid, Sayf("%v would have %d tags, and a card shows %d at most. Nothing has changed. Take one off first: `/heed untag %d %s`", title(it), len(want), maxItemTags, it.Number, want[0]))
	}
	data := taggedData{For: it.ownReaders()}
	for _, t := range want {
		if !slices.Contains(it.Tags, t) {
			data.Added = append(data.Added, t)
		}
	}
	for _, t := range it.Tags {
		if !slices.Contains(want, t) {
			data.Taken = append(data.Taken, t)
		}
	}
	if len(data.Added)+len(data.Taken) == 0 {
		return Sayf("%v has %s, as before.", title(it), tagList(it.Tags)), nil
	}
	slices.Sort(want)
	it.Tags = want
	if err := b.saveTouched(ctx, tx, c, it); err != nil {
		return nil, err
	}
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actTagged, Data: data, At: b.clock.Now()})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return Sayf("%v%v has %s now.", title(it), partOf(asked, it), tagList(want)).With(Buttons{{Label: "Undo", Action: Act("undo", entry)}}), nil
}

// saveTouched writes a locked item and makes its cards due.
func (b *Bot) saveTouched(ctx context.Context, tx Tx, c caller, it Item) error {
	if err := tx.SaveItem(ctx, it, c.Member.ID); err != nil {
		return err
	}
	return tx.TouchItem(ctx, it.Board, it.ID, b.clock.Now())
}

// tagList names tags for a sentence: "the tags comfort, mobile".
func tagList(tags []string) string {
	if len(tags) == 0 {
		return "no tags"
	}
	if len(tags) == 1 {
		return "the tag " + tags[0]
	}
	return "the tags " + strings.Join(tags, ", ")
}

// undoTags puts back what was taken off and takes off what was added, and leaves what
// others did since.
func (b *Bot) undoTags(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[taggedData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if len(data.Taken) > 0 && opensAgain(it, data.For) { // taken off among the team, perhaps for this
		return nil, changedSince(it)
	}
	it.Tags = slices.DeleteFunc(slices.Clone(it.Tags), func(t string) bool { return slices.Contains(data.Added, t) })
	for _, t := range data.Taken {
		if !slices.Contains(it.Tags, t) {
			it.Tags = append(it.Tags, t)
		}
	}
	if err := b.saveTouched(ctx, tx, c, it); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v has %s again.", title(it), tagList(it.Tags))
	say.Replace = true
	return say, nil
}
