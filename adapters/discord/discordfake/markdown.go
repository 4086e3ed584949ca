package discordfake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// names is the name of what an id stands for: '@' a person, '&' a role, '#' a
// channel, '/' a command. "" when nobody knows.
type names func(kind byte, id string) string

// span is a part of a text: code, which stands as it is, or markdown.
type span struct {
	text string
	code bool
}

// Backticks open code where they are closed again; an escaped one opens nothing.
var codeSpans = regexp.MustCompile("(?s)```(?:[a-zA-Z0-9_+-]+\n)?(.+?)```|``(.+?)``|`([^`\n]+)`")

// spans cuts a text into code and the rest, the rest with its escapes hidden by
// hide.
func spans(text string) []span {
	text = hide(text)
	var out []span
	last := 0
	for _, at := range codeSpans.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, span{text: text[last:at[0]]})
		for group := 2; group < len(at); group += 2 {
			if at[group] >= 0 {
				out = append(out, span{text: unhideRaw(text[at[group]:at[group+1]]), code: true})
			}
		}
		last = at[1]
	}
	return append(out, span{text: text[last:]})
}

// Escaped punctuation is moved out of the way of every pattern, and back.
const hidden = rune(0xF0000)

func hide(text string) string {
	var out strings.Builder
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if runes[i] == '\\' && i+1 < len(runes) && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", runes[i+1]) {
			i++
			out.WriteRune(hidden + runes[i])
			continue
		}
		out.WriteRune(runes[i])
	}
	return out.String()
}

// unhide is what a reader sees of an escape: the character alone.
func unhide(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= hidden && r < hidden+0x80 {
			return r - hidden
		}
		return r
	}, text)
}

// unhideRaw is what stands in code, where a backslash is one.
func unhideRaw(text string) string {
	var out strings.Builder
	for _, r := range text {
		if r >= hidden && r < hidden+0x80 {
			out.WriteRune('\\')
			r -= hidden
		}
		out.WriteRune(r)
	}
	return out.String()
}

var (
	mentions    = regexp.MustCompile(`<(@!?|@&|#|/[^:>]+:)([0-9]+)>`)
	customEmoji = regexp.MustCompile(`<a?(:[A-Za-z0-9_~]+:)[0-9]+>`)
	stamps      = regexp.MustCompile(`<t:(-?[0-9]+)(?::([tTdDfFsSR]))?>`)
	masked      = regexp.MustCompile(`\[([^\]\n]+)\]\(<?(?:https?|discord)://[^)\s]+?>?(?: "[^"]*")?\)`)
	bareLinks   = regexp.MustCompile(`<(https?://[^>\s]+)>`)
	lineMarks   = regexp.MustCompile(`(?m)^(#{1,3} |-# |>>> |> )`)
	emphasis    = []*regexp.Regexp{
		regexp.MustCompile(`(?s)\*\*\*(.+?)\*\*\*`), regexp.MustCompile(`(?s)\*\*(.+?)\*\*`),
		regexp.MustCompile(`(?s)__(.+?)__`), regexp.MustCompile(`(?s)~~(.+?)~~`), regexp.MustCompile(`(?s)\|\|(.+?)\|\|`),
		regexp.MustCompile(`(?s)\*(\S|\S.*?\S)\*`), regexp.MustCompile(`(?s)\b_([^_]+?)_\b`),
	}
)

// shown is a text as a reader sees it: no marks, names for mentions, code as it
// is, a masked link's words.
func shown(text string, name names) string {
	var out strings.Builder
	for _, part := range spans(text) {
		if part.code {
			out.WriteString(part.text)
			continue
		}
		s := masked.ReplaceAllString(part.text, "$1")
		s = bareLinks.ReplaceAllString(s, "$1")
		s = mentions.ReplaceAllStringFunc(s, func(m string) string { return mentioned(m, name) })
		s = customEmoji.ReplaceAllString(s, "$1")
		s = stamps.ReplaceAllStringFunc(s, dated)
		s = lineMarks.ReplaceAllString(s, "")
		for _, mark := range emphasis {
			s = mark.ReplaceAllString(s, "$1")
		}
		out.WriteString(unhide(s))
	}
	return out.String()
}

// dated is a timestamp as a reader in London sees it; one that only tells a time, or
// how long ago it was, stays a number.
func dated(token string) string {
	found := stamps.FindStringSubmatch(token)
	seconds, err := strconv.ParseInt(found[1], 10, 64)
	layout := map[string]string{"d": "02/01/2006", "D": "2 January 2006", "": "2 January 2006 15:04", "f": "2 January 2006 15:04"}[found[2]]
	if err != nil || layout == "" {
		return "(time " + found[1] + ")"
	}
	return time.Unix(seconds, 0).UTC().Format(layout)
}

func mentioned(token string, name names) string {
	found := mentions.FindStringSubmatch(token)
	kind, id := found[1], found[2]
	if strings.HasPrefix(kind, "/") {
		return strings.TrimSuffix(kind, ":")
	}
	sign, mark, unknown := byte('@'), "@", "unknown-user"
	switch kind {
	case "@&":
		sign, unknown = '&', "deleted-role"
	case "#":
		sign, mark, unknown = '#', "#", "unknown"
	}
	if name != nil {
		if known := name(sign, id); known != "" {
			return mark + known
		}
	}
	return mark + unknown
}
