package bot

import (
	"context"
	"errors"
	"fmt"
)

// reviewRoutes are the queue of words that wait for a moderator, and what is decided.
func (b *Bot) reviewRoutes(r *routes) {
	r.presses["review"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		skip, _ := numberArg(args, 0)
		return b.review(ctx, c, skip, nil)
	}
	r.presses["reviewread"] = b.reviewReadPress
	r.presses["reviewpicture"] = b.reviewPicturePress
	r.presses["decisions"] = b.decisionsPress
	r.presses["letin"] = b.decidePress(b.letIn)
	r.presses["keepout"] = b.decidePress(b.keepOut)
	r.presses["keepoutblock"] = b.decidePress(b.keepOutAndBlock)
	r.presses["keepoutwhy"] = b.whyHiddenPress
	r.forms[whyHiddenForm] = b.whyHidden
	r.undos[actLetIn] = undo{VerbHide, b.undoLetIn}
	r.undos[actKeptOut] = undo{VerbHide, b.undoKeptOut}
	r.undos[actBlocked] = undo{VerbBlock, b.undoBlock}
}

// mayModerate refuses those who don't decide what is let in.
func (b *Bot) mayModerate(ctx context.Context, tx Tx, c caller) error {
	return b.may(ctx, tx, c, Command{Verb: VerbHide})
}

// review shows the next words that wait for a moderator, after skip of them, below what
// was just done.
func (b *Bot) review(ctx context.Context, c caller, skip int, done Doc) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayModerate(ctx, tx, c); err != nil {
			return err
		}
		held, all, err := tx.HeldForReview(ctx, c.Workspace.Board, Page{1, skip})
		if err != nil {
			return err
		}
		say := Sayf("Nothing waits for a moderator. Well done.").With(Buttons{decisionsButton()})
		switch {
		case len(held) > 0:
			if say, err = b.reviewCard(ctx, tx, c, held[0], 1, skip, all); err != nil {
				return err
			}
		case all > 0:
			say = Sayf("That was all for now; still waiting: %d.", all).With(Buttons{{Label: "From the start", Action: "review"}})
		}
		say.Doc = append(append(Doc{}, done...), say.Doc...)
		say.Replace = skip > 0 || done != nil
		reply = say
		return nil
	})
	return reply, err
}

// decisionsButton leads to what was decided.
func decisionsButton() Button { return Button{Label: "What was decided", Action: "decisions"} }

// reviewReadPress is [Read on], `reviewread HELD PART SKIP`: long words, a part at a time.
func (b *Bot) reviewReadPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	part, also := numberArg(args, 1)
	skip, _ := numberArg(args, 2)
	if !ok || !also {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayModerate(ctx, tx, c); err != nil {
			return err
		}
		h, err := tx.Held(ctx, c.Workspace.Board, HeldID(id))
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("held words: %w", err)
		}
		if h.Why != HeldReview || !h.SettledAt.IsZero() {
			reply, err = b.decidedAlready(ctx, tx, c, h)
			return err
		}
		_, all, err := tx.HeldForReview(ctx, h.Board, Page{1, 0})
		if err != nil {
			return err
		}
		say, err := b.reviewCard(ctx, tx, c, h, part, skip, all)
		say.Replace = true
		reply = say
		return err
	})
	return reply, err
}

// reviewCard shows words that wait and what can be decided. Words that don't fit are
// shown in parts, and let in only by who has come to the last: what is read is what
// is let in.
func (b *Bot) reviewCard(ctx context.Context, tx Tx, c caller, h Held, part, skip, all int) (Say, error) {
	doc := Doc{Small{Textf("%d of %d for a moderator", min(skip+1, all), all)}}
	what, err := b.reviewWhat(ctx, tx, h)
	if err != nil {
		return Say{}, err
	}
	who, err := b.reviewWho(ctx, tx, c, h)
	if err != nil {
		return Say{}, err
	}
	doc = append(doc, Para{what}, Small{who})
	if h.Wish.Title != "" {
		doc = append(doc, Para{Textf("*%s*", h.Wish.Title)})
	}
	if r := h.Wish.Review; r != nil && r.Title != "" && r.Body {
		doc = append(doc, Para{Textf("*%s*", r.Title)})
	}
	runes := []rune(spoken(h.Words))
	const size = shownWords - 1
	parts := max((len(runes)+size-1)/size, 1)
	part = min(max(part, 1), parts)
	doc = append(doc, Quote{Literal(string(runes[(part-1)*size : min(part*size, len(runes))]))})
	first := Button{Label: "Approve", Action: Act("letin", h.ID, skip), Style: Primary}
	if part < parts {
		doc = append(doc, Small{Textf("Part %d of %d. It can be approved at its end.", part, parts)})
		first = Button{Label: "Read on", Action: Act("reviewread", h.ID, part+1, skip), Style: Primary}
	}
	if w := h.Wish; w.Saved != nil && w.Saved.Pictures > 0 {
		doc = append(doc, Small{Textf("📎 %d in the original", w.Saved.Pictures)})
	}
	decide := Buttons{
		first,
		{Label: "Hide", Action: Act("keepout", h.ID, skip)},
		{Label: "Block", Action: Act("keepoutblock", h.ID, skip), Style: Danger},
		{Label: "Skip", Action: Act("review", skip+1)},
	}
	_, err = heldPicture(ctx, tx, h)
	switch {
	case err == nil:
		doc = append(doc, Small{Textf("📎 A picture comes with it, and stands under the card once this is approved.")})
		decide = append(decide, Button{Label: "See the picture", Action: Act("reviewpicture", h.ID)})
	case !errors.Is(err, ErrNotFound):
		return Say{}, err
	}
	return Say{Doc: append(doc, decide)}, nil
}

// reviewWhat says what words that wait are for.
func (b *Bot) reviewWhat(ctx context.Context, tx Tx, h Held) (Text, error) {
	r := h.Wish.Review
	if r == nil {
		return Textf("*A new request*"), nil
	}
	it, err := tx.Item(ctx, h.Board, r.Item)
	if errors.Is(err, ErrNotFound) { // it stayed on another board
		return Textf("*Words for a request that is not on this board*"), nil
	}
	if err != nil {
		return nil, fmt.Errorf("item of words under review: %w", err)
	}
	switch {
	case r.For == ReviewSame:
		return Textf("*Words for* %v", title(it)), nil
	case r.For == ReviewTell:
		return Textf("*An answer about* %v", title(it)), nil
	case r.Append:
		return Textf("*More words for* %v, from who asked for it", title(it)), nil
	case !r.Body:
		return Textf("*Another title for* %v, from who asked for it", title(it)), nil
	}
	return Textf("*Other words for* %v, from who asked for it", title(it)), nil
}

// reviewWho says who said it, since when they are here, where and when.
func (b *Bot) reviewWho(ctx context.Context, tx Tx, c caller, h Held) (Text, error) {
	now := b.clock.Now()
	m, err := tx.Member(ctx, h.Board, h.Member)
	if err != nil {
		return nil, fmt.Errorf("who said it: %w", err)
	}
	line := Text{memberSpan(m, c.Workspace.ID)}
	if !m.JoinedAt.IsZero() {
		line = append(line, Span{Text: " · joined " + ago(now, m.JoinedAt)})
	}
	if h.Wish.Saved != nil && h.Wish.Author != h.Member {
		author, joined := Span{Text: "someone"}, ""
		if h.Wish.Author != 0 {
			a, err := tx.Member(ctx, h.Board, h.Wish.Author)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, fmt.Errorf("author of a message: %w", err)
			}
			if err == nil {
				author = memberSpan(a, c.Workspace.ID)
				if !a.JoinedAt.IsZero() {
					joined = " (joined " + ago(now, a.JoinedAt) + ")"
				}
			}
		}
		line = append(line, Textf(" · saved a message of %v%s", author, joined)...)
	}
	if h.Wish.Channel != "" {
		ch, err := tx.Channel(ctx, h.Board, h.Wish.Workspace, h.Wish.Channel)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("where it was said: %w", err)
		}
		if err == nil && ch.Kind != DirectChannel {
			line = append(line, Textf(" · in %v", c.channelName(ch))...)
		}
	}
	return append(line, Span{Text: " · " + ago(now, h.CreatedAt)}), nil
}

// decidedAlready tells a moderator what became of words that they wanted to decide.
func (b *Bot) decidedAlready(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	if h.SettledBy == 0 {
		return Sayf("Their author let these words go, so there's nothing to decide any more."), nil
	}
	who := Span{Text: "Somebody"}
	m, err := tx.Member(ctx, h.Board, h.SettledBy)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("who decided: %w", err)
	}
	if err == nil {
		who = memberSpan(m, c.Workspace.ID)
	}
	what := "hid"
	if h.Item != 0 {
		what = "let in"
	}
	return Sayf("%v %s these words %s. Nothing has changed.", who, what, ago(b.clock.Now(), h.SettledAt)), nil
}
