package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Say posts what the person typed into a channel or direct message. "@rui" and
// "#support" become mentions where such names exist; "<", ">" and "&" are
// escaped as Slack does. The app hears of it as message.im in a direct message,
// as app_mention where it is named, and as message.channels only when it
// subscribed to that.
func (u *User) Say(ch *Channel, text string) (Message, error) {
	return u.say(ch, &message{text: text})
}

// Reply says something in the thread of a message.
func (u *User) Reply(to Message, text string) (Message, error) {
	return u.say(to.Channel, &message{text: text, threadTS: to.TS})
}

// SayWithFiles posts a message with pictures or documents.
func (u *User) SayWithFiles(ch *Channel, text string, names ...string) (Message, error) {
	m := &message{text: text}
	u.team.s.mu.Lock()
	for _, name := range names {
		m.files = append(m.files, File{ID: u.team.s.id("F"), Name: name, MimeType: "image/png"})
	}
	u.team.s.mu.Unlock()
	return u.say(ch, m)
}

func (u *User) say(ch *Channel, m *message) (Message, error) {
	s := u.team.s
	s.mu.Lock()
	if err := u.mayWrite(ch); err != nil {
		s.mu.Unlock()
		return Message{}, err
	}
	m.author, m.text, m.unfurl = u, u.team.typed(m.text, false), true
	ch.post(m)
	said, mentioned, out := m.said(), m.mentioned(), m.copy()
	s.mu.Unlock()
	s.deliverEvent(said)
	s.deliverEvent(mentioned)
	return out, nil
}

func (u *User) mayWrite(ch *Channel) error {
	switch {
	case ch.archived || ch.deleted:
		return errors.New("the channel is archived")
	case u.deleted:
		return errors.New("the account is deactivated")
	case !slices.Contains(ch.members, u):
		return fmt.Errorf("%s is not in the channel", u.name)
	}
	return nil
}

var (
	entity    = regexp.MustCompile(`<(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+)(\|[^>]*)?>`)
	nameTyped = regexp.MustCompile(`(^|[\s(])([@#])([\p{L}\p{N}._-]+)`)
	specials  = []string{"here", "channel", "everyone"}
)

// typed turns what a person typed into what Slack sends: names into entities,
// the rest escaped. Entities of known people and channels may be typed as such.
// named adds the name to an entity, as in commands.
func (t *Team) typed(text string, named bool) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	var out strings.Builder
	rest := text
	for rest != "" {
		at := entity.FindStringIndex(rest)
		if at == nil {
			at = []int{len(rest), len(rest)}
		}
		out.WriteString(nameTyped.ReplaceAllStringFunc(escape(rest[:at[0]]), func(found string) string {
			parts := nameTyped.FindStringSubmatch(found)
			if e := t.entity(parts[2], parts[3], named); e != "" {
				return parts[1] + e
			}
			return found
		}))
		out.WriteString(rest[at[0]:at[1]])
		rest = rest[at[1]:]
	}
	return out.String()
}

// entity is what "@name" or "#name" stands for, "" for nothing known.
func (t *Team) entity(sign, name string, named bool) string {
	if sign == "@" && slices.Contains(specials, name) {
		return "<!" + name + ">"
	}
	if sign == "@" {
		for _, u := range t.users {
			if u.name == name && named {
				return "<@" + u.ID + "|" + u.name + ">"
			} else if u.name == name {
				return "<@" + u.ID + ">"
			}
		}
		return ""
	}
	if ch := t.channel(name); ch != nil && named {
		return "<#" + ch.id + "|" + ch.name + ">"
	} else if ch != nil {
		return "<#" + ch.id + ">"
	}
	return ""
}

// errNoCommand: people of other workspaces have none of this one's commands and
// shortcuts, only its buttons; and nobody has a shortcut on an ephemeral.
var errNoCommand = errors.New("the person is not offered this command or shortcut here")

// Slash runs a command in a channel and shows the person what the app answers
// at once, if it answers with a message. It returns [ErrNoAnswer] when the app
// did not acknowledge in time. Slack runs no commands in threads.
func (u *User) Slash(ch *Channel, command, text string) error {
	s, t := u.team.s, u.team
	s.mu.Lock()
	err := u.mayWrite(ch)
	if u.stranger() {
		err = errNoCommand
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	if !s.config.KeepNames {
		text = t.typed(text, true)
	}
	hookURL := s.newHook(ch, u, nil)
	hook := s.hooks[hookURL[strings.LastIndexByte(hookURL, '/')+1:]]
	payload := object{
		"token": verificationToken, "team_id": t.ID, "team_domain": t.Domain, "channel_id": ch.id,
		"channel_name": ch.wireName(), "user_id": u.ID, "user_name": u.name, "command": command, "text": text,
		"api_app_id": s.appID, "is_enterprise_install": "false", "response_url": hookURL,
		"trigger_id": s.newTrigger(u, nil),
	}
	s.mu.Unlock()
	d := s.send(parcel{kind: "command", name: command, payload: payload})
	if !d.OK() {
		return d.unanswered()
	}
	return s.immediate(hook, command, d.Answer)
}

// immediate shows what came with the acknowledgement: JSON, or plain text over
// HTTP.
func (s *Server) immediate(h *hook, command string, raw []byte) error {
	if len(strings.TrimSpace(string(raw))) == 0 || string(raw) == "null" || string(raw) == "{}" {
		return nil
	}
	if !json.Valid(raw) {
		raw = []byte(rawJSON(object{"text": string(raw)}))
	}
	s.mu.Lock()
	after, refused := s.respond(h, raw)
	s.mu.Unlock()
	if refused != nil {
		return fmt.Errorf("%s failed with the error \"invalid_command_response\": %s %v", command, refused.code, refused.messages)
	}
	s.deliverEvent(after)
	return nil
}

// MessageShortcut runs a shortcut on a message, with what stands under it.
func (u *User) MessageShortcut(m Message, callbackID string) error {
	s := u.team.s
	s.mu.Lock()
	found := s.current(m)
	if found == nil || found.onlyFor != nil || u.stranger() {
		s.mu.Unlock()
		if found != nil {
			return errNoCommand
		}
		return errGone
	}
	ch := found.channel
	if ch.kind != publicChannel && !slices.Contains(ch.members, u) {
		s.mu.Unlock()
		return errors.New("the person can't see the message")
	}
	payload := u.interaction("message_action", nil)
	delete(payload, "api_app_id") // message_action has neither
	delete(payload["user"].(object), "username")
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = callbackID, s.nextTS(), found.ts
	payload["channel"] = object{"id": ch.id, "name": ch.wireName()}
	payload["message"], payload["response_url"] = found.wire(true), s.newHook(ch, u, nil)
	s.mu.Unlock()
	_, err := u.interact(payload)
	return err
}

// GlobalShortcut runs a shortcut that belongs to no message or channel.
func (u *User) GlobalShortcut(callbackID string) error {
	s := u.team.s
	if u.stranger() {
		return errNoCommand
	}
	s.mu.Lock()
	payload := u.interaction("shortcut", nil)
	payload["callback_id"], payload["action_ts"] = callbackID, s.nextTS()
	s.mu.Unlock()
	_, err := u.interact(payload)
	return err
}

// React puts an emoji under a message: "+1", or with a skin tone
// "+1::skin-tone-2". The app hears of it only where it is in the channel.
func (u *User) React(m Message, emoji string) error {
	return u.reaction(m, "reaction_added", emoji, (*message).react)
}

// Unreact takes it back.
func (u *User) Unreact(m Message, emoji string) error {
	return u.reaction(m, "reaction_removed", emoji, (*message).unreact)
}

func (u *User) reaction(m Message, kind, emoji string, do func(*message, *User, string) *refusal) error {
	s := u.team.s
	s.mu.Lock()
	found := s.current(m)
	var err error
	switch {
	case found == nil || found.onlyFor != nil:
		err = errGone
	case found.channel.archived:
		err = errors.New("the channel is archived")
	case found.channel.kind != publicChannel && !slices.Contains(found.channel.members, u):
		err = errors.New("the person can't see the message")
	default:
		if refused := do(found, u, emoji); refused != nil {
			err = errors.New(refused.code)
		}
	}
	var e *event
	if err == nil {
		e = found.reacted(kind, u, emoji)
	}
	s.mu.Unlock()
	s.deliverEvent(e)
	return err
}

// OpenHome opens the app's home tab. The app may publish to it afterwards: see
// [Server.Home].
func (u *User) OpenHome() error { return u.openHome("home") }

// OpenMessagesTab opens the app's messages, which raises the same event.
func (u *User) OpenMessagesTab() error { return u.openHome("messages") }

func (u *User) openHome(tab string) error {
	s := u.team.s
	s.mu.Lock()
	inner := object{
		"type": "app_home_opened", "user": u.ID, "channel": u.dm().id, "tab": tab, "event_ts": s.nextTS(),
	}
	if u.published != nil && tab == "home" {
		inner["view"] = u.published.wire()
	}
	e := u.team.raise("app_home_opened", "", nil, inner)
	s.mu.Unlock()
	s.deliverEvent(e)
	return nil
}
