package bot

import (
	"context"
	"fmt"
	"strings"
)

// CommandWith is a command whose arguments came apart, as a platform with typed options
// sends them: values by the names of the table's parameters, a member as the account,
// an item as its number; names that the table does not hold are passed over. The same
// rules hold as for Command. Picking what Suggest offered for feedback votes for it.
func (b *Bot) CommandWith(ctx context.Context, call Call, verb Verb, values map[string]string) (Reply, error) {
	cmd, wrong := commandOf(verb, values)
	if wrong != nil {
		return misreadReply(wrong, string(verb), typedLine(verb, values)), nil
	}
	return b.serve(ctx, call, cmd.Words, func(ctx context.Context, c caller) (Reply, error) {
		if n, ok := pickedNumber(cmd); ok {
			it, err := readable(ctx, b.store, c, n)
			if err == nil && picked(it) == strings.TrimSpace(cmd.Words) {
				return b.castOne(ctx, c, n, PlaceCommand, Support)
			}
			if err != nil && RefusedWith(err) == "" {
				return nil, err
			}
		}
		return b.run(ctx, c, cmd)
	})
}

// commandOf reads arguments that came apart.
func commandOf(verb Verb, values map[string]string) (Command, *Misread) {
	u, ok := UsageOf(verb)
	if !ok {
		return Command{}, &Misread{Said: string(verb), Problem: fmt.Sprintf("I don't know the command “%s”.", Excerpt(string(verb), 40)), Example: "heed help"}
	}
	c := Command{Verb: verb}
	for _, p := range u.Params {
		if p.Kind == KindInto || p.Kind == KindPicture {
			continue
		}
		value := values[p.Name]
		if p.Kind == KindMember && value != "" && !strings.HasPrefix(value, "<@") {
			value = "<@" + value + ">"
		}
		if m := takeValue(&c, u, p, value); m != nil {
			return Command{}, m
		}
	}
	if m := complete(&c, u, ""); m != nil {
		return Command{}, m
	}
	return c, nil
}

// takeValue reads one argument, of which value is the whole.
func takeValue(c *Command, u Usage, p Param, value string) *Misread {
	r := newReader(value)
	switch {
	case p.Kind == KindWords:
		if c.Words = r.remainder(); c.Words == "" && !p.Optional {
			return missing(u, p)
		}
		return nil
	case !r.more():
		if p.Optional {
			return nil
		}
		return missing(u, p)
	case p.Kind == KindCron: // whatever it is, ParseSchedule says what is wrong with it
		c.Cron = r.joined(len(r.tokens))
		if c.Cron == "" {
			return r.notFor(u, p)
		}
		return nil
	}
	if m := r.take(c, u, p); m != nil {
		return m
	}
	if r.more() {
		return r.notFor(u, p)
	}
	return nil
}

// typedLine is such a command as one that was typed, to give it back.
func typedLine(verb Verb, values map[string]string) string {
	u, _ := UsageOf(verb)
	var parts []string
	for _, p := range u.Params {
		if v := strings.TrimSpace(values[p.Name]); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " ")
}

// pickMark stands before a suggestion of /feedback that was picked.
const pickMark = "👍 #"

// pickRunes is how much of a title a picked suggestion names: twice 40 and the mark
// stay below the 100 characters that Discord takes, also where each is an emoji.
const pickRunes = 40

// picked is what /feedback sends once an item was picked from what Suggest offered.
// Who types the very same by hand means the same.
func picked(it Item) string {
	return strings.TrimSpace(fmt.Sprintf("%s%d %s", pickMark, it.Number, Excerpt(oneLine(it.Title), pickRunes)))
}

// pickedNumber is the number in words that may be a picked suggestion.
func pickedNumber(cmd Command) (int, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(cmd.Words), pickMark)
	if cmd.Verb != VerbFeedback || !ok {
		return 0, false
	}
	digits, _, _ := strings.Cut(rest, " ")
	return number(digits)
}
