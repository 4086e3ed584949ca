package discordfake

// Control is something that a person can use on a message or in a form.
type Control struct {
	Kind     int    // the component's type, as on the wire
	Label    string // a button's, with its emoji before it; "" for a menu
	CustomID string
	URL      string
	Disabled bool
	Options  []Option // of a menu
}

// Option is what a menu offers.
type Option struct{ Label, Value, Description string }

func controls(components []any) []Control {
	var out []Control
	walk(components, func(o object) {
		if c, usable := control(o); usable {
			out = append(out, c)
		}
	})
	return out
}

func control(o object) (Control, bool) {
	kind := num(o, "type")
	c := Control{Kind: kind, CustomID: str(o, "custom_id"), URL: str(o, "url"), Disabled: o["disabled"] == true, Label: labelOf(o)}
	switch kind {
	case typeButton, typeStringSelect, typeTextInput, typeUserSelect, typeRoleSelect, typeMentionableSelect, typeChannelSelect,
		typeFileUpload, typeRadioGroup, typeCheckboxGroup, typeCheckbox:
	default:
		return c, false
	}
	for _, v := range list(o["options"]) {
		opt, _ := v.(object)
		c.Options = append(c.Options, Option{str(opt, "label"), str(opt, "value"), str(opt, "description")})
	}
	return c, true
}

// labelOf is a button's text with its emoji before it.
func labelOf(o object) string { return joined(" ", []string{buttonEmoji(o), str(o, "label")}) }

// raws is a copy's components as the walkers take them.
func raws(list []map[string]any) []any {
	var out []any
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// Controls lists what a person can use on the message, from top to bottom.
func (m Message) Controls() []Control { return controls(raws(m.Components)) }

// Buttons are the labels of the message's buttons, from top to bottom.
func (m Message) Buttons() []string {
	var out []string
	for _, c := range m.Controls() {
		if c.Kind == typeButton {
			out = append(out, c.Label)
		}
	}
	return out
}
