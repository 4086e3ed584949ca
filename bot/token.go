package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word or mention of a command's text. Start and end are byte
// offsets into the text as typed; key is the word for matching: lower case,
// without invisible characters and quote marks.
type token struct {
	start, end int
	key        string
	// account is set for a mention, and key is empty then.
	account string
}

// tokenize splits text at white space of every kind, keeping <@…> whole, also
// where the name in it holds spaces. Words that only hold invisible characters
// or quote marks are no tokens.
func tokenize(text string) []token {
	var tokens []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		if account, n := mention(text[i:]); n > 0 {
			tokens = append(tokens, token{start: i, end: i + n, account: account})
			i += n
			continue
		}
		start := i
		for i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			if unicode.IsSpace(r) {
				break
			}
			if _, n := mention(text[i:]); n > 0 {
				break
			}
			i += size
		}
		if key := matchKey(text[start:i]); key != "" {
			tokens = append(tokens, token{start: start, end: i, key: key})
		}
	}
	return tokens
}

// mention reads <@ACCOUNT> or <@ACCOUNT|name> at the start of s. It returns
// the account and the length of the whole, or 0 where there is none.
func mention(s string) (account string, size int) {
	rest, ok := strings.CutPrefix(s, "<@")
	if !ok {
		return "", 0
	}
	// Names have at most 80 runes or so; looking no further keeps a text full
	// of "<@" cheap.
	inside, _, ok := strings.Cut(rest[:min(len(rest), 400)], ">")
	if !ok || strings.ContainsAny(inside, "<\n\r") {
		return "", 0
	}
	account, _, _ = strings.Cut(inside, "|")
	account = strings.TrimPrefix(account, "!") // an old form of Discord's
	if account == "" {
		return "", 0
	}
	for _, r := range account {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.:", r) {
			return "", 0
		}
	}
	return account, len("<@") + len(inside) + len(">")
}

// quoteMarks are the marks that open or close a quotation in the languages
// that people write in.
const quoteMarks = "\"'“”„‟‘’‚‛«»‹›「」『』〝〞〟＂＇"

// matchKey is a word as lookups compare it.
func matchKey(word string) string {
	word = strings.Map(func(r rune) rune {
		if isInvisible(r) || r == utf8.RuneError {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
	return strings.Trim(word, quoteMarks)
}

// number reads an item's number with or without #, 1 to 999,999,999.
func number(key string) (int, bool) {
	digits := strings.TrimPrefix(key, "#")
	if digits == "" || len(digits) > 9 {
		return 0, false
	}
	n := 0
	for _, r := range digits {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, n > 0
}
