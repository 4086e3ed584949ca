package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/cmd/internal/scorecard"
	"heed/store"
	"heed/store/crowd"
)

// reads is how often each kind of reading is measured on each kind of board, each time
// with another board or other words; a few more warm it up.
const (
	reads  = 200
	warmed = 20
)

// reading is something that Heed is asked for often.
type reading struct {
	name       string
	usual, big float64 // goals in milliseconds at the 95th percentile; 0: none
	ask        func(ctx context.Context, s *store.Store, at asked) error
}

// asked is one case of a reading.
type asked struct {
	board bot.BoardID
	words []string // of a text, from frequent to rare
	now   time.Time
}

func (a asked) text() string { return strings.Join(a.words, " ") }

func digestOf(part bot.DigestPart, limit int) func(context.Context, *store.Store, asked) error {
	return func(ctx context.Context, s *store.Store, a asked) error {
		_, err := s.DigestLists(ctx, a.board, bot.Team, a.now.Add(-7*24*time.Hour), a.now, map[bot.DigestPart]int{part: limit})
		return err
	}
}

var readings = []reading{
	{"top 20", 5, 50, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.Top(ctx, a.board, bot.Team, bot.Page{Limit: 20})
		return err
	}},
	{"search", 5, 50, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.Search(ctx, a.board, bot.Team, strings.Join(a.words[:1+len(a.words)%2], " "), bot.Page{Limit: 20})
		return err
	}},
	{"search for a beginning", 5, 50, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.Search(ctx, a.board, bot.Team, bot.Excerpt(a.words[0], 4), bot.Page{Limit: 20})
		return err
	}},
	{"search, misspelled", 5, 50, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.Search(ctx, a.board, bot.Team, "q"+a.words[0]+"z", bot.Page{Limit: 20})
		return err
	}},
	{"digest ranking", 5, 50, digestOf(bot.DigestTop, 50)},
	{"digest movers", 5, 50, digestOf(bot.DigestRising, 3)},
	{"similar", 10, 100, func(ctx context.Context, s *store.Store, a asked) error {
		_, err := s.Near(ctx, a.board, bot.Team, a.text(), a.words, 20)
		return err
	}},
	{"a whole digest", 0, 0, wholeDigest},
	{"roadmap", 0, 0, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.WithStatus(ctx, a.board, bot.Team, bot.StatusPlanned, bot.Page{Limit: 10})
		return err
	}},
	{"triage", 0, 0, func(ctx context.Context, s *store.Store, a asked) error {
		_, _, err := s.TriageQueue(ctx, a.board, bot.Page{Limit: 1})
		return err
	}},
}

// wholeDigest is all that is read for one.
func wholeDigest(ctx context.Context, s *store.Store, a asked) error {
	from := a.now.Add(-7 * 24 * time.Hour)
	for _, until := range []time.Time{a.now, from} {
		if _, err := s.DigestTotals(ctx, a.board, bot.Team, until.Add(-7*24*time.Hour), until); err != nil {
			return err
		}
	}
	_, err := s.DigestLists(ctx, a.board, bot.Team, from, a.now, map[bot.DigestPart]int{
		bot.DigestTop: 50, bot.DigestRising: 3, bot.DigestFresh: 5, bot.DigestShipped: 10, bot.DigestUnanswered: 3, bot.DigestReady: 3,
	})
	if err != nil {
		return err
	}
	_, err = s.DigestQuote(ctx, a.board, bot.Team, from, a.now)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}

// measureReads asks for everything on usual boards and on the big one.
func measureReads(ctx context.Context, db *sqlx.DB, c crowd.Crowd, say func(string, ...any)) ([]scorecard.Figure, error) {
	db.SetMaxOpenConns(1) // so that what its server process uses can be read
	defer db.SetMaxOpenConns(0)
	s := store.New(db)
	var backend int
	if err := db.GetContext(ctx, &backend, `select pg_backend_pid()`); err != nil {
		return nil, err
	}
	var figures []scorecard.Figure
	random := rand.New(rand.NewSource(1)) // #nosec G404 -- a load, not a secret
	for _, r := range readings {
		for _, kind := range []struct {
			name  string
			bound float64
			board func() bot.BoardID
		}{
			{"a usual board", r.usual, func() bot.BoardID { return c.Boards[random.Intn(len(c.Boards))] }},
			{"the big board", r.big, func() bot.BoardID { return c.Big }},
		} {
			var took, used []time.Duration
			for n := range warmed + reads {
				a := asked{board: kind.board(), words: someWords(random, c.Words, 2+n%4), now: time.Now()}
				began, before := time.Now(), processorTime(backend)
				if err := r.ask(ctx, s, a); err != nil {
					return figures, fmt.Errorf("%s: %w", r.name, err)
				}
				if n >= warmed {
					took, used = append(took, time.Since(began)), append(used, processorTime(backend)-before)
				}
			}
			slices.Sort(took)
			slices.Sort(used)
			sense := scorecard.AtMost
			if kind.bound == 0 {
				sense = scorecard.None
			}
			p95 := took[len(took)*95/100].Seconds() * 1000
			f := scorecard.Of(r.name+", "+kind.name+", p95", p95, "ms", sense, kind.bound)
			f.Note = fmt.Sprintf("p50 %.1f; of Postgres' processor time p95 %.1f", took[len(took)/2].Seconds()*1000, used[len(used)*95/100].Seconds()*1000)
			figures = append(figures, f)
			say("%s, %s: p95 %.1f ms, %s", r.name, kind.name, p95, f.Note)
		}
	}
	return figures, nil
}

// processorTime is what a process has used so far; 0 where the system does not tell.
func processorTime(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		return 0
	}
	var ns int64
	if _, err := fmt.Sscan(string(raw), &ns); err != nil {
		return 0
	}
	return time.Duration(ns)
}

// someWords picks words as people use them, the n-th as often as 1/n, the longest first
// as Heed looks them up.
func someWords(random *rand.Rand, words []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = words[rank(random, len(words))]
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// rank is a number below n, each k as often as 1/(k+1).
func rank(random *rand.Rand, n int) int {
	return min(int(math.Pow(float64(n), random.Float64()))-1, n-1)
}
