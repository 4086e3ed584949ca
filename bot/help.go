package bot

import (
	"context"
	"fmt"
	"strings"
)

// help is what the caller can do here: for the roles they hold, from the one table
// of commands.
func (b *Bot) help(_ context.Context, c caller, cmd Command) (Reply, error) {
	if cmd.Topic != "" {
		u, _ := UsageOf(cmd.Topic)
		return helpAbout(u, c.Workspace.Ref.Platform), nil
	}
	doc := Doc{
		Para{Textf("*Say what would make things better for you*, anywhere: `/feedback dark mode, please`")},
		Para{Textf("*%s* It's also for what someone else wrote.", threadWay(c.Workspace.Ref.Platform))},
		Para{Textf("*Want it too?* 👍 on the card. You hear back when it ships, or when the answer is no.")},
	}
	for _, part := range []struct {
		title string
		shows func(Usage) bool
	}{
		{"For you", func(u Usage) bool {
			return (len(u.Needs) == 0 || u.BareForAll && !mayChange(u, c.Roles)) && u.Verb != VerbFeedback && u.Group == ""
		}},
		{"About you and your notes", func(u Usage) bool { return u.Group == "me" }},
		{"As a product manager", needsOf(c, PM, "")},
		{"As a product owner", needsOf(c, PO, "")},
		{"As an admin", needsOf(c, Admin, PM)},
	} {
		var lines Text
		for _, u := range Usages() {
			if !part.shows(u) || !b.does(u.Verb) {
				continue
			}
			if len(lines) > 0 {
				lines = append(lines, Span{Text: "\n"})
			}
			example := u.Examples[0]
			if len(u.Needs) > 0 && u.BareForAll && !mayChange(u, c.Roles) {
				example = ""
			}
			lines = append(lines, Span{Text: plainMentions(u.Line("", example)), Code: true}, Span{Text: "  " + u.Summary})
		}
		if len(lines) > 0 {
			doc = append(doc, Para{Textf("*%s*", part.title)}, Para{lines})
		}
	}
	doc = append(doc, Small{Textf("More about one of them: `/heed help vote`")},
		Buttons{{Label: "Give feedback", Action: "give", Style: Primary}, {Label: "See the top 10", Action: "top"}, {Label: "My requests", Action: "mine"}})
	return Say{Doc: doc}, nil
}

// does tells whether this Heed can do a command: what it can't is not offered.
func (b *Bot) does(v Verb) bool {
	_, ok := b.routes.commands[v]
	return ok || v == VerbFeedback
}

// needsOf picks the commands that need role, when the caller holds it; those that
// also list except are left to except's own part.
func needsOf(c caller, role, except Role) func(Usage) bool {
	return func(u Usage) bool {
		if !c.Roles.Has(role) || !RoleSet(u.Needs).Has(role) {
			return false
		}
		return except == "" || !(RoleSet(u.Needs).Has(except) && c.Roles.Has(except))
	}
}

// mayChange tells whether one of roles may run the command with arguments.
func mayChange(u Usage, roles RoleSet) bool {
	for _, r := range u.Needs {
		if roles.Has(r) {
			return true
		}
	}
	return len(u.Needs) == 0
}

// helpAbout is one command with all its examples, for who reads them on p.
func helpAbout(u Usage, p Platform) Reply {
	say := Sayf("*%s*  %s", plainMentions(u.Line("", u.Synopsis())), u.Summary)
	for _, arg := range u.Params {
		if arg.Summary != "" {
			say = say.With(Small{Textf("%s: %s", arg.Name, arg.Summary)})
		}
	}
	for _, e := range u.Examples {
		say = say.With(Para{Textf("`%s`", plainMentions(u.Line("", e)))})
	}
	if len(u.Needs) > 0 {
		labels := make([]string, len(u.Needs))
		for i, r := range u.Needs {
			labels[i] = r.Label()
		}
		who := fmt.Sprintf("For %s.", orList(labels))
		if u.BareForAll {
			who = fmt.Sprintf("Without anything behind it for everyone, else for %s.", orList(labels))
		}
		say = say.With(Small{Literal(who)})
	}
	return say.With(Small{Textf("%s", threadWay(p))})
}

// plainMentions shows mentions as people type them: "@Rui", or the account where
// no name came with it.
func plainMentions(line string) string {
	var out strings.Builder
	for i := 0; i < len(line); {
		account, n := mention(line[i:])
		if n == 0 {
			out.WriteByte(line[i])
			i++
			continue
		}
		if _, name, ok := strings.Cut(line[i:i+n-1], "|"); ok {
			account = name
		}
		out.WriteString("@" + account)
		i += n
	}
	return out.String()
}
