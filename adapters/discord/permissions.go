package discord

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// What Discord's refusals are called by number, where they mean something special.
const (
	unknownChannel = 10003
	unknownMember  = 10007
	unknownMessage = 10008
	unknownUser    = 10013
	unknownEmoji   = 10014
	noTextChannel  = 50008 // a forum holds posts and no messages
	wrongChannel   = 50024
)

// bits reads a permission set as Discord writes it: a number in a string. What is none
// permits nothing.
func bits(s string) int64 {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0
	}
	return int64(n)
}

// of is what a member may in the whole guild.
// https://docs.discord.com/developers/topics/permissions#permission-overwrites
func (g wireGuild) of(m wireMember) int64 {
	if m.User.ID != "" && m.User.ID == g.OwnerID {
		return everything
	}
	var may int64
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			may |= bits(r.Permissions)
		}
	}
	if may&discordgo.PermissionAdministrator != 0 {
		return everything
	}
	return may
}

// everything is all permissions, those that come one day too.
const everything = math.MaxInt64

// admin tells whether a member may manage the guild.
func (g wireGuild) admin(m wireMember) bool {
	return g.of(m)&(discordgo.PermissionAdministrator|discordgo.PermissionManageGuild) != 0
}

// in is what a member may in a channel: the guild's rights, then what the channel
// takes and grants everyone, then roles, then the member.
func (g wireGuild) in(ch wireChannel, m wireMember) int64 {
	may := g.of(m)
	if may&discordgo.PermissionAdministrator != 0 {
		return may
	}
	var allow, deny int64
	for _, o := range ch.Overwrites {
		switch {
		case o.Type == 0 && o.ID == g.ID:
			may = may&^bits(o.Deny) | bits(o.Allow)
		case o.Type == 0 && slices.Contains(m.Roles, o.ID):
			allow, deny = allow|bits(o.Allow), deny|bits(o.Deny)
		}
	}
	may = may&^deny | allow
	for _, o := range ch.Overwrites {
		if o.Type == 1 && o.ID == m.User.ID {
			may = may&^bits(o.Deny) | bits(o.Allow)
		}
	}
	return may
}

// hiddenFrom tells whether everyone of the guild is kept out of a channel.
func (c wireChannel) hiddenFrom(guild string) bool {
	for _, o := range c.Overwrites {
		if o.Type == 0 && o.ID == guild {
			return bits(o.Deny)&discordgo.PermissionViewChannel != 0
		}
	}
	return false
}

// neededIn is what Heed needs to use a channel at all.
func neededIn(ch wireChannel) int64 {
	if ch.isThread() || ch.Type == channelForum || ch.Type == channelMedia {
		return discordgo.PermissionViewChannel | discordgo.PermissionSendMessagesInThreads
	}
	return discordgo.PermissionViewChannel | discordgo.PermissionSendMessages
}

// guildRights are what decides rights in a guild, remembered for a short time: events
// drop it when they change.
type guildRights struct {
	guild wireGuild  // its roles and its owner
	me    wireMember // Heed in it; zero when not asked for yet
	until time.Time
}

// rightsFor is how long rights are believed when no event says otherwise.
const rightsFor = time.Minute

// maxGuilds bounds how many guilds' rights are remembered.
const maxGuilds = 1000

// guild is a guild with its roles and its owner.
func (m *Messenger) guild(ctx context.Context, id string) (wireGuild, error) {
	known, err := m.rights(ctx, id)
	return known.guild, err
}

func (m *Messenger) rights(ctx context.Context, id string) (guildRights, error) {
	m.mu.Lock()
	known, ok := m.guilds[id]
	m.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known, nil
	}
	g, err := get[wireGuild](ctx, m.rest, at(http.MethodGet, "guilds", id))
	if err != nil {
		return guildRights{}, err
	}
	g.Channels = nil
	known = guildRights{guild: g, until: time.Now().Add(rightsFor)}
	m.rememberRights(id, known)
	return known, nil
}

func (m *Messenger) rememberRights(id string, r guildRights) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.guilds) >= maxGuilds {
		clear(m.guilds)
	}
	m.guilds[id] = r
}

// knowGuild remembers rights that came with an event.
func (m *Messenger) knowGuild(g wireGuild, own string) {
	known := guildRights{guild: g, until: time.Now().Add(rightsFor)}
	for _, x := range g.Members {
		if x.User.ID == own && own != "" {
			known.me = x
		}
	}
	known.guild.Channels, known.guild.Threads, known.guild.Members = nil, nil, nil
	m.rememberRights(g.ID, known)
}

// forgetGuild has a guild's rights asked for anew.
func (m *Messenger) forgetGuild(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.guilds, id)
}

// mayHere is what Heed may in a channel; in a thread, what it may in the thread's
// channel.
func (m *Messenger) mayHere(ctx context.Context, guild string, ch wireChannel) (int64, error) {
	if ch.isThread() && ch.ParentID != "" {
		parent, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", ch.ParentID))
		if err != nil {
			return 0, err
		}
		ch = parent
	}
	known, err := m.rights(ctx, guild)
	if err != nil {
		return 0, err
	}
	if known.me.User.ID == "" {
		own, err := m.self(ctx)
		if err != nil {
			return 0, err
		}
		if known.me, err = get[wireMember](ctx, m.rest, at(http.MethodGet, "guilds", guild, "members", own.user)); err != nil {
			return 0, err
		}
		m.rememberRights(guild, known)
	}
	return known.guild.in(ch, known.me), nil
}

// self is Heed's own identity, asked for once.
func (m *Messenger) self(ctx context.Context) (identity, error) {
	m.mu.Lock()
	own := m.own
	m.mu.Unlock()
	if own.user != "" {
		return own, nil
	}
	me, err := get[wireUser](ctx, m.rest, at(http.MethodGet, "users", "@me"))
	if err != nil {
		return identity{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.own.user == "" {
		m.own.user = me.ID
	}
	return m.own, nil
}
