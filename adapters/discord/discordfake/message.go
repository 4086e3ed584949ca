package discordfake

import (
	"encoding/json"
	"slices"
	"time"
)

// Message flags, beside those that a request may set. Source: https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	flagHasThread = 1 << 5
	flagLoading   = 1 << 7
	flagSilent    = 1 << 12
)

// Message types. Source: https://docs.discord.com/developers/resources/message#message-object-message-types
const (
	typeDefault       = 0
	typePinned        = 6
	typeThreadCreated = 18
	typeReply         = 19
	typeCommand       = 20
	typeThreadStarter = 21
	typeContextMenu   = 23
)

// message is what stands in a channel, or what one person sees there.
type message struct {
	channel     *Channel
	id          string
	kind        int
	author      *User
	byApp       bool // the app under test wrote it
	content     string
	embeds      []any
	components  []any
	attachments []*attachment
	flags       int
	at, edited  time.Time
	reactions   []*reaction
	reply       *message // what it answers
	replyTo     string   // its id, also when it is gone
	nonce       any
	mentions    []*User
	mentionAll  bool
	mentionRole []string
	allowed     object // allowed_mentions; nil when none were given
	pinned      bool
	pinnedAt    time.Time
	thread      *Channel
	cause       object // interaction_metadata
	onlyFor     *User  // an ephemeral
	gone        bool   // deleted, or an ephemeral that was dismissed
}

// Message is a copy of a message as it stands now.
type Message struct {
	ID          string
	Channel     *Channel
	ChannelID   string
	GuildID     string // "" in a direct message
	AuthorID    string
	ByApp       bool // posted by the app under test
	Type        int
	Content     string
	Embeds      []map[string]any
	Components  []map[string]any
	Attachments []Attachment
	Reactions   []Reaction
	Flags       int
	At, Edited  time.Time // Edited is the zero time until it was
	ReplyTo     string    // the id of the message it answers
	Pinned      bool
	Ephemeral   bool
	Loading     bool // "is thinking…"
	Nonce       string
	ThreadID    string // of the thread that began at it

	pings []string
	text  string
	s     *Server
}

func (m *message) copy() Message {
	out := Message{
		ID: m.id, Channel: m.channel, ChannelID: m.channel.ID, AuthorID: m.author.ID, ByApp: m.byApp, Type: m.kind, Content: m.content,
		Flags: m.flags, At: m.at, Edited: m.edited, ReplyTo: m.replyTo, Pinned: m.pinned, Ephemeral: m.onlyFor != nil,
		Loading: m.flags&flagLoading != 0, pings: m.pings(), s: m.channel.s,
	}
	if m.channel.guild != nil {
		out.GuildID = m.channel.guild.ID
	}
	if m.nonce != nil {
		out.Nonce = plain(m.nonce)
	}
	if m.thread != nil {
		out.ThreadID = m.thread.ID
	}
	clone(m.embeds, &out.Embeds)
	clone(m.components, &out.Components)
	for _, a := range m.attachments {
		out.Attachments = append(out.Attachments, a.copy())
	}
	for _, r := range m.reactions {
		out.Reactions = append(out.Reactions, r.copy())
	}
	out.text = renderMessage(m.wire(false), m.channel.names())
	if out.Loading {
		out.text = "is thinking…"
	}
	return out
}

// String is the message as a person sees it: one thing a line, a button as [Vote], one
// that can't be pressed as (Vote).
func (m Message) String() string { return m.text }

// names is how mentions are shown in the channel.
func (ch *Channel) names() names {
	return func(kind byte, id string) string {
		switch kind {
		case '@':
			if u := ch.s.users[id]; u != nil {
				return ch.nameOf(u)
			}
		case '#':
			if c := ch.s.channels[id]; c != nil {
				return c.name
			}
		case '&':
			if ch.guild != nil {
				for _, r := range ch.guild.roles {
					if r.ID == id {
						return r.name
					}
				}
			}
		}
		return ""
	}
}

// nameOf is what the person is called there.
func (ch *Channel) nameOf(u *User) string {
	if ch.guild != nil {
		if m := ch.guild.members[u.ID]; m != nil && m.nick != "" {
			return m.nick
		}
	}
	return orDefault(u.globalName, u.name)
}

// clone copies a JSON value into another of fitting type.
func clone(from, to any) {
	raw, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		panic("discordfake: " + err.Error()) // both sides are this package's
	}
}

// wire is the message object as the app reads it. hidden leaves out what people wrote,
// for an app without the message content intent.
// Source: https://docs.discord.com/developers/resources/message#message-object
func (m *message) wire(hidden bool) object {
	mentions := []object{}
	for _, u := range m.mentions {
		mentions = append(mentions, u.wire())
	}
	out := object{
		"id": m.id, "channel_id": m.channel.ID, "type": m.kind, "author": m.author.wire(), "content": m.content,
		"timestamp": timestamp(m.at), "edited_timestamp": nil, "tts": false, "mention_everyone": m.mentionAll, "mentions": mentions,
		"mention_roles": orEmpty(m.mentionRole), "attachments": []any{}, "embeds": []any{}, "components": []any{},
		"pinned": m.pinned, "flags": m.flags,
	}
	if !m.edited.IsZero() {
		out["edited_timestamp"] = timestamp(m.edited)
	}
	if hidden {
		out["content"] = ""
	} else {
		files := []any{}
		for _, a := range m.attachments {
			files = append(files, a.wire(m.channel.s))
		}
		out["attachments"], out["embeds"], out["components"] = files, orEmpty(m.embeds), orEmpty(m.components)
	}
	if len(m.reactions) > 0 {
		out["reactions"] = m.wireReactions()
	}
	if m.byApp {
		out["application_id"] = m.channel.s.appID
	}
	if m.cause != nil {
		out["interaction_metadata"] = m.cause
	}
	if m.replyTo != "" {
		reference := object{"type": 0, "channel_id": m.channel.ID, "message_id": m.replyTo}
		if m.channel.guild != nil {
			reference["guild_id"] = m.channel.guild.ID
		}
		out["message_reference"], out["referenced_message"] = reference, nil
		if m.reply != nil && !m.reply.gone {
			out["referenced_message"] = m.reply.short(hidden)
		}
	}
	if m.thread != nil {
		out["thread"] = m.thread.wire()
	}
	return out
}

// short is the message without what it answers.
func (m *message) short(hidden bool) object {
	answered := *m
	answered.reply, answered.replyTo = nil, ""
	return answered.wire(hidden && !m.open())
}

// open says whether the app reads the message without the message content intent: its
// own, in a direct message, or where it is mentioned.
// Source: https://docs.discord.com/developers/events/gateway#message-content-intent
func (m *message) open() bool {
	return m.byApp || m.channel.guild == nil || slices.Contains(m.mentions, m.channel.s.bot)
}

// system says whether Discord wrote it, as when somebody pins.
func (m *message) system() bool {
	return m.kind == typePinned || m.kind == typeThreadCreated || m.kind == typeThreadStarter
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// find returns a message of the channel, nil when it is not there. Called with mu held.
func (ch *Channel) find(id string) *message { return ch.byID[id] }

// post puts the message into the channel and raises MESSAGE_CREATE. Called with mu
// held.
func (ch *Channel) post(m *message) {
	m.channel = ch
	if m.id == "" {
		m.id = ch.s.nextID()
	}
	m.at = ch.s.Now()
	if ch.byID == nil {
		ch.byID = map[string]*message{}
	}
	ch.messages = append(ch.messages, m)
	ch.byID[m.id] = m
	if ch.isThread() {
		ch.sent++
		if ch.archived && !ch.locked {
			ch.setArchived(false)
		}
		ch.enter(m.author)
	}
	ch.s.dispatch(event{name: "MESSAGE_CREATE", guild: ch.guild, channel: ch, intents: IntentGuildMessages, direct: IntentDirectMessages, message: m})
}

// changed raises MESSAGE_UPDATE. Called with mu held.
func (m *message) changed() {
	m.channel.s.dispatch(event{
		name: "MESSAGE_UPDATE", guild: m.channel.guild, channel: m.channel,
		intents: IntentGuildMessages, direct: IntentDirectMessages, message: m,
	})
}

// drop deletes messages and raises the event. Called with mu held.
func (ch *Channel) drop(all ...*message) {
	ids := []string{}
	for _, m := range all {
		m.gone = true
		delete(ch.byID, m.id)
		ids = append(ids, m.id)
	}
	ch.messages = slices.DeleteFunc(ch.messages, func(m *message) bool { return m.gone })
	e := event{name: "MESSAGE_DELETE", guild: ch.guild, channel: ch, intents: IntentGuildMessages, direct: IntentDirectMessages}
	data := object{"channel_id": ch.ID}
	if ch.guild != nil {
		data["guild_id"] = ch.guild.ID
	}
	if len(ids) == 1 {
		data["id"] = ids[0]
	} else {
		e.name, data["ids"] = "MESSAGE_DELETE_BULK", ids
	}
	e.data = func() object { return data }
	ch.s.dispatch(e)
}
