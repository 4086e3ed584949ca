package store

import (
	"context"
	"time"

	"heed/bot"
)

// DigestTotals counts a time; see bot.DigestStore. $2 the readers, $3 and $4 the time. What
// happened in the time is read by when it happened (items_created, votes_since,
// items_shipped), what waits by items_waiting.
func (q queries) DigestTotals(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time) (bot.DigestTotals, error) {
	var t bot.DigestTotals
	const seen = ` i.board_id = $1::bigint and i.hidden_at is null and i.gone_at is null and ($2 = 'team' or i.audience = 'community') `
	err := q.row(ctx, &t, `
		with asked as materialized (
		  select i.asked_workspace, i.asked_channel from items i where `+seen+` and i.created_at >= $3 and i.created_at < $4),
		cast_votes as materialized (
		  select v.item_id, v.person_id from votes v where v.board_id = $1::bigint and v.supports and v.since >= $3 and v.since < $4),
		seen_votes as materialized (
		  select c.person_id from cast_votes c
		   where c.item_id in (select i.item_id from (select distinct item_id from cast_votes) x join items i on i.item_id = x.item_id and `+seen+`)),
		waiting as (
		  select count(*) as waiting, count(*) filter (where i.created_at < $4::timestamptz - interval '14 days') as overdue
		    from items i
		   where `+seen+` and i.merged_into is null and (i.triage or i.status = 'new') and i.status <> 'shipped' and i.status <> 'declined' and i.created_at < $4)
		select (select count(*) from asked) as new,
		       (select count(*) from seen_votes) as votes,
		       (select count(distinct person_id) from seen_votes) as voters,
		       (select count(*) from items i
		         where `+seen+` and i.merged_into is null and i.status = 'shipped' and i.status_at >= $3 and i.status_at < $4) as shipped,
		       w.waiting, w.overdue,
		       (select count(distinct c.customer) from asked a
		          join channels c on c.board_id = $1::bigint and c.workspace_id = a.asked_workspace and c.channel_ref = a.asked_channel
		         where c.customer <> '' and $2 = 'team') as customers
		  from waiting w`, b, audience, from, until)
	return t, err
}

// DigestQuote picks somebody's words; see bot.DigestStore. Who said them is for the team.
// It leans on evidence_created.
func (q queries) DigestQuote(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time) (bot.DigestQuote, error) {
	var quote bot.DigestQuote
	err := q.row(ctx, &quote, `
		select e.quote as words, coalesce(case when $2 = 'team' then m.name end, '') as name, root.number
		  from evidence e
		  join items i on i.board_id = e.board_id and i.item_id = e.item_id and i.hidden_at is null and i.gone_at is null
		  join items root on root.board_id = i.board_id and root.item_id = i.root_id and root.hidden_at is null and root.gone_at is null
		  left join members m on m.board_id = e.board_id and m.member_id = e.member_id
		 where e.board_id = $1 and e.removed_at is null and e.created_at >= $3 and e.created_at < $4
		   and ($2 = 'team' or e.audience = 'community' and i.audience = 'community' and root.audience = 'community'
		     and (i.shared_at is null or e.created_at > i.shared_at))
		   and length(e.quote) between 25 and 240 and length(e.quote) > length(i.title) + 10 -- says more than the line above does
		 order by root.votes desc, e.created_at desc, e.evidence_id
		 limit 1`, b, audience, from, until)
	return quote, err
}
