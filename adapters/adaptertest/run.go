package adaptertest

import (
	"slices"
	"strings"
	"testing"
)

// Run holds an adapter to the contract. Each promise is a test of its own, in a chat
// of its own.
func Run(t *testing.T, start Start) {
	for name, promise := range map[string]func(*scene){
		"every content is shown":                        everyContent,
		"every block is shown in an answer":             everyBlock,
		"every field of a form is shown and sent":       everyField,
		"a form says at its fields what to mend":        fixes,
		"a request gets a receipt and a card":           request,
		"words to Heed are a request":                   told,
		"what is similar can be joined":                 similar,
		"a saved message keeps its author":              saved,
		"one person has one vote, wherever it is cast":  oneVote,
		"a status shows on the card":                    status,
		"a refusal names who can do it":                 refusal,
		"a shipped request is answered where it was":    ship,
		"a digest comes once a week":                    digest,
		"long words come to the core whole":             long,
		"nobody is pinged by somebody's words":          pings,
		"what comes twice happens once":                 twice,
		"words come back while the database is away":    away,
		"a form stays open while the database is away":  formAway,
		"a vote is not lost while the database is away": voteAway,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(&scene{t, start(t)})
		})
	}
}

// scene is a test with its chat.
type scene struct {
	*testing.T
	Chat
}

// last is the last message that only who sees.
func (s *scene) last(who string) Message {
	s.Helper()
	all := s.Private(who)
	if len(all) == 0 {
		s.Fatalf("%s was answered nothing", who)
	}
	return all[len(all)-1]
}

// sees fails the test unless every word is in the message.
func (s *scene) sees(m Message, words ...string) {
	s.Helper()
	for _, w := range words {
		if !strings.Contains(m.Text, w) {
			s.Errorf("no %q in:\n%s", w, m.Text)
		}
	}
}

// card is the card in #feedback that holds these words.
func (s *scene) card(words string) Message {
	s.Helper()
	var there []string
	for _, m := range s.Shown(Feedback) {
		if strings.Contains(m.Text, words) && slices.Contains(m.Buttons, "Details") {
			return m
		}
		there = append(there, m.Text)
	}
	s.Fatalf("no card says %q; in the channel stands:\n%s", words, strings.Join(there, "\n--\n"))
	return Message{}
}

// ask has Rui ask for something that nothing is like, and returns its card.
func (s *scene) ask(words string) Message {
	s.Helper()
	s.Command(Rui, Support, "/feedback "+words)
	s.Settle()
	return s.card(words)
}

// appoint makes Ana the product manager and Ben the product owner.
func (s *scene) appoint() {
	s.Helper()
	s.Command(Zoe, Support, "/heed role @"+Ana+" pm")
	s.Command(Zoe, Support, "/heed role @"+Ben+" po")
}
