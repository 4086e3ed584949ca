package store

import (
	"context"
	"fmt"

	"heed/bot"
)

// shown is what lists show to an audience of the items i of board $1.
func shown(a bot.Audience) string { return ` i.board_id = $1::bigint and ` + listedTo(a) }

// listedTo is the same of any board's items.
func listedTo(a bot.Audience) string {
	const all = ` i.merged_into is null and i.hidden_at is null and i.gone_at is null `
	if a == bot.Team {
		return all
	}
	return all + ` and i.audience = 'community' `
}

// stillOpen says that nothing came of item i yet.
const stillOpen = ` and i.status <> 'shipped' and i.status <> 'declined' `

// best follows a query of items i of one board and has those with the most votes first. It
// is a run through items_top from the highest rung down, which ends where enough are found.
const best = ` order by i.rung desc, i.votes desc, i.item_id `

// Top lists open items by votes; see bot.ListStore.
func (q queries) Top(ctx context.Context, b bot.BoardID, a bot.Audience, p bot.Page) ([]bot.Item, int, error) {
	return q.byVotes(ctx, b, a, stillOpen, p)
}

// WithStatus lists items of a status; see bot.ListStore.
func (q queries) WithStatus(ctx context.Context, b bot.BoardID, a bot.Audience, s bot.Status, p bot.Page) ([]bot.Item, int, error) {
	return q.byVotes(ctx, b, a, ` and i.status = $2 and (i.status <> 'under_review' or i.later) `, p, s)
}

// byVotes lists a page of the items that a condition is true of, with its parameters from
// $2 on, and how many there are in all: a run through items_top alone.
func (q queries) byVotes(ctx context.Context, b bot.BoardID, a bot.Audience, which string, p bot.Page, args ...any) ([]bot.Item, int, error) {
	args = append([]any{b}, args...)
	var ids []int64
	err := q.rows(ctx, &ids, fmt.Sprintf(`select i.item_id from items i where `+shown(a)+which+best+` limit $%d offset $%d`, len(args)+1, len(args)+2),
		append(args, p.Limit, p.Offset)...)
	if err != nil {
		return nil, 0, err
	}
	total := p.Offset + len(ids)
	if len(ids) == p.Limit || len(ids) == 0 && p.Offset > 0 {
		if err := q.row(ctx, &total, `select count(*) from items i where `+shown(a)+which, args...); err != nil {
			return nil, 0, fmt.Errorf("count: %w", err)
		}
	}
	items, err := q.inOrder(ctx, b, ids)
	return readBy(a, items, total, err)
}
