package discord

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"heed/bot"
)

// Messenger sends for Heed on Discord. It implements bot.Messenger, bot.Finder,
// bot.Pinner and bot.Pacer. Safe for concurrent use; nothing is retried.
type Messenger struct {
	rest  *rest
	clock bot.Clock

	mu     sync.Mutex
	own    identity
	direct map[string]string // account → the conversation with it
	guilds map[string]guildRights

	slow slow
}

// NewMessenger makes a Messenger. Of the options it uses APIURL, Token, HTTP, Clock
// and Log.
func NewMessenger(o Options) *Messenger {
	o = o.withDefaults()
	return &Messenger{rest: newREST(o), clock: o.Clock, direct: map[string]string{}, guilds: map[string]guildRights{}}
}

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Finder    = (*Messenger)(nil)
	_ bot.Attacher  = (*Messenger)(nil)
	_ bot.Pacer     = (*Messenger)(nil)
	_ bot.Pinner    = (*Messenger)(nil)

	_ bot.ThreadReader = (*Messenger)(nil)
)

func (m *Messenger) knowSelf(own identity) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own = own
}

// maxNonce is how long a nonce may be.
// https://docs.discord.com/developers/resources/message#create-message-jsonform-params
const maxNonce = 25

// Post sends c; see bot.Messenger. Discord returns the message that was sent under
// the same nonce in the last few minutes instead of sending another.
func (m *Messenger) Post(ctx context.Context, to bot.Destination, key string, c bot.Content) (bot.Sent, error) {
	return m.post(ctx, to, key, c, nil)
}

func (m *Messenger) post(ctx context.Context, to bot.Destination, key string, c bot.Content, p *bot.Picture) (bot.Sent, error) {
	channel, err := m.channelOf(ctx, to)
	if err != nil {
		return bot.Sent{}, err
	}
	body := drawContent(c, key)
	if key != "" && len(key) <= maxNonce {
		body.Nonce, body.EnforceNonce = key, true
	}
	if to.Forum && to.Thread == "" {
		return m.begin(ctx, to, body, c)
	}
	var sent wireMessage
	err = placed(to, channel, func(in, answering string) error {
		if answering != "" {
			body.Reference = &reference{Message: answering}
		}
		if p != nil {
			return m.rest.call(ctx, at(http.MethodPost, "channels", in, "messages"), withPicture(body, *p), &sent)
		}
		return m.rest.call(ctx, at(http.MethodPost, "channels", in, "messages"), body, &sent)
	})
	if to.Thread == "" && (refusedWith(err, noTextChannel) || refusedWith(err, wrongChannel)) {
		return m.begin(ctx, to, body, c)
	}
	if err != nil {
		return bot.Sent{}, m.forgetDirect(to, err)
	}
	return sentAs(to, channel, sent), nil
}

// placed does something where to's messages stand: in its thread, and where the message
// that it names began none, in the channel as an answer to that message. A thread
// that a message began has the message's id.
func placed(to bot.Destination, channel string, do func(in, answering string) error) error {
	if to.Thread == "" {
		return do(channel, "")
	}
	err := do(to.Thread, "")
	elsewhere := refusedWith(err, unknownChannel) || refusedWith(err, unknownMessage) // the thread may be younger than the answer
	if !elsewhere || to.Thread == channel {
		return err
	}
	other := do(channel, to.Thread)
	if refusedWith(other, noTextChannel) || refusedWith(other, wrongChannel) {
		return err // a forum has no messages of its own
	}
	return other
}

// sentAs is a message as the core keeps it: with the channel it was sent to, a thread
// being the channel's.
func sentAs(to bot.Destination, channel string, sent wireMessage) bot.Sent {
	return bot.Sent{Channel: channel, Message: sent.ID, Permalink: permalink(to.Workspace.Ref.Ref, to, cmp.Or(sent.ChannelID, to.Thread, channel), sent.ID)}
}

// Update makes a message show c. Discord lets messages older than an hour be edited only
// now and then: where it said so, the others of the channel are not tried meanwhile.
func (m *Messenger) Update(ctx context.Context, to bot.Destination, message string, c bot.Content) error {
	channel, err := m.channelOf(ctx, to)
	if err != nil {
		return err
	}
	return placed(to, channel, func(in, _ string) error {
		old := m.clock.Now().Sub(snowflakeTime(message)) >= oldMessage
		if wait := m.slow.wait(in); old && wait > 0 {
			return &bot.Fault{Kind: bot.FaultSlow, Reason: "old_message", RetryAfter: wait, Method: "edit"}
		}
		err := m.whileOpen(ctx, to, func() error {
			return m.rest.call(ctx, at(http.MethodPatch, "channels", in, "messages", message), drawEdit(c), nil)
		})
		if fault := bot.FaultOf(err); err != nil && fault.Kind == bot.FaultSlow {
			m.slow.keep(in, max(fault.RetryAfter, slowFor))
		}
		return err
	})
}

// Delete removes a message of Heed's own; one already gone is no error.
func (m *Messenger) Delete(ctx context.Context, to bot.Destination, message string) error {
	channel, err := m.channelOf(ctx, to)
	if err != nil {
		return err
	}
	if to.Thread == message { // a post of Heed's own goes as a whole, where Heed may
		err := m.rest.call(ctx, at(http.MethodDelete, "channels", message), nil, nil)
		if err == nil || bot.FaultOf(err).Kind != bot.FaultForbidden {
			return orGone(err)
		}
	}
	return orGone(placed(to, channel, func(in, _ string) error {
		return m.whileOpen(ctx, to, func() error {
			return m.rest.call(ctx, at(http.MethodDelete, "channels", in, "messages", message), nil, nil)
		})
	}))
}

// orGone is no error for what is gone already.
func orGone(err error) error {
	if refusedWith(err, unknownMessage) || refusedWith(err, unknownChannel) {
		return nil
	}
	return err
}

// Mark puts Heed's own reaction on a message; one already there is no error.
func (m *Messenger) Mark(ctx context.Context, to bot.Destination, message, emoji string) error {
	char, ok := nameChar(emoji)
	if !ok {
		var err error
		if char, err = m.guildEmoji(ctx, to.Workspace.Ref.Ref, emoji); err != nil {
			return err
		}
	}
	return placed(to, to.Channel, func(in, _ string) error {
		return m.rest.call(ctx, at(http.MethodPut, "channels", in, "messages", message, "reactions", char, "@me"), nil, nil)
	})
}

// Pin pins a message of Heed's own; one pinned already is no error. It takes the
// permission Pin Messages.
// https://docs.discord.com/developers/resources/message#pin-message
func (m *Messenger) Pin(ctx context.Context, to bot.Destination, message string) error {
	in := cmp.Or(to.Thread, to.Channel)
	err := m.rest.call(ctx, at(http.MethodPut, "channels", in, "messages", "pins", message), nil, nil)
	if reason := bot.FaultOf(err).Reason; reason == "http_404" || reason == "http_405" { // a Discord from before that route
		err = m.rest.call(ctx, at(http.MethodPut, "channels", in, "pins", message), nil, nil)
	}
	return err
}

// guildEmoji is a guild's own emoji as Discord takes it in a path.
func (m *Messenger) guildEmoji(ctx context.Context, guild, name string) (string, error) {
	all, err := get[[]wireEmoji](ctx, m.rest, at(http.MethodGet, "guilds", guild, "emojis"))
	if err != nil {
		return "", err
	}
	base := bot.BaseEmoji(name)
	for _, e := range all {
		if bot.BaseEmoji(e.coreName()) == base {
			return e.Name + ":" + e.ID, nil
		}
	}
	return "", &bot.Fault{Kind: bot.FaultForbidden, Reason: "emoji_not_here", Method: "reactions"}
}

// channelOf is where to goes; a direct conversation is opened first, and remembered.
func (m *Messenger) channelOf(ctx context.Context, to bot.Destination) (string, error) {
	if to.Channel != "" {
		return to.Channel, nil
	}
	m.mu.Lock()
	known := m.direct[to.Account]
	m.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var opened wireChannel
	body := struct {
		Recipient string `json:"recipient_id"`
	}{to.Account}
	if err := m.rest.call(ctx, at(http.MethodPost, "users", "@me", "channels"), body, &opened); err != nil {
		return "", err
	}
	m.rememberDirect(to.Account, opened.ID)
	return opened.ID, nil
}

// rememberDirect keeps where a direct conversation is.
func (m *Messenger) rememberDirect(account, channel string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.direct) >= maxDirect {
		clear(m.direct)
	}
	m.direct[account] = channel
}

// maxDirect bounds how many conversations are remembered.
const maxDirect = 10_000

// forgetDirect drops a conversation that is no more, so that the next try opens it.
func (m *Messenger) forgetDirect(to bot.Destination, err error) error {
	if to.Channel == "" && bot.FaultOf(err).Kind == bot.FaultGone {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.direct, to.Account)
	}
	return err
}

// reactionPage is how many people one call lists.
// https://docs.discord.com/developers/resources/message#get-reactions-query-string-params
const reactionPage = 100

// Reactions reads who reacted to a message, with normal and super reactions: either
// is the same vote, and the core tells them apart as it does skin tones. Bots have no vote.
func (m *Messenger) Reactions(ctx context.Context, _ bot.Workspace, channel, message string) ([]bot.Reacted, error) {
	msg, err := get[wireMessage](ctx, m.rest, at(http.MethodGet, "channels", channel, "messages", message))
	if err != nil {
		return nil, err
	}
	var out []bot.Reacted
	for _, r := range msg.Reactions {
		name := r.Emoji.coreName()
		if name == "" {
			continue
		}
		for kind, exact := range []string{name, name + burst} {
			if kind == 1 && (r.Details == nil || r.Details.Burst == 0) || r.Details != nil && kind == 0 && r.Details.Normal == 0 {
				continue
			}
			accounts, err := m.reacted(ctx, channel, message, r.Emoji, kind)
			if refusedWith(err, unknownEmoji) {
				continue // deleted since the message was read, and its reactions with it
			}
			if err != nil {
				return nil, err
			}
			for _, account := range accounts {
				out = append(out, bot.Reacted{Account: account, Emoji: exact})
			}
		}
	}
	return out, nil
}

// ReactionsIn is Reactions for a message in a thread.
func (m *Messenger) ReactionsIn(ctx context.Context, w bot.Workspace, channel, thread, message string) ([]bot.Reacted, error) {
	var out []bot.Reacted
	err := placed(bot.Destination{Channel: channel, Thread: thread}, channel, func(in, _ string) error {
		var err error
		out, err = m.Reactions(ctx, w, in, message)
		return err
	})
	return out, err
}

// reacted lists the people who reacted with one emoji, with normal reactions (0) or
// super reactions (1).
func (m *Messenger) reacted(ctx context.Context, channel, message string, e wireEmoji, kind int) ([]string, error) {
	in := e.Name
	if e.ID != "" {
		in = cmp.Or(e.Name, "emoji") + ":" + e.ID
	}
	var out []string
	for after := ""; ; {
		query := url.Values{"limit": {strconv.Itoa(reactionPage)}, "type": {strconv.Itoa(kind)}}
		if after != "" {
			query.Set("after", after)
		}
		page, err := get[[]wireUser](ctx, m.rest, at(http.MethodGet, "channels", channel, "messages", message, "reactions", in).with(query))
		if err != nil {
			return nil, err
		}
		for _, u := range page {
			if !u.Bot {
				out = append(out, u.ID)
			}
		}
		if len(page) < reactionPage || page[len(page)-1].ID == after {
			return out, nil
		}
		after = page[len(page)-1].ID
	}
}

// Permalink is a message's address.
func (m *Messenger) Permalink(_ context.Context, w bot.Workspace, channel, message string) (string, error) {
	return permalink(w.Ref.Ref, bot.Destination{Channel: channel}, channel, message), nil
}

// permalink is the address of a message; a direct conversation is in no guild.
func permalink(guild string, to bot.Destination, channel, message string) string {
	if channel == "" || message == "" {
		return ""
	}
	if to.Channel == "" {
		guild = "@me"
	}
	return "https://discord.com/channels/" + guild + "/" + channel + "/" + message
}
