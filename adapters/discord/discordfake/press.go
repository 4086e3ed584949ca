package discordfake

import (
	"fmt"
	"strings"
)

// Press presses the button with this custom_id on a message and waits for the answer.
// It fails when the button is not there any more, is disabled, or the person can't see
// it, with [ErrNotOffered].
func (u *User) Press(m Message, customID string) error {
	return u.use(m, nil, func(c Control) bool { return c.Kind == typeButton && c.CustomID == customID }, "the button "+customID)
}

// PressLabel presses the first button with this label: its text, with its emoji before
// it, or without.
func (u *User) PressLabel(m Message, label string) error {
	return u.use(m, nil, func(c Control) bool {
		return c.Kind == typeButton && c.CustomID != "" && (c.Label == label || strings.HasSuffix(c.Label, " "+label))
	}, "the button ["+label+"]")
}

// PressAsSeen presses a button of the message as it was when it was read, as a person
// does whose client is behind: the button may be gone by now, the message not.
func (u *User) PressAsSeen(seen Message, customID string) error {
	u.s.mu.Lock()
	found := u.s.current(seen)
	if found == nil {
		u.s.mu.Unlock()
		return errGone
	}
	x := u.newInteraction(kindComponent, found.channel, found)
	x.tell(object{"component_type": typeButton, "custom_id": customID})
	u.s.mu.Unlock()
	return x.wait()
}

// Choose picks from a menu with this custom_id: option values for a menu of texts, a
// *[User], *[Channel], *[Role] or their ids for the others. No value clears it.
func (u *User) Choose(m Message, customID string, values ...any) error {
	if values == nil {
		values = []any{}
	}
	return u.use(m, values, func(c Control) bool { return c.Kind != typeButton && c.CustomID == customID }, "the menu "+customID)
}

// use presses a button, or picks values from a menu.
func (u *User) use(m Message, values []any, is func(Control) bool, what string) error {
	s := u.s
	s.mu.Lock()
	x, err := func() (*interaction, error) {
		found := s.current(m)
		if found == nil {
			return nil, errGone
		}
		if found.onlyFor != nil && found.onlyFor != u {
			return nil, notOffered("%s does not see it", u.name)
		}
		if err := u.maySee(found.channel, 0); err != nil {
			return nil, err
		}
		var spec object
		var there []string
		walk(found.components, func(o object) {
			c, usable := control(o)
			if !usable {
				return
			}
			there = append(there, fmt.Sprintf("[%s]=%q", c.Label, c.CustomID))
			if spec == nil && is(c) {
				spec = o
			}
		})
		if spec == nil {
			return nil, notOffered("%s is not there, only %s", what, strings.Join(there, ", "))
		}
		if spec["disabled"] == true {
			return nil, notOffered("%s is disabled", what)
		}
		data := object{"component_type": num(spec, "type"), "custom_id": str(spec, "custom_id"), "id": spec["id"]}
		if values != nil {
			picked := resolved{s: s, guild: found.channel.guild, channel: found.channel}
			chosen, err := picked.choose(spec, values)
			if err != nil {
				return nil, err
			}
			least := 1
			if n, given := spec["min_values"].(float64); given {
				least = int(n)
			}
			if most := orDefault(num(spec, "max_values"), 1); len(chosen) < least || len(chosen) > most {
				return nil, notOffered("%s takes %d to %d choices", what, least, most)
			}
			data["values"] = chosen
			picked.into(data)
		}
		x := u.newInteraction(kindComponent, found.channel, found)
		x.tell(data)
		return x, nil
	}()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return x.wait()
}
