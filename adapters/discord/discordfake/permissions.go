package discordfake

import "slices"

// Permissions is a set of Discord's permission bits.
// Source: https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
type Permissions uint64

// The bits that matter to a bot that posts, reads reactions and moderates.
const (
	KickMembers            Permissions = 1 << 1
	BanMembers             Permissions = 1 << 2
	Administrator          Permissions = 1 << 3
	ManageChannels         Permissions = 1 << 4
	ManageGuild            Permissions = 1 << 5
	AddReactions           Permissions = 1 << 6
	ViewAuditLog           Permissions = 1 << 7
	ViewChannel            Permissions = 1 << 10
	SendMessages           Permissions = 1 << 11
	ManageMessages         Permissions = 1 << 13
	EmbedLinks             Permissions = 1 << 14
	AttachFiles            Permissions = 1 << 15
	ReadMessageHistory     Permissions = 1 << 16
	MentionEveryone        Permissions = 1 << 17
	UseExternalEmojis      Permissions = 1 << 18
	ManageRoles            Permissions = 1 << 28
	ManageWebhooks         Permissions = 1 << 29
	UseApplicationCommands Permissions = 1 << 31
	ManageThreads          Permissions = 1 << 34
	CreatePublicThreads    Permissions = 1 << 35
	CreatePrivateThreads   Permissions = 1 << 36
	SendMessagesInThreads  Permissions = 1 << 38
	ModerateMembers        Permissions = 1 << 40
	PinMessages            Permissions = 1 << 51

	// All is every bit that the fake knows.
	All = KickMembers | BanMembers | Administrator | ManageChannels | ManageGuild | AddReactions | ViewAuditLog |
		ViewChannel | SendMessages | ManageMessages | EmbedLinks | AttachFiles | ReadMessageHistory | MentionEveryone |
		UseExternalEmojis | ManageRoles | ManageWebhooks | UseApplicationCommands | ManageThreads | CreatePublicThreads |
		CreatePrivateThreads | SendMessagesInThreads | ModerateMembers | PinMessages

	// EverybodysPermissions is what @everyone has in a new guild.
	EverybodysPermissions = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions |
		MentionEveryone | UseExternalEmojis | UseApplicationCommands | CreatePublicThreads | CreatePrivateThreads | SendMessagesInThreads

	// DefaultBotPermissions is what the bot's own role holds after [Server.AddGuild].
	DefaultBotPermissions = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions |
		UseExternalEmojis | CreatePublicThreads | SendMessagesInThreads | ManageThreads | PinMessages
)

// has says whether all of these bits are set; an administrator has all.
func (p Permissions) has(bits Permissions) bool {
	return p&Administrator != 0 || p&bits == bits
}

// Role is a role of a guild. Its id never changes; @everyone's is the guild's.
type Role struct {
	ID string

	guild       *Guild
	name        string
	permissions Permissions
	position    int
	managed     bool // the bot's own
}

func (r *Role) wire() object {
	out := object{
		"id": r.ID, "name": r.name, "color": 0, "colors": object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "icon": nil, "unicode_emoji": nil, "position": r.position, "permissions": text(r.permissions),
		"managed": r.managed, "mentionable": false, "flags": 0,
	}
	if r.managed {
		out["tags"] = object{"bot_id": r.guild.s.bot.ID}
	}
	return out
}

// overwrite is what a channel changes for a role or a member.
type overwrite struct {
	id          string
	member      bool
	allow, deny Permissions
}

func (o overwrite) wire() object {
	kind := 0
	if o.member {
		kind = 1
	}
	return object{"id": o.id, "type": kind, "allow": text(o.allow), "deny": text(o.deny)}
}

// base is what a person may do in the guild before any channel is looked at.
// Source: https://docs.discord.com/developers/topics/permissions#permission-overwrites
func (g *Guild) base(m *Member) Permissions {
	if g.owner == m.user {
		return All
	}
	bits := g.everyone.permissions
	for _, r := range m.roles {
		bits |= r.permissions
	}
	if bits&Administrator != 0 {
		return All
	}
	return bits
}

// permissions is what a person may do in the channel; nothing for who is not in the
// guild. A thread has its parent's. Called with mu held.
func (ch *Channel) permissions(u *User) Permissions {
	if ch.guild == nil {
		if slices.Contains(ch.recipients, u) || u == ch.s.bot {
			return ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions |
				UseExternalEmojis | UseApplicationCommands | PinMessages
		}
		return 0
	}
	m := ch.guild.members[u.ID]
	if m == nil {
		return 0
	}
	bits := ch.guild.base(m)
	if bits == All {
		return All
	}
	at := ch
	if ch.isThread() {
		at = ch.parent
	}
	if o := at.overwrite(ch.guild.ID); o != nil {
		bits = bits&^o.deny | o.allow
	}
	var allow, deny Permissions
	for _, r := range m.roles {
		if o := at.overwrite(r.ID); o != nil {
			allow, deny = allow|o.allow, deny|o.deny
		}
	}
	bits = bits&^deny | allow
	if o := at.overwrite(u.ID); o != nil {
		bits = bits&^o.deny | o.allow
	}
	if m.silentUntil.After(ch.s.Now()) {
		bits &= ViewChannel | ReadMessageHistory
	}
	if bits&ViewChannel == 0 {
		return 0
	}
	if ch.kind == PrivateThread && bits&ManageThreads == 0 && !slices.Contains(ch.threadMembers, u) {
		return 0
	}
	return bits
}

func (ch *Channel) overwrite(id string) *overwrite {
	for _, o := range ch.overwrites {
		if o.id == id {
			return o
		}
	}
	return nil
}

// sees says whether a person sees the channel. Called with mu held.
func (ch *Channel) sees(u *User) bool { return ch.permissions(u).has(ViewChannel) }
