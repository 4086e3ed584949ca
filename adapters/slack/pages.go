package slack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"heed/bot"
)

// Nothing is cut without a mark: a private answer that is too long comes as
// several messages, a post says where its rest is.

// fit keeps what one message of the surface can hold. What is left out gives way
// to a line that says so; the last line of buttons stays.
func fit(blocks []slack.Block, on surface) []slack.Block {
	if len(blocks) <= on.maxBlocks && textOf(blocks...) <= maxMessageText {
		return blocks
	}
	last := blocks[len(blocks)-1:]
	if last[0].BlockType() != slack.MBTAction {
		last = nil
	}
	body := blocks[:len(blocks)-len(last)]
	room := maxMessageText - textOf(last...) - 200 // the mark's own
	kept := 0
	for kept < len(body) && kept < on.maxBlocks-len(last)-1 {
		if room -= textOf(body[kept]); room < 0 {
			break
		}
		kept++
	}
	mark := slack.NewContextBlock("", markup(fmt.Sprintf(
		"… and %s that don't fit in here. `/heed top 50`, `/heed search` and Details show all of it.", counted(len(body)-kept, "part", "parts"))))
	out := append([]slack.Block{}, body[:kept]...)
	return append(append(out, mark), last...)
}

// drawPages renders a document as the messages that it takes, at most limit; the
// last one says what was left out.
func drawPages(doc bot.Doc, on surface, limit int) []drawn {
	blocks := drawBlocks(doc, on)
	text := fallback(doc.Plain())
	var pages []drawn
	for len(blocks) > 0 && len(pages) < limit-1 {
		n, size := 0, 0
		for n < len(blocks) && n < on.maxBlocks {
			if size += textOf(blocks[n]); n > 0 && size > maxMessageText {
				break
			}
			n++
		}
		pages = append(pages, drawn{Text: text, Blocks: blocks[:n:n]})
		blocks = blocks[n:]
		text = "…"
	}
	if len(blocks) > 0 {
		pages = append(pages, drawn{Text: text, Blocks: fit(blocks, on)})
	}
	if len(pages) == 0 {
		pages = []drawn{{Text: text}}
	}
	return pages
}

// splitRich breaks an element whose text is longer than a block should hold into
// several that read on from each other.
func splitRich(e slack.RichTextElement) []slack.RichTextElement {
	parts := splitElements(elementsOf(e))
	if len(parts) == 1 {
		return []slack.RichTextElement{e}
	}
	var out []slack.RichTextElement
	for _, p := range parts {
		switch e := e.(type) {
		case *slack.RichTextQuote:
			out = append(out, &slack.RichTextQuote{Type: e.Type, Elements: p})
		case *slack.RichTextPreformatted:
			out = append(out, &slack.RichTextPreformatted{Type: e.Type, Elements: p})
		default:
			out = append(out, slack.NewRichTextSection(p...))
		}
	}
	return out
}

func elementsOf(e slack.RichTextElement) []slack.RichTextSectionElement {
	switch e := e.(type) {
	case *slack.RichTextSection:
		return e.Elements
	case *slack.RichTextQuote:
		return e.Elements
	case *slack.RichTextPreformatted:
		return e.Elements
	}
	return nil
}

// splitElements groups elements so that each group has at most maxSectionText
// characters, breaking long runs at a space where there is one.
func splitElements(es []slack.RichTextSectionElement) [][]slack.RichTextSectionElement {
	var out [][]slack.RichTextSectionElement
	var group []slack.RichTextSectionElement
	room := maxSectionText
	for _, e := range es {
		t, ok := e.(*slack.RichTextSectionTextElement)
		if !ok {
			group = append(group, e)
			continue
		}
		rest := t.Text
		for utf8.RuneCountInString(rest) > room {
			head := breakAt(rest, room)
			if head > 0 {
				group = append(group, slack.NewRichTextSectionTextElement(rest[:head], t.Style))
			}
			if len(group) > 0 {
				out = append(out, group)
			}
			group, rest, room = nil, rest[head:], maxSectionText
		}
		if rest != "" {
			group = append(group, slack.NewRichTextSectionTextElement(rest, t.Style))
			room -= utf8.RuneCountInString(rest)
		}
	}
	if len(group) > 0 {
		out = append(out, group)
	}
	return out
}

// breakAt is the byte offset of the last line or word end within the first n
// characters of s, or of the n-th character where there is none.
func breakAt(s string, n int) int {
	end := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	for _, sep := range []string{"\n", " "} {
		if at := strings.LastIndex(s[:end], sep); at > end/2 {
			return at + 1
		}
	}
	return end
}

// textOf counts the characters of text in blocks.
func textOf(blocks ...slack.Block) int {
	n := 0
	count := func(t *slack.TextBlockObject) {
		if t != nil {
			n += utf8.RuneCountInString(t.Text)
		}
	}
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			count(b.Text)
		case *slack.SectionBlock:
			count(b.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					count(t)
				}
			}
		case *slack.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				if x, ok := e.(*slack.ButtonBlockElement); ok {
					count(x.Text)
				}
			}
		case *slack.RichTextBlock:
			for _, e := range b.Elements {
				for _, s := range elementsOf(e) {
					switch s := s.(type) {
					case *slack.RichTextSectionTextElement:
						n += utf8.RuneCountInString(s.Text)
					case *slack.RichTextSectionLinkElement:
						n += utf8.RuneCountInString(s.Text) + utf8.RuneCountInString(s.URL)
					}
				}
			}
		}
	}
	return n
}
