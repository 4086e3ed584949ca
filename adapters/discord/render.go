package discord

import (
	"strings"

	"heed/bot"
)

// digestColour is the edge of what Heed sums up; no status has it.
const digestColour = 0x0b7468

// drawContent renders what a post says, in one message: what does not fit gives
// way to a line that says where the rest is. The post's key stands in it, so that
// the message is known again.
func drawContent(c bot.Content, key string) message {
	if doc, ok := spokenDoc(c); ok {
		if m, ok := drawSpoken(doc, key); ok {
			return m
		}
	}
	return drawParts(c).stamped(key)
}

// drawEdit renders what a post says now. An edited message is always made of
// components: Discord lets a message become one of those, never the other way.
func drawEdit(c bot.Content) any {
	m := drawParts(c).stamped("")
	if _, ok := spokenDoc(c); ok {
		return spokenEdit{message: m}
	}
	return m
}

// drawParts renders a post in components v2.
func drawParts(c bot.Content) message {
	switch c := c.(type) {
	case bot.Card:
		return drawCard(c)
	case bot.Digest:
		return boxed(digestColour, fitDoc(c.Doc, 1))
	case bot.Announcement:
		return drawDoc(c.Doc)
	case bot.Direct:
		return drawDoc(c.Doc)
	case bot.Note:
		return drawDoc(c.Doc)
	case bot.Home:
		return drawDoc(c.Doc)
	}
	return messageOf(nil)
}

// drawDoc renders a document to fit one message.
func drawDoc(doc bot.Doc) message { return messageOf(fitDoc(doc, 0)) }

// messageOf is a message of components v2 that pings nobody.
func messageOf(cs []component) message {
	if len(cs) == 0 {
		cs = blank()
	}
	return message{Flags: flagComponentsV2, Components: cs, AllowedMentions: allowedMentions{Parse: []string{}}}
}

// drawBlocks renders every block of a document, however many come out; texts come
// in pieces of at most limit.
func drawBlocks(doc bot.Doc, limit int) []component {
	d := drawing{limit: limit, list: listOf(doc)}
	for i, b := range doc {
		row, isRow := b.(bot.Row)
		if isRow && d.list != "" && len(row.Buttons) == 2 {
			d.listRow(row)
			continue
		}
		d.menu()
		switch b := b.(type) {
		case bot.Heading:
			d.text(heading(b, i == 0))
			d.open = true
		case bot.Para:
			d.texts(markdown(b.Text, "", limit))
		case bot.Quote:
			d.texts(markdown(b.Text, "> ", limit))
		case bot.Small:
			d.open = true
			d.texts(markdown(b.Text, smallMark, limit))
		case bot.Row:
			d.row(b)
		case bot.Buttons:
			d.buttons(b)
		case bot.Bars:
			d.texts(bars(b, limit))
		case bot.Rule:
			d.add(component{Type: typeSeparator, Spacing: 1})
		}
	}
	d.menu()
	return d.components
}

// heading is a title in markdown; the first of a document is larger.
func heading(h bot.Heading, first bool) string {
	mark := "### "
	if first {
		mark = "## "
	}
	return mark + titleLine(orDash(cut(oneLine(h.Text), maxHeading)))
}

// drawing collects components.
type drawing struct {
	limit      int // of a text
	components []component
	open       bool     // the next text reads on from the last one
	listed     bool     // the last text is of rows
	list       string   // the label of the second button that the rows of a list share
	picks      []option // of the rows above that have no menu yet
}

func (d *drawing) add(c component) {
	d.components = append(d.components, c)
	d.open, d.listed = false, false
}

// text adds markdown: to the text above when that is open for it.
func (d *drawing) text(s string) {
	if n := len(d.components); d.open && n > 0 && d.components[n-1].Type == typeTextDisplay {
		last := &d.components[n-1]
		if both := last.Content + "\n" + s; units(both) <= d.limit {
			last.Content, d.open, d.listed = both, false, false
			return
		}
	}
	d.add(textDisplay(s))
}

func (d *drawing) texts(pieces []string) {
	for _, s := range pieces {
		d.text(s)
	}
}

// row adds a line with what can be done about it: one button stands beside it,
// more stand below. Rows without buttons that follow each other read as one list.
func (d *drawing) row(r bot.Row) {
	pieces := markdown(r.Text, "", d.limit)
	if len(pieces) == 1 && len(r.Buttons) == 1 {
		if b, ok := button(r.Buttons[0]); ok {
			d.add(component{Type: typeSection, Components: []component{textDisplay(pieces[0])}, Accessory: &b})
			return
		}
	}
	d.open = d.open || d.listed
	d.texts(pieces)
	d.buttons(r.Buttons)
	d.listed = len(r.Buttons) == 0
}

// buttons adds rows of buttons, as many as Discord takes in one.
func (d *drawing) buttons(bs []bot.Button) {
	for _, row := range actionRows(bs) {
		d.add(row)
	}
	d.texts(markdown(longLinks(bs), "", d.limit))
}

// longLinks are the links that are too long for a button, as text.
func longLinks(bs []bot.Button) bot.Text {
	var t bot.Text
	for _, b := range bs {
		if _, ok := button(b); ok || !webLink(b.URL) {
			continue
		}
		if len(t) > 0 {
			t = append(t, bot.Span{Text: " · "})
		}
		t = append(t, bot.Link(b.Label, b.URL))
	}
	return t
}

func actionRows(bs []bot.Button) []component {
	var all, rows []component
	for _, b := range bs {
		if c, ok := button(b); ok {
			all = append(all, c)
		}
	}
	for len(all) > 0 {
		n := min(len(all), maxRowButtons)
		rows = append(rows, component{Type: typeActionRow, Components: all[:n:n]})
		all = all[n:]
	}
	return rows
}

// button renders b; false where it would do nothing at all.
func button(b bot.Button) (component, bool) {
	c := component{Type: typeButton, Label: orDash(cut(visible(b.Label), maxButtonLabel)), Style: buttonSecondary}
	if b.URL != "" {
		c.Style, c.URL = buttonLink, b.URL
		return c, webLink(b.URL) && runes(b.URL) <= maxButtonURL
	}
	switch b.Style {
	case bot.Primary:
		c.Style = buttonPrimary
	case bot.Danger:
		c.Style = buttonDanger
	}
	c.CustomID = string(b.Action)
	return c, c.CustomID != "" && len(c.CustomID) <= maxCustomID
}

// barCells is how wide the longest bar is; the numbers and names behind it fit a
// phone beside that, or wrap as any text does.
const barCells = 10

// bars are the bars as a picture: each in code, whose letters are of one width, and
// behind it what it counts.
func bars(bs bot.Bars, limit int) []string {
	most := 1
	for _, b := range bs {
		most = max(most, b.Value)
	}
	var lines bot.Text
	for i, b := range bs {
		if i > 0 {
			lines = append(lines, bot.Span{Text: "\n"})
		}
		full := (max(b.Value, 0)*barCells + most - 1) / most
		lines = append(lines, bot.Span{Text: strings.Repeat("█", full) + strings.Repeat("░", barCells-full), Code: true})
		note := ""
		if b.Note != "" {
			note = " (" + oneLine(b.Note) + ")"
		}
		lines = append(lines, bot.Textf(" *%d*%s %s", b.Value, note, oneLine(b.Label))...)
	}
	return markdown(lines, "", limit)
}

// blank stands in for nothing, which Discord takes neither as a message nor in a box.
func blank() []component { return []component{textDisplay("–")} }

func textDisplay(markdown string) component {
	return component{Type: typeTextDisplay, Content: markdown}
}
