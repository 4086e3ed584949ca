package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"heed/bot"
)

const (
	// homePatience is how much of it may go into finding out where an act is for.
	homePatience = 800 * time.Millisecond
	// platformName is what people call this chat.
	platformName = "Discord"
)

// patience is how long the core may take.
type patience struct {
	first time.Duration // before the answer is deferred: Discord waits three seconds, the ways here and back included
	late  time.Duration // after that
}

var usualPatience = patience{first: 1800 * time.Millisecond, late: 20 * time.Second}

// interaction takes an INTERACTION_CREATE. It is called on a goroutine of its own,
// within Wait, and has to answer within three seconds. Whatever comes, the person gets
// an answer or the log a line.
func (a *Adapter) interaction(ctx context.Context, data json.RawMessage) {
	i, ok := decodeInteraction(data)
	if !ok {
		a.log.WarnContext(ctx, "interaction not readable", "bytes", len(data))
		return
	}
	i.Application = cmp.Or(i.Application, a.self().application)
	ctx = bot.WithEvent(ctx, bot.EventOfKey(i.ID))
	switch i.Type {
	case interactionPing:
		a.answered(ctx, "ping", a.respond(ctx, i, answer{Type: answerPong}))
	case interactionAutocomplete:
		leave, ok := a.door.Enter(cmp.Or(i.GuildID, i.account().ID))
		if !ok { // they can go on typing
			a.answered(ctx, "autocomplete", a.respond(ctx, i, answer{answerSuggestions, suggestions{[]appChoice{}}}))
			return
		}
		defer leave()
		a.complete(ctx, i)
	case interactionCommand, interactionComponent, interactionModal:
		x := &act{a: a, i: i, until: time.Now().Add(a.patience.first)}
		leave, ok := a.door.Enter(cmp.Or(i.GuildID, i.account().ID))
		if !ok {
			x.turnAway(ctx)
			return
		}
		defer leave()
		if x.workspace, ok = a.home(ctx, i); !ok {
			x.strange(ctx)
			return
		}
		x.take(ctx)
	default:
		a.log.InfoContext(ctx, "interaction not taken", "type", i.Type)
	}
}

// guildRef is a guild as the core names it.
func guildRef(guild string) bot.WorkspaceRef {
	return bot.WorkspaceRef{Platform: bot.Discord, Ref: guild}
}

// home is the workspace that an interaction belongs to. Outside of guilds it is that of
// the message that was pressed, else the one where the person spoke last; false where
// there is none.
func (a *Adapter) home(ctx context.Context, i interaction) (bot.WorkspaceRef, bool) {
	asking, cancel := context.WithTimeout(ctx, homePatience)
	defer cancel()
	if i.GuildID != "" {
		if i.installed() {
			a.meet(asking, i.GuildID)
		}
		return guildRef(i.GuildID), true
	}
	ref, ok, err := a.homeOf(asking, i)
	if err != nil {
		a.failed(ctx, "home", err)
		return ref, false
	}
	if ok && i.Type != interactionAutocomplete {
		a.asks.Go(func() { a.rememberHome(context.WithoutCancel(ctx), i, ref) })
	}
	return ref, ok
}

func (a *Adapter) homeOf(ctx context.Context, i interaction) (bot.WorkspaceRef, bool, error) {
	switch {
	case i.Message == nil:
	case i.private():
		d, ok, err := a.core.DraftOf(ctx, bot.Discord, i.account().ID, homeKey+i.Message.Cause.ID)
		if err != nil || ok {
			return d.Workspace, ok, err
		}
	default:
		ref, ok, err := a.core.HomeOfMessage(ctx, bot.Discord, i.ChannelID, i.Message.ID)
		if err != nil || ok {
			return ref, ok, err
		}
	}
	return a.core.HomeOf(ctx, bot.Discord, i.account().ID)
}

// homeKey begins the key under which is kept what board a private answer is about that
// was given outside of guilds: the buttons on it mean that one, wherever the person has
// spoken since.
const homeKey = "home:"

func (a *Adapter) rememberHome(ctx context.Context, i interaction, w bot.WorkspaceRef) {
	keeping, cancel := context.WithTimeout(ctx, homePatience)
	defer cancel()
	if err := a.core.KeepDraft(keeping, bot.Draft{Workspace: w, Account: i.account().ID, Key: homeKey + i.ID, Data: []byte("{}")}); err != nil {
		a.failed(ctx, "home", err)
	}
}

// act is one interaction on its way to an answer.
type act struct {
	a         *Adapter
	i         interaction
	workspace bot.WorkspaceRef
	until     time.Time // when the answer is deferred, by the machine's clock
	deferred  int       // how it was deferred; 0: not yet answered
	turned    bool      // away: the database is left alone
	chained   bool      // on a message about this very form, which the outcome takes the place of
}

// strange answers somebody whose workspace is not known.
func (x *act) strange(ctx context.Context) {
	say := bot.Sayf("I can't tell which server this is for. Please use me in the server itself, once; after that I know you here too.")
	if text := x.typed(); text != "" {
		say = say.With(bot.Para{Text: bot.Textf("Here are your words:")}, bot.Quote{Text: bot.Literal(text)})
	}
	x.answer(ctx, say)
}

// typed are the words that the act carries and that nobody should lose.
func (x *act) typed() string {
	switch x.i.Type {
	case interactionCommand:
		verb, values, _ := x.i.command()
		u, _ := bot.UsageOf(verb)
		for _, p := range u.Params {
			if p.Kind == bot.KindWords {
				return values[p.Name]
			}
		}
	case interactionModal:
		longest := ""
		for _, v := range x.i.answers() {
			if len(v) > len(longest) {
				longest = v
			}
		}
		return longest
	}
	return ""
}

// turnAway answers an act for which there is no room, without the database: a form is
// kept where it was opened, other words come back.
func (x *act) turnAway(ctx context.Context) {
	x.a.options.Meter.Heard(bot.Discord, x.i.kind())
	x.a.options.Meter.Acked(bot.Discord, x.i.kind(), bot.AckShed, 0)
	if n := x.a.shed.Count(); n > 0 {
		x.a.log.WarnContext(ctx, "too much at once: turned away", "interactions", n)
	}
	x.turned = true
	say, _ := bot.Unkept(nil, bot.ErrBusy, asRead(x.typed(), nil), platformName).(bot.Say)
	if x.i.Type == interactionModal {
		_, args := actionOf(x.i.Data.CustomID).Parts()
		if doc, ok := x.stillOpen(args); ok {
			say.Doc = doc
		}
	}
	x.say(ctx, say.Doc, false)
}

// stillOpen is the way back to a form that this process remembers, with what was
// filled in now.
func (x *act) stillOpen(args []string) (bot.Doc, bool) {
	if len(args) == 0 {
		return nil, false
	}
	d, ok := x.a.drafts.held(x.i.account().ID, args[0])
	if !ok || x.i.GuildID != "" && d.workspace != guildRef(x.i.GuildID) {
		return nil, false
	}
	values := maps.Clone(d.Values)
	if values == nil {
		values = map[string]string{}
	}
	maps.Copy(values, x.i.answers())
	d.Values, d.here = values, true
	x.a.drafts.hold(d)
	return mendDoc(d.filled(), map[string]string{firstField(d.Form): tooMuch}, bot.Act(openAction, d.key, pageArg(args))), true
}

// tooMuch is what is said of a form for which there is no room.
const tooMuch = "So many are talking to me right now that I couldn't get to this. Please send it again in a minute."

// take asks the core and answers.
func (x *act) take(ctx context.Context) {
	switch x.i.Type {
	case interactionCommand:
		x.answer(ctx, x.ask(ctx, x.typed(), x.command))
		x.copyPicture(ctx)
	case interactionComponent:
		action := x.i.action()
		switch verb, args := action.Parts(); {
		case verb == openAction && len(args) > 0:
			x.open(ctx, args)
		case verb == sendAction && len(args) > 0:
			x.chained = true
			x.submit(ctx, args)
		case action == "":
			x.answer(ctx, bot.Nothing{})
		default:
			x.answer(ctx, x.ask(ctx, "", func(ctx context.Context) (bot.Reply, error) {
				return x.a.core.Press(ctx, x.call(ctx), action)
			}))
		}
	case interactionModal:
		_, args := actionOf(x.i.Data.CustomID).Parts()
		x.submit(ctx, args)
	}
}

// call is the interaction as an act of its workspace, with what the channel is.
func (x *act) call(ctx context.Context) bot.Call {
	c := x.i.call(x.workspace)
	if c.Channel.Kind == "" {
		c.Channel.Kind = x.a.kinds.of(ctx, x.a, x.i.GuildID, c.Channel.Ref)
	}
	return c
}

// command runs a slash command, or saves the message that a message command is on.
func (x *act) command(ctx context.Context) (bot.Reply, error) {
	if x.i.Data.Type == commandMessage {
		return x.a.core.Save(ctx, x.call(ctx), x.heard(ctx))
	}
	verb, values, _ := x.i.command()
	return x.a.core.CommandWith(ctx, x.call(ctx), verb, values)
}

// ask asks the core; when it takes longer than Discord waits, the answer is deferred
// first. It always answers something to show.
func (x *act) ask(ctx context.Context, typed string, ask func(context.Context) (bot.Reply, error)) bot.Reply {
	reply, err := x.outcome(ctx, ask)
	if err != nil {
		x.a.failed(ctx, x.i.kind(), err)
		reply = bot.Unkept(reply, err, asRead(typed, nil), platformName)
	}
	return reply
}

func (x *act) outcome(ctx context.Context, ask func(context.Context) (bot.Reply, error)) (bot.Reply, error) {
	asking, stop := context.WithTimeout(context.WithoutCancel(ctx), x.a.patience.first+x.a.patience.late)
	began, kind := time.Now(), x.i.kind()
	x.a.options.Meter.Heard(bot.Discord, kind)
	done := bot.Begin(x.a.asks, func() (bot.Reply, error) {
		defer stop()
		reply, err := ask(asking)
		took := time.Since(began)
		x.a.options.Meter.Acked(bot.Discord, kind, bot.AckOf(err), took)
		if bot.AckOf(err) == bot.AckKept {
			x.a.log.Log(asking, bot.AckLevel(kind), "kept", "kind", kind, "took", took)
		}
		return reply, err
	})
	first, cancel := context.WithDeadline(ctx, x.until)
	defer cancel()
	reply, err := bot.Within(first, done)
	if !errors.Is(err, bot.ErrLate) {
		return reply, err
	}
	x.postpone(ctx)
	late, cancel := context.WithTimeout(ctx, x.a.patience.late)
	defer cancel()
	return bot.Within(late, done)
}

// postpone tells Discord that the answer takes longer. A pressed message stays as it is
// meanwhile.
func (x *act) postpone(ctx context.Context) {
	with := answer{Type: answerDeferred, Data: deferral{flagEphemeral}}
	if x.i.Type == interactionComponent || x.chained && x.i.private() {
		with = answer{Type: answerDeferredUpdate}
	}
	err := x.a.respond(ctx, x.i, with)
	if x.a.answered(ctx, "defer", err); err == nil {
		x.deferred = with.Type
	}
}

// kind is an interaction's kind for a log line.
func (i interaction) kind() string {
	switch i.Type {
	case interactionCommand:
		return "command"
	case interactionComponent:
		return "press"
	case interactionAutocomplete:
		return "autocomplete"
	case interactionModal:
		return "form"
	}
	return "other"
}

// answered logs what became of an answer, when it was nothing.
func (a *Adapter) answered(ctx context.Context, what string, err error) {
	if err != nil {
		a.failed(ctx, what, err)
	}
}

// failed logs what went wrong by kind, never what was said.
func (a *Adapter) failed(ctx context.Context, what string, err error) {
	var fault *bot.Fault
	switch {
	case errors.As(err, &fault):
		a.log.WarnContext(ctx, "discord refused", "what", what, "kind", string(fault.Kind), "reason", fault.Reason)
	default:
		a.log.ErrorContext(ctx, "not kept", "what", what, "error", err)
	}
}
