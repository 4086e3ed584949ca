package discord

import (
	"strings"

	"heed/bot"
)

// drawContent renders what a post says, in one message: what does not fit gives
// way to a line that says where the rest is. The post's key stands in it, so that
// the message is known again; an edit needs none.
func drawContent(c bot.Content, key string) message {
	var m message
	switch c := c.(type) {
	case bot.Card:
		m = drawCard(c)
	case bot.Digest:
		m = drawDoc(c.Doc)
	case bot.Announcement:
		m = drawDoc(c.Doc)
	case bot.Direct:
		m = drawDoc(c.Doc)
	case bot.Note:
		m = drawDoc(c.Doc)
	case bot.Home:
		m = drawDoc(c.Doc)
	}
	return m.stamped(key)
}

// drawDoc renders a document to fit one message.
func drawDoc(doc bot.Doc) message {
	return messageOf(fit(drawBlocks(doc), maxComponents))
}

// messageOf is a message of components v2 that pings nobody.
func messageOf(cs []component) message {
	if len(cs) == 0 {
		cs = []component{textDisplay("Heed")}
	}
	return message{Flags: flagComponentsV2, Components: cs, AllowedMentions: allowedMentions{Parse: []string{}}}
}

// drawBlocks renders every block of a document, however many come out.
func drawBlocks(doc bot.Doc) []component {
	var d drawing
	for i, b := range doc {
		switch b := b.(type) {
		case bot.Heading:
			mark := "### "
			if i == 0 {
				mark = "## "
			}
			d.text(mark + literal(orDash(cut(strings.ReplaceAll(b.Text, "\n", " "), maxHeading)), false))
			d.open = true
		case bot.Para:
			d.texts(markdown(b.Text, "", maxMessageText))
		case bot.Quote:
			d.texts(markdown(b.Text, "> ", maxMessageText))
		case bot.Small:
			d.open = true
			d.texts(markdown(b.Text, "-# ", maxMessageText))
		case bot.Row:
			d.row(b)
		case bot.Buttons:
			d.buttons(b)
		case bot.Bars:
			d.texts(bars(b))
		case bot.Rule:
			d.add(component{Type: typeSeparator, Spacing: 1})
		}
	}
	return d.components
}

// drawing collects components.
type drawing struct {
	components []component
	open       bool // the next text reads on from the last one
}

func (d *drawing) add(c component) {
	d.components = append(d.components, c)
	d.open = false
}

// text adds markdown: to the text above when that is open for it.
func (d *drawing) text(s string) {
	if n := len(d.components); d.open && n > 0 && d.components[n-1].Type == typeTextDisplay {
		last := &d.components[n-1]
		if both := last.Content + "\n" + s; units(both) <= maxMessageText {
			last.Content, d.open = both, false
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
	pieces := markdown(r.Text, "", maxMessageText)
	if len(pieces) == 1 && len(r.Buttons) == 1 {
		if b, ok := button(r.Buttons[0]); ok {
			d.add(component{Type: typeSection, Components: []component{textDisplay(pieces[0])}, Accessory: &b})
			return
		}
	}
	d.texts(pieces)
	d.buttons(r.Buttons)
	d.open = len(r.Buttons) == 0
}

// buttons adds rows of buttons, as many as Discord takes in one.
func (d *drawing) buttons(bs []bot.Button) {
	var row []component
	for _, b := range bs {
		if c, ok := button(b); ok {
			row = append(row, c)
		}
	}
	for len(row) > 0 {
		n := min(len(row), maxRowButtons)
		d.add(component{Type: typeActionRow, Components: row[:n:n]})
		row = row[n:]
	}
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

// bars are the bars as a picture in a block of code, whose lines stand in line.
func bars(bs bot.Bars) []string {
	if len(bs) == 0 {
		return nil
	}
	short := make(bot.Bars, len(bs))
	for i, b := range bs {
		b.Label = cut(literalCode(b.Label), maxBarLabel)
		b.Note = cut(literalCode(b.Note), maxBarLabel)
		short[i] = b
	}
	return []string{"```\n" + strings.Join(short.Lines(), "\n") + "\n```"}
}

func textDisplay(markdown string) component {
	return component{Type: typeTextDisplay, Content: markdown}
}
