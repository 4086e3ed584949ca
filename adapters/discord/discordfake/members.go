package discordfake

import (
	"slices"
	"time"
)

// AddUser makes an account with this name and has it in the guild for a month already.
// No event is raised.
func (g *Guild) AddUser(name string) *User {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	u := g.s.addUser(name)
	g.join(u, g.s.Now().AddDate(0, -1, 0))
	return u
}

// Join has an account join the guild now. An app with the privileged intent hears
// GUILD_MEMBER_ADD.
func (g *Guild) Join(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.members[u.ID] != nil {
		return
	}
	m := g.join(u, g.s.Now())
	g.memberChanged("GUILD_MEMBER_ADD", m)
}

func (g *Guild) join(u *User, at time.Time) *Member {
	m := &Member{user: u, guild: g, joined: at}
	g.members[u.ID] = m
	return m
}

// Leave has an account leave the guild, or be kicked; its reactions and messages stay.
func (g *Guild) Leave(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if m := g.members[u.ID]; m != nil && u != g.s.bot {
		g.memberChanged("GUILD_MEMBER_REMOVE", m)
		g.leave(u)
	}
}

func (g *Guild) leave(u *User) {
	delete(g.members, u.ID)
	for _, th := range g.threads {
		th.threadMembers = slices.DeleteFunc(th.threadMembers, func(x *User) bool { return x == u })
	}
}

// SetNick sets what the guild calls the person; "" takes it away.
func (g *Guild) SetNick(u *User, nick string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if m := g.members[u.ID]; m != nil {
		m.nick = nick
		g.memberChanged("GUILD_MEMBER_UPDATE", m)
	}
}

// Silence times a member out until then.
func (g *Guild) Silence(u *User, until time.Time) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if m := g.members[u.ID]; m != nil {
		m.silentUntil = until
		g.memberChanged("GUILD_MEMBER_UPDATE", m)
	}
}

// memberChanged raises a member event: to an app with the privileged intent, and the
// bot's own update to every app.
// Source: https://docs.discord.com/developers/events/gateway#list-of-intents
func (g *Guild) memberChanged(name string, m *Member) {
	e := event{name: name, guild: g, intents: IntentGuildMembers}
	if m.user == g.s.bot && name == "GUILD_MEMBER_UPDATE" {
		e.intents = 0
	}
	e.data = func() object {
		if name == "GUILD_MEMBER_REMOVE" {
			return object{"guild_id": g.ID, "user": m.user.wire()}
		}
		out := m.wire()
		out["guild_id"] = g.ID
		return out
	}
	g.s.dispatch(e)
}

// AddRole makes a role with these permissions.
func (g *Guild) AddRole(name string, bits ...Permissions) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	var all Permissions
	for _, b := range bits {
		all |= b
	}
	r := g.addRole(name, all)
	g.roleChanged("GUILD_ROLE_CREATE", r)
	return r
}

func (g *Guild) addRole(name string, bits Permissions) *Role {
	r := &Role{ID: g.s.nextID(), guild: g, name: name, permissions: bits, position: len(g.roles)}
	g.roles = append(g.roles, r)
	return r
}

// Everyone is the role that every member has.
func (g *Guild) Everyone() *Role { return g.everyone }

// SetPermissions replaces what the role holds.
func (r *Role) SetPermissions(bits ...Permissions) {
	s := r.guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.permissions = 0
	for _, b := range bits {
		r.permissions |= b
	}
	r.guild.roleChanged("GUILD_ROLE_UPDATE", r)
}

// Mention is how a message names the role.
func (r *Role) Mention() string { return "<@&" + r.ID + ">" }

// Give gives a member the role.
func (r *Role) Give(u *User) { r.change(u, true) }

// Take takes the role from a member.
func (r *Role) Take(u *User) { r.change(u, false) }

func (r *Role) change(u *User, give bool) {
	s := r.guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := r.guild.members[u.ID]
	if m == nil {
		return
	}
	m.roles = slices.DeleteFunc(m.roles, func(x *Role) bool { return x == r })
	if give {
		m.roles = append(m.roles, r)
	}
	r.guild.memberChanged("GUILD_MEMBER_UPDATE", m)
}

// Delete deletes the role.
func (r *Role) Delete() {
	g := r.guild
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.roles = slices.DeleteFunc(g.roles, func(x *Role) bool { return x == r })
	for _, m := range g.members {
		m.roles = slices.DeleteFunc(m.roles, func(x *Role) bool { return x == r })
	}
	g.roleChanged("GUILD_ROLE_DELETE", r)
}

func (g *Guild) roleChanged(name string, r *Role) {
	g.s.dispatch(event{name: name, guild: g, intents: IntentGuilds, data: func() object {
		if name == "GUILD_ROLE_DELETE" {
			return object{"guild_id": g.ID, "role_id": r.ID}
		}
		return object{"guild_id": g.ID, "role": r.wire()}
	}})
}
