package slackfake_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

const allBlocks = `[
 {"type":"header","text":{"type":"plain_text","text":"Feedback"}},
 {"type":"section","text":{"type":"mrkdwn","text":"*#42* &lt;3 <https://acme.example/42|open it> <https://acme.example>"},
  "fields":[{"type":"mrkdwn","text":"👍 31"}],"accessory":{"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"Undo"},"value":"undo"}]}},
 {"type":"divider"},
 {"type":"context","elements":[{"type":"image","image_url":"https://acme.example/i.png","alt_text":"Rui"},{"type":"mrkdwn","text":"in #support"}]},
 {"type":"image","image_url":"https://acme.example/i.png","alt_text":"A screenshot"},
 {"type":"rich_text","elements":[
  {"type":"rich_text_quote","elements":[{"type":"text","text":"<!channel> my eyes\nhurt"}]},
  {"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"emoji","name":"+1"},{"type":"link","url":"https://x.example"},{"type":"channel","channel_id":"C1"}]},
  {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"two"}]}]}]},
 {"type":"table","rows":[[{"type":"raw_text","text":"#"},{"type":"raw_text","text":"votes"}],[{"type":"raw_text","text":"42"},{"type":"raw_text","text":"31"}]]},
 {"type":"markdown","text":"**bold**"},
 {"type":"input","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input","action_id":"w","placeholder":{"type":"plain_text","text":"because"}}},
 {"type":"actions","elements":[
  {"type":"button","action_id":"v","value":"42","text":{"type":"plain_text","text":"👍 Vote"}},
  {"type":"static_select","action_id":"s","placeholder":{"type":"plain_text","text":"Status"},"options":[{"text":{"type":"plain_text","text":"Planned"},"value":"planned"}]},
  {"type":"checkboxes","action_id":"c","options":[{"text":{"type":"mrkdwn","text":"Count the 👍"},"value":"yes"}]}]}
]`

const allRendered = `Feedback
*#42* <3 open it https://acme.example 👍 31 […]
---
(Rui) in #support
(A screenshot)
> <!channel> my eyes
> hurt
<@U1>:+1:https://x.example<#C1>
• one
• two
# | votes
42 | 31
**bold**
Why: [because]
[👍 Vote] [Status ▾] ( ) Count the 👍`

func TestRendering(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	answer := w.raw(t, "chat.postMessage", asJSON, w.team.Token(), `{"channel":"`+w.support.ID()+`","text":"x","blocks":`+allBlocks+`}`)
	if answer["ok"] != true {
		t.Fatalf("answered %v", answer)
	}
	m := w.Messages(w.support)[0]
	if got := m.String(); got != allRendered {
		t.Errorf("reads:\n%s\nwant:\n%s", got, allRendered)
	}
	if got := m.Pings(); !slices.Equal(got, []string{"<@U1>"}) {
		t.Errorf("pings %v: what is quoted in rich text pings nobody", got)
	}
	labels := []string{}
	for _, b := range m.Buttons() {
		labels = append(labels, b.ActionID)
	}
	if !slices.Equal(labels, []string{"o", "w", "v", "s", "c"}) {
		t.Errorf("buttons %v", labels)
	}
	if found, ok := w.Find(w.support, "👍 Vote"); !ok || found.TS != m.TS {
		t.Error("not found by what it reads")
	}
	if _, ok := w.Find(w.support, "nowhere"); ok {
		t.Error("found what is not there")
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	_, _, err := w.api.PostMessage(w.support.ID(), text("<!here> <@U1> &lt;!channel&gt; <https://x.example>"),
		slack.MsgOptionBlocks(slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "<!subteam^S1>", false, false), nil, nil),
			slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "<!everyone>", false, false))))
	must(t, err)
	if got := w.Messages(w.support)[0].Pings(); !slices.Equal(got, []string{"<!here>", "<@U1>", "<!subteam^S1>"}) {
		t.Errorf("pings %v", got)
	}
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	done := make(chan error, 1)
	go func() {
		done <- w.WaitFor(t.Context(), func() bool { return len(w.Messages(w.support)) == 2 })
	}()
	for range 2 {
		_, _, err := w.api.PostMessage(w.support.ID(), text("x"))
		must(t, err)
	}
	must(t, <-done)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if w.WaitFor(ctx, func() bool { return false }) == nil {
		t.Error("waited for nothing and got it")
	}
}
