package bot

import (
	"context"
	"errors"
	"fmt"
)

// heldRoutes are the choices about held words.
func (b *Bot) heldRoutes(r *routes) {
	r.presses["same"] = b.samePress
	r.presses["own"] = b.ownPress
	r.presses["letgo"] = b.letGoPress
	r.presses["held"] = b.lookAgainPress
	r.presses["runheld"] = b.runHeldPress
}

// onHeld does something about the caller's own held words, which are locked. Words
// that were settled meanwhile are answered with what became of them; somebody
// else's are none of theirs.
func (b *Bot) onHeld(ctx context.Context, c caller, args []string, do func(Tx, Held) (Reply, error)) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockMember(ctx, c.Workspace.Board, c.Member.ID); err != nil {
			return fmt.Errorf("lock member: %w", err)
		}
		h, err := tx.LockHeld(ctx, c.Workspace.Board, HeldID(id))
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("held words: %w", err)
		}
		m, err := tx.Member(ctx, h.Board, h.Member)
		if err != nil {
			return fmt.Errorf("whose held words: %w", err)
		}
		if m.Person != c.Member.Person {
			return staleButton()
		}
		if !h.SettledAt.IsZero() {
			reply, err = b.heldReply(ctx, tx, c, h)
			return err
		}
		reply, err = do(tx, h)
		return err
	})
	if say, ok := reply.(Say); ok {
		say.Replace = true
		reply = say
	}
	return reply, err
}

// samePress is [That's it], `same HELD N`: the words become evidence of #N and their
// author's vote for it.
func (b *Bot) samePress(ctx context.Context, c caller, args []string) (Reply, error) {
	number, ok := numberArg(args, 1)
	if !ok {
		return nil, staleButton()
	}
	return b.onHeld(ctx, c, args, func(tx Tx, h Held) (Reply, error) {
		it, err := readable(ctx, tx, c, number)
		if err == nil {
			it, err = lockRoot(ctx, tx, c, number)
		}
		if RefusedWith(err) != "" {
			return Sayf("#%d isn't there any more. Your words are safe; shall I post them as your own?", number).With(heldButtons(h)), nil
		}
		if err != nil {
			return nil, err
		}
		if err := b.notBlocked(ctx, tx, c, h.Words); err != nil {
			return nil, err
		}
		h.Wish.Asked = c.At
		looks, err := b.itemLooksFirst(ctx, tx, c, it, Narrower(it.Audience, h.Wish.Audience), h.Wish.Author)
		if err != nil {
			return nil, err
		}
		if looks {
			return b.joinLater(ctx, tx, c, h, it)
		}
		if err := b.join(ctx, tx, h, it); err != nil {
			return nil, err
		}
		return b.addedTo(ctx, tx, c, it, h.Wish.Author == c.Member.ID)
	})
}

// join makes held words part of a locked root item.
func (b *Bot) join(ctx context.Context, tx Tx, h Held, it Item) error {
	now := b.clock.Now()
	if _, err := b.support(ctx, tx, it, EvidenceSame, h.Words, h.Wish); err != nil {
		return err
	}
	if err := attachPicture(ctx, tx, h.Board, h.Key, it.ID, now); err != nil {
		return err
	}
	if err := b.noteJoined(ctx, tx, it, h.Wish.Author); err != nil {
		return err
	}
	return tx.SettleHeld(ctx, h.Board, h.ID, it.ID, now)
}

// noteJoined keeps in the history that words came to an item, and shows it.
func (b *Bot) noteJoined(ctx context.Context, tx Tx, it Item, author MemberID) error {
	now := b.clock.Now()
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: author, Act: "joined", At: now}); err != nil {
		return fmt.Errorf("history of joined words: %w", err)
	}
	if err := tx.TouchItem(ctx, it.Board, it.ID, now); err != nil {
		return fmt.Errorf("touch item: %w", err)
	}
	return nil
}

// joinLater keeps words for an item until a moderator has looked at them; their
// author's vote needs nobody's look.
func (b *Bot) joinLater(ctx context.Context, tx Tx, c caller, h Held, it Item) (Reply, error) {
	if err := b.mayWait(ctx, tx, c, h.Words); err != nil {
		return nil, err
	}
	if h.Wish.Author == c.Member.ID {
		ballot, err := b.ballotOf(ctx, tx, it, c.Member.ID, PlaceAsked, h.Wish.Asked)
		if err != nil {
			return nil, err
		}
		if _, err := tx.CastVotes(ctx, b.clock.Now(), []Ballot{ballot}); err != nil {
			return nil, fmt.Errorf("vote of words that wait: %w", err)
		}
	}
	h.Wish.Review = &Reviewed{For: ReviewSame, Item: it.ID}
	h, err := b.toReview(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	return b.reviewReply(h), nil
}

// ownPress is [Mine is different] and [Send as feedback], `own HELD`. Words that were
// held for another reason than something similar are looked at as if just typed.
func (b *Bot) ownPress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.onHeld(ctx, c, args, func(tx Tx, h Held) (Reply, error) {
		if h.Why == HeldReview {
			return b.heldReply(ctx, tx, c, h)
		}
		if h.Why == HeldUnclear || h.Why == HeldLimited {
			reply, err := b.boundedHeld(ctx, tx, c, h)
			if reply != nil || err != nil {
				return reply, err
			}
			h.Words = Clean(spoken(h.Words))
			if h.Wish.Offered, err = b.similar(ctx, tx, c, h.Words, h.Wish); err != nil {
				return nil, err
			}
			if len(h.Wish.Offered) > 0 {
				h.Why, h.Until = HeldSimilar, b.clock.Now().Add(heldFor)
				if err := tx.SaveHeld(ctx, h); err != nil {
					return nil, fmt.Errorf("hold words again: %w", err)
				}
				return b.choice(ctx, tx, c, h)
			}
		}
		if err := b.notBlocked(ctx, tx, c, h.Words); err != nil {
			return nil, err
		}
		return b.admitOrHold(ctx, tx, c, h)
	})
}

// boundedHeld is bounded for words that are kept already, and stay so.
func (b *Bot) boundedHeld(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	say, limited, err := b.overBounds(ctx, tx, c, spoken(h.Words))
	if err != nil || say.Doc == nil {
		return nil, err
	}
	if !limited {
		return say, nil
	}
	if h.Why == HeldSaving { // its form is closed now
		h.Why, h.Until = HeldLimited, b.clock.Now().Add(keptFor)
		if err := tx.SaveHeld(ctx, h); err != nil {
			return nil, fmt.Errorf("keep a saved message: %w", err)
		}
	}
	return say.With(Small{Textf("They stay kept for you: `/heed mine`")}, heldButtons(h)), nil
}

// release makes held words their own item, marked for triage when something similar
// was there. Whether a moderator has to look first was asked before.
func (b *Bot) release(ctx context.Context, tx Tx, h Held) (Item, error) {
	if it, ok, err := b.savedMeanwhile(ctx, tx, h); ok || err != nil {
		return it, err
	}
	var same ItemID
	if len(h.Wish.Offered) > 0 {
		same = h.Wish.Offered[0]
	}
	if h.Wish.Author != 0 {
		_, err := tx.Member(ctx, h.Board, h.Wish.Author)
		switch {
		case errors.Is(err, ErrNotFound): // forgotten since: the words stay without a name
			h.Wish.Author = 0
		case err != nil:
			return Item{}, fmt.Errorf("author of held words: %w", err)
		}
	}
	it, err := b.file(ctx, tx, h.Board, h.Key, h.Words, h.Wish, same)
	if err != nil {
		return it, err
	}
	if err := tx.SettleHeld(ctx, h.Board, h.ID, it.ID, b.clock.Now()); err != nil {
		return it, err
	}
	return it, b.retellWaits(ctx, tx, h)
}

// savedMeanwhile settles a saved message that somebody else saved while its saver was
// asked: it is that request, with their vote. It reports false for all other words.
func (b *Bot) savedMeanwhile(ctx context.Context, tx Tx, h Held) (Item, bool, error) {
	if h.Wish.Saved == nil {
		return Item{}, false, nil
	}
	e, err := tx.EvidenceByMessage(ctx, h.Board, ChannelAt{h.Wish.Workspace, h.Wish.Channel}, h.Wish.Saved.Message)
	if errors.Is(err, ErrNotFound) {
		return Item{}, false, nil
	}
	if err != nil {
		return Item{}, false, fmt.Errorf("saved message: %w", err)
	}
	it, err := tx.Item(ctx, h.Board, e.Item)
	if err != nil {
		return it, false, fmt.Errorf("item of a saved message: %w", err)
	}
	ballot, err := b.ballotOf(ctx, tx, it, h.Member, PlaceAsked, h.Wish.Asked)
	if err != nil {
		return it, false, err
	}
	now := b.clock.Now()
	if _, err := tx.CastVotes(ctx, now, []Ballot{ballot}); err != nil {
		return it, false, fmt.Errorf("vote instead of a double: %w", err)
	}
	return it, true, tx.SettleHeld(ctx, h.Board, h.ID, it.ID, now)
}

// letGoPress is [Let it go], `letgo HELD`: the words are given back once more.
func (b *Bot) letGoPress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.onHeld(ctx, c, args, func(tx Tx, h Held) (Reply, error) {
		if err := tx.SettleHeld(ctx, h.Board, h.ID, 0, b.clock.Now()); err != nil {
			return nil, fmt.Errorf("let held words go: %w", err)
		}
		if err := b.retellWaits(ctx, tx, h); err != nil {
			return nil, err
		}
		return Sayf("Let go; I keep nothing of it. For the last time, your words:").With(Quote{Literal(spoken(Excerpt(h.Words, shownWords)))}), nil
	})
}

// lookAgainPress is [Look again], `held HELD`.
func (b *Bot) lookAgainPress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.onHeld(ctx, c, args, func(tx Tx, h Held) (Reply, error) { return b.heldReply(ctx, tx, c, h) })
}

// runHeldPress runs the command that unclear words were meant as, `runheld HELD`. The
// words are let go once it has run; refused, they stay.
func (b *Bot) runHeldPress(ctx context.Context, c caller, args []string) (Reply, error) {
	var cmd Command
	settled := true
	reply, err := b.onHeld(ctx, c, args, func(_ Tx, h Held) (Reply, error) {
		var ok bool
		if cmd, ok = commandIn(h.Words); !ok {
			cmd = Command{Verb: VerbHelp}
		}
		settled = false
		return nil, nil
	})
	if settled || err != nil {
		return reply, err
	}
	if reply, err = b.run(ctx, c, cmd); err != nil {
		return reply, err
	}
	_, err = b.onHeld(ctx, c, args, func(tx Tx, h Held) (Reply, error) {
		return nil, tx.SettleHeld(ctx, h.Board, h.ID, 0, b.clock.Now())
	})
	return reply, err
}
