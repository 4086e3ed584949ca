package discord_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord"
	"heed/adapters/discord/discordfake"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestContract runs what every chat adapter promises, over a Discord that remembers.
func TestContract(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Chat { return newChat(t) })
}

// chat is Discord with Heed on it.
type chat struct {
	t        *testing.T
	stage    *adaptertest.Stage
	discord  *discordfake.Server
	clock    *discordfake.ManualClock
	guild    *discordfake.Guild
	people   map[string]*discordfake.User
	channels map[string]*discordfake.Channel
	adapter  *discord.Adapter
	start    func() // makes an adapter, and listens
	stop     func() // ends it; more than once does no harm
	sender   unpaced
	ws       bot.Workspace
	seen     map[string]discordfake.Message // by ref
}

// clock is the fake's clock as Heed reads it.
type clock struct{ *discordfake.ManualClock }

func (clock) Wait(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }

// unpaced sends as fast as the test goes.
type unpaced struct{ *discord.Messenger }

func (unpaced) Pace() bot.Pace { return bot.Pace{Burst: 1} }

// atOnce lets a session begin right after another, where Discord wants five seconds
// between them: a test that starts Heed again does not wait for that.
type atOnce struct{ bot.GatewayStore }

func (s atOnce) TakeIdentify(ctx context.Context, app string, b bot.IdentifyBounds) (time.Duration, error) {
	b.Apart = 0
	return s.GatewayStore.TakeIdentify(ctx, app, b)
}

func newChat(t *testing.T) *chat {
	t.Helper()
	return newChatWith(t, discordfake.Config{Unchecked: true}, nil)
}

// newChatWith is newChat on a fake of another kind, and with a core that wrap makes of
// the stage.
func newChatWith(t *testing.T, config discordfake.Config, wrap func(*adaptertest.Stage) discord.Core) *chat {
	t.Helper()
	c := &chat{
		t: t, stage: &adaptertest.Stage{}, people: map[string]*discordfake.User{}, channels: map[string]*discordfake.Channel{},
		clock: discordfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), seen: map[string]discordfake.Message{},
	}
	config.Clock = c.clock
	if config.AnswerTimeout == 0 {
		config.AnswerTimeout = 10 * time.Second // a busy machine is slow
	}
	c.discord = discordfake.New(config)
	t.Cleanup(c.discord.Close)
	c.guild = c.discord.AddGuild("acme")
	for _, name := range adaptertest.People() {
		c.people[name] = c.guild.AddUser(name)
		c.guild.SetNick(c.people[name], strings.ToUpper(name[:1])+name[1:])
	}
	c.guild.AddRole("Admins", discordfake.Administrator).Give(c.people[adaptertest.Zoe])
	for _, name := range []string{adaptertest.Support, adaptertest.Feedback} {
		c.channels[name] = c.guild.AddChannel(name)
	}
	st := store.New(storetest.New(t))
	o := discord.Options{APIURL: c.discord.APIURL(), Token: c.discord.Token(), Shards: atOnce{st}, Clock: clock{c.clock}, ThreadRest: 20 * time.Millisecond}
	c.sender = unpaced{discord.NewMessenger(o)}
	c.stage.Bot = bot.New(c.stage.Store(st), clock{c.clock}, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Discord: c.sender},
		bot.Options{Undo: adaptertest.Undo, RequestsPerDay: 100, RequestGap: time.Nanosecond, SecretKey: []byte("no real key, only for tests.....")})
	c.start = func() {
		var core discord.Core = c.stage
		if wrap != nil {
			core = wrap(c.stage)
		}
		c.adapter = discord.New(o, c.sender.Messenger, core)
		c.listen(t)
	}
	c.start()

	var err error
	c.ws, err = st.Workspace(t.Context(), bot.WorkspaceRef{Platform: bot.Discord, Ref: c.guild.ID})
	c.ok(err)
	for name, ch := range c.channels {
		joined := true
		kept, err := st.MeetChannel(t.Context(), c.ws.Board, c.ws.ID, bot.ChannelSeen{Ref: ch.ID, Name: name, Kind: bot.PublicChannel, Joined: &joined}, bot.Community)
		c.ok(err)
		kept.Intake, kept.Main = name == adaptertest.Feedback, name == adaptertest.Feedback
		c.ok(st.SaveChannel(t.Context(), kept))
	}
	return c
}

// listen connects to the gateway, and ends it with the test.
func (c *chat) listen(t *testing.T) {
	before := c.discord.Identifies()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.adapter.Run(ctx) }()
	c.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(c.stop)
	c.ok(c.discord.WaitFor(c.soon(), func() bool { // its own session: the one of before may not have ended yet
		return c.discord.Identifies() > before && c.discord.Connected() > 0
	}))
	c.ok(c.discord.WaitFor(c.soon(), func() bool { return len(c.discord.Commands(nil)) > 0 }))
	c.heard()
}

// soon bounds a wait in a test that went wrong.
func (c *chat) soon() context.Context {
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	c.t.Cleanup(cancel)
	return ctx
}

// heard waits until everything that happened is done with.
func (c *chat) heard() {
	c.t.Helper()
	c.ok(c.discord.WaitHeard(c.soon()))
	c.adapter.Wait()
}

func (c *chat) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *chat) Stage() *adaptertest.Stage { return c.stage }

func (c *chat) Thumb() (plain, toned string) { return "👍", "👍🏽" }

func (c *chat) Command(who, channel, line string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].Line(c.channels[channel], line))
	c.heard()
}

func (c *chat) Say(who, channel, words string, pictures ...string) adaptertest.Message {
	c.t.Helper()
	var files []discordfake.File
	for _, name := range pictures {
		files = append(files, discordfake.File{Name: name})
	}
	m, err := c.people[who].Say(c.channels[channel], words, files...)
	c.ok(err)
	return c.message(m)
}

func (c *chat) Tell(who, words string) {
	c.t.Helper()
	_, err := c.people[who].Tell(words)
	c.ok(err)
	c.heard()
}

func (c *chat) Save(who string, m adaptertest.Message) {
	c.t.Helper()
	now, _ := c.discord.Message(c.seen[m.Ref])
	c.ok(c.people[who].MessageCommand(now, "Save as feedback"))
	c.heard()
}

func (c *chat) React(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].React(c.seen[m.Ref], emoji))
	c.ok(c.discord.WaitHeard(c.soon()))
}

func (c *chat) Unreact(who string, m adaptertest.Message, emoji string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].Unreact(c.seen[m.Ref], emoji))
	c.ok(c.discord.WaitHeard(c.soon()))
}

func (c *chat) Press(who string, m adaptertest.Message, label string) {
	c.t.Helper()
	c.clock.Advance(time.Second)
	c.ok(c.people[who].PressLabel(c.seen[m.Ref], label))
	c.heard()
}

func (c *chat) Shown(channel string) []adaptertest.Message {
	return c.messages(c.discord.Messages(c.channels[channel]))
}

// Thread is what answers a message: in the thread that it began, and where it began none
// as replies.
func (c *chat) Thread(m adaptertest.Message) []adaptertest.Message {
	_, all := c.discord.Thread(c.seen[m.Ref])
	for _, x := range c.discord.Messages(c.seen[m.Ref].Channel) {
		if x.ReplyTo == c.seen[m.Ref].ID {
			all = append(all, x)
		}
	}
	return c.messages(all)
}

func (c *chat) Private(who string) []adaptertest.Message {
	c.adapter.Wait()
	all := append(c.discord.Ephemerals(c.people[who]), c.discord.DMs(c.people[who])...)
	all = slices.DeleteFunc(all, func(m discordfake.Message) bool { return m.AuthorID == c.people[who].ID })
	slices.SortStableFunc(all, func(a, b discordfake.Message) int { return strings.Compare(a.ID, b.ID) })
	return c.messages(all)
}

func (c *chat) Show(channel string, content bot.Content) (adaptertest.Message, error) {
	sent, err := c.sender.Post(c.t.Context(), bot.Destination{Workspace: c.ws, Channel: c.channels[channel].ID}, "", content)
	if err != nil {
		return adaptertest.Message{}, err
	}
	for _, m := range c.discord.Messages(c.channels[channel]) {
		if m.ID == sent.Message {
			return c.message(m), nil
		}
	}
	return adaptertest.Message{}, bot.ErrNotFound
}

// Home is nothing that Discord has.
func (c *chat) Home(string) (adaptertest.Message, bool) { return adaptertest.Message{}, false }

func (c *chat) Repeat() {
	c.t.Helper()
	c.discord.Redeliver()
	c.heard()
}

func (c *chat) Settle() {
	c.t.Helper()
	for range 50 {
		c.heard()
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
	c.Settle()
}

func (c *chat) messages(all []discordfake.Message) []adaptertest.Message {
	var out []adaptertest.Message
	for _, m := range all {
		out = append(out, c.message(m))
	}
	return out
}

// message is a message as a person sees it; the chat finds it again by its ref.
func (c *chat) message(m discordfake.Message) adaptertest.Message {
	c.seen[m.ID] = m
	return adaptertest.Message{Ref: m.ID, Channel: m.ChannelID, Text: m.String(), Buttons: m.Buttons(), Pings: m.Pings()}
}
