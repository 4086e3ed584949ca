package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ellipsis marks every cut that Heed makes in people's words.
const ellipsis = "…"

// Excerpt is text whole where it has at most limit runes, else its beginning
// with "…" at the end, limit runes at most with the mark. It never splits a
// rune, an accent from its letter, a flag or a joined emoji, except where one
// such cluster alone is longer than the limit. A limit under 1 gives "".
func Excerpt(text string, limit int) string {
	if limit < 1 {
		return ""
	}
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	head := clusterHead(text, limit-1)
	return strings.TrimRightFunc(head, isBlank) + ellipsis
}

// excerptAtWord is Excerpt that cuts between words where that loses less than
// half of what fits.
func excerptAtWord(text string, limit int) string {
	cut := Excerpt(text, limit)
	if cut == text || cut == "" {
		return cut
	}
	head := strings.TrimSuffix(cut, ellipsis)
	rest := text[len(head):]
	if next, _ := utf8.DecodeRuneInString(rest); isBlank(next) {
		return cut
	}
	at := strings.LastIndexFunc(head, unicode.IsSpace)
	if at < 0 || utf8.RuneCountInString(head[:at]) < limit/2 {
		return cut
	}
	return strings.TrimRightFunc(head[:at], func(r rune) bool { return isBlank(r) || strings.ContainsRune(",;:-–—(", r) }) + ellipsis
}

// clusterHead is the longest run of whole clusters at the start of s that has
// at most limit runes; where not even the first fits, its first limit runes.
func clusterHead(s string, limit int) string {
	end, runes := 0, 0
	for end < len(s) {
		size, n := clusterLen(s[end:])
		if runes+n > limit {
			break
		}
		end, runes = end+size, runes+n
	}
	if end > 0 || limit <= 0 {
		return s[:end]
	}
	for n := 0; n < limit && end < len(s); n++ {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[:end]
}

// clusterLen is the length in bytes and in runes of what a reader sees as the
// first character of s, by the rules of Unicode's annex 29 that matter for
// cutting text: marks and joiners stay with what they follow, flags in pairs.
func clusterLen(s string) (size, runes int) {
	first, n := utf8.DecodeRuneInString(s)
	size, runes = n, 1
	prev, flags := first, 1
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		switch {
		case prev == '\r' && r == '\n':
		case extendsCluster(r):
		case prev == zwj && !isBlank(r):
		case isRegional(prev) && isRegional(r) && flags%2 == 1:
			flags++
		default:
			return size, runes
		}
		prev, size, runes = r, size+n, runes+1
	}
	return size, runes
}

const zwj = '\u200d'

func extendsCluster(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me) || r == zwj || r == '\u200c' ||
		r >= 0x1F3FB && r <= 0x1F3FF || // skin tones
		r >= 0xE0020 && r <= 0xE007F || // tags of the subdivision flags
		r >= 0x1160 && r <= 0x11FF // vowels and finals of decomposed Hangul
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// isBlank reports whether r shows nothing: space of any kind, or one of the
// characters that only steer layout.
func isBlank(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) }

// isInvisible reports whether r has neither a shape nor a width.
func isInvisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, // zero-width space, joiners, direction marks
		r >= 0x202A && r <= 0x202E,   // direction embeddings and overrides
		r >= 0x2060 && r <= 0x206F,   // word joiner, isolates, deprecated formatting
		r >= 0xFE00 && r <= 0xFE0F,   // variation selectors
		r >= 0xE0000 && r <= 0xE0FFF: // tags and more variation selectors
		return true
	}
	switch r {
	case 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x2800, 0x3164, 0xFEFF, 0xFFA0:
		return true
	}
	return r < ' ' || r >= 0x7F && r <= 0x9F
}
