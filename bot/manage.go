package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// manageRoutes are the private panel of those who decide about one item, and its forms.
func (b *Bot) manageRoutes(r *routes) {
	r.presses["manage"] = b.managePress
	r.presses["setstatus"] = b.formPress(VerbStatus, statusFields)
	r.presses["settags"] = b.formPress(VerbTag, tagFields)
	r.forms["tags"] = b.tagForm
	r.presses["setaudience"] = b.formPress(VerbAudience, audienceFields)
	r.forms["audience"] = b.audienceForm
	r.presses["setmerge"] = b.formPress(VerbMerge, mergeFields)
	r.forms["merge"] = b.mergeForm
	r.presses["hide"] = b.formPress(VerbHide, hideFields)
	r.forms["hide"] = b.hideForm
	r.presses["unhide"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		return b.hideCommand(ctx, c, Command{Verb: VerbHide, Item: n, Switch: SwitchOff})
	}
	r.presses["later"] = b.laterPress(ChoiceLater)
	r.presses["notlater"] = b.laterPress(ChoiceOff)
}

// managePress is `manage N`: what can be decided about an item, each with its form.
func (b *Bot) managePress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbTag, Item: n}); err != nil {
			return err
		}
		it, err := readable(ctx, tx, c, n)
		if err == nil {
			it, err = tx.Item(ctx, it.Board, it.ID) // with both audiences' words
		}
		if err != nil {
			return err
		}
		reply, err = b.panel(ctx, tx, it)
		return err
	})
	return reply, err
}

func (b *Bot) panel(ctx context.Context, tx Tx, it Item) (Reply, error) {
	if !it.HiddenAt.IsZero() {
		h, err := tx.Hiding(ctx, it.Board, it.ID)
		if err != nil {
			return nil, fmt.Errorf("hiding: %w", err)
		}
		return Sayf("#%d is hidden since %s: %s.", it.Number, day(b.clock.Now(), h.At), orElse(h.Reason, "no reason given")).
			With(Buttons{{Label: "Bring it back", Action: Act("unhide", it.Number)}}), nil
	}
	say := Sayf("Manage %v · %s · 👍 %d", title(it.As(Team)), it.Status.Label(), it.Votes).
		With(Small{Textf("%s · for %s", tagList(it.Tags), audienceWords(it.Audience))})
	if it.Shared() && it.Audience == Community {
		say = say.With(Small{Textf("The community reads %v; tags, names and quotes from before are the team's.", title(it))})
	}
	if it.Into != 0 {
		root, err := tx.Item(ctx, it.Board, it.Root)
		if err != nil {
			return nil, fmt.Errorf("root: %w", err)
		}
		root = root.As(Team)
		return say.With(Para{Textf("It is part of %v; what is decided is decided there. `/heed unmerge %d` takes it out.", title(root), it.Number)},
			Buttons{{Label: fmt.Sprintf("Manage #%d", root.Number), Action: Act("manage", root.Number)}}), nil
	}
	later := Button{Label: "Later on the roadmap", Action: Act("later", it.Number)}
	if it.Later {
		later = Button{Label: "Off the roadmap", Action: Act("notlater", it.Number)}
	}
	first := Buttons{
		{Label: "Set status…", Action: Act("setstatus", it.Number), Style: Primary},
		{Label: "Tags…", Action: Act("settags", it.Number)},
		{Label: "Merge…", Action: Act("setmerge", it.Number)},
		{Label: "Audience…", Action: Act("setaudience", it.Number)},
		{Label: "Hide…", Action: Act("hide", it.Number), Style: Danger},
	}
	second := Buttons{}
	switch {
	case it.Audience == Team:
		second = append(second, Button{Label: "Share with the community…", Action: Act("publish", it.Number)})
	case it.Shared():
		second = append(second, Button{Label: "Public words…", Action: Act("publish", it.Number)})
	}
	if it.Status.Open() {
		if it.Status != StatusPlanned && it.Status != StatusStarted {
			second = append(second, later)
		}
		second = append(second, Button{Label: "Promote", Action: Act("promote", it.Number)}, Button{Label: "Ship", Action: Act("ship", it.Number)})
	}
	say = say.With(first)
	if len(second) > 0 {
		say = say.With(second)
	}
	return say, nil
}

// formPress opens a form about an item for those who may.
func (b *Bot) formPress(v Verb, fields func(it Item) (id string, submit string, fields []Field)) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		if err := b.may(ctx, b.store, c, Command{Verb: v, Item: n}); err != nil {
			return nil, err
		}
		it, err := readable(ctx, b.store, c, n)
		if err != nil {
			return nil, err
		}
		id, submit, fs := fields(it)
		return Ask{Form{ID: id, State: strconv.Itoa(it.Number), Title: fmt.Sprintf("#%d", it.Number), Submit: submit,
			Fields: append([]Field{InfoField{Doc{Para{title(it)}}}}, fs...)}}, nil
	}
}

// statusFields offer the statuses that the item may move to. Shipping has a form of its own.
func statusFields(it Item) (string, string, []Field) {
	var options []Option
	for _, s := range Statuses() {
		if s != StatusShipped && it.Status.CanBecome(s) {
			options = append(options, Option{string(s), s.Label()})
		}
	}
	fields := []Field{
		ChoiceField{Name: "status", Label: "Status", Options: options, Value: options[0].Value},
		TextField{Name: "reason", Label: "Reason or question", Hint: "Needed for Not planned and Needs info. The people who asked read it.", Lines: true, Max: MaxReason, Optional: true},
	}
	if it.Shared() {
		fields = append(fields, readersField())
	}
	return "status", "Set status", fields
}

// readersField asks whom a reason is for, where the community reads other words than the team.
func readersField() Field {
	return ChoiceField{Name: "readers", Label: "Who may read the reason?", Hint: "The community reads words of its own for this one.", Value: string(Team),
		Options: []Option{{string(Team), "The team alone"}, {string(Community), "Everyone who asked"}}}
}

func tagFields(it Item) (string, string, []Field) {
	return "tags", "Save", []Field{
		TextField{Name: "tags", Label: "Tags", Hint: fmt.Sprintf("Apart by spaces, %d at most", maxItemTags), Value: strings.Join(it.Tags, " "), Optional: true},
	}
}

func audienceFields(it Item) (string, string, []Field) {
	return "audience", "Save", []Field{
		ChoiceField{Name: "audience", Label: "Who may read it?", Value: string(it.Audience), Options: []Option{{string(Team), "The team alone"}, {string(Community), "Everyone"}}},
	}
}

func mergeFields(Item) (string, string, []Field) {
	return "merge", "Merge", []Field{
		TextField{Name: "into", Label: "Which request is it part of?", Hint: "Its number. Votes unite; nobody counts twice.", Placeholder: "7", Max: 12},
	}
}

func hideFields(Item) (string, string, []Field) {
	return "hide", "Hide", []Field{
		TextField{Name: "reason", Label: "Why?", Hint: "Kept for moderators. Its text is sealed; it can be brought back.", Lines: true, Max: MaxReason, Optional: true},
	}
}

// tagForm, audienceForm, mergeForm and hideForm take those forms.
func (b *Bot) tagForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	n, ok := numberArg(strings.Fields(s.State), 0)
	if !ok {
		return nil, staleButton()
	}
	var want []string
	for _, word := range strings.FieldsFunc(s.Values["tags"], func(r rune) bool { return r == ' ' || r == ',' || r == '\n' }) {
		tag, err := ParseTag(word)
		if err != nil {
			return Fix{map[string]string{"tags": fmt.Sprintf("“%s” doesn't work as a tag: letters, digits and dashes only, at most 30.", Excerpt(word, 40))}}, nil
		}
		want = appendNew(want, tag)
	}
	if len(want) > maxItemTags {
		return Fix{map[string]string{"tags": fmt.Sprintf("That's %d tags; %d fit on a card.", len(want), maxItemTags)}}, nil
	}
	return b.onRoot(ctx, c, Command{Verb: VerbTag, Item: n}, func(tx Tx, it Item) (Reply, error) { return b.setTags(ctx, tx, c, it, want, n) })
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

func (b *Bot) audienceForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	n, ok := numberArg(strings.Fields(s.State), 0)
	to := Audience(s.Values["audience"])
	if !ok || to != Team && to != Community {
		return nil, staleButton()
	}
	return b.onRoot(ctx, c, Command{Verb: VerbAudience, Item: n}, func(tx Tx, it Item) (Reply, error) { return b.setAudience(ctx, tx, c, it, to, n) })
}

func (b *Bot) mergeForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	n, ok := numberArg(strings.Fields(s.State), 0)
	if !ok {
		return nil, staleButton()
	}
	into, ok := numberArg([]string{strings.TrimPrefix(strings.TrimSpace(s.Values["into"]), "#")}, 0)
	if !ok {
		return Fix{map[string]string{"into": "A number, please: 7 or #7."}}, nil
	}
	return b.mergeCommand(ctx, c, Command{Verb: VerbMerge, Items: []int{n}, Item: into})
}

func (b *Bot) hideForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	n, ok := numberArg(strings.Fields(s.State), 0)
	if !ok {
		return nil, staleButton()
	}
	return b.hideCommand(ctx, c, Command{Verb: VerbHide, Item: n, Words: s.Values["reason"]})
}

// onRoot does something about the locked root of an item, for those who may.
func (b *Bot) onRoot(ctx context.Context, c caller, cmd Command, do func(Tx, Item) (Reply, error)) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		it, err := lockRoot(ctx, tx, c, cmd.Item)
		if err == nil {
			reply, err = do(tx, it)
		}
		return err
	})
	return reply, err
}

func (b *Bot) laterPress(choice string) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		return b.setLater(ctx, c, Command{Verb: VerbRoadmap, Item: n, Choice: choice})
	}
}
