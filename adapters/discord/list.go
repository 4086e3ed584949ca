package discord

import "heed/bot"

// A row with two buttons takes four components: ten of them are more than a message.
// Where a list of such rows has the same second button throughout ("Details"), each
// row keeps the first beside it, and one menu below does the second for all.

const (
	// leastListed is how many rows make a list worth a menu.
	leastListed = 4
	// mostListed is how many rows share one, so that list, menu and what stands around
	// them are one message.
	mostListed = 10
	// pickAction is the menu's own; what it does is the option that was picked.
	pickAction = "pick"
)

// listOf is the label of the second button that the rows of a document share; "" when
// they are no list.
func listOf(doc bot.Doc) string {
	label, n := "", 0
	for _, b := range doc {
		r, ok := b.(bot.Row)
		if !ok || len(r.Buttons) != 2 {
			continue
		}
		second := r.Buttons[1]
		if _, ok := button(second); !ok || second.URL != "" || n > 0 && second.Label != label {
			return ""
		}
		label = second.Label
		n++
	}
	if n < leastListed {
		return ""
	}
	return label
}

// listRow adds a row of a list: its second button goes to the menu.
func (d *drawing) listRow(r bot.Row) {
	second := r.Buttons[1]
	d.picks = append(d.picks, option{Label: orDash(cut(oneLine(visible(r.Text.Plain())), maxOptionLabel)), Value: string(second.Action)})
	r.Buttons = r.Buttons[:1]
	d.row(r)
	if len(d.picks) == mostListed {
		d.menu()
	}
}

// menu adds the menu of the rows above it, if any.
func (d *drawing) menu() {
	picks := d.picks
	d.picks = nil
	var options []option
	seen := map[string]bool{}
	for _, p := range picks {
		if !seen[p.Value] {
			seen[p.Value] = true
			options = append(options, p)
		}
	}
	if len(options) > 0 {
		d.add(component{Type: typeActionRow, Components: []component{{
			Type: typeStringSelect, CustomID: pickAction, Placeholder: cut(d.list+"…", maxSelectPlaceholder), Options: options,
		}}})
	}
}
