package discordfake

import "time"

// User is an account, and what the person behind it does in the chat: see [User.Say],
// [User.Slash], [User.Press], [User.React]. It may be in several guilds. Its id never
// changes.
type User struct {
	ID string

	s          *Server
	name       string
	globalName string
	isBot      bool
	dm         *Channel
	closed     bool // takes no direct messages
	locale     string
	ephemerals []*message // only this person sees them
	modal      *modal     // the open one
}

// Member is an account in a guild. Guarded by Server.mu.
type Member struct {
	user        *User
	guild       *Guild
	nick        string
	roles       []*Role
	joined      time.Time
	silentUntil time.Time
}

// AddUser makes an account that is in no guild yet.
func (s *Server) AddUser(name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addUser(name)
}

func (s *Server) addUser(name string) *User {
	u := &User{ID: s.nextID(), s: s, name: name, locale: "en-US"}
	s.users[u.ID] = u
	return u
}

// Name is the account's unique name.
func (u *User) Name() string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.name
}

// Mention is how a message names the person: "<@1…>".
func (u *User) Mention() string { return "<@" + u.ID + ">" }

// WithGlobalName sets the name that is shown everywhere, and returns the account.
func (u *User) WithGlobalName(name string) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.globalName = name
	return u
}

// WithLocale sets the language of the person's client, "de", and returns the account.
// "en-US" until then.
func (u *User) WithLocale(locale string) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.locale = locale
	return u
}

// CloseDMs has the account take no direct messages, or take them again: 50007.
func (u *User) CloseDMs(closed bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.closed = closed
}

// DM is the channel between the person and the bot. Opening it raises no event.
func (u *User) DM() *Channel {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.openDM(u)
}

func (s *Server) openDM(u *User) *Channel {
	if u.dm == nil {
		u.dm = &Channel{s: s, ID: s.nextID(), kind: DirectMessage, recipients: []*User{u}}
		s.channels[u.dm.ID] = u.dm
	}
	return u.dm
}

// wire is the user object. Source: https://docs.discord.com/developers/resources/user#user-object
func (u *User) wire() object {
	out := object{
		"id": u.ID, "username": u.name, "discriminator": "0", "global_name": nil, "avatar": nil,
		"public_flags": 0, "avatar_decoration_data": nil, "collectibles": nil, "primary_guild": nil, "clan": nil,
	}
	if u.globalName != "" {
		out["global_name"] = u.globalName
	}
	if u.isBot {
		out["bot"], out["discriminator"] = true, "4321"
	}
	return out
}

// wire is the member object. Source: https://docs.discord.com/developers/resources/guild#guild-member-object
func (m *Member) wire() object {
	roles := []string{}
	for _, r := range m.roles {
		roles = append(roles, r.ID)
	}
	out := object{
		"user": m.user.wire(), "nick": nil, "avatar": nil, "banner": nil, "roles": roles, "joined_at": timestamp(m.joined),
		"premium_since": nil, "deaf": false, "mute": false, "flags": 0, "pending": false, "communication_disabled_until": nil,
	}
	if m.nick != "" {
		out["nick"] = m.nick
	}
	if !m.silentUntil.IsZero() {
		out["communication_disabled_until"] = timestamp(m.silentUntil)
	}
	return out
}

// partial is the member as a message carries it: without the user.
func (m *Member) partial() object {
	out := m.wire()
	delete(out, "user")
	return out
}
