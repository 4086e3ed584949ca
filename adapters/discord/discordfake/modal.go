package discordfake

import (
	"slices"
	"unicode/utf8"
)

// modal is a form that is open before a person.
type modal struct {
	channel *Channel
	origin  *message
	data    object
	sending *interaction
}

// Modal is a copy of the form that is open before a person.
type Modal struct {
	Title      string
	CustomID   string
	Components []map[string]any

	text string
}

// String is the form as a person sees it: its title, then one field a line.
func (m Modal) String() string { return m.text }

// Modal is the form that is open before the person; false when there is none.
func (s *Server) Modal(u *User) (Modal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.modal == nil {
		return Modal{}, false
	}
	m := Modal{Title: str(u.modal.data, "title"), CustomID: str(u.modal.data, "custom_id")}
	clone(u.modal.data["components"], &m.Components)
	m.text = renderModal(u.modal.data, u.modal.channel.names())
	return m, true
}

// Controls lists the form's fields, from top to bottom.
func (m Modal) Controls() []Control { return controls(raws(m.Components)) }

// Values are what stands in the form's fields before the person changes anything, by
// custom_id: texts as they are, one chosen value or several.
func (m Modal) Values() map[string][]string {
	out := map[string][]string{}
	walk(raws(m.Components), func(o object) {
		if id := str(o, "custom_id"); id != "" {
			out[id] = preset(o)
		}
	})
	return out
}

// preset is what stands in a field at first.
func preset(o object) []string {
	switch num(o, "type") {
	case typeTextInput:
		return []string{str(o, "value")}
	case typeCheckbox:
		if o["default"] == true {
			return []string{"true"}
		}
		return nil
	}
	var out []string
	for _, v := range list(o["options"]) {
		if opt, _ := v.(object); opt["default"] == true {
			out = append(out, str(opt, "value"))
		}
	}
	for _, v := range list(o["default_values"]) {
		d, _ := v.(object)
		out = append(out, plain(d["id"]))
	}
	return out
}

// Dismiss closes the form without sending it; the app hears nothing.
func (u *User) Dismiss() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.modal = nil
}

// Submit fills fields of the open form by their custom_id, leaves the others as they
// stand, and sends it. A value is a string, a list of strings (option values or ids), a
// *[User], *[Channel] or *[Role], a bool for a checkbox, or a [File]. What the client
// would not send (too long, a required field empty) is refused with [ErrNotOffered] and
// the form stays open, as it does where the app does not answer.
func (u *User) Submit(values map[string]any) error {
	u.s.mu.Lock()
	m := u.modal
	if m == nil {
		u.s.mu.Unlock()
		return notOffered("no form is open before %s", u.name)
	}
	x := u.newInteraction(kindModalSubmit, m.channel, m.origin)
	found := resolved{s: u.s, guild: m.channel.guild, channel: m.channel}
	filled, err := fill(list(m.data["components"]), values, &found)
	if err != nil {
		u.s.mu.Unlock()
		return err
	}
	m.sending = x
	data := object{"custom_id": m.data["custom_id"], "components": filled}
	found.into(data)
	x.tell(data)
	u.s.mu.Unlock()
	return x.wait()
}

// fill is the components of a form as they are sent: rows and labels with what stands
// in their fields.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure
func fill(components []any, values map[string]any, found *resolved) ([]any, error) {
	left := map[string]bool{}
	for name := range values {
		left[name] = true
	}
	out := []any{}
	field := func(v any) (object, error) {
		o, _ := v.(object)
		value, typed := values[str(o, "custom_id")]
		delete(left, str(o, "custom_id"))
		return filledField(o, value, typed, found)
	}
	for _, v := range components {
		o, _ := v.(object)
		sent := object{"type": o["type"], "id": o["id"]}
		switch num(o, "type") {
		case typeActionRow:
			inner := []any{}
			for _, v := range list(o["components"]) {
				one, err := field(v)
				if err != nil {
					return nil, err
				}
				inner = append(inner, one)
			}
			sent["components"] = inner
		case typeLabel:
			one, err := field(o["component"])
			if err != nil {
				return nil, err
			}
			sent["component"] = one
		}
		out = append(out, sent)
	}
	for name := range left {
		return nil, notOffered("the form has no field %q", name)
	}
	return out, nil
}

// filledField is one field as it is sent, once it is checked as the client does.
func filledField(o object, value any, typed bool, found *resolved) (object, error) {
	kind, id := num(o, "type"), str(o, "custom_id")
	sent := object{"type": o["type"], "id": o["id"], "custom_id": id}
	required := o["required"] != false
	if kind == typeTextInput {
		words := str(o, "value")
		if typed {
			words, _ = value.(string)
		}
		n, least, most := utf8.RuneCountInString(words), num(o, "min_length"), orDefault(num(o, "max_length"), 4000)
		if required && n == 0 || n > 0 && n < least || n > most {
			return nil, notOffered("the field %q takes %d to %d characters, not %d", id, least, most, n)
		}
		sent["value"] = words
		return sent, nil
	}
	if kind == typeCheckbox {
		on := o["default"] == true
		if typed {
			on, _ = value.(bool)
		}
		sent["value"] = on
		return sent, nil
	}
	chosen := preset(o)
	if typed {
		var err error
		if chosen, err = found.choose(o, value); err != nil {
			return nil, err
		}
	} else {
		for _, id := range chosen {
			found.byID(id)
		}
	}
	least := 1
	if n, given := o["min_values"].(float64); given {
		least = int(n)
	}
	if !required && len(chosen) == 0 {
		least = 0
	}
	if most := orDefault(num(o, "max_values"), max(1, len(chosen))); len(chosen) < least || num(o, "max_values") > 0 && len(chosen) > most {
		return nil, notOffered("the field %q takes %d to %d choices, not %d", id, least, most, len(chosen))
	}
	if kind == typeRadioGroup {
		sent["value"] = nil
		if len(chosen) > 0 {
			sent["value"] = chosen[0]
		}
		return sent, nil
	}
	sent["values"] = slices.Clone(orEmpty(chosen))
	return sent, nil
}
