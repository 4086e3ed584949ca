package slack_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/slack"
	"heed/adapters/slack/slackfake"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestContract runs what every chat adapter promises, over a Slack that remembers.
func TestContract(t *testing.T) {
	t.Parallel()
	t.Run("over HTTP", func(t *testing.T) {
		t.Parallel()
		adaptertest.Run(t, func(t *testing.T) adaptertest.Chat { return newChat(t, false) })
	})
	t.Run("over Socket Mode", func(t *testing.T) {
		t.Parallel()
		adaptertest.Run(t, func(t *testing.T) adaptertest.Chat { return newChat(t, true) })
	})
}

// chat is Slack with Heed in it.
type chat struct {
	t        *testing.T
	stage    *adaptertest.Stage
	slack    *slackfake.Server
	clock    *slackfake.ManualClock
	team     *slackfake.Team
	people   map[string]*slackfake.User
	channels map[string]*slackfake.Channel
	adapter  *slack.Adapter
	sender   unpaced
	ws       bot.Workspace
	seen     map[string]slackfake.Message // by ref

	mu    sync.Mutex
	heard []request
}

// clock is the fake's clock as Heed reads it.
type clock struct{ *slackfake.ManualClock }

func (clock) Wait(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }

// unpaced sends as fast as the test goes.
type unpaced struct{ *slack.Messenger }

func (unpaced) Pace() bot.Pace { return bot.Pace{Burst: 1} }

func newChat(t *testing.T, socket bool) *chat {
	t.Helper()
	c := &chat{
		t: t, stage: &adaptertest.Stage{}, people: map[string]*slackfake.User{}, channels: map[string]*slackfake.Channel{},
		clock: slackfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), seen: map[string]slackfake.Message{},
	}
	config := slackfake.Config{Clock: c.clock, AckTimeout: 10 * time.Second} // a busy machine is slow
	if socket {
		config.AckTimeout = 4 * time.Second // how long the fake waits for what is not acknowledged
	}
	c.slack = slackfake.New(config)
	t.Cleanup(c.slack.Close)
	c.team = c.slack.AddTeam("acme")
	o := slack.Options{APIURL: c.slack.APIURL(), Tokens: slack.OneToken(c.team.Install()), SigningSecret: c.slack.SigningSecret(), Clock: clock{c.clock}}
	if socket {
		o.AppToken = c.slack.AppToken()
	}
	for _, name := range adaptertest.People() {
		c.people[name] = c.team.AddUser(name)
	}
	c.people[adaptertest.Zoe].WithRole(slackfake.Admin)
	everybody := append(slices.Collect(maps.Values(c.people)), c.team.Bot())
	c.sender = unpaced{slack.NewMessenger(o)}
	st := store.New(storetest.New(t))
	c.stage.Bot = bot.New(c.stage.Store(st), clock{c.clock}, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: c.sender},
		bot.Options{Undo: adaptertest.Undo, SecretKey: []byte("no real key, only for tests.....")})
	c.adapter = slack.New(o, c.sender.Messenger, c.stage)
	t.Cleanup(c.adapter.Wait)
	if socket {
		c.listen(t)
	} else {
		server := httptest.NewServer(c.recorded(c.adapter.Handler()))
		t.Cleanup(server.Close)
		c.slack.DeliverTo(server.URL)
	}

	var err error
	c.ws, err = c.adapter.Attach(t.Context())
	c.ok(err)
	for _, name := range []string{adaptertest.Support, adaptertest.Feedback} {
		c.channels[name] = c.team.AddChannel(name, everybody...)
		joined := true
		ch, err := st.MeetChannel(t.Context(), c.ws.Board, c.ws.ID, bot.ChannelSeen{Ref: c.channels[name].ID(), Name: name, Kind: bot.PublicChannel, Joined: &joined}, bot.Team)
		c.ok(err)
		ch.Intake, ch.Main = name == adaptertest.Feedback, name == adaptertest.Feedback
		c.ok(st.SaveChannel(t.Context(), ch))
	}
	return c
}

// listen opens a socket, and ends it with the test.
func (c *chat) listen(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.adapter.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	opening, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c.ok(c.slack.WaitForSockets(opening, 1))
}

func (c *chat) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *chat) Stage() *adaptertest.Stage { return c.stage }

func (c *chat) Thumb() (plain, toned string) { return "+1", "+1::skin-tone-4" }

func (c *chat) Command(who, channel, line string) {
	c.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	c.ok(c.people[who].Slash(c.channels[channel], name, text))
	c.adapter.Wait()
}

func (c *chat) Say(who, channel, words string, pictures ...string) adaptertest.Message {
	c.t.Helper()
	m, err := c.people[who].SayWithFiles(c.channels[channel], words, pictures...)
	c.ok(err)
	return c.message(m)
}

func (c *chat) Tell(who, words string) {
	c.t.Helper()
	_, err := c.people[who].Say(c.people[who].DM(), words)
	c.ok(err)
	c.adapter.Wait()
}

func (c *chat) Save(who string, m adaptertest.Message) {
	c.t.Helper()
	now, _ := c.slack.Message(c.seen[m.Ref])
	c.ok(c.people[who].MessageShortcut(now, "save"))
	c.adapter.Wait()
}

func (c *chat) React(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].React(c.seen[m.Ref], emoji))
}

func (c *chat) Unreact(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].Unreact(c.seen[m.Ref], emoji))
}

func (c *chat) Press(who string, m adaptertest.Message, label string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].PressLabel(c.seen[m.Ref], label))
	c.adapter.Wait()
}

func (c *chat) Submit(who string, values map[string]string) map[string]string {
	c.t.Helper()
	v, ok := c.slack.View(c.people[who])
	if !ok {
		c.t.Fatalf("no form is open before %s", who)
	}
	typed := map[string]any{}
	for name, value := range values {
		typed[name] = value
		for _, state := range v.State[name] {
			switch state["type"] {
			case "users_select":
				typed[name] = c.people[value].ID
			case "conversations_select":
				typed[name] = c.channels[value].ID()
			case "static_select":
				typed[name] = "=" + value
			case "checkboxes":
				typed[name] = []string{value}
				if value == "" {
					typed[name] = []string{}
				}
			}
		}
	}
	got, err := c.people[who].SubmitView(v, typed)
	c.ok(err)
	c.adapter.Wait()
	return got.Errors
}

func (c *chat) Shown(channel string) []adaptertest.Message {
	return c.messages(c.slack.Messages(c.channels[channel]))
}

func (c *chat) Thread(m adaptertest.Message) []adaptertest.Message {
	return c.messages(c.slack.Thread(c.seen[m.Ref]))
}

func (c *chat) Private(who string) []adaptertest.Message {
	c.adapter.Wait()
	all := append(c.slack.Ephemerals(c.people[who]), c.slack.DMs(c.people[who])...)
	all = slices.DeleteFunc(all, func(m slackfake.Message) bool { return m.UserID == c.people[who].ID })
	slices.SortStableFunc(all, func(a, b slackfake.Message) int { return strings.Compare(a.TS, b.TS) })
	return c.messages(all)
}

func (c *chat) Form(who string) (adaptertest.Form, bool) {
	c.adapter.Wait()
	v, ok := c.slack.View(c.people[who])
	f := adaptertest.Form{Title: v.Title, Text: v.String(), Values: map[string]string{}}
	for name, block := range v.State {
		for _, state := range block {
			f.Values[name] = stateText(state)
		}
	}
	return f, ok
}

// stateText is what stands in an input.
func stateText(state map[string]any) string {
	for _, key := range []string{"value", "selected_user", "selected_conversation"} {
		if s, ok := state[key].(string); ok {
			return s
		}
	}
	if o, ok := state["selected_option"].(map[string]any); ok {
		return strings.TrimPrefix(o["value"].(string), "=")
	}
	if all, ok := state["selected_options"].([]any); ok && len(all) > 0 {
		return all[0].(map[string]any)["value"].(string)
	}
	return ""
}

func (c *chat) Show(channel string, content bot.Content) (adaptertest.Message, error) {
	sent, err := c.sender.Post(c.t.Context(), bot.Destination{Workspace: c.ws, Channel: c.channels[channel].ID()}, "test", content)
	if err != nil {
		return adaptertest.Message{}, err
	}
	for _, m := range c.slack.Messages(c.channels[channel]) {
		if m.TS == sent.Message {
			return c.message(m), nil
		}
	}
	return adaptertest.Message{}, bot.ErrNotFound
}

func (c *chat) Home(who string) (adaptertest.Message, bool) {
	c.t.Helper()
	c.ok(c.people[who].OpenHome())
	c.adapter.Wait()
	v, ok := c.slack.Home(c.people[who])
	return adaptertest.Message{Text: v.String()}, ok
}

func (c *chat) Repeat() {
	c.t.Helper()
	c.slack.Deliver(c.slack.Events()...)
	for _, r := range c.requests() {
		again := httptest.NewRequest(http.MethodPost, r.path, bytes.NewReader(r.body))
		again.Header = r.header
		c.adapter.Handler().ServeHTTP(httptest.NewRecorder(), again)
	}
	c.adapter.Wait()
}

// request is one of Slack's, as it came.
type request struct {
	path   string
	header http.Header
	body   []byte
}

// recorded keeps every request before the adapter gets it.
func (c *chat) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		c.heard = append(c.heard, request{r.URL.Path, r.Header.Clone(), body})
		c.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func (c *chat) requests() []request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

func (c *chat) Settle() {
	c.t.Helper()
	for range 50 {
		c.adapter.Wait()
		c.slack.Settle()
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
	c.clock.Advance(d)
	c.slack.DeliverRetries()
	c.Settle()
}

func (c *chat) messages(all []slackfake.Message) []adaptertest.Message {
	var out []adaptertest.Message
	for _, m := range all {
		out = append(out, c.message(m))
	}
	return out
}

// message is a message as a person sees it; the chat finds it again by its ref.
func (c *chat) message(m slackfake.Message) adaptertest.Message {
	ref := m.ChannelID + "/" + m.TS
	c.seen[ref] = m
	out := adaptertest.Message{Ref: ref, Channel: m.ChannelID, Text: m.String(), Pings: m.Pings()}
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range append([]any{b["accessory"]}, elements...) {
			if x, ok := e.(map[string]any); ok && x["type"] == "button" {
				out.Buttons = append(out.Buttons, x["text"].(map[string]any)["text"].(string))
			}
		}
	}
	return out
}
