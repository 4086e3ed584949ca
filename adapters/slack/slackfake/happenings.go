package slackfake

import (
	"errors"
	"slices"
)

// happen makes a change and its event under the lock, and delivers the event.
func (t *Team) happen(change func() *event) {
	t.s.mu.Lock()
	e := change()
	t.s.mu.Unlock()
	t.s.deliverEvent(e)
}

// Rename renames the workspace: team_rename.
func (t *Team) Rename(name string) {
	t.happen(func() *event {
		t.name = name
		return t.raise("team_rename", "team:read", nil, object{"type": "team_rename", "name": name})
	})
}

// Uninstall removes the app: its token answers account_inactive, its bot is in no
// channel any more (and must be invited again after [Team.Install]), and the app
// is told by app_uninstalled and tokens_revoked, in this order, which Slack does
// not promise.
func (t *Team) Uninstall() {
	t.s.mu.Lock()
	for _, tok := range t.s.tokens {
		if tok.team == t && tok.dead == "" {
			tok.dead = "account_inactive"
		}
	}
	t.installed = false
	for _, ch := range t.channels {
		if ch.kind != directMessage {
			ch.remove(t.bot)
		}
	}
	gone := t.mustRaise("app_uninstalled", nil, object{"type": "app_uninstalled"})
	revoked := t.tokensRevoked()
	t.s.mu.Unlock()
	t.s.deliverEvent(gone)
	t.s.deliverEvent(revoked)
}

// RevokeToken revokes the bot's token; the app stays installed: tokens_revoked.
func (t *Team) RevokeToken() {
	t.happen(func() *event {
		if tok := t.s.tokens[t.secret]; tok != nil {
			tok.dead = "token_revoked"
		}
		return t.tokensRevoked()
	})
}

// RateLimitEvents tells the app that events are being lost: app_rate_limited,
// once a minute at Slack. See [Server.DropEvents] for the losing itself.
func (t *Team) RateLimitEvents() {
	t.happen(func() *event {
		e := t.mustRaise("app_rate_limited", nil, nil)
		if e != nil {
			e.body = object{
				"token": verificationToken, "type": "app_rate_limited", "team_id": t.ID,
				"minute_rate_limited": t.s.Now().Unix() / 60 * 60, "api_app_id": t.s.appID,
			}
		}
		return e
	})
}

// Unknown raises an event that the app never asked for, with these fields.
func (t *Team) Unknown(kind string, inner map[string]any) {
	t.happen(func() *event {
		body := object{"type": kind, "event_ts": t.s.nextTS()}
		for name, value := range inner {
			body[name] = value
		}
		e := t.mustRaise(t.s.config.Events[0], nil, body)
		e.kind = kind
		return e
	})
}

// Join is a person joining by themselves: member_joined_channel.
func (ch *Channel) Join(u *User) { ch.Invite(u, nil) }

// Invite brings a person or the app into the channel: member_joined_channel,
// with the inviter unless by is nil. Nothing happens to who is there already.
func (ch *Channel) Invite(u, by *User) {
	ch.team.happen(func() *event {
		if !ch.add(u) {
			return nil
		}
		return ch.memberJoined(u, by)
	})
}

// Remove removes a person: member_left_channel. When it is the app, it is told
// by channel_left or group_left instead, as at Slack.
func (ch *Channel) Remove(u, by *User) {
	ch.team.happen(func() *event {
		if !slices.Contains(ch.members, u) {
			return nil
		}
		e := ch.memberLeft(u, by)
		ch.remove(u)
		return e
	})
}

// Rename renames the channel: channel_rename or group_rename.
func (ch *Channel) Rename(name string) {
	ch.team.happen(func() *event {
		ch.previous = append(ch.previous, ch.name)
		ch.name = name
		return ch.changedChannel("rename", object{"channel": object{
			"id": ch.id, "is_channel": ch.kind == publicChannel, "is_mpim": false, "name": name,
			"name_normalized": name, "created": ch.created,
		}})
	})
}

// Archive archives the channel: channel_archive or group_archive. Nobody writes
// there until [Channel.Unarchive].
func (ch *Channel) Archive(by *User) {
	ch.team.happen(func() *event {
		ch.archived = true
		return ch.changedChannel("archive", object{"channel": ch.id, "user": by.ID, "is_moved": 0})
	})
}

// Unarchive opens it again: channel_unarchive or group_unarchive.
func (ch *Channel) Unarchive(by *User) {
	ch.team.happen(func() *event {
		ch.archived = false
		return ch.changedChannel("unarchive", object{"channel": ch.id, "user": by.ID})
	})
}

// Delete deletes the channel with all that stands in it: channel_deleted or
// group_deleted.
func (ch *Channel) Delete(by *User) {
	ch.team.happen(func() *event {
		e := ch.changedChannel("deleted", object{"channel": ch.id, "actor_id": by.ID})
		ch.deleted, ch.messages = true, nil
		return e
	})
}

// ChangeID gives the channel another id, as when it becomes shared:
// channel_id_changed. The old id answers channel_not_found.
func (ch *Channel) ChangeID() {
	ch.team.happen(func() *event {
		old := ch.id
		ch.id = ch.team.s.id("C")
		return ch.changedChannel("id_changed", object{"old_channel_id": old, "new_channel_id": ch.id})
	})
}

// userEvent raises user_change or team_join.
func (u *User) userEvent(kind string) *event {
	return u.team.raise(kind, "users:read", nil, object{
		"type": kind, "user": u.wire(), "cache_ts": u.team.s.Now().Unix(),
	})
}

// JoinTeam tells the app that the person joined the workspace: team_join.
func (u *User) JoinTeam() {
	u.team.happen(func() *event { return u.userEvent("team_join") })
}

// Rename changes the full name and the display name: user_change.
func (u *User) Rename(realName, displayName string) {
	u.team.happen(func() *event {
		u.realName, u.displayName = realName, displayName
		return u.userEvent("user_change")
	})
}

// Deactivate deactivates the account: it leaves its channels, and user_change
// says deleted.
func (u *User) Deactivate() {
	u.team.happen(func() *event {
		u.deleted = true
		for _, ch := range u.team.channels {
			if ch.kind != directMessage {
				ch.remove(u)
			}
		}
		return u.userEvent("user_change")
	})
}

// Reactivate undoes [User.Deactivate], but for the channels: user_change.
func (u *User) Reactivate() {
	u.team.happen(func() *event {
		u.deleted = false
		return u.userEvent("user_change")
	})
}

// Delete is the person (its author, or an admin) deleting a message, the app's
// cards included: message_deleted where the app subscribes to messages. An
// ephemeral is dismissed by who sees it.
func (u *User) Delete(m Message) error {
	err := errGone
	u.team.happen(func() *event {
		found := u.team.s.current(m)
		if found == nil {
			return nil
		}
		if found.onlyFor == u {
			found.gone, err = true, nil
			return nil
		}
		if found.onlyFor != nil || found.author != u && u.role == Regular {
			err = errors.New("only its author or an admin deletes a message")
			return nil
		}
		err = nil
		found.channel.drop(found)
		return found.removed()
	})
	return err
}

// Edit is the author changing a message: message_changed.
func (u *User) Edit(m Message, text string) error {
	err := errGone
	u.team.happen(func() *event {
		found := u.team.s.current(m)
		if found == nil {
			return nil
		}
		if found.author != u {
			err = errors.New("only its author edits a message")
			return nil
		}
		err = nil
		before := *found
		found.text, found.edited, found.editor = u.team.typed(text, false), u.team.s.nextTS(), u.ID
		return found.changed(&before)
	})
	return err
}
