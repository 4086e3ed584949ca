package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"heed/bot"
)

// bestOf are the items of board $1 with the most votes, from the highest rung down, of
// each of the statuses $2 and audiences $3 by itself: so each is one run through
// items_top that ends where enough are found, whatever the board holds. It is what
// follows "from", and gives x; which says more about x, best is how many of each.
func bestOf(which, best string) string {
	return ` unnest($2::text[]) s (status) cross join unnest($3::text[]) r (audience)
		 cross join lateral (
		   select i.item_id, i.votes from items i
		    where i.board_id = $1::bigint and i.status = s.status and i.audience = r.audience
		      and i.merged_into is null and i.hidden_at is null and i.gone_at is null ` + which + `
		    order by i.rung desc, i.votes desc, i.item_id limit ` + best + `) x `
}

// statuses are those that which says yes to.
func statuses(which func(bot.Status) bool) []string {
	var out []string
	for _, s := range bot.Statuses() {
		if which(s) {
			out = append(out, string(s))
		}
	}
	return out
}

// audiences are those that an audience may read.
func audiences(a bot.Audience) []string {
	if a == bot.Team {
		return []string{string(bot.Team), string(bot.Community)}
	}
	return []string{string(bot.Community)}
}

// onRoadmap says of an item under review that it is there as "later".
const onRoadmap = ` and (array_length($2::text[], 1) > 1 or i.status <> 'under_review' or i.later) `

// byVotes lists a page of the items of some statuses by votes, and how many there are in
// all. Of under_review alone it lists what is on the roadmap.
func (q queries) byVotes(ctx context.Context, b bot.BoardID, a bot.Audience, of []string, p bot.Page) ([]bot.Item, int, error) {
	var ids []int64
	err := q.rows(ctx, &ids, `
		select x.item_id from `+bestOf(onRoadmap, `$4::bigint + $5::bigint`)+`
		 order by x.votes desc, x.item_id limit $4 offset $5`, b, pq.Array(of), pq.Array(audiences(a)), p.Limit, p.Offset)
	if err != nil {
		return nil, 0, err
	}
	total := p.Offset + len(ids)
	if len(ids) == p.Limit || len(ids) == 0 && p.Offset > 0 {
		err = q.row(ctx, &total, `
			select count(*) from items i
			 where i.board_id = $1::bigint and i.status = any($2::text[]) and i.audience = any($3::text[])
			   and i.merged_into is null and i.hidden_at is null and i.gone_at is null `+onRoadmap, b, pq.Array(of), pq.Array(audiences(a)))
		if err != nil {
			return nil, 0, fmt.Errorf("count: %w", err)
		}
	}
	items, err := q.inOrder(ctx, b, ids)
	return readBy(a, items, total, err)
}
