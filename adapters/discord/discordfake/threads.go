package discordfake

import "slices"

// startThread makes a thread in a channel: at a message, without one (nil), or a
// forum's post. Called with mu held.
func (ch *Channel) startThread(by *User, name string, at *message, kind ChannelKind, tags []string) *Channel {
	s := ch.s
	id := ""
	if at != nil {
		id = at.id // a thread at a message has its id
	}
	th := &Channel{
		s: s, ID: orDefault(id, s.nextID()), guild: ch.guild, kind: kind, name: name, parent: ch, owner: by,
		createdAt: s.Now(), autoArchive: orDefault(ch.autoArchive, 1440), applied: tags, byID: map[string]*message{},
	}
	ch.guild.threads = append(ch.guild.threads, th)
	s.channels[th.ID] = th
	th.threadMembers = append(th.threadMembers, by)
	if at != nil {
		at.thread, at.flags = th, at.flags|flagHasThread
	}
	s.dispatch(event{name: "THREAD_CREATE", guild: th.guild, channel: th, intents: IntentGuilds, data: func() object {
		out := th.wire()
		out["newly_created"] = true
		if by == s.bot {
			out["member"] = th.memberWire(by)
		}
		return out
	}})
	if at != nil {
		at.changed()
	}
	return th
}

func (ch *Channel) memberWire(u *User) object {
	return object{"id": ch.ID, "user_id": u.ID, "join_timestamp": timestamp(ch.s.Now()), "flags": 1}
}

// enter makes the account a member of the thread. Called with mu held.
func (ch *Channel) enter(u *User) {
	if slices.Contains(ch.threadMembers, u) {
		return
	}
	ch.threadMembers = append(ch.threadMembers, u)
	ch.membersChanged([]*User{u}, nil)
}

// exit is the opposite.
func (ch *Channel) exit(u *User) {
	if i := slices.Index(ch.threadMembers, u); i >= 0 {
		ch.threadMembers = slices.Delete(ch.threadMembers, i, i+1)
		ch.membersChanged(nil, []*User{u})
	}
}

// membersChanged tells an app that is itself added or removed, or that has the
// privileged intent.
// Source: https://docs.discord.com/developers/events/gateway-events#thread-members-update
func (ch *Channel) membersChanged(added, removed []*User) {
	intents := IntentGuildMembers
	if slices.Contains(slices.Concat(added, removed), ch.s.bot) {
		intents = IntentGuilds
	}
	ch.s.dispatch(event{name: "THREAD_MEMBERS_UPDATE", guild: ch.guild, channel: ch, intents: intents, data: func() object {
		out := object{"id": ch.ID, "guild_id": ch.guild.ID, "member_count": min(len(ch.threadMembers), 50)}
		in, gone := []object{}, []string{}
		for _, u := range added {
			in = append(in, ch.memberWire(u))
		}
		for _, u := range removed {
			gone = append(gone, u.ID)
		}
		out["added_members"], out["removed_member_ids"] = in, gone
		return out
	}})
}

// setArchived archives the thread or brings it back. Called with mu held.
func (ch *Channel) setArchived(archived bool) {
	if ch.archived == archived {
		return
	}
	ch.archived, ch.archivedAt = archived, ch.s.Now()
	ch.changed("THREAD_UPDATE")
}

// Archive archives the thread or the post, as Discord does after some days of silence;
// who says something in it brings it back.
func (ch *Channel) Archive() { ch.alter(func() { ch.setArchived(true) }) }

// Unarchive brings the thread back.
func (ch *Channel) Unarchive() { ch.alter(func() { ch.setArchived(false) }) }

// Lock has only who manages threads bring it back or write in it.
func (ch *Channel) Lock(locked bool) {
	ch.alter(func() {
		ch.locked = locked
		ch.changed("THREAD_UPDATE")
	})
}

func (ch *Channel) alter(do func()) {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	do()
}

// Rename gives the channel or thread another name.
func (ch *Channel) Rename(name string) {
	ch.alter(func() {
		ch.name = name
		ch.updated()
	})
}

func (ch *Channel) updated() {
	if ch.isThread() {
		ch.changed("THREAD_UPDATE")
		return
	}
	ch.changed("CHANNEL_UPDATE")
}

// MoveTo puts the channel into a category, or out of all (nil).
func (ch *Channel) MoveTo(category *Channel) {
	ch.alter(func() {
		ch.parent = category
		ch.updated()
	})
}

// SetTags sets the names of the tags on a forum's post; those that the forum does not
// offer are left out.
func (ch *Channel) SetTags(names ...string) {
	ch.alter(func() {
		ch.applied = ch.parent.tagIDs(names)
		ch.updated()
	})
}

// RequireTag has the forum take no post without a tag.
func (ch *Channel) RequireTag(required bool) {
	ch.alter(func() {
		ch.requireTag = required
		ch.updated()
	})
}

func (ch *Channel) tagIDs(names []string) []string {
	var out []string
	for _, t := range ch.tags {
		if slices.Contains(names, t.Name) {
			out = append(out, t.ID)
		}
	}
	return out
}

// Allow and Deny change what a role may do in the channel, beside what it may do in
// the guild. A connected bot hears CHANNEL_UPDATE.
func (ch *Channel) Allow(r *Role, bits Permissions) { ch.permit(r.ID, false, bits, 0) }

// Deny takes bits from a role in the channel.
func (ch *Channel) Deny(r *Role, bits Permissions) { ch.permit(r.ID, false, 0, bits) }

// AllowUser gives bits to one member in the channel.
func (ch *Channel) AllowUser(u *User, bits Permissions) { ch.permit(u.ID, true, bits, 0) }

// DenyUser takes bits from one member, or from the bot, in the channel.
func (ch *Channel) DenyUser(u *User, bits Permissions) { ch.permit(u.ID, true, 0, bits) }

func (ch *Channel) permit(id string, member bool, allow, deny Permissions) {
	ch.alter(func() {
		o := ch.overwrite(id)
		if o == nil {
			o = &overwrite{id: id, member: member}
			ch.overwrites = append(ch.overwrites, o)
		}
		o.allow, o.deny = o.allow&^deny|allow, o.deny&^allow|deny
		ch.changed("CHANNEL_UPDATE")
	})
}

// Delete deletes the channel with its threads, or the thread.
func (ch *Channel) Delete() { ch.alter(ch.remove) }

// remove is called with mu held.
func (ch *Channel) remove() {
	if ch.deleted {
		return
	}
	g := ch.guild
	if ch.isThread() {
		ch.s.dispatch(event{name: "THREAD_DELETE", guild: g, channel: ch, intents: IntentGuilds, data: func() object {
			return object{"id": ch.ID, "guild_id": g.ID, "parent_id": ch.parent.ID, "type": int(ch.kind)}
		}})
		g.threads = slices.DeleteFunc(g.threads, func(x *Channel) bool { return x == ch })
		if m := ch.parent.find(ch.ID); m != nil {
			m.thread, m.flags = nil, m.flags&^flagHasThread
		}
	} else {
		if ch.sees(ch.s.bot) {
			ch.changed("CHANNEL_DELETE")
		}
		for _, th := range g.threads {
			if th.parent == ch {
				th.deleted = true
				delete(ch.s.channels, th.ID)
			}
		}
		g.threads = slices.DeleteFunc(g.threads, func(x *Channel) bool { return x.parent == ch })
		g.channels = slices.DeleteFunc(g.channels, func(x *Channel) bool { return x == ch })
	}
	ch.deleted = true
	delete(ch.s.channels, ch.ID)
}

// pins are the pinned messages, the one pinned last first.
func (ch *Channel) pins() []*message {
	var out []*message
	for _, m := range ch.messages {
		if m.pinned {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b *message) int { return b.pinnedAt.Compare(a.pinnedAt) })
	return out
}

// pin pins a message or takes its pin away. Called with mu held.
func (m *message) pin(by *User, pinned bool) {
	if m.pinned == pinned {
		return
	}
	ch := m.channel
	m.pinned, m.pinnedAt = pinned, ch.s.Now()
	if pinned {
		ch.pinnedAt = ch.s.Now()
	}
	ch.s.dispatch(event{
		name: "CHANNEL_PINS_UPDATE", guild: ch.guild, channel: ch, intents: IntentGuilds, direct: IntentDirectMessages,
		data: func() object {
			out := object{"channel_id": ch.ID, "last_pin_timestamp": nil}
			if ch.guild != nil {
				out["guild_id"] = ch.guild.ID
			}
			if pins := ch.pins(); len(pins) > 0 {
				out["last_pin_timestamp"] = timestamp(pins[0].pinnedAt)
			}
			return out
		},
	})
	m.changed()
	if pinned {
		ch.post(&message{author: by, byApp: by == ch.s.bot, kind: typePinned, replyTo: m.id, reply: m})
	}
}
