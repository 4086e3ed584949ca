package discordfake

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Guild is a Discord server. Its id never changes.
type Guild struct {
	ID string

	s          *Server
	name       string
	owner      *User
	everyone   *Role
	botRole    *Role
	roles      []*Role
	members    map[string]*Member
	channels   []*Channel // without threads
	threads    []*Channel // archived ones too
	emojis     []*Emoji
	commands   commandSet
	joinedAt   time.Time // the bot's; zero while it is not in it
	outage     bool
	maxThreads int // 0: Discord's own
}

// Emoji is a guild's own.
type Emoji struct {
	ID, Name string
	Animated bool
}

// AddGuild makes a guild with this name and adds the bot to it with
// [DefaultBotPermissions]. Its owner is an account of its own, [Guild.Owner].
// A connected bot hears GUILD_CREATE.
func (s *Server) AddGuild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Guild{ID: s.nextID(), s: s, name: name, members: map[string]*Member{}}
	g.everyone = &Role{ID: g.ID, guild: g, name: "@everyone", permissions: EverybodysPermissions}
	g.roles = []*Role{g.everyone}
	g.commands.scope = g.ID
	g.owner = s.addUser(name + "-owner")
	g.join(g.owner, s.Now().AddDate(-1, 0, 0))
	s.guilds = append(s.guilds, g)
	g.invite(DefaultBotPermissions)
	return g
}

// invite adds the bot. Called with mu held.
func (g *Guild) invite(bits Permissions) {
	if g.botIn() {
		return
	}
	if g.botRole == nil {
		g.botRole = g.addRole("Heed", bits)
		g.botRole.managed = true
	}
	g.botRole.permissions = bits
	m := g.join(g.s.bot, g.s.Now())
	m.roles = []*Role{g.botRole}
	g.joinedAt = g.s.Now()
	g.s.dispatch(event{name: "GUILD_CREATE", guild: g, intents: IntentGuilds, data: g.create})
}

// botIn says whether the bot is in the guild. Called with mu held.
func (g *Guild) botIn() bool { return g.members[g.s.bot.ID] != nil }

// InviteBot adds the bot again after [Guild.KickBot], with these permissions,
// [DefaultBotPermissions] when none are given.
func (g *Guild) InviteBot(bits ...Permissions) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	all := DefaultBotPermissions
	for i, b := range bits {
		if i == 0 {
			all = 0
		}
		all |= b
	}
	g.invite(all)
}

// KickBot removes the bot: it hears GUILD_DELETE and reaches nothing there any more.
func (g *Guild) KickBot() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !g.botIn() {
		return
	}
	g.s.dispatch(event{name: "GUILD_DELETE", guild: g, intents: IntentGuilds, data: func() object { return object{"id": g.ID} }})
	g.leave(g.s.bot)
	g.joinedAt = time.Time{}
}

// SetBotPermissions replaces what the bot's own role holds.
func (g *Guild) SetBotPermissions(bits ...Permissions) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.botRole.permissions = 0
	for _, b := range bits {
		g.botRole.permissions |= b
	}
	g.roleChanged("GUILD_ROLE_UPDATE", g.botRole)
}

// Outage takes the guild away as Discord's own failures do, or brings it back: the bot
// hears GUILD_DELETE with unavailable, then GUILD_CREATE.
func (g *Guild) Outage(away bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.outage == away || !g.botIn() {
		return
	}
	g.outage = away
	if away {
		g.s.dispatch(event{name: "GUILD_DELETE", guild: g, intents: IntentGuilds, data: func() object { return object{"id": g.ID, "unavailable": true} }})
		return
	}
	g.s.dispatch(event{name: "GUILD_CREATE", guild: g, intents: IntentGuilds, data: g.create})
}

// Name is the guild's name as people see it.
func (g *Guild) Name() string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.name
}

// Rename gives the guild another name; the bot hears GUILD_UPDATE.
func (g *Guild) Rename(name string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.name = name
	g.s.dispatch(event{name: "GUILD_UPDATE", guild: g, intents: IntentGuilds, data: g.wire})
}

// Owner is the account that owns the guild and may do everything.
func (g *Guild) Owner() *User { return g.owner }

// AddEmoji gives the guild an emoji of its own.
func (g *Guild) AddEmoji(name string) Emoji {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	e := &Emoji{ID: g.s.nextID(), Name: name}
	g.emojis = append(g.emojis, e)
	return *e
}

// wire is the guild object. Source: https://docs.discord.com/developers/resources/guild#guild-object
func (g *Guild) wire() object {
	return object{
		"id": g.ID, "name": g.name, "icon": nil, "description": nil, "splash": nil, "discovery_splash": nil, "features": []string{},
		"emojis": g.wireEmojis(), "stickers": []any{}, "banner": nil, "owner_id": g.owner.ID, "application_id": nil, "region": "deprecated",
		"afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil, "system_channel_flags": 0, "widget_enabled": false,
		"widget_channel_id": nil, "verification_level": 0, "roles": g.wireRoles(), "default_message_notifications": 0, "mfa_level": 0,
		"explicit_content_filter": 0, "max_presences": nil, "max_members": 500000, "vanity_url_code": nil, "premium_tier": 0,
		"premium_subscription_count": 0, "preferred_locale": "en-US", "rules_channel_id": nil, "public_updates_channel_id": nil,
		"safety_alerts_channel_id": nil, "nsfw_level": 0, "premium_progress_bar_enabled": false,
	}
}

func (g *Guild) wireEmojis() []object {
	out := []object{}
	for _, e := range g.emojis {
		out = append(out, object{
			"id": e.ID, "name": e.Name, "roles": []string{}, "require_colons": true, "managed": false, "animated": e.Animated, "available": true,
		})
	}
	return out
}

func (g *Guild) wireRoles() []object {
	out := []object{}
	for _, r := range g.roles {
		out = append(out, r.wire())
	}
	return out
}

// create is GUILD_CREATE's data: the guild, its channels, its active threads that the
// bot may see, and of its members only the bot.
// Source: https://docs.discord.com/developers/events/gateway-events#guild-create
func (g *Guild) create() object {
	out := g.wire()
	channels, threads := []object{}, []object{}
	for _, ch := range g.channels {
		channels = append(channels, ch.wire())
	}
	for _, ch := range g.threads {
		if !ch.archived && ch.sees(g.s.bot) {
			threads = append(threads, ch.wire())
		}
	}
	out["joined_at"], out["large"], out["unavailable"], out["member_count"] = timestamp(g.joinedAt), len(g.members) > 250, false, len(g.members)
	out["members"] = []object{g.members[g.s.bot.ID].wire()}
	out["channels"], out["threads"] = channels, threads
	for _, empty := range []string{"voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		out[empty] = []any{}
	}
	return out
}

// byID are the members in the order of their ids.
func (g *Guild) byID() []*Member {
	out := make([]*Member, 0, len(g.members))
	for _, m := range g.members {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *Member) int {
		return cmp.Or(cmp.Compare(len(a.user.ID), len(b.user.ID)), cmp.Compare(a.user.ID, b.user.ID))
	})
	return out
}

// text is a number as Discord writes permissions.
func text(p Permissions) string { return strconv.FormatUint(uint64(p), 10) }
