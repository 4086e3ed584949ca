package discord

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// What Discord's refusals are called by number, where they mean something special.
const (
	unknownMember  = 10007
	unknownMessage = 10008
	unknownUser    = 10013
)

// bits reads a permission set as Discord writes it: a number in a string.
func bits(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// of is what a member may in the whole guild.
// https://docs.discord.com/developers/topics/permissions#permission-overwrites
func (g wireGuild) of(m wireMember) int64 {
	if m.User.ID != "" && m.User.ID == g.OwnerID {
		return discordgo.PermissionAll
	}
	var may int64
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			may |= bits(r.Permissions)
		}
	}
	if may&discordgo.PermissionAdministrator != 0 {
		return discordgo.PermissionAll
	}
	return may
}

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
	g, err := m.guild(ctx, guild)
	if err != nil {
		return 0, err
	}
	own, err := m.self(ctx)
	if err != nil {
		return 0, err
	}
	me, err := get[wireMember](ctx, m.rest, at(http.MethodGet, "guilds", guild, "members", own.user))
	if err != nil {
		return 0, err
	}
	return g.in(ch, me), nil
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
