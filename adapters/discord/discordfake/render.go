package discordfake

import (
	"cmp"
	"strings"
)

// renderMessage is a message as a person sees it: its text, its embeds, its
// components, one thing a line, a button as [Vote], one that can't be pressed as
// (Vote).
func renderMessage(m object, name names) string {
	var lines []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			lines = append(lines, text)
		}
	}
	add(shown(str(m, "content"), name))
	if num(m, "flags")&flagSuppressEmbeds == 0 {
		for _, raw := range list(m["embeds"]) {
			e, _ := raw.(object)
			add(renderEmbed(e, name))
		}
	}
	for _, raw := range list(m["attachments"]) {
		a, _ := raw.(object)
		add("(" + cmp.Or(str(a, "description"), str(a, "filename")) + ")")
	}
	for _, raw := range list(m["components"]) {
		c, _ := raw.(object)
		add(renderComponent(c, name))
	}
	return strings.Join(lines, "\n")
}

const flagSuppressEmbeds = 1 << 2

func renderEmbed(e object, name names) string {
	lines := []string{str(sub(e, "author"), "name"), shown(str(e, "title"), name), shown(str(e, "description"), name)}
	for _, raw := range list(e["fields"]) {
		f, _ := raw.(object)
		lines = append(lines, shown(str(f, "name"), name), shown(str(f, "value"), name))
	}
	for _, picture := range []string{"thumbnail", "image"} {
		if sub(e, picture) != nil {
			lines = append(lines, "("+cmp.Or(str(sub(e, picture), "description"), picture)+")")
		}
	}
	lines = append(lines, str(sub(e, "footer"), "text"))
	return joined("\n", lines)
}

func renderComponent(c object, name names) string {
	all := func(between string) string {
		var parts []string
		for _, raw := range list(c["components"]) {
			inner, _ := raw.(object)
			parts = append(parts, renderComponent(inner, name))
		}
		return joined(between, parts)
	}
	switch num(c, "type") {
	case typeActionRow:
		return all(" ")
	case typeContainer:
		return all("\n")
	case typeSection:
		return joined(" ", []string{all("\n"), renderComponent(sub(c, "accessory"), name)})
	case typeButton:
		label := joined(" ", []string{buttonEmoji(c), str(c, "label")})
		if c["disabled"] == true {
			return "(" + label + ")"
		}
		return "[" + label + "]"
	case typeTextDisplay:
		return shown(str(c, "content"), name)
	case typeThumbnail:
		return "(" + cmp.Or(str(c, "description"), "thumbnail") + ")"
	case typeMediaGallery:
		var parts []string
		for _, raw := range list(c["items"]) {
			item, _ := raw.(object)
			parts = append(parts, "("+cmp.Or(str(item, "description"), "image")+")")
		}
		return joined(" ", parts)
	case typeFile:
		return "(" + strings.TrimPrefix(str(sub(c, "file"), "url"), "attachment://") + ")"
	case typeSeparator:
		if c["divider"] == false {
			return ""
		}
		return "---"
	case typeLabel:
		line := str(c, "label") + ": " + renderComponent(sub(c, "component"), name)
		if hint := str(c, "description"); hint != "" {
			line += " (" + hint + ")"
		}
		return line
	case typeTextInput:
		return joined(": ", []string{str(c, "label"), "[" + cmp.Or(str(c, "value"), str(c, "placeholder")) + "]"})
	case typeFileUpload:
		return "[Upload]"
	case typeCheckbox:
		return tick(c["default"] == true)
	case typeRadioGroup, typeCheckboxGroup:
		var parts []string
		for _, raw := range list(c["options"]) {
			o, _ := raw.(object)
			parts = append(parts, tick(o["default"] == true)+" "+str(o, "label"))
		}
		return joined(" ", parts)
	default:
		return renderSelect(c, name)
	}
}

func renderSelect(c object, name names) string {
	var chosen []string
	for _, raw := range list(c["options"]) {
		if o, _ := raw.(object); o["default"] == true {
			chosen = append(chosen, str(o, "label"))
		}
	}
	for _, raw := range list(c["default_values"]) {
		d, _ := raw.(object)
		sign := map[string]byte{"user": '@', "role": '&', "channel": '#'}[str(d, "type")]
		if name != nil {
			chosen = append(chosen, name(sign, str(d, "id")))
		}
	}
	if c["custom_id"] == nil {
		return ""
	}
	text := "[" + cmp.Or(strings.Join(chosen, ", "), str(c, "placeholder")) + " ▾]"
	if c["disabled"] == true {
		text = "(" + strings.Trim(text, "[]") + ")"
	}
	return text
}

// renderModal is a form as a person sees it: its title, then one field a line.
func renderModal(m object, name names) string {
	lines := []string{str(m, "title")}
	for _, raw := range list(m["components"]) {
		c, _ := raw.(object)
		lines = append(lines, renderComponent(c, name))
	}
	return joined("\n", lines)
}

func buttonEmoji(c object) string {
	e := sub(c, "emoji")
	if e["id"] != nil {
		return ":" + str(e, "name") + ":"
	}
	return str(e, "name")
}

func tick(on bool) string {
	if on {
		return "(x)"
	}
	return "( )"
}

// joined joins what is not empty.
func joined(between string, parts []string) string {
	var out []string
	for _, part := range parts {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, between)
}
