package bot

import (
	"context"
	"fmt"
)

// triageRoutes are the queue of what waits for a decision.
func (b *Bot) triageRoutes(r *routes) {
	r.commands[VerbTriage] = func(ctx context.Context, c caller, _ Command) (Reply, error) { return b.triage(ctx, c, 0, nil) }
	r.presses["triage"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		skip, _ := numberArg(args, 0)
		return b.triage(ctx, c, skip, nil)
	}
	r.presses["sameas"] = b.sameAsPress
	r.presses["notsame"] = b.lookedAtPress
	r.presses["seen"] = b.lookedAtPress
}

// triage shows the next thing that waits, after skip of them, below what was just done.
func (b *Bot) triage(ctx context.Context, c caller, skip int, done Doc) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbTriage}); err != nil {
			return err
		}
		say, err := b.triageNext(ctx, tx, c, skip)
		if err != nil {
			return err
		}
		say.Doc = append(append(Doc{}, done...), say.Doc...)
		say.Replace = skip > 0 || done != nil
		reply = say
		return nil
	})
	return reply, err
}

// triageNext is the next thing: words that wait for a moderator before items.
func (b *Bot) triageNext(ctx context.Context, tx Tx, c caller, skip int) (Say, error) {
	held, waiting, err := tx.HeldForReview(ctx, c.Workspace.Board, Page{1, skip})
	if err != nil {
		return Say{}, err
	}
	items, all, err := tx.TriageQueue(ctx, c.Workspace.Board, Page{1, max(skip-waiting, 0)})
	if err != nil {
		return Say{}, err
	}
	all += waiting
	switch {
	case all == 0:
		return Sayf("Nothing waits for you. Well done.").With(Buttons{{Label: "See the top 10", Action: "top"}}), nil
	case skip >= all:
		return Sayf("That was all for now; still waiting: %d.", all).With(Buttons{{Label: "From the start", Action: "triage"}}), nil
	}
	head := Small{Textf("%d of %d", skip+1, all)}
	next := Button{Label: "Skip", Action: Act("triage", skip+1)}
	if len(held) > 0 {
		return b.reviewCard(ctx, tx, c, held[0], 1, skip, waiting)
	}
	return b.triageItem(ctx, tx, items[0], head, next, skip)
}

// triageItem is an item that waits, with what can be decided at once.
func (b *Bot) triageItem(ctx context.Context, tx Tx, t TriageItem, head Small, next Button, skip int) (Say, error) {
	it := t.Item.As(Team)
	doc := Doc{head, Para{Textf("%v · %s · 👍 %d · %s", title(it), it.Status.Label(), it.Votes, ago(b.clock.Now(), it.CreatedAt))}}
	if it.saysMore() && !Empty(it.Body) {
		doc = append(doc, Quote{Literal(Excerpt(it.Body, 800))})
	}
	quotes, _, err := tx.EvidenceFor(ctx, it.Board, it.ID, Team, 1, 0)
	if err != nil {
		return Say{}, fmt.Errorf("evidence: %w", err)
	}
	for _, e := range quotes { // the last thing that was said, where that is more than the request itself
		if e.Kind != EvidenceWords {
			doc = append(doc, Quote{quoteLine(e)})
		}
	}
	var decide Buttons
	if t.Same.ID != 0 && t.Same.Root != it.ID {
		doc = append(doc, Para{Textf("Maybe the same as %v · %s · 👍 %d", title(t.Same.As(Team)), t.Same.Status.Label(), t.Same.Votes)})
		decide = append(decide,
			Button{Label: fmt.Sprintf("Same as #%d", t.Same.Number), Action: Act("sameas", it.Number, t.Same.Number, skip), Style: Primary},
			Button{Label: "Not the same", Action: Act("notsame", it.Number, skip)})
	} else if it.Status != StatusNew {
		decide = append(decide, Button{Label: "Seen", Action: Act("seen", it.Number, skip)})
	}
	decide = append(decide, Button{Label: "Set status…", Action: Act("setstatus", it.Number)}, Button{Label: "Manage…", Action: Act("manage", it.Number)}, next)
	return Say{Doc: append(doc, decide)}, nil
}

// sameAsPress is [Same as #12], `sameas N INTO SKIP`: a merge, then the next one.
func (b *Bot) sameAsPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	into, also := numberArg(args, 1)
	if !ok || !also {
		return nil, staleButton()
	}
	done, err := b.mergeCommand(ctx, c, Command{Verb: VerbMerge, Items: []int{n}, Item: into})
	if err != nil {
		return nil, err
	}
	return b.triageAfter(ctx, c, args, 2, done)
}

// triageAfter shows what was done and then what comes next.
func (b *Bot) triageAfter(ctx context.Context, c caller, args []string, at int, done Reply) (Reply, error) {
	skip, _ := numberArg(args, at)
	var above Doc
	if say, ok := done.(Say); ok {
		above = append(say.Doc[:len(say.Doc):len(say.Doc)], Rule{})
	}
	return b.triage(ctx, c, skip, above)
}

// lookedAtPress is [Not the same] and [Seen]: the marks come off. An item that nobody
// has answered yet is under review from then on.
func (b *Bot) lookedAtPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	done, err := b.onRoot(ctx, c, Command{Verb: VerbTriage, Item: n}, func(tx Tx, it Item) (Reply, error) {
		same := it.MaybeSame != 0
		it.Triage, it.MaybeSame = false, 0
		if err := b.saveTouched(ctx, tx, c, it); err != nil {
			return nil, err
		}
		if it.Status == StatusNew && same {
			return Sayf("%v stands for itself. It is still new: set a status when you know more.", title(it)), nil
		}
		return Sayf("%v is off the list.", title(it)), nil
	})
	if err != nil {
		return nil, err
	}
	return b.triageAfter(ctx, c, args, 1, done)
}
