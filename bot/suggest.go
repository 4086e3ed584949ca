package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Suggestion is one thing that may be meant while somebody still types.
type Suggestion struct {
	Value string // what the argument becomes; an item's number where it is an item
	Label string // what is read, at most 100 runes
}

const (
	// suggestions is how many are offered at once (Discord shows 25 at most).
	suggestions = 25
	// calmSuggestions is how many requests are offered while somebody writes one.
	calmSuggestions = 10
)

// Suggested tells whether Suggest has something to offer for a command's parameter.
func Suggested(verb Verb, p Param) bool {
	switch p.Kind {
	case KindItem, KindItems, KindVerb, KindZone, KindCron:
		return true
	case KindWords:
		return verb == VerbFeedback || verb == VerbUnlink
	}
	return false
}

// Suggest offers what the named argument of a command may be, after what was typed of
// it so far: items by number and by words, for feedback those that sound like it. It
// offers only what the caller may see, changes nothing, and answers nothing where it
// has nothing to offer or the board can't be read.
func (b *Bot) Suggest(ctx context.Context, call Call, verb Verb, option, typed string) []Suggestion {
	u, _ := UsageOf(verb)
	i := slices.IndexFunc(u.Params, func(p Param) bool { return p.Name == option })
	if i < 0 || !Suggested(verb, u.Params[i]) {
		return nil
	}
	c, err := b.recognize(ctx, call)
	var out []Suggestion
	if err == nil {
		typed = strings.TrimSpace(Clean(typed))
		switch p := u.Params[i]; {
		case p.Kind == KindWords && verb == VerbUnlink:
			out, err = b.suggestWorkspaces(ctx, c, typed)
		case p.Kind == KindWords:
			out, err = b.suggestSimilar(ctx, c, typed)
		case p.Kind == KindItem:
			out, err = b.suggestItems(ctx, c, verb, "", typed)
		case p.Kind == KindItems:
			out, err = b.suggestItems(ctx, c, verb, typed, lastPiece(typed))
		case p.Kind == KindVerb:
			out = b.suggestVerbs(c, typed)
		case p.Kind == KindZone:
			out = suggestZones(typed)
		case p.Kind == KindCron:
			out = suggestTimes(typed)
		}
	}
	if err != nil {
		b.log.InfoContext(ctx, "nothing suggested", "verb", string(verb), "error", err)
		return nil
	}
	return out[:min(len(out), suggestions)]
}

// recognize is meet for somebody who has not done anything yet: it reads and keeps
// nothing. Who is not known yet sees what the community sees.
func (b *Bot) recognize(ctx context.Context, call Call) (caller, error) {
	c := caller{Call: call}
	if c.At.IsZero() {
		c.At = b.clock.Now()
	}
	var err error
	if c.Workspace, err = b.store.Workspace(ctx, call.Workspace); err != nil {
		return c, fmt.Errorf("workspace of a call: %w", err)
	}
	c.Member, err = b.store.MemberByAccount(ctx, c.Workspace.Board, c.Workspace.ID, call.Member.Account)
	switch {
	case errors.Is(err, ErrNotFound):
		c.Member = Member{Board: c.Workspace.Board, Account: call.Member.Account, Audience: memberAudience(call.Workspace.Platform, call.Member)}
	case err != nil:
		return c, fmt.Errorf("member of a call: %w", err)
	default:
		if c.Roles, err = b.store.RolesOf(ctx, c.Workspace.Board, c.Member.Person); err != nil {
			return c, fmt.Errorf("roles of a call: %w", err)
		}
	}
	c.Member.LookedUp = c.Member.LookedUp || call.Member.Complete
	return c, nil
}

// suggestSimilar offers the open requests that sound like what is being written, the
// nearest first; before anything is written, what people want most.
func (b *Bot) suggestSimilar(ctx context.Context, c caller, typed string) ([]Suggestion, error) {
	var found []Item
	if Empty(typed) {
		items, _, err := b.store.Top(ctx, c.Workspace.Board, c.audience(), Page{calmSuggestions, 0})
		if err != nil {
			return nil, fmt.Errorf("top: %w", err)
		}
		found = items
	} else {
		near, err := b.similar(ctx, b.store, c, typed, Wish{})
		if err != nil {
			return nil, err
		}
		for _, id := range near {
			it, err := b.store.Item(ctx, c.Workspace.Board, id)
			if err != nil {
				return nil, fmt.Errorf("similar item: %w", err)
			}
			found = append(found, it.As(c.audience()))
		}
		more, _, err := b.store.Search(ctx, c.Workspace.Board, c.audience(), Excerpt(typed, nearRunes), Page{calmSuggestions, 0})
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		found = append(found, more...)
	}
	var out []Suggestion
	for _, it := range found {
		s := Suggestion{picked(it), suggestionLabel("👍 ", it)}
		if it.Status.Open() && !slices.Contains(out, s) && len(out) < calmSuggestions {
			out = append(out, s)
		}
	}
	return out, nil
}

// suggestItems offers items by number and by words; before anything is typed, those
// that the command is most likely about. before is what stands in front already.
func (b *Bot) suggestItems(ctx context.Context, c caller, verb Verb, before, typed string) ([]Suggestion, error) {
	items, err := b.itemsFor(ctx, c, verb, typed)
	if err != nil {
		return nil, err
	}
	before = strings.TrimSuffix(before, typed)
	seen := map[int]bool{}
	for _, n := range numbersIn(before) {
		seen[n] = true
	}
	var out []Suggestion
	for _, it := range items {
		if seen[it.Number] {
			continue
		}
		seen[it.Number] = true
		out = append(out, Suggestion{before + strconv.Itoa(it.Number), suggestionLabel(before, it)})
	}
	return out, nil
}

func (b *Bot) itemsFor(ctx context.Context, c caller, verb Verb, typed string) ([]Item, error) {
	board, page := c.Workspace.Board, Page{suggestions, 0}
	if n, ok := number(matchKey(typed)); ok {
		return b.itemsByPrefix(ctx, c, n)
	}
	var items []Item
	var err error
	switch {
	case strings.TrimLeft(typed, "# ") != "":
		items, _, err = b.store.Search(ctx, board, c.audience(), Excerpt(typed, nearRunes), page)
	case verb == VerbEdit || verb == VerbWithdraw:
		items, _, err = b.store.AskedBy(ctx, board, c.Member.Person, page)
	case verb == VerbUnvote || verb == VerbUnfollow || verb == VerbStopNotes || verb == VerbStartNotes:
		if items, _, err = b.store.VotedFor(ctx, board, c.audience(), c.Member.Person, page); err == nil {
			var own []Item
			own, _, err = b.store.AskedBy(ctx, board, c.Member.Person, page)
			items = append(items, own...)
		}
	default:
		items, _, err = b.store.Top(ctx, board, c.audience(), page)
	}
	if err != nil {
		return nil, fmt.Errorf("items to suggest: %w", err)
	}
	return slices.DeleteFunc(items, func(it Item) bool { return !it.HiddenAt.IsZero() || !c.audience().MayRead(it.Audience) }), nil
}

// itemsByPrefix is the item with this number, as far as the caller may read it, then
// those whose numbers begin with it, then those that hold it as a word.
func (b *Bot) itemsByPrefix(ctx context.Context, c caller, n int) ([]Item, error) {
	var out []Item
	it, err := readable(ctx, b.store, c, n)
	switch {
	case err == nil:
		out = append(out, it)
	case RefusedWith(err) == "":
		return nil, err
	}
	var longer []int
	for low, many := n*10, 10; many <= 1000 && low < 1_000_000_000; low, many = low*10, many*10 {
		for x := range many {
			longer = append(longer, low+x)
		}
	}
	begin, err := b.store.ItemsByNumber(ctx, c.Workspace.Board, c.audience(), longer)
	if err != nil {
		return nil, fmt.Errorf("items by number: %w", err)
	}
	hold, _, err := b.store.Search(ctx, c.Workspace.Board, c.audience(), strconv.Itoa(n), Page{calmSuggestions, 0})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return append(append(out, begin[:min(len(begin), suggestions)]...), hold...), nil
}

// suggestionLabel is an item in one line of at most 100 runes: the title gives way.
func suggestionLabel(before string, it Item) string {
	rest := fmt.Sprintf(" · 👍 %d · %s", it.Votes, it.Status.Label())
	start := fmt.Sprintf("%s#%d ", Excerpt(before, 30), it.Number)
	return start + Excerpt(oneLine(it.Title), max(100-len([]rune(start))-len([]rune(rest)), 10)) + rest
}

// lastPiece is the number or word of a list that is still being typed.
func lastPiece(typed string) string {
	return strings.TrimLeft(typed[strings.LastIndexAny(typed, ", ")+1:], " ")
}

// numbersIn are the numbers of a list.
func numbersIn(list string) []int {
	var out []int
	for _, piece := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if n, ok := number(matchKey(piece)); ok {
			out = append(out, n)
		}
	}
	return out
}

func (b *Bot) suggestVerbs(c caller, typed string) []Suggestion {
	var out []Suggestion
	for _, u := range Usages() {
		if mayUse(u, c.Roles) && b.does(u.Verb) && strings.HasPrefix(string(u.Verb), strings.ToLower(typed)) {
			out = append(out, Suggestion{string(u.Verb), Excerpt(string(u.Verb)+": "+u.Summary, 100)})
		}
	}
	return out
}

// suggestZones offers time zones whose name holds what was typed.
func suggestZones(typed string) []Suggestion {
	key := wordKey(typed)
	var out []Suggestion
	add := func(zone string) {
		if s := (Suggestion{zone, zone}); !slices.Contains(out, s) && len(out) < suggestions {
			out = append(out, s)
		}
	}
	if zone, _, err := ParseZone(typed); err == nil {
		add(zone)
	}
	for zone := range strings.Lines(zonesTable) {
		if zone = strings.TrimSpace(zone); key != "" && strings.Contains(wordKey(zone), key) {
			add(zone)
		}
	}
	if key != "" {
		for _, zone := range nearZones(key) {
			add(zone)
		}
	}
	return out
}

// suggestTimes offers ways to say when, and keeps what was typed where it is one.
func suggestTimes(typed string) []Suggestion {
	var out []Suggestion
	if !Empty(typed) {
		if _, err := ParseSchedule(typed, ""); err == nil {
			out = append(out, Suggestion{Excerpt(typed, 100), Excerpt(typed, 100)})
		}
	}
	for _, x := range []string{"monday 9:00", "tuesday 9:00", "wednesday 9:00", "thursday 9:00", "friday 16:00", "every weekday 9:00", "0 9 1 * *"} {
		if _, err := ParseSchedule(x, ""); err == nil && strings.Contains(x, strings.ToLower(typed)) && x != typed {
			out = append(out, Suggestion{x, x})
		}
	}
	return out
}
