package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"heed/bot"
)

// The chat's bounds. A room that is full forgets its oldest message.
const (
	roomKeeps = 800
	roomsMost = 40
)

// room is a channel, or a person's conversation with Heed.
type room struct {
	Ref      string          `json:"ref"`
	Name     string          `json:"name"`
	Topic    string          `json:"topic,omitempty"`
	Kind     bot.ChannelKind `json:"kind"`
	Audience bot.Audience    `json:"audience"`
	Account  string          `json:"account,omitempty"` // whose conversation with Heed it is
	Joined   bool            `json:"joined"`            // Heed is in it
}

// message is one message. It is never changed in place: a change makes a new one.
type message struct {
	Ref       string     `json:"ref"`
	Channel   string     `json:"channel"`
	Thread    string     `json:"thread,omitempty"` // the message it answers
	Author    string     `json:"author"`
	At        time.Time  `json:"at"`
	Words     string     `json:"words,omitempty"`
	Doc       *doc       `json:"doc,omitempty"`
	To        string     `json:"to,omitempty"`  // not "": only they see it
	Key       string     `json:"key,omitempty"` // what tells a repeat: of Heed's post, or of the act
	Reactions []reaction `json:"reactions,omitempty"`
}

// reaction is one emoji on a message and who put it there, first come first.
type reaction struct {
	Emoji string   `json:"emoji"`
	By    []string `json:"by"`
}

// roomRef stands in the place of a message's ref where a room itself is kept. It sorts
// before all messages.
const roomRef = "-room"

// chat is what the platform remembers. Everything is kept before it is shown. Safe for
// concurrent use; the lock is held while a change is kept, so that the kept order is
// the shown one.
type chat struct {
	keeper Keeper // nil: only remembered
	hub    *hub
	begin  []Channel

	mu       sync.Mutex
	at       bot.Workspace
	list     []room
	messages map[string]message  // by ref
	order    map[string][]string // a room's refs, oldest first
	keys     map[string]string   // ref by the key of Heed's post
	next     int
	guests   map[string]bool
}

func newChat(k Keeper, h *hub, begin []Channel) *chat {
	return &chat{keeper: k, hub: h, begin: begin}
}

// firstRooms are the rooms that the playground begins with: its channels, and each
// person's conversation with Heed.
func (c *chat) firstRooms(people []Person) []room {
	var rooms []room
	for _, x := range c.begin {
		rooms = append(rooms, room{Ref: x.Name, Name: x.Name, Topic: x.Topic, Kind: bot.PublicChannel, Audience: x.Audience, Joined: true})
	}
	for _, p := range people {
		rooms = append(rooms, room{Ref: "dm-" + p.Account, Name: "Heed", Kind: bot.DirectChannel, Audience: bot.Team, Account: p.Account, Joined: true})
	}
	return rooms
}

// load forgets everything and reads what was kept of a workspace.
func (c *chat) load(ctx context.Context, w bot.Workspace, people []Person) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.list, c.next = w, c.firstRooms(people), 0
	c.messages, c.order, c.keys = map[string]message{}, map[string][]string{}, map[string]string{}
	c.guests = map[string]bool{}
	for _, p := range people {
		c.guests[p.Account] = p.Guest
	}
	if c.keeper == nil {
		return nil
	}
	return c.keeper.PlaygroundMessages(ctx, w.Board, w.ID, func(channel, ref, kept string) error {
		if ref == roomRef {
			var r room
			if err := json.Unmarshal([]byte(kept), &r); err != nil {
				return fmt.Errorf("kept room %s: %w", channel, err)
			}
			c.setRoom(r)
			return nil
		}
		var m message
		if err := json.Unmarshal([]byte(kept), &m); err != nil {
			return fmt.Errorf("kept message %s: %w", ref, err)
		}
		var n int
		if _, err := fmt.Sscanf(ref, "m%d", &n); err == nil {
			c.next = max(c.next, n)
		}
		c.remember(m)
		return nil
	})
}

func (c *chat) remember(m message) {
	if _, known := c.messages[m.Ref]; !known {
		c.order[m.Channel] = append(c.order[m.Channel], m.Ref)
	}
	c.messages[m.Ref] = m
	if m.Key != "" {
		c.keys[m.Key] = m.Ref
	}
}

func (c *chat) keep(ctx context.Context, channel, ref string, v any) error {
	if c.keeper == nil {
		return nil
	}
	kept, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("message %s: %w", ref, err)
	}
	return c.keeper.KeepPlaygroundMessage(ctx, c.at.Board, c.at.ID, channel, ref, string(kept))
}

// add keeps and shows a new message and gives it its ref. A post whose key is known is
// not added again: the first message of that key is returned.
func (c *chat) add(ctx context.Context, m message) (message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ref, again := c.keys[m.Key]; again && m.Key != "" {
		return c.messages[ref], nil
	}
	m.Ref = fmt.Sprintf("m%07d", c.next+1)
	if err := c.keep(ctx, m.Channel, m.Ref, m); err != nil {
		return message{}, err
	}
	c.next++
	c.remember(m)
	c.show(eventMessage, m)
	if refs := c.order[m.Channel]; len(refs) > roomKeeps {
		if err := c.forget(ctx, c.messages[refs[0]]); err != nil {
			return m, err
		}
	}
	return m, nil
}

// change keeps and shows what do makes of a message. An error of do changes nothing;
// a message that is not there is bot.ErrNotFound.
func (c *chat) change(ctx context.Context, ref string, do func(*message) error) (message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.messages[ref]
	if !ok {
		return message{}, bot.ErrNotFound
	}
	m.Reactions = cloneReactions(m.Reactions)
	if err := do(&m); err != nil {
		return message{}, err
	}
	if err := c.keep(ctx, m.Channel, m.Ref, m); err != nil {
		return message{}, err
	}
	c.remember(m)
	c.show(eventMessage, m)
	return m, nil
}

// remove takes a message away. One that is not there is no error.
func (c *chat) remove(ctx context.Context, ref string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.messages[ref]
	if !ok {
		return nil
	}
	return c.forget(ctx, m)
}

func (c *chat) forget(ctx context.Context, m message) error {
	if c.keeper != nil {
		if err := c.keeper.DropPlaygroundMessage(ctx, c.at.Board, c.at.ID, m.Channel, m.Ref); err != nil {
			return err
		}
	}
	delete(c.messages, m.Ref)
	delete(c.keys, m.Key)
	c.order[m.Channel] = slices.DeleteFunc(c.order[m.Channel], func(ref string) bool { return ref == m.Ref })
	c.show(eventGone, message{Ref: m.Ref, Channel: m.Channel, To: m.To})
	return nil
}

func (c *chat) show(name string, m message) {
	c.hub.publish(event{Name: name, Channel: m.Channel, To: m.To, Data: m})
}

// message is a copy of one message.
func (c *chat) message(ref string) (message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.messages[ref]
	return m, ok
}

// sent finds Heed's post by its key.
func (c *chat) sent(key string) (message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.messages[c.keys[key]]
	return m, ok
}

// sees tells whether an account sees a channel's message that is to somebody, or to
// everyone where to is "".
func (c *chat) sees(account, channel, to string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.allowed(account, channel, to)
}

func (c *chat) allowed(account, channel, to string) bool {
	if to != "" && to != account {
		return false
	}
	i := slices.IndexFunc(c.list, func(r room) bool { return r.Ref == channel })
	if i < 0 {
		return false
	}
	r := c.list[i]
	if r.Kind == bot.DirectChannel {
		return r.Account == account
	}
	return r.Audience == bot.Community || !c.guests[account]
}

// view is the rooms and messages that an account sees, and the last ref given out.
func (c *chat) view(account string) (rooms []room, messages []message, newest int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.list {
		if !c.allowed(account, r.Ref, "") {
			continue
		}
		rooms = append(rooms, r)
		for _, ref := range c.order[r.Ref] {
			if m := c.messages[ref]; c.allowed(account, r.Ref, m.To) {
				messages = append(messages, m)
			}
		}
	}
	return rooms, messages, c.next
}

// workspace is where the chat is attached.
func (c *chat) workspace() bot.Workspace {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func cloneReactions(rs []reaction) []reaction {
	out := make([]reaction, len(rs))
	for i, r := range rs {
		out[i] = reaction{r.Emoji, slices.Clone(r.By)}
	}
	return out
}
