package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
)

// listSize is how many items a list shows at once.
const listSize = 10

// listRoutes are the commands and buttons that read the board.
func (b *Bot) listRoutes(r *routes) {
	read := func(make func(context.Context, Tx, caller, eyes) (Doc, error)) func(context.Context, caller) (Reply, error) {
		return func(ctx context.Context, c caller) (Reply, error) {
			doc, err := make(ctx, b.store, c, c.eyes())
			return Say{Doc: doc}, err
		}
	}
	top := func(ctx context.Context, c caller, offset, size int) (Reply, error) {
		return read(func(ctx context.Context, tx Tx, c caller, r eyes) (Doc, error) {
			doc, err := b.top(ctx, tx, r, Page{size, offset})
			if err != nil || offset > 0 {
				return doc, err
			}
			pin, err := b.topPinButton(ctx, tx, c)
			return append(doc, pin...), err
		})(ctx, c)
	}
	r.commands[VerbTop] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		if cmd.Choice == ChoicePin {
			return b.topPinCommand(ctx, c, cmd.Switch != SwitchOff)
		}
		if cmd.Count == 0 {
			cmd.Count = listSize
		}
		return top(ctx, c, 0, cmd.Count)
	}
	r.presses["top"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		offset, _ := numberArg(args, 0)
		return top(ctx, c, offset, listSize)
	}
	r.presses["toppin"] = b.topPinPress
	r.commands[VerbSearch] = b.searchCommand
	r.presses["items"] = b.itemsPress
	r.commands[VerbMine] = func(ctx context.Context, c caller, _ Command) (Reply, error) { return read(b.mine)(ctx, c) }
	r.presses["mine"] = func(ctx context.Context, c caller, _ []string) (Reply, error) { return read(b.mine)(ctx, c) }
	r.commands[VerbHeld] = func(ctx context.Context, c caller, _ Command) (Reply, error) { return read(b.waiting)(ctx, c) }
	r.presses["asked"] = b.morePress(b.askedList)
	r.presses["voted"] = b.morePress(b.votedList)
	r.commands[VerbRoadmap] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		if cmd.Item != 0 {
			return b.setLater(ctx, c, cmd)
		}
		return read(func(ctx context.Context, tx Tx, _ caller, r eyes) (Doc, error) { return b.roadmap(ctx, tx, r) })(ctx, c)
	}
	r.presses["roadmap"] = func(ctx context.Context, c caller, _ []string) (Reply, error) {
		return read(func(ctx context.Context, tx Tx, _ caller, r eyes) (Doc, error) { return b.roadmap(ctx, tx, r) })(ctx, c)
	}
	r.presses["stage"] = b.stagePress
	r.commands[VerbShow] = func(ctx context.Context, c caller, cmd Command) (Reply, error) { return b.details(ctx, c, cmd.Item) }
	r.presses["details"] = b.detailsPress
	r.presses["read"] = b.readOnPress
	r.presses["quotes"] = b.quotesPress
	r.presses["share"] = b.sharePress
}

// eyes are the pair of eyes that a list is made for: a person, or a channel with
// all who are in it.
type eyes struct {
	board    BoardID
	audience Audience
	person   PersonID // 0: a channel
	shares   bool     // the list can be shared where it is read
	mixed    bool     // it is read among others than the team: what is only the team's is marked
}

func (c caller) eyes() eyes {
	among := c.Channel.Ref != "" && c.Channel.Kind != DirectChannel
	return eyes{c.Workspace.Board, c.audience(), c.Member.Person, among, among && c.Channel.Audience == Community}
}

// top lists what people want most.
func (b *Bot) top(ctx context.Context, tx Tx, r eyes, p Page) (Doc, error) {
	items, total, err := tx.Top(ctx, r.board, r.audience, p)
	if err != nil {
		return nil, fmt.Errorf("top: %w", err)
	}
	if total == 0 && p.Offset == 0 {
		return r.empty(Textf("Nobody has asked for anything yet. The first word is yours: `/feedback dark mode, please`")), nil
	}
	doc := Doc{Heading{"What people want most"}}
	rows, err := b.rows(ctx, tx, r, items, p.Offset)
	if err != nil {
		return nil, err
	}
	doc = append(doc, rows...)
	next := p.Offset + len(items)
	return append(doc, r.foot(p.Offset, len(items), total, Act("top", next), Act("share", "top", p.Offset))...), nil
}

// foot says which part of a list was shown, with the buttons to the next and to share it.
func (r eyes) foot(offset, shown, total int, next, share Action) Doc {
	var out Doc
	if total > shown {
		out = append(out, Small{Textf("%d–%d of %s", offset+1, offset+shown, soMany(total))})
		if shown == 0 {
			out = Doc{Small{Textf("That was all of it.")}}
		}
	}
	var buttons Buttons
	if offset+shown < total && r.person != 0 && shown > 0 {
		buttons = append(buttons, Button{Label: fmt.Sprintf("Next %d", min(listSize, total-offset-shown)), Action: next})
	}
	if r.shares && share != "" && shown > 0 {
		buttons = append(buttons, Button{Label: "Share here", Action: share})
	}
	if len(buttons) > 0 {
		out = append(out, buttons)
	}
	return out
}

// soMany says how many there are. Where a search stopped counting there may be more; of
// any other list that many are over it as well.
func soMany(total int) string {
	if total == SearchCounted+1 {
		return fmt.Sprintf("over %d", SearchCounted)
	}
	return strconv.Itoa(total)
}

// empty is a list with nothing on it, and what to do.
func (r eyes) empty(text Text) Doc {
	return Doc{Para{text}, Buttons{{Label: "Give feedback", Action: "give", Style: Primary}}}
}

// rows are items as the lines of a numbered list; from below 0 they are not numbered.
func (b *Bot) rows(ctx context.Context, tx Tx, r eyes, items []Item, from int) (Doc, error) {
	mine := map[ItemID]bool{}
	if r.person != 0 && len(items) > 0 {
		roots := make([]ItemID, len(items))
		for i, it := range items {
			roots[i] = it.Root
		}
		var err error
		if mine, err = tx.Supported(ctx, r.board, r.person, roots); err != nil {
			return nil, fmt.Errorf("own votes: %w", err)
		}
	}
	var out Doc
	for i, it := range items {
		line := itemLine(it)
		if from >= 0 {
			line = Textf("%d  %v", from+i+1, line)
		}
		if r.mixed && it.Audience == Team {
			line = append(line, Span{Text: " · only the team sees it"})
		}
		vote := Button{Label: "👍 Vote", Action: Act("vote", it.Number)}
		if mine[it.Root] {
			line = append(line, Span{Text: " · you too"})
			vote.Label = "Take 👍 back"
		}
		buttons := []Button{vote, {Label: "Details", Action: Act("details", it.Number)}}
		if !it.Status.Open() || it.Into != 0 || !it.HiddenAt.IsZero() {
			buttons = buttons[1:]
		}
		out = append(out, Row{Text: line, Buttons: buttons})
	}
	return out, nil
}

// itemLine is an item in one line: "#42 Dark mode · 👍 31 · Planned".
func itemLine(it Item) Text {
	return Textf("*#%d %s* · 👍 %d · %s", it.Number, it.Title, it.Votes, it.Status.Label())
}

// searchCommand is `/heed search WORDS`. A number alone finds its item too.
func (b *Bot) searchCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	words := Excerpt(Clean(spoken(cmd.Words)), nearRunes)
	r := c.eyes()
	const ahead = 2 * listSize
	items, total, err := b.store.Search(ctx, r.board, r.audience, words, Page{ahead, 0})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if n, ok := number(matchKey(words)); ok {
		it, err := readable(ctx, b.store, c, n)
		if err == nil && !slices.ContainsFunc(items, func(x Item) bool { return x.ID == it.ID }) {
			items, total = append([]Item{it}, items...), total+1
		}
	}
	if len(items) == 0 {
		return Sayf("Nothing sounds like “%s” yet.", Excerpt(words, 100)).With(
			Small{Textf("Try one word less, or be the first to ask: `/feedback %s`", Excerpt(oneLine(words), 60))},
			Buttons{{Label: "Give feedback", Action: "give", Style: Primary}, {Label: "See the top 10", Action: "top"}}), nil
	}
	shown := items[:min(len(items), listSize)]
	rows, err := b.rows(ctx, b.store, r, shown, -1)
	if err != nil {
		return nil, err
	}
	heading := plural(total, "request")
	if total > SearchCounted {
		heading = "Over " + plural(SearchCounted, "request")
	}
	doc := append(Doc{Heading{fmt.Sprintf("%s for “%s”", heading, Excerpt(oneLine(words), 60))}}, rows...)
	next := numbersAct("items", items[len(shown):])
	return Say{Doc: append(doc, r.foot(0, len(shown), total, next, numbersAct("share items", shown))...)}, nil
}

// numbersAct is an action on items by number, as many as fit into one.
func numbersAct(verb string, items []Item) Action {
	a := Action(verb)
	for _, it := range items {
		n := Action(" " + strconv.Itoa(it.Number))
		if len(a)+len(n) > maxActionBytes-boardRoom {
			break
		}
		a += n
	}
	return a
}

// itemsPress lists items by number: the next ones of a search.
func (b *Bot) itemsPress(ctx context.Context, c caller, args []string) (Reply, error) {
	doc, err := b.numbered(ctx, b.store, c.eyes(), args)
	if err != nil {
		return nil, err
	}
	return Say{Doc: doc}, nil
}

func (b *Bot) numbered(ctx context.Context, tx Tx, r eyes, args []string) (Doc, error) {
	var numbers []int
	for i := range args {
		if n, ok := numberArg(args, i); ok {
			numbers = append(numbers, n)
		}
	}
	items, err := tx.ItemsByNumber(ctx, r.board, r.audience, numbers)
	if err != nil {
		return nil, fmt.Errorf("items by number: %w", err)
	}
	if len(items) == 0 {
		return Doc{Para{Textf("There's nothing of this to see any more.")}}, nil
	}
	rows, err := b.rows(ctx, tx, r, items, -1)
	if err != nil {
		return nil, err
	}
	return append(rows, r.foot(0, len(items), len(items), "", numbersAct("share items", items))...), nil
}
