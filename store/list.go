package store

import (
	"context"
	"errors"
	"slices"

	"github.com/lib/pq"

	"heed/bot"
)

// listed is what lists show to audience $2 on board $1.
const listed = ` i.board_id = $1 and i.merged_into is null and i.hidden_at is null and i.gone_at is null and ($2 = 'team' or i.audience = 'community') `

// list reads a page of items; the statement is what follows "from items i". The page
// is found first and read whole after, so that only what is shown is put together.
func (q queries) list(ctx context.Context, b bot.BoardID, statement string, args ...any) ([]bot.Item, int, error) {
	ids, total, err := q.page(ctx, `select i.item_id, count(*) over () as total from items i `+statement, append([]any{b}, args...)...)
	if err != nil {
		return nil, 0, err
	}
	items, err := q.inOrder(ctx, b, ids)
	return items, total, err
}

// page runs a query for item_id, and total in each row.
func (q queries) page(ctx context.Context, query string, args ...any) (ids []int64, total int, err error) {
	var rows []struct {
		ItemID int64 `db:"item_id"`
		Total  int
	}
	err = q.rows(ctx, &rows, query, args...)
	for _, r := range rows {
		ids, total = append(ids, r.ItemID), r.Total
	}
	return ids, total, err
}

// inOrder reads items in the order of ids.
func (q queries) inOrder(ctx context.Context, b bot.BoardID, ids []int64) ([]bot.Item, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	items, err := q.itemsByID(ctx, b, ids)
	slices.SortFunc(items, func(a, b bot.Item) int {
		return slices.Index(ids, int64(a.ID)) - slices.Index(ids, int64(b.ID))
	})
	return items, err
}

// readBy makes items what an audience reads of them.
func readBy(a bot.Audience, items []bot.Item, total int, err error) ([]bot.Item, int, error) {
	for i := range items {
		items[i] = items[i].As(a)
	}
	return items, total, err
}

// ItemsByNumber reads items in the order asked.
func (q queries) ItemsByNumber(ctx context.Context, b bot.BoardID, a bot.Audience, numbers []int) ([]bot.Item, error) {
	wide := make([]int64, len(numbers))
	for i, n := range numbers {
		wide[i] = int64(n)
	}
	items, total, err := q.list(ctx, b, `where`+listed+`and i.number = any($3::bigint[])
		order by array_position($3::bigint[], i.number::bigint)`, a, pq.Array(wide))
	items, _, err = readBy(a, items, total, err)
	return items, err
}

// AskedBy lists a person's own items; see bot.ListStore.
func (q queries) AskedBy(ctx context.Context, b bot.BoardID, p bot.PersonID, page bot.Page) ([]bot.Item, int, error) {
	return q.list(ctx, b, `join members m on m.board_id = i.board_id and m.member_id = i.author_id
		where i.board_id = $1 and m.person_id = $2 and i.gone_at is null
		order by i.created_at desc, i.item_id desc limit $3 offset $4`, p, page.Limit, page.Offset)
}

// VotedFor lists what a person supports; see bot.ListStore.
func (q queries) VotedFor(ctx context.Context, b bot.BoardID, a bot.Audience, p bot.PersonID, page bot.Page) ([]bot.Item, int, error) {
	items, total, err := q.list(ctx, b, `join votes v on v.board_id = i.board_id and v.item_id = i.item_id and v.supports
		where`+listed+`and v.person_id = $3
		  and not exists (select from members m where m.board_id = i.board_id and m.member_id = i.author_id and m.person_id = $3)
		order by v.since desc, i.item_id desc limit $4 offset $5`, a, p, page.Limit, page.Offset)
	return readBy(a, items, total, err)
}

// Supported tells which items a person supports.
func (q queries) Supported(ctx context.Context, b bot.BoardID, p bot.PersonID, roots []bot.ItemID) (map[bot.ItemID]bool, error) {
	wide := make([]int64, len(roots))
	for i, r := range roots {
		wide[i] = int64(r)
	}
	var ids []bot.ItemID
	err := q.rows(ctx, &ids, `select item_id from votes where board_id = $1 and person_id = $2 and supports and item_id = any($3::bigint[])`, b, p, pq.Array(wide))
	out := make(map[bot.ItemID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Voters lists who supports an item, by one account each; see bot.ListStore. How many
// they are is the item's count: it is kept with them. Those of the item are taken first
// (materialized), not the board's votes in the order of time until enough are the item's.
func (q queries) Voters(ctx context.Context, b bot.BoardID, root bot.ItemID, limit int) ([]bot.Member, int, error) {
	var rs []memberRow
	err := q.rows(ctx, &rs, `
		with them as materialized (select person_id, since from votes where board_id = $1 and item_id = $2 and supports)
		select `+memberColumns+`
		  from (select person_id, since from them order by since, person_id limit $3) v
		  join lateral (select x.member_id from members x
		                 where x.board_id = $1 and x.person_id = v.person_id order by x.name = '', x.member_id limit 1) one on true
		  join members m on m.board_id = $1 and m.member_id = one.member_id
		 order by v.since, v.person_id`, b, root, limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]bot.Member, len(rs))
	for i, r := range rs {
		out[i] = r.member()
	}
	var n int
	err = q.row(ctx, &n, `select coalesce(max(votes), 0) from items where board_id = $1 and item_id = $2 and root_id = item_id`, b, root)
	return out, n, err
}

// Follows tells what a person said last about hearing of an item.
func (q queries) Follows(ctx context.Context, b bot.BoardID, p bot.PersonID, item bot.ItemID) (follows, said bool, err error) {
	err = q.row(ctx, &follows, `
		select f.follows from follows f join members m using (board_id, member_id)
		 where m.board_id = $1 and m.person_id = $2 and f.item_id = $3 order by f.at desc limit 1`, b, p, item)
	if errors.Is(err, bot.ErrNotFound) {
		return false, false, nil
	}
	return follows, err == nil, err
}
