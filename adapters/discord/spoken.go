package discord

import (
	"strings"

	"heed/bot"
)

// A notification on a phone shows a message's content and nothing of components v2:
// https://github.com/discord/discord-api-docs/issues/7854. What is meant to reach a
// person while they are elsewhere is therefore spoken: words in the content, buttons
// below, wherever it fits that older and narrower form.

// spokenDoc is what a post says when it is one of those; false for the others.
func spokenDoc(c bot.Content) (bot.Doc, bool) {
	switch c := c.(type) {
	case bot.Announcement:
		return c.Doc, true
	case bot.Direct:
		return c.Doc, true
	case bot.Note:
		return c.Doc, true
	}
	return nil, false
}

// drawSpoken renders a document as content with buttons below it. False when it
// needs more: too long, buttons amid the words, or nothing in it that could carry
// the key.
func drawSpoken(doc bot.Doc, key string) (message, bool) {
	var parts []string
	var buttons []bot.Button
	for i, b := range doc {
		if x, ok := b.(bot.Buttons); ok {
			if len(longLinks(x)) > 0 {
				return message{}, false
			}
			buttons = append(buttons, x...)
			continue
		}
		pieces, ok := spokenBlock(b, i == 0)
		if !ok || len(buttons) > 0 {
			return message{}, false
		}
		parts = append(parts, pieces...)
	}
	m := message{
		Content: strings.Join(parts, "\n"), Flags: flagSuppressEmbeds, Components: actionRows(buttons), AllowedMentions: allowedMentions{Parse: []string{}},
	}.stamped(key)
	fits := units(m.Content) <= maxContent && len(m.Components) <= maxLegacyRows
	return m, fits && strings.TrimSpace(m.Content) != "" && m.carries(key)
}

// spokenBlock is a block in markdown; false when it is more than words.
func spokenBlock(b bot.Block, first bool) ([]string, bool) {
	switch b := b.(type) {
	case bot.Heading:
		return []string{heading(b, first)}, true
	case bot.Para:
		return markdown(b.Text, "", maxContent), true
	case bot.Quote:
		return markdown(b.Text, "> ", maxContent), true
	case bot.Small:
		return markdown(b.Text, smallMark, maxContent), true
	case bot.Bars:
		return bars(b, maxContent), true
	case bot.Row:
		return markdown(b.Text, "", maxContent), len(b.Buttons) == 0
	}
	return nil, false
}

// carries tells whether a custom_id of m holds the key.
func (m message) carries(key string) bool {
	for _, row := range m.Components {
		for _, b := range row.Components {
			if key != "" && strings.HasSuffix(b.CustomID, idMark+key) {
				return true
			}
		}
	}
	return key == ""
}

// spokenEdit makes components of a message that may have been spoken: its content
// has to be taken away by name.
type spokenEdit struct {
	message
	Content *string `json:"content"`
}
