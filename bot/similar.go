package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// nearRunes is how much of a text is compared: longer ones cost time and find
	// less (380 ms instead of 156 at 100,000 items).
	nearRunes = 200
	// nearWords is how many of its words are looked up.
	nearWords = 8
	// nearOffered is how many similar items a person is shown.
	nearOffered = 3
	// nearTitles is how many items come into question by each way of looking.
	nearTitles = 20
)

// similar finds the open items that words may be the same as, nearest first, among
// those that the caller may read.
func (b *Bot) similar(ctx context.Context, tx Tx, c caller, words string, w Wish) ([]ItemID, error) {
	text := w.Title
	if Empty(text) {
		text = Title(words)
	}
	core := strings.Join(contentWords(text), " ")
	if core == "" {
		core = text
	}
	look := contentWords(Excerpt(text+" "+words, nearRunes))
	slices.SortStableFunc(look, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	near, err := tx.Near(ctx, c.Workspace.Board, c.audience(), Excerpt(core, nearRunes), look[:min(len(look), nearWords)], nearTitles)
	if err != nil {
		return nil, fmt.Errorf("similar items: %w", err)
	}
	type scored struct {
		item  ItemID
		score float64
	}
	var found []scored
	for _, n := range near {
		if s := alike(text, n); s > 0 {
			found = append(found, scored{n.ID, s})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var out []ItemID
	for _, f := range found[:min(len(found), nearOffered)] {
		out = append(out, f.item)
	}
	return out, nil
}

// alike tells how much a text sounds like an item: 0 is not enough to ask about.
// Trigrams alone take "Export to PDF" for "Export to CSV" and miss "night theme" for
// "Dark theme at night", so the words that carry meaning decide with them.
func alike(text string, n Near) float64 {
	mine, its := stems(contentWords(text)), stems(contentWords(n.Title))
	shared := 0
	for _, w := range mine {
		if slices.Contains(its, w) {
			shared++
		}
	}
	least := min(len(mine), len(its))
	if least == 0 { // emoji, or nothing but small words
		if n.Whole >= 0.8 {
			return n.Whole
		}
		return 0
	}
	cover := float64(shared) / float64(least)
	switch {
	case n.Whole >= 0.6:
	case shared >= 2 && cover >= 0.6:
	case shared >= 1 && cover >= 0.5 && n.Whole >= 0.28 && (mine[0] == its[0] || mine[len(mine)-1] == its[len(its)-1]):
		// "dark mode" and "dark theme"; not "rename a project" and "project budget"
	case least == 1 && shared == 1 && n.Part >= 0.5 && max(len(mine), len(its)) <= 3:
	case shared == 0 && n.Whole >= 0.5: // one word misspelled
	default:
		return 0
	}
	return n.Whole + cover
}

// contentWords are the words of a text that carry its meaning, in lower case, once
// each, in order.
func contentWords(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if slices.Contains(smallTalk, w) || slices.Contains(out, w) || utf8.RuneCountInString(w) == 1 && w[0] < utf8.RuneSelf {
			continue
		}
		out = append(out, w)
	}
	return out
}

// stems cuts the endings that English words of one meaning differ in.
func stems(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		for _, end := range []string{"ing", "ies", "es", "ed", "s", "y", "e"} {
			if stem, ok := strings.CutSuffix(w, end); ok && len(stem) >= 3 {
				w = stem
				break
			}
		}
		out[i] = w
	}
	return out
}

// smallTalk are words that wishes hold whatever they are about.
var smallTalk = strings.Fields(`a an and are as at be been but by can can't cannot could do does doesn't don don't for from get give
	have having how i i'd i'm if in into is it it's its just let like make makes making me more my need needs no not of on one or our out
	please should so some support that the them there they this to us use using want wants was we we'd when where which while will wish
	with would you your add adding able allow app feature option possibility possible really very nice great better would love thanks hi hello`)
