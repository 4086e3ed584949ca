package discord_test

import (
	"maps"
	"slices"
	"strings"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
)

// again is the button of a message that says what to mend.
const again = "Open the form again"

// Submit sends the form page by page. A form of Discord's closes whatever becomes of it:
// what to mend stands in a private message, whose button opens it again as it was.
func (c *chat) Submit(who string, values map[string]string) map[string]string {
	c.t.Helper()
	labels := map[string]string{}
	for {
		m, open := c.discord.Modal(c.people[who])
		if !open {
			c.t.Fatalf("no form is open before %s", who)
		}
		maps.Copy(labels, fieldLabels(m))
		c.ok(c.people[who].Submit(c.filled(m, values)))
		c.heard()
		if !c.pressed(who, "Continue") {
			break
		}
	}
	last, found := c.lastPrivate(who)
	if !found || !slices.Contains(last.Buttons, again) {
		return nil
	}
	errs := map[string]string{}
	lines := strings.Split(last.Text, "\n")
	for name, label := range labels {
		if i := slices.Index(lines, label); i >= 0 && i+1 < len(lines) {
			errs[name] = lines[i+1]
		}
	}
	c.pressed(who, again)
	return errs
}

// pressed presses a button of the last private message, where it has it.
func (c *chat) pressed(who, label string) bool {
	c.t.Helper()
	last, found := c.lastPrivate(who)
	if !found || !slices.Contains(last.Buttons, label) {
		return false
	}
	c.Press(who, last, label)
	return true
}

func (c *chat) lastPrivate(who string) (adaptertest.Message, bool) {
	all := c.Private(who)
	if len(all) == 0 {
		return adaptertest.Message{}, false
	}
	return all[len(all)-1], true
}

// filled are the values for the fields of one page, as the client sends them.
func (c *chat) filled(m discordfake.Modal, values map[string]string) map[string]any {
	out := map[string]any{}
	for _, x := range inputs(m) {
		name, _ := x["custom_id"].(string)
		value, given := values[name]
		if !given {
			continue
		}
		switch x["type"] {
		case float64(4): // text
			out[name] = value
		case float64(5): // people
			out[name] = c.people[value]
		case float64(8): // channels
			out[name] = c.channels[value]
		default:
			out[name] = []string{value}
			if value == "" {
				out[name] = []string{}
			}
		}
	}
	return out
}

// inputs are a form's inputs, without the labels around them.
func inputs(m discordfake.Modal) []map[string]any {
	var out []map[string]any
	for _, c := range m.Components {
		if inner, ok := c["component"].(map[string]any); ok {
			out = append(out, inner)
		}
	}
	return out
}

func fieldLabels(m discordfake.Modal) map[string]string {
	out := map[string]string{}
	for _, c := range m.Components {
		if inner, ok := c["component"].(map[string]any); ok {
			out[inner["custom_id"].(string)], _ = c["label"].(string)
		}
	}
	return out
}

// Form is all pages of the form, read as a person does who goes through them and comes
// back to the first.
func (c *chat) Form(who string) (adaptertest.Form, bool) {
	c.t.Helper()
	c.adapter.Wait()
	m, open := c.discord.Modal(c.people[who])
	f := adaptertest.Form{Title: m.Title, Text: m.String(), Values: map[string]string{}}
	for page := 0; open; page++ {
		for name, value := range m.Values() {
			f.Values[name] = strings.TrimPrefix(strings.Join(value, " "), "=")
		}
		if !strings.Contains(m.Title, " of ") || c.last(m.Title) {
			for range page {
				c.pressed(who, "Change what's before")
			}
			return f, true
		}
		c.ok(c.people[who].Submit(nil))
		c.heard()
		c.pressed(who, "Continue")
		m, _ = c.discord.Modal(c.people[who])
		f.Text += "\n" + m.String()
	}
	return f, open
}

// last tells whether a title is that of the last page: "A form · 2 of 2".
func (c *chat) last(title string) bool {
	page, of, _ := strings.Cut(title, " of ")
	return page != "" && of != "" && page[len(page)-1] == of[0]
}
