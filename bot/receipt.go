package bot

import (
	"context"
	"fmt"
)

// receipt is what the author of a new item reads, where they typed it.
func (b *Bot) receipt(ctx context.Context, tx Tx, c caller, it Item) (Reply, error) {
	if !it.GoneAt.IsZero() {
		return Sayf("You took *#%d* back. Nothing of it is shown any more.", it.Number), nil
	}
	own, err := b.isOwn(ctx, tx, c, it)
	if err != nil {
		return nil, err
	}
	if it.Into != 0 {
		return b.addedTo(ctx, tx, c, it, own)
	}
	if !own {
		return b.savedReceipt(ctx, tx, c, it)
	}
	it.Title, _ = ownWords(c.eyes(), it)
	say := Sayf("Saved as *#%d %s*, with your 👍.%s", it.Number, it.Title, c.onlyTeam(it))
	where, ok, err := cardChannel(ctx, tx, it)
	if err != nil {
		return nil, err
	}
	buttons := Buttons{
		{Label: "See it", Action: Act("details", it.Number)},
		{Label: "Add details", Action: Act("more", it.Number)},
		{Label: "Undo", Action: Act("unask", it.Number)},
	}
	switch {
	case !ok:
		say = say.With(Para{Textf("It has no card yet: nobody has said where cards live here.")})
		if c.Roles.Has(Admin) && c.Channel.Ref != "" && c.Channel.Kind != DirectChannel {
			buttons = append(buttons, Button{Label: Excerpt("Put cards in #"+c.Channel.Name, 75), Action: Act("intake", c.Channel.Ref), Style: Primary})
		}
	case !c.audience().MayRead(where.Audience): // the channel's name is not for them
	case where.Workspace != c.Workspace.ID || where.Ref != c.Channel.Ref:
		say = say.With(Para{Textf("It's in %s.", c.channelName(where))})
	}
	if !c.Member.Muted {
		say = say.With(Para{Textf("I'll tell you when it moves.")})
	}
	return say.With(buttons), nil
}

// savedReceipt is what somebody reads who saved another's message.
func (b *Bot) savedReceipt(ctx context.Context, tx Tx, c caller, it Item) (Reply, error) {
	name := Text{{Text: "without a name"}}
	if it.Author != 0 {
		m, err := tx.Member(ctx, it.Board, it.Author)
		if err != nil {
			return nil, fmt.Errorf("author of a saved message: %w", err)
		}
		name = Textf("in the name of %v", memberSpan(m, c.Workspace.ID))
	}
	it.Title, _ = ownWords(c.eyes(), it)
	say := Sayf("Saved as *#%d %s*, %v, with %s.%s", it.Number, it.Title, name, people(it.Votes), c.onlyTeam(it))
	where, ok, err := cardChannel(ctx, tx, it)
	if err != nil {
		return nil, err
	}
	switch {
	case !ok:
		say = say.With(Para{Textf("It has no card yet: nobody has said where cards live here.")})
	case !c.audience().MayRead(where.Audience):
	case where.Workspace != c.Workspace.ID || where.Ref != c.Channel.Ref:
		say = say.With(Para{Textf("It's in %v.", c.channelName(where))})
	}
	buttons := Buttons{{Label: "See it", Action: Act("details", it.Number)}, {Label: "Follow", Action: Act("follow", it.Number)}}
	quotes, _, err := tx.EvidenceFor(ctx, it.Board, it.Root, Team, listSize, 0)
	if err != nil {
		return nil, fmt.Errorf("saved message: %w", err)
	}
	for _, e := range quotes {
		if e.Item == it.ID && e.SavedBy == c.Member.ID {
			buttons = append(buttons, Button{Label: "That's not a request", Action: Act("notrequest", e.ID)})
			break
		}
	}
	return say.With(buttons), nil
}

// onlyTeam says that an item is for the team, where that is not plain: a request from
// one of the team's open channels is seen by who saw it typed.
func (c caller) onlyTeam(it Item) string {
	if it.Audience == Team && (c.Channel.Kind != PublicChannel || c.Channel.Audience != Team) {
		return " Only the team sees it."
	}
	return ""
}

// channelName is a channel in a sentence, linked on its own workspace.
func (c caller) channelName(ch Channel) Span {
	s := Span{Text: "#" + ch.Name}
	if ch.Name == "" {
		s.Text = "another channel"
	}
	if ch.Workspace == c.Workspace.ID {
		s.Channel = ch.Ref
	}
	return s
}

// addedTo is what people read when their words went to an item that was there.
func (b *Bot) addedTo(ctx context.Context, tx Tx, c caller, it Item, own bool) (Reply, error) {
	root, err := tx.Item(ctx, it.Board, it.Root)
	if err != nil {
		return nil, fmt.Errorf("where words went: %w", err)
	}
	if !c.audience().MayRead(root.Audience) {
		root = it
	}
	root = root.As(c.audience())
	line := Textf("*#%d %s* · %d 👍 · %s", root.Number, root.Title, root.Votes, root.Status.Label())
	if !own {
		return Sayf("Added, with its words: %v", line).With(Buttons{{Label: "See it", Action: Act("details", root.Number)}}), nil
	}
	say := Sayf("Counted, with your words: %v", line)
	if !c.Member.Muted {
		say = say.With(Para{Textf("I'll tell you when it moves.")})
	}
	return say.With(Buttons{{Label: "See it", Action: Act("details", root.Number)}}), nil
}
