package discord

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"heed/bot"
)

// Lanes of the queue: what happens to one message stays in order, and so does what
// happens to a guild.
func messageLane(channel, message string) string { return "m " + channel + " " + message }
func guildLane(guild string) string              { return "g " + guild }

// heard takes an event. It never blocks: what has to be kept goes into the queue, what a
// person waits for runs beside it.
// https://docs.discord.com/developers/events/gateway-events#receive-events
func (a *Adapter) heard(kind string, data json.RawMessage, at time.Time) {
	data = bot.LegibleJSON(data)
	switch kind {
	case "INTERACTION_CREATE":
		a.aside("interaction", func(ctx context.Context) { a.interaction(ctx, data) })
	case "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI":
		take(a, kind, data, func(r wireReacted) { a.reacted(kind, r, at) })
	case "MESSAGE_CREATE":
		take(a, kind, data, func(m wireMessage) { a.spoken(m, at) })
	case "MESSAGE_DELETE":
		take(a, kind, data, func(d wireDeleted) { a.deleted(d, at, d.ID) })
	case "MESSAGE_DELETE_BULK":
		take(a, kind, data, func(d wireDeleted) { a.deleted(d, at, d.IDs...) })
	case "GUILD_CREATE":
		take(a, kind, data, func(g wireGuild) { a.guildThere(g, at) })
	case "GUILD_UPDATE":
		take(a, kind, data, func(g wireGuild) { a.guildRenamed(g, at) })
	case "GUILD_DELETE":
		take(a, kind, data, func(g wireGuild) { a.guildLeft(g, at) })
	case "THREAD_CREATE":
		take(a, kind, data, func(t wireThread) { a.threadThere(t, at) })
	case "THREAD_UPDATE":
		take(a, kind, data, func(c wireChannel) { a.threadMoved(c, at) })
	case "THREAD_DELETE":
		take(a, kind, data, func(c wireChannel) { a.threadGone(c, at) })
	case "THREAD_LIST_SYNC":
		take(a, kind, data, func(s wireThreadSync) { a.threads.learn(s.Threads...) })
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE":
		take(a, kind, data, func(c wireChannel) { a.channelChanged(kind, c, at) })
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE":
		take(a, kind, data, func(r wireGuildRole) { a.permitted(r.GuildID, at) })
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE":
		take(a, kind, data, func(m wireGuildMember) { a.memberChanged(kind, m, at) })
	default:
		a.log.Debug("event not taken", "type", logType(kind))
	}
}

// take decodes an event for f.
func take[T any](a *Adapter, kind string, data json.RawMessage, f func(T)) {
	event, ok := lenient[T](data)
	if !ok {
		a.log.Warn("event not readable", "type", kind)
		return
	}
	f(event)
}

// signal has the core told something about a guild, in the order in which it was heard.
func (a *Adapter) signal(lane, guild string, at time.Time, do func(context.Context) error) {
	a.queue.put(lane, task{at: at, guild: guild, do: do})
}

// missed has a guild's reactions read back.
func (a *Adapter) missed(guild string, since time.Time) {
	a.signal(gapLane(guild), guild, since, func(ctx context.Context) error { return a.core.Gap(ctx, guildRef(guild), since) })
}

// remaining has the core told in which guilds of a shard Heed still is. Discord deals
// guilds out to shards by their ids.
// https://docs.discord.com/developers/events/gateway#sharding
func (a *Adapter) remaining(which bot.Shard, guilds []string, at time.Time) {
	a.signal("remaining", "", at, func(ctx context.Context) error {
		return a.core.Remaining(ctx, bot.Discord, guilds, func(ref string) bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			return shardOf(ref, which.Of) == which.Index && !a.listed[ref] // one may have come since
		})
	})
}

// begins takes note of which guilds a session names at its start.
func (a *Adapter) begins(which bot.Shard, guilds []string, since time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.since = since
	maps.DeleteFunc(a.listed, func(ref string, _ bool) bool { return shardOf(ref, which.Of) == which.Index })
	for _, ref := range guilds {
		a.listed[ref] = true
	}
}

func shardOf(guild string, of int) int {
	id, ok := snowflakeNumber(guild)
	if !ok || of < 1 {
		return 0
	}
	return int((id >> 22) % uint64(of))
}

// guildThere takes a GUILD_CREATE: a guild at the start of a session, after an outage, or
// that Heed was just invited to.
func (a *Adapter) guildThere(g wireGuild, at time.Time) {
	if g.ID == "" || g.Unavailable {
		return
	}
	a.messenger.knowGuild(g, a.self().user)
	a.threads.learn(g.Threads...)
	a.signal(guildLane(g.ID), g.ID, at, func(ctx context.Context) error { return a.attach(ctx, g.ID, g.Name) })
	a.kinds.told(a.options.Clock.Now(), g.ID, g.Channels...)
	a.registerIn(g.ID)
	a.mu.Lock()
	since, away := a.away[g.ID]
	if !away && !a.listed[g.ID] && !a.since.IsZero() { // not named at the start: what was missed of it is not noted yet
		since, away = a.since, true
	}
	a.listed[g.ID] = true
	delete(a.away, g.ID)
	a.mu.Unlock()
	if away { // behind the attaching: of one that was gone nothing is read
		a.signal(guildLane(g.ID), g.ID, since, func(ctx context.Context) error { return a.core.Gap(ctx, guildRef(g.ID), since) })
	}
	a.look(g.ID, at)
}

// attach makes a guild known to the core.
func (a *Adapter) attach(ctx context.Context, guild, name string) error {
	_, err := a.core.Attach(ctx, bot.Workspace{Ref: guildRef(guild), Name: name, BotAccount: a.self().user})
	if err == nil {
		a.mu.Lock()
		a.met[guild] = true
		a.mu.Unlock()
	}
	return err
}

// meet makes a guild known whose member acts before the guild itself was taken in: at
// the start of a session, or right after the invitation. What can't be kept now is told
// by the core.
func (a *Adapter) meet(ctx context.Context, guild string) {
	a.mu.Lock()
	met := a.met[guild]
	a.mu.Unlock()
	if met {
		return
	}
	if err := a.attach(ctx, guild, ""); err != nil {
		a.failed(ctx, "attach", err)
	}
}

func (a *Adapter) guildRenamed(g wireGuild, at time.Time) {
	a.messenger.forgetGuild(g.ID)
	a.signal(guildLane(g.ID), g.ID, at, func(ctx context.Context) error { return a.attach(ctx, g.ID, g.Name) })
	a.permitted(g.ID, at)
}

// guildLeft takes a GUILD_DELETE: an outage, or Heed was removed.
func (a *Adapter) guildLeft(g wireGuild, at time.Time) {
	if g.ID == "" {
		return
	}
	if g.Unavailable {
		a.log.Warn("guild in an outage", "guild", g.ID)
		a.mu.Lock()
		if _, known := a.away[g.ID]; !known {
			a.away[g.ID] = at
		}
		a.mu.Unlock()
		return
	}
	a.messenger.forgetGuild(g.ID)
	a.mu.Lock()
	delete(a.met, g.ID)
	if _, known := a.away[g.ID]; !known {
		a.away[g.ID] = at // what happens until Heed is let in again is read back then
	}
	a.mu.Unlock()
	a.signal(guildLane(g.ID), g.ID, at, func(ctx context.Context) error { return a.core.WorkspaceGone(ctx, guildRef(g.ID)) })
}

// channelChanged takes what happened to a channel.
func (a *Adapter) channelChanged(kind string, c wireChannel, at time.Time) {
	if c.ID == "" || c.GuildID == "" {
		return
	}
	change := bot.ChannelChange{Ref: c.ID}
	switch kind {
	case "CHANNEL_DELETE":
		change.State = "deleted"
	default:
		seen := channelSeen(c, c.GuildID)
		change.Name, change.Kind, change.Forum, change.State = seen.Name, seen.Kind, seen.Forum, "open"
		a.kinds.told(a.options.Clock.Now(), c.GuildID, c)
	}
	a.signal(guildLane(c.GuildID), c.GuildID, at, func(ctx context.Context) error {
		return a.core.ChannelChanged(ctx, guildRef(c.GuildID), change)
	})
	if kind == "CHANNEL_UPDATE" {
		a.permitted(c.GuildID, at)
	}
}

// permitted has the core look at its channels: what Heed may do may have changed. One
// look is enough for all changes that wait.
func (a *Adapter) permitted(guild string, at time.Time) {
	if guild == "" {
		return
	}
	a.messenger.forgetGuild(guild)
	a.look(guild, at)
}

// look has the core look at a guild's channels, beside what has to stay in order:
// it asks Discord.
func (a *Adapter) look(guild string, at time.Time) {
	if lane := guildLane(guild); !a.looks.has(lane) {
		a.looks.put(lane, task{at: at, guild: guild, do: func(ctx context.Context) error { return a.core.Permitted(ctx, guildRef(guild)) }})
	}
}

// memberChanged takes what happened to a member. Without the privileged intent only
// Heed's own changes come.
func (a *Adapter) memberChanged(kind string, m wireGuildMember, at time.Time) {
	if m.User.ID == "" || m.GuildID == "" {
		return
	}
	if m.User.ID == a.self().user {
		a.permitted(m.GuildID, at)
		return
	}
	a.signal(guildLane(m.GuildID), m.GuildID, at, func(ctx context.Context) error {
		seen := bot.MemberSeen{Account: m.User.ID, Gone: true, Complete: true}
		if kind != "GUILD_MEMBER_REMOVE" {
			guild, err := a.messenger.guild(ctx, m.GuildID)
			if err != nil {
				return err
			}
			seen = memberSeen(m.wireMember, guild.admin(m.wireMember))
		}
		return a.core.MemberChanged(ctx, guildRef(m.GuildID), seen)
	})
}

// deleted takes messages that are no more.
func (a *Adapter) deleted(d wireDeleted, at time.Time, ids ...string) {
	if d.GuildID == "" {
		return
	}
	channel := a.threads.channel(d.ChannelID)
	for _, id := range ids {
		if id == "" {
			continue
		}
		a.signal(messageLane(d.ChannelID, id), d.GuildID, at, func(ctx context.Context) error {
			return a.core.MessageGone(ctx, guildRef(d.GuildID), channel, id)
		})
	}
}
