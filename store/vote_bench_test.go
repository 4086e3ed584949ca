package store_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// BenchmarkCastVotes is what a group of reactions costs, each the first fact of a known
// member on one of 100 items; beside it what a press costs, which is looked at alone.
func BenchmarkCastVotes(b *testing.B) {
	const items, members = 100, 20_000
	w := newVotesWorld(b, items)
	w.must(b, `insert into people (board_id, person_id, created_at) select $1, n, now() from generate_series(1, $2::integer) n`, w.board, members)
	w.must(b, `insert into members (board_id, workspace_id, account, person_id, own_person_id, audience, looked_up_at)
		select $1, $2, 'U' || n, n, n, 'team', now() from generate_series(1, $3::integer) n`, w.board, w.slack.ID, members)
	w.must(b, `analyze`)
	cast := 0 // so many have voted, item by item
	next := func(ballots []bot.Ballot) []bot.Ballot {
		for i := range ballots {
			ballots[i] = w.thumb(fmt.Sprintf("U%d", cast/items%members+1), cast%items, bot.Support, monday.Add(time.Duration(cast)*time.Microsecond))
			ballots[i].Account = fmt.Sprintf("U%d", (cast/items+cast%items*199)%members+1)
			cast++
		}
		return ballots
	}
	for _, size := range []int{1, 16, 64} {
		ballots := make([]bot.Ballot, size)
		w.cast(b, next(ballots)...) // plans are made
		b.Run(fmt.Sprintf("reactions=%d", size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.cast(b, next(ballots)...)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/ballot")
		})
	}
	b.Run("presses=1", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			w.cast(b, w.press("U1", n%items, bot.PlaceButton, bot.Toggle, monday.Add(time.Duration(n)*time.Second)))
		}
	})
}
