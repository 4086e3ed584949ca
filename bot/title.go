package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTitle is the longest title, in runes.
const MaxTitle = 80

// maxMarks is how many accents in a row a title keeps on one letter. No living
// script needs more; stacks of them break other lines' layout.
const maxMarks = 5

// Title makes an item's title from its body: the first sentence, in one line
// of at most MaxTitle runes, cut at a word with "…". Right-to-left text,
// accents and joined emoji stay whole; characters that only turn the reading
// direction or hide are dropped. It is empty for an Empty body only.
func Title(body string) string {
	var first string
	for line := range strings.Lines(Clean(body)) {
		if first = oneLine(line); !Empty(first) {
			break
		}
	}
	title := firstSentence(unquote(withoutBullet(first)))
	title = strings.TrimRight(title, ".,;: ")
	if Empty(title) {
		title = first // "..." has no better title
	}
	return excerptAtWord(title, MaxTitle)
}

// TitleFrom makes a title of what a person typed as one: all of it in one line
// with the same care and the same limit.
func TitleFrom(typed string) string {
	return excerptAtWord(oneLine(Clean(typed)), MaxTitle)
}

// saysMore tells whether the body holds more than the title: more than a mark around
// it, a full stop behind it, or other letter cases.
func (it Item) saysMore() bool {
	bare := func(s string) string { return strings.TrimRight(s, ".,;:!?…。！？؟۔। ") }
	body := unquote(withoutBullet(oneLine(it.Body)))
	return !strings.EqualFold(bare(body), bare(oneLine(it.Title)))
}

// oneLine is s with every run of space as one space and without characters
// that hide or turn the text around it.
func oneLine(s string) string {
	var b strings.Builder
	var prev rune
	marks := 0
	runes := []rune(strings.Join(strings.Fields(s), " "))
	for i, r := range runes {
		var next rune
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks || prev == 0 && isInvisible(r) {
				continue
			}
			if prev == 0 {
				b.WriteRune('◌') // else the accent lands on what stands before the title
			}
		case isInvisible(r) && !joinsVisibly(prev, r, next):
			continue
		case r == ' ' && prev == ' ': // what stood between them was dropped
			continue
		default:
			marks = 0
		}
		b.WriteRune(r)
		prev = r
	}
	return strings.TrimFunc(b.String(), isBlank)
}

// joinsVisibly reports whether an invisible r does its proper work between
// prev and next: a joiner between two shapes (emoji, Persian, Indic scripts),
// or the letters of a flag of a part of a country.
func joinsVisibly(prev, r, next rune) bool {
	switch {
	case r == zwj || r == '\u200c':
		return prev != 0 && next != 0 && !unicode.IsSpace(prev) && prev != zwj && prev != '\u200c' &&
			(!isBlank(next) || unicode.Is(unicode.Mn, next))
	case r >= 0xE0020 && r <= 0xE007F:
		return prev == 0x1F3F4 || prev >= 0xE0020 && prev < 0xE007F
	}
	return false
}

// withoutBullet drops a mark that begins a heading, quote or list item.
func withoutBullet(line string) string {
	rest := strings.TrimLeft(line, "#>*-•–— ")
	if len(rest) == len(line) || !strings.Contains(line[:len(line)-len(rest)], " ") || rest == "" {
		return line
	}
	return rest
}

// unquote drops quote marks that stand around the whole line and nowhere else.
func unquote(line string) string {
	first, n := utf8.DecodeRuneInString(line)
	last, m := utf8.DecodeLastRuneInString(line)
	if len(line) <= n+m || !strings.ContainsRune(quoteMarks, first) || !strings.ContainsRune(quoteMarks, last) {
		return line
	}
	inner := line[n : len(line)-m]
	if strings.ContainsAny(inner, string(first)+string(last)) || Empty(inner) {
		return line
	}
	return inner
}

// firstSentence is line up to the end of its first sentence of more than one
// word: "Hi. I need dark mode." begins with no title, and neither does "Dr.".
func firstSentence(line string) string {
	for i, r := range line {
		end := i + utf8.RuneLen(r)
		if !strings.ContainsRune(".!?。！？؟۔।", r) {
			continue
		}
		rest := line[end:]
		next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(rest, unicode.IsSpace))
		wide := strings.ContainsRune("。！？", r)
		switch {
		case rest == "":
			return line
		case !wide && !strings.HasPrefix(rest, " "):
			continue // 2.0, heed.example, "?!"
		case r == '.' && unicode.IsLower(next):
			continue // e.g. an abbreviation
		case !wide && !strings.Contains(strings.TrimSpace(line[:i]), " "):
			continue
		}
		return line[:end]
	}
	return line
}
