package bot

import (
	"fmt"
	"strings"
)

// Doc is what a person reads: blocks from top to bottom.
type Doc []Block

// Block is one of Heading, Para, Quote, Small, Row, Buttons, Bars, Rule. Every
// adapter renders all of them.
type Block interface{ block() }

// Heading is a short title line.
type Heading struct{ Text string }

// Para is a paragraph.
type Para struct{ Text Text }

// Quote is somebody's words.
type Quote struct{ Text Text }

// Small is a line of lesser weight.
type Small struct{ Text Text }

// Row is a line of a list with what can be done about it, at most two buttons.
type Row struct {
	Text    Text
	Buttons []Button
}

// Buttons is a line of at most five buttons.
type Buttons []Button

// Bars compares numbers as a picture: a line each, the longest filling the width.
type Bars []Bar

// Bar is one line of Bars.
type Bar struct {
	Label string
	Value int
	Note  string // behind the number, e.g. "+9"
}

// Rule is a line between parts.
type Rule struct{}

func (Heading) block() {}
func (Para) block()    {}
func (Quote) block()   {}
func (Small) block()   {}
func (Row) block()     {}
func (Buttons) block() {}
func (Bars) block()    {}
func (Rule) block()    {}

// Button does an action, or opens a link when URL is set.
type Button struct {
	Label  string // at most 75 runes
	Action Action
	URL    string
	Style  ButtonStyle
}

// ButtonStyle sets a button apart; never the only sign of what it does.
type ButtonStyle string

// The styles.
const (
	Plain   ButtonStyle = ""
	Primary ButtonStyle = "primary"
	Danger  ButtonStyle = "danger"
)

// Action says what a press means: a verb and its arguments, separated by spaces,
// e.g. "vote 42". At most 100 bytes, of ids and numbers, never a person's words.
type Action string

// Act makes an Action of a verb and its arguments.
func Act(verb string, args ...any) Action {
	s := verb
	for _, a := range args {
		s += fmt.Sprintf(" %v", a)
	}
	return Action(s)
}

// Parts are the action's verb and its arguments.
func (a Action) Parts() (verb string, args []string) {
	f := strings.Fields(string(a))
	if len(f) == 0 {
		return "", nil
	}
	return f[0], f[1:]
}

// Plain is the document as text: for notifications, logs of a dry run and
// platforms' fallbacks. Buttons stand in brackets, quotes behind "> ".
func (d Doc) Plain() string {
	var b strings.Builder
	for _, bl := range d {
		switch bl := bl.(type) {
		case Heading:
			b.WriteString(bl.Text + "\n")
		case Para:
			b.WriteString(bl.Text.Plain() + "\n")
		case Small:
			b.WriteString(bl.Text.Plain() + "\n")
		case Quote:
			b.WriteString("> " + strings.ReplaceAll(bl.Text.Plain(), "\n", "\n> ") + "\n")
		case Row:
			b.WriteString(bl.Text.Plain() + plainButtons(bl.Buttons) + "\n")
		case Buttons:
			b.WriteString(strings.TrimSpace(plainButtons(bl)) + "\n")
		case Bars:
			for _, line := range bl.Lines() {
				b.WriteString(line + "\n")
			}
		case Rule:
			b.WriteString("\n")
		}
	}
	return b.String()
}

func plainButtons(bs []Button) string {
	var b strings.Builder
	for _, x := range bs {
		b.WriteString(" [" + x.Label + "]")
	}
	return b.String()
}

// Lines draws the bars with block characters, twelve cells wide.
func (bs Bars) Lines() []string {
	const cells = 12
	most, width := 1, 0
	for _, b := range bs {
		most = max(most, b.Value)
		width = max(width, len([]rune(b.Label)))
	}
	lines := make([]string, len(bs))
	for i, b := range bs {
		full := (b.Value*cells + most - 1) / most
		lines[i] = fmt.Sprintf("%-*s %s%s %d", width, b.Label, strings.Repeat("█", full), strings.Repeat("░", cells-full), b.Value)
		if b.Note != "" {
			lines[i] += " (" + b.Note + ")"
		}
	}
	return lines
}
