package discord

import (
	"regexp"
	"strings"
	"unicode"
)

// What a person typed is shown as they typed it: every character that Discord's
// markdown would take for markup stands behind a backslash. Mentions ping nobody
// in any case, for no message of Heed's allows any.
// https://support.discord.com/hc/en-us/articles/210298617

// lineMark matches what at the start of a line makes a heading, a subtext, a
// list or a quote; its last group is the character that must lose its meaning.
var lineMark = regexp.MustCompile(`^(\s*)(?:(#)#{0,2}(?:\s|$)|(-)(?:\s|$|#)|(>)|\d+(\.)(?:\s|$))`)

// shout matches the words that name everybody.
var shout = regexp.MustCompile(`(?i)^@(everyone|here)`)

// shortcode matches an emoji's name, and the rest of a link behind its scheme.
var shortcode = regexp.MustCompile(`^:(//|[^\s:]*:)`)

// literal is one line of a person's words so that Discord shows it as it is;
// start tells that nothing stands before it in its line.
func literal(line string, start bool) string {
	line = visible(line)
	special := -1
	if start {
		if m := lineMark.FindStringSubmatchIndex(line); m != nil {
			for group := 2; group < len(m)/2; group++ {
				special = max(special, m[2*group])
			}
		}
	}
	var b strings.Builder
	for i, r := range line {
		if i == special || marks(line, i, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// titleLine is literal for the line of a title, from whose end Discord takes every #.
func titleLine(line string) string {
	out := strings.TrimRight(literal(line, false), " ")
	body := strings.TrimRight(out, "#")
	return body + strings.Repeat(`\#`, len(out)-len(body))
}

// marks tells whether the character at i would be taken for markup anywhere.
func marks(s string, i int, r rune) bool {
	switch r {
	case '\\', '*', '_', '`', '[', ']', '<':
		return true
	case '~', '|':
		return i > 0 && rune(s[i-1]) == r || i+1 < len(s) && rune(s[i+1]) == r
	case ':':
		return shortcode.MatchString(s[i:])
	case '@':
		return shout.MatchString(s[i:])
	}
	return false
}

// literalCode is s for the inside of `code` or of a block of it, where only
// backticks count and have no escape: a lookalike stands for them.
func literalCode(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(visible(s), "\n", " "), "`", "ˋ")
}

// visible is s without what is there only to confuse: control characters and
// those that turn the direction of the text around them. Joiners stay, for
// emoji and many scripts need them.
func visible(s string) string {
	if strings.IndexFunc(s, odd) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case unicode.IsControl(r):
			return -1
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r >= '\u2060' && r <= '\u2064',
			r == '\u200b', r == '\ufeff', r == '\u180e', r == '\u061c':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// odd tells whether a character may be none to show as it is.
func odd(r rune) bool {
	return r < ' ' || r == '\u007f' || r >= '\u0080' && r <= '\u009f' || r == '\u061c' || r == '\u180e' ||
		r >= '\u2000' && r <= '\u206f' || r == '\ufeff' || r == unicode.ReplacementChar
}
