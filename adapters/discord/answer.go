package discord

import (
	"context"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"heed/bot"
)

// answer shows a reply to the person who acted.
func (x *act) answer(ctx context.Context, r bot.Reply) {
	switch r := r.(type) {
	case bot.Say:
		x.say(ctx, r.Doc, r.Replace || x.chained)
	case bot.Ask:
		x.askForm(ctx, r.Form)
	case bot.Fix:
		x.say(ctx, fixes(r), false)
	default:
		x.nothing(ctx)
	}
}

// fixes is what is to be mended, where there is no form to say it at.
func fixes(f bot.Fix) bot.Doc {
	var lines []string
	for _, text := range f.Errors {
		lines = append(lines, text)
	}
	sort.Strings(lines)
	return bot.Doc{bot.Para{Text: bot.Literal(strings.Join(lines, "\n"))}}
}

// say shows a document: in place of the private message that was pressed when replace
// says so, else as a new one that only this person sees. A card that was
// pressed shows at once what has become of it.
func (x *act) say(ctx context.Context, doc bot.Doc, replace bool) {
	pages := drawPages(doc)
	shown := x.card(ctx)
	var err error
	switch {
	case shown:
	case replace && x.i.private() && x.deferred != answerDeferred:
		if err = x.update(ctx, pages[0]); err == nil {
			pages = pages[1:]
		}
	case x.deferred == answerDeferred:
		if err = x.a.editOriginal(ctx, x.i, pages[0]); err == nil {
			pages = pages[1:]
		}
	case x.deferred == 0:
		if err = x.a.respond(ctx, x.i, answer{answerMessage, pages[0].ephemeral()}); err == nil {
			x.deferred = answerMessage
			pages = pages[1:]
		}
	}
	if err != nil && bot.FaultOf(err).Kind == bot.FaultUnrenderable { // ours to mend; they read it all the same
		x.a.failed(ctx, "answer", err)
		if pages, err = drawPlain(doc), nil; x.deferred == 0 {
			if err = x.a.respond(ctx, x.i, answer{answerMessage, pages[0].ephemeral()}); err == nil {
				pages = pages[1:]
			}
		}
	}
	for err == nil && len(pages) > 0 {
		if err = x.a.followUp(ctx, x.i, pages[0]); err == nil {
			pages = pages[1:]
		}
	}
	if err != nil {
		x.a.failed(ctx, "answer", err)
		if !refusedWith(err, alreadyAnswered) { // told twice: the first time was answered
			x.direct(ctx, pages)
		}
	}
}

// drawPlain is a document without any of its form.
func drawPlain(doc bot.Doc) []message {
	return drawPages(bot.Doc{bot.Para{Text: bot.Literal(doc.Plain())}})
}

// update makes the message that was pressed show something else.
func (x *act) update(ctx context.Context, m message) error {
	if x.deferred == answerDeferredUpdate {
		return x.a.editOriginal(ctx, x.i, m)
	}
	err := x.a.respond(ctx, x.i, answer{answerUpdate, m})
	if err == nil {
		x.deferred = answerDeferredUpdate
	}
	return err
}

// direct sends what could not be answered any more as a direct message. It follows the
// person's own act, and where they take none there is nothing left to try.
func (x *act) direct(ctx context.Context, pages []message) {
	to := bot.Destination{Account: x.i.account().ID}
	channel, err := x.a.messenger.channelOf(ctx, to)
	for n, m := range pages {
		if err == nil {
			m.Nonce, m.EnforceNonce = pageNonce(x.i.ID, n), true
			err = x.a.messenger.rest.call(ctx, at(http.MethodPost, "channels", channel, "messages"), m, nil)
		}
	}
	x.a.answered(ctx, "direct", err)
}

// pageNonce is the nonce of a page of an answer to what has this id: at most 20 digits,
// and behind them the page's number.
func pageNonce(id string, page int) string { return id + "-" + strconv.Itoa(page) }

// nothing says that all is done without saying anything.
func (x *act) nothing(ctx context.Context) {
	switch {
	case x.card(ctx), x.deferred == answerDeferredUpdate:
	case x.i.Message != nil && x.deferred == 0:
		x.a.answered(ctx, "nothing", x.a.respond(ctx, x.i, answer{Type: answerDeferredUpdate}))
	default:
		x.say(ctx, bot.Doc{bot.Para{Text: bot.Textf("Done.")}}, false)
	}
}

// card makes the card whose button was pressed show what it should now, by the answer to
// the press: so one that is long settled moves as well, and no edit is spent. False
// where no card was pressed, and where another press's answer to the same card is on its
// way: which of them came through last nobody could tell then, so the dispatcher edits it.
func (x *act) card(ctx context.Context) bool {
	if x.turned || x.i.Type != interactionComponent || x.i.Message == nil || x.i.private() || x.deferred == answerDeferred {
		return false
	}
	id := x.i.ChannelID + "/" + x.i.Message.ID
	if !x.a.presses.begin(id) {
		return false
	}
	defer x.a.presses.end(id)
	c, version, ok, err := x.a.core.CardNow(ctx, x.workspace, x.i.ChannelID, x.i.Message.ID)
	if err != nil {
		x.a.failed(ctx, "card", err)
	}
	if err != nil || !ok {
		return false
	}
	if err := x.update(ctx, drawContent(c, "")); err != nil {
		x.a.failed(ctx, "card", err)
		return false
	}
	if err := x.a.core.CardShown(ctx, x.workspace, x.i.ChannelID, x.i.Message.ID, version); err != nil {
		x.a.failed(ctx, "card", err) // it is edited once more: no harm
	}
	return true
}

// presses are the cards that are being answered. The zero value is ready to use.
type presses struct {
	mu    sync.Mutex
	cards []string
}

// begin tells whether nobody else is at this card.
func (p *presses) begin(card string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(p.cards, card) {
		return false
	}
	p.cards = append(p.cards, card)
	return true
}

func (p *presses) end(card string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cards = slices.DeleteFunc(p.cards, func(c string) bool { return c == card })
}
