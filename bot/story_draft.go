package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// draftStory is what a story may say, from the item's own words, and a hint at who
// asked for it.
func draftStory(ctx context.Context, tx Tx, it Item) (Story, string, error) {
	it = it.As(Team)
	quotes, n, err := tx.EvidenceFor(ctx, it.Board, it.ID, Team, 20, 0)
	if err != nil {
		return Story{}, "", fmt.Errorf("evidence of a story: %w", err)
	}
	name := ""
	for _, e := range quotes { // newest first: the first words come last
		if e.Name != "" {
			name = e.Name
		}
	}
	if it.Author != 0 {
		m, err := tx.Member(ctx, it.Board, it.Author)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Story{}, "", fmt.Errorf("requester: %w", err)
		}
		if m.Name != "" {
			name = m.Name
		}
	}
	where := ""
	if it.AskedIn.Ref != "" {
		ch, err := tx.Channel(ctx, it.Board, it.AskedIn.Workspace, it.AskedIn.Ref)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Story{}, "", fmt.Errorf("where it was asked: %w", err)
		}
		if ch.Name != "" && ch.Kind != DirectChannel {
			where = ", mostly in #" + ch.Name
		}
	}
	s := Story{AsA: whoAsks(name, it.Votes), IWant: it.Title, SoThat: purposeIn(it, quotes)}
	hint := fmt.Sprintf("%s asked%s", upperFirst(whoAsks(name, it.Votes)), where)
	if n > 1 {
		hint += fmt.Sprintf("; %d quotes", n)
	}
	return s, hint, nil
}

// whoAsks names the requester and counts the others: "Rui and 30 others".
func whoAsks(name string, votes int) string {
	switch {
	case name == "" && votes > 1:
		return people(votes)
	case name == "":
		return "someone"
	case votes > 1:
		return fmt.Sprintf("%s and %s", name, plural(votes-1, "other"))
	}
	return name
}

func upperFirst(s string) string {
	rs := []rune(s)
	if len(rs) > 0 {
		rs[0] = unicode.ToUpper(rs[0])
	}
	return string(rs)
}

// purposeIn finds what a request is for in people's words: what stands behind "so
// that" or "because", else the body, else a quote. "": the title says it all.
func purposeIn(it Item, quotes []Evidence) string {
	texts := []string{it.Body}
	for _, e := range quotes {
		texts = append(texts, e.Quote)
	}
	for _, text := range texts {
		for _, lead := range []string{"so that ", "because "} {
			if rest, ok := behind(text, lead); ok {
				clause, _, _ := strings.Cut(rest, "\n")
				if end := strings.IndexAny(clause, ".!?"); end > 0 {
					clause = clause[:end]
				}
				if !Empty(clause) {
					return excerptAtWord(strings.TrimSpace(clause), maxStoryPart)
				}
			}
		}
	}
	for _, text := range texts {
		if Empty(text) || strings.EqualFold(strings.TrimSpace(text), it.Title) {
			continue
		}
		rest := strings.TrimLeft(strings.TrimPrefix(text, it.Title), " .!?,;:\n")
		if !Empty(rest) {
			return excerptAtWord(strings.Join(strings.Fields(rest), " "), maxStoryPart/2)
		}
	}
	return ""
}

// behind is what follows the first lead in text, in any letter case. lead is ASCII:
// lower case may be longer than what was typed, so its places in text are its own.
func behind(text, lead string) (string, bool) {
	for i := 0; i+len(lead) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(lead)], lead) {
			return text[i+len(lead):], true
		}
	}
	return "", false
}
