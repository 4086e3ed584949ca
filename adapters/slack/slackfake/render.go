package slackfake

import (
	"regexp"
	"strings"
)

var (
	pings = regexp.MustCompile(`<(![^>]+|@[UW][^>]+)>`)
	links = regexp.MustCompile(`<([^@#!|>][^|>]*)(?:\|([^>]*))?>`)
)

// shown is mrkdwn or plain text as a reader sees it.
func shown(text string) string {
	text = links.ReplaceAllStringFunc(text, func(link string) string {
		parts := links.FindStringSubmatch(link)
		return orDefault(parts[2], parts[1])
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// renderBlocks renders blocks to plain text, one line a block.
func renderBlocks(blocks []map[string]any) string {
	var lines []string
	for _, b := range blocks {
		if line := renderBlock(b); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func renderBlock(b object) string {
	switch b["type"] {
	case "divider":
		return "---"
	case "image", "video":
		return "(" + str(b, "alt_text") + ")"
	case "markdown":
		return str(b, "text")
	case "input":
		line := textOf(b["label"]) + ": " + renderElement(b["element"])
		if hint := textOf(b["hint"]); hint != "" {
			line += " (" + hint + ")"
		}
		return line
	case "table":
		return renderTable(b)
	case "rich_text":
		var lines []string
		for _, raw := range list(b["elements"]) {
			if part, ok := raw.(object); ok {
				lines = append(lines, renderRich(part))
			}
		}
		return strings.Join(lines, "\n")
	}
	var parts []string
	if t := textOf(b["text"]); t != "" {
		parts = append(parts, t)
	}
	for _, f := range list(b["fields"]) {
		parts = append(parts, textOf(f))
	}
	if a := renderElement(b["accessory"]); a != "" {
		parts = append(parts, a)
	}
	for _, e := range list(b["elements"]) {
		parts = append(parts, renderElement(e))
	}
	return strings.Join(parts, " ")
}

func renderTable(b object) string {
	var rows []string
	for _, r := range list(b["rows"]) {
		cells, _ := r.([]any)
		var line []string
		for _, cell := range cells {
			line = append(line, renderElement(cell))
		}
		rows = append(rows, strings.Join(line, " | "))
	}
	return strings.Join(rows, "\n")
}

func renderElement(e any) string {
	m, _ := e.(object)
	if m == nil {
		return ""
	}
	switch kind := str(m, "type"); kind {
	case "mrkdwn", "plain_text", "raw_text":
		return textOf(e)
	case "text":
		return str(m, "text") // rich text is not escaped
	case "rich_text":
		return renderBlock(m)
	case "broadcast":
		return "<!" + str(m, "range") + ">"
	case "button", "workflow_button":
		return "[" + textOf(m["text"]) + "]"
	case "image":
		return "(" + str(m, "alt_text") + ")"
	case "overflow":
		return "[…]"
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "[" + orDefault(str(m, "initial_value"), textOf(m["placeholder"])) + "]"
	case "checkboxes", "radio_buttons":
		var labels []string
		for _, o := range list(m["options"]) {
			option, _ := o.(object)
			labels = append(labels, "( ) "+textOf(option["text"]))
		}
		return strings.Join(labels, " ")
	case "user":
		return "<@" + str(m, "user_id") + ">"
	case "channel":
		return "<#" + str(m, "channel_id") + ">"
	case "emoji":
		return ":" + str(m, "name") + ":"
	case "link":
		return orDefault(str(m, "text"), str(m, "url"))
	default:
		if strings.Contains(kind, "select") || strings.Contains(kind, "picker") {
			chosen, _ := m["initial_option"].(object)
			label := textOf(m["placeholder"])
			if chosen != nil {
				label = textOf(chosen["text"])
			}
			return "[" + label + " ▾]"
		}
	}
	return ""
}

// textOf is the text of a text object, "" for anything else.
func textOf(t any) string {
	m, _ := t.(object)
	return shown(str(m, "text"))
}

func str(m object, key string) string {
	text, _ := m[key].(string)
	return text
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// mrkdwnTexts are the texts inside a value in which Slack would read a mention.
func mrkdwnTexts(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, mrkdwnTexts(item)...)
		}
	case object:
		if v["type"] == "plain_text" {
			return nil
		}
		if text, ok := v["text"].(string); ok && (v["type"] == "mrkdwn" || v["type"] == "markdown") {
			out = append(out, text)
		}
		for _, inner := range v {
			out = append(out, mrkdwnTexts(inner)...)
		}
	}
	return out
}
