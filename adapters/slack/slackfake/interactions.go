package slackfake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNoAnswer is what a person sees when the app did not acknowledge a command
// or an interaction within three seconds, or not with 200. Slack does not try
// again.
var ErrNoAnswer = errors.New("the app did not respond")

// interact sends an interaction and returns the app's answer. Called without
// mu.
func (u *User) interact(payload object) (Delivery, error) {
	d := u.team.s.send(parcel{kind: "interaction", name: str(payload, "type"), payload: payload})
	if !d.OK() {
		return d, d.unanswered()
	}
	return d, nil
}

// unanswered is why a person was told that the app did not respond.
func (d Delivery) unanswered() error {
	if d.Err != nil {
		return fmt.Errorf("%s: %w: %w", d.Type, ErrNoAnswer, d.Err)
	}
	return fmt.Errorf("%s: %w: it answered %d", d.Type, ErrNoAnswer, d.Status)
}

// interaction is what every interaction holds. Called with mu held.
func (u *User) interaction(kind string, from *view) object {
	t := u.team
	return object{
		"type": kind, "token": verificationToken, "api_app_id": t.s.appID,
		"team":       object{"id": t.ID, "domain": t.Domain},
		"user":       object{"id": u.ID, "username": u.name, "name": u.name, "team_id": u.home.ID},
		"enterprise": nil, "is_enterprise_install": false,
		"trigger_id": t.s.newTrigger(u, from),
	}
}

// Surface is where buttons and menus stand: a [Message] or a [View].
type Surface interface {
	// now returns the blocks as they stand now. Called with mu held.
	now() (place, error)
}

// place is a surface's current state.
type place struct {
	s       *Server
	blocks  []any
	message *message
	view    *view
}

var (
	errGone   = errors.New("it is not there any more")
	errNoView = errors.New("the view is closed")
)

func (m Message) now() (place, error) {
	found := m.s.current(m)
	if found == nil {
		return place{}, errGone
	}
	return place{s: m.s, blocks: found.blocks, message: found}, nil
}

func (v View) now() (place, error) {
	if v.user == nil {
		return place{}, errNoView
	}
	for _, found := range v.user.team.views {
		if found.id == v.ID && !found.closed {
			return place{s: v.user.team.s, blocks: list(found.spec["blocks"]), view: found}, nil
		}
	}
	return place{}, errNoView
}

// element finds what a person can use: the action_id, and the value unless it
// is "". It returns the block's id too.
func (p place) element(actionID, value string) (e object, blockID string, err error) {
	var there []string
	for _, raw := range p.blocks {
		b, _ := raw.(object)
		for _, e := range interactive(b) {
			if str(e, "action_id") == actionID && (value == "" || str(e, "value") == value) {
				return e, str(b, "block_id"), nil
			}
			there = append(there, fmt.Sprintf("%s=%q", str(e, "action_id"), str(e, "value")))
		}
	}
	return nil, "", fmt.Errorf("no %s=%q here, only: %s", actionID, value, strings.Join(there, ", "))
}

// silent says that the block is an input without dispatch_action.
func (p place) silent(blockID string) bool {
	return slices.ContainsFunc(p.blocks, func(raw any) bool {
		b, _ := raw.(object)
		return str(b, "block_id") == blockID && b["type"] == "input" && b["dispatch_action"] != true
	})
}

// Press presses the button with this action_id, and this value unless it is "".
// It fails when the button is not there any more, or the person can't see it.
func (u *User) Press(on Surface, actionID, value string) error {
	return u.act(on, func(p place) (object, object, string, error) {
		e, block, err := p.element(actionID, value)
		if err != nil {
			return nil, nil, "", err
		}
		return pressed(e), e, block, nil
	})
}

// PressAsSeen presses a button of the message as it was when it was read, as a
// person does whose client is behind: the button may be gone by now.
func (u *User) PressAsSeen(seen Message, actionID, value string) error {
	var blocks []any
	clone(seen.Blocks, &blocks)
	return u.act(seen, func(place) (object, object, string, error) {
		e, block, err := place{blocks: blocks}.element(actionID, value)
		if err != nil {
			return nil, nil, "", err
		}
		return pressed(e), e, block, nil
	})
}

// PressLabel presses the first button with this text.
func (u *User) PressLabel(on Surface, label string) error {
	return u.act(on, func(p place) (object, object, string, error) {
		var there []string
		for _, raw := range p.blocks {
			b, _ := raw.(object)
			for _, e := range interactive(b) {
				if textOf(e["text"]) == label {
					return pressed(e), e, str(b, "block_id"), nil
				}
				there = append(there, textOf(e["text"]))
			}
		}
		return nil, nil, "", fmt.Errorf("no button [%s] here, only: %s", label, strings.Join(there, ", "))
	})
}

func pressed(e object) object {
	out := object{"text": e["text"]}
	for _, name := range []string{"value", "style", "url", "confirm"} {
		if e[name] != nil {
			out[name] = e[name]
		}
	}
	return out
}

// Choose picks from a menu, a picker, checkboxes, radio buttons or an overflow:
// option values, ids of people or channels, a date or a time. Several for
// a menu that takes several.
func (u *User) Choose(on Surface, actionID string, values ...string) error {
	return u.act(on, func(p place) (object, object, string, error) {
		e, block, err := p.element(actionID, "")
		if err != nil {
			return nil, nil, "", err
		}
		if p.silent(block) {
			return nil, nil, "", fmt.Errorf("%s stands in an input that sends nothing before the form does", actionID)
		}
		state, err := chosen(e, values)
		return state, e, block, err
	})
}

// act sends block_actions for what find found.
func (u *User) act(on Surface, find func(place) (state, e object, blockID string, err error)) error {
	s := u.team.s
	s.mu.Lock()
	payload, err := u.blockActions(on, find)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	_, err = u.interact(payload)
	return err
}

// blockActions is called with mu held.
func (u *User) blockActions(on Surface, find func(place) (state, e object, blockID string, err error)) (object, error) {
	p, err := on.now()
	if err != nil {
		return nil, err
	}
	state, e, block, err := find(p)
	if err != nil {
		return nil, err
	}
	payload := u.interaction("block_actions", p.view)
	action := object{}
	clone(state, &action)
	action["type"], action["action_id"], action["block_id"] = e["type"], e["action_id"], block
	action["action_ts"] = u.team.s.nextTS()
	for _, name := range []string{"placeholder", "initial_option"} {
		if e[name] != nil {
			action[name] = e[name]
		}
	}
	payload["actions"] = []object{action}
	if p.view != nil {
		if p.view.user != u {
			return nil, fmt.Errorf("the view is another person's")
		}
		p.view.keep(block, str(e, "action_id"), str(e, "type"), state)
		payload["container"] = object{"type": "view", "view_id": p.view.id}
		payload["view"] = p.view.wire()
		if str(p.view.spec, "type") == "home" {
			delete(payload["view"].(object), "previous_view_id")
		}
		return payload, nil
	}
	return payload, u.onMessage(p.message, payload)
}

// onMessage adds what block_actions on a message hold. An ephemeral message
// itself is not sent, only where it stands.
func (u *User) onMessage(m *message, payload object) error {
	ch := m.channel
	if m.onlyFor != nil && m.onlyFor != u || !slices.Contains(ch.members, u) && ch.kind != publicChannel {
		return errors.New("the person can't see the message")
	}
	container := object{"type": "message", "message_ts": m.ts, "channel_id": ch.id, "is_ephemeral": m.onlyFor != nil}
	if m.threadTS != "" {
		container["thread_ts"] = m.threadTS
	}
	payload["container"] = container
	payload["channel"] = object{"id": ch.id, "name": ch.wireName()}
	payload["response_url"] = u.team.s.newHook(ch, u, m)
	payload["state"] = object{"values": initialState(object{"blocks": m.blocks})}
	if m.onlyFor == nil {
		payload["message"] = m.wire(true)
	}
	return nil
}

// wireName is how commands and interactions name the channel.
func (ch *Channel) wireName() string {
	switch ch.kind {
	case directMessage:
		return "directmessage"
	case privateChannel:
		return "privategroup"
	default:
		return ch.name
	}
}
