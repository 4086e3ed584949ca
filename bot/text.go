package bot

import (
	"fmt"
	"strings"
)

// Text is a line or paragraph with marks, ready for any platform to render.
// Its strings are literal: an adapter escapes them, so that nothing a person
// typed pings anyone or becomes markup.
type Text []Span

// Span is a run of text with one set of marks.
type Span struct {
	Text    string
	Bold    bool
	Italic  bool
	Code    bool
	URL     string // the run is a link there
	Account string // the run names this account; Text is its name. Adapters may link it, never ping it
	Channel string // the run names this channel; Text is its name
}

// Textf makes a Text from a format whose own *bold*, _italic_ and `code` marks
// count and whose arguments are taken literally. Verbs are those of fmt; an
// argument of type Text or Span keeps its own marks.
func Textf(format string, args ...any) Text {
	var out Text
	var mark Span
	arg := 0
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			s := mark
			s.Text = run.String()
			out = append(out, s)
			run.Reset()
		}
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		switch {
		case c == '*' && opensOrCloses(format, i, mark.Bold):
			flush()
			mark.Bold = !mark.Bold
		case c == '_' && opensOrCloses(format, i, mark.Italic):
			flush()
			mark.Italic = !mark.Italic
		case c == '`':
			flush()
			mark.Code = !mark.Code
		case c == '%' && i+1 < len(format) && format[i+1] == '%':
			run.WriteByte('%')
			i++
		case c == '%':
			end := i + 1
			for end < len(format) && strings.IndexByte("+-# 0123456789.", format[end]) >= 0 {
				end++
			}
			if end >= len(format) || arg >= len(args) {
				run.WriteString(format[i:])
				i = len(format)
				break
			}
			a := args[arg]
			arg++
			switch a := a.(type) {
			case Text:
				flush()
				for _, s := range a {
					s.Bold, s.Italic, s.Code = s.Bold || mark.Bold, s.Italic || mark.Italic, s.Code || mark.Code
					out = append(out, s)
				}
			case Span:
				flush()
				a.Bold, a.Italic, a.Code = a.Bold || mark.Bold, a.Italic || mark.Italic, a.Code || mark.Code
				out = append(out, a)
			default:
				fmt.Fprintf(&run, format[i:end+1], a)
			}
			i = end
		default:
			run.WriteByte(c)
		}
	}
	flush()
	return out
}

// opensOrCloses tells whether the mark at i stands at the edge of a word, so that
// 2*3 and snake_case in a format stay as they are.
func opensOrCloses(format string, i int, open bool) bool {
	letter := func(j int) bool {
		return j >= 0 && j < len(format) && (format[j] >= 'a' && format[j] <= 'z' || format[j] >= 'A' && format[j] <= 'Z' || format[j] >= '0' && format[j] <= '9')
	}
	if open {
		return !letter(i + 1)
	}
	return !letter(i-1) && i+1 < len(format) && format[i+1] != ' '
}

// Plain is the text without marks.
func (t Text) Plain() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
		if s.URL != "" && s.URL != s.Text {
			b.WriteString(" (" + s.URL + ")")
		}
	}
	return b.String()
}

// Literal is a Text of one run without marks.
func Literal(s string) Text { return Text{{Text: s}} }

// Link is a run that leads to url; without a url it is the plain text.
func Link(text, url string) Span { return Span{Text: text, URL: url} }
