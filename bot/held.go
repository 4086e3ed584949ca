package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// keptFor is how long words are kept that nobody but their author can place: those
// that may be a command, and those that were too many.
const keptFor = 30 * 24 * time.Hour

// heldReply is what the author of held words reads now.
func (b *Bot) heldReply(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	switch {
	case h.Item != 0:
		it, err := tx.Item(ctx, h.Board, h.Item)
		if err != nil {
			return nil, fmt.Errorf("item of held words: %w", err)
		}
		if r := h.Wish.Review; r != nil && r.For == ReviewEdit {
			return Sayf("A moderator looked, and your change is in: %v.", title(it)).With(Buttons{{Label: "See it", Action: Act("details", it.Number)}}), nil
		}
		if own, err := tx.ItemByKey(ctx, h.Board, h.Key); err == nil && own.ID == it.ID {
			return b.receipt(ctx, tx, c, it)
		} else if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("item of an act: %w", err)
		}
		return b.addedTo(ctx, tx, c, it, h.Wish.Author == c.Member.ID)
	case !h.SettledAt.IsZero() && h.Why == HeldReview && h.Words != "":
		return Say{Doc: b.hiddenDoc(h)}, nil
	case !h.SettledAt.IsZero():
		return Sayf("You've decided about these words already. Nothing has changed."), nil
	case h.Why == HeldUnclear:
		return b.which(h), nil
	case h.Why == HeldReview:
		return b.reviewReply(h), nil
	case h.Why == HeldLimited:
		return Sayf("Your words are kept for you until you may send the next one:").With(Quote{Literal(Excerpt(h.Words, shownWords))}, heldButtons(h)), nil
	}
	return b.choice(ctx, tx, c, h)
}

// choice asks the author of held words whether they are the same as what is there.
func (b *Bot) choice(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	var say Say
	var others []Block
	for _, id := range h.Wish.Offered {
		it, err := tx.Item(ctx, h.Board, id)
		if err != nil {
			return nil, fmt.Errorf("similar item: %w", err)
		}
		it = it.As(c.audience())
		if !it.Listed() || !c.audience().MayRead(it.Audience) {
			continue
		}
		line := Textf("*#%d %s* · %d 👍 · %s", it.Number, it.Title, it.Votes, it.Status.Label())
		if say.Doc == nil {
			say = Sayf("This sounds like %v", line)
			if more := beyondTitle(it); more != "" {
				say = say.With(Para{Textf("_“%s”_", Excerpt(more, 150))})
			}
			say = say.With(Buttons{
				{Label: "👍 That's it", Action: Act("same", h.ID, it.Number), Style: Primary},
				{Label: "Mine is different", Action: Act("own", h.ID)},
			})
			continue
		}
		others = append(others, Row{Text: Textf("Or %v", line), Buttons: []Button{{Label: "👍 That's it", Action: Act("same", h.ID, it.Number)}}})
	}
	if say.Doc == nil { // what was similar is gone
		say = Sayf("Your words are kept:").With(Quote{Literal(Excerpt(h.Words, shownWords))}, Buttons{{Label: "Post them", Action: Act("own", h.ID), Style: Primary}})
	}
	left := span(max(h.Until.Sub(b.clock.Now()), time.Minute))
	if h.Wish.Author != c.Member.ID {
		return say.With(others...).With(Small{Textf("The words are kept either way. If you do nothing, they become a request of their own in %s.", left)}), nil
	}
	return say.With(others...).With(Small{Textf("Your words are kept either way. If you do nothing, I post them as your own in %s.", left)}), nil
}

// beyondTitle is what an item's text says besides its title, in one line.
func beyondTitle(it Item) string {
	return strings.TrimLeft(strings.TrimPrefix(oneLine(it.Body), it.Title), " .,:;!?")
}

// askWhich holds words that may be a command and asks what they are.
func (b *Bot) askWhich(ctx context.Context, c caller, words string, w Wish) (Reply, error) {
	h, err := b.holdUnclear(ctx, c, words, w)
	if err != nil {
		return nil, err
	}
	if !h.SettledAt.IsZero() {
		return b.heldReply(ctx, b.store, c, h)
	}
	return b.which(h), nil
}

// orFeedback adds to a refused command that its words can still be sent as feedback.
func (b *Bot) orFeedback(ctx context.Context, c caller, words string, w Wish, refused Reply) (Reply, error) {
	say, ok := refused.(Say)
	if !ok {
		return refused, nil
	}
	h, err := b.holdUnclear(ctx, c, words, w)
	if err != nil {
		return nil, err
	}
	return say.With(Small{Textf("Was it a request? I kept the words.")}, Buttons{{Label: "Send as feedback", Action: Act("own", h.ID)}}), nil
}

func (b *Bot) holdUnclear(ctx context.Context, c caller, words string, w Wish) (Held, error) {
	now := b.clock.Now()
	h, _, err := b.store.Hold(ctx, Held{
		Board: c.Workspace.Board, Member: c.Member.ID, Key: c.key(), Why: HeldUnclear, Words: words, Wish: w, Until: now.Add(heldFor), CreatedAt: now,
	})
	if err != nil {
		return h, fmt.Errorf("hold unclear words: %w", err)
	}
	return h, nil
}

// which asks whether held words are a command or a request.
func (b *Bot) which(h Held) Reply {
	label := "Show help"
	if cmd, ok := commandIn(h.Words); ok {
		label = cmd.Label()
	}
	return Sayf("Is this a command or a request?").With(
		Para{Textf("_%s_", spoken(Excerpt(oneLine(h.Words), 300)))},
		Buttons{
			{Label: "Send as feedback", Action: Act("own", h.ID), Style: Primary},
			{Label: Excerpt(label, 75), Action: Act("runheld", h.ID)},
		},
		Small{Textf("The words are kept until you say: `/heed mine`")},
	)
}

// commandIn is the command that unclear words were probably meant as.
func commandIn(words string) (Command, bool) {
	switch said := ReadFeedback(words).(type) {
	case IntentAsk:
		return said.Likely, true
	case IntentCommand:
		return said.Command, true
	}
	return Command{}, false
}

// heldButtons are what the author of held words can do about them.
func heldButtons(h Held) Buttons {
	switch h.Why {
	case HeldSimilar:
		return Buttons{{Label: "Look again", Action: Act("held", h.ID)}, {Label: "Mine is different", Action: Act("own", h.ID)}, {Label: "Let it go", Action: Act("letgo", h.ID)}}
	case HeldReview:
		return Buttons{{Label: "Let it go", Action: Act("letgo", h.ID)}}
	}
	return Buttons{{Label: "Send as feedback", Action: Act("own", h.ID)}, {Label: "Let it go", Action: Act("letgo", h.ID)}}
}
