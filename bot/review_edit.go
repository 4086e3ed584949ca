package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// editLater keeps new words of an item until a moderator has looked, where one does:
// what was let in must not turn into something else behind their back. Nil: nobody has
// to look. Who is blocked changes nothing either.
func (b *Bot) editLater(ctx context.Context, tx Tx, c caller, before, it Item, act string) (Reply, error) {
	was, is := before.As(Team), it.As(Team) // the words of those who asked
	h := Held{Board: it.Board, Member: c.Member.ID, Key: "edit:" + c.key(), Words: is.Title}
	r := &Reviewed{For: ReviewEdit, Item: it.ID, Act: act}
	if was.Title != is.Title {
		r.Title = is.Title
	}
	if was.Body != is.Body {
		h.Words, r.Body = is.Body, true
		if more, ok := strings.CutPrefix(is.Body, was.Body+"\n\n"); ok && act == actDetails {
			h.Words, r.Append = more, true
		}
	}
	if err := b.notBlocked(ctx, tx, c, h.Words); err != nil {
		return nil, err
	}
	looks, err := b.itemLooksFirst(ctx, tx, c, it, it.ownReaders(), 0)
	if err != nil || !looks {
		return nil, err
	}
	if err := b.mayWait(ctx, tx, c, h.Words); err != nil {
		return nil, err
	}
	h.Wish = c.wish()
	h.Wish.Review = r
	if h, err = b.toReview(ctx, tx, h); err != nil {
		return nil, err
	}
	return b.heldReply(ctx, tx, c, h)
}

// applyEdit gives a locked item the words of an edit that was let in, and answers the
// entry of the history that keeps the old.
func (b *Bot) applyEdit(ctx context.Context, tx Tx, h Held, r Reviewed, it Item) (Item, int64, error) {
	before, own := it, it.As(Team)
	title, body := own.Title, own.Body
	if r.Title != "" {
		title = r.Title
	}
	switch {
	case r.Append && !endsWith(body, h.Words):
		body += "\n\n" + h.Words
	case r.Body && !r.Append:
		body = h.Words
	}
	if err := CheckWords(body); err != nil {
		return it, 0, err
	}
	it.reword(title, body)
	entry, err := b.writeWords(ctx, tx, h.Member, before, it, r.Act)
	return it, entry, err
}

// undoEdit gives a locked item the words that it had before an edit, unless they were
// changed again since.
func (b *Bot) undoEdit(ctx context.Context, tx Tx, c caller, it Item, r Reviewed, words string, entry int64) error {
	e, err := tx.Entry(ctx, it.Board, entry)
	if err != nil {
		return fmt.Errorf("entry of an edit: %w", err)
	}
	var old edits
	if raw, ok := e.Data.(json.RawMessage); ok {
		if err := json.Unmarshal(raw, &old); err != nil {
			return fmt.Errorf("entry of an edit: %w", err)
		}
	}
	before, own := it, it.As(Team)
	changed := r.Title != "" && own.Title != r.Title || r.Body && !r.Append && own.Body != words || r.Append && !endsWith(own.Body, words)
	if changed || r.Body && old.Body == "" {
		return Refuse(Conflict, Sayf("%v has been changed since. I left it as it is; `/heed hide %d` takes it out of sight.", title(it), it.Number))
	}
	if opensAgain(it, old.For) {
		return changedSince(it)
	}
	name, body := own.Title, own.Body
	if r.Title != "" {
		name = old.Title
	}
	if r.Body {
		body = old.Body
	}
	it.reword(name, body)
	_, err = b.writeWords(ctx, tx, c.Member.ID, before, it, "edited")
	return err
}
