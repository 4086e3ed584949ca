package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Command is a slash command as it was typed: its name ("/feedback", "heed") and
// the text after it, with mentions as <@ACCOUNT|name>. An error means that nothing
// was kept; the reply beside it is fit to show all the same. A command that was not
// understood is no error: the reply says what was missing.
func (b *Bot) Command(ctx context.Context, call Call, name, text string) (Reply, error) {
	name = strings.TrimPrefix(name, "/")
	if name == string(VerbFeedback) {
		return b.serve(ctx, call, text, func(ctx context.Context, c caller) (Reply, error) { return b.feedback(ctx, c, text) })
	}
	cmd, err := ParseSlash(name, text)
	var wrong *Misread
	if errors.As(err, &wrong) {
		reply := misreadReply(wrong, name, text)
		if wrong.Verb != "" || wrong.Nearest != "" || len(strings.Fields(text)) < 2 {
			return reply, nil
		}
		// It begins with no command: likely a wish behind the wrong one.
		return b.serve(ctx, call, text, func(ctx context.Context, c caller) (Reply, error) { return b.orFeedback(ctx, c, text, c.wish(), reply) })
	}
	return b.serve(ctx, call, cmd.Words, func(ctx context.Context, c caller) (Reply, error) { return b.run(ctx, c, cmd) })
}

// run does a command that was understood, if the caller may.
func (b *Bot) run(ctx context.Context, c caller, cmd Command) (Reply, error) {
	h, ok := b.routes.commands[cmd.Verb]
	if !ok {
		return Sayf("I know `%s`, but I can't do it here. Nothing has changed. `/heed help` shows what you can do.", string(cmd.Verb)), nil
	}
	if cmd.Verb != VerbFeedback && cmd.Verb != VerbVote && cmd.Verb != VerbUnvote { // these know a repeat by themselves
		arm(ctx, "command", fmt.Sprintf("%+v", cmd))
	}
	if cmd.Verb != VerbRetitle { // the author of a request may retitle it: its handler asks
		if err := b.may(ctx, b.store, c, cmd); err != nil {
			return nil, err
		}
	}
	reply, err := h(ctx, c, cmd)
	return b.recalled(ctx, c, cmd, reply, err)
}

// typedBack is how much of a command that was not understood is given back.
const typedBack = 2500

// misreadReply says what was not understood, gives back what was typed, since the
// chat has cleared it, and an example that works.
func misreadReply(m *Misread, name, text string) Reply {
	say := Sayf("%s Nothing has changed.", m.Problem)
	if text = Clean(text); !Empty(text) {
		say = say.With(Quote{Literal(Excerpt("/"+name+" "+plainMentions(text), typedBack))})
	}
	if m.Nearest != "" && m.Nearest != m.Verb {
		say = say.With(Para{Textf("Did you mean *%s*?", string(m.Nearest))})
	}
	if m.Example != "" {
		say = say.With(Small{Textf("For example: `/%s`", plainMentions(m.Example))})
	}
	return say
}

// Completion is one way to go on typing a command.
type Completion struct {
	Text    string // what the line becomes
	Summary string
}

// maxCompletions bounds what is offered at once (Discord shows 25 at most).
const maxCompletions = 25

// Complete offers ways to go on after a command's name and the text so far: verbs,
// then what their arguments take. It offers commands that the caller may run, and
// nothing once free words begin.
func (b *Bot) Complete(ctx context.Context, call Call, name, text string) []Completion {
	name = strings.TrimPrefix(name, "/")
	c, err := b.meet(ctx, call)
	if err != nil {
		return nil
	}
	var out []Completion
	add := func(line, summary string) {
		if len(out) < maxCompletions {
			out = append(out, Completion{line, summary})
		}
	}
	typed := strings.ToLower(strings.TrimLeft(text, " "))
	for _, u := range Usages() {
		if !mayUse(u, c.Roles) || !b.does(u.Verb) {
			continue
		}
		switch {
		case name == "":
			if u.Slash {
				add("/"+string(u.Verb), u.Summary)
			}
		case name == "heed" && !strings.Contains(typed, " "):
			if strings.HasPrefix(string(u.Verb), typed) && u.Verb != VerbFeedback {
				add(u.Line("", "")+" ", u.Summary)
			}
		case name == string(u.Verb) || name == "heed" && strings.HasPrefix(typed, string(u.Verb)+" "):
			if u.Verb == VerbFeedback {
				return nil
			}
			for _, example := range u.Examples {
				if line := u.Line("", example); strings.HasPrefix(strings.ToLower(line), strings.TrimSpace("/"+name+" "+typed)) {
					add(line, u.Summary)
				}
			}
		}
	}
	if name == "" {
		add("/heed ", "Everything else: lists, votes, your own requests")
	}
	return out
}

// mayUse tells whether somebody with these roles may run the command in some form.
func mayUse(u Usage, roles RoleSet) bool {
	if len(u.Needs) == 0 || u.BareForAll {
		return true
	}
	for _, r := range u.Needs {
		if roles.Has(r) {
			return true
		}
	}
	return false
}
