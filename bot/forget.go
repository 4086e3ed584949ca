package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// forgetPage is how many of a person's things are gone through at a time.
const forgetPage = 1000

// meRoutes are what people do about themselves.
func (b *Bot) meRoutes(r *routes) {
	r.commands[VerbForgetMe] = b.forgetAsk
	r.presses["forget"] = func(ctx context.Context, c caller, _ []string) (Reply, error) { return b.forgetAsk(ctx, c, Command{}) }
	r.presses["forgetnow"] = b.forgetPress
	r.presses["keepme"] = func(context.Context, caller, []string) (Reply, error) {
		return Say{Doc: Doc{Para{Textf("Good. Nothing has changed.")}}, Replace: true}, nil
	}
	r.commands[VerbMyData] = b.myData
	r.presses["mydata"] = func(ctx context.Context, c caller, _ []string) (Reply, error) { return b.myData(ctx, c, Command{}) }
}

// forgetAsk says what forgetting does, and asks.
func (b *Bot) forgetAsk(ctx context.Context, c caller, _ Command) (Reply, error) {
	accounts, err := b.accounts(ctx, c)
	if err != nil {
		return nil, err
	}
	var joined []Block
	if len(accounts) > 1 {
		joined = []Block{Para{Textf("That holds for all your accounts here: %s. To keep one, part them first: `/heed link me off`.", andList(accounts))}}
	}
	return Sayf("*Shall I forget you?* On this board, for good:").With(
		Para{Textf("• your name, account and roles go, and with them your votes, follows and notes\n" +
			"• requests that only you wanted go with their words\n" +
			"• requests that others want too stay for them, without your name or a link to your message\n" +
			"• words that wait are let go\n" +
			"• I keep one sealed mark, so that old 👍 of yours never come back")},
	).With(joined...).With(
		Buttons{{Label: "Forget me", Action: "forgetnow", Style: Danger}, {Label: "Show my data first", Action: "mydata"}, {Label: "Keep me", Action: "keepme"}},
	), nil
}

// forgetPress forgets the caller, with all their accounts on the board.
func (b *Bot) forgetPress(ctx context.Context, c caller, _ []string) (Reply, error) {
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.forgetElsewhere(ctx, tx, c); err != nil {
			return err
		}
		return b.forget(ctx, tx, c.Workspace.Board, c.Member.Person)
	})
	if err != nil {
		return nil, err
	}
	return Say{Replace: true, Doc: Doc{
		Para{Textf("Done. You're forgotten here: no name, no vote, no request of yours alone. Cards follow within a minute or so.")},
		Small{Textf("If you write to me again, we start anew.")},
	}}, nil
}

// forgetElsewhere forgets the caller's accounts on boards that their workspace left: those
// keep what was said there, and nobody can speak to Heed there any more. Only these
// accounts: whoever they were joined with on such a board speaks for themselves.
func (b *Bot) forgetElsewhere(ctx context.Context, tx Tx, c caller) error {
	mine, err := tx.PersonMembers(ctx, c.Workspace.Board, c.Member.Person)
	if err != nil {
		return fmt.Errorf("accounts to forget: %w", err)
	}
	ids := make([]MemberID, len(mine))
	for i, m := range mine {
		ids[i] = m.ID
	}
	others, err := tx.MembersElsewhere(ctx, c.Workspace.Board, ids)
	if err != nil {
		return fmt.Errorf("accounts on other boards: %w", err)
	}
	for _, m := range others {
		all, err := tx.PersonMembers(ctx, m.Board, m.Person)
		if err != nil {
			return fmt.Errorf("accounts of a person: %w", err)
		}
		for _, o := range all { // those joined to this one's person, too
			if err := tx.LinkMember(ctx, o.Board, o.ID, 0, b.clock.Now()); err != nil {
				return fmt.Errorf("part an account: %w", err)
			}
		}
		alone, err := tx.Member(ctx, m.Board, m.ID)
		if err != nil {
			return fmt.Errorf("account to forget: %w", err)
		}
		if err := b.forget(ctx, tx, alone.Board, alone.Person); err != nil {
			return err
		}
	}
	return nil
}

// accounts names the caller's accounts on the board, with where they are when there are several.
func (b *Bot) accounts(ctx context.Context, c caller) ([]string, error) {
	mine, err := b.store.PersonMembers(ctx, c.Workspace.Board, c.Member.Person)
	if err != nil {
		return nil, fmt.Errorf("own accounts: %w", err)
	}
	out := make([]string, len(mine))
	for i, m := range mine {
		w, err := b.store.WorkspaceByID(ctx, m.Board, m.Workspace)
		if err != nil {
			return nil, fmt.Errorf("workspace of an account: %w", err)
		}
		out[i] = fmt.Sprintf("%s in %s", cmp.Or(m.Name, m.Account), workspaceName(w))
	}
	return out, nil
}

// forget removes a person. What they asked for alone goes with its words, since
// nobody else needs it; what others want belongs to them too, and stays unnamed.
func (b *Bot) forget(ctx context.Context, tx Tx, board BoardID, person PersonID) error {
	members, err := tx.PersonMembers(ctx, board, person)
	if err != nil {
		return fmt.Errorf("accounts to forget: %w", err)
	}
	own, touched, err := b.tracesOf(ctx, tx, board, person)
	if err != nil {
		return err
	}
	if _, err := tx.LockItems(ctx, board, touched...); err != nil {
		return fmt.Errorf("lock what is touched: %w", err)
	}
	now := b.clock.Now()
	for _, it := range own {
		others, err := tx.OthersFor(ctx, board, it.Root, person)
		if err != nil {
			return fmt.Errorf("others who want it: %w", err)
		}
		if others > 0 || it.Into != 0 {
			continue
		}
		it.GoneAt = now
		if err := tx.SaveItem(ctx, it, 0); err != nil {
			return fmt.Errorf("take a request back: %w", err)
		}
		if err := tx.WipeWords(ctx, board, it.ID, now); err != nil {
			return err
		}
	}
	for _, m := range members {
		w, err := tx.WorkspaceByID(ctx, board, m.Workspace)
		if err != nil {
			return fmt.Errorf("workspace of an account: %w", err)
		}
		if err := tx.DropBallots(ctx, board, m.ID, now); err != nil {
			return fmt.Errorf("drop ballots: %w", err)
		}
		if err := tx.ForgetMember(ctx, board, m.ID, b.accountHash(w.Ref, m.Account), now); err != nil {
			return err
		}
	}
	for _, id := range touched {
		if err := tx.TouchItem(ctx, board, id, now); err != nil {
			return fmt.Errorf("touch item: %w", err)
		}
	}
	if err := tx.TouchTops(ctx, board, now); err != nil {
		return fmt.Errorf("live tops: %w", err)
	}
	return nil
}

// tracesOf is what a person asked for, and every item that shows something of theirs.
func (b *Bot) tracesOf(ctx context.Context, tx Tx, board BoardID, person PersonID) (own []Item, touched []ItemID, err error) {
	for {
		page, _, err := tx.AskedBy(ctx, board, person, Page{forgetPage, len(own)})
		if err != nil {
			return nil, nil, fmt.Errorf("own requests: %w", err)
		}
		own = append(own, page...)
		if len(page) < forgetPage {
			break
		}
	}
	for _, it := range own {
		touched = append(touched, it.ID)
	}
	said, _, err := tx.SaidBy(ctx, board, person, 100*forgetPage)
	if err != nil {
		return nil, nil, fmt.Errorf("own quotes: %w", err)
	}
	for _, e := range said {
		touched = append(touched, e.Item)
	}
	slices.Sort(touched)
	return own, slices.Compact(touched), nil
}

// myData is everything that is kept about the caller, as text.
func (b *Bot) myData(ctx context.Context, c caller, _ Command) (Reply, error) {
	const most = 20
	board, person := c.Workspace.Board, c.Member.Person
	doc := Doc{Heading{"What I keep about you"}}
	members, err := b.store.PersonMembers(ctx, board, person)
	if err != nil {
		return nil, fmt.Errorf("own accounts: %w", err)
	}
	for _, m := range members {
		line := fmt.Sprintf("Account %s, name “%s”", m.Account, m.Name)
		if len(members) > 1 {
			w, err := b.store.WorkspaceByID(ctx, board, m.Workspace)
			if err != nil {
				return nil, fmt.Errorf("workspace of an account: %w", err)
			}
			line += ", in " + workspaceName(w)
		}
		if m.Zone != "" {
			line += ", time zone " + m.Zone
		}
		if !m.JoinedAt.IsZero() {
			line += ", joined " + m.JoinedAt.Format("2 January 2006")
		}
		if m.Muted {
			line += ", no notes"
		}
		doc = append(doc, Para{Literal(line)})
	}
	if len(members) > 1 {
		doc = append(doc, Small{Textf("You joined these %d accounts: they count as one person. `/heed link me off` parts them.", len(members))})
	}
	if len(c.Roles) > 0 {
		labels := make([]string, len(c.Roles))
		for i, r := range c.Roles {
			labels[i] = r.Label()
		}
		doc = append(doc, Para{Textf("You act as %s.", allOf(labels))})
	}
	asked, n, err := b.store.AskedBy(ctx, board, person, Page{most, 0})
	if err != nil {
		return nil, fmt.Errorf("own requests: %w", err)
	}
	doc = append(doc, Para{Textf("*%s*", plural(n, "request"))})
	for _, it := range asked {
		name, _ := ownWords(c.eyes(), it)
		doc = append(doc, Small{Textf("#%d %s, %s", it.Number, name, day(b.clock.Now(), it.CreatedAt))})
	}
	doc = append(doc, andMore(n-len(asked))...)
	said, n, err := b.store.SaidBy(ctx, board, person, most)
	if err != nil {
		return nil, fmt.Errorf("own quotes: %w", err)
	}
	doc = append(doc, Para{Textf("*%s of yours*", plural(n, "quote"))})
	for _, e := range said {
		doc = append(doc, Small{Textf("“%s”, %s", Excerpt(oneLine(e.Quote), 200), day(b.clock.Now(), e.CreatedAt))})
	}
	doc = append(doc, andMore(n-len(said))...)
	held, err := b.store.HeldOf(ctx, board, person, most)
	if err != nil {
		return nil, fmt.Errorf("own held words: %w", err)
	}
	for _, h := range held {
		doc = append(doc, Small{Textf("Waiting: “%s”", spoken(Excerpt(oneLine(h.Words), 200)))})
	}
	hidden, err := b.store.HiddenOf(ctx, board, person, most)
	if err != nil {
		return nil, fmt.Errorf("own hidden words: %w", err)
	}
	for _, h := range hidden {
		doc = append(doc, Small{Textf("Hidden by a moderator, kept until %s: “%s”", day(b.clock.Now(), h.Until), spoken(Excerpt(oneLine(h.Words), 200)))})
	}
	until, err := b.store.BlockedUntil(ctx, board, person, b.clock.Now())
	if err != nil {
		return nil, fmt.Errorf("own block: %w", err)
	}
	if !until.IsZero() {
		doc = append(doc, Small{Textf("You can't send feedback until %s.", b.when(until, c.Member.Zone))})
	}
	ballots, follows, err := b.store.VotesCast(ctx, board, person)
	if err != nil {
		return nil, fmt.Errorf("own votes: %w", err)
	}
	return Say{Doc: append(doc,
		Para{Textf("%s on requests, given or taken back, and %s.", plural(ballots, "vote"), plural(follows, "follow"))},
		Small{Textf("I read commands, 👍 on my cards and messages that someone saves. Nothing else.")},
		Buttons{{Label: "My requests", Action: "mine"}, {Label: "Forget me", Action: "forget", Style: Danger}})}, nil
}

// andMore counts what a list leaves out.
func andMore(n int) Doc {
	if n <= 0 {
		return nil
	}
	return Doc{Small{Textf("and %s more: `/heed mine` goes through them", thousands(n))}}
}

// allOf joins words: "a, b and c".
func allOf(words []string) string {
	out := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			out += " and "
		default:
			out += ", "
		}
		out += w
	}
	return out
}
