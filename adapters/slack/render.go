package slack

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"heed/bot"
)

// surface says where blocks will stand; it decides their bounds and how a press
// on them is answered.
type surface struct {
	actions   string // begins every action_id
	maxBlocks int
}

// The surfaces. Buttons of private answers are told apart from those of posts:
// an answer may take the private one's place, never a post's.
var (
	onPost  = surface{"post", maxMessageBlocks}
	onReply = surface{"reply", maxMessageBlocks}
	onView  = surface{"view", maxViewBlocks}
)

// linkAction begins the action_id of buttons that only open a link.
const linkAction = "link"

// drawn is a message as Slack takes it.
type drawn struct {
	Text   string
	Blocks []slack.Block
}

// drawContent renders what a post says, in one message: what does not fit gives
// way to a line that says where the rest is.
func drawContent(c bot.Content) drawn {
	var d drawn
	switch c := c.(type) {
	case bot.Card:
		d = drawCard(c)
	case bot.Digest:
		d = drawDoc(c.Doc, onPost)
		if c.Headline != "" {
			d.Text = fallback(c.Headline)
		}
	case bot.Announcement:
		d = drawDoc(c.Doc, onPost)
	case bot.Direct:
		d = drawDoc(c.Doc, onPost)
	case bot.Note:
		d = drawDoc(c.Doc, onPost)
	case bot.Home:
		d = drawDoc(c.Doc, onView)
	}
	return d
}

// drawDoc renders a document to fit one message of the surface.
func drawDoc(doc bot.Doc, on surface) drawn {
	return drawn{Text: fallback(doc.Plain()), Blocks: fit(drawBlocks(doc, on), on)}
}

// drawBlocks renders every block of a document, however many come out. Action
// ids are unique in it.
func drawBlocks(doc bot.Doc, on surface) []slack.Block {
	d := drawing{on: on}
	for i := 0; i < len(doc); i++ {
		switch b := doc[i].(type) {
		case bot.Heading:
			d.add(slack.NewHeaderBlock(plain(orDash(cut(b.Text, maxHeaderText)))))
		case bot.Para:
			d.rich(section(b.Text))
		case bot.Quote:
			d.rich(quote(b.Text))
		case bot.Small:
			d.small(b.Text)
		case bot.Row:
			i += d.rows(doc[i:]) - 1
		case bot.Buttons:
			d.buttons(b)
		case bot.Bars:
			if len(b) > 0 {
				d.rich(preformatted(strings.Join(b.Lines(), "\n")))
			}
		case bot.Rule:
			d.add(slack.NewDividerBlock())
		}
	}
	return d.blocks
}

// drawing collects blocks.
type drawing struct {
	on      surface
	blocks  []slack.Block
	pressed int    // buttons so far
	inputID string // action_id of a form's inputs
}

func (d *drawing) add(b slack.Block) { d.blocks = append(d.blocks, b) }

// rich adds rich text elements, one block for each piece that a message can hold.
func (d *drawing) rich(e ...slack.RichTextElement) {
	for _, piece := range e {
		for _, part := range splitRich(piece) {
			d.add(slack.NewRichTextBlock("", part))
		}
	}
}

// small adds a line of lesser weight: plain where it can be, so that it is literal.
func (d *drawing) small(t bot.Text) {
	if marked(t) {
		d.add(slack.NewContextBlock("", markup(mrkdwn(t, maxSectionText))))
		return
	}
	text := cut(plainSpans(t), maxSectionText)
	if strings.TrimSpace(text) == "" {
		return
	}
	d.add(slack.NewContextBlock("", plain(text)))
}

// rows adds the rows at the start of doc and tells how many it took. Rows
// without buttons that follow each other are one block: they read as one list.
func (d *drawing) rows(doc bot.Doc) int {
	first := doc[0].(bot.Row)
	if len(first.Buttons) > 0 {
		d.row(first)
		return 1
	}
	var lines bot.Text
	n := 0
	for _, b := range doc {
		r, ok := b.(bot.Row)
		if !ok || len(r.Buttons) > 0 {
			break
		}
		if n > 0 {
			lines = append(lines, bot.Span{Text: "\n"})
		}
		lines = append(lines, r.Text...)
		n++
	}
	d.rich(section(lines))
	return n
}

// row adds a line with what can be done about it: one button stands beside it,
// more stand below.
func (d *drawing) row(r bot.Row) {
	text := markup(mrkdwn(r.Text, maxSectionText))
	if len(r.Buttons) == 1 {
		if b := d.button(r.Buttons[0]); b != nil {
			d.add(slack.NewSectionBlock(text, nil, slack.NewAccessory(b)))
			return
		}
	}
	d.add(slack.NewSectionBlock(text, nil, nil))
	d.buttons(r.Buttons)
}

// buttons adds lines of buttons, as many as Slack takes in one.
func (d *drawing) buttons(bs []bot.Button) {
	var elements []slack.BlockElement
	for _, b := range bs {
		if e := d.button(b); e != nil {
			elements = append(elements, e)
		}
	}
	for len(elements) > 0 {
		n := min(len(elements), maxActionsElements)
		d.add(slack.NewActionBlock("", elements[:n]...))
		elements = elements[n:]
	}
}

// button renders b; nil where it would do nothing at all.
func (d *drawing) button(b bot.Button) slack.BlockElement {
	action := d.on.actions
	if b.URL != "" {
		if !webLink(b.URL) {
			return nil
		}
		action = linkAction
	}
	if len(b.Action) > maxButtonValue {
		return nil
	}
	d.pressed++
	out := slack.NewButtonBlockElement(action+"."+strconv.Itoa(d.pressed), string(b.Action), plain(orDash(cut(b.Label, maxButtonText))))
	out.URL = b.URL
	switch b.Style {
	case bot.Primary:
		out.Style = slack.StylePrimary
	case bot.Danger:
		out.Style = slack.StyleDanger
	}
	return out
}

// plain is literal text; an emoji code in it stays as typed.
func plain(s string) *slack.TextBlockObject {
	no := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s, Emoji: &no}
}

// markup is text in Slack's markup that was escaped already. Verbatim: Slack
// looks for no names, channels or links in it by itself.
func markup(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: s, Verbatim: true}
}

func section(t bot.Text) slack.RichTextElement {
	return slack.NewRichTextSection(richElements(t)...)
}

func quote(t bot.Text) slack.RichTextElement {
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: richElements(t)}
}

func preformatted(s string) slack.RichTextElement {
	return &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{
		slack.NewRichTextSectionTextElement(s, nil),
	}}
}

// plainSpans is t without marks, channels with their sign.
func plainSpans(t bot.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(spanText(s))
	}
	return b.String()
}

// orDash stands in for a text that Slack would refuse as empty.
func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}

// counted is "1 quote", "3 quotes".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
