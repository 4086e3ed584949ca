package discord

import (
	"context"
	"time"

	"heed/bot"
)

// burst marks a super reaction: a reaction of its own beside the normal one, and either
// is the same vote. The core tells exact emoji apart by what stands behind the colons.
const burst = "::burst"

// wireReacted is one reaction that came or went, or all of a message.
// https://docs.discord.com/developers/events/gateway-events#message-reaction-add
type wireReacted struct {
	UserID    string      `json:"user_id"`
	ChannelID string      `json:"channel_id"`
	MessageID string      `json:"message_id"`
	GuildID   string      `json:"guild_id"`
	Emoji     wireEmoji   `json:"emoji"`
	Burst     bool        `json:"burst"`
	Type      int         `json:"type"`
	Member    *wireMember `json:"member"`
}

// exact is the emoji as the core tells it apart.
func (r wireReacted) exact() string {
	name := r.Emoji.coreName()
	if name != "" && (r.Burst || r.Type == 1) {
		name += burst
	}
	return name
}

// reacted takes a reaction. Heed's own and those in direct conversations are no votes.
func (a *Adapter) reacted(kind string, r wireReacted, at time.Time) {
	if r.GuildID == "" || r.ChannelID == "" || r.MessageID == "" {
		return
	}
	lane, channel := messageLane(r.ChannelID, r.MessageID), a.threads.channel(r.ChannelID)
	switch kind {
	case "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI":
		var emoji []string
		if kind == "MESSAGE_REACTION_REMOVE_EMOJI" {
			name := r.Emoji.coreName()
			if name == "" {
				return
			}
			emoji = []string{name, name + burst}
		}
		a.signal(lane, r.GuildID, at, func(ctx context.Context) error {
			return a.core.Cleared(ctx, guildRef(r.GuildID), channel, r.MessageID, emoji, at)
		})
		return
	}
	name := r.exact()
	if r.UserID == "" || name == "" || r.UserID == a.self().user || r.Member != nil && r.Member.User.Bot {
		return
	}
	act := bot.Support
	if kind == "MESSAGE_REACTION_REMOVE" {
		act = bot.Retract
	}
	a.queue.put(lane, task{at: at, guild: r.GuildID, ballot: bot.Ballot{
		Workspace: guildRef(r.GuildID), Account: r.UserID, Channel: channel, Message: r.MessageID, Emoji: name, Act: act, At: at,
	}})
}
