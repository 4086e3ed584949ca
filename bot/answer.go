package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// actAnswered is the history's word for what people say when Heed asked them: an
// answer to a question, what was missed in a no, what is off with what shipped.
const actAnswered = "answered"

// tellForm takes such words; its state is "WHY NUMBER".
const tellForm = "tell"

// tellPress is [Answer], [What did we miss?] and [Something's off].
func (b *Bot) tellPress(why string) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		it, err := readable(ctx, b.store, c, n)
		if err != nil {
			return nil, err
		}
		form := Form{ID: tellForm, State: fmt.Sprintf("%s %d", why, it.Number), Title: fmt.Sprintf("About #%d", it.Number), Submit: "Send"}
		label := "What did we miss?"
		info := Doc{Para{title(it)}}
		switch why {
		case "answer":
			label = "Your answer"
			if it.Status == StatusNeedsInfo && it.Reason != "" {
				info = append(info, Quote{Literal(it.Reason)})
			}
		case "off":
			label = "What's off?"
		case "why":
			label = "Why do you need it?"
		}
		form.Fields = []Field{InfoField{info}, TextField{Name: "words", Label: label, Lines: true, Max: fieldRunes}}
		return Ask{form}, nil
	}
}

// told keeps the words of such a form as evidence. The requester's answer to a
// question ends the wait; anything else is marked for triage. The same words again
// are kept once.
func (b *Bot) told(ctx context.Context, c caller, s Submission) (Reply, error) {
	why, number, _ := strings.Cut(s.State, " ")
	n, ok := numberArg([]string{number}, 0)
	if !ok {
		return nil, staleButton()
	}
	words := Clean(spoken(s.Values["words"]))
	if Empty(words) {
		return Fix{map[string]string{"words": "A few words are enough."}}, nil
	}
	if err := CheckWords(words); err != nil {
		return nil, err
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.notBlocked(ctx, tx, c, ""); err != nil {
			return err
		}
		it, err := lockRoot(ctx, tx, c, n)
		if RefusedWith(err) != "" { // it may be part of one that they can't read: the words stay with what they know
			it, err = lockItself(ctx, tx, c, n)
		}
		if err != nil {
			return err
		}
		reply, err = b.keepTold(ctx, tx, c, it, why, words)
		return err
	})
	return reply, giveBack(err, words)
}

func (b *Bot) keepTold(ctx context.Context, tx Tx, c caller, it Item, why, words string) (Reply, error) {
	thanks := Sayf("Thank you. Your words stand with %v now, and the team sees them.", title(it.As(c.audience()))).With(Buttons{{Label: "See it", Action: Act("details", it.Number)}})
	quotes, _, err := tx.EvidenceFor(ctx, it.Board, it.ID, Team, 100, 0)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	for _, e := range quotes {
		if e.Member == c.Member.ID && e.Kind == EvidenceReply && e.Quote == words {
			return thanks, nil
		}
	}
	audience := Narrower(it.Audience, c.wish().Audience)
	looks, err := b.itemLooksFirst(ctx, tx, c, it, audience, 0)
	if err != nil {
		return nil, err
	}
	if looks {
		return b.tellLater(ctx, tx, c, it, why, words, audience)
	}
	if _, err := b.addTold(ctx, tx, it, c.Member, why, words, audience); err != nil {
		return nil, err
	}
	return thanks, nil
}

// tellLater keeps such words until a moderator has looked. The same words again wait
// once.
func (b *Bot) tellLater(ctx context.Context, tx Tx, c caller, it Item, why, words string, a Audience) (Reply, error) {
	waiting, err := tx.HeldOf(ctx, it.Board, c.Member.Person, 10*maxReviews)
	if err != nil {
		return nil, fmt.Errorf("own held words: %w", err)
	}
	for _, h := range waiting {
		if h.Words == words && h.Wish.Review != nil && h.Wish.Review.Item == it.ID && h.Wish.Review.For == ReviewTell {
			return b.reviewReply(h), nil
		}
	}
	if err := b.mayWait(ctx, tx, c, ""); err != nil {
		return nil, err
	}
	w := c.wish()
	w.Audience, w.Review = a, &Reviewed{For: ReviewTell, Item: it.ID, Why: why}
	h, err := b.toReview(ctx, tx, Held{Board: it.Board, Member: c.Member.ID, Key: "tell:" + c.key(), Words: words, Wish: w})
	if err != nil {
		return nil, err
	}
	return b.heldReply(ctx, tx, c, h)
}

// addTold keeps what a member said about a locked item as evidence, which it answers.
func (b *Bot) addTold(ctx context.Context, tx Tx, it Item, m Member, why, words string, a Audience) (EvidenceID, error) {
	now := b.clock.Now()
	e, _, err := tx.AddEvidence(ctx, it.Board, Evidence{Item: it.ID, Kind: EvidenceReply, Member: m.ID, Quote: words, Audience: a, CreatedAt: now})
	if err != nil {
		return 0, fmt.Errorf("keep an answer: %w", err)
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Act: actAnswered, Data: map[string]string{"why": why}, At: now}); err != nil {
		return 0, fmt.Errorf("history: %w", err)
	}
	author, err := b.personOf(ctx, tx, it.Board, it.Author)
	if err != nil {
		return 0, err
	}
	if why == "answer" && it.Status == StatusNeedsInfo && author == m.Person {
		return e.ID, b.answered(ctx, tx, it, now)
	}
	it.Triage = it.Triage || why != "why"
	if err := tx.SaveItem(ctx, it, m.ID); err != nil {
		return 0, fmt.Errorf("mark for triage: %w", err)
	}
	return e.ID, tx.TouchItem(ctx, it.Board, it.ID, now)
}

// answered puts an item whose question was answered by the one who asked for it back
// under review, where those who decide find it first.
func (b *Bot) answered(ctx context.Context, tx Tx, it Item, now time.Time) error {
	data := statusOf(it, statusData{To: StatusUnderReview})
	it.Status, it.Reason, it.TeamReason, it.StatusAt, it.Triage = StatusUnderReview, "", "", now, true
	if err := tx.SaveItem(ctx, it, 0); err != nil {
		return err
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Act: newsStatus, Data: data, At: now}); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return tx.TouchItem(ctx, it.Board, it.ID, now)
}
