package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The history's words of what a moderator decides about words that wait.
const (
	actLetIn   = "let_in"
	actKeptOut = "kept_out"
)

const (
	// letInKept is how long words that were let in are kept besides what became of
	// them, so that it can be undone.
	letInKept = 24 * time.Hour
	// hiddenKept is how long hidden words are kept: for their author, and for a
	// moderator who thinks again.
	hiddenKept = 30 * 24 * time.Hour
)

// decidedData is what the history keeps of a decision: ids only.
type decidedData struct {
	Held     HeldID     `json:"held"`
	For      ReviewFor  `json:"for,omitempty"`
	Evidence EvidenceID `json:"evidence,omitempty"` // the quote that was let in
	Edit     int64      `json:"edit,omitempty"`     // the entry of the edit that was let in
}

// decidePress is a moderator's decision about words that wait, `VERB HELD SKIP`, with
// the next words below. Of two who decide at once the first counts; the other is told.
func (b *Bot) decidePress(do func(context.Context, Tx, caller, Held) (Say, error)) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		id, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		var done Reply
		err := b.store.InTx(ctx, func(tx Tx) error {
			if err := b.mayModerate(ctx, tx, c); err != nil {
				return err
			}
			h, err := tx.LockHeld(ctx, c.Workspace.Board, HeldID(id))
			if errors.Is(err, ErrNotFound) || err == nil && h.Why != HeldReview {
				return staleButton()
			}
			if err != nil {
				return fmt.Errorf("held words: %w", err)
			}
			if !h.SettledAt.IsZero() {
				done, err = b.decidedAlready(ctx, tx, c, h)
				return err
			}
			done, err = do(ctx, tx, c, h)
			return err
		})
		if err != nil {
			return nil, err
		}
		skip, _ := numberArg(args, 1)
		above := append(done.(Say).Doc, Rule{})
		if c.Roles.Has(PM) {
			return b.triage(ctx, c, skip, above)
		}
		return b.review(ctx, c, skip, above)
	}
}

// keepOut is [Hide]: the words never reach the board. Their author is told, once there
// was time to think again.
func (b *Bot) keepOut(ctx context.Context, tx Tx, c caller, h Held) (Say, error) {
	entry, err := b.hideHeld(ctx, tx, c, h)
	if err != nil {
		return Say{}, err
	}
	if err := b.tellDecided(ctx, tx, h, b.clock.Now().Add(b.options.Undo)); err != nil {
		return Say{}, err
	}
	return Sayf("Hidden. Their author hears of it in %s, with their words.", span(b.options.Undo)).
		With(Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "Say why…", Action: Act("keepoutwhy", h.ID)}}), nil
}

// hideHeld settles locked words as hidden and answers the entry of the history.
func (b *Bot) hideHeld(ctx context.Context, tx Tx, c caller, h Held) (int64, error) {
	now := b.clock.Now()
	if err := tx.DecideHeld(ctx, h.Board, h.ID, c.Member.ID, 0, "", now.Add(hiddenKept), now); err != nil {
		return 0, fmt.Errorf("hide held words: %w", err)
	}
	if err := b.retellWaits(ctx, tx, h); err != nil {
		return 0, err
	}
	e := Entry{Member: c.Member.ID, Act: actKeptOut, Data: decidedData{Held: h.ID}, At: now}
	if r := h.Wish.Review; r != nil {
		it, err := tx.Item(ctx, h.Board, r.Item)
		if err != nil && !errors.Is(err, ErrNotFound) { // it may have stayed on another board
			return 0, fmt.Errorf("item of hidden words: %w", err)
		}
		e.Item = it.ID
	}
	entry, err := tx.AddHistory(ctx, h.Board, e)
	if err != nil {
		return 0, fmt.Errorf("history of hidden words: %w", err)
	}
	return entry, nil
}

// keepOutAndBlock is [Block]: who said it may say nothing more for a week, and all of
// theirs that waits is hidden.
func (b *Bot) keepOutAndBlock(ctx context.Context, tx Tx, c caller, h Held) (Say, error) {
	m, err := tx.Member(ctx, h.Board, h.Member)
	if err != nil {
		return Say{}, fmt.Errorf("who said it: %w", err)
	}
	reply, err := b.block(ctx, tx, c, m, blockDays, "")
	if err != nil {
		return Say{}, err
	}
	return reply.(Say), nil
}

// undoKeptOut is [Undo] of [Hide]: the words wait again.
func (b *Bot) undoKeptOut(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, err := entryData[decidedData](e)
	if err != nil {
		return nil, err
	}
	ok, err := b.reopen(ctx, tx, c.Workspace.Board, data.Held)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, Refuse(Conflict, Sayf("These words are not kept any more, so they can't come back. Nothing has changed."))
	}
	return Say{Doc: Doc{Para{Textf("Taken back: the words wait for a moderator again.")}, Buttons{{Label: "Look at them", Action: "review"}}}, Replace: true}, nil
}

// reopen makes decided words wait again, and their author's note with them. False: they
// are not kept any more, or their author let them go.
func (b *Bot) reopen(ctx context.Context, tx Tx, board BoardID, id HeldID) (bool, error) {
	h, err := tx.LockHeld(ctx, board, id)
	if errors.Is(err, ErrNotFound) || err == nil && (h.SettledAt.IsZero() || h.Words == "") {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("held words: %w", err)
	}
	now := b.clock.Now()
	if err := tx.ReopenHeld(ctx, board, id, now.Add(reviewAgain)); err != nil {
		return false, fmt.Errorf("reopen held words: %w", err)
	}
	if err := b.retellWaits(ctx, tx, h); err != nil {
		return false, err
	}
	return true, b.untellDecided(ctx, tx, h)
}

const whyHiddenForm = "keepoutwhy"

// whyHiddenPress is [Say why…]: a reason for the author of hidden words.
func (b *Bot) whyHiddenPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	if err := b.mayModerate(ctx, b.store, c); err != nil {
		return nil, err
	}
	return Ask{Form{ID: whyHiddenForm, State: fmt.Sprint(id), Title: "Why was it hidden?", Submit: "Save", Fields: []Field{
		TextField{Name: "reason", Label: "Why?", Hint: "Their author reads it, without your name.", Lines: true, Max: MaxReason},
	}}}, nil
}

// whyHidden is that form sent.
func (b *Bot) whyHidden(ctx context.Context, c caller, s Submission) (Reply, error) {
	id, ok := numberArg([]string{s.State}, 0)
	if !ok {
		return nil, staleButton()
	}
	reason := Excerpt(Clean(spoken(s.Values["reason"])), MaxReason)
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayModerate(ctx, tx, c); err != nil {
			return err
		}
		h, err := tx.LockHeld(ctx, c.Workspace.Board, HeldID(id))
		if errors.Is(err, ErrNotFound) || err == nil && h.Why != HeldReview {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("held words: %w", err)
		}
		if h.SettledAt.IsZero() || h.Item != 0 || h.Words == "" {
			return Refuse(Conflict, Sayf("These words are not hidden any more. Nothing has changed."))
		}
		if err := tx.DecideHeld(ctx, h.Board, h.ID, h.SettledBy, 0, reason, h.Until, h.SettledAt); err != nil {
			return fmt.Errorf("why words were hidden: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, giveBack(err, reason)
	}
	return Sayf("Noted. Their author reads it with their words."), nil
}
