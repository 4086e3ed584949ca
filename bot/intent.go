package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Intent is what a person meant by /feedback and the text after it: one of
// IntentForm, IntentFeedback, IntentCommand and IntentAsk.
type Intent interface{ intent() }

// IntentForm asks for the form: nothing was typed.
type IntentForm struct{}

// IntentFeedback is a wish. Words are the text as typed, without the space
// around it.
type IntentFeedback struct{ Words string }

// IntentCommand is a command and nothing else. Words are the text as typed,
// for an answer that offers [Send as feedback] all the same.
type IntentCommand struct {
	Command Command
	Words   string
}

// IntentAsk may be either, so the words are held and the person chooses.
type IntentAsk struct {
	Words string
	// Likely is what the second button runs, and Label what it says. It is
	// the command that was probably meant, or help about it.
	Likely Command
	Label  string
}

func (IntentForm) intent()     {}
func (IntentFeedback) intent() {}
func (IntentCommand) intent()  {}
func (IntentAsk) intent()      {}

// ReadFeedback decides what /feedback TEXT means, in this order: nothing is
// the form; a quote mark in front or a line break within is feedback; a text
// that as a whole is a command is that command; one that looks like a command
// is asked about; all else is feedback. No text is ever swallowed: every
// Intent but the form carries it.
//
// Text comes from adapters with mentions as <@ACCOUNT> or <@ACCOUNT|name>.
func ReadFeedback(text string) Intent {
	words := strings.TrimFunc(text, unicode.IsSpace)
	tokens := tokenize(words)
	switch {
	case strings.TrimFunc(words, isBlank) == "":
		return IntentForm{}
	case len(tokens) == 0, beginsWithQuote(words), strings.ContainsFunc(words, isLineBreak):
		return IntentFeedback{Words: words}
	}
	if c, ok := wholeCommand(words); ok {
		return IntentCommand{Command: c, Words: words}
	}
	if verb, at, ok := looksLikeCommand(words, tokens); ok {
		c := likely(verb, words, tokens[at:])
		return IntentAsk{Words: words, Likely: c, Label: c.Label()}
	}
	return IntentFeedback{Words: words}
}

// beginsWithQuote looks at the first rune that has a shape.
func beginsWithQuote(words string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(words, isBlank))
	return strings.ContainsRune(quoteMarks, first)
}

func isLineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// wholeCommand reports the command that the whole text is, read strictly: each
// word is a number, a mention, a status, a role, a tag or a fixed word, and
// nothing is free text. Without a number or mention only a lone verb that shows
// something to everyone is a command; "backlog" and "doctor" may be wishes.
func wholeCommand(words string) (Command, bool) {
	r := newReader(words)
	u, ok := r.takeVerb(false)
	if !ok || u.Verb == VerbFeedback {
		return Command{}, false
	}
	r.loose = r.at > 1 // "forget me" for forget-me
	c, m := r.parse(u)
	switch {
	case m != nil, r.loose, c.Words != "", c.Zone != "", len(c.Tags) > 1:
		return Command{}, false
	case c.Bare():
		return c, u.Shows && len(c.Needs()) == 0
	}
	return c, c.Item != 0 || c.Account != "" || c.Count != 0
}

// looksLikeCommand reports the verb that the text seems to begin with, and how
// many tokens stand before its arguments. The verb is empty where there is
// none, as in "/shrug".
func looksLikeCommand(words string, tokens []token) (verb Verb, at int, ok bool) {
	first := tokens[0].key
	slash := isSlashWord(first)
	if slash {
		first = first[1:]
	}
	// The slash command's own name in front: "heed top", "/heed top".
	if first == "heed" {
		if len(tokens) == 1 {
			return VerbHelp, 1, true
		}
		verb, at, ok := looksLikeCommand(words, tokens[1:])
		return verb, at + 1, ok || slash
	}
	r := &reader{text: words, tokens: append([]token{{key: strings.TrimRight(first, ".,:;!?")}}, tokens[1:]...)}
	u, exact := r.takeVerb(false)
	at = max(r.at, 1)
	if !exact {
		u, _ = UsageOf(nearVerb(first))
	}
	switch {
	case slash:
		return u.Verb, at, true
	case u.Verb == "" || u.Verb == VerbFeedback:
		return "", 0, false
	case len(tokens) == at:
		return u.Verb, at, true
	}
	r.at = at
	_, numbered, _ := looseNumber(r.key(r.smallAhead()))
	mentioned := r.tokens[at].account != ""
	if !exact {
		ok := numbered && u.takesFirst(KindItem, KindItems, KindCount) || mentioned && u.takesFirst(KindMember)
		return u.Verb, at, ok
	}
	if numbered || mentioned || len(tokens) == at+1 {
		return u.Verb, at, true
	}
	// Several fixed words that fit as a whole: "digest here monday 9:00".
	c, m := r.parse(u)
	return u.Verb, at, m == nil && c.Words == ""
}

// takesFirst reports whether the verb's first argument is of one of the kinds.
func (u Usage) takesFirst(kinds ...Kind) bool {
	for _, k := range kinds {
		if len(u.Params) > 0 && u.Params[0].Kind == k {
			return true
		}
	}
	return false
}

// isSlashWord reports whether key is a slash and a name, as a command is
// typed; a path such as /var/log is not.
func isSlashWord(key string) bool {
	name, ok := strings.CutPrefix(key, "/")
	if !ok || name == "" {
		return false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// maxLikely is how many words after the verb are tried as its arguments when
// not all of them are: as many as the longest typed command has.
const maxLikely = 6

// likely is the command that was probably meant by verb and the arguments
// after it: with all of them, else with as many from the front as make sense,
// else the verb alone, else help about it.
func likely(verb Verb, words string, args []token) Command {
	u, ok := UsageOf(verb)
	switch {
	case !ok, verb == VerbFeedback && len(args) == 0:
		return Command{Verb: VerbHelp}
	case verb == VerbFeedback:
		return Command{Verb: verb, Words: words[args[0].start:]}
	}
	if len(args) == 0 {
		if c, m := newReader("").parse(u); m == nil {
			return c
		}
	}
	if c, m := (&reader{text: words, tokens: args}).parse(u); m == nil {
		return c
	}
	for n := min(len(args)-1, maxLikely); n > 0; n-- {
		r := &reader{text: words[:args[n-1].end], tokens: args[:n]}
		if c, m := r.parse(u); m == nil && (c.Item != 0 || c.Account != "" || c.Count != 0) {
			return c
		}
	}
	if u.Shows {
		return Command{Verb: verb}
	}
	return Command{Verb: VerbHelp, Topic: verb}
}
