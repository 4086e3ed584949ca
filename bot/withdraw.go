package bot

import (
	"context"
	"fmt"
	"time"
)

// undoAsk is for how long a request can be undone without a question.
const undoAsk = 5 * time.Minute

// withdrawAsk says what taking back would do, and asks.
func (b *Bot) withdrawAsk(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := b.ownItem(ctx, b.store, c, number)
	if err != nil {
		return nil, err
	}
	others, err := b.store.OthersFor(ctx, it.Board, it.Root, c.Member.Person)
	if err != nil {
		return nil, fmt.Errorf("others who want it: %w", err)
	}
	buttons := Buttons{{Label: "Withdraw it", Action: Act("withdrawnow", number), Style: Danger}, {Label: "Keep it", Action: Act("details", number)}}
	switch {
	case it.Into != 0:
		return Sayf("%v was put together with others, so what they said stays. Your name and your vote go.", c.ownTitle(it)).With(buttons), nil
	case others > 0:
		return Sayf("Take %v back? %s it too by now, so it stays for them; your name and your vote go.", c.ownTitle(it), want(others)).With(buttons), nil
	}
	return Sayf("Take %v back? Nobody else has voted, so it goes altogether.", c.ownTitle(it)).With(buttons), nil
}

// unask is [Undo] on a receipt: at once while it is fresh, later as a question.
func (b *Bot) unask(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := b.ownItem(ctx, b.store, c, number)
	if err != nil {
		return nil, err
	}
	if b.clock.Now().Sub(it.CreatedAt) > undoAsk {
		return b.withdrawAsk(ctx, c, number)
	}
	return b.withdraw(ctx, c, number)
}

// withdraw takes the caller's own request back: altogether while nobody else votes
// for it, else only their name and their vote.
func (b *Bot) withdraw(ctx context.Context, c caller, number int) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.lockOwn(ctx, tx, c, number)
		if err != nil {
			return err
		}
		others, err := tx.OthersFor(ctx, it.Board, it.Root, c.Member.Person)
		if err != nil {
			return fmt.Errorf("others who want it: %w", err)
		}
		_, words := ownWords(c.eyes(), it)
		if reply, err = b.takeBack(ctx, tx, c, it, others); err != nil {
			return err
		}
		say := reply.(Say)
		reply = say.With(Small{Textf("Your words, in case you need them:")}, Quote{Literal(Excerpt(words, shownWords))})
		return nil
	})
	if say, ok := reply.(Say); ok {
		say.Replace = true
		reply = say
	}
	return reply, err
}

// takeBack withdraws a locked item of the caller's.
func (b *Bot) takeBack(ctx context.Context, tx Tx, c caller, it Item, others int) (Reply, error) {
	now := b.clock.Now()
	ballot, err := b.ballotOf(ctx, tx, it, c.Member.ID, PlaceCommand, c.At)
	if err != nil {
		return nil, err
	}
	ballot.Act, ballot.Fresh = Retract, true
	if _, err := tx.CastVotes(ctx, now, []Ballot{ballot}); err != nil {
		return nil, fmt.Errorf("take a vote back: %w", err)
	}
	say := Sayf("Done: *#%d* is taken back. Nothing of it is shown any more.", it.Number)
	quotes, _, err := tx.EvidenceFor(ctx, it.Board, it.Root, Team, 1000, 0)
	if err != nil {
		return nil, fmt.Errorf("quotes of a request: %w", err)
	}
	whole := others == 0 && it.Into == 0
	for _, e := range quotes {
		if e.Item != it.ID || e.Member != it.Author {
			continue
		}
		e.Member, e.Permalink = 0, ""
		if err := tx.SaveEvidence(ctx, it.Board, e); err != nil {
			return nil, fmt.Errorf("take a name off: %w", err)
		}
		if whole {
			if _, err := tx.RemoveEvidence(ctx, it.Board, e.ID, now); err != nil {
				return nil, fmt.Errorf("take a quote back: %w", err)
			}
		}
		if err := b.renote(ctx, tx, it, e.ID); err != nil {
			return nil, err
		}
	}
	if whole {
		it.GoneAt = now
	} else {
		it.Author = 0
		say = Sayf("Done: your name and your vote are off *#%d*. It stays for those who want it too.", it.Number)
	}
	if err := tx.SaveItem(ctx, it, 0); err != nil {
		return nil, fmt.Errorf("take a request back: %w", err)
	}
	by := c.Member.ID
	if !whole { // the name goes from here too
		by = 0
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: by, Act: "withdrawn", At: now}); err != nil {
		return nil, fmt.Errorf("history of a withdrawal: %w", err)
	}
	if err := tx.TouchTops(ctx, it.Board, now); err != nil {
		return nil, fmt.Errorf("live tops: %w", err)
	}
	return say, tx.TouchItem(ctx, it.Board, it.ID, now)
}
