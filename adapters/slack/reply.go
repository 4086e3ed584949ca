package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// replying is what sends a reply to where its act came from; nil when there is
// nothing to send.
func (a *Adapter) replying(p place, r bot.Reply) func(context.Context) {
	switch r := r.(type) {
	case bot.Say:
		return func(ctx context.Context) { a.say(ctx, p, r.Doc, r.Replace) }
	case bot.Ask:
		return func(ctx context.Context) { a.ask(ctx, p, r.Form) }
	case bot.Fix:
		return func(ctx context.Context) { a.say(ctx, p, fixes(r), false) }
	}
	return nil
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

// say shows a document to one person: by the address that came with the act, else
// only to them in the channel, else in a direct message.
func (a *Adapter) say(ctx context.Context, p place, doc bot.Doc, replace bool) {
	api, err := a.messenger.client(ctx, p.workspace)
	if err != nil {
		a.failed(ctx, "say", err)
		return
	}
	if p.view == "modal" && p.trigger != "" && a.sayInModal(ctx, api, p, doc) {
		return
	}
	for n, page := range drawPages(doc, onReply, 1+maxFollowUps) {
		h := hook{replace: replace && p.private && n == 0}
		if !h.replace {
			h.thread = p.thread
		}
		if p.answer != "" && a.hook(ctx, p.answer, page, h) == nil {
			continue
		}
		if err := a.show(ctx, api, p, page); err != nil {
			a.failed(ctx, "say", err)
			return
		}
	}
}

// show shows one page where no response_url serves. What Slack did not do for its limits is
// done when it may be, while ctx lasts; what it may have done is not done again.
func (a *Adapter) show(ctx context.Context, api *slack.Client, p place, page drawn) error {
	for {
		err := a.showOnce(ctx, api, p, page)
		fault := bot.FaultOf(err)
		if err == nil || fault.Kind != bot.FaultLimited {
			return err
		}
		wait := time.Now().Add(max(min(fault.RetryAfter, replyPatience/2), time.Second))
		if until, ok := ctx.Deadline(); ok && wait.After(until) || (bot.SystemClock{}).Wait(ctx, wait) != nil {
			return err
		}
	}
}

func (a *Adapter) showOnce(ctx context.Context, api *slack.Client, p place, page drawn) error {
	if p.channel != "" && p.conversed {
		_, _, err := api.PostMessageContext(ctx, p.channel, page.options(p.thread)...)
		return faultOf("chat.postMessage", err)
	}
	if p.channel != "" {
		if _, err := api.PostEphemeralContext(ctx, p.channel, p.account, page.options(p.thread)...); err == nil {
			return nil
		}
	}
	to := bot.Destination{Workspace: bot.Workspace{Ref: p.workspace}, Account: p.account}
	direct, err := a.messenger.channelOf(ctx, api, to)
	if err != nil {
		return err
	}
	_, _, err = api.PostMessageContext(ctx, direct, page.options("")...)
	return faultOf("chat.postMessage", err)
}

// sayInModal shows a document on top of the form whose button was pressed.
func (a *Adapter) sayInModal(ctx context.Context, api *slack.Client, p place, doc bot.Doc) bool {
	_, err := api.PushViewContext(ctx, p.trigger, slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("Heed"), Close: plain("Back"), PrivateMetadata: p.origin().metadata(),
		Blocks: slack.Blocks{BlockSet: fit(drawBlocks(doc, onView), onView)},
	})
	return err == nil
}

// ask opens a form: on top of the one whose button was pressed, else anew. Where
// Slack lets none open, the person is told what to do instead.
func (a *Adapter) ask(ctx context.Context, p place, f bot.Form) {
	view := drawForm(f, p.origin())
	api, err := a.messenger.client(ctx, p.workspace)
	switch {
	case err != nil:
	case p.trigger == "":
		a.say(ctx, p, bot.Doc{
			bot.Para{Text: bot.Textf("I have a question about this, and Slack lets me open a form only after a press.")},
			bot.Buttons{{Label: "Give feedback", Action: bot.Act("give")}},
		}, false)
		return
	case p.view == "modal":
		_, err = api.PushViewContext(ctx, p.trigger, view)
	default:
		_, err = api.OpenViewContext(ctx, p.trigger, view)
	}
	if err == nil {
		return
	}
	a.failed(ctx, "views.open", faultOf("views.open", err))
	p.view = ""
	a.say(ctx, p, bot.Doc{bot.Para{Text: bot.Textf("Slack didn't let me open the form in time. Nothing is lost and nothing has changed: please do that once more.")}}, false)
}

// publish shows a person their page.
func (a *Adapter) publish(ctx context.Context, api *slack.Client, account string, h bot.Home) error {
	_, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: account, View: drawHome(h)})
	return faultOf("views.publish", err)
}

// hook says how a message stands to the one it answers.
type hook struct {
	replace bool   // takes the place of the private message that was pressed
	thread  string // stands in the thread
}

// hookMessage is a message for a response_url, or for the answer to a command.
// https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
type hookMessage struct {
	ResponseType    string       `json:"response_type"`
	ReplaceOriginal bool         `json:"replace_original"`
	Thread          string       `json:"thread_ts,omitempty"`
	Text            string       `json:"text"`
	Blocks          slack.Blocks `json:"blocks"`
}

func hookBody(d drawn, h hook) hookMessage {
	return hookMessage{
		ResponseType: "ephemeral", ReplaceOriginal: h.replace, Thread: h.thread, Text: d.Text,
		Blocks: slack.Blocks{BlockSet: d.Blocks},
	}
}

// hook sends a message to a response_url, which is good for five messages in 30
// minutes.
func (a *Adapter) hook(ctx context.Context, address string, d drawn, h hook) error {
	if address == "" || !webLink(address) {
		return &bot.Fault{Kind: bot.FaultGone, Reason: "no_response_url"}
	}
	body, err := json.Marshal(hookBody(d, h))
	if err != nil {
		return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "not_json"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &bot.Fault{Kind: bot.FaultGone, Reason: "no_response_url"}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := a.options.HTTP.Do(req)
	if err != nil {
		return faultOf("response_url", err)
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if resp.StatusCode != http.StatusOK || !hookTook(said) {
		return &bot.Fault{Kind: bot.FaultGone, Reason: "response_url_refused"}
	}
	return nil
}

// hookTook reads a response_url's answer: "ok", or JSON that says so.
func hookTook(said []byte) bool {
	text := strings.TrimSpace(string(said))
	if text == "" || text == "ok" {
		return true
	}
	var o struct {
		OK bool `json:"ok"`
	}
	return json.Unmarshal(said, &o) == nil && o.OK
}
