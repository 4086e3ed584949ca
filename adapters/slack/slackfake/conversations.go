package slackfake

import (
	"regexp"
	"slices"
	"strings"
)

func conversationsInfo(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	if refused := c.need(ch.kind.scope() + ":read"); refused != nil {
		return nil, refused
	}
	out := ch.wire()
	if !c.args.bool("include_num_members") {
		delete(out, "num_members")
	}
	return object{"channel": out}, nil
}

func conversationsList(c *call) (object, *refusal) {
	return c.listChannels(func(ch *Channel) bool { return ch.visibleTo(c.team.bot) })
}

// listChannels answers with the channels of the wanted types that keep accepts.
func (c *call) listChannels(keep func(*Channel) bool) (object, *refusal) {
	types := orDefault(c.args["types"], string(publicChannel))
	var wanted []kind
	for _, name := range strings.Split(types, ",") {
		k := kind(strings.TrimSpace(name))
		if !slices.Contains([]kind{publicChannel, privateChannel, directMessage, groupMessage}, k) {
			return nil, refuse("invalid_types")
		}
		if refused := c.need(k.scope() + ":read"); refused != nil {
			return nil, refused
		}
		wanted = append(wanted, k)
	}
	var found []object
	for _, ch := range c.team.channels {
		if ch.deleted || !slices.Contains(wanted, ch.kind) || !keep(ch) {
			continue
		}
		if ch.archived && c.args.bool("exclude_archived") {
			continue
		}
		found = append(found, ch.wire())
	}
	page, next, refused := paginate(c.args, found, 100)
	if refused != nil {
		return nil, refused
	}
	return object{"channels": page, "response_metadata": object{"next_cursor": next}}, nil
}

func conversationsMembers(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	if refused := c.need(ch.kind.scope() + ":read"); refused != nil {
		return nil, refused
	}
	var ids []string
	for _, u := range ch.members {
		ids = append(ids, u.ID)
	}
	page, next, refused := paginate(c.args, ids, 100)
	if refused != nil {
		return nil, refused
	}
	return object{"members": page, "response_metadata": object{"next_cursor": next}}, nil
}

func conversationsJoin(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	switch {
	case refused != nil:
		return nil, refused
	case ch.kind != publicChannel:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	answer := object{}
	if ch.add(c.team.bot) {
		c.then(ch.memberJoined(c.team.bot, nil))
	} else {
		answer["warning"] = "already_in_channel"
		answer["response_metadata"] = object{"warnings": []string{"already_in_channel"}}
	}
	answer["channel"] = ch.wire()
	return answer, nil
}

func conversationsLeave(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	switch {
	case refused != nil:
		return nil, refused
	case ch.name == "general":
		return nil, refuse("cant_leave_general")
	case !slices.Contains(ch.members, c.team.bot):
		return object{"not_in_channel": true}, nil
	}
	e := ch.memberLeft(c.team.bot, c.team.bot)
	ch.remove(c.team.bot)
	c.then(e)
	return nil, nil
}

func (ch *Channel) remove(u *User) {
	ch.members = slices.DeleteFunc(ch.members, func(m *User) bool { return m == u })
}

// channelName is what Slack accepts as a name.
// Source: https://docs.slack.dev/reference/methods/conversations.create#naming
var channelName = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,80}$`)

func conversationsCreate(c *call) (object, *refusal) {
	name := c.args["name"]
	k, scope := publicChannel, "channels:manage"
	if c.args.bool("is_private") {
		k, scope = privateChannel, "groups:write"
	}
	if refused := c.need(scope); refused != nil {
		return nil, refused
	}
	switch {
	case name == "":
		return nil, refuse("invalid_name_required")
	case len([]rune(name)) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !channelName.MatchString(name) || strings.ToLower(name) != name:
		return nil, refuse("invalid_name_specials")
	}
	for _, ch := range c.team.channels {
		if ch.name == name && !ch.deleted {
			return nil, refuse("name_taken")
		}
	}
	ch := c.team.addChannel(k, name, []*User{c.team.bot})
	return object{"channel": ch.wire()}, nil
}

func conversationsOpen(c *call) (object, *refusal) {
	if c.args["channel"] != "" {
		ch, refused := c.channel("channel", false)
		if refused != nil {
			return nil, refused
		}
		return object{"channel": object{"id": ch.id}, "no_op": true, "already_open": true}, nil
	}
	if c.args["users"] == "" {
		return nil, refuse("users_list_not_supplied")
	}
	members := []*User{}
	for _, id := range strings.Split(c.args["users"], ",") {
		u := c.team.user(strings.TrimSpace(id))
		switch {
		case u == nil:
			return nil, refuse("user_not_found")
		case u.deleted:
			return nil, refuse("user_disabled")
		case u.isBot:
			return nil, refuse("cannot_dm_bot")
		}
		members = append(members, u)
	}
	if len(members) > 8 {
		return nil, refuse("too_many_users")
	}
	if len(members) == 1 {
		if refused := c.need("im:write"); refused != nil {
			return nil, refused
		}
		ch := members[0].dm()
		if c.args.bool("return_im") {
			return object{"channel": ch.wire()}, nil
		}
		return object{"channel": object{"id": ch.id}}, nil
	}
	if refused := c.need("mpim:write"); refused != nil {
		return nil, refused
	}
	members = append(members, c.team.bot)
	for _, ch := range c.team.channels {
		if ch.kind == groupMessage && sameMembers(ch.members, members) {
			return object{"channel": ch.wire()}, nil
		}
	}
	return object{"channel": c.team.addChannel(groupMessage, "mpdm-"+c.args["users"], members).wire()}, nil
}

func sameMembers(a, b []*User) bool {
	if len(a) != len(b) {
		return false
	}
	for _, u := range a {
		if !slices.Contains(b, u) {
			return false
		}
	}
	return true
}

func conversationsSetTopic(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	switch {
	case refused != nil:
		return nil, refused
	case ch.archived:
		return nil, refuse("is_archived")
	case !slices.Contains(ch.members, c.team.bot):
		return nil, refuse("not_in_channel")
	case len([]rune(c.args["topic"])) > 250:
		return nil, refuse("too_long")
	}
	ch.topic = c.args["topic"]
	return object{"channel": ch.wire()}, nil
}
