package bot

import (
	"context"
	"errors"
	"fmt"
)

// news is what a post about a moved item is made from: the entry that moved it, the
// item, and what the readers of the post's channel may know of it.
type news struct {
	entry    Entry
	data     statusData
	item     Item
	asked    Item // what was asked for where the post answers
	may      bool // these readers may read the item
	mayAsked bool // and what was asked for
	readers  Audience
	reason   string // as these readers may read it; "": none for them
	by       Member // who made the news; without a name where the readers have not met them
}

// newsOf reads what a post is made from. False: it was taken back meanwhile, so the
// post should not be there.
func newsOf(ctx context.Context, tx Tx, p Post) (news, bool, error) {
	var n news
	s, err := subject[newsSubject](p)
	if err != nil {
		return n, false, err
	}
	if n.entry, err = tx.Entry(ctx, p.Board, s.Entry); err != nil {
		return n, false, fmt.Errorf("entry of news: %w", err)
	}
	if !n.entry.UndoneAt.IsZero() {
		return n, false, nil
	}
	if n.data, err = entryData[statusData](n.entry); err != nil {
		return n, false, err
	}
	if n.item, err = tx.Item(ctx, p.Board, p.Item); err != nil {
		return n, false, fmt.Errorf("item of news: %w", err)
	}
	n.asked = n.item
	if s.Asked != 0 && s.Asked != p.Item {
		if n.asked, err = tx.Item(ctx, p.Board, s.Asked); err != nil {
			return n, false, fmt.Errorf("item asked for: %w", err)
		}
	}
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil {
		return n, false, fmt.Errorf("channel of news: %w", err)
	}
	n.readers = ch.Audience
	n.may, n.mayAsked = n.readers.MayRead(n.item.Audience), n.readers.MayRead(n.asked.Audience)
	n.item, n.asked, n.reason = n.item.As(n.readers), n.asked.As(n.readers), n.data.reasonFor(n.readers)
	if n.by, err = whoTold(ctx, tx, p, n.entry, n.readers); err != nil {
		return n, false, err
	}
	return n, n.item.HiddenAt.IsZero(), nil
}

// whoTold is who made some news, by the account that its readers know: the community
// reads the name of somebody of the team where they have an account, and nowhere else.
func whoTold(ctx context.Context, tx Tx, p Post, e Entry, readers Audience) (Member, error) {
	if e.Member == 0 {
		return Member{}, nil
	}
	by, err := tx.Member(ctx, p.Board, e.Member)
	if errors.Is(err, ErrNotFound) {
		return Member{}, nil
	}
	if err != nil || readers == Team || by.Workspace == p.Workspace {
		return by, err
	}
	all, err := tx.PersonMembers(ctx, p.Board, by.Person)
	if err != nil {
		return Member{}, fmt.Errorf("who made the news: %w", err)
	}
	for _, m := range all {
		if m.Workspace == p.Workspace {
			return m, nil
		}
	}
	return Member{}, nil
}

// saidTo is what the product owner wrote, for readers of an audience; what was written
// for others is left out.
func (s Shipping) saidTo(a Audience) Shipping {
	if a.MayRead(s.Audience) {
		return s
	}
	return Shipping{Board: s.Board, ID: s.ID, Item: s.Item, By: s.By, At: s.At, SendAt: s.SendAt, UndoneAt: s.UndoneAt}
}

// what names the item as the readers may know it.
func (n news) what() Text {
	switch {
	case n.may:
		return title(n.item)
	case n.mayAsked:
		return title(n.asked)
	}
	return Textf("What was asked for here")
}

// number is the item's that the readers may open; 0: none.
func (n news) number() int {
	switch {
	case n.may:
		return n.item.Number
	case n.mayAsked:
		return n.asked.Number
	}
	return 0
}

// seeIt opens the item in private; nothing where the readers may not know it.
func (n news) seeIt() []Button {
	if n.number() == 0 {
		return nil
	}
	return []Button{{Label: "See it", Action: Act("details", n.number())}}
}

// newsNote answers a thread where a moved item was asked for.
func (b *Bot) newsNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	n, stands, err := newsOf(ctx, tx, p)
	if err != nil || !stands {
		return nil, 1, err
	}
	var doc Doc
	switch n.entry.Act {
	case newsShipped:
		s, err := tx.Shipping(ctx, p.Board, n.data.Shipping)
		if err != nil {
			return nil, 0, fmt.Errorf("what shipped: %w", err)
		}
		doc = n.shippedDoc(s.saidTo(n.readers))
	case newsDeclined:
		doc = n.declinedDoc()
	case newsQuestion:
		doc = n.questionDoc()
	case actMerged:
		if !n.may {
			return nil, 1, nil
		}
		asked := Textf("What was asked for here")
		if n.mayAsked {
			asked = Textf("#%d, asked for here,", n.asked.Number)
		}
		doc = Doc{Para{Textf("%v is part of %v now. Your votes count there, and I'll say here when it ships.", asked, n.what())}}.button(n.seeIt()...)
	case newsPlanned:
		doc = Doc{Para{Textf("🟣 %v is planned: it has its place in the backlog now. I'll say here when it ships.", n.what())}}
		doc = doc.button(n.seeIt()...)
	default:
		doc = Doc{Para{Textf("%v is *%s* now.", n.what(), n.data.To.Label())}}.button(n.seeIt()...)
	}
	return Note{doc}, 1, nil
}

// shippedDoc says that it is here. What the PO wrote is for those who may read the item.
func (n news) shippedDoc(s Shipping) Doc {
	if !n.may {
		return Doc{Para{Textf("✅ %v has shipped. Thank you for asking.", n.what())}}.button(n.seeIt()...)
	}
	doc := Doc{Para{Textf("✅ You asked, it's here: %v.", n.what())}}
	return append(doc, s.said()...).button(append(s.tryIt(), append(s.off(n.item), n.seeIt()...)...)...)
}

// declinedDoc says no, and why.
func (n news) declinedDoc() Doc {
	if !n.may {
		return Doc{Para{Textf("About %v: it won't be built for now. Thank you for asking all the same.", n.what())}}.button(n.seeIt()...)
	}
	doc := Doc{Para{Textf("About %v, asked for here: we won't build it for now.", n.what())}}
	if n.reason != "" {
		doc = append(doc, Para{n.why()})
	}
	return append(doc,
		Small{Textf("The words stay on the board, and if enough people tell us we missed something, we look again.")},
	).button(append([]Button{{Label: "What did we miss?", Action: Act("missed", n.item.Number)}}, n.seeIt()...)...)
}

// why is the reason with the name of who gave it.
func (n news) why() Text {
	if n.by.Name == "" {
		return Textf("*Why:* “%s”", n.reason)
	}
	return Textf("*Why:* “%s” (%s)", n.reason, n.by.Name)
}

// questionDoc asks what is needed.
func (n news) questionDoc() Doc {
	if !n.may || n.reason == "" {
		return Doc{Para{Textf("There is a question about %v. The team will ask the person who wanted it.", n.what())}}
	}
	return Doc{
		Para{Textf("A question about %v, asked for here:", n.what())},
		Quote{Literal(n.reason)},
	}.button(append([]Button{{Label: "Answer", Action: Act("answer", n.item.Number), Style: Primary}}, n.seeIt()...)...)
}

// said is what the product owner wrote about it.
func (s Shipping) said() Doc {
	var doc Doc
	for _, text := range []string{s.Note, s.How} {
		if text != "" {
			doc = append(doc, Para{Literal(text)})
		}
	}
	return doc
}

// tryIt leads to it, where a link was given.
func (s Shipping) tryIt() []Button {
	if s.Link == "" {
		return nil
	}
	return []Button{{Label: "Try it", URL: s.Link, Style: Primary}}
}

// off takes what isn't right about it.
func (s Shipping) off(it Item) []Button {
	return []Button{{Label: "Something's off", Action: Act("off", it.Number)}}
}

// button adds a line of buttons; none adds nothing.
func (d Doc) button(bs ...Button) Doc {
	if len(bs) == 0 {
		return d
	}
	return append(d, Buttons(bs))
}

// announcementContent is what an announce channel is told. A channel that became one
// for other readers meanwhile is told nothing.
func (b *Bot) announcementContent(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	n, stands, err := newsOf(ctx, tx, p)
	if err != nil || !stands || !n.may {
		return nil, 1, err
	}
	s, err := tx.Shipping(ctx, p.Board, n.data.Shipping)
	if err != nil {
		return nil, 0, fmt.Errorf("what shipped: %w", err)
	}
	s = s.saidTo(n.readers)
	doc := append(Doc{Para{Textf("✅ *Shipped:* %v", n.what())}}, s.said()...)
	if n.item.Votes > 1 {
		doc = append(doc, Small{Textf("%d of you made the case. Thank you.", n.item.Votes)})
	}
	return Announcement{doc.button(append(s.tryIt(), n.seeIt()...)...)}, 1, nil
}
