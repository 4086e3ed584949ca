package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// An undo takes back what one history entry did, inside the transaction that has
// just marked the entry undone. It answers what the person reads. A refusal leaves
// everything as it was, the entry too.
type undo struct {
	// needs is the command whose rights allow it to others than the person who did
	// the act; "" allows it to nobody else.
	needs Verb
	do    func(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error)
}

// undoPress is `undo ENTRY`: once, by the person who did it or somebody who holds
// the same right.
func (b *Bot) undoPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		e, err := tx.Entry(ctx, c.Workspace.Board, int64(id))
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("entry to undo: %w", err)
		}
		u, ok := b.routes.undos[e.Act]
		if !ok {
			return Refuse(Conflict, Sayf("That can't be taken back with a button. Nothing has changed."))
		}
		if err := b.mayUndo(ctx, tx, c, u, e); err != nil {
			return err
		}
		// The item is locked before the entry, as by every act on it: of two presses
		// the second waits here and then finds the entry undone.
		if e.Item != 0 {
			if _, err := tx.LockItems(ctx, c.Workspace.Board, e.Item); err != nil {
				return err
			}
		}
		first, err := tx.UndoEntry(ctx, c.Workspace.Board, e.ID, b.clock.Now())
		if err != nil {
			return fmt.Errorf("undo entry: %w", err)
		}
		if !first {
			return Refuse(Conflict, Sayf("That was taken back already. Nothing has changed since."))
		}
		reply, err = u.do(ctx, tx, c, e)
		if err != nil {
			return err
		}
		_, err = tx.AddHistory(ctx, c.Workspace.Board, Entry{
			Item: e.Item, Story: e.Story, Member: c.Member.ID, Act: "undone", Data: undoneData{e.ID, e.Act}, At: b.clock.Now(),
		})
		return err
	})
	return reply, err
}

// undoneData says what an entry of act "undone" took back.
type undoneData struct {
	Entry int64  `json:"entry"`
	Act   string `json:"act"`
}

func (b *Bot) mayUndo(ctx context.Context, tx Tx, c caller, u undo, e Entry) error {
	if e.Member != 0 {
		by, err := tx.Member(ctx, c.Workspace.Board, e.Member)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("who did it: %w", err)
		}
		// Whoever may no longer do it has as long as everyone has to think again.
		if by.Person == c.Member.Person && (u.needs == "" || b.clock.Now().Before(e.At.Add(b.options.Undo))) {
			return nil
		}
	}
	if u.needs == "" {
		return Refuse(Forbidden, Sayf("Only the person who did this can take it back. Nothing has changed."))
	}
	cmd := Command{Verb: u.needs}
	if e.Item != 0 {
		it, err := tx.Item(ctx, c.Workspace.Board, e.Item)
		if err != nil {
			return fmt.Errorf("item of an entry: %w", err)
		}
		cmd.Item = it.Number
	}
	return b.may(ctx, tx, c, cmd)
}

// inTime refuses an undo of something outward once it may have gone out.
func (b *Bot) inTime(e Entry, instead Text) error {
	if b.clock.Now().Before(e.At.Add(b.options.Undo)) {
		return nil
	}
	return Refuse(Conflict, Sayf("Too late to take back quietly: the news went out %s. %v", ago(b.clock.Now(), e.At.Add(b.options.Undo)), instead))
}

// undoing reads what an entry kept, and locks the item that it is about.
func undoing[T any](ctx context.Context, tx Tx, c caller, e Entry) (T, Item, error) {
	data, err := entryData[T](e)
	if err != nil {
		return data, Item{}, err
	}
	locked, err := tx.LockItems(ctx, c.Workspace.Board, e.Item)
	return data, locked[e.Item], err
}

// entryData reads what an entry kept.
func entryData[T any](e Entry) (T, error) {
	var out T
	raw, ok := e.Data.(json.RawMessage)
	if !ok {
		return out, fmt.Errorf("entry %d: data is not as stored", e.ID)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("entry %d: %w", e.ID, err)
	}
	return out, nil
}

// numberArg reads a button's argument as a number above 0, as large as Postgres'
// integer and no larger: what a button holds may be forged.
func numberArg(args []string, i int) (int, bool) {
	if i >= len(args) {
		return 0, false
	}
	n, err := strconv.ParseInt(args[i], 10, 32)
	return int(n), err == nil && n > 0
}

// staleButton refuses a button that says nothing anymore.
func staleButton() error {
	return Refuse(NotFound, Sayf("That button is from an older message and no longer does anything. Nothing has changed."))
}

// ago says how long before now something was: "just now", "2 minutes ago", "on 3 March".
func ago(now, at time.Time) string {
	d := now.Sub(at)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute") + " ago"
	case d < 24*time.Hour:
		return plural(int(d/time.Hour), "hour") + " ago"
	case d < 14*24*time.Hour:
		return plural(int(d/(24*time.Hour)), "day") + " ago"
	}
	return "on " + day(now, at)
}

// day is a date as people write it, with the year only when it is another one.
func day(now, at time.Time) string {
	if now.Year() == at.Year() {
		return at.Format("2 January")
	}
	return at.Format("2 January 2006")
}
