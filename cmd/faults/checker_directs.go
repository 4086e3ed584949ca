package main

import (
	"slices"
	"strings"
)

type accountAt struct{ team, user string }

// directs: what Heed wrote to a person by itself stands there once, and whoever asked for
// what shipped heard of it once. One batch a day goes to a person: what waits for its day
// is not lost.
func (c *checker) directs() {
	type place struct{ team, channel, ts string }
	posted := map[place]bool{}
	for _, p := range c.s.Posts {
		posted[place{p.Team, p.Channel, p.Message}] = p.Message != ""
	}
	wrotes, told := map[accountAt][]string{}, map[accountAt][]string{}
	for _, a := range c.acts {
		if a.Kind == wrote {
			who := accountAt{a.Team, a.User}
			wrotes[who] = append(wrotes[who], a.Words)
		}
	}
	for _, m := range c.s.Shown {
		if !m.Direct {
			continue
		}
		who := accountAt{m.Team, m.User}
		told[who] = append(told[who], m.Text)
		if !c.s.Lossy && !posted[place{m.Team, m.Channel, m.TS}] && !slices.ContainsFunc(wrotes[who], func(words string) bool { return answersTo(m.Text, words) }) {
			c.find(doubled, "a direct message to %s is nobody's (sent twice?): %q", m.User, firstLine(m.Text))
		}
	}
	for _, a := range c.acts {
		if a.Kind == shipped {
			c.hear(a.Words, told)
		}
	}
}

// answersTo tells an answer to words that somebody wrote to Heed: it names the request
// that they became, or has them.
func answersTo(said, words string) bool {
	title, _, _ := strings.Cut(words, ".")
	return title != "" && strings.Contains(said, title)
}

// hear: the news that hold this token came once to whoever asked for what shipped.
func (c *checker) hear(token string, told map[accountAt][]string) {
	for who, texts := range told {
		if n := strings.Count(strings.Join(texts, "\n"), token); n > 1 {
			c.find(doubled, "%s heard the news %s %d times", who.user, token, n)
		}
	}
	for _, x := range c.s.Announced {
		if !strings.Contains(x.How, token) {
			continue
		}
		it := c.number[itemKey{x.Board, x.Item}]
		for _, a := range c.acts {
			wish := wishToken.FindString(a.Words)
			if a.Kind != asked && a.Kind != wrote || wish == "" || !strings.Contains(it.Words, wish) {
				continue
			}
			who := accountAt{a.Team, a.User}
			switch {
			case !slices.ContainsFunc(c.s.Votes, func(v voteRow) bool {
				return v.Board == x.Board && v.Item == it.Root && v.Team == a.Team && v.Account == a.User
			}): // taken back: they want it no more
			case slices.Contains(c.s.Waiting, waitingRow{x.Board, x.Item, a.Team, a.User}):
			case !slices.ContainsFunc(told[who], func(text string) bool {
				return strings.Contains(text, token) || strings.Contains(text, "more of yours moved")
			}):
				c.find(lost, "%s asked for #%d of board %d, which shipped (%s), and did not hear of it", a.User, it.Number, x.Board, token)
			}
		}
	}
}
