package slackfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// surface is where blocks are shown; some blocks belong to some surfaces only.
type surface int

const (
	onMessage surface = iota
	onModal
	onHome
)

// checker collects what is wrong with blocks, in Slack's words:
// "[ERROR] must be less than 76 characters [json-pointer:/blocks/0/text/text]".
type checker struct {
	problems []string
	surface  surface
	markdown int
	focused  bool
}

func (k *checker) fail(path, format string, args ...any) {
	k.problems = append(k.problems, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), path))
}

// checkBlocks returns what is wrong with the blocks, nil when nothing is.
func checkBlocks(path string, blocks []any, where surface) []string {
	k := &checker{surface: where}
	most := MaxViewBlocks
	if where == onMessage {
		most = MaxMessageBlocks
	}
	if len(blocks) > most {
		k.fail(path, "no more than %d items allowed", most)
	}
	seen := map[string]bool{}
	for i, raw := range blocks {
		at := fmt.Sprintf("%s/%d", path, i)
		b, ok := raw.(object)
		if !ok {
			k.fail(at, "must be an object")
			continue
		}
		k.block(at, b)
		if id := str(b, "block_id"); id != "" {
			if seen[id] {
				k.fail(at+"/block_id", "`block_id` is a duplicate: %s", id)
			}
			seen[id] = true
		}
	}
	return k.problems
}

// shape is what a block or an element may and must hold.
type shape struct {
	must string // names, separated by spaces
	may  string
}

func (s shape) fits(k *checker, path string, b object) {
	for _, name := range strings.Fields(s.must) {
		if b[name] == nil {
			k.fail(path, "missing required field: %s", name)
		}
	}
	allowed := " type " + s.must + " " + s.may + " "
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if !strings.Contains(allowed, " "+name+" ") {
			k.fail(path, "invalid additional property: %s", name)
		}
	}
}

// Source of each: https://docs.slack.dev/reference/block-kit/blocks/
var blockShapes = map[string]shape{
	"actions":         {must: "elements", may: "block_id"},
	"context":         {must: "elements", may: "block_id"},
	"context_actions": {must: "elements", may: "block_id"},
	"divider":         {may: "block_id"},
	"header":          {must: "text", may: "block_id level"},
	"image":           {must: "alt_text", may: "block_id image_url slack_file title"},
	"input":           {must: "label element", may: "block_id hint optional dispatch_action"},
	"markdown":        {must: "text", may: "block_id"},
	"rich_text":       {must: "elements", may: "block_id"},
	"section":         {may: "text fields accessory block_id expand"},
	"table":           {must: "rows", may: "block_id column_settings"},
	"video":           {must: "alt_text title thumbnail_url video_url", may: "block_id author_name description provider_icon_url provider_name title_url"},
	"file":            {must: "external_id source", may: "block_id"},
}

func (k *checker) block(path string, b object) {
	kind := str(b, "type")
	s, known := blockShapes[kind]
	if !known {
		k.fail(path+"/type", "unsupported type: %s", kind)
		return
	}
	s.fits(k, path, b)
	if b["block_id"] != nil {
		k.str(path, b, "block_id", 1, MaxBlockID)
	}
	switch kind {
	case "section":
		k.section(path, b)
	case "header":
		k.text(path+"/text", b["text"], MaxHeaderText, "plain_text")
	case "actions":
		k.elements(path, b, MaxActionsElements, actionElements)
	case "context":
		k.elements(path, b, MaxContextElements, "image plain_text mrkdwn")
	case "context_actions":
		k.elements(path, b, MaxContextActionsElements, "feedback_buttons icon_button")
		k.only(path, kind, onMessage)
	case "image":
		k.image(path, b)
	case "input":
		k.input(path, b)
	case "markdown":
		k.str(path, b, "text", 1, MaxMarkdownText)
		k.only(path, kind, onMessage)
		if k.markdown += utf8.RuneCountInString(str(b, "text")); k.markdown > MaxMarkdownText {
			k.fail(path+"/text", "markdown blocks hold more than %d characters in total", MaxMarkdownText)
		}
	case "rich_text":
		k.richText(path+"/elements", list(b["elements"]))
	case "table":
		k.table(path, b)
		k.only(path, kind, onMessage)
	case "file":
		k.only(path, kind, onMessage)
	}
}

func (k *checker) only(path, kind string, where surface) {
	if k.surface != where {
		k.fail(path+"/type", "unsupported type: %s", kind)
	}
}

func (k *checker) section(path string, b object) {
	fields, given := b["fields"]
	if b["text"] == nil && !given {
		k.fail(path, "missing required field: text or fields")
	}
	if b["text"] != nil {
		k.text(path+"/text", b["text"], MaxSectionText, "")
	}
	if given {
		k.count(path+"/fields", list(fields), MaxSectionFields)
		for i, f := range list(fields) {
			k.text(fmt.Sprintf("%s/fields/%d", path, i), f, MaxFieldText, "")
		}
	}
	if b["accessory"] != nil {
		k.element(path+"/accessory", b["accessory"], accessoryElements)
	}
}

func (k *checker) image(path string, b object) {
	k.str(path, b, "alt_text", 1, MaxImageAlt)
	if b["image_url"] == nil && b["slack_file"] == nil {
		k.fail(path, "missing required field: image_url")
	}
	if b["image_url"] != nil {
		k.url(path, b, "image_url", MaxImageURL)
	}
	if b["title"] != nil {
		k.text(path+"/title", b["title"], MaxImageTitle, "plain_text")
	}
}

func (k *checker) input(path string, b object) {
	k.text(path+"/label", b["label"], MaxInputLabel, "plain_text")
	if b["hint"] != nil {
		k.text(path+"/hint", b["hint"], MaxInputHint, "plain_text")
	}
	k.element(path+"/element", b["element"], inputElements)
}

func (k *checker) table(path string, b object) {
	rows := list(b["rows"])
	k.count(path+"/rows", rows, MaxTableRows)
	for i, row := range rows {
		k.count(fmt.Sprintf("%s/rows/%d", path, i), list(row), MaxTableColumns)
	}
}

// elements checks a list of elements of the allowed types and that no
// action_id stands twice in the block.
func (k *checker) elements(path string, b object, most int, allowed string) {
	items := list(b["elements"])
	k.count(path+"/elements", items, most)
	seen := map[string]bool{}
	for i, e := range items {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		k.element(at, e, allowed)
		m, _ := e.(object)
		if id := str(m, "action_id"); id != "" {
			if seen[id] {
				k.fail(at+"/action_id", "`action_id` \"%s\" already exists within the same block", id)
			}
			seen[id] = true
		}
	}
}

func (k *checker) count(path string, items []any, most int) {
	switch {
	case len(items) == 0:
		k.fail(path, "must have at least 1 item")
	case len(items) > most:
		k.fail(path, "no more than %d items allowed", most)
	}
}

// text checks a text object: its kind ("" for either) and length.
func (k *checker) text(path string, t any, most int, kind string) {
	m, ok := t.(object)
	if !ok {
		k.fail(path, "must be an object")
		return
	}
	given := str(m, "type")
	switch {
	case kind != "" && given != kind, kind == "" && given != "plain_text" && given != "mrkdwn":
		k.fail(path+"/type", "must be a valid enum value")
	case given == "plain_text":
		shape{must: "text", may: "emoji"}.fits(k, path, m)
	default:
		shape{must: "text", may: "verbatim"}.fits(k, path, m)
	}
	k.str(path, m, "text", 1, most)
}

// str checks a string's length in characters.
func (k *checker) str(path string, m object, name string, least, most int) {
	text, ok := m[name].(string)
	n := utf8.RuneCountInString(text)
	switch {
	case m[name] == nil && least == 0:
	case !ok && m[name] != nil:
		k.fail(path+"/"+name, "must provide a string")
	case n < least:
		k.fail(path+"/"+name, "must be more than %d characters", least-1)
	case n > most:
		k.fail(path+"/"+name, "must be less than %d characters", most+1)
	}
}

func (k *checker) url(path string, m object, name string, most int) {
	k.str(path, m, name, 1, most)
	if link := str(m, name); !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "mailto:") && !strings.HasPrefix(link, "slack://") {
		k.fail(path+"/"+name, "invalid url")
	}
}
