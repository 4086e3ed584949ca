package slack

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a person typed goes into rich_text and plain_text wherever Block Kit takes
// them: both are literal. This file is for the places that take mrkdwn only, and
// for the text beside the blocks.

// entities is Slack's whole escaping of control characters:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// lookalike stand in for the characters that open formatting. mrkdwn has no way
// to escape them, so each is replaced by one that looks the same and means nothing.
var lookalike = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼', '`': 'ˋ'}

var (
	emojiCode = regexp.MustCompile(`:([a-z0-9_+'-]+):`)
	shout     = regexp.MustCompile(`(?i)@(here|channel|everyone)`)
)

// zeroWidth breaks a code apart without being seen.
const zeroWidth = "\u200b"

// literal is s so that mrkdwn shows it as it is: no markup, no emoji, no quote,
// no mention.
func literal(s string) string {
	s = strings.ToValidUTF8(s, "�")
	var b strings.Builder
	before := ' '
	for i, r := range s {
		stand, special := lookalike[r]
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case special && (r == '`' || !inWord(before) || !inWord(after)):
			b.WriteRune(stand)
		case r == '>' && (i == 0 || before == '\n'):
			b.WriteString(zeroWidth + ">")
		default:
			b.WriteRune(r)
		}
		before = r
	}
	out := emojiCode.ReplaceAllString(b.String(), ":"+zeroWidth+"$1:")
	return entities.Replace(calm(out))
}

// literalCode is s for the inside of `code`, where only its end and entities count.
func literalCode(s string) string {
	return entities.Replace(calm(strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "`", "ˋ")))
}

// calm takes the shout out of @here and its like. Slack reads them only where an
// app asks for it; this holds where another one pastes our text on.
func calm(s string) string { return shout.ReplaceAllString(s, "@"+zeroWidth+"$1") }

// fallback is s as the text beside blocks: short, and free of mentions.
func fallback(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "�"))
	if s == "" {
		s = "Heed"
	}
	return entities.Replace(calm(cut(s, maxFallback)))
}

// inWord tells whether r is part of a word, where mrkdwn takes no mark for one.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
