package bot

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTag is the longest tag, in runes.
const maxTag = 30

// ParseTag reads a tag as people type it and returns it as stored: lower
// case, letters and digits with single dashes between, at most 30 runes. A
// leading # is dropped; spaces and underscores become dashes. The error is a
// *Unclear.
func ParseTag(s string) (string, error) {
	key := strings.TrimPrefix(matchKey(strings.TrimSpace(s)), "#")
	var b strings.Builder
	dash := false
	for _, r := range key {
		switch {
		case r == '-' || r == '_' || unicode.IsSpace(r):
			dash = b.Len() > 0
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && b.Len() > 0:
			if dash {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			return "", &Unclear{Said: s, Problem: fmt.Sprintf("A tag has letters, digits and dashes only, so “%s” doesn't work.", Excerpt(strings.TrimSpace(s), maxTag))}
		}
	}
	tag := b.String()
	if tag == "" {
		return "", &Unclear{Said: s, Problem: "A tag needs at least one letter or digit."}
	}
	if utf8.RuneCountInString(tag) > maxTag {
		return "", &Unclear{Said: s, Problem: fmt.Sprintf("A tag has at most %d characters, and “%s” is longer.", maxTag, Excerpt(tag, maxTag))}
	}
	return tag, nil
}
