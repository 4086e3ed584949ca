package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// enough is how many of the items with the most votes now hold the $4 that had the most at
// the digest's end: each vote cast since can have lifted one item past those.
const enough = ` limit $4::bigint + (select count(*) from later) `

// listedIn says which items a part of a digest lists to an audience, as (item_id, votes,
// gain, place): with the votes that stood at its end and those of them that were won in its
// time, from $2 to $3. gained is what each item won in the time, later what it won after.
func listedIn(part bot.DigestPart, a bot.Audience) string {
	seen := shown(a) + ` and i.created_at < $3 `
	switch part {
	case bot.DigestTop:
		return standing(`select i.item_id, i.votes from items i where ` + seen + stillOpen + ` and i.votes > 0 ` + best + enough)
	case bot.DigestReady:
		return standing(`select i.item_id, i.votes from items i where ` + seen + stillOpen + ` and i.status <> 'started' and i.votes > 2
			and not exists (select from story_items s where s.board_id = i.board_id and s.item_id = i.item_id) ` + best + enough)
	case bot.DigestFresh:
		return standing(`select i.item_id, i.votes from items i where ` + seen + stillOpen + ` and i.created_at >= $2`)
	case bot.DigestShipped:
		return standing(`select i.item_id, i.votes from items i where ` + seen + ` and i.status = 'shipped' and i.status_at >= $2 and i.status_at < $3`)
	case bot.DigestRising: // from the most won down, until there are enough that may be listed
		return `
			select x.item_id, x.votes, x.gain, row_number() over (order by x.gain desc, x.votes desc, x.item_id) as place
			  from (
			    select i.item_id, i.votes - coalesce(l.votes, 0) as votes, g.votes as gain
			      from (select item_id, votes from gained where votes > 1 order by votes desc) g
			      join items i on i.item_id = g.item_id
			      left join later l on l.item_id = i.item_id
			     where i.votes > 1 and ` + seen + stillOpen + `
			     order by g.votes desc fetch first $4 rows with ties) x`
	case bot.DigestUnanswered:
		return `
			select x.item_id, x.votes - coalesce(l.votes, 0) as votes, coalesce(g.votes, 0) as gain, row_number() over (order by x.created_at, x.item_id) as place
			  from (values (true, true), (true, false), (false, true), (false, false)) s (single, calm) -- each by itself is in order in items_waiting
			 cross join lateral (
			   select i.item_id, i.votes, i.created_at from items i
			    where ` + seen + ` and (i.maybe_same is null) = s.single and (not i.triage) = s.calm and (i.triage or i.status = 'new')
			      and i.status = 'new' and i.created_at < $3::timestamptz - interval '7 days'
			    order by i.created_at, i.item_id limit $4) x
			  left join gained g on g.item_id = x.item_id
			  left join later l on l.item_id = x.item_id`
	}
	return ""
}

// standing ranks items by the votes that stood at the digest's end.
func standing(items string) string {
	return `
		select x.item_id, x.votes - coalesce(l.votes, 0) as votes, coalesce(g.votes, 0) as gain,
		       row_number() over (order by x.votes - coalesce(l.votes, 0) desc, x.item_id) as place
		  from (` + items + `) x
		  left join gained g on g.item_id = x.item_id
		  left join later l on l.item_id = x.item_id`
}

// DigestList lists items for a part; see bot.DigestStore. What was won in the time is read
// by votes_since; which items are listed, by an index that has them in about their order.
// What else a line tells (which channels an item came from, how many of the team want it)
// is looked up only for those that are listed, how many of the team for the first ten alone:
// no more are shown. Where all members of a board are of one audience nobody is counted.
func (q queries) DigestList(ctx context.Context, b bot.BoardID, part bot.DigestPart, audience bot.Audience, from, until time.Time, limit int) ([]bot.DigestLine, error) {
	which := listedIn(part, audience)
	if which == "" {
		return nil, fmt.Errorf("unknown part of a digest: %q", part)
	}
	var rs []struct {
		ItemID    bot.ItemID `db:"item_id"`
		Number    int
		Title     string
		Status    bot.Status
		CreatedAt time.Time `db:"created_at"`
		Votes     int
		Gain      int
		OfTeam    int `db:"of_team"`
		Channels  int
		Customers int
		Days      int
	}
	err := q.rows(ctx, &rs, `
		with gained as materialized (
		  select item_id, count(*) as votes from votes where board_id = $1::bigint and supports and since >= $2 and since < $3 group by item_id),
		later as materialized (
		  select item_id, count(*) as votes from votes where board_id = $1::bigint and supports and since >= $3 group by item_id),
		listed as materialized (
		  select x.item_id, x.votes, x.gain, x.place from (`+which+`) x order by x.place limit $4),
		kinds as (select max(audience) = 'team' as team, min(audience) = 'community' as others from members where board_id = $1::bigint),
		team as materialized (select distinct person_id from members where board_id = $1::bigint and audience = 'team'),
		of_team as materialized (
		  select x.item_id, count(*) as votes
		    from listed l
		    join votes x on x.board_id = $1::bigint and x.item_id = l.item_id and x.supports and x.since < $3
		    join team on team.person_id = x.person_id
		   where (select k.team and k.others from kinds k) and l.place <= 10
		   group by x.item_id)
		select i.item_id, i.number, case when $5 = 'team' and i.team_title <> '' then i.team_title else i.title end as title,
		       i.status, i.created_at, l.votes, l.gain, came.channels, came.customers,
		       case when not k.team then 0 when not k.others then l.votes else coalesce(o.votes, 0) end as of_team,
		       extract(day from $3::timestamptz - i.created_at)::int as days
		  from listed l
		  join items i on i.board_id = $1::bigint and i.item_id = l.item_id
		  left join of_team o on o.item_id = l.item_id
		 cross join kinds k
		 cross join lateral (
		   select count(distinct (c.workspace_id, c.channel_ref)) as channels, count(distinct nullif(c.customer, '')) as customers
		     from (select i.asked_workspace as workspace_id, i.asked_channel as channel_ref
		           union
		           select e.workspace_id, e.channel_ref from evidence e join items x on x.board_id = e.board_id and x.item_id = e.item_id
		            where x.board_id = i.board_id and x.root_id = i.item_id and e.removed_at is null) at
		     join channels c on c.board_id = i.board_id and c.workspace_id = at.workspace_id and c.channel_ref = at.channel_ref
		      and c.kind <> 'direct') came
		 order by l.place`, b, from, until, limit, audience)
	out := make([]bot.DigestLine, len(rs))
	for i, r := range rs {
		out[i] = bot.DigestLine{
			Item: r.ItemID, Number: r.Number, Title: r.Title, Status: r.Status, Votes: r.Votes, Gain: r.Gain, OfTeam: r.OfTeam,
			Channels: r.Channels, Customers: r.Customers, CreatedAt: r.CreatedAt, Days: r.Days,
		}
	}
	return out, err
}
