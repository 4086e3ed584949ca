package discordfake

import "slices"

// resolved gathers the accounts, channels, roles, messages and files that an
// interaction names by their ids.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure
type resolved struct {
	s       *Server
	guild   *Guild
	channel *Channel
	data    object
}

func (f *resolved) put(kind, id string, what any) {
	if f.data == nil {
		f.data = object{}
	}
	group, _ := f.data[kind].(object)
	if group == nil {
		group = object{}
		f.data[kind] = group
	}
	group[id] = what
}

func (f *resolved) into(data object) {
	if f.data != nil {
		data["resolved"] = f.data
	}
}

func (f *resolved) user(u *User) string {
	f.put("users", u.ID, u.wire())
	if f.guild != nil {
		if m := f.guild.members[u.ID]; m != nil {
			partial := m.partial()
			delete(partial, "deaf")
			delete(partial, "mute")
			partial["permissions"] = text(f.channel.permissions(u))
			f.put("members", u.ID, partial)
		}
	}
	return u.ID
}

func (f *resolved) channelOf(ch *Channel) string {
	full := ch.wire()
	partial := object{}
	for _, key := range []string{"id", "name", "type", "parent_id", "thread_metadata", "flags", "guild_id", "last_message_id", "topic", "position", "nsfw", "rate_limit_per_user"} {
		if v, given := full[key]; given {
			partial[key] = v
		}
	}
	partial["permissions"] = text(ch.permissions(f.s.bot))
	f.put("channels", ch.ID, partial)
	return ch.ID
}

func (f *resolved) role(r *Role) string {
	f.put("roles", r.ID, r.wire())
	return r.ID
}

func (f *resolved) file(one File) string {
	a := f.s.keep(f.channel, one)
	a.ephemeral = true
	f.put("attachments", a.id, a.wire(f.s))
	return a.id
}

// byID adds what has the id, false when it is nothing that the guild knows.
func (f *resolved) byID(id string) bool {
	if u := f.s.users[id]; u != nil {
		f.user(u)
		return true
	}
	if ch := f.s.channels[id]; ch != nil {
		f.channelOf(ch)
		return true
	}
	if f.guild != nil {
		for _, r := range f.guild.roles {
			if r.ID == id {
				f.role(r)
				return true
			}
		}
	}
	return false
}

// choose is what a person picks from a menu, as values.
func (f *resolved) choose(o object, value any) ([]string, error) {
	all := []any{value}
	switch v := value.(type) {
	case nil:
		all = nil
	case []string:
		all = nil
		for _, one := range v {
			all = append(all, one)
		}
	case []any:
		all = v
	case []*User:
		all = nil
		for _, one := range v {
			all = append(all, one)
		}
	}
	out := []string{}
	for _, v := range all {
		switch v := v.(type) {
		case *User:
			out = append(out, f.user(v))
		case *Channel:
			out = append(out, f.channelOf(v))
		case *Role:
			out = append(out, f.role(v))
		case File:
			out = append(out, f.file(v))
		case string:
			if v == "" {
				continue
			}
			if offered := list(o["options"]); offered != nil {
				if !slices.ContainsFunc(offered, func(x any) bool { opt, _ := x.(object); return str(opt, "value") == v }) {
					return nil, notOffered("the menu %q has no %q", str(o, "custom_id"), v)
				}
			} else if !f.byID(v) {
				return nil, notOffered("nothing has the id %q", v)
			}
			out = append(out, v)
		default:
			return nil, notOffered("the menu %q takes no %T", str(o, "custom_id"), v)
		}
	}
	return out, nil
}
