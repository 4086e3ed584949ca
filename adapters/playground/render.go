package playground

import (
	"fmt"
	"net/url"
	"strings"

	"heed/bot"
)

// doc is a document as the page's script draws it: data only, never markup.
type doc struct {
	Kind   string  `json:"kind"` // say, card, digest, announcement, direct, note, home
	Card   *card   `json:"card,omitempty"`
	Blocks []block `json:"blocks,omitempty"`
	Plain  string  `json:"plain"` // in one line, for the unread list and the screen reader
}

// block is one of the core's blocks. Its kind says which of the fields count.
type block struct {
	Kind    string   `json:"kind"` // heading, para, quote, small, row, buttons, bars, rule
	Spans   []span   `json:"spans,omitempty"`
	Buttons []button `json:"buttons,omitempty"`
	Bars    []bar    `json:"bars,omitempty"`
}

type span struct {
	Text    string `json:"text"`
	Bold    bool   `json:"bold,omitempty"`
	Italic  bool   `json:"italic,omitempty"`
	Code    bool   `json:"code,omitempty"`
	URL     string `json:"url,omitempty"`
	Account string `json:"account,omitempty"`
	Channel string `json:"channel,omitempty"`
}

type button struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	URL    string `json:"url,omitempty"`
	Style  string `json:"style,omitempty"`
}

type bar struct {
	Label   string `json:"label"`
	Value   int    `json:"value"`
	Note    string `json:"note,omitempty"`
	Percent int    `json:"percent"` // of the longest
}

// plainRunes bounds a document's one line.
const plainRunes = 200

// renderContent draws what a post says. A content that the playground does not know,
// or that says nothing, is a fault of kind unrenderable.
func renderContent(c bot.Content) (doc, error) {
	var d doc
	switch c := c.(type) {
	case bot.Card:
		return renderCard(c), nil
	case bot.Digest:
		d = renderDoc("digest", c.Doc)
		if c.Headline != "" {
			d.Plain = oneLine(c.Headline)
		}
	case bot.Announcement:
		d = renderDoc("announcement", c.Doc)
	case bot.Direct:
		d = renderDoc("direct", c.Doc)
	case bot.Note:
		d = renderDoc("note", c.Doc)
	case bot.Home:
		d = renderDoc("home", c.Doc)
	default:
		return d, &bot.Fault{Kind: bot.FaultUnrenderable, Reason: fmt.Sprintf("unknown content %T", c)}
	}
	if len(d.Blocks) == 0 {
		return d, &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "empty"}
	}
	return d, nil
}

// renderDoc draws a document. A block that it does not know is left out; a test
// makes sure that there is none.
func renderDoc(kind string, blocks bot.Doc) doc {
	d := doc{Kind: kind, Plain: oneLine(blocks.Plain())}
	for _, b := range blocks {
		switch b := b.(type) {
		case bot.Heading:
			d.Blocks = append(d.Blocks, block{Kind: "heading", Spans: []span{{Text: b.Text}}})
		case bot.Para:
			d.Blocks = append(d.Blocks, block{Kind: "para", Spans: renderText(b.Text)})
		case bot.Quote:
			d.Blocks = append(d.Blocks, block{Kind: "quote", Spans: renderText(b.Text)})
		case bot.Small:
			d.Blocks = append(d.Blocks, block{Kind: "small", Spans: renderText(b.Text)})
		case bot.Row:
			d.Blocks = append(d.Blocks, block{Kind: "row", Spans: renderText(b.Text), Buttons: renderButtons(b.Buttons)})
		case bot.Buttons:
			d.Blocks = append(d.Blocks, block{Kind: "buttons", Buttons: renderButtons(b)})
		case bot.Bars:
			d.Blocks = append(d.Blocks, block{Kind: "bars", Bars: renderBars(b)})
		case bot.Rule:
			d.Blocks = append(d.Blocks, block{Kind: "rule"})
		}
	}
	return d
}

func renderText(t bot.Text) []span {
	out := make([]span, len(t))
	for i, s := range t {
		out[i] = span{Text: s.Text, Bold: s.Bold, Italic: s.Italic, Code: s.Code, URL: safeURL(s.URL), Account: s.Account, Channel: s.Channel}
	}
	return out
}

func renderButtons(bs []bot.Button) []button {
	out := make([]button, 0, len(bs))
	for _, b := range bs {
		x := button{Label: b.Label, Action: string(b.Action), URL: safeURL(b.URL), Style: string(b.Style)}
		if b.URL != "" && x.URL == "" && x.Action == "" {
			continue // a link that leads nowhere safe is no button
		}
		out = append(out, x)
	}
	return out
}

func renderBars(bs bot.Bars) []bar {
	most := 1
	for _, b := range bs {
		most = max(most, b.Value)
	}
	out := make([]bar, len(bs))
	for i, b := range bs {
		out[i] = bar{Label: b.Label, Value: b.Value, Note: b.Note, Percent: max(0, b.Value) * 100 / most}
	}
	return out
}

// safeURL is s when a click on it can only open a page: http, https, mail, or a place
// in this page. Else it is "".
func safeURL(s string) string {
	if strings.HasPrefix(s, "/#") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		return ""
	}
	return s
}

// oneLine is s without line breaks, cut by rune with a mark.
func oneLine(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > plainRunes {
		return string(r[:plainRunes-1]) + "…"
	}
	return string(r)
}
