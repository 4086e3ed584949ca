package slackfake

import (
	"slices"
	"strings"
)

// kind of a conversation, as conversations.list names its types.
type kind string

const (
	publicChannel  kind = "public_channel"
	privateChannel kind = "private_channel"
	directMessage  kind = "im"
	groupMessage   kind = "mpim"
)

// scope is the family of scopes that reads this kind: "channels" for
// channels:read and channels:history.
func (k kind) scope() string {
	switch k {
	case privateChannel:
		return "groups"
	case directMessage:
		return "im"
	case groupMessage:
		return "mpim"
	default:
		return "channels"
	}
}

// Channel is a conversation: a channel, a direct message or a group one.
type Channel struct {
	team     *Team
	id       string
	name     string
	kind     kind
	members  []*User
	archived bool
	deleted  bool
	shared   bool
	topic    string
	creator  string
	created  int64
	previous []string
	messages []*message // in the order of ts, deleted ones left out
}

// AddChannel makes a public channel with these members. It exists from before:
// no event is raised.
func (t *Team) AddChannel(name string, members ...*User) *Channel {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.addChannel(publicChannel, name, members)
}

// AddPrivateChannel makes a private channel with these members.
func (t *Team) AddPrivateChannel(name string, members ...*User) *Channel {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.addChannel(privateChannel, name, members)
}

// AddDirectMessage makes the direct message of two people, of which the app is
// no part. The one with the app is [User.DM].
func (t *Team) AddDirectMessage(one, other *User) *Channel {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.addChannel(directMessage, "", []*User{one, other})
}

// AddGroupMessage makes a direct message of several people.
func (t *Team) AddGroupMessage(members ...*User) *Channel {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	names := []string{}
	for _, u := range members {
		names = append(names, u.name)
	}
	return t.addChannel(groupMessage, "mpdm-"+strings.Join(names, "--")+"-1", members)
}

func (t *Team) addChannel(k kind, name string, members []*User) *Channel {
	prefix := "C"
	if k == directMessage {
		prefix = "D"
	}
	ch := &Channel{team: t, id: t.s.id(prefix), name: name, kind: k, created: t.s.Now().Unix()}
	for _, u := range members {
		ch.add(u)
	}
	if len(members) > 0 {
		ch.creator = members[0].ID
	}
	t.channels = append(t.channels, ch)
	return ch
}

// add makes u a member; it reports false when it was one. A stranger makes the
// channel a shared one.
func (ch *Channel) add(u *User) bool {
	if u == nil {
		panic("slackfake: a member that is nil: install the app before its bot joins")
	}
	if slices.Contains(ch.members, u) {
		return false
	}
	ch.members = append(ch.members, u)
	ch.shared = ch.shared || u.stranger()
	return true
}

// DM is the direct message between the person and the app, made when needed.
func (u *User) DM() *Channel {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	return u.dm()
}

func (u *User) dm() *Channel {
	for _, ch := range u.team.channels {
		if ch.kind == directMessage && slices.Contains(ch.members, u) && slices.Contains(ch.members, u.team.bot) {
			return ch
		}
	}
	return u.team.addChannel(directMessage, "", []*User{u, u.team.bot})
}

// ID is the channel's id; it changes only by [Channel.ChangeID].
func (ch *Channel) ID() string {
	ch.team.s.mu.Lock()
	defer ch.team.s.mu.Unlock()
	return ch.id
}

// Name is the channel's name without "#"; "" for a direct message.
func (ch *Channel) Name() string {
	ch.team.s.mu.Lock()
	defer ch.team.s.mu.Unlock()
	return ch.name
}

// Team is the workspace in which the channel is seen.
func (ch *Channel) Team() *Team { return ch.team }

// Topic is the channel's topic.
func (ch *Channel) Topic() string {
	ch.team.s.mu.Lock()
	defer ch.team.s.mu.Unlock()
	return ch.topic
}

// HasMember says whether u is in the channel.
func (ch *Channel) HasMember(u *User) bool {
	ch.team.s.mu.Lock()
	defer ch.team.s.mu.Unlock()
	return slices.Contains(ch.members, u)
}

// Channel finds a channel of the workspace by name or id, nil when there is
// none.
func (t *Team) Channel(name string) *Channel {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.channel(strings.TrimPrefix(name, "#"))
}

func (t *Team) channel(ref string) *Channel {
	for _, ch := range t.channels {
		if !ch.deleted && (ch.id == ref || ch.name == ref && ref != "" && ch.kind != directMessage) {
			return ch
		}
	}
	return nil
}

func (ch *Channel) visibleTo(u *User) bool {
	return ch.kind == publicChannel || slices.Contains(ch.members, u)
}

// channel finds the channel that an argument names and that the app may see.
// A user's id stands for the direct message with them where direct is true.
func (c *call) channel(name string, direct bool) (*Channel, *refusal) {
	ref := strings.TrimPrefix(c.args[name], "#")
	if u := c.team.user(ref); u != nil && direct {
		if u.isBot {
			return nil, refuse("cannot_dm_bot")
		}
		if u.deleted {
			return nil, refuse("channel_not_found")
		}
		return u.dm(), nil
	}
	ch := c.team.channel(ref)
	if ch == nil || !ch.visibleTo(c.team.bot) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// wire is the conversation object as the app sees it.
// Source: https://docs.slack.dev/reference/objects/conversation-object
func (ch *Channel) wire() object {
	out := object{
		"id": ch.id, "created": ch.created, "is_archived": ch.archived, "is_im": ch.kind == directMessage,
		"is_org_shared": false, "context_team_id": ch.team.ID, "updated": ch.created * 1000,
	}
	if ch.kind == directMessage {
		for _, u := range ch.members {
			if u != ch.team.bot {
				out["user"], out["is_user_deleted"] = u.ID, u.deleted
			}
		}
		return out
	}
	out["name"], out["name_normalized"] = ch.name, ch.name
	out["is_channel"], out["is_group"] = ch.kind == publicChannel, ch.kind != publicChannel
	out["is_mpim"], out["is_private"] = ch.kind == groupMessage, ch.kind != publicChannel
	out["is_general"], out["is_shared"], out["is_ext_shared"] = ch.name == "general", ch.shared, ch.shared
	out["is_pending_ext_shared"], out["pending_shared"] = false, []string{}
	out["is_member"] = slices.Contains(ch.members, ch.team.bot)
	out["creator"], out["num_members"], out["unlinked"] = ch.creator, len(ch.members), 0
	out["topic"] = object{"value": ch.topic, "creator": "", "last_set": 0}
	out["purpose"] = object{"value": "", "creator": "", "last_set": 0}
	out["previous_names"], out["shared_team_ids"] = append([]string{}, ch.previous...), []string{ch.team.ID}
	return out
}
