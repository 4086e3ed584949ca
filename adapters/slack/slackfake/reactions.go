package slackfake

import (
	"regexp"
	"slices"
)

// reaction is one emoji on one message.
type reaction struct {
	name  string
	users []*User // in the order in which they reacted
}

// Reaction is a copy of what stands under a message.
type Reaction struct {
	Name  string // without colons; a skin tone as "+1::skin-tone-2"
	Users []string
}

func (r *reaction) copy() Reaction {
	out := Reaction{Name: r.name}
	for _, u := range r.users {
		out.Users = append(out.Users, u.ID)
	}
	return out
}

func (r *reaction) wire() object {
	c := r.copy()
	return object{"name": c.Name, "users": c.Users, "count": len(c.Users)}
}

var emojiName = regexp.MustCompile(`^[\p{L}\p{N}_+'-]+(::skin-tone-[2-6])?$`)

// react adds a reaction, or says why it can't be added. A skin tone is a
// reaction of its own.
func (m *message) react(u *User, name string) *refusal {
	if !emojiName.MatchString(name) {
		return refuse("invalid_name")
	}
	at := slices.IndexFunc(m.reactions, func(r *reaction) bool { return r.name == name })
	if at < 0 {
		if len(m.reactions) >= MaxReactions {
			return refuse("too_many_emoji")
		}
		m.reactions = append(m.reactions, &reaction{name: name})
		at = len(m.reactions) - 1
	}
	r := m.reactions[at]
	if slices.Contains(r.users, u) {
		return refuse("already_reacted")
	}
	r.users = append(r.users, u)
	return nil
}

// unreact takes a reaction back, or says why it can't be.
func (m *message) unreact(u *User, name string) *refusal {
	for i, r := range m.reactions {
		if r.name == name && slices.Contains(r.users, u) {
			r.users = slices.DeleteFunc(r.users, func(other *User) bool { return other == u })
			if len(r.users) == 0 {
				m.reactions = slices.Delete(m.reactions, i, i+1)
			}
			return nil
		}
	}
	return refuse("no_reaction")
}

// target finds the message that a reactions method names.
func (c *call) target() (*message, *refusal) {
	if c.args["channel"] == "" || c.args["timestamp"] == "" {
		return nil, refuse("no_item_specified")
	}
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	if _, err := parseTS(c.args["timestamp"]); err != nil {
		return nil, refuse("bad_timestamp")
	}
	if !slices.Contains(ch.members, c.team.bot) {
		return nil, refuse("not_in_channel")
	}
	m := ch.find(c.args["timestamp"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return m, nil
}

func reactionsAdd(c *call) (object, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	if m.channel.archived {
		return nil, refuse("is_archived")
	}
	if refused := m.react(c.team.bot, c.args["name"]); refused != nil {
		return nil, refused
	}
	c.then(m.reacted("reaction_added", c.team.bot, c.args["name"]))
	return nil, nil
}

// pinsAdd is pins.add. Source: https://docs.slack.dev/reference/methods/pins.add
func pinsAdd(c *call) (object, *refusal) {
	m, refused := c.target()
	switch {
	case refused != nil:
		return nil, refused
	case m.channel.archived:
		return nil, refuse("is_archived")
	case m.pinned:
		return nil, refuse("already_pinned")
	}
	m.pinned = true
	return nil, nil
}

func reactionsRemove(c *call) (object, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	if refused := m.unreact(c.team.bot, c.args["name"]); refused != nil {
		return nil, refused
	}
	c.then(m.reacted("reaction_removed", c.team.bot, c.args["name"]))
	return nil, nil
}

// MaxReactionUsers is how many names reactions.get gives of an emoji unless
// full is asked for. Slack documents only that the list may be cut.
// Source: https://docs.slack.dev/reference/methods/reactions.get
const MaxReactionUsers = 50

func reactionsGet(c *call) (object, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	out := m.wire(false)
	if !c.args.bool("full") {
		if all, ok := out["reactions"].([]object); ok {
			for _, r := range all {
				if users, ok := r["users"].([]string); ok && len(users) > MaxReactionUsers {
					r["users"] = users[:MaxReactionUsers]
				}
			}
		}
	}
	out["permalink"] = m.permalink()
	return object{"type": "message", "channel": m.channel.id, "message": out}, nil
}
