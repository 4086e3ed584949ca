package bot

import (
	"context"
	"fmt"
	"time"
)

const (
	// reviewAgain is after how long the moderators are told again of words that wait.
	reviewAgain = 24 * time.Hour
	// maxReviews is how much of one person's may wait for a moderator at once: nobody
	// buries the others' words under their own.
	maxReviews = 10
)

// toReview keeps words until a moderator has looked. They are held already, or new.
// A person who has too much there is refused; what was held stays as it is.
func (b *Bot) toReview(ctx context.Context, tx Tx, h Held) (Held, error) {
	now := b.clock.Now()
	h.Why, h.Until = HeldReview, now.Add(reviewAgain)
	if h.CreatedAt.IsZero() {
		h.CreatedAt = now
	}
	if h.ID != 0 {
		if err := tx.SaveHeld(ctx, h); err != nil {
			return h, fmt.Errorf("hold for review: %w", err)
		}
	} else {
		var err error
		var fresh bool
		if h, fresh, err = tx.Hold(ctx, h); err != nil {
			return h, fmt.Errorf("hold for review: %w", err)
		}
		if !fresh {
			return h, nil
		}
	}
	return h, b.tellModerators(ctx, tx, h.Board, now)
}

// mayWait refuses a person who has too much waiting for a moderator.
func (b *Bot) mayWait(ctx context.Context, tx Tx, c caller, words string) error {
	waiting, err := tx.HeldOf(ctx, c.Workspace.Board, c.Member.Person, 10*maxReviews)
	if err != nil {
		return fmt.Errorf("own held words: %w", err)
	}
	n := 0
	for _, h := range waiting {
		if h.Why == HeldReview {
			n++
		}
	}
	if n < maxReviews {
		return nil
	}
	return giveBack(Refuse(Limited, Sayf("%d texts of yours wait for a moderator already. I take the next one when they have looked. Nothing was saved this time.", n)), words)
}

// reviewReply is what the author of words under review reads.
func (b *Bot) reviewReply(h Held) Reply {
	say := Sayf("Your words are kept. A moderator looks first, usually within a day, and I tell you either way.")
	if r := h.Wish.Review; r != nil && r.For == ReviewSame {
		say = Sayf("👍 Counted, and your words are kept. A moderator looks at them first, usually within a day, and I tell you either way.")
	}
	return say.With(Quote{Literal(Excerpt(h.Words, shownWords))}, Small{Textf("Until then they are listed under `/heed mine`.")}, heldButtons(h))
}

// blockedSay answers somebody who is blocked, with their words; no document: they are not.
func (b *Bot) blockedSay(ctx context.Context, tx Tx, c caller, words string) (Say, error) {
	until, err := tx.BlockedUntil(ctx, c.Workspace.Board, c.Member.Person, b.clock.Now())
	if err != nil || until.IsZero() {
		return Say{}, err
	}
	say := Sayf("You can't send feedback here until %s, so this wasn't posted.", b.when(until, c.Member.Zone))
	if !Empty(words) {
		say = Sayf("You can't send feedback here until %s, so this wasn't posted. Here are your words:", b.when(until, c.Member.Zone)).
			With(Quote{Literal(Excerpt(words, shownWords))})
	}
	return say.With(Small{Textf("You can still read and vote.")}), nil
}

// notBlocked refuses somebody who is blocked.
func (b *Bot) notBlocked(ctx context.Context, tx Tx, c caller, words string) error {
	say, err := b.blockedSay(ctx, tx, c, words)
	if err != nil {
		return fmt.Errorf("blocked: %w", err)
	}
	if say.Doc != nil {
		return Refuse(Forbidden, say)
	}
	return nil
}
