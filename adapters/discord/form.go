package discord

import (
	"fmt"
	"slices"
	"strings"

	"heed/bot"
)

// What an option of nothing is called, for Discord takes no empty value; and what a
// ticked box gives back.
const (
	noOption = "="
	checkOn  = "on"
)

// chosen is the field's value that an option's value stands for.
func chosen(option string) string {
	if option == noOption {
		return ""
	}
	return option
}

// drawForm renders a page of a form, counted from 0, and tells how many there are.
// Every input's custom_id is its field's name; the modal's own is left to the opener,
// who keeps the form's ID and State.
func drawForm(f bot.Form, page int) (modal, int) {
	pages := formPages(f)
	page = min(max(page, 0), len(pages)-1)
	m := modal{Title: formTitle(f, page, len(pages))}
	for _, field := range pages[page] {
		m.Components = append(m.Components, drawField(field))
	}
	if len(m.Components) == 0 {
		m.Components = []component{textDisplay("There is nothing to fill in here.")}
	}
	return m, len(pages)
}

// formTitle is the form's title. Discord's own button always reads Submit, so what it
// will do stands behind the title, and before that how many pages there are.
func formTitle(f bot.Form, page, pages int) string {
	title := orDash(oneLine(visible(f.Title)))
	parts := []string{title}
	if pages > 1 {
		parts = append(parts, fmt.Sprintf("%d of %d", page+1, pages))
	}
	if page == pages-1 && f.Submit != "" && !strings.Contains(strings.ToLower(title), strings.ToLower(f.Submit)) {
		parts = append(parts, oneLine(f.Submit))
	}
	for len(parts) > 1 && runes(strings.Join(parts, " · ")) > maxModalTitle {
		parts = slices.Delete(parts, 1, 2)
	}
	return cut(strings.Join(parts, " · "), maxModalTitle)
}

// pageBegins are the fields that begin a page of a form that needs several, by what
// belongs together; other forms are filled up from the first field.
var pageBegins = []string{
	"estimate", // a story: what it is, then how it is planned
	"digest",   // the set-up: who and where, then the weekly summary
	"per_day",  // the settings: the board, then how much a member may do
}

// formPages are a form's fields as they go on pages; texts between fields that follow
// each other are one.
func formPages(f bot.Form) [][]bot.Field {
	var fields []bot.Field
	for _, field := range f.Fields {
		info, ok := field.(bot.InfoField)
		if ok && len(info.Doc) == 0 {
			continue
		}
		if n := len(fields); ok && n > 0 {
			if above, ok := fields[n-1].(bot.InfoField); ok {
				fields[n-1] = bot.InfoField{Doc: append(slices.Clone(above.Doc), info.Doc...)}
				continue
			}
		}
		fields = append(fields, field)
	}
	pages := [][]bot.Field{nil}
	for _, field := range fields {
		n := len(pages) - 1
		begins := len(fields) > maxModalComponents && len(pages[n]) > 0 && slices.Contains(pageBegins, fieldName(field))
		if begins || len(pages[n]) == maxModalComponents {
			pages = append(pages, nil)
			n++
		}
		pages[n] = append(pages[n], field)
	}
	return pages
}

// fieldName is a field's name; "" of a text.
func fieldName(f bot.Field) string {
	switch f := f.(type) {
	case bot.TextField:
		return f.Name
	case bot.ChoiceField:
		return f.Name
	case bot.CheckField:
		return f.Name
	case bot.MemberField:
		return f.Name
	case bot.ChannelField:
		return f.Name
	}
	return ""
}

// drawField renders one field of a form.
func drawField(f bot.Field) component {
	no := 0
	switch f := f.(type) {
	case bot.TextField:
		in := component{
			Type: typeTextInput, CustomID: f.Name, Style: inputLine, MaxLength: inputLength(f),
			Placeholder: cut(f.Placeholder, maxPlaceholder), Value: typedValue(f), Required: needed(f.Optional),
		}
		if f.Lines {
			in.Style = inputLines
		}
		return labelled(f.Label, f.Hint, in)
	case bot.ChoiceField:
		return choice(f)
	case bot.CheckField:
		in := component{Type: typeCheckboxGroup, CustomID: f.Name, MinValues: &no, Required: needed(true), Options: []option{
			{Label: orDash(cut(f.Text, maxOptionLabel)), Value: checkOn, Default: f.On},
		}}
		return labelled(firstOf(f.Label, f.Text), "", in)
	case bot.MemberField:
		in := component{Type: typeUserSelect, CustomID: f.Name, Placeholder: "Somebody", Required: needed(f.Optional), DefaultValues: preset("user", f.Value)}
		return labelled(f.Label, f.Hint, optionally(in, f.Optional))
	case bot.ChannelField:
		in := component{
			Type: typeChannelSelect, CustomID: f.Name, Placeholder: "A channel", Required: needed(f.Optional),
			DefaultValues: preset("channel", f.Value), ChannelTypes: postChannels,
		}
		return labelled(f.Label, f.Hint, optionally(in, f.Optional))
	case bot.InfoField:
		return textDisplay(infoText(f.Doc))
	}
	return textDisplay("–")
}

// postChannels are the kinds of channel that Heed can post in or take posts from:
// text, announcement, forum.
var postChannels = []int{0, 5, 15}

// inputLength is how much a field takes.
func inputLength(f bot.TextField) int {
	if f.Max > 0 {
		return min(f.Max, maxInputLength)
	}
	return maxTyped
}

// typedValue is what stands in a field at first: an excerpt of what is longer, in one
// line where the field has no more.
func typedValue(f bot.TextField) string {
	value := strings.ToValidUTF8(f.Value, "\uFFFD")
	if !f.Lines {
		value = strings.ReplaceAll(value, "\n", " ")
	}
	return cut(value, inputLength(f))
}

// choice is a list to choose from.
func choice(f bot.ChoiceField) component {
	in := component{Type: typeStringSelect, CustomID: f.Name, Placeholder: "Choose", Required: needed(f.Optional)}
	hint, left := f.Hint, 0
	for _, o := range f.Options {
		value := firstOf(o.Value, noOption)
		if len(in.Options) == maxOptions || runes(value) > maxOptionValue {
			left++
			continue
		}
		in.Options = append(in.Options, option{Label: orDash(cut(o.Label, maxOptionLabel)), Value: value, Default: f.Value == o.Value && (f.Value != "" || !f.Optional)})
	}
	if left > 0 {
		hint = fmt.Sprintf("… and %d more that this list can't show. %s", left, hint)
	}
	if len(in.Options) == 0 {
		return textDisplay(literal(oneLine(f.Label), true) + ": there is nothing to choose from yet.")
	}
	return labelled(f.Label, hint, optionally(in, f.Optional))
}

// preset is what a list of people or channels begins with, where Discord knows it.
func preset(kind, id string) []defaultValue {
	if !snowflake.MatchString(id) {
		return nil
	}
	return []defaultValue{{ID: id, Type: kind}}
}

// labelled puts a label over an input. A label that is too long reads on in the line
// under it.
func labelled(label, hint string, in component) component {
	label, hint = oneLine(visible(label)), oneLine(visible(hint))
	if runes(label) > maxLabel {
		hint = strings.TrimSpace(label + " " + hint)
	}
	return component{Type: typeLabel, Label: orDash(cut(label, maxLabel)), Description: cut(hint, maxLabelDescription), Component: &in}
}

// optionally lets a list be left empty.
func optionally(in component, optional bool) component {
	if optional {
		none := 0
		in.MinValues = &none
	}
	return in
}

func needed(optional bool) *bool {
	yes := !optional
	return &yes
}

// infoText is a document as the text between fields. A form holds no buttons, so they
// are named.
func infoText(doc bot.Doc) string {
	var parts []string
	for i, b := range doc {
		if pieces, ok := spokenBlock(b, i == 0); ok {
			parts = append(parts, pieces...)
			continue
		}
		switch b := b.(type) {
		case bot.Row:
			parts = append(parts, markdown(append(slices.Clone(b.Text), named(b.Buttons)...), "", maxContent)...)
		case bot.Buttons:
			parts = append(parts, markdown(named(b), "", maxContent)...)
		}
	}
	text := ""
	for _, p := range parts {
		if units(text)+1+units(p) > maxInfo {
			text += "\n-# … and more that doesn't fit in here."
			break
		}
		text = strings.TrimPrefix(text+"\n"+p, "\n")
	}
	return orDash(text)
}

func named(bs []bot.Button) bot.Text {
	var t bot.Text
	for _, b := range bs {
		t = append(t, bot.Span{Text: " "}, bot.Link("["+b.Label+"]", b.URL))
	}
	return t
}

// firstOf is the first that is not empty.
func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// classic is m as forms were before labels: rows of one text input, which bears its own
// label. What else there was keeps the value that it began with. False without any text.
func (m modal) classic() (modal, bool) {
	var rows []component
	for _, c := range m.Components {
		if c.Component == nil || c.Component.Type != typeTextInput {
			continue
		}
		in := *c.Component
		in.Label = c.Label
		rows = append(rows, component{Type: typeActionRow, Components: []component{in}})
	}
	m.Components = rows
	return m, len(rows) > 0
}
