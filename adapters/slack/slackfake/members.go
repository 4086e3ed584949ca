package slackfake

import (
	"slices"
	"strings"
	"time"
)

// User is a person or a bot in a workspace, and what they do in the chat. Its
// id never changes.
type User struct {
	ID string

	team        *Team
	home        *Team // the workspace of a stranger's account
	name        string
	realName    string
	displayName string
	zone        string
	role        Role
	isBot       bool
	botID       string
	deleted     bool
	published   *view      // the app's home for this person
	ephemerals  []*message // only this person sees them
	modals      []*view    // the open stack, the top last
}

// Role is what an account may do in its workspace.
type Role string

// Roles as people.slack.com names them. A single-channel guest is an
// UltraRestricted one.
const (
	Regular         Role = ""
	Admin           Role = "admin"
	Owner           Role = "owner"
	PrimaryOwner    Role = "primary_owner"
	Restricted      Role = "restricted"
	UltraRestricted Role = "ultra_restricted"
)

// AddUser makes a regular member with this user name. It is shown as the name
// with a capital letter and lives in Europe/Berlin, until set otherwise. The
// account exists from before: no team_join is raised; see [User.JoinTeam].
func (t *Team) AddUser(name string) *User {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.addUser(name)
}

func (t *Team) addUser(name string) *User {
	shown := name
	if name != "" {
		shown = strings.ToUpper(name[:1]) + name[1:]
	}
	u := &User{ID: t.s.id("U"), team: t, home: t, name: name, realName: shown, displayName: shown, zone: "Europe/Berlin"}
	t.users = append(t.users, u)
	return u
}

// AddBot makes another app's bot.
func (t *Team) AddBot(name string) *User {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	u := t.addUser(name)
	u.isBot, u.botID = true, t.s.id("B")
	return u
}

// AddStranger makes a person of another workspace whom this one meets in
// channels shared by Slack Connect: users.info says is_stranger and their own
// team_id.
func (t *Team) AddStranger(name string, home *Team) *User {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	u := t.addUser(name)
	u.home = home
	return u
}

// WithRole gives the person a role and returns them.
func (u *User) WithRole(role Role) *User {
	return u.set(func() { u.role = role })
}

// WithZone sets the person's zone by its IANA name and returns them.
func (u *User) WithZone(zone string) *User {
	return u.set(func() { u.zone = zone })
}

// WithNames sets the full name and the display name and returns the person. An
// empty display name is what Slack has for people who never chose one.
func (u *User) WithNames(realName, displayName string) *User {
	return u.set(func() { u.realName, u.displayName = realName, displayName })
}

func (u *User) set(change func()) *User {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	change()
	return u
}

// Team is the workspace in which the person is met.
func (u *User) Team() *Team { return u.team }

// Name is the user name, as in user_name of a command.
func (u *User) Name() string {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	return u.name
}

// user finds an account by id, nil when there is none.
func (t *Team) user(id string) *User {
	for _, u := range t.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (u *User) stranger() bool { return u.home != u.team }

// wire is the user object.
// Source: https://docs.slack.dev/reference/objects/user-object
func (u *User) wire() object {
	profile := object{
		"title": "", "phone": "", "skype": "", "real_name": u.realName, "real_name_normalized": u.realName,
		"display_name": u.displayName, "display_name_normalized": u.displayName, "status_text": "",
		"status_emoji": "", "status_expiration": 0, "avatar_hash": "", "team": u.home.ID,
	}
	out := object{
		"id": u.ID, "team_id": u.home.ID, "name": u.name, "deleted": u.deleted, "profile": profile,
		"is_bot": u.isBot, "is_app_user": false, "updated": u.team.s.Now().Unix(),
	}
	if u.isBot {
		profile["bot_id"] = u.botID
		profile["api_app_id"] = ""
		if u == u.team.bot {
			profile["api_app_id"] = u.team.s.appID
		}
	}
	if u.stranger() {
		out["is_stranger"] = true
	}
	if u.deleted {
		return out // Slack leaves out the roles and the zone of the deactivated
	}
	zone, err := time.LoadLocation(u.zone)
	if err != nil {
		zone = time.UTC
	}
	label, offset := u.team.s.Now().In(zone).Zone()
	out["color"], out["real_name"] = "9f69e7", u.realName
	out["tz"], out["tz_label"], out["tz_offset"] = u.zone, label, offset
	out["is_admin"] = u.role == Admin || u.role == Owner || u.role == PrimaryOwner
	out["is_owner"] = u.role == Owner || u.role == PrimaryOwner
	out["is_primary_owner"] = u.role == PrimaryOwner
	out["is_restricted"] = u.role == Restricted || u.role == UltraRestricted
	out["is_ultra_restricted"] = u.role == UltraRestricted
	out["is_email_confirmed"] = true
	out["who_can_share_contact_card"] = "EVERYONE"
	return out
}

func usersInfo(c *call) (object, *refusal) {
	u := c.team.user(c.args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": u.wire()}, nil
}

func usersList(c *call) (object, *refusal) {
	var members []object
	for _, u := range c.team.users {
		if !u.stranger() {
			members = append(members, u.wire())
		}
	}
	page, next, refused := paginate(c.args, members, 0)
	if refused != nil {
		return nil, refused
	}
	return object{"members": page, "cache_ts": c.s.Now().Unix(), "response_metadata": object{"next_cursor": next}}, nil
}

func usersConversations(c *call) (object, *refusal) {
	who := c.team.bot
	if id := c.args["user"]; id != "" {
		if who = c.team.user(id); who == nil {
			return nil, refuse("user_not_found")
		}
	}
	return c.listChannels(func(ch *Channel) bool {
		return slices.Contains(ch.members, who) && (who == c.team.bot || ch.visibleTo(c.team.bot))
	})
}
