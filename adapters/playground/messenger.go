package playground

import (
	"context"
	"slices"
	"strings"
	"time"

	"heed/bot"
)

// Post sends c; see bot.Messenger. The key is kept with the message, so a repeat
// returns the first one.
func (a *Adapter) Post(ctx context.Context, to bot.Destination, key string, c bot.Content) (bot.Sent, error) {
	r, err := a.destination(to)
	if err != nil {
		return bot.Sent{}, err
	}
	if to.Thread != "" {
		if parent, ok := a.chat.message(to.Thread); !ok || parent.Channel != r.Ref {
			return bot.Sent{}, gone("thread_not_found")
		}
	}
	d, err := renderContent(c)
	if err != nil {
		return bot.Sent{}, err
	}
	m, err := a.chat.add(ctx, message{Channel: r.Ref, Thread: to.Thread, Author: heedAccount, At: a.times.now(), Doc: &d, Key: key})
	if err != nil {
		return bot.Sent{}, fault(err)
	}
	a.guideSaw(func(g *guide) bool { return g.posted(c, r) })
	return a.sentAs(m), nil
}

// Update makes a message show c; see bot.Messenger.
func (a *Adapter) Update(ctx context.Context, to bot.Destination, ref string, c bot.Content) error {
	d, err := renderContent(c)
	if err != nil {
		return err
	}
	if m, ok := a.chat.message(ref); !ok || m.Channel != a.ref(to) {
		return gone("message_not_found")
	}
	_, err = a.chat.change(ctx, ref, func(m *message) error {
		if m.Author != heedAccount {
			return forbidden("not_own_message")
		}
		m.Doc = &d
		return nil
	})
	return fault(err)
}

// Delete removes a message of Heed's; see bot.Messenger.
func (a *Adapter) Delete(ctx context.Context, to bot.Destination, ref string) error {
	m, ok := a.chat.message(ref)
	if !ok || m.Channel != a.ref(to) {
		return nil
	}
	if m.Author != heedAccount {
		return forbidden("not_own_message")
	}
	return fault(a.chat.remove(ctx, ref))
}

// Mark puts Heed's own reaction on a message; see bot.Messenger.
func (a *Adapter) Mark(ctx context.Context, to bot.Destination, ref, emoji string) error {
	r, err := a.destination(to)
	if err != nil {
		return err
	}
	if m, ok := a.chat.message(ref); !ok || m.Channel != r.Ref {
		return gone("message_not_found")
	}
	if _, ok := emojiChar(emoji); !ok {
		return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "unknown_emoji"}
	}
	_, err = a.chat.react(ctx, ref, heedAccount, emoji, true)
	return fault(err)
}

// Member tells who an account is; see bot.Messenger.
func (a *Adapter) Member(_ context.Context, _ bot.Workspace, account string) (bot.MemberSeen, error) {
	if account == heedAccount {
		return bot.MemberSeen{Account: heedAccount, Name: "Heed", Bot: true, Complete: true}, nil
	}
	p, ok := a.person(account)
	if !ok {
		return bot.MemberSeen{}, gone("user_not_found")
	}
	return p.seen(), nil
}

// Channel tells what a channel is; see bot.Messenger.
func (a *Adapter) Channel(_ context.Context, _ bot.Workspace, ref string) (bot.ChannelSeen, error) {
	r, ok := a.chat.room(ref)
	if !ok {
		return bot.ChannelSeen{}, gone("channel_not_found")
	}
	return r.seen(), nil
}

// Join makes Heed a member of a public channel; see bot.Messenger.
func (a *Adapter) Join(ctx context.Context, _ bot.Workspace, ref string) error {
	r, ok := a.chat.room(ref)
	switch {
	case !ok:
		return gone("channel_not_found")
	case r.Kind == bot.PrivateChannel:
		return forbidden("is_private")
	case r.Joined:
		return nil
	}
	r.Joined = true
	return fault(a.chat.saveRoom(ctx, r))
}

// Reactions reads who reacted to a message, Heed itself left out; see bot.Messenger.
func (a *Adapter) Reactions(_ context.Context, _ bot.Workspace, channel, ref string) ([]bot.Reacted, error) {
	m, ok := a.chat.message(ref)
	if !ok || m.Channel != channel {
		return nil, gone("message_not_found")
	}
	return m.reacted(), nil
}

func (m message) reacted() []bot.Reacted {
	var out []bot.Reacted
	for _, r := range m.Reactions {
		for _, account := range r.By {
			if account != heedAccount {
				out = append(out, bot.Reacted{Account: account, Emoji: r.Emoji})
			}
		}
	}
	return out
}

// Permalink is a message's address in the page; see bot.Messenger.
func (a *Adapter) Permalink(_ context.Context, _ bot.Workspace, channel, ref string) (string, error) {
	m, ok := a.chat.message(ref)
	if !ok || m.Channel != channel {
		return "", gone("message_not_found")
	}
	return a.permalink(m), nil
}

func (a *Adapter) permalink(m message) string {
	return a.options.URL + "/#" + m.Channel + "/" + m.Ref
}

// Find returns the message that was sent under key; see bot.Finder.
func (a *Adapter) Find(_ context.Context, to bot.Destination, key string, since time.Time) (bot.Sent, bool, error) {
	m, ok := a.chat.sent(key)
	if !ok || m.Channel != a.ref(to) || m.At.Before(since) {
		return bot.Sent{}, false, nil
	}
	return a.sentAs(m), true, nil
}

// MakeChannel makes a public channel that Heed is in, or returns the one of that name;
// see bot.ChannelMaker.
func (a *Adapter) MakeChannel(ctx context.Context, _ bot.Workspace, name string) (bot.ChannelSeen, error) {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "#"))
	if name == "" || len(name) > 60 || strings.ContainsFunc(name, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')
	}) {
		return bot.ChannelSeen{}, forbidden("invalid_name")
	}
	if r, ok := a.chat.roomNamed(name); ok {
		return r.seen(), nil
	}
	r := room{Ref: name, Name: name, Kind: bot.PublicChannel, Audience: bot.Team, Joined: true}
	if err := a.chat.saveRoom(ctx, r); err != nil {
		return bot.ChannelSeen{}, fault(err)
	}
	return r.seen(), nil
}

// Pace is none: the chat is in this process. See bot.Pacer.
func (a *Adapter) Pace() bot.Pace { return bot.Pace{Burst: 100} }

// ref is the room that a destination names.
func (a *Adapter) ref(to bot.Destination) string {
	if to.Channel == "" {
		return "dm-" + to.Account
	}
	return to.Channel
}

// destination finds the room that Heed may write to.
func (a *Adapter) destination(to bot.Destination) (room, error) {
	r, ok := a.chat.room(a.ref(to))
	if !ok {
		return room{}, gone("channel_not_found")
	}
	if !r.Joined {
		return room{}, forbidden("not_in_channel")
	}
	return r, nil
}

func (a *Adapter) sentAs(m message) bot.Sent {
	return bot.Sent{Channel: m.Channel, Message: m.Ref, Permalink: a.permalink(m)}
}

func (r room) seen() bot.ChannelSeen {
	joined := r.Joined
	return bot.ChannelSeen{Ref: r.Ref, Name: r.Name, Kind: r.Kind, Joined: &joined}
}

// react puts an account's emoji on a message or takes it off. What is so already is
// no change.
func (c *chat) react(ctx context.Context, ref, account, emoji string, on bool) (message, error) {
	if m, ok := c.message(ref); ok && m.reactedBy(account, emoji) == on {
		return m, nil
	}
	return c.change(ctx, ref, func(m *message) error {
		i := slices.IndexFunc(m.Reactions, func(r reaction) bool { return r.Emoji == emoji })
		switch {
		case on && i < 0:
			m.Reactions = append(m.Reactions, reaction{emoji, []string{account}})
		case on && !slices.Contains(m.Reactions[i].By, account):
			m.Reactions[i].By = append(m.Reactions[i].By, account)
		case !on && i >= 0:
			m.Reactions[i].By = slices.DeleteFunc(m.Reactions[i].By, func(a string) bool { return a == account })
			if len(m.Reactions[i].By) == 0 {
				m.Reactions = slices.Delete(m.Reactions, i, i+1)
			}
		}
		return nil
	})
}

func (m message) reactedBy(account, emoji string) bool {
	for _, r := range m.Reactions {
		if r.Emoji == emoji {
			return slices.Contains(r.By, account)
		}
	}
	return false
}
