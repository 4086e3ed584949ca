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
		until, err := tx.BlockedUntil(ctx, c.Workspace.Board, c.Member.Person, b.clock.Now())
		if err != nil {
			return fmt.Errorf("blocked: %w", err)
		}
		if !until.IsZero() {
			return Refuse(Forbidden, Sayf("You can't give feedback until %s, so this wasn't kept.", day(b.clock.Now(), until)))
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
	now := b.clock.Now()
	audience := Narrower(it.Audience, c.wish().Audience)
	if _, _, err := tx.AddEvidence(ctx, it.Board, Evidence{Item: it.ID, Kind: EvidenceReply, Member: c.Member.ID, Quote: words, Audience: audience, CreatedAt: now}); err != nil {
		return nil, fmt.Errorf("keep an answer: %w", err)
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Act: actAnswered, Data: map[string]string{"why": why}, At: now}); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	own, err := b.isOwn(ctx, tx, c, it)
	if err != nil {
		return nil, err
	}
	if why == "answer" && it.Status == StatusNeedsInfo && own {
		if err := b.answered(ctx, tx, it, now); err != nil {
			return nil, err
		}
		return thanks, nil
	}
	it.Triage = it.Triage || why != "why"
	return thanks, b.saveTouched(ctx, tx, c, it)
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
