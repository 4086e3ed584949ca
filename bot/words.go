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

// EmojiOnly reports whether text holds emoji and no words: pictures of
// Unicode, :names: between colons, Discord's own <:name:id>. An empty text
// holds none.
func EmojiOnly(text string) bool {
	found := false
	for _, word := range strings.Fields(text) {
		for word != "" {
			size := emojiName(word)
			if size == 0 {
				r, n := utf8.DecodeRuneInString(word)
				cluster, _ := clusterLen(word)
				switch {
				case isPictograph(r) || isRegional(r) || strings.HasSuffix(word[:cluster], "\u20e3"):
					size = cluster
				case isInvisible(r):
					word = word[n:]
					continue
				default:
					return false
				}
			}
			found = true
			word = word[size:]
		}
	}
	return found
}

// emojiName is the length of an emoji written by its name at the start of s,
// or 0: ":+1:", "<:party:123>", "<a:party:123>".
func emojiName(s string) int {
	body, custom := s, false
	for _, open := range []string{"<a:", "<:"} {
		if rest, ok := strings.CutPrefix(s, open); ok {
			body, custom = ":"+rest, true
		}
	}
	if !strings.HasPrefix(body, ":") {
		return 0
	}
	name, rest, ok := strings.Cut(body[1:], ":")
	if !ok || name == "" || strings.IndexFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_+-", r)
	}) >= 0 {
		return 0
	}
	if custom {
		digits, after, ok := strings.Cut(rest, ">")
		if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
			return 0
		}
		rest = after
	} else if strings.Trim(name, "0123456789") == "" {
		return 0 // a time of day: 09:15:30
	}
	return len(s) - len(rest)
}

// isPictograph reports whether r is drawn as a picture: Unicode's other
// symbols, and the planes where emoji stand.
func isPictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2300 && r <= 0x23FF || r >= 0x2600 && r <= 0x27BF ||
		r >= 0x2B00 && r <= 0x2BFF || r == 0x203C || r == 0x2049 || r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299 ||
		r >= 0x2190 && r <= 0x21FF
}
