package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// heldLimit is how many held words one step of the loop settles.
const heldLimit = 50

// noteHeld is the subject of the note that words wait for their author's word.
const noteHeld = "held"

type heldSubject struct {
	Note string `json:"note"`
	Held HeldID `json:"held"`
}

// RunHeld settles words that have waited long enough, until ctx ends.
func (b *Bot) RunHeld(ctx context.Context) error {
	return b.loop(ctx, beat{name: "held", least: time.Second}, b.HeldOnce, func(did int, err error, failures int) time.Duration {
		switch {
		case err != nil:
			return troublePause(failures)
		case did >= heldLimit:
			return 0
		}
		return 15 * time.Second
	})
}

// HeldOnce settles what is due and answers how many that were. Each is settled in a
// transaction of its own: one that fails is tried again and holds up no other.
func (b *Bot) HeldOnce(ctx context.Context) (int, error) {
	due, err := b.store.HeldDue(ctx, b.clock.Now(), heldLimit)
	if err != nil {
		return 0, fmt.Errorf("held words that are due: %w", err)
	}
	did := 0
	var errs []error
	for _, h := range due {
		err := b.store.InTx(ctx, func(tx Tx) error { return b.settleHeld(ctx, tx, h.Board, h.ID) })
		if err != nil {
			errs = append(errs, fmt.Errorf("settle held words %d: %w", h.ID, err))
			continue
		}
		did++
	}
	if did > 0 {
		b.Wake()
	}
	return did, errors.Join(errs...)
}

// settleHeld does what silence means: words with something similar become their own
// request, marked for triage; words that may be a command are never posted unasked,
// so their author is told once and they are kept; an open form is let go.
func (b *Bot) settleHeld(ctx context.Context, tx Tx, board BoardID, id HeldID) error {
	h, err := tx.LockHeld(ctx, board, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := b.clock.Now()
	if !h.SettledAt.IsZero() || h.Until.After(now) { // another replica, or the author, was first
		return nil
	}
	switch afterSilence(h, now) {
	case silencePosts:
		err = b.postSilent(ctx, tx, h)
	case silenceReminds:
		err = b.remind(ctx, tx, h)
	case silenceWaits:
		_, err = b.toReview(ctx, tx, h)
	case silenceEnds:
		err = tx.SettleHeld(ctx, board, id, 0, now)
	}
	return err
}

// silence is what no answer to held words means.
type silence int

const (
	silencePosts   silence = iota + 1 // they become their own request
	silenceReminds                    // their author is told, once
	silenceWaits                      // a moderator has still to look
	silenceEnds                       // they are let go
)

// afterSilence decides about words whose time is over.
func afterSilence(h Held, now time.Time) silence {
	switch h.Why {
	case HeldSimilar:
		return silencePosts
	case HeldReview:
		return silenceWaits
	case HeldUnclear:
		if now.Before(h.CreatedAt.Add(keptFor)) {
			return silenceReminds
		}
	case HeldLimited, HeldSaving:
	}
	return silenceEnds
}

// postSilent makes words their own request whose author said nothing more. Who may not
// ask keeps them until they may; where a moderator looks first, one does.
func (b *Bot) postSilent(ctx context.Context, tx Tx, h Held) error {
	m, err := tx.Member(ctx, h.Board, h.Member)
	if err != nil {
		return fmt.Errorf("whose held words: %w", err)
	}
	until, err := tx.BlockedUntil(ctx, h.Board, m.Person, b.clock.Now())
	if err != nil {
		return fmt.Errorf("blocked: %w", err)
	}
	if !until.IsZero() {
		h.Why, h.Until = HeldLimited, b.clock.Now().Add(keptFor)
		return tx.SaveHeld(ctx, h)
	}
	looks, err := b.wishLooksFirst(ctx, tx, h.Board, h.Member, h.Wish)
	if err != nil {
		return err
	}
	if looks {
		_, err = b.toReview(ctx, tx, h)
		return err
	}
	_, err = b.release(ctx, tx, h)
	return err
}

// remind tells the author of unclear words that they still wait, and keeps them on.
func (b *Bot) remind(ctx context.Context, tx Tx, h Held) error {
	h.Until = h.CreatedAt.Add(keptFor)
	if err := tx.SaveHeld(ctx, h); err != nil {
		return err
	}
	m, err := tx.Member(ctx, h.Board, h.Member)
	if err != nil {
		return fmt.Errorf("whose held words: %w", err)
	}
	_, err = tx.WantPost(ctx, h.Board, Want{
		Key: fmt.Sprintf("held:%d", h.ID), Kind: PostNote, Workspace: m.Workspace, Account: m.Account,
		Subject: heldSubject{noteHeld, h.ID}, Due: b.clock.Now(),
	})
	return err
}

// heldNote is what that person reads.
func (b *Bot) heldNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[heldSubject](p)
	if err != nil {
		return nil, 0, err
	}
	h, err := tx.Held(ctx, p.Board, s.Held)
	if errors.Is(err, ErrNotFound) || err == nil && !h.SettledAt.IsZero() {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("held words of a note: %w", err)
	}
	say := b.which(h).(Say)
	return Note{append(Doc{Para{Textf("You typed this a while ago, and I couldn't tell what it was. I posted nothing and kept the words.")}}, say.Doc...)}, 1, nil
}
