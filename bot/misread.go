package bot

import (
	"fmt"
	"strings"
)

// Misread is why a command could not be understood, in parts that an answer
// is made of. It is an error only to travel as one.
type Misread struct {
	// Verb is the command as far as it was recognised; empty: not even that.
	Verb Verb
	// Said is the piece that was not understood, as typed; empty where
	// something is missing.
	Said string
	// Problem is a sentence for the person, without the example.
	Problem string
	// Nearest is the verb that was probably meant, or empty.
	Nearest Verb
	// Example is a whole command that works, without the leading slash and
	// without the app's prefix: "heed status 42 planned".
	Example string

	// certain is set where an argument was recognised and is out of bounds, so
	// that no later argument may take it.
	certain bool
}

// Error is the whole as one plain text, for tests and for answers that have no
// richer form.
func (m *Misread) Error() string {
	parts := []string{m.Problem}
	if m.Nearest != "" && m.Nearest != m.Verb {
		parts = append(parts, "Did you mean "+string(m.Nearest)+"?")
	}
	if m.Example != "" {
		parts = append(parts, "For example: /"+m.Example)
	}
	return strings.Join(parts, " ")
}

// misread makes the error for a known verb, with its first telling example.
func misread(u Usage, said, problem string) *Misread {
	example := u.Examples[0]
	for _, e := range u.Examples {
		if e != "" {
			example = e
			break
		}
	}
	return &Misread{
		Verb: u.Verb, Said: said, Problem: problem,
		Example: strings.TrimPrefix(u.Line("", example), "/"),
	}
}

// missing is the error for a required argument that was not given.
func missing(u Usage, p Param) *Misread {
	problem := "Something is missing at the end."
	switch p.Kind {
	case KindItem, KindItems:
		problem = "Which request? I need its number."
	case KindInto:
		problem = "Into which request? Say “into” and the number that stays."
	case KindMember:
		problem = "Who? Mention the person with @."
	case KindRole:
		problem = "Which role: pm, po or admin?"
	case KindStatus:
		problem = "Which status? There is " + statusWords() + "."
	case KindTags:
		problem = "Which tag?"
	case KindWords:
		problem = "Which words?"
	case KindAudience:
		problem = "Who should see it: team or community?"
	}
	return misread(u, "", problem)
}

// notFor is the error for a next word that cannot be the argument p.
func (r *reader) notFor(u Usage, p Param) *Misread {
	said := r.said()
	quoted := "“" + Excerpt(said, 40) + "”"
	problem := "I don't understand " + quoted + " here."
	switch p.Kind {
	case KindMember:
		problem = "Who? I expected an @mention and read " + quoted + "."
	case KindRole:
		problem = quoted + " is no role. There is pm, po and admin."
	case KindStatus:
		problem = quoted + " is no status. There is " + statusWords() + "."
	case KindAudience:
		problem = quoted + " is no audience. There is team and community."
	case KindReview:
		problem = quoted + " doesn't work here. Try off, newcomers or everyone."
	case KindSwitch:
		problem = "On or off? I read " + quoted + "."
	case KindChoice:
		problem = quoted + " doesn't work here. Try " + orList(p.Choices) + "."
	case KindCron:
		problem = "When? I don't understand " + quoted + " as a time."
	}
	return misread(u, said, problem)
}

// leftOver is the error for words that nothing in the command takes. The next
// argument that was left out explains it best.
func (r *reader) leftOver(u Usage) *Misread {
	for _, p := range u.Params[r.filled:] {
		if p.Optional {
			if m := r.take(new(Command), u, p); m != nil {
				return m
			}
		}
	}
	said := r.rest()
	return misread(u, said, fmt.Sprintf("I understood the command, but not “%s” at the end.", Excerpt(said, 40)))
}

// statusWords lists the statuses as people may type them.
func statusWords() string {
	var words []string
	for _, s := range Statuses() {
		words = append(words, strings.ToLower(s.Label()))
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// orList joins words as a choice: "up, down or top".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
