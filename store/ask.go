package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/bot"
)

// ItemByKey finds an item by the act it came from.
func (q queries) ItemByKey(ctx context.Context, b bot.BoardID, key string) (bot.Item, error) {
	var r itemRow
	err := q.row(ctx, &r, `select `+itemColumns+` from items i where i.board_id = $1 and i.source_key = $2`+confirm, b, key)
	return r.item(), err
}

// LockMember locks a member's row.
func (q queries) LockMember(ctx context.Context, b bot.BoardID, m bot.MemberID) error {
	var id bot.MemberID
	return q.row(ctx, &id, `select member_id from members where board_id = $1 and member_id = $2 for no key update`, b, m)
}

// AsksSince counts what a person asked for; see bot.AskStore. A message that they
// saved counts as theirs, not as its author's; what was imported is nobody's asking.
func (q queries) AsksSince(ctx context.Context, b bot.BoardID, p bot.PersonID, since time.Time) (bot.Asked, error) {
	var r struct {
		Count int
		First sql.NullTime
		Last  sql.NullTime
	}
	err := q.row(ctx, &r, `
		select count(*) as count, min(a.at) as first, max(a.at) as last
		  from members m
		  join lateral (
		    select i.created_at as at from evidence e join items i on i.board_id = e.board_id and i.item_id = e.item_id
		     where e.board_id = m.board_id and e.member_id = m.member_id and e.kind = 'words' and i.created_at > $3
		       and i.source_key not like 'import:%'
		    union all
		    select i.created_at from evidence e join items i on i.board_id = e.board_id and i.item_id = e.item_id
		     where e.board_id = m.board_id and e.saved_by = m.member_id and i.created_at > $3
		    union all
		    select h.created_at from held h
		     where h.board_id = m.board_id and h.member_id = m.member_id and h.created_at > $3
		       and (h.settled_at is null and h.why = 'similar'
		            or h.why = 'review' and not h.data ? 'review' and (h.settled_at is null or h.item_id is null and h.words <> ''))) a on true
		 where m.board_id = $1 and m.person_id = $2`, b, p, since)
	return bot.Asked{Count: r.Count, First: r.First.Time, Last: r.Last.Time}, err
}

// BlockedUntil tells until when a person is blocked; see bot.AskStore.
func (q queries) BlockedUntil(ctx context.Context, b bot.BoardID, p bot.PersonID, now time.Time) (time.Time, error) {
	var until sql.NullTime
	err := q.row(ctx, &until, `
		select max(x.until_at) from blocks x join members m using (board_id, member_id)
		 where m.board_id = $1 and m.person_id = $2 and x.until_at > $3`, b, p, now)
	return until.Time, err
}

// OthersFor counts the other people who support an item.
func (q queries) OthersFor(ctx context.Context, b bot.BoardID, root bot.ItemID, p bot.PersonID) (int, error) {
	var n int
	err := q.row(ctx, &n, `select count(*) from votes where board_id = $1 and item_id = $2 and supports and person_id <> $3`, b, root, p)
	return n, err
}

type nearRow struct {
	itemRow
	Whole float64
	Part  float64
}

// Near finds open items that may be the same as a text; see bot.AskStore. Titles
// come by the nearest-neighbour index items_near, words by items_words; what is in
// one of the two is measured against the text in full.
func (q queries) Near(ctx context.Context, b bot.BoardID, a bot.Audience, text string, words []string, limit int) ([]bot.Near, error) {
	const open = `i.board_id = $1::bigint and i.merged_into is null and i.hidden_at is null and i.gone_at is null
		and i.status <> 'shipped' and i.status <> 'declined' and ($2 = 'team' or i.audience = 'community')`
	var rs []nearRow
	err := q.rows(ctx, &rs, `
		with titles as (
		  select i.item_id from items i where i.board_id + 0 = $1::bigint and `+open+` order by lower(i.title) <-> $3 limit $5),
		texts as (
		  select i.item_id from items i, to_tsquery('simple', $4) query
		   where `+open+` and $4 <> '' and i.words @@ query order by ts_rank(i.words, query) desc, i.item_id limit $5),
		own as (
		  select i.item_id from items i, to_tsquery('simple', $4) query
		   where `+open+` and $4 <> '' and $2 = 'team' and i.team_title <> '' and i.team_words @@ query
		   order by ts_rank(i.team_words, query) desc, i.item_id limit $5),
		both_ways as (select item_id from titles union select item_id from texts union select item_id from own)
		select `+itemColumns+`, similarity(lower(said.title), $3) as whole, word_similarity(lower(said.title), $3) as part
		  from both_ways join items i on i.board_id = $1::bigint and i.item_id = both_ways.item_id
		 cross join lateral (select case when $2 = 'team' and i.team_title <> '' then i.team_title else i.title end) said (title)
		 order by whole desc, i.item_id`, b, a, strings.ToLower(text), anyOf(words), limit)
	if err != nil {
		return nil, fmt.Errorf("near: %w", err)
	}
	out := make([]bot.Near, len(rs))
	for i, r := range rs {
		out[i] = bot.Near{Item: r.item().As(a), Whole: r.Whole, Part: r.Part}
	}
	return out, nil
}

// anyOf is a text search for any of the words, each taken as it is; "" for none.
func anyOf(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, w := range words {
		if w = strings.NewReplacer(`'`, "", `\`, "").Replace(w); w != "" {
			quoted = append(quoted, "'"+w+"'")
		}
	}
	return strings.Join(quoted, " | ")
}

// Forgotten tells whether an account asked to be forgotten; see bot.ForgetStore.
func (q queries) Forgotten(ctx context.Context, b bot.BoardID, hash []byte, at time.Time) (bool, error) {
	var yes bool
	err := q.row(ctx, &yes, `select exists (select from forgotten where board_id = $1 and account_hash = $2 and at >= $3)`, b, hash, at)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return yes, err
}
