package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is the longest text that one piece of feedback holds, in runes. It
// is beyond every chat's longest message (Slack 40,000, Discord 4,000), so only
// imports and saved files meet it.
const MaxWords = 100_000

// Clean is text as it is stored: valid UTF-8, lines ended by \n, without
// control characters (tabs stay) and without blank space around it. Nothing
// that a reader could see is lost; bytes that are no UTF-8 become U+FFFD.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' })
}

// Empty reports whether text shows nothing at all: only space, control and
// invisible characters.
func Empty(text string) bool { return strings.TrimFunc(text, isBlank) == "" }

// CheckWords returns nil for words that can be kept as feedback, else a
// *Refusal of code Invalid that says why and gives the words back.
func CheckWords(words string) error {
	if Empty(words) {
		return Refuse(Invalid, Sayf("I need a few words: what would make it better for you? For example: `/feedback dark mode, please`"))
	}
	if n := utf8.RuneCountInString(words); n > MaxWords {
		return Refuse(Invalid, Sayf("That is %s characters, and I can keep %s in one piece. Nothing was saved; please send it in parts. It begins:",
			thousands(n), thousands(MaxWords)).With(Quote{Literal(Excerpt(Clean(words), 1000))}))
	}
	return nil
}

// thousands writes n with commas: 100,000.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
