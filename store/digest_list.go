package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// DigestLists lists items for parts of a digest; see bot.DigestStore and digest_lists.
func (q queries) DigestLists(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time, most map[bot.DigestPart]int) (map[bot.DigestPart][]bot.DigestLine, error) {
	var parts []string
	var mosts []int64
	for part, n := range most {
		parts, mosts = append(parts, string(part)), append(mosts, int64(n))
	}
	var rs []struct {
		Part      bot.DigestPart `db:"o_part"`
		ItemID    bot.ItemID     `db:"o_item"`
		Number    int            `db:"o_number"`
		Title     string         `db:"o_title"`
		Status    bot.Status     `db:"o_status"`
		CreatedAt time.Time      `db:"o_created_at"`
		Votes     int            `db:"o_votes"`
		Gain      int            `db:"o_gain"`
		OfTeam    int            `db:"o_of_team"`
		Channels  int            `db:"o_channels"`
		Customers int            `db:"o_customers"`
		Days      int            `db:"o_days"`
	}
	err := q.rows(ctx, &rs, `
		select o_part, o_item, o_number, o_title, o_status, o_created_at, o_votes, o_gain, o_of_team, o_channels, o_customers, o_days
		  from digest_lists($1, $2, $3, $4, $5::text[], $6::integer[])`, b, audience, from, until, pq.Array(parts), pq.Array(mosts))
	out := map[bot.DigestPart][]bot.DigestLine{}
	for _, r := range rs {
		out[r.Part] = append(out[r.Part], bot.DigestLine{
			Item: r.ItemID, Number: r.Number, Title: r.Title, Status: r.Status, Votes: r.Votes, Gain: r.Gain, OfTeam: r.OfTeam,
			Channels: r.Channels, Customers: r.Customers, CreatedAt: r.CreatedAt, Days: r.Days,
		})
	}
	return out, err
}
