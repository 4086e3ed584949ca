package bot

import "strings"

// nearestVerb is the verb that word probably means, or empty: at most one
// slip of the finger away, two in words of seven letters and more.
func nearestVerb(word string) Verb {
	word = strings.TrimLeft(word, "/")
	best, bestSlips := Verb(""), 3
	for _, u := range Usages() {
		for _, name := range append([]string{string(u.Verb)}, u.Aliases...) {
			if s := slips(word, name); s <= slipsAllowed(name) && s < bestSlips {
				best, bestSlips = u.Verb, s
			}
		}
	}
	return best
}

// nearVerb is nearestVerb for text that may as well be a wish: only the verbs
// themselves, and for those of three letters only swapped or doubled letters,
// since nearly any short word is one letter away from another.
func nearVerb(word string) Verb {
	best, bestSlips := Verb(""), 3
	for _, u := range Usages() {
		verb := string(u.Verb)
		if u.Verb == VerbFeedback || len(verb) <= 3 && !swappedOrDoubled(word, verb) {
			continue
		}
		if s := slips(word, verb); s <= slipsAllowed(verb) && s < bestSlips {
			best, bestSlips = u.Verb, s
		}
	}
	return best
}

func slipsAllowed(verb string) int {
	if len(verb) >= 7 {
		return 2
	}
	return 1
}

// swappedOrDoubled reports whether word is verb with two neighbours swapped or
// one letter typed twice.
func swappedOrDoubled(word, verb string) bool {
	for i := range verb {
		if word == verb[:i+1]+verb[i:] {
			return true
		}
		if i+1 < len(verb) && word == verb[:i]+verb[i+1:i+2]+verb[i:i+1]+verb[i+2:] {
			return true
		}
	}
	return false
}

// slips counts the letters to add, drop, change or swap with a neighbour to
// turn a into b (the optimal string alignment distance). Long words are not
// compared: they count as far apart.
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 32 || len(y) > 32 {
		return 99
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
