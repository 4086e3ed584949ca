package bot

import (
	"context"
	"errors"
	"fmt"
)

// readable is the item with this number in the words that the caller may read: to show,
// not to save. One that isn't there, was withdrawn or hidden, or is for other eyes, is
// refused alike.
func readable(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := tx.ItemByNumber(ctx, c.Workspace.Board, number)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return it, fmt.Errorf("item by number: %w", err)
	}
	if err != nil || !it.GoneAt.IsZero() || !c.audience().MayRead(it.Audience) {
		if !c.known() {
			return it, Refuse(NotFound, Sayf("There's no #%d that I can show you just now: I haven't been told yet who you are here. Nothing has changed; please try again in a minute.", number))
		}
		return it, noSuchItem(number)
	}
	if !it.HiddenAt.IsZero() && !c.moderates() {
		return it, noSuchItem(number)
	}
	return it.As(c.audience()), nil
}

// noSuchItem refuses a number that stands for nothing the person may see.
func noSuchItem(number int) error {
	return Refuse(NotFound, Sayf("There's no #%d here. Nothing has changed. `/heed top` lists what there is, `/heed search WORDS` finds it.", number))
}

// lockRoot locks the item with this number and the one it was merged into, and
// answers the latter: what is decided about a merged item is decided about the one
// it is part of. To whom may not read that one it answers the item itself, whose words
// and votes belong to the other all the same. A hidden one is refused.
func lockRoot(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := lockItself(ctx, tx, c, number)
	if err != nil {
		return it, err
	}
	if it.Root != it.ID {
		locked, err := tx.LockItems(ctx, it.Board, it.Root)
		if err != nil {
			return it, fmt.Errorf("lock root: %w", err)
		}
		if root := locked[it.Root]; c.audience().MayRead(root.Audience) {
			it = root
		}
	}
	if !it.HiddenAt.IsZero() {
		return it, Refuse(Conflict, Sayf("#%d is hidden. Bring it back first: `/heed hide %d off`. Nothing has changed.", it.Number, it.Number))
	}
	return it, nil
}

// lockItself locks the item with this number, merged or hidden as it may be.
func lockItself(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := readable(ctx, tx, c, number)
	if err != nil {
		return it, err
	}
	locked, err := tx.LockItems(ctx, it.Board, it.ID)
	if err != nil {
		return it, fmt.Errorf("lock item: %w", err)
	}
	return locked[it.ID], nil
}

// title is "#42 Dark mode" as a sentence says it.
func title(it Item) Text { return Textf("*#%d %s*", it.Number, it.Title) }

// partOf says that the number asked for lives on in another item; "" when it is itself.
func partOf(asked int, it Item) Text {
	if asked == it.Number {
		return nil
	}
	return Textf(" (#%d is part of it)", asked)
}
