package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// monday is a Monday morning at nine in Berlin.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// steppedClock stands still until it is moved.
type steppedClock struct {
	mu    sync.Mutex
	now   time.Time
	moved chan struct{}
}

func (c *steppedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppedClock) Wait(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		if !c.now.Before(t) {
			c.mu.Unlock()
			return nil
		}
		if c.moved == nil {
			c.moved = make(chan struct{})
		}
		moved := c.moved
		c.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *steppedClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	if c.moved != nil {
		close(c.moved)
		c.moved = nil
	}
}

// chat is a platform that remembers, and fails on demand.
type chat struct {
	mu        sync.Mutex
	pace      bot.Pace
	next      int
	messages  map[string]chatMessage // by "channel/ref"
	calls     []string               // "post C1", "update C1/m1", ...
	fail      func(call, at string) error
	members   map[string]bot.MemberSeen
	reactions map[string][]bot.Reacted
	keys      map[string]string     // send key to "channel/ref"
	joined    map[string]bool       // which channels Heed is in, where the platform says
	tags      map[string]bot.Status // by conversation
	forum     []bot.ForumPost
	paused    map[string]bot.Paused
	after     func(call string) // after a send came through, before it is answered
}

type chatMessage struct {
	Thread  string
	Content bot.Content
	Marks   []string
	Talk    string // the name of its conversation, once there is one
}

func newChat() *chat {
	return &chat{messages: map[string]chatMessage{}, members: map[string]bot.MemberSeen{}, reactions: map[string][]bot.Reacted{}, keys: map[string]string{}}
}

func (c *chat) Pace() bot.Pace { return c.pace }

// begin records a call and answers the fault that the test asked for.
func (c *chat) begin(call, at string) error {
	c.calls = append(c.calls, call+" "+at)
	if c.fail != nil {
		return c.fail(call, at)
	}
	return nil
}

func (c *chat) done(call string) {
	if c.after != nil {
		c.after(call)
	}
}

func (c *chat) Post(_ context.Context, to bot.Destination, key string, content bot.Content) (bot.Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	channel := to.Channel
	if channel == "" {
		channel = "D" + to.Account
	}
	if err := c.begin("post", channel); err != nil {
		return bot.Sent{}, err
	}
	c.next++
	ref := fmt.Sprintf("m%d", c.next)
	sent := bot.Sent{Channel: channel, Message: ref, Permalink: "https://chat.example/" + channel + "/" + ref}
	if to.Forum && to.Thread == "" {
		sent.Thread = ref
	}
	c.messages[channel+"/"+ref] = chatMessage{Thread: to.Thread, Content: content}
	c.keys[key] = channel + "/" + ref
	c.done("post")
	return sent, nil
}

func (c *chat) Update(_ context.Context, to bot.Destination, message string, content bot.Content) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := to.Channel + "/" + message
	if err := c.begin("update", at); err != nil {
		return err
	}
	m, ok := c.messages[at]
	if !ok {
		return &bot.Fault{Kind: bot.FaultGone, Reason: "message_not_found"}
	}
	m.Content = content
	c.messages[at] = m
	c.done("update")
	return nil
}

func (c *chat) Delete(_ context.Context, to bot.Destination, message string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("delete", to.Channel+"/"+message); err != nil {
		return err
	}
	delete(c.messages, to.Channel+"/"+message)
	return nil
}

func (c *chat) Mark(_ context.Context, to bot.Destination, message, emoji string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := to.Channel + "/" + message
	if err := c.begin("mark", at); err != nil {
		return err
	}
	m := c.messages[at]
	m.Marks = append(m.Marks, emoji)
	c.messages[at] = m
	return nil
}

func (c *chat) Member(_ context.Context, _ bot.Workspace, account string) (bot.MemberSeen, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("member", account); err != nil {
		return bot.MemberSeen{}, err
	}
	m, ok := c.members[account]
	if !ok {
		m = bot.MemberSeen{Account: account, Name: account, Complete: true}
	}
	return m, nil
}

func (c *chat) Channel(_ context.Context, _ bot.Workspace, channel string) (bot.ChannelSeen, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := bot.ChannelSeen{Ref: channel, Name: channel, Kind: bot.PublicChannel}
	if in, ok := c.joined[channel]; ok {
		seen.Joined = &in
	}
	return seen, nil
}

func (c *chat) Join(_ context.Context, _ bot.Workspace, channel string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begin("join", channel)
}

func (c *chat) Reactions(_ context.Context, _ bot.Workspace, channel, message string) ([]bot.Reacted, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("reactions", channel+"/"+message); err != nil {
		return nil, err
	}
	return c.reactions[channel+"/"+message], nil
}

func (c *chat) Permalink(_ context.Context, _ bot.Workspace, channel, message string) (string, error) {
	return "https://chat.example/" + channel + "/" + message, nil
}

func (c *chat) Find(_ context.Context, _ bot.Destination, key string, _ time.Time) (bot.Sent, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("find", key); err != nil {
		return bot.Sent{}, false, err
	}
	at, ok := c.keys[key]
	if _, there := c.messages[at]; !ok || !there {
		return bot.Sent{}, false, nil
	}
	channel, ref, _ := cut(at)
	return bot.Sent{Channel: channel, Message: ref}, true, nil
}

func cut(at string) (channel, ref string, ok bool) {
	for i := range at {
		if at[i] == '/' {
			return at[:i], at[i+1:], true
		}
	}
	return at, "", false
}

// count is how many calls of a kind came in.
func (c *chat) count(call string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.countLocked(call)
}

// countLocked is count for those who are called by the chat itself.
func (c *chat) countLocked(call string) int {
	n := 0
	for _, x := range c.calls {
		if len(x) > len(call) && x[:len(call)+1] == call+" " {
			n++
		}
	}
	return n
}

// in lists what stands in a channel.
func (c *chat) in(channel string) []bot.Content {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []bot.Content
	for i := 1; i <= c.next; i++ {
		if m, ok := c.messages[fmt.Sprintf("%s/m%d", channel, i)]; ok {
			out = append(out, m.Content)
		}
	}
	return out
}

// world is a board with a Slack workspace of Acme: #feedback (C1) is the main intake, Heed is in it.
type world struct {
	t     testing.TB
	db    *sqlx.DB
	store *store.Store
	clock *steppedClock
	chat  *chat
	guild *chat // Discord, once joinGuild was called
	bot   *bot.Bot
	ws    bot.Workspace
}

var acme = bot.WorkspaceRef{Platform: bot.Slack, Ref: "T1"}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, db: storetest.New(t), clock: &steppedClock{now: monday}, chat: newChat(), guild: newChat()}
	w.store = store.New(w.db)
	w.bot = w.replica()
	ws, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: acme, Name: "Acme", BotAccount: "B1"})
	w.must(err)
	w.ws = ws
	w.channel("C1", func(c *bot.Channel) { c.Intake, c.Main, c.Joined = true, true, true })
	return w
}

// replica is another process on the same database and chat.
func (w *world) replica() *bot.Bot {
	return bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: w.chat, bot.Discord: w.guild},
		bot.Options{Jitter: func() float64 { return 0 }, SecretKey: []byte("not a real key, for tests only.."), Patience: time.Minute})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// channel makes a channel known, or changes it.
func (w *world) channel(ref string, change func(*bot.Channel)) bot.Channel {
	w.t.Helper()
	c, err := w.store.MeetChannel(w.t.Context(), w.ws.Board, w.ws.ID, bot.ChannelSeen{Ref: ref, Name: "feedback-" + ref, Kind: bot.PublicChannel}, bot.Team)
	w.must(err)
	change(&c)
	w.must(w.store.SaveChannel(w.t.Context(), c))
	return c
}

// item makes an item without any use case.
func (w *world) item(title string, change func(*bot.Item)) bot.Item {
	w.t.Helper()
	it := bot.Item{
		Board: w.ws.Board, Title: title, Body: title, Status: bot.StatusNew, Audience: bot.Team,
		AskedIn: bot.ChannelAt{Workspace: w.ws.ID, Ref: "C1"}, CreatedAt: w.clock.Now(), StatusAt: w.clock.Now(),
	}
	if change != nil {
		change(&it)
	}
	out, _, err := w.store.AddItem(w.t.Context(), it, "test:"+title)
	w.must(err)
	return out
}

// want makes an item's card wanted in a channel.
func (w *world) want(it bot.Item, channel string) string {
	w.t.Helper()
	key := fmt.Sprintf("card:%d:%d:%s", it.Number, w.ws.ID, channel)
	_, err := w.store.WantPost(w.t.Context(), w.ws.Board, bot.Want{
		Key: key, Kind: bot.PostCard, Workspace: w.ws.ID, Channel: channel, Item: it.ID, Due: w.clock.Now(),
	})
	w.must(err)
	return key
}

// touch does to an item what a vote does.
func (w *world) touch(it bot.Item) {
	w.t.Helper()
	w.must(w.store.InTx(w.t.Context(), func(tx bot.Tx) error {
		if _, err := tx.LockItems(w.t.Context(), it.Board, it.ID); err != nil {
			return err
		}
		return tx.TouchItem(w.t.Context(), it.Board, it.ID, w.clock.Now())
	}))
}

// drain dispatches until nothing is due.
func (w *world) drain() {
	w.t.Helper()
	for range 200 {
		n, err := w.bot.DispatchOnce(w.t.Context())
		w.must(err)
		if n == 0 {
			return
		}
	}
	w.t.Fatal("the dispatcher never comes to rest")
}

func (w *world) post(key string) bot.Post {
	w.t.Helper()
	p, err := w.store.PostByKey(w.t.Context(), w.ws.Board, key)
	w.must(err)
	return p
}

// number reads one number from the database.
func (w *world) number(query string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.db.Get(&n, query, args...))
	return n
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	_, err := w.db.Exec(query, args...)
	w.must(err)
}
