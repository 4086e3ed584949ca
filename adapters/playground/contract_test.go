package playground_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/playground"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestContract runs what every chat adapter promises, through the page's own requests.
func TestContract(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Chat { return newChat(t) })
}

// chat is the playground with Heed in it, seen and used as its page does.
type chat struct {
	t       *testing.T
	stage   *adaptertest.Stage
	adapter *playground.Adapter
	clock   *handClock
	ws      bot.Workspace
	page    *page
	keys    int
	forms   map[string]shownForm // open before a person
	acts    []func()
}

// shown is what the page draws.
type (
	shownMessage struct {
		Ref, Channel, Thread, Author, To, Words string
		Doc                                     *shownDoc
	}
	shownDoc struct {
		Kind   string
		Card   map[string]any
		Blocks []shownBlock
	}
	shownBlock struct {
		Kind    string
		Spans   []struct{ Text string }
		Buttons []shownButton
		Bars    []struct {
			Label, Note string
			Value       int
		}
	}
	shownButton struct{ Label, Action, URL string }
	shownForm   struct {
		Key, Opened, ID, State, Title, Submit string
		Fields                                []shownField
		channel                               string
	}
	shownField struct {
		Kind, Name, Label, Hint, Value, Text string
		Options                              []struct{ Value, Label string }
		Blocks                               []shownBlock
	}
	shownAnswer struct {
		Form   *shownForm
		Errors map[string]string
		Say    *shownDoc
	}
)

func newChat(t *testing.T) *chat {
	t.Helper()
	c := &chat{t: t, stage: &adaptertest.Stage{}, clock: newHandClock(friday), forms: map[string]shownForm{}}
	var others []playground.Person
	for _, name := range []string{adaptertest.Mira, adaptertest.Omar} {
		others = append(others, playground.Person{Account: name, Name: strings.ToUpper(name[:1]) + name[1:], Guest: true, Persona: true})
	}
	st := store.New(storetest.New(t))
	log := slog.New(slog.DiscardHandler)
	var err error
	c.adapter, err = playground.New(playground.Options{
		Clock: c.clock, Log: log, Keeper: st, Others: others,
		Channels: []playground.Channel{{Name: adaptertest.Support, Audience: bot.Community}, {Name: adaptertest.Feedback, Audience: bot.Community}},
	})
	c.ok(err)
	c.stage.Bot = bot.New(c.stage.Store(st), c.clock, log, map[bot.Platform]bot.Messenger{bot.Playground: c.adapter},
		bot.Options{Undo: adaptertest.Undo, SecretKey: []byte("no real key, only for tests.....")})
	c.ok(c.adapter.Start(t.Context(), c.stage))
	c.ws, err = st.Workspace(t.Context(), bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"})
	c.ok(err)
	for _, name := range []string{adaptertest.Support, adaptertest.Feedback} {
		ch, err := st.Channel(t.Context(), c.ws.Board, c.ws.ID, name)
		c.ok(err)
		ch.Intake, ch.Main = name == adaptertest.Feedback, name == adaptertest.Feedback
		c.ok(st.SaveChannel(t.Context(), ch))
	}
	server := httptest.NewServer(c.adapter.Handler())
	t.Cleanup(server.Close)
	c.page = visit(t, server.URL)
	return c
}

func (c *chat) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *chat) Stage() *adaptertest.Stage { return c.stage }

func (c *chat) Thumb() (plain, toned string) { return "+1", "+1::skin-tone-3" }

// act sends an act as the page does, and takes what is answered to it.
func (c *chat) act(name, who, channel string, b body) shownAnswer {
	c.t.Helper()
	if b["key"] == nil {
		c.keys++
		b["key"] = fmt.Sprintf("key%d", c.keys)
	}
	b["channel"] = channel
	out, status := c.page.act(name, who, b)
	if status != http.StatusOK {
		c.t.Fatalf("%s as %s: %d %s", name, who, status, out)
	}
	c.acts = append(c.acts, func() { c.page.act(name, who, b) })
	var a shownAnswer
	c.ok(json.Unmarshal([]byte(out), &a))
	if a.Form != nil {
		a.Form.channel = channel
		c.forms[who] = *a.Form
	}
	return a
}

func (c *chat) Command(who, channel, line string) {
	c.t.Helper()
	c.act("say", who, channel, body{"words": line})
}

func (c *chat) Say(who, channel, words string, _ ...string) adaptertest.Message {
	c.t.Helper()
	c.act("say", who, channel, body{"words": words})
	all := c.Shown(channel)
	return all[len(all)-1]
}

func (c *chat) Tell(who, words string) {
	c.t.Helper()
	c.act("say", who, "dm-"+who, body{"words": words})
}

func (c *chat) Save(who string, m adaptertest.Message) {
	c.t.Helper()
	c.act("save", who, m.Channel, body{"message": m.Ref})
}

func (c *chat) React(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.act("react", who, m.Channel, body{"message": m.Ref, "emoji": emoji, "on": true})
}

func (c *chat) Unreact(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.act("react", who, m.Channel, body{"message": m.Ref, "emoji": emoji, "on": false})
}

func (c *chat) Press(who string, m adaptertest.Message, label string) {
	c.t.Helper()
	for _, x := range c.state(who) {
		if x.Ref != m.Ref {
			continue
		}
		for _, b := range x.buttons() {
			if b.Label == label {
				c.act("press", who, x.Channel, body{"message": x.Ref, "thread": x.Thread, "action": b.Action})
				return
			}
		}
	}
	c.t.Fatalf("%s sees no button %q on %s", who, label, m.Ref)
}

func (c *chat) Submit(who string, values map[string]string) map[string]string {
	c.t.Helper()
	f, ok := c.forms[who]
	if !ok {
		c.t.Fatalf("no form is open before %s", who)
	}
	all := map[string]string{}
	for i, x := range f.Fields {
		if v, ok := values[x.Name]; ok {
			f.Fields[i].Value = v
		}
		if x.Name != "" {
			all[x.Name] = f.Fields[i].Value
		}
	}
	delete(c.forms, who)
	a := c.act("submit", who, f.channel, body{"key": f.Key, "form": f.ID, "state": f.State, "opened": f.Opened, "values": all})
	if len(a.Errors) > 0 {
		c.forms[who] = f
	}
	return a.Errors
}

func (c *chat) Form(who string) (adaptertest.Form, bool) {
	f, ok := c.forms[who]
	out := adaptertest.Form{Title: f.Title, Text: f.Title + " " + f.Submit, Values: map[string]string{}}
	for _, x := range f.Fields {
		out.Text += "\n" + strings.Join([]string{x.Label, x.Hint, x.Value, x.Text, blocksText(x.Blocks)}, " ")
		for _, o := range x.Options {
			out.Text += " " + o.Label
		}
		if x.Name != "" {
			out.Values[x.Name] = x.Value
		}
	}
	return out, ok
}

func (c *chat) Shown(channel string) []adaptertest.Message {
	c.t.Helper()
	return c.where(adaptertest.Zoe, func(m shownMessage) bool { return m.Channel == channel && m.Thread == "" && m.To == "" })
}

func (c *chat) Thread(m adaptertest.Message) []adaptertest.Message {
	c.t.Helper()
	return c.where(adaptertest.Zoe, func(x shownMessage) bool { return x.Thread == m.Ref && x.To == "" })
}

func (c *chat) Private(who string) []adaptertest.Message {
	c.t.Helper()
	return c.where(who, func(m shownMessage) bool { return m.Author == "heed" && (m.To == who || m.Channel == "dm-"+who) })
}

func (c *chat) where(who string, match func(shownMessage) bool) []adaptertest.Message {
	c.t.Helper()
	var out []adaptertest.Message
	for _, m := range c.state(who) {
		if !match(m) {
			continue
		}
		x := adaptertest.Message{Ref: m.Ref, Channel: m.Channel, Text: m.text()}
		for _, b := range m.buttons() {
			x.Buttons = append(x.Buttons, b.Label)
		}
		out = append(out, x)
	}
	return out
}

// state is what a person's page shows.
func (c *chat) state(who string) []shownMessage {
	c.t.Helper()
	out, status := fetch(c.t, c.page.url+"/playground/api/state?as="+url.QueryEscape(who), nil)
	if status != http.StatusOK {
		c.t.Fatalf("the state of %s: %d", who, status)
	}
	var s struct{ Messages []shownMessage }
	c.ok(json.Unmarshal([]byte(out), &s))
	return s.Messages
}

func (c *chat) Show(channel string, content bot.Content) (adaptertest.Message, error) {
	c.keys++
	sent, err := c.adapter.Post(c.t.Context(), bot.Destination{Workspace: c.ws, Channel: channel}, fmt.Sprint("show:", c.keys), content)
	if err != nil {
		return adaptertest.Message{}, err
	}
	all := c.where(adaptertest.Zoe, func(m shownMessage) bool { return m.Ref == sent.Message })
	return all[0], nil
}

func (c *chat) Home(who string) (adaptertest.Message, bool) {
	out, status := fetch(c.t, c.page.url+"/playground/api/home?as="+who, nil)
	var d shownDoc
	c.ok(json.Unmarshal([]byte(out), &d))
	return adaptertest.Message{Text: blocksText(d.Blocks)}, status == http.StatusOK
}

func (c *chat) Repeat() {
	for _, again := range c.acts {
		again()
	}
}

func (c *chat) Settle() {
	c.t.Helper()
	for range 50 {
		did := 0
		for _, step := range []func(context.Context) (int, error){
			c.stage.DigestsOnce, c.stage.LookupsOnce, c.stage.HeldOnce, c.stage.NoticesOnce, c.stage.ReconcileOnce, c.stage.DispatchOnce,
		} {
			n, err := step(c.t.Context())
			c.ok(err)
			did += n
		}
		if did == 0 {
			return
		}
	}
	c.t.Fatal("it does not settle")
}

func (c *chat) Later(d time.Duration) {
	c.t.Helper()
	c.ok(c.clock.Move(c.t.Context(), d))
	playground.Redeliver(c.t.Context(), c.adapter)
	c.Settle()
}

// text is all of a message as a person reads it.
func (m shownMessage) text() string {
	if m.Doc == nil {
		return m.Words
	}
	if m.Doc.Card == nil {
		return blocksText(m.Doc.Blocks)
	}
	var parts []string
	for _, name := range []string{"number", "title", "label", "reason", "excerpt", "into", "facts", "pictures", "people", "week", "closed", "deaf", "gone"} {
		switch v := m.Doc.Card[name].(type) {
		case string:
			parts = append(parts, v)
		case float64:
			parts = append(parts, fmt.Sprintf("#%.0f", v))
		}
	}
	for _, b := range m.buttons() {
		parts = append(parts, "["+b.Label+"]")
	}
	return strings.Join(parts, "\n")
}

func (m shownMessage) buttons() []shownButton {
	if m.Doc == nil {
		return nil
	}
	var out []shownButton
	if list, ok := m.Doc.Card["buttons"].([]any); ok {
		for _, x := range list {
			b := x.(map[string]any)
			out = append(out, shownButton{Label: b["label"].(string), Action: b["action"].(string)})
		}
	}
	for _, b := range m.Doc.Blocks {
		out = append(out, b.Buttons...)
	}
	return out
}

func blocksText(blocks []shownBlock) string {
	var lines []string
	for _, b := range blocks {
		var line strings.Builder
		for _, s := range b.Spans {
			line.WriteString(s.Text)
		}
		for _, x := range b.Bars {
			fmt.Fprintf(&line, "%s %d %s\n", x.Label, x.Value, x.Note)
		}
		for _, x := range b.Buttons {
			line.WriteString(" [" + x.Label + "]")
		}
		lines = append(lines, line.String())
	}
	return strings.Join(lines, "\n")
}
