package store

import (
	"context"
	"fmt"
	"strings"

	"heed/bot"
)

// searchLoose is how many titles that are spelled alike a search finds at most.
const searchLoose = 50

// sought is what is looked for on board $1, as s: said is the text $3 as people write
// searches, begun all the words of $4 as beginnings, query both; each is null where it
// holds no word. It is a table of its own so that no plan is made for a certain word: for
// one that very many items of all boards hold, reading them all would look cheaper.
const sought = `
	text as materialized (
	  select board_query($1::bigint, websearch_to_tsquery('simple', $3)) as said, board_query($1::bigint, to_tsquery('simple', $4)) as begun),
	sought as materialized (select said, begun, coalesce(said || begun, said, begun) as query from text)`

// holds says of item i that it holds what is sought, for readers $2.
const holds = ` (i.words @@ s.query or $2 = 'team' and i.team_title <> '' and i.team_words @@ s.query) `

// Search lists items by words; see bot.ListStore. It leans on items_words, where the words
// of each board stand by themselves, and on nothing else: the rest of the condition is no
// reason to read other indexes ("is true"). Words that very many items hold tell little of
// any of them: then those that most people want come. Only where no item holds the words
// does it look for titles that are spelled alike.
func (q queries) Search(ctx context.Context, b bot.BoardID, a bot.Audience, words string, p bot.Page) ([]bot.Item, int, error) {
	text := strings.ToLower(words)
	args := []any{b, a, text, allBegin(text), p.Limit, p.Offset}
	ids, total, err := q.page(ctx, `
		with `+sought+`,
		found as materialized (
		  select x.item_id, x.votes, x.rank
		    from sought s
		   cross join lateral (
		     select i.item_id, i.votes, coalesce(ts_rank(i.words, s.said), 0) + coalesce(ts_rank(i.words, s.begun), 0) as rank
		       from items i where (`+shown(a)+`) is true and `+holds+` limit $7) x)
		select item_id, count(*) over () as total from found order by rank desc, votes desc, item_id limit $5 offset $6`,
		append(args, bot.SearchCounted+1)...)
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("items that hold words: %w", err)
	case total == 0 && p.Offset == 0:
		if ids, total, err = q.spelledAlike(ctx, b, a, text, p); err != nil {
			return nil, 0, fmt.Errorf("titles that are spelled alike: %w", err)
		}
	case total > bot.SearchCounted:
		ids = nil
		err = q.rows(ctx, &ids, `
			with `+sought+`
			select x.item_id
			  from sought s
			 cross join lateral (
			   select i.item_id, i.rung, i.votes from items i where `+shown(a)+` and `+holds+` is true `+best+` limit $5::bigint + $6::bigint) x
			 order by x.rung desc, x.votes desc, x.item_id limit $5 offset $6`, args...)
		if err != nil {
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
		  select i.item_id, i.votes, word_similarity($2, lower(i.title)) as alike
		    from items i where i.board_id + 0 = $1::bigint and `+listedTo(a)+` order by lower(i.title) <->> $2 limit $3)
		select item_id, count(*) over () as total from near where alike >= 0.3
		 order by alike desc, votes desc, item_id limit $4 offset $5`, b, text, searchLoose, p.Limit, p.Offset)
}

// allBegin is a text search for all the words of a text, each as a beginning.
func allBegin(text string) string {
	var parts []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n'\\\"&|!():*<>", r) }) {
		parts = append(parts, "'"+w+"':*")
	}
	return strings.Join(parts, " & ")
}
