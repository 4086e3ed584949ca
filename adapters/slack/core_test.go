package slack

import (
	"context"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// heardCall is one call of the core, as a test reads it back.
type heardCall struct {
	Method string
	Call   bot.Call
	Name   string // command, action or form
	Words  string
	Heard  bot.Heard
	Form   bot.Submission
	Ballot bot.Ballot
	Ref    bot.WorkspaceRef
	Fact   any
}

// scriptedCore answers what a test laid out and remembers what it was asked.
type scriptedCore struct {
	mu    sync.Mutex
	calls []heardCall
	reply bot.Reply
	home  bot.Home
	err   error
	broke bool          // panics with somebody's words
	block chan struct{} // not nil: no answer before it is closed, whatever the context says
}

func (c *scriptedCore) take(h heardCall) (bot.Reply, error) {
	if c.block != nil {
		<-c.block
	}
	if c.broke {
		panic("my very own words")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, h)
	if c.err != nil {
		return c.reply, c.err
	}
	if c.reply == nil {
		return bot.Nothing{}, nil
	}
	return c.reply, nil
}

func (c *scriptedCore) answers(r bot.Reply, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reply, c.err = r, err
}

func (c *scriptedCore) heard(method string) []heardCall {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.calls), func(h heardCall) bool { return h.Method != method })
}

// one is the only call of a method.
func (c *scriptedCore) one(t *testing.T, method string) heardCall {
	t.Helper()
	calls := c.heard(method)
	if len(calls) != 1 {
		t.Fatalf("the core heard %d calls of %s, want 1", len(calls), method)
	}
	return calls[0]
}

func (c *scriptedCore) Command(_ context.Context, call bot.Call, name, text string) (bot.Reply, error) {
	return c.take(heardCall{Method: "Command", Call: call, Name: name, Words: text})
}

func (c *scriptedCore) Say(_ context.Context, call bot.Call, words string, heard bot.Heard) (bot.Reply, error) {
	return c.take(heardCall{Method: "Say", Call: call, Words: words, Heard: heard})
}

func (c *scriptedCore) Save(_ context.Context, call bot.Call, heard bot.Heard) (bot.Reply, error) {
	return c.take(heardCall{Method: "Save", Call: call, Heard: heard})
}

func (c *scriptedCore) Give(_ context.Context, call bot.Call) (bot.Reply, error) {
	return c.take(heardCall{Method: "Give", Call: call})
}

func (c *scriptedCore) Press(_ context.Context, call bot.Call, a bot.Action) (bot.Reply, error) {
	return c.take(heardCall{Method: "Press", Call: call, Name: string(a)})
}

func (c *scriptedCore) Submit(_ context.Context, call bot.Call, s bot.Submission) (bot.Reply, error) {
	return c.take(heardCall{Method: "Submit", Call: call, Name: s.Form, Form: s})
}

func (c *scriptedCore) Home(_ context.Context, call bot.Call) (bot.Home, error) {
	_, err := c.take(heardCall{Method: "Home", Call: call})
	return c.home, err
}

func (c *scriptedCore) React(_ context.Context, ballots []bot.Ballot) error {
	var err error
	for _, b := range ballots {
		_, err = c.take(heardCall{Method: "React", Ballot: b})
	}
	return err
}

func (c *scriptedCore) Attach(_ context.Context, w bot.Workspace) (bot.Workspace, error) {
	_, err := c.take(heardCall{Method: "Attach", Ref: w.Ref, Fact: w})
	return w, err
}

func (c *scriptedCore) WorkspaceGone(_ context.Context, w bot.WorkspaceRef) error {
	_, err := c.take(heardCall{Method: "WorkspaceGone", Ref: w})
	return err
}

func (c *scriptedCore) ChannelChanged(_ context.Context, w bot.WorkspaceRef, x bot.ChannelChange) error {
	_, err := c.take(heardCall{Method: "ChannelChanged", Ref: w, Fact: x})
	return err
}

func (c *scriptedCore) MemberChanged(_ context.Context, w bot.WorkspaceRef, m bot.MemberSeen) error {
	_, err := c.take(heardCall{Method: "MemberChanged", Ref: w, Fact: m})
	return err
}

func (c *scriptedCore) MessageGone(_ context.Context, w bot.WorkspaceRef, channel, message string) error {
	_, err := c.take(heardCall{Method: "MessageGone", Ref: w, Name: channel, Words: message})
	return err
}

func (c *scriptedCore) Gap(_ context.Context, w bot.WorkspaceRef, since time.Time) error {
	_, err := c.take(heardCall{Method: "Gap", Ref: w, Fact: since})
	return err
}

// acme is a workspace with Heed in it, and the people of the tests.
type acme struct {
	*testing.T
	slack   *slackfake.Server
	team    *slackfake.Team
	core    *scriptedCore
	adapter *Adapter
	sender  *Messenger
	url     string

	rui, mira, zoe *slackfake.User
	support        *slackfake.Channel
}

// newAcme starts a fake Slack and an adapter that it delivers to over HTTP.
func newAcme(t *testing.T, config slackfake.Config) *acme {
	t.Helper()
	x := quietAcme(t, config, Options{})
	server := httptest.NewServer(x.adapter.Handler())
	t.Cleanup(server.Close)
	x.url = server.URL
	x.slack.DeliverTo(server.URL)
	return x
}

// quietAcme is the same without a way for Slack to reach it.
func quietAcme(t *testing.T, config slackfake.Config, o Options) *acme {
	t.Helper()
	if config.AckTimeout == 0 {
		config.AckTimeout = 10 * time.Second // a busy machine is slow
	}
	x := &acme{T: t, slack: slackfake.New(config), core: &scriptedCore{}}
	t.Cleanup(x.slack.Close)
	x.team = x.slack.AddTeam("acme")
	token := x.team.Install()
	x.rui = x.team.AddUser("rui").WithNames("Rui Sousa", "Rui").WithZone("Europe/Lisbon")
	x.mira = x.team.AddUser("mira").WithNames("Mira Holt", "Mira")
	x.zoe = x.team.AddUser("zoe").WithNames("Zoe Berg", "Zoe").WithRole(slackfake.Admin)
	x.support = x.team.AddChannel("support", x.rui, x.mira, x.zoe, x.team.Bot())
	o.APIURL, o.Tokens, o.SigningSecret = x.slack.APIURL(), OneToken(token), x.slack.SigningSecret()
	if config.Clock != nil {
		o.Clock = steppedClock{config.Clock}
	}
	x.sender = NewMessenger(o)
	x.adapter = New(o, x.sender, x.core)
	t.Cleanup(x.adapter.Wait)
	return x
}

// steppedClock is the fake's clock as Heed reads it.
type steppedClock struct{ slackfake.Clock }

func (steppedClock) Wait(ctx context.Context, _ time.Time) error { return ctx.Err() }

func (x *acme) workspace() bot.Workspace {
	return bot.Workspace{Ref: slackRef(x.team.ID), Scopes: slackfake.DefaultScopes}
}

func (x *acme) to(ch *slackfake.Channel) bot.Destination {
	return bot.Destination{Workspace: x.workspace(), Channel: ch.ID()}
}

// post sends content as Heed, and returns the message as it stands.
func (x *acme) post(ch *slackfake.Channel, key string, c bot.Content) slackfake.Message {
	x.Helper()
	sent, err := x.sender.Post(x.Context(), x.to(ch), key, c)
	if err != nil {
		x.Fatalf("post: %v", err)
	}
	for _, m := range x.slack.Messages(ch) {
		if m.TS == sent.Message {
			return m
		}
	}
	x.Fatal("the message is not in the channel")
	return slackfake.Message{}
}

// private are the texts that only u sees, once all answers are sent.
func (x *acme) private(u *slackfake.User) []string {
	x.adapter.Wait()
	var out []string
	for _, m := range x.slack.Ephemerals(u) {
		out = append(out, m.String())
	}
	return out
}

// ok fails the test on an error.
func (x *acme) ok(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

var darkMode = bot.Card{
	Number: 42, Title: "Dark mode", Excerpt: "My eyes hurt after 9 pm. A dark theme that follows the system would help.", More: true,
	Status: bot.StatusPlanned, AskedBy: "Rui", AskedIn: "support", Quotes: 3, Tags: []string{"Comfort"}, Votes: 31, Week: 9,
}
