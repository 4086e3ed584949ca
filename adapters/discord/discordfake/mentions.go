package discordfake

import (
	"regexp"
	"slices"
	"strings"
)

// notify works out whom the message mentions and so notifies. Called with mu held.
func (m *message) notify() {
	m.mentions, m.mentionRole = nil, nil
	byAnswer := m.cause != nil
	p := notified(object{"content": m.content, "components": m.components}, m.allowed, byAnswer)
	for _, id := range p.users {
		if u := m.channel.s.users[id]; u != nil {
			m.mentions = append(m.mentions, u)
		}
	}
	g := m.channel.guild
	if g != nil {
		m.mentionRole = p.roles
	}
	m.mentionAll = p.everyone && g != nil && m.channel.permissions(m.author).has(MentionEveryone)
	if m.reply != nil && !m.reply.gone && m.kind == typeReply && (m.allowed == nil || m.allowed["replied_user"] == true) && !slices.Contains(m.mentions, m.reply.author) {
		m.mentions = append(m.mentions, m.reply.author)
	}
}

// pings are whom the message notifies, as they stand on the wire.
func (m *message) pings() []string {
	var out []string
	if m.mentionAll {
		out = append(out, "@everyone")
	}
	for _, u := range m.mentions {
		out = append(out, "<@"+u.ID+">")
	}
	for _, id := range m.mentionRole {
		out = append(out, "<@&"+id+">")
	}
	return out
}

// Pings says whom the message notified: "@everyone" (here too), "<@1>", "<@&2>".
func (m Message) Pings() []string { return slices.Clone(m.pings) }

// typed turns what a person types into what is sent: "@rui", "#support" and "@Role"
// become mentions where such names exist. Called with mu held.
func (u *User) typed(ch *Channel, text string) string {
	if ch.guild == nil {
		return text
	}
	words := regexp.MustCompile(`[@#][\p{L}\p{N}_.-]+`)
	return words.ReplaceAllStringFunc(text, func(word string) string {
		name := strings.TrimRight(word[1:], ".-")
		tail := word[1+len(name):]
		if word[0] == '#' {
			for _, c := range ch.guild.channels {
				if c.name == name {
					return c.Mention() + tail
				}
			}
			return word
		}
		for _, m := range ch.guild.members {
			if m.user.name == name {
				return m.user.Mention() + tail
			}
		}
		for _, r := range ch.guild.roles {
			if r.name == name {
				return r.Mention() + tail
			}
		}
		return word
	})
}
