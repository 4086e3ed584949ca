package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"heed/bot"
)

// nearRare is how many items of a board may hold a word that it says something to share.
const nearRare = 100

type nearRow struct {
	itemRow
	Whole float64
	Part  float64
}

// Near finds open items that may be the same as a text; see bot.AskStore. Titles
// come by the nearest-neighbour index items_near, words by items_words; what is in
// one of the two is measured against the text in full.
//
// Of the words, those that few items hold are looked at one by one; of those that many
// hold, only items that hold two of them, the first pairs. So it reads a bounded number
// of items whatever the words are.
func (q queries) Near(ctx context.Context, b bot.BoardID, a bot.Audience, text string, words []string, limit int) ([]bot.Near, error) {
	const (
		open = ` i.merged_into is null and i.hidden_at is null and i.gone_at is null
			and i.status <> 'shipped' and i.status <> 'declined' and ($2 = 'team' or i.audience = 'community') `
		// A word names its board, so the index needs no more; the board is asked for all the same.
		holds = `(i.words @@ w.query or $2 = 'team' and i.team_title <> '' and i.team_words @@ w.query) and (i.board_id = $1) is true`
	)
	var rs []nearRow
	err := q.rows(ctx, &rs, `
		with titles as (
		  select i.item_id from items i where i.board_id + 0 = $1::bigint and `+open+` order by lower(i.title) <-> $3 limit $5),
		word as materialized (
		  select t.place, board_query($1::bigint, to_tsquery('simple', t.word)) as query from unnest($4::text[]) with ordinality t (word, place)),
		single as materialized (
		  select w.place, hit.item_id
		    from word w cross join lateral (select i.item_id from items i where `+holds+` and `+open+` limit $6) hit),
		common as materialized (select place from single group by place having count(*) >= $6),
		pair as materialized (
		  select x.place, y.place as other, x.query && y.query as query
		    from word x join word y on y.place > x.place
		   where x.place in (select place from common) and y.place in (select place from common)
		   order by x.place + y.place, x.place limit 6),
		both_words as (
		  select hit.item_id
		    from pair w cross join lateral (select i.item_id from items i where `+holds+` and `+open+` limit $6) hit),
		held as (
		  select item_id from single where place not in (select place from common)
		  union
		  select item_id from both_words),
		texts as (
		  select i.item_id from held join items i on i.board_id = $1::bigint and i.item_id = held.item_id
		   cross join lateral (select string_agg(query::text, '|')::tsquery as query from word) w
		   order by greatest(ts_rank(i.words, w.query), case when $2 = 'team' then ts_rank(i.team_words, w.query) end) desc, i.item_id desc limit $5)
		select `+itemColumns+`, similarity(lower(said.title), $3) as whole, word_similarity(lower(said.title), $3) as part
		  from (select item_id from titles union select item_id from texts) both_ways
		  join items i on i.board_id = $1::bigint and i.item_id = both_ways.item_id
		 cross join lateral (select case when $2 = 'team' and i.team_title <> '' then i.team_title else i.title end) said (title)
		 order by whole desc, i.item_id`, b, a, strings.ToLower(text), pq.Array(quoted(words)), limit, nearRare)
	if err != nil {
		return nil, fmt.Errorf("near: %w", err)
	}
	out := make([]bot.Near, len(rs))
	for i, r := range rs {
		out[i] = bot.Near{Item: r.item().As(a), Whole: r.Whole, Part: r.Part}
	}
	return out, nil
}

// quoted are words as text searches, each taken as it is.
func quoted(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if w = strings.NewReplacer(`'`, "", `\`, "").Replace(w); w != "" {
			out = append(out, "'"+w+"'")
		}
	}
	return out
}
