package slackfake

import (
	"fmt"
	"unicode/utf8"
)

// nameBlocks gives every block a block_id and every interactive element an
// action_id, as Slack does for those that have none.
func nameBlocks(blocks []any) {
	for i, raw := range blocks {
		b, ok := raw.(object)
		if !ok {
			continue
		}
		if str(b, "block_id") == "" {
			b["block_id"] = fmt.Sprintf("b%d", i)
		}
		for j, e := range interactive(b) {
			if str(e, "action_id") == "" {
				e["action_id"] = fmt.Sprintf("a%d", j)
			}
		}
	}
}

// interactive returns the elements of a block that a person can use.
func interactive(b object) []object {
	candidates := append([]any{b["accessory"], b["element"]}, list(b["elements"])...)
	if b["type"] == "rich_text" {
		return nil
	}
	var out []object
	for _, c := range candidates {
		e, _ := c.(object)
		switch str(e, "type") {
		case "", "image", "plain_text", "mrkdwn":
		default:
			out = append(out, e)
		}
	}
	return out
}

// textSize is the number of characters of all texts in a value.
func textSize(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += textSize(item)
		}
	case object:
		for key, inner := range v {
			if text, ok := inner.(string); ok && key == "text" {
				n += utf8.RuneCountInString(text)
				continue
			}
			n += textSize(inner)
		}
	}
	return n
}
