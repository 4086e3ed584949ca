package slackfake

import (
	"fmt"
	"strings"
)

// Source of each: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
var richShapes = map[string]shape{
	"rich_text_section":      {must: "elements"},
	"rich_text_list":         {must: "elements style", may: "indent offset border"},
	"rich_text_preformatted": {must: "elements", may: "border language"},
	"rich_text_quote":        {must: "elements", may: "border"},
}

var richElements = map[string]shape{
	"broadcast": {must: "range"},
	"color":     {must: "value"},
	"channel":   {must: "channel_id", may: "style"},
	"date":      {must: "timestamp format", may: "url fallback style"},
	"emoji":     {must: "name", may: "unicode skin_tone url"},
	"link":      {must: "url", may: "text unsafe style"},
	"text":      {must: "text", may: "style"},
	"user":      {must: "user_id", may: "style"},
	"usergroup": {must: "usergroup_id", may: "style"},
}

// richText checks the parts of a rich_text block.
func (k *checker) richText(path string, parts []any) {
	if len(parts) == 0 {
		k.fail(path, "must have at least 1 item")
	}
	for i, raw := range parts {
		at := fmt.Sprintf("%s/%d", path, i)
		part, _ := raw.(object)
		s, known := richShapes[str(part, "type")]
		if !known {
			k.fail(at+"/type", "unsupported type: %s", str(part, "type"))
			continue
		}
		s.fits(k, at, part)
		if str(part, "type") == "rich_text_list" {
			if style := part["style"]; style != "bullet" && style != "ordered" {
				k.fail(at+"/style", "must be a valid enum value")
			}
			k.richText(at+"/elements", list(part["elements"]))
			continue
		}
		for j, raw := range list(part["elements"]) {
			k.richElement(fmt.Sprintf("%s/elements/%d", at, j), raw)
		}
	}
}

func (k *checker) richElement(path string, raw any) {
	e, _ := raw.(object)
	kind := str(e, "type")
	s, known := richElements[kind]
	if !known {
		k.fail(path+"/type", "unsupported type: %s", kind)
		return
	}
	s.fits(k, path, e)
	switch kind {
	case "text":
		k.str(path, e, "text", 1, MaxBlocksText)
	case "link":
		k.url(path, e, "url", MaxImageURL)
	case "broadcast":
		if r := e["range"]; r != "here" && r != "channel" && r != "everyone" {
			k.fail(path+"/range", "must be a valid enum value")
		}
	}
}

// renderRich renders a part of a rich_text block: a list one line an item, a
// quote with "> " before each line.
func renderRich(part object) string {
	var pieces []string
	for _, raw := range list(part["elements"]) {
		e, _ := raw.(object)
		if _, nested := richShapes[str(e, "type")]; nested {
			pieces = append(pieces, "• "+renderRich(e))
		} else {
			pieces = append(pieces, renderElement(e))
		}
	}
	if str(part, "type") == "rich_text_list" {
		return strings.Join(pieces, "\n")
	}
	text := strings.Join(pieces, "")
	if str(part, "type") == "rich_text_quote" {
		text = "> " + strings.ReplaceAll(text, "\n", "\n> ")
	}
	return text
}

// notifying returns whom the elements of rich text inside a value would notify,
// in the form that mentions have in mrkdwn.
func notifying(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, notifying(item)...)
		}
	case object:
		switch v["type"] {
		case "user":
			out = append(out, "<@"+str(v, "user_id")+">")
		case "usergroup":
			out = append(out, "<!subteam^"+str(v, "usergroup_id")+">")
		case "broadcast":
			out = append(out, "<!"+str(v, "range")+">")
		}
		for _, inner := range v {
			out = append(out, notifying(inner)...)
		}
	}
	return out
}
