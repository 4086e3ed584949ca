package bot

import (
	"context"
	"fmt"
)

// mineSize is how much of each part "mine" shows at first.
const mineSize = 5

// mine is what a person asked for and voted for, where it stands, and what waits
// for them.
func (b *Bot) mine(ctx context.Context, tx Tx, c caller, r eyes) (Doc, error) {
	doc, n, err := b.heldList(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	asked, askedTotal, err := b.askedList(ctx, tx, r, Page{mineSize, 0})
	if err != nil {
		return nil, err
	}
	voted, votedTotal, err := b.votedList(ctx, tx, r, Page{mineSize, 0})
	if err != nil {
		return nil, err
	}
	hidden, err := b.hiddenList(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	if doc = append(doc, hidden...); n+len(hidden)+askedTotal+votedTotal == 0 {
		return r.empty(Textf("You haven't asked for anything yet, and haven't voted. What would make things better for you?")), nil
	}
	if askedTotal > 0 {
		doc = append(append(doc, Para{Textf("*You asked for*")}), asked...)
	}
	if votedTotal > 0 {
		doc = append(append(doc, Para{Textf("*You voted for*")}), voted...)
	}
	notes := Button{Label: "Stop notes about these", Action: "stop"}
	if c.Member.Muted {
		notes = Button{Label: "Tell me when these move", Action: "start"}
	}
	return append(doc, Buttons{{Label: "Give feedback", Action: "give", Style: Primary}, {Label: "See the top 10", Action: "top"}, notes}), nil
}

// waiting is what waits for a person's choice and, below it, for a moderator's.
func (b *Bot) waiting(ctx context.Context, tx Tx, c caller, r eyes) (Doc, error) {
	doc, n, err := b.heldList(ctx, tx, r)
	if err != nil {
		return doc, err
	}
	if c.moderates() {
		held, all, err := tx.HeldForReview(ctx, r.board, Page{1, 0})
		if err != nil {
			return nil, fmt.Errorf("words for a moderator: %w", err)
		}
		if len(held) > 0 {
			card, err := b.reviewCard(ctx, tx, c, held[0], 1, 0, all)
			return append(append(doc, card.Doc...), Buttons{decisionsButton()}), err
		}
		if n == 0 {
			return Doc{Para{Textf("Nothing waits, neither for you nor for a moderator.")}, Buttons{decisionsButton()}}, nil
		}
		return append(doc, Buttons{decisionsButton()}), nil
	}
	if n > 0 {
		return doc, nil
	}
	return Doc{Para{Textf("Nothing waits for you. All your words are where you sent them: `/heed mine`")}}, nil
}

// heldList is the part about words that wait, and how many there are.
func (b *Bot) heldList(ctx context.Context, tx Tx, r eyes) (Doc, int, error) {
	const most = 10
	hs, err := tx.HeldOf(ctx, r.board, r.person, most)
	if err != nil {
		return nil, 0, fmt.Errorf("held words: %w", err)
	}
	if len(hs) == 0 {
		return nil, 0, nil
	}
	doc := Doc{Para{Textf("*Waiting*")}}
	for _, h := range hs {
		why := "for your choice; something similar is there. In " + span(max(h.Until.Sub(b.clock.Now()), 0)) + " it's posted as your own"
		switch h.Why {
		case HeldUnclear:
			why = "a command, or a request?"
		case HeldReview:
			why = "a moderator looks first"
		case HeldLimited:
			why = "kept until you may send the next one"
		case HeldSimilar, HeldSaving:
		}
		doc = append(doc, Para{Textf("“%s”", spoken(Excerpt(oneLine(h.Words), 200)))}, Small{Literal(why)}, heldButtons(h))
	}
	return doc, len(hs), nil
}

// ownWords are the title and the words of somebody's own request as they may read them.
// To who does not read what the team reads, the title that the team gave it is none of
// theirs: they know it by their own first words.
func ownWords(r eyes, it Item) (name, words string) {
	if r.audience == Team {
		it = it.As(Team)
		return it.Title, it.Body
	}
	if it.Audience == Community {
		return it.Title, it.Body
	}
	if it.Shared() {
		return Title(it.TeamBody), it.TeamBody
	}
	return Title(it.Body), it.Body
}

// ownTitle is title for somebody's own request.
func (c caller) ownTitle(it Item) Text {
	it.Title, _ = ownWords(c.eyes(), it)
	return title(it)
}

// hiddenList is the part about words that a moderator hid, while they are kept.
func (b *Bot) hiddenList(ctx context.Context, tx Tx, r eyes) (Doc, error) {
	hs, err := tx.HiddenOf(ctx, r.board, r.person, mineSize)
	if err != nil {
		return nil, fmt.Errorf("hidden words: %w", err)
	}
	if len(hs) == 0 {
		return nil, nil
	}
	doc := Doc{Para{Textf("*Not put on the board*")}}
	for _, h := range hs {
		why := "a moderator looked and hid it"
		if h.Reason != "" {
			why += ": " + oneLine(h.Reason)
		}
		doc = append(doc, Para{Textf("“%s”", spoken(Excerpt(oneLine(h.Words), 200)))},
			Small{Textf("%s · kept for you until %s", why, day(b.clock.Now(), h.Until))})
	}
	return doc, nil
}

// askedList is a part of what a person asked for, and how much that is in all.
func (b *Bot) askedList(ctx context.Context, tx Tx, r eyes, p Page) (Doc, int, error) {
	items, total, err := tx.AskedBy(ctx, r.board, r.person, p)
	if err != nil {
		return nil, 0, fmt.Errorf("own requests: %w", err)
	}
	var doc Doc
	for _, it := range items {
		it.Title, _ = ownWords(r, it)
		line := itemLine(it)
		switch {
		case !it.HiddenAt.IsZero():
			line = Textf("*#%d* · a moderator took it out of sight", it.Number)
		case it.Into != 0:
			root, err := tx.Item(ctx, r.board, it.Root)
			if err != nil {
				return nil, 0, fmt.Errorf("what a request went into: %w", err)
			}
			if r.audience.MayRead(root.Audience) {
				line = Textf("*#%d %s* · part of %v", it.Number, it.Title, itemLine(root.As(r.audience)))
			} else {
				line = Textf("*#%d %s*", it.Number, it.Title)
			}
		}
		doc = append(doc, Row{Text: line, Buttons: []Button{{Label: "Details", Action: Act("details", it.Number)}}})
	}
	return append(doc, r.foot(p.Offset, len(items), total, Act("asked", p.Offset+len(items)), "")...), total, nil
}

// votedList is a part of what a person voted for, and how much that is in all.
func (b *Bot) votedList(ctx context.Context, tx Tx, r eyes, p Page) (Doc, int, error) {
	items, total, err := tx.VotedFor(ctx, r.board, r.audience, r.person, p)
	if err != nil {
		return nil, 0, fmt.Errorf("own votes: %w", err)
	}
	var doc Doc
	for _, it := range items {
		doc = append(doc, Row{Text: itemLine(it), Buttons: []Button{{Label: "Details", Action: Act("details", it.Number)}}})
	}
	return append(doc, r.foot(p.Offset, len(items), total, Act("voted", p.Offset+len(items)), "")...), total, nil
}

// morePress shows the next part of a list of the person's own.
func (b *Bot) morePress(list func(context.Context, Tx, eyes, Page) (Doc, int, error)) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		offset, _ := numberArg(args, 0)
		doc, _, err := list(ctx, b.store, c.eyes(), Page{listSize, offset})
		if err != nil {
			return nil, err
		}
		if len(doc) == 0 {
			return Sayf("That was all of it."), nil
		}
		return Say{Doc: doc}, nil
	}
}
