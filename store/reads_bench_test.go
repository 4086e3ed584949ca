package store_test

import (
	"context"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/crowd"
	"heed/store/storetest"
)

// BenchmarkReads asks for what people ask often, on a board of 5,000 requests among many
// others. What it costs with millions of them is for make bench.
func BenchmarkReads(b *testing.B) {
	db := storetest.New(b)
	c, err := crowd.Fill(b.Context(), db, crowd.Size{
		Boards: 100, Items: 100, People: 50, Votes: 40, BigItems: 5000, BigPeople: 500, BigVotes: 400,
	}, func(string, ...any) {})
	if err != nil {
		b.Fatal(err)
	}
	s := store.New(db)
	now := time.Now()
	week := now.Add(-7 * 24 * time.Hour)
	word := func(n int) string { return c.Words[n*37%1000] }
	for name, ask := range map[string]func(ctx context.Context, n int) error{
		"top": func(ctx context.Context, _ int) error {
			_, _, err := s.Top(ctx, c.Big, bot.Team, bot.Page{Limit: 20})
			return err
		},
		"search": func(ctx context.Context, n int) error {
			_, _, err := s.Search(ctx, c.Big, bot.Team, word(n), bot.Page{Limit: 20})
			return err
		},
		"similar": func(ctx context.Context, n int) error {
			_, err := s.Near(ctx, c.Big, bot.Team, word(n)+" "+word(n+1), []string{word(n), word(n + 1)}, 20)
			return err
		},
		"digest ranking": func(ctx context.Context, _ int) error {
			_, err := s.DigestLists(ctx, c.Big, bot.Team, week, now, map[bot.DigestPart]int{bot.DigestTop: 50})
			return err
		},
		"digest movers": func(ctx context.Context, _ int) error {
			_, err := s.DigestLists(ctx, c.Big, bot.Team, week, now, map[bot.DigestPart]int{bot.DigestRising: 3})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				if err := ask(b.Context(), n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
