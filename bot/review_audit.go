package bot

import (
	"context"
	"errors"
	"fmt"
)

// decisionsPress is [What was decided], `decisions OFFSET`: who decided what about words
// and people, the last first, with a way to take it back.
func (b *Bot) decisionsPress(ctx context.Context, c caller, args []string) (Reply, error) {
	offset, _ := numberArg(args, 0)
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayModerate(ctx, tx, c); err != nil {
			return err
		}
		entries, total, err := tx.Decisions(ctx, c.Workspace.Board, Page{listSize, offset})
		if err != nil {
			return fmt.Errorf("what was decided: %w", err)
		}
		if len(entries) == 0 {
			reply = Sayf("Nothing has been decided about words or people so far.")
			return nil
		}
		doc := Doc{Heading{"What was decided"}}
		for _, e := range entries {
			row, err := b.decisionRow(ctx, tx, c, e)
			if err != nil {
				return err
			}
			doc = append(doc, row)
		}
		r := c.eyes()
		r.shares = false
		reply = Say{Doc: append(doc, r.foot(offset, len(entries), total, Act("decisions", offset+len(entries)), "")...)}
		return nil
	})
	return reply, err
}

// decisionRow is one decision in a line.
func (b *Bot) decisionRow(ctx context.Context, tx Tx, c caller, e Entry) (Row, error) {
	who, err := b.someone(ctx, tx, c, e.Member)
	if err != nil {
		return Row{}, err
	}
	what, err := b.decisionText(ctx, tx, c, e)
	if err != nil {
		return Row{}, err
	}
	line := Textf("%v %v · %s", who, what, ago(b.clock.Now(), e.At))
	if !e.UndoneAt.IsZero() {
		return Row{Text: append(line, Span{Text: " · taken back"})}, nil
	}
	row := Row{Text: line}
	if _, ok := b.routes.undos[e.Act]; ok {
		row.Buttons = []Button{{Label: "Undo", Action: Act("undo", e.ID)}}
	}
	return row, nil
}

// decisionText says what somebody decided, as it stands after their name.
func (b *Bot) decisionText(ctx context.Context, tx Tx, c caller, e Entry) (Text, error) {
	var about Text
	if e.Item != 0 {
		it, err := tx.Item(ctx, c.Workspace.Board, e.Item)
		if err != nil {
			return nil, fmt.Errorf("item of a decision: %w", err)
		}
		if about = title(it); !it.HiddenAt.IsZero() {
			about = Textf("*#%d*", it.Number)
		}
	}
	switch e.Act {
	case actHidden:
		return Textf("took %v out of sight", about), nil
	case actUnhidden:
		return Textf("brought %v back", about), nil
	case actBlocked, actUnblocked:
		data, err := entryData[blockedData](e)
		if err != nil {
			return nil, err
		}
		m, err := b.someone(ctx, tx, c, data.Member)
		if err != nil || e.Act == actUnblocked {
			return Textf("ended the block of %v", m), err
		}
		return Textf("blocked %v until %s", m, day(b.clock.Now(), data.Until)), nil
	}
	data, err := entryData[decidedData](e)
	if err != nil {
		return nil, err
	}
	h, err := tx.Held(ctx, c.Workspace.Board, data.Held)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("held words of a decision: %w", err)
	}
	m, err := b.someone(ctx, tx, c, h.Member)
	switch {
	case err != nil:
		return nil, err
	case e.Act == actKeptOut && h.Reason != "":
		return Textf("hid a text of %v (%s)", m, oneLine(h.Reason)), nil
	case e.Act == actKeptOut:
		return Textf("hid a text of %v", m), nil
	case data.For == "":
		return Textf("let in %v, a request of %v", about, m), nil
	}
	return Textf("let in words of %v for %v", m, about), nil
}

// someone is a member in a sentence, also when they are not known any more.
func (b *Bot) someone(ctx context.Context, tx Tx, c caller, id MemberID) (Span, error) {
	if id == 0 {
		return Span{Text: "someone"}, nil
	}
	m, err := tx.Member(ctx, c.Workspace.Board, id)
	if errors.Is(err, ErrNotFound) {
		return Span{Text: "someone"}, nil
	}
	if err != nil {
		return Span{}, fmt.Errorf("a member in a sentence: %w", err)
	}
	return memberSpan(m, c.Workspace.ID), nil
}
