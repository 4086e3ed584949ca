package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// seenBy is what may stand in a digest for audiences $3.
const seenBy = ` i.audience = any($3::text[]) and i.merged_into is null and i.hidden_at is null and i.gone_at is null and i.created_at < $5 `

// stillOpen says that nothing came of it yet.
const stillOpen = ` and i.status <> 'shipped' and i.status <> 'declined' `

// enough is how many of the items with the most votes now hold the $6 that had the most at
// the digest's end: each vote cast since can have lifted one item past those.
const enough = `$6::bigint + (select count(*) from later)`

// parts say which items a part of a digest lists, as (item_id, votes, gain, place): with
// the votes that stood at its end and those of them that were won in its time. gained is
// what each item won from $4 to $5, later what it won after.
var parts = map[bot.DigestPart]string{
	bot.DigestTop: standing(`select x.item_id, x.votes from ` + bestOf(`and i.votes > 0 and i.created_at < $5`, enough)),
	bot.DigestReady: standing(`select x.item_id, x.votes from ` + bestOf(`and i.status <> 'started' and i.votes > 2 and i.created_at < $5
		and not exists (select from story_items s where s.board_id = i.board_id and s.item_id = i.item_id)`, enough)),
	bot.DigestFresh:   standing(`select i.item_id, i.votes from items i where i.board_id = $1::bigint and i.created_at >= $4 and ` + seenBy + stillOpen),
	bot.DigestShipped: standing(`select i.item_id, i.votes from items i where i.board_id = $1::bigint and i.status = 'shipped' and i.status_at >= $4 and i.status_at < $5 and ` + seenBy),
	bot.DigestRising: `
		select i.item_id, i.votes - coalesce(l.votes, 0) as votes, g.votes as gain,
		       row_number() over (order by g.votes desc, i.votes - coalesce(l.votes, 0) desc, i.item_id) as place
		  from gained g
		  join items i on i.board_id = $1::bigint and i.item_id = g.item_id
		  left join later l on l.item_id = i.item_id
		 where g.votes > 1 and i.votes > 1 and ` + seenBy + stillOpen,
	bot.DigestUnanswered: `
		select x.item_id, x.votes - coalesce(l.votes, 0) as votes, coalesce(g.votes, 0) as gain, row_number() over (order by x.created_at, x.item_id) as place
		  from (values (true, true), (true, false), (false, true), (false, false)) s (single, calm)
		 cross join lateral (
		   select i.item_id, i.votes, i.created_at from items i
		    where i.board_id = $1::bigint and (i.maybe_same is null) = s.single and (not i.triage) = s.calm and (i.triage or i.status = 'new')
		      and i.status = 'new' and i.created_at < $5::timestamptz - interval '7 days' and ` + seenBy + `
		    order by i.created_at, i.item_id limit $6) x
		  left join gained g on g.item_id = x.item_id
		  left join later l on l.item_id = x.item_id`,
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
// is looked up only for those that are listed. Where all members of a board are of one
// audience nobody is counted.
func (q queries) DigestList(ctx context.Context, b bot.BoardID, part bot.DigestPart, audience bot.Audience, from, until time.Time, limit int) ([]bot.DigestLine, error) {
	which, ok := parts[part]
	if !ok {
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
		  select item_id, count(*) as votes from votes where board_id = $1::bigint and supports and since >= $4 and since < $5 group by item_id),
		later as materialized (
		  select item_id, count(*) as votes from votes where board_id = $1::bigint and supports and since >= $5 group by item_id),
		listed as materialized (
		  select x.item_id, x.votes, x.gain, x.place from (`+which+`) x where cardinality($2::text[]) > 0 order by x.place limit $6),
		kinds as (select max(audience) = 'team' as team, min(audience) = 'community' as others from members where board_id = $1::bigint),
		team as materialized (select distinct person_id from members where board_id = $1::bigint and audience = 'team')
		select i.item_id, i.number, case when 'team' = any($3::text[]) and i.team_title <> '' then i.team_title else i.title end as title,
		       i.status, i.created_at, l.votes, l.gain, came.channels, came.customers,
		       case when not k.team then 0 when not k.others then l.votes else (
		         select count(*) from votes x
		          where x.board_id = $1::bigint and x.item_id = l.item_id and x.supports and x.since < $5
		            and x.person_id in (select person_id from team)) end as of_team,
		       extract(day from $5::timestamptz - i.created_at)::int as days
		  from listed l
		  join items i on i.board_id = $1::bigint and i.item_id = l.item_id
		 cross join kinds k
		 cross join lateral (
		   select count(distinct (c.workspace_id, c.channel_ref)) as channels, count(distinct nullif(c.customer, '')) as customers
		     from (select i.asked_workspace as workspace_id, i.asked_channel as channel_ref
		           union
		           select e.workspace_id, e.channel_ref from evidence e join items x on x.board_id = e.board_id and x.item_id = e.item_id
		            where x.board_id = i.board_id and x.root_id = i.item_id and e.removed_at is null) at
		     join channels c on c.board_id = i.board_id and c.workspace_id = at.workspace_id and c.channel_ref = at.channel_ref
		      and c.kind <> 'direct') came
		 order by l.place`, b, pq.Array(statuses(bot.Status.Open)), pq.Array(audiences(audience)), from, until, limit)
	out := make([]bot.DigestLine, len(rs))
	for i, r := range rs {
		out[i] = bot.DigestLine{
			Item: r.ItemID, Number: r.Number, Title: r.Title, Status: r.Status, Votes: r.Votes, Gain: r.Gain, OfTeam: r.OfTeam,
			Channels: r.Channels, Customers: r.Customers, CreatedAt: r.CreatedAt, Days: r.Days,
		}
	}
	return out, err
}
