package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The checker knows nothing of Heed's code: from the record it computes what must be
// there, and compares with what the database holds and the platform shows.

// fault classes of findings.
type breach string

// What may be wrong.
const (
	lost    breach = "lost"    // acknowledged, and not there
	doubled breach = "doubled" // there, shown or sent more often than once
	phantom breach = "phantom" // there, and never sent or refused
	untrue  breach = "untrue"  // shown, counted or stored differently in two places
)

// finding is one broken promise, in a sentence for whoever mends it.
type finding struct {
	Breach breach
	What   string
}

// check compares what people did with what came of it.
func check(all []act, s snapshot) []finding {
	c := &checker{acts: all, s: s, number: map[itemKey]itemRow{}}
	for _, it := range s.Items {
		c.number[itemKey{it.Board, it.Item}] = it
	}
	c.words()
	c.votes()
	c.cards()
	c.posts()
	c.digests()
	c.directs()
	c.ships()
	c.orders()
	return c.found
}

type itemKey struct{ Board, Item int64 }

type checker struct {
	acts   []act
	s      snapshot
	number map[itemKey]itemRow
	found  []finding
}

func (c *checker) find(b breach, format string, args ...any) {
	c.found = append(c.found, finding{b, fmt.Sprintf(format, args...)})
}

// words: all that was acknowledged is an item, or held, once.
func (c *checker) words() {
	for _, a := range c.acts {
		if a.Kind != asked && a.Kind != wrote && a.Kind != saved {
			continue
		}
		token := wishToken.FindString(a.Words)
		if token == "" {
			continue
		}
		n := 0
		for _, it := range c.s.Items {
			if strings.Contains(it.Words, token) {
				n++
			}
		}
		for _, h := range c.s.Held {
			if strings.Contains(h.Words, token) {
				n++
			}
		}
		switch {
		case n == 0 && a.Verdict == kept:
			c.find(lost, "words %s (%s) were acknowledged and are neither an item nor held", token, a.Kind)
		case n > 1:
			c.find(doubled, "words %s (%s) are there %d times", token, a.Kind, n)
		case n > 0 && a.Verdict == refused:
			c.find(phantom, "words %s (%s) were refused and are there", token, a.Kind)
		}
		if a.Kind == asked && a.Verdict == unknown && len(a.Answers) > 0 && !slices.ContainsFunc(a.Answers, func(said string) bool { return strings.Contains(said, token) }) {
			c.find(lost, "words %s were not kept for sure, and their author did not get them back", token)
		}
	}
}

// cardHeader is how a card begins.
var cardHeader = regexp.MustCompile(`^\*?#(\d+) `)

// cardNumber is the item's number on a card, 0 for what is no card.
func cardNumber(text string) int {
	if m := cardHeader.FindStringSubmatch(text); m != nil && strings.Contains(text, "[Details]") {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

var shownVotes = regexp.MustCompile(`👍 (\d+) (?:person|people)|Thank you, all (\d+)`)

// cards: each item is shown once in its channel, with its title, its status and its count.
func (c *checker) cards() {
	type place struct{ team, channel, ts string }
	owner := map[place]itemRow{}
	cards := map[itemKey]int{}
	for _, p := range c.s.Posts {
		if p.Kind == "card" && !p.Gone {
			cards[itemKey{p.Board, p.Item}]++
			owner[place{p.Team, p.Channel, p.Message}] = c.number[itemKey{p.Board, p.Item}]
		}
	}
	for _, it := range c.s.Items {
		if n := cards[itemKey{it.Board, it.Item}]; n == 0 && !it.Gone {
			c.find(lost, "item #%d of board %d has no card", it.Number, it.Board)
		}
	}
	times := map[place]int{} // by channel and number
	for _, m := range c.s.Shown {
		n := cardNumber(m.Text)
		if n == 0 || m.Direct {
			continue
		}
		it, known := owner[place{m.Team, m.Channel, m.TS}]
		if !known {
			continue // posts says so
		}
		if at := (place{m.Team, m.Channel, strconv.Itoa(n)}); times[at] > 0 {
			c.find(doubled, "the card of #%d of board %d stands %d times in a channel", n, it.Board, times[at]+1)
		}
		times[place{m.Team, m.Channel, strconv.Itoa(n)}]++
		if n != it.Number || !strings.Contains(m.Text, it.Title) {
			c.find(untrue, "a card of #%d %q of board %d reads %q", it.Number, it.Title, it.Board, firstLine(m.Text))
		}
		if label := statusLabels[it.Status]; !strings.Contains(m.Text, label) {
			c.find(untrue, "the card of #%d of board %d does not say %q: %q", it.Number, it.Board, label, firstLine(m.Text))
		}
		if got, ok := countOn(m.Text); ok && got != it.Votes {
			c.find(untrue, "the card of #%d of board %d shows %d votes, the database %d", it.Number, it.Board, got, it.Votes)
		}
	}
}

// statusLabels is what members read of a status.
var statusLabels = map[string]string{
	"new": "New", "under_review": "Under review", "needs_info": "info", "planned": "Planned",
	"started": "In progress", "shipped": "Shipped", "declined": "Not planned",
}

// countOn is the number of votes that a card shows; a shipped one thanks only several.
func countOn(text string) (int, bool) {
	m := shownVotes.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(cmp.Or(m[1], m[2]))
	return n, err == nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// posts: every message of Heed's is known to it by one post, and every post stands.
func (c *checker) posts() {
	type place struct{ team, channel, ts string }
	known := map[place]int{}
	for _, p := range c.s.Posts {
		if p.Message != "" && p.Kind != "mark" {
			known[place{p.Team, p.Channel, p.Message}]++
		}
	}
	there := map[place]bool{}
	for _, m := range c.s.Shown {
		at := place{m.Team, m.Channel, m.TS}
		there[at] = true
		switch n := known[at]; {
		case n == 0 && !m.Direct: // directs looks at those
			c.find(doubled, "a message of Heed's is nobody's (sent twice?): %q", firstLine(m.Text))
		case n > 1:
			c.find(untrue, "%d posts stand for one message: %q", n, firstLine(m.Text))
		}
	}
	for _, p := range c.s.Posts {
		if p.Message != "" && p.Kind != "mark" && !p.Gone && !there[place{p.Team, p.Channel, p.Message}] {
			c.find(lost, "post %d of board %d (%s) stands nowhere", p.Post, p.Board, p.Kind)
		}
	}
}

// digests: a schedule has one each time that it was due, and each is shown once.
func (c *checker) digests() {
	type due struct {
		board, schedule, at int64
	}
	seen := map[due]bool{}
	type place struct{ team, channel string }
	wanted := map[place]int{}
	for _, d := range c.s.Digests {
		key := due{d.Board, d.Schedule, d.Due.UnixMicro()}
		if seen[key] {
			c.find(doubled, "schedule %d of board %d has two digests for %s", d.Schedule, d.Board, d.Due)
		}
		seen[key] = true
		if d.State == "sent" {
			wanted[place{d.Team, d.Channel}]++
		}
	}
	for _, d := range c.s.Due {
		if !seen[due{d.Board, d.Schedule, d.At.UnixMicro()}] {
			c.find(lost, "schedule %d of board %d has no digest for %s", d.Schedule, d.Board, d.At)
		}
	}
	got := map[place]int{}
	for _, m := range c.s.Shown {
		if isDigest(m.Text) {
			got[place{m.Team, m.Channel}]++
		}
	}
	for at, n := range wanted {
		switch {
		case got[at] < n:
			c.find(lost, "%d of %d digests of a channel are not shown", n-got[at], n)
		case got[at] > n:
			c.find(doubled, "%d digests were due in a channel, %d are shown", n, got[at])
		}
	}
}

// isDigest tells a digest by how it begins.
func isDigest(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, "*"), "Feedback, ") || strings.HasPrefix(strings.TrimLeft(text, "*"), "Feedback · ")
}

// ships: what shipped was announced once in each channel that hears of it.
func (c *checker) ships() {
	for _, a := range c.acts {
		if a.Kind != shipped {
			continue
		}
		kept := a.Verdict == kept
		rows := 0
		for _, x := range c.s.Announced {
			if strings.Contains(x.How, a.Words) {
				rows++
			}
		}
		times := map[string]int{}
		told := 0
		for _, m := range c.s.Shown {
			if strings.Contains(m.Text, a.Words) {
				if times[m.Channel+m.Thread]++; times[m.Channel+m.Thread] == 2 && cardNumber(m.Text) == 0 {
					c.find(doubled, "the news %s stands twice in one place", a.Words)
				}
				if !m.Direct {
					told++
				}
			}
		}
		switch {
		case kept && rows == 0:
			c.find(lost, "the ship %s was acknowledged and is not there", a.Words)
		case rows > 1:
			c.find(doubled, "the ship %s is there %d times", a.Words, rows)
		case rows == 1 && told == 0:
			c.find(lost, "the ship %s was announced nowhere", a.Words)
		}
	}
}
