package discordfake

import (
	"slices"
	"sort"
	"strings"
)

// reaction is one emoji on a message, with who chose it in the order of their ids.
type reaction struct {
	emoji emoji
	users []*User // who reacted in the normal way
	burst []*User // whose reaction is a super reaction
}

// emoji is a unicode character, or a guild's own with its id.
type emoji struct{ id, name string }

func (e emoji) wire() object {
	out := object{"id": nil, "name": e.name}
	if e.id != "" {
		out["id"], out["animated"] = e.id, false
	}
	return out
}

// String is how a path or a person names it: "👍" or "party:123".
func (e emoji) String() string {
	if e.id == "" {
		return e.name
	}
	return e.name + ":" + e.id
}

// Reaction is a copy of one emoji on a message.
type Reaction struct {
	Emoji string   // "👍", or "party:123" for a guild's own
	Users []string // the accounts that chose it, the smallest id first
	Super []string // those whose reaction is a super reaction; one may stand in both
}

func (r *reaction) copy() Reaction {
	out := Reaction{Emoji: r.emoji.String()}
	for _, u := range r.users {
		out.Users = append(out.Users, u.ID)
	}
	for _, u := range r.burst {
		out.Super = append(out.Super, u.ID)
	}
	return out
}

func (m *message) wireReactions() []object {
	out := []object{}
	for _, r := range m.reactions {
		out = append(out, object{
			"emoji": r.emoji.wire(), "count": len(r.users) + len(r.burst), "count_details": object{"burst": len(r.burst), "normal": len(r.users)},
			"me": r.has(m.channel.s.bot), "me_burst": false, "burst_colors": []any{},
		})
	}
	return out
}

// who is who reacted, in the normal way or with a super reaction.
func (r *reaction) who(burst bool) *[]*User {
	if burst {
		return &r.burst
	}
	return &r.users
}

// at is where the account stands, or would stand, and whether it does.
func at(all []*User, u *User) (int, bool) {
	i := sort.Search(len(all), func(i int) bool { return !before(all[i].ID, u.ID) })
	return i, i < len(all) && all[i] == u
}

func (r *reaction) has(u *User) bool { _, there := at(r.users, u); return there }

func (m *message) reaction(e emoji) *reaction {
	for _, r := range m.reactions {
		if r.emoji == e || e.id != "" && r.emoji.id == e.id {
			return r
		}
	}
	return nil
}

// react adds u's reaction; false when it stood already. Called with mu held.
func (m *message) react(u *User, e emoji, burst bool) bool {
	r := m.reaction(e)
	if r == nil {
		r = &reaction{emoji: e}
		m.reactions = append(m.reactions, r)
	}
	all := r.who(burst)
	i, there := at(*all, u)
	if there {
		return false
	}
	*all = slices.Insert(*all, i, u)
	m.reacted("MESSAGE_REACTION_ADD", u, r.emoji, burst)
	return true
}

// unreact takes u's reaction back; false when there was none. Called with mu held.
func (m *message) unreact(u *User, e emoji, burst bool) bool {
	r := m.reaction(e)
	if r == nil {
		return false
	}
	all := r.who(burst)
	i, there := at(*all, u)
	if !there {
		return false
	}
	*all = slices.Delete(*all, i, i+1)
	m.tidy()
	m.reacted("MESSAGE_REACTION_REMOVE", u, r.emoji, burst)
	return true
}

// tidy takes away reactions that nobody chose any more.
func (m *message) tidy() {
	m.reactions = slices.DeleteFunc(m.reactions, func(r *reaction) bool { return len(r.users)+len(r.burst) == 0 })
}

// clear takes all reactions, or all of one emoji, away. Called with mu held.
func (m *message) clear(only *emoji) {
	name, data := "MESSAGE_REACTION_REMOVE_ALL", object{"channel_id": m.channel.ID, "message_id": m.id}
	if m.channel.guild != nil {
		data["guild_id"] = m.channel.guild.ID
	}
	if only == nil {
		m.reactions = nil
	} else {
		name, data["emoji"] = "MESSAGE_REACTION_REMOVE_EMOJI", only.wire()
		if r := m.reaction(*only); r != nil {
			r.users, r.burst = nil, nil
			m.tidy()
		}
	}
	m.channel.s.dispatch(event{
		name: name, guild: m.channel.guild, channel: m.channel,
		intents: IntentGuildMessageReactions, direct: IntentDirectMessageReactions, data: func() object { return data },
	})
}

// reacted raises a reaction event.
// Source: https://docs.discord.com/developers/events/gateway-events#message-reaction-add
func (m *message) reacted(name string, u *User, e emoji, burst bool) {
	kind := 0
	if burst {
		kind = 1
	}
	m.channel.s.dispatch(event{
		name: name, guild: m.channel.guild, channel: m.channel,
		intents: IntentGuildMessageReactions, direct: IntentDirectMessageReactions,
		data: func() object {
			out := object{"user_id": u.ID, "channel_id": m.channel.ID, "message_id": m.id, "emoji": e.wire(), "burst": burst, "type": kind}
			if g := m.channel.guild; g != nil {
				out["guild_id"] = g.ID
				if member := g.members[u.ID]; member != nil && name == "MESSAGE_REACTION_ADD" {
					out["member"] = member.wire()
				}
			}
			if name == "MESSAGE_REACTION_ADD" {
				out["message_author_id"] = m.author.ID
			}
			return out
		},
	})
}

// emojiOf reads how a person or a path names an emoji: "👍", "party:123",
// "<:party:123>", or ":party:" of the guild. false when it is none that can be used
// here.
func (s *Server) emojiOf(name string, g *Guild) (emoji, bool) {
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "<a:"), "<:"), ">")
	bare := strings.Trim(name, ":")
	if label, id, ok := strings.Cut(bare, ":"); ok {
		for _, g := range s.guilds {
			for _, e := range g.emojis {
				if e.ID == id {
					return emoji{id: id, name: e.Name}, true
				}
			}
		}
		return emoji{id: id, name: label}, false
	}
	if g != nil {
		for _, e := range g.emojis {
			if e.Name == bare {
				return emoji{id: e.ID, name: e.Name}, true
			}
		}
	}
	return emoji{name: name}, isUnicodeEmoji(name)
}

// isUnicodeEmoji says whether the text is pictures and what joins them, no letters.
func isUnicodeEmoji(name string) bool {
	keycap := strings.HasSuffix(name, "\u20e3")
	for _, r := range name {
		if r < 0x80 && !(keycap && strings.ContainsRune("0123456789#*", r)) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}
