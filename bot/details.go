package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	detailQuotes  = 5  // pieces of evidence shown at first
	detailVoters  = 10 // names shown, to the team alone
	detailHistory = 6
)

// detailsPress is [Details], `details N`.
func (b *Bot) detailsPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	return b.details(ctx, c, n)
}

// details is everything about one request that the caller may know, and what they
// can do about it.
func (b *Bot) details(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := readable(ctx, b.store, c, number)
	if RefusedWith(err) == NotFound {
		return b.ownDetails(ctx, c, number, err)
	}
	if err != nil {
		return nil, err
	}
	r := c.eyes()
	doc, root, err := b.about(ctx, b.store, r, c.Workspace.ID, it)
	if err != nil {
		return nil, err
	}
	buttons, err := b.detailButtons(ctx, c, it, root)
	if err != nil {
		return nil, err
	}
	return Say{Doc: append(doc, buttons...)}, nil
}

// ownDetails is what the author of a request reads of it where they may not read the
// rest: their own words and where it stands. refused is the answer for all others.
func (b *Bot) ownDetails(ctx context.Context, c caller, number int, refused error) (Reply, error) {
	it, err := b.store.ItemByNumber(ctx, c.Workspace.Board, number)
	if errors.Is(err, ErrNotFound) {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("item by number: %w", err)
	}
	own, err := b.isOwn(ctx, b.store, c, it)
	if err != nil {
		return nil, err
	}
	if !own || !it.GoneAt.IsZero() {
		return nil, refused
	}
	if !it.HiddenAt.IsZero() {
		return Sayf("A moderator took *#%d* out of sight. You can ask a product manager why.", it.Number), nil
	}
	name, words := ownWords(c.eyes(), it)
	return Sayf("*#%d %s* · %s", it.Number, name, it.Status.Label()).With(
		Quote{Literal(Excerpt(words, shownWords))}, Small{Textf("Only the team and you see it.")},
		Buttons{{Label: "Edit", Action: Act("edit", it.Number)}, {Label: "Withdraw", Action: Act("withdraw", it.Number)}}), nil
}

// isOwn tells whether the caller asked for an item, with any of their accounts.
func (b *Bot) isOwn(ctx context.Context, tx Tx, c caller, it Item) (bool, error) {
	if it.Author == 0 {
		return false, nil
	}
	p, err := b.personOf(ctx, tx, it.Board, it.Author)
	return p == c.Member.Person, err
}

// about is the part of the details that fits every reader of an audience, and the
// item that the request lives on as.
func (b *Bot) about(ctx context.Context, tx Tx, r eyes, w WorkspaceID, it Item) (Doc, Item, error) {
	facts, err := tx.CardFacts(ctx, it.Board, it.ID, r.audience, b.clock.Now())
	if err != nil {
		return nil, it, fmt.Errorf("facts of a request: %w", err)
	}
	it = it.As(r.audience)
	root := it
	if it.Into != 0 && facts.RootOpen {
		if root, err = tx.Item(ctx, it.Board, it.Root); err != nil {
			return nil, it, fmt.Errorf("what a request went into: %w", err)
		}
		root = root.As(r.audience)
	}
	doc := Doc{Para{Textf("*#%d %s* · %s", it.Number, it.Title, it.Status.Label())}}
	if root.ID != it.ID {
		doc = Doc{Para{Textf("*#%d %s* is part of %v", it.Number, it.Title, itemLine(root))}}
	}
	doc = append(doc, Small{Literal(strings.Join(b.asides(r, w, it, root, facts), " · "))})
	if root.Reason != "" {
		doc = append(doc, Para{Textf("*Why:* %s", Excerpt(root.Reason, shownWords))})
	}
	if it.saysMore() {
		doc = append(doc, Quote{Literal(Excerpt(it.Body, shownWords))})
		if utf8.RuneCountInString(it.Body) > shownWords {
			doc = append(doc, Buttons{{Label: "Read on", Action: Act("read", it.Number, 2)}})
		}
	}
	if it.Shared() && it.Audience == Community && r.audience == Team {
		kept, err := tx.Item(ctx, it.Board, it.ID)
		if err != nil {
			return nil, root, fmt.Errorf("words for everyone: %w", err)
		}
		doc = append(doc, Small{Textf("The community reads: %v", title(kept))})
	}
	quotes, err := b.quotes(ctx, tx, r, w, it, root, 0, detailQuotes)
	if err != nil {
		return nil, root, err
	}
	doc = append(doc, quotes...)
	who, err := b.voters(ctx, tx, r, w, root, facts.RootOpen || it.Into == 0)
	if err != nil {
		return nil, root, err
	}
	doc = append(doc, who...)
	history, err := b.historyLines(ctx, tx, r, w, it)
	return append(doc, history...), root, err
}

// asides are the small facts of a request, each a few words.
func (b *Bot) asides(r eyes, w WorkspaceID, it, root Item, f CardFacts) []string {
	by := "Asked"
	if f.AskedBy != "" {
		by += " by " + f.AskedBy
	}
	if in := f.askedIn(r.audience, w); in != "" {
		by += " in #" + in
	}
	out := []string{by, day(b.clock.Now(), it.CreatedAt)}
	if f.Week > 0 {
		out = append(out, fmt.Sprintf("+%d this week", f.Week))
	}
	if root.Later && root.Status == StatusUnderReview {
		out = append(out, "on the roadmap for later")
	}
	if it.Pictures > 0 {
		out = append(out, fmt.Sprintf("📎 %d in the original", it.Pictures))
	}
	if len(it.Tags) > 0 {
		out = append(out, strings.Join(it.Tags, ", "))
	}
	if r.mixed && it.Audience == Team {
		out = append(out, "only the team sees it")
	}
	return out
}

// quotes are a part of the evidence that a reader may see, newest first.
func (b *Bot) quotes(ctx context.Context, tx Tx, r eyes, w WorkspaceID, it, root Item, offset, limit int) (Doc, error) {
	all, total, err := tx.EvidenceFor(ctx, it.Board, root.ID, r.audience, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("evidence of a request: %w", err)
	}
	var doc Doc
	for _, e := range all {
		if e.Quote == it.Body { // stands above
			continue
		}
		doc = append(doc, Quote{Literal(Excerpt(e.Quote, 500))})
		line := Textf("%s, %s", orSomeone(e.Name), day(b.clock.Now(), e.CreatedAt))
		if e.Permalink != "" && (r.audience == Team || e.At.Workspace == w) {
			line = append(line, Span{Text: " · "}, Link("the message", e.Permalink))
		}
		doc = append(doc, Small{line})
	}
	if len(doc) > 0 && offset == 0 {
		doc = append(Doc{Para{Textf("*In their words*")}}, doc...)
	}
	if left := total - offset - len(all); left > 0 && r.person != 0 {
		doc = append(doc, Buttons{{Label: plural(left, "more quote"), Action: Act("quotes", it.Number, offset+len(all))}})
	}
	return doc, nil
}

func orSomeone(name string) string {
	if name == "" {
		return "Someone"
	}
	return name
}

// voters says who wants it: names for the team, a number for everyone else.
func (b *Bot) voters(ctx context.Context, tx Tx, r eyes, w WorkspaceID, root Item, open bool) (Doc, error) {
	if !open {
		return nil, nil
	}
	if r.audience != Team || r.person == 0 || root.Votes == 0 {
		return Doc{Para{Textf("👍 %s", people(root.Votes))}}, nil
	}
	ms, n, err := tx.Voters(ctx, root.Board, root.ID, detailVoters)
	if err != nil {
		return nil, fmt.Errorf("voters: %w", err)
	}
	line := Textf("👍 %s: ", people(n))
	for i, m := range ms {
		switch {
		case i == 0:
		case i == len(ms)-1 && n == len(ms):
			line = append(line, Span{Text: " and "})
		default:
			line = append(line, Span{Text: ", "})
		}
		line = append(line, memberSpan(m, w))
	}
	if n > len(ms) {
		line = append(line, Span{Text: fmt.Sprintf(" and %s", plural(n-len(ms), "other"))})
	}
	return Doc{Para{line}}, nil
}

// detailButtons are what the caller can do about a request.
func (b *Bot) detailButtons(ctx context.Context, c caller, it, root Item) (Doc, error) {
	mine, err := b.store.Supported(ctx, it.Board, c.Member.Person, []ItemID{root.ID})
	if err != nil {
		return nil, fmt.Errorf("own vote: %w", err)
	}
	follows, said, err := b.store.Follows(ctx, it.Board, c.Member.Person, root.ID)
	if err != nil {
		return nil, fmt.Errorf("own follow: %w", err)
	}
	own, err := b.isOwn(ctx, b.store, c, it)
	if err != nil {
		return nil, err
	}
	vote := Button{Label: "👍 Vote", Action: Act("vote", root.Number), Style: Primary}
	if mine[root.ID] {
		vote = Button{Label: "Take 👍 back", Action: Act("vote", root.Number)}
	}
	var first Buttons
	if root.Status.Open() {
		first = append(first, vote)
	}
	// Who voted or asked hears of it anyway, unless they said no.
	if hears := follows || !said && (mine[root.ID] && c.hearsByVote() || own); hears {
		first = append(first, Button{Label: "Unfollow", Action: Act("unfollow", root.Number)})
	} else {
		first = append(first, Button{Label: "Follow", Action: Act("follow", root.Number)})
	}
	if own {
		first = append(first,
			Button{Label: "Edit", Action: Act("edit", it.Number)},
			Button{Label: "Add details", Action: Act("more", it.Number)},
			Button{Label: "Withdraw", Action: Act("withdraw", it.Number)})
	}
	var second Buttons
	if c.Roles.Has(PM) {
		second = append(second, Button{Label: "Manage", Action: Act("manage", it.Number)})
	}
	if c.Roles.Has(PO) {
		second = append(second, Button{Label: "Promote", Action: Act("promote", root.Number)})
		if root.Status != StatusShipped {
			second = append(second, Button{Label: "Ship", Action: Act("ship", root.Number)})
		}
	}
	if c.eyes().shares {
		second = append(second, Button{Label: "Share here", Action: Act("share", "item", it.Number)})
	}
	back, err := putBackButton(ctx, b.store, c, it)
	if err != nil {
		return nil, err
	}
	second = append(second, back...)
	out := Doc{first}
	if len(second) > 0 {
		out = append(out, second)
	}
	return out, nil
}

// readOnPress is [Read on], `read N PART`: a long text, a part at a time.
func (b *Bot) readOnPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	part, _ := numberArg(args, 1)
	if !ok || part == 0 {
		return nil, staleButton()
	}
	it, err := readable(ctx, b.store, c, n)
	if err != nil {
		return nil, err
	}
	runes := []rune(it.Body)
	from := (part - 1) * (shownWords - 1)
	if from >= len(runes) {
		return Sayf("That was all of *#%d*.", it.Number), nil
	}
	to := min(from+shownWords-1, len(runes))
	say := Sayf("*#%d %s*, part %d of %d", it.Number, it.Title, part, (len(runes)+shownWords-2)/(shownWords-1)).With(Quote{Literal(string(runes[from:to]))})
	if to < len(runes) {
		say = say.With(Buttons{{Label: "Read on", Action: Act("read", it.Number, part+1)}})
	}
	return say, nil
}

// quotesPress is [5 more quotes], `quotes N OFFSET`.
func (b *Bot) quotesPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	offset, _ := numberArg(args, 1)
	if !ok {
		return nil, staleButton()
	}
	it, err := readable(ctx, b.store, c, n)
	if err != nil {
		return nil, err
	}
	root := it
	if it.Into != 0 {
		if root, err = b.store.Item(ctx, it.Board, it.Root); err != nil {
			return nil, fmt.Errorf("what a request went into: %w", err)
		}
		if !c.audience().MayRead(root.Audience) {
			root = it
		}
	}
	doc, err := b.quotes(ctx, b.store, c.eyes(), c.Workspace.ID, it, root, offset, listSize)
	if err != nil {
		return nil, err
	}
	if len(doc) == 0 {
		return Sayf("Those were all quotes of *#%d*.", it.Number), nil
	}
	return Say{Doc: append(Doc{Para{title(it)}}, doc...)}, nil
}
