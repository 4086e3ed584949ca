package discord

import (
	"context"
	"strconv"

	"heed/bot"
)

// A modal is the first answer to an interaction or none: it follows neither a deferral
// nor another modal, holds five components, and closes when it is sent. So a form
// lives in a draft, under the id of the act that opened it: pages are filled one
// after the other, what can't be taken is said in a private message with a button
// that opens the form again, and nothing that was typed is lost.

// The actions of this adapter's own buttons and modals; the core knows none like them.
const (
	formAction = "~form" // a modal that was sent: key, page, and how it was opened
	openAction = "~open" // [Continue], [Open the form again]: key, page
	sendAction = "~send" // [That's all]: key
)

// chainMark marks a modal that was opened from a private message about its own form.
const chainMark = "c"

// askForm opens a form, or shows the button that does where none can be opened.
func (x *act) askForm(ctx context.Context, f bot.Form) {
	call := x.call(ctx)
	d := draft{
		Form: f, Channel: call.Channel, Thread: call.Thread, Message: call.Message,
		workspace: x.workspace, account: x.i.account().ID, key: x.i.ID,
	}
	x.a.keepDraft(ctx, d)
	if x.deferred == 0 && x.i.Type != interactionModal {
		err := x.show(ctx, d, 0)
		if err == nil {
			return
		}
		x.a.failed(ctx, "modal", err)
	}
	x.say(ctx, formWay(f, d.key), false)
}

// formWay is the way to a form where none can be opened at once.
func formWay(f bot.Form, key string) bot.Doc {
	return bot.Doc{
		bot.Para{Text: bot.Textf("There is one more thing to fill in: *%s*.", orDash(oneLine(f.Title)))},
		bot.Buttons{{Label: "Open the form", Action: bot.Act(openAction, key, 0), Style: bot.Primary}},
	}
}

// show opens a page of a draft's form.
func (x *act) show(ctx context.Context, d draft, page int) error {
	m, _ := drawForm(d.filled(), page)
	action := bot.Act(formAction, d.key, page)
	if x.chained {
		action = bot.Act(formAction, d.key, page, chainMark)
	}
	m.CustomID = string(action)
	err := x.a.respond(ctx, x.i, answer{answerModal, m})
	if old, ok := m.classic(); ok && err != nil && bot.FaultOf(err).Kind == bot.FaultUnrenderable {
		x.a.failed(ctx, "modal", err)
		err = x.a.respond(ctx, x.i, answer{answerModal, old})
	}
	return err
}

// open is [Continue] and [Open the form again].
func (x *act) open(ctx context.Context, args []string) {
	d, ok, err := x.a.draftOf(ctx, x.i.account().ID, args[0])
	switch {
	case err != nil:
		x.a.failed(ctx, "form", err)
		x.say(ctx, bot.WordsBack("").Doc, false)
		return
	case !ok:
		x.say(ctx, bot.Doc{bot.Para{Text: bot.Textf("That form was sent already, or it is from before yesterday. Nothing has changed; please begin anew.")}}, false)
		return
	}
	x.chained = x.i.private()
	if err := x.show(ctx, d, pageArg(args)); err != nil {
		x.a.failed(ctx, "modal", err)
	}
}

func pageArg(args []string) int {
	if len(args) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(args[1])
	return n
}

// submit takes a page of a form, or the whole as it stands.
func (x *act) submit(ctx context.Context, args []string) {
	key := ""
	if len(args) > 0 {
		key = args[0]
	}
	x.chained = x.chained || len(args) > 2 && args[2] == chainMark && x.i.private()
	d, ok, err := x.a.draftOf(ctx, x.i.account().ID, key)
	if x.i.GuildID != "" && d.workspace != guildRef(x.i.GuildID) { // what they may do in one server is nothing in another
		ok = false
	}
	if err != nil || !ok {
		x.lost(ctx, err)
		return
	}
	if d.Values == nil {
		d.Values = map[string]string{}
	}
	for name, value := range x.i.answers() {
		d.Values[name] = value
	}
	x.workspace = d.workspace
	if next := pageArg(args) + 1; x.i.Type == interactionModal && next < len(formPages(d.Form)) {
		x.goOn(ctx, d, next)
		return
	}
	call := x.i.call(x.workspace)
	call.Delivery = call.Key
	call.Key, call.Channel, call.Thread, call.Message = "form:"+d.key, d.Channel, d.Thread, d.Message
	reply, err := x.outcome(ctx, func(ctx context.Context) (bot.Reply, error) {
		return x.a.core.Submit(ctx, call, d.submission())
	})
	fix, wrong := reply.(bot.Fix)
	switch {
	case err != nil:
		x.a.failed(ctx, "form", err)
		x.mend(ctx, d, map[string]string{firstField(d.Form): notSaved})
	case wrong:
		x.mend(ctx, d, fix.Errors)
	default:
		x.a.dropDraft(ctx, d)
		x.answer(ctx, reply)
	}
}

// notSaved is what is said of a form while nobody knows whether it was kept. Sent again
// it is the same act.
const notSaved = "I couldn't save this; that's on me. Please send it again in a minute."

func firstField(f bot.Form) string {
	for _, field := range f.Fields {
		if name := fieldName(field); name != "" {
			return name
		}
	}
	return ""
}

// lost answers a form whose draft is gone, or can't be read: with all that was typed.
func (x *act) lost(ctx context.Context, err error) {
	if err != nil {
		x.a.failed(ctx, "form", err)
	}
	typed := x.typed()
	if err == nil && typed == "" || x.i.Type != interactionModal {
		x.say(ctx, bot.Doc{bot.Para{Text: bot.Textf("That form was sent already, or it is from before yesterday. Nothing has changed; please begin anew.")}}, false)
		return
	}
	x.say(ctx, bot.WordsBack(asRead(typed, nil)).Doc, false)
}

// goOn keeps a page and shows the way to the next.
func (x *act) goOn(ctx context.Context, d draft, next int) {
	x.a.keepDraft(ctx, d)
	doc := goOnDoc(d.filled(), next, bot.Act(openAction, d.key, next), bot.Act(sendAction, d.key))
	if buttons, ok := doc[len(doc)-1].(bot.Buttons); ok {
		doc[len(doc)-1] = append(buttons, bot.Button{Label: "Change what's before", Action: bot.Act(openAction, d.key, next-1)})
	}
	x.say(ctx, doc, x.chained)
}

// mend keeps a form that can't be taken as it is and says what to mend. Where only this
// process has it, the words stand there as well.
func (x *act) mend(ctx context.Context, d draft, wrong map[string]string) {
	kept := x.a.keepDraft(ctx, d)
	doc := mendDoc(d.filled(), wrong, bot.Act(openAction, d.key, d.pageOf(wrong)))
	if typed := d.typed(); !kept && typed != "" {
		doc = append(doc, bot.Para{Text: bot.Textf("Here are your words, in case:")}, bot.Quote{Text: bot.Literal(typed)})
	}
	x.say(ctx, doc, x.chained)
}
