package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"heed/bot"
)

// searchLoose is how many titles that are spelled alike a search finds at most.
const searchLoose = 50

// What is looked for on board $1 among items of the statuses $2 and audiences $3: said is
// the text $4 as people write searches, begun all the words of $5 as beginnings. Either is
// null where it holds no word.
const (
	said   = `board_query($1::bigint, websearch_to_tsquery('simple', $4))`
	begun  = `board_query($1::bigint, to_tsquery('simple', $5))`
	sought = `coalesce(` + said + ` || ` + begun + `, ` + said + `, ` + begun + `)`
	holds  = ` (i.words @@ ` + sought + ` or 'team' = any($3::text[]) and i.team_title <> '' and i.team_words @@ ` + sought + `) `
	rank   = ` coalesce(ts_rank(i.words, ` + said + `), 0) + coalesce(ts_rank(i.words, ` + begun + `), 0) `
)

// Search lists items by words; see bot.ListStore. It leans on items_words, where the words
// of each board stand by themselves. Words that very many items hold tell little of any of
// them: then those that most people want come. Only where no item holds the words does it
// look for titles that are spelled alike.
func (q queries) Search(ctx context.Context, b bot.BoardID, a bot.Audience, words string, p bot.Page) ([]bot.Item, int, error) {
	text := strings.ToLower(words)
	args := []any{b, pq.Array(statuses(bot.Status.Valid)), pq.Array(audiences(a)), text, allBegin(text), p.Limit, p.Offset}
	ids, total, err := q.page(ctx, `
		with found as materialized (
		  select i.item_id, i.votes, `+rank+` as rank from items i
		   where i.board_id = $1::bigint and i.status = any($2::text[]) and i.audience = any($3::text[])
		     and i.merged_into is null and i.hidden_at is null and i.gone_at is null and `+holds+` limit $8)
		select item_id, count(*) over () as total from found order by rank desc, votes desc, item_id limit $6 offset $7`,
		append(args, bot.SearchCounted+1)...)
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("items that hold words: %w", err)
	case total == 0 && p.Offset == 0:
		if ids, total, err = q.spelledAlike(ctx, b, a, text, p); err != nil {
			return nil, 0, fmt.Errorf("titles that are spelled alike: %w", err)
		}
	case total > bot.SearchCounted:
		// "is true" keeps it from items_words: of the first items that it looks at, most hold them.
		if err = q.rows(ctx, &ids, `
			select x.item_id from `+bestOf(`and (`+holds+`) is true`, `$6::bigint + $7::bigint`)+`
			 order by x.votes desc, x.item_id limit $6 offset $7`, args...); err != nil {
			return nil, 0, fmt.Errorf("items that hold common words: %w", err)
		}
	}
	items, err := q.inOrder(ctx, b, ids)
	return readBy(a, items, total, err)
}

// spelledAlike finds the titles that hold something like a text, the likest first. It
// leans on items_near.
func (q queries) spelledAlike(ctx context.Context, b bot.BoardID, a bot.Audience, text string, p bot.Page) ([]int64, int, error) {
	return q.page(ctx, `
		with near as materialized (
		  select i.item_id, i.votes, word_similarity($2, lower(i.title)) as alike from items i
		   where i.board_id + 0 = $1::bigint and i.audience = any($3::text[])
		     and i.merged_into is null and i.hidden_at is null and i.gone_at is null
		   order by lower(i.title) <->> $2 limit $6)
		select item_id, count(*) over () as total from near where alike >= 0.3
		 order by alike desc, votes desc, item_id limit $4 offset $5`, b, text, pq.Array(audiences(a)), p.Limit, p.Offset, searchLoose)
}

// allBegin is a text search for all the words of a text, each as a beginning.
func allBegin(text string) string {
	var parts []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n'\\\"&|!():*<>", r) }) {
		parts = append(parts, "'"+w+"':*")
	}
	return strings.Join(parts, " & ")
}
