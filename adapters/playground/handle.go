package playground

import (
	"context"
	"strings"

	"heed/bot"
)

// answer is what the page is told of an act. What everyone, or the person alone,
// reads comes by the stream; here is only what belongs to the act itself.
type answer struct {
	Form   *form             `json:"form,omitempty"`   // a dialog to open
	Errors map[string]string `json:"errors,omitempty"` // at the fields of the form that was sent
	Say    *doc              `json:"say,omitempty"`    // an answer that has no channel to stand in
	Ref    string            `json:"ref,omitempty"`    // of the message that was made
	// Completions are ways to go on typing, for the act that asks for them.
	Completions []completion `json:"completions,omitempty"`
}

// completion is one way to go on.
type completion struct {
	Text  string `json:"text"` // what the line becomes
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
}

// say takes in words that somebody typed: a command, feedback to Heed, or talk
// between people.
func (a *Adapter) say(ctx context.Context, core Core, who Person, p place, words string) (answer, error) {
	if name, text, ok := parseCommand(words); ok {
		reply, err := core.Command(ctx, a.call(p, who), name, a.entities(text))
		return a.deliver(ctx, who, p, strings.TrimPrefix(name, "/"), reply, err)
	}
	m, err := a.chat.add(ctx, message{
		Channel: p.Channel, Thread: p.Thread, Author: who.Account, At: a.times.now(), Words: words, Key: "said:" + who.Account + ":" + p.Key,
	})
	if err != nil {
		return answer{}, err
	}
	r, _ := a.chat.room(p.Channel)
	rest, mentioned := withoutMention(words)
	if r.Kind != bot.DirectChannel && (!mentioned || !r.Joined) {
		return answer{Ref: m.Ref}, nil
	}
	p.Message = m.Ref
	h := a.heard(m)
	h.Words = rest
	reply, err := core.Say(ctx, a.call(p, who), rest, h)
	out, err := a.deliver(ctx, who, p, "", reply, err)
	out.Ref = m.Ref
	return out, err
}

// complete offers ways to go on with a command: its name while that is typed, then
// what it takes.
func (a *Adapter) complete(ctx context.Context, core Core, who Person, p place, line string) answer {
	name, text, spaced := strings.Cut(strings.ToLower(line), " ")
	if !strings.HasPrefix(name, "/") {
		return answer{}
	}
	typed := line
	if !spaced {
		name, text = "", ""
	}
	var out answer
	for _, c := range core.Complete(ctx, a.call(p, who), name, text) {
		if spaced || strings.HasPrefix(strings.ToLower(c.Text), strings.ToLower(typed)) {
			out.Completions = append(out.Completions, completion{c.Text, strings.TrimSpace(c.Text), c.Summary})
		}
	}
	return out
}

// press is a button under a message of Heed's.
func (a *Adapter) press(ctx context.Context, core Core, who Person, p place, action bot.Action) (answer, error) {
	reply, err := core.Press(ctx, a.call(p, who), action)
	if err == nil {
		a.guideSaw(func(g *guide) bool { return g.pressed(who, action) })
	}
	verb, _ := action.Parts()
	return a.deliver(ctx, who, p, verb, reply, err)
}

// submit is a dialog that was sent.
func (a *Adapter) submit(ctx context.Context, core Core, who Person, p place, s bot.Submission, opened string) (answer, error) {
	reply, err := core.Submit(ctx, a.call(p, who), s)
	if err != nil { // the form stays open with what was typed
		a.options.Log.ErrorContext(ctx, "a form was not kept", "form", s.Form, "account", who.Account, "cause", err)
		if fix, ok := reply.(bot.Fix); ok {
			return answer{Errors: fix.Errors}, nil
		}
		return answer{Errors: map[string]string{"": "Not saved yet. Keep this open and send it again in a minute."}}, nil
	}
	if _, fix := reply.(bot.Fix); !fix {
		a.guideSaw(func(g *guide) bool { return g.sent(opened) })
	}
	return a.deliver(ctx, who, p, opened, reply, nil)
}

// save is "Save as feedback" on a message.
func (a *Adapter) save(ctx context.Context, core Core, who Person, p place) (answer, error) {
	m, ok := a.chat.message(p.Message)
	if !ok {
		return answer{}, bot.ErrNotFound
	}
	reply, err := core.Save(ctx, a.call(p, who), a.heard(m))
	return a.deliver(ctx, who, p, "save", reply, err)
}

// give is "Give feedback".
func (a *Adapter) give(ctx context.Context, core Core, who Person, p place) (answer, error) {
	reply, err := core.Give(ctx, a.call(p, who))
	return a.deliver(ctx, who, p, "give", reply, err)
}

// react puts a person's emoji on a message or takes it off. What the core can't keep
// now is delivered again, and the person is told.
func (a *Adapter) react(ctx context.Context, core Core, who Person, ref, emoji string, on bool) (answer, error) {
	before, ok := a.chat.message(ref)
	if !ok {
		return answer{}, bot.ErrNotFound
	}
	m, err := a.chat.react(ctx, ref, who.Account, emoji, on)
	if err != nil || before.reactedBy(who.Account, emoji) == on {
		return answer{}, err
	}
	if r, _ := a.chat.room(m.Channel); !r.Joined {
		return answer{}, nil // Heed is not there, so it hears nothing
	}
	b := bot.Ballot{
		Workspace: a.options.Workspace, Account: who.Account, Channel: m.Channel, Message: m.Ref, Emoji: emoji, Act: bot.Support, At: a.times.now(),
	}
	if !on {
		b.Act = bot.Retract
	}
	if err := core.React(ctx, []bot.Ballot{b}); err != nil {
		a.options.Log.ErrorContext(ctx, "a reaction was not kept", "account", who.Account, "message", ref, "cause", err)
		a.missed.add(b)
		late := renderDoc("say", bot.Doc{bot.Para{Text: bot.Textf("I couldn't count that yet; that's on me. I keep trying, you need not do anything.")}})
		return answer{Say: &late}, nil
	}
	return answer{}, nil
}

// remove deletes a message for everyone.
func (a *Adapter) remove(ctx context.Context, core Core, who Person, ref string) error {
	m, ok := a.chat.message(ref)
	if !ok {
		return nil
	}
	if m.Author != who.Account && m.To != who.Account && !who.Admin {
		return forbidden("not_own_message")
	}
	if err := a.chat.remove(ctx, ref); err != nil {
		return err
	}
	if m.To != "" {
		return nil
	}
	return core.MessageGone(ctx, a.options.Workspace, m.Channel, m.Ref)
}

// home is the person's own page. While the core can't make it, its reply-like page
// says so.
func (a *Adapter) home(ctx context.Context, core Core, who Person, key string) (doc, error) {
	h, err := core.Home(ctx, a.call(place{Key: key, As: who.Account}, who))
	if err != nil {
		return doc{}, err
	}
	return renderContent(h)
}

// deliver shows a reply to the person alone. failed is what the core said beside it;
// the person is answered all the same.
func (a *Adapter) deliver(ctx context.Context, who Person, p place, opened string, reply bot.Reply, failed error) (answer, error) {
	if failed != nil {
		a.options.Log.ErrorContext(ctx, "an act was not kept", "account", who.Account, "channel", p.Channel, "cause", failed)
	} else {
		a.guideSaw(func(g *guide) bool { return g.answered(who, reply) })
	}
	switch reply := reply.(type) {
	case bot.Say:
		return a.deliverSay(ctx, who, p, reply), nil
	case bot.Ask:
		f := a.renderForm(reply.Form, who.Account, "form-"+p.Key, opened)
		return answer{Form: &f}, nil
	case bot.Fix:
		return answer{Errors: reply.Errors}, nil
	case bot.Nothing:
		return answer{}, nil
	}
	return answer{}, failed
}

func (a *Adapter) deliverSay(ctx context.Context, who Person, p place, reply bot.Say) answer {
	d := renderDoc("say", reply.Doc)
	if m, ok := a.chat.message(p.Message); ok && reply.Replace && m.To == who.Account {
		_, err := a.chat.change(ctx, m.Ref, func(m *message) error { m.Doc = &d; return nil })
		if err == nil {
			return answer{}
		}
	}
	m := message{Channel: p.Channel, Thread: p.Thread, Author: heedAccount, At: a.times.now(), Doc: &d, To: who.Account}
	out := answer{}
	if m.Channel == "" {
		m.Channel, out.Say = "dm-"+who.Account, &d
	}
	if _, err := a.chat.add(ctx, m); err != nil {
		a.options.Log.ErrorContext(ctx, "an answer was not kept", "account", who.Account, "channel", p.Channel, "cause", err)
		out.Say = &d
	}
	return out
}
