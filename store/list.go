package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/lib/pq"

	"heed/bot"
)

// listed is what lists show to audience $2 on board $1.
const listed = ` i.board_id = $1 and i.merged_into is null and i.hidden_at is null and i.gone_at is null and ($2 = 'team' or i.audience = 'community') `

// list reads a page of items; the statement is what follows "from items i". The page
// is found first and read whole after, so that only what is shown is put together.
func (q queries) list(ctx context.Context, b bot.BoardID, statement string, args ...any) ([]bot.Item, int, error) {
	var page []struct {
		ItemID int64 `db:"item_id"`
		Total  int
	}
	if err := q.rows(ctx, &page, `select i.item_id, count(*) over () as total from items i `+statement, append([]any{b}, args...)...); err != nil || len(page) == 0 {
		return nil, 0, err
	}
	ids := make([]int64, len(page))
	for n, p := range page {
		ids[n] = p.ItemID
	}
	items, err := q.itemsByID(ctx, b, ids)
	if err != nil {
		return nil, 0, err
	}
	slices.SortFunc(items, func(a, b bot.Item) int {
		return slices.Index(ids, int64(a.ID)) - slices.Index(ids, int64(b.ID))
	})
	return items, page[0].Total, nil
}

// readBy makes items what an audience reads of them.
func readBy(a bot.Audience, items []bot.Item, total int, err error) ([]bot.Item, int, error) {
	for i := range items {
		items[i] = items[i].As(a)
	}
	return items, total, err
}

// Top lists open items by votes; see bot.ListStore.
func (q queries) Top(ctx context.Context, b bot.BoardID, a bot.Audience, p bot.Page) ([]bot.Item, int, error) {
	items, total, err := q.list(ctx, b, `where`+listed+`and i.status <> 'shipped' and i.status <> 'declined'
		order by i.votes desc, i.item_id limit $3 offset $4`, a, p.Limit, p.Offset)
	return readBy(a, items, total, err)
}

// WithStatus lists items of a status; see bot.ListStore.
func (q queries) WithStatus(ctx context.Context, b bot.BoardID, a bot.Audience, s bot.Status, p bot.Page) ([]bot.Item, int, error) {
	items, total, err := q.list(ctx, b, `where`+listed+`and i.status = $3 and (i.status <> 'under_review' or i.later)
		order by i.votes desc, i.item_id limit $4 offset $5`, a, s, p.Limit, p.Offset)
	return readBy(a, items, total, err)
}

// Search lists items by words; see bot.ListStore. Only where no item holds them does
// it look for titles that are spelled alike.
func (q queries) Search(ctx context.Context, b bot.BoardID, a bot.Audience, words string, p bot.Page) ([]bot.Item, int, error) {
	text := strings.ToLower(words)
	items, total, err := q.list(ctx, b, `
		where`+listed+`and (i.words @@ websearch_to_tsquery('simple', $3) or i.words @@ to_tsquery('simple', $4)
		  or $2 = 'team' and i.team_title <> '' and (i.team_words @@ websearch_to_tsquery('simple', $3) or i.team_words @@ to_tsquery('simple', $4)))
		order by ts_rank(i.words, websearch_to_tsquery('simple', $3)) + ts_rank(i.words, to_tsquery('simple', $4)) desc, i.votes desc, i.item_id
		limit $5 offset $6`, a, text, allBegin(text), p.Limit, p.Offset)
	if err != nil || total > 0 || p.Offset > 0 {
		return readBy(a, items, total, err)
	}
	items, total, err = q.list(ctx, b, `
		where`+listed+`and (word_similarity($3, lower(i.title)) >= 0.3 or similarity($3, lower(i.title)) >= 0.3)
		order by word_similarity($3, lower(i.title)) desc, i.votes desc, i.item_id
		limit $4 offset $5`, a, text, p.Limit, p.Offset)
	return readBy(a, items, total, err)
}

// allBegin is a text search for all the words of a text, each as a beginning.
func allBegin(text string) string {
	var parts []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n'\\\"&|!():*<>", r) }) {
		parts = append(parts, "'"+w+"':*")
	}
	return strings.Join(parts, " & ")
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

// Voters lists who supports an item, by one account each; see bot.ListStore.
func (q queries) Voters(ctx context.Context, b bot.BoardID, root bot.ItemID, limit int) ([]bot.Member, int, error) {
	var rs []memberRow
	err := q.rows(ctx, &rs, `
		select `+memberColumns+`
		  from votes v
		  join lateral (select x.member_id from members x
		                 where x.board_id = v.board_id and x.person_id = v.person_id order by x.name = '', x.member_id limit 1) one on true
		  join members m on m.board_id = v.board_id and m.member_id = one.member_id
		 where v.board_id = $1 and v.item_id = $2 and v.supports
		 order by v.since, m.member_id limit $3`, b, root, limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]bot.Member, len(rs))
	for i, r := range rs {
		out[i] = r.member()
	}
	var n int
	err = q.row(ctx, &n, `select count(*) from votes where board_id = $1 and item_id = $2 and supports`, b, root)
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
