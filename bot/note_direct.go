package bot

import (
	"context"
	"fmt"
	"time"
)

// maxBatch is how many news one message tells in full; the rest is named in a line,
// so that it stays far under every platform's limit (Slack: 50 blocks).
const maxBatch = 6

// maxOwnWords is how much of somebody's own words they are given back, in runes.
const maxOwnWords = 200

// directContent is a batch of news as its person reads it. Nil: nothing is left to
// tell, or they want no notes any more.
func (b *Bot) directContent(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	m, err := tx.MemberByAccount(ctx, p.Board, p.Workspace, p.Account)
	if err != nil {
		return nil, 0, fmt.Errorf("person of a batch: %w", err)
	}
	if m.Muted || !m.Active {
		return nil, 1, nil
	}
	roles, err := tx.RolesOf(ctx, p.Board, m.Person)
	if err != nil {
		return nil, 0, fmt.Errorf("roles of a batch's person: %w", err)
	}
	w, err := tx.WorkspaceByID(ctx, p.Board, p.Workspace)
	if err != nil {
		return nil, 0, fmt.Errorf("workspace of a batch: %w", err)
	}
	_, untold := b.untold.Load(w.Ref)
	reader := caller{Member: m, Roles: roles, Untold: untold}
	ns, err := tx.NoticesOf(ctx, p.Board, p.ID)
	if err != nil {
		return nil, 0, fmt.Errorf("notices of a batch: %w", err)
	}
	var doc Doc
	told, more := 0, 0
	for _, n := range ns {
		part, err := b.noticeDoc(ctx, tx, p, reader, n)
		switch {
		case err != nil:
			return nil, 0, err
		case part == nil:
			continue
		case told == maxBatch:
			more++
			continue
		case told > 0:
			doc = append(doc, Rule{})
		}
		told++
		doc = append(doc, part...)
	}
	if told == 0 {
		return nil, 1, nil
	}
	if more > 0 {
		doc = append(doc, Rule{}, Para{Textf("And %d more of yours moved: `/heed mine` shows them.", more)})
	}
	return Direct{doc.button(Button{Label: "Stop these notes", Action: "stop"})}, 1, nil
}

// noticeDoc is one piece of news; nil when it no longer stands or is not for this reader.
func (b *Bot) noticeDoc(ctx context.Context, tx Tx, p Post, reader caller, n Notice) (Doc, error) {
	it, err := tx.Item(ctx, p.Board, n.Item)
	if err != nil {
		return nil, fmt.Errorf("item of a notice: %w", err)
	}
	readers := reader.audience()
	if !it.HiddenAt.IsZero() || !readers.MayRead(it.Audience) {
		return nil, nil
	}
	it = it.As(readers)
	stake, err := tx.StakeIn(ctx, p.Board, n.Person, n.Item)
	if err != nil {
		return nil, fmt.Errorf("stake: %w", err)
	}
	now := b.clock.Now()
	if n.Kind == newsFirstVote {
		return firstVoteToYou(it, stake), nil
	}
	if n.Kind == newsShipped {
		s, err := tx.Shipping(ctx, p.Board, n.Subject)
		if err != nil {
			return nil, fmt.Errorf("what shipped: %w", err)
		}
		if !s.UndoneAt.IsZero() {
			return nil, nil
		}
		if s.Item != it.ID { // they know only an item that is part of it: what was said is not for them
			s = Shipping{}
		}
		return shippedToYou(it, s.saidTo(readers), stake, now), nil
	}
	e, err := tx.Entry(ctx, p.Board, n.Subject)
	if err != nil {
		return nil, fmt.Errorf("entry of a notice: %w", err)
	}
	if !e.UndoneAt.IsZero() {
		return nil, nil
	}
	data, err := entryData[statusData](e)
	if err != nil {
		return nil, err
	}
	by, err := whoTold(ctx, tx, p, e, readers)
	if err != nil {
		return nil, err
	}
	whole := e.Item == it.ID
	told := news{entry: e, data: data, item: it, asked: it, may: whole, mayAsked: true, readers: readers, reason: data.reasonFor(readers), by: by}
	switch n.Kind {
	case newsDeclined:
		return told.declinedToYou(stake, now), nil
	case newsQuestion:
		return told.askedOfYou(stake, now), nil
	}
	if it.Status != data.To && whole { // it has moved on: the later news tell
		return nil, nil
	}
	since := stake.since(now)
	if since != nil {
		since = append(since, Literal(",")...)
	}
	return Doc{Para{Textf("%v%v is *%s* now.", title(it), since, data.To.Label())}}.button(told.seeIt()...), nil
}

// firstVoteToYou says what a reaction did, before anything else is written to them; nil
// when there is nothing to hear of any more.
func firstVoteToYou(it Item, stake Stake) Doc {
	if stake.VotedAt.IsZero() || !it.Status.Open() {
		return nil
	}
	return Doc{Para{Textf("Your 👍 for %v counts. I'll tell you here when it moves: once a day at most, never at night.", title(it))}}.button(
		Button{Label: "Why do you need it?", Action: Act("why", it.Number)}, Button{Label: "Don't tell me", Action: Act("unfollow", it.Number)})
}

// shippedToYou tells a person that it is here, in their own words.
func shippedToYou(it Item, s Shipping, stake Stake, now time.Time) Doc {
	first := Textf("It's here: %v.", title(it))
	switch {
	case stake.Words != "":
		first = Textf("You asked, it's here: %v.", title(it))
	case !stake.VotedAt.IsZero():
		first = Textf("You wanted it, it's here: %v.", title(it))
	}
	doc := append(Doc{Para{first}}, s.said()...)
	thanks := Textf("Thank you.")
	if it.Votes > 1 {
		thanks = Textf("Thank you; %d of you made the case.", it.Votes)
	}
	if stake.Words != "" {
		thanks = Textf("Your words on %s: _“%s”_ %v", day(now, stake.SaidAt), Excerpt(stake.Words, maxOwnWords), thanks)
	}
	return append(doc, Para{thanks}).button(append(s.tryIt(), s.off(it)...)...)
}

// declinedToYou tells a person that the answer is no, and why.
func (n news) declinedToYou(stake Stake, now time.Time) Doc {
	doc := Doc{Para{Textf("About %v%v: we won't build it for now.", title(n.item), stake.since(now))}}
	if n.may && n.reason != "" {
		doc = append(doc, Para{n.why()})
	}
	return append(doc, Small{Textf("Your words stay on the board, and if enough people tell us we missed something, we look again.")}).
		button(Button{Label: "What did we miss?", Action: Act("missed", n.item.Number)}, Button{Label: "Open it", Action: Act("details", n.item.Number)})
}

// askedOfYou asks a person what is needed to know.
func (n news) askedOfYou(stake Stake, now time.Time) Doc {
	if !n.may || n.reason == "" {
		return nil
	}
	return Doc{
		Para{Textf("A question about %v%v:", title(n.item), stake.since(now))},
		Quote{Literal(n.reason)},
	}.button(Button{Label: "Answer", Action: Act("answer", n.item.Number), Style: Primary}, Button{Label: "Open it", Action: Act("details", n.item.Number)})
}

// since says since when a person wants it: ", which you asked for on 3 March".
func (s Stake) since(now time.Time) Text {
	switch {
	case s.Words != "":
		return Textf(", which you asked for on %s", day(now, s.SaidAt))
	case !s.VotedAt.IsZero():
		return Textf(", which you voted for on %s", day(now, s.VotedAt))
	}
	return nil
}
