package slackfake

import (
	"slices"
	"strings"
	"time"
)

// event is one event on its way to the app.
type event struct {
	id   string
	kind string
	team *Team
	body object // the whole of what is sent
}

// Event is one that is held, redelivered or counted by a test.
type Event struct {
	ID   string
	Type string         // "reaction_added"; "message.im" for a message in a direct message
	Body map[string]any // the wrapper with the event inside

	e *event
}

// raise makes an event when the app subscribes to it, has the scope ("" for
// none) and is installed; else it returns nil. kind is the name in the
// manifest, inner the event. Called with mu held.
func (t *Team) raise(kind, scope string, ch *Channel, inner object) *event {
	if !t.installed || scope != "" && !slices.Contains(t.scopes(), scope) {
		return nil
	}
	return t.mustRaise(kind, ch, inner)
}

// mustRaise makes an event that needs no scope and no installation.
func (t *Team) mustRaise(kind string, ch *Channel, inner object) *event {
	s := t.s
	if !slices.Contains(s.config.Events, kind) || t.bot == nil {
		return nil
	}
	id := s.id("Ev")
	return &event{id: id, kind: kind, team: t, body: object{
		"token": verificationToken, "team_id": t.ID, "context_team_id": t.ID, "context_enterprise_id": nil,
		"api_app_id": s.appID, "event": inner, "type": "event_callback", "event_id": id,
		"event_time": s.Now().Unix(),
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": t.ID, "user_id": t.bot.ID, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": ch != nil && ch.shared,
		"event_context":         "4-" + id,
	}}
}

// verificationToken is the deprecated one that Slack still sends.
const verificationToken = "fake-verification-token"

// inside raises an event that only a member of the channel is told.
func (ch *Channel) inside(kind, scope string, inner object) *event {
	if !slices.Contains(ch.members, ch.team.bot) {
		return nil
	}
	return ch.team.raise(kind, scope, ch, inner)
}

// channelType is channel_type of message events, shortType that of membership.
func (ch *Channel) channelType() string {
	return map[kind]string{publicChannel: "channel", privateChannel: "group", directMessage: "im", groupMessage: "mpim"}[ch.kind]
}

func (ch *Channel) shortType() string {
	if ch.kind == publicChannel {
		return "C"
	}
	return "G"
}

// messageEvent raises what happened to a message, for the subscription of the
// channel's kind.
func (ch *Channel) messageEvent(inner object) *event {
	name := map[kind]string{
		publicChannel: "message.channels", privateChannel: "message.groups",
		directMessage: "message.im", groupMessage: "message.mpim",
	}[ch.kind]
	inner["type"], inner["channel"], inner["channel_type"] = "message", ch.id, ch.channelType()
	return ch.inside(name, ch.kind.scope()+":history", inner)
}

// said is a new message. The app is told of its own too.
func (m *message) said() *event {
	inner := m.wire(true)
	inner["event_ts"] = m.ts
	delete(inner, "reactions")
	if len(m.files) > 0 && inner["subtype"] == nil {
		inner["subtype"] = "file_share"
	}
	return m.channel.messageEvent(inner)
}

// mentioned is a message that names the app in a channel where it is.
func (m *message) mentioned() *event {
	ch := m.channel
	if ch.kind == directMessage || !strings.Contains(m.text, "<@"+ch.team.bot.ID+">") {
		return nil
	}
	inner := m.wire(false)
	inner["type"], inner["channel"], inner["event_ts"] = "app_mention", ch.id, m.ts
	return ch.inside("app_mention", "app_mentions:read", inner)
}

func (m *message) changed(before *message) *event {
	s := m.channel.team.s
	at := s.nextTS()
	return m.channel.messageEvent(object{
		"subtype": "message_changed", "hidden": true, "message": m.wire(true), "previous_message": before.wire(true),
		"ts": at, "event_ts": at,
	})
}

func (m *message) removed() *event {
	at := m.channel.team.s.nextTS()
	return m.channel.messageEvent(object{
		"subtype": "message_deleted", "hidden": true, "deleted_ts": m.ts, "previous_message": m.wire(true),
		"ts": at, "event_ts": at,
	})
}

func (m *message) reacted(kind string, u *User, name string) *event {
	inner := object{
		"type": kind, "user": u.ID, "reaction": name,
		"item":     object{"type": "message", "channel": m.channel.id, "ts": m.ts},
		"event_ts": m.channel.team.s.nextTS(),
	}
	if m.author != nil {
		inner["item_user"] = m.author.ID
	}
	return m.channel.inside(kind, "reactions:read", inner)
}

func (ch *Channel) memberJoined(u, by *User) *event {
	inner := object{
		"type": "member_joined_channel", "user": u.ID, "channel": ch.id, "channel_type": ch.shortType(),
		"team": u.home.ID, "event_ts": ch.team.s.nextTS(),
	}
	if by != nil {
		inner["inviter"] = by.ID
	}
	return ch.inside("member_joined_channel", ch.kind.scope()+":read", inner)
}

// memberLeft is made before u leaves. The app itself is not told that it left
// as a member but by channel_left or group_left, with who removed it.
// Source: https://docs.slack.dev/reference/events/channel_left; that
// member_left_channel stays away then: https://github.com/slackapi/bolt-js/issues/1847
func (ch *Channel) memberLeft(u, by *User) *event {
	if u == ch.team.bot {
		return ch.changedChannel("left", object{"channel": ch.id, "actor_id": by.ID})
	}
	return ch.inside("member_left_channel", ch.kind.scope()+":read", object{
		"type": "member_left_channel", "user": u.ID, "channel": ch.id, "channel_type": ch.shortType(),
		"team": u.home.ID, "event_ts": ch.team.s.nextTS(),
	})
}

// changedChannel raises channel_<what> or, for a private one, group_<what>.
// Public ones are told to every app with the scope, member or not.
func (ch *Channel) changedChannel(what string, inner object) *event {
	name := "channel_" + what
	if ch.kind != publicChannel && what != "id_changed" {
		name = "group_" + what
	}
	inner["type"], inner["event_ts"] = name, ch.team.s.nextTS()
	scope := ch.kind.scope() + ":read"
	if ch.kind == publicChannel {
		return ch.team.raise(name, scope, ch, inner)
	}
	return ch.inside(name, scope, inner)
}

func (t *Team) tokensRevoked() *event {
	return t.mustRaise("tokens_revoked", nil, object{
		"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{t.bot.ID}},
	})
}

// DropEvents has events lost without a word, as Slack loses those beyond
// 30,000 an hour; commands and interactions still come.
func (s *Server) DropEvents(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery.drop = on
}

// HoldEvents keeps events back from now on; [Server.Held] has them, and
// [Server.Deliver] sends them, whenever, in whichever order, however often.
func (s *Server) HoldEvents() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery.hold = true
}

// Held returns the events that were kept back, the oldest first, and keeps
// nothing back from now on.
func (s *Server) Held() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.delivery.held
	s.delivery.held, s.delivery.hold = nil, false
	return held
}

// Events returns every event that was raised and not dropped, the oldest first,
// to look at or to deliver again.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.delivery.events)
}

// RepeatEvents has each event delivered n times in a row, as Slack may. One is
// the start.
func (s *Server) RepeatEvents(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery.repeat = n
}

// Deliver sends the events in this order, each with its retries as if it were
// new, and returns when the last was answered.
func (s *Server) Deliver(events ...Event) {
	for _, e := range events {
		s.attempt(e.e, 0, "")
	}
}

// deliverEvent sends an event unless it is held or dropped.
func (s *Server) deliverEvent(e *event) {
	if e == nil {
		return
	}
	s.mu.Lock()
	d := &s.delivery
	if d.drop {
		s.mu.Unlock()
		return
	}
	public := Event{ID: e.id, Type: e.kind, e: e}
	clone(e.body, &public.Body)
	d.events = append(d.events, public)
	if d.hold {
		d.held = append(d.held, public)
		s.mu.Unlock()
		return
	}
	times := max(d.repeat, 1)
	s.mu.Unlock()
	for range times {
		s.attempt(e, 0, "")
	}
}

// retryDelays: Slack retries at once, after a minute, after five.
// Source: https://docs.slack.dev/apis/events-api/#retries
var retryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}

type retry struct {
	e      *event
	number int
	reason string
	due    time.Time
}

// attempt sends an event once; when it fails the next attempt is made at once
// or kept for its time.
func (s *Server) attempt(e *event, number int, reason string) {
	d := s.send(parcel{kind: "event", name: e.kind, id: e.id, payload: e.body, attempt: number, reason: reason})
	delays := s.config.RetryDelays
	if d.OK() || number >= len(delays) || d.noRetry {
		return
	}
	next := retry{e: e, number: number + 1, reason: d.failure(), due: s.Now().Add(delays[number])}
	if delays[number] == 0 {
		s.attempt(e, next.number, next.reason)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery.retries = append(s.delivery.retries, next)
}

// DeliverRetries makes the retries that are due by the fake's clock, in the
// order in which they are due, and returns how many it made.
func (s *Server) DeliverRetries() int {
	made := 0
	for {
		s.mu.Lock()
		d := &s.delivery
		slices.SortStableFunc(d.retries, func(a, b retry) int { return a.due.Compare(b.due) })
		if len(d.retries) == 0 || d.retries[0].due.After(s.Now()) {
			s.mu.Unlock()
			return made
		}
		next := d.retries[0]
		d.retries = d.retries[1:]
		s.mu.Unlock()
		s.attempt(next.e, next.number, next.reason)
		made++
	}
}

// Retries returns how many retries are not made yet, due or not.
func (s *Server) Retries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.delivery.retries)
}
