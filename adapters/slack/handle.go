package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"heed/bot"
)

// answer is what an act gets: a body in the acknowledgement, and what is sent
// after it.
type answer struct {
	body  any // JSON; nil: nothing
	then  func(context.Context)
	event string // the act's id in the log
	// sorry: what is sent only says that there is too much at once, and is left out where
	// that is what there is too much of.
	sorry bool
}

// notSaved is what a form says while the database can't be reached.
const notSaved = "Not saved yet. Keep this open and press %s again in a minute."

// command takes a slash command. It always answers: Slack does not send it again.
func (a *Adapter) command(ctx context.Context, s slash) answer {
	event := bot.EventOfKey(s.Trigger)
	out := a.run(bot.WithEvent(ctx, event), s)
	out.event = event
	return out
}

// run has the core do a command.
func (a *Adapter) run(ctx context.Context, s slash) answer {
	asking, cancel := context.WithTimeout(ctx, a.options.Patience)
	defer cancel()
	text := commandText(s.Text)
	reply, err := within(asking, a, "command", s.Team, func(ctx context.Context) (bot.Reply, error) {
		return a.core.Command(ctx, s.call(), s.name(), text)
	})
	if err != nil {
		a.failed(ctx, "command", err)
		reply = bot.Unkept(reply, err, words(s.Text, func(string) string { return "" }), platformName)
	}
	p := s.place()
	say, ok := reply.(bot.Say)
	if !ok {
		return answer{then: a.replying(p, reply)}
	}
	pages := drawPages(say.Doc, onReply, 1+maxFollowUps)
	return answer{
		body: hookBody(pages[0], hook{}),
		then: func(ctx context.Context) {
			for _, page := range pages[1:] {
				if a.hook(ctx, p.answer, page, hook{}) == nil {
					continue
				}
				api, err := a.messenger.client(ctx, p.workspace)
				if err == nil {
					err = a.show(ctx, api, p, page)
				}
				if err != nil {
					a.failed(ctx, "say", err)
					return
				}
			}
		},
	}
}

// platformName is what people call this chat.
const platformName = "Slack"

// within asks the core about a delivery of some kind from a workspace and does not wait
// longer than ctx. What goes on is within Wait. bot.ErrBusy: it was turned away at once.
func within[T any](ctx context.Context, a *Adapter, kind, team string, ask func(context.Context) (T, error)) (T, error) {
	began := time.Now()
	a.options.Meter.Heard(bot.Slack, kind)
	leave, ok := a.crowd.door(kind).Enter(team)
	if !ok {
		a.options.Meter.Acked(bot.Slack, kind, bot.AckShed, 0)
		var none T
		return none, bot.ErrBusy
	}
	v, err := bot.Within(ctx, bot.Begin(a.replies, func() (T, error) {
		defer leave() // when it ends, which may be after its answer
		return ask(ctx)
	}))
	took := time.Since(began)
	a.options.Meter.Acked(bot.Slack, kind, bot.AckOf(err), took)
	if bot.AckOf(err) == bot.AckKept {
		a.log.Log(ctx, bot.AckLevel(kind), "kept", "kind", kind, "took", took)
	}
	return v, err
}

// meteredKind is what a delivery counts as, by the type that Slack named.
func meteredKind(of string) string {
	switch of {
	case "reaction_added", "reaction_removed":
		return "vote"
	case "message", "app_mention":
		return "message"
	case "block_actions":
		return "press"
	case "message_action":
		return "save"
	case "view_submission":
		return "form"
	case "shortcut":
		return "shortcut"
	}
	return "event"
}

// interaction takes a press, a shortcut or a form. It always answers: Slack does
// not send it again.
func (a *Adapter) interaction(ctx context.Context, i interaction) answer {
	event := bot.EventOfKey(i.call().Key)
	out := a.act(bot.WithEvent(ctx, event), i)
	out.event = event
	return out
}

// act has the core do what an interaction asks for.
func (a *Adapter) act(ctx context.Context, i interaction) answer {
	asking, cancel := context.WithTimeout(ctx, a.options.Patience)
	defer cancel()
	switch i.Type {
	case "block_actions":
		return a.press(asking, i)
	case "message_action":
		return a.answered(asking, i, func(ctx context.Context) (bot.Reply, error) {
			return a.core.Save(ctx, i.call(), a.completed(ctx, i))
		})
	case "shortcut":
		return a.answered(asking, i, func(ctx context.Context) (bot.Reply, error) { return a.core.Give(ctx, i.call()) })
	case "view_submission":
		return a.submit(asking, i)
	}
	a.log.DebugContext(ctx, "interaction not taken", "type", logType(i.Type))
	return answer{}
}

func (a *Adapter) press(ctx context.Context, i interaction) answer {
	action := i.action()
	if action == "" {
		return answer{}
	}
	out := a.answered(ctx, i, func(ctx context.Context) (bot.Reply, error) { return a.core.Press(ctx, i.call(), action) })
	if i.View.Type != "home" || out.sorry {
		return out
	}
	first := out.then
	out.then = func(ctx context.Context) {
		if first != nil {
			first(ctx)
		}
		if err := a.publishHome(ctx, i.call()); err != nil {
			a.failed(ctx, "home", err)
		}
	}
	return out
}

// answered is the answer to an act whose reply is sent apart from it.
func (a *Adapter) answered(ctx context.Context, i interaction, ask func(context.Context) (bot.Reply, error)) answer {
	reply, err := within(ctx, a, meteredKind(i.Type), i.team(), ask)
	if err != nil {
		a.failed(ctx, i.Type, err)
		reply = bot.Unkept(reply, err, "", platformName)
	}
	return answer{then: a.replying(i.place(), reply), sorry: errors.Is(err, bot.ErrBusy)}
}

// submit takes a form. When it can't be saved the form stays open.
func (a *Adapter) submit(ctx context.Context, i interaction) answer {
	call := i.call()
	call.Key, call.Delivery = i.View.key(), i.Trigger
	reply, err := within(ctx, a, meteredKind(i.Type), i.team(), func(ctx context.Context) (bot.Reply, error) { return a.core.Submit(ctx, call, i.submission()) })
	if err != nil {
		a.failed(ctx, i.Type, err)
		if inputs := i.View.inputs(); len(inputs) > 0 {
			return errorsAt(inputs, map[string]string{inputs[0]: keepOpen(i.View)})
		}
		reply = bot.Unkept(reply, err, "", platformName)
	}
	p := i.place()
	p.trigger, p.view = "", ""
	switch r := reply.(type) {
	case bot.Fix:
		if inputs := i.View.inputs(); len(inputs) > 0 && len(r.Errors) > 0 {
			return errorsAt(inputs, r.Errors)
		}
	case bot.Ask:
		return answer{body: map[string]any{"response_action": "update", "view": drawForm(r.Form, p.origin())}}
	}
	out := answer{then: a.replying(p, reply)}
	if i.View.Root != "" && i.View.Root != i.View.ID {
		out.body = map[string]any{"response_action": "clear"} // what lies below is out of date
	}
	return out
}

// keepOpen is what a form says that could not be saved.
func keepOpen(v view) string {
	button := v.Submit.Text
	if button == "" {
		button = "Send"
	}
	return strings.Replace(notSaved, "%s", button, 1)
}

// errorsAt keeps a form open with errors at its fields; one at no field that the
// form has stands at the first.
func errorsAt(inputs []string, errs map[string]string) answer {
	known := map[string]bool{}
	for _, name := range inputs {
		known[name] = true
	}
	out := map[string]string{}
	for name, text := range errs {
		if !known[name] {
			name = inputs[0]
		}
		out[name] = strings.TrimSpace(out[name] + " " + orDash(text))
	}
	return answer{body: map[string]any{"response_action": "errors", "errors": out}}
}

// completed is the message that is being saved with its mentions by name and,
// where the message names too few, the people behind its reactions. What Slack
// does not answer in the short time there is stays as it is.
func (a *Adapter) completed(ctx context.Context, i interaction) bot.Heard {
	h := i.heard()
	ctx, cancel := context.WithTimeout(ctx, namePatience)
	defer cancel()
	w := slackRef(i.team())
	h.Words = words(h.Words, a.messenger.namer(ctx, w))
	if i.Message.unread() {
		if votes, err := a.messenger.Reactions(ctx, bot.Workspace{Ref: w}, i.Channel.ID, i.Message.TS); err == nil {
			h.Votes = votes
		}
	}
	if h.Permalink == "" {
		h.Permalink, _ = a.messenger.Permalink(ctx, bot.Workspace{Ref: w}, i.Channel.ID, i.Message.TS)
	}
	return h
}

// publishHome shows a person their own page as it is now.
func (a *Adapter) publishHome(ctx context.Context, call bot.Call) error {
	home, err := a.core.Home(ctx, call)
	if err != nil {
		return err
	}
	api, err := a.messenger.client(ctx, call.Workspace)
	if err != nil {
		return err
	}
	return a.publish(ctx, api, call.Member.Account, home)
}

// failed logs what went wrong by kind, never what was said.
func (a *Adapter) failed(ctx context.Context, what string, err error) {
	var fault *bot.Fault
	switch {
	case errors.Is(err, bot.ErrBusy):
		a.crowd.turned()
	case errors.As(err, &fault):
		a.log.WarnContext(ctx, "slack refused", "what", logType(what), "kind", string(fault.Kind), "reason", fault.Reason)
	default:
		a.log.ErrorContext(ctx, "not kept", "what", logType(what), "error", err)
	}
}

// logType is a type that Slack named, safe for a log line.
func logType(s string) string {
	if !errorCode.MatchString(s) {
		return "other"
	}
	return s
}

// raw decodes one of Slack's JSON payloads; false where it is none. A field of
// another kind than expected is left out: it must not lose the rest.
func raw[T any](data []byte) (T, bool) {
	var v T
	err := json.Unmarshal(bot.LegibleJSON(data), &v)
	return v, err == nil || errors.As(err, new(*json.UnmarshalTypeError))
}
