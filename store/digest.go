package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// AddDigest freezes a digest; see bot.DigestStore.
func (q queries) AddDigest(ctx context.Context, d bot.FrozenDigest, now time.Time) (bool, error) {
	facts, err := json.Marshal(d.Facts)
	if err != nil {
		return false, fmt.Errorf("digest facts: %w", err)
	}
	n, err := q.exec(ctx, `
		insert into digests (board_id, schedule_id, due_at, period, from_at, audience, state, totals, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (board_id, schedule_id, due_at) do nothing`,
		d.Board, d.Schedule, d.Due, d.Period, d.From, d.Audience, string(d.State), string(facts), now)
	if err != nil || n == 0 {
		return false, err
	}
	var ranks, items, votes []int64
	var lines []string
	for _, e := range d.Entries {
		line, err := json.Marshal(e.Line)
		if err != nil {
			return false, fmt.Errorf("digest line: %w", err)
		}
		ranks, items, votes = append(ranks, int64(e.Rank)), append(items, int64(e.Line.Item)), append(votes, int64(e.Line.Votes))
		lines = append(lines, string(line))
	}
	_, err = q.exec(ctx, `
		insert into digest_entries (board_id, schedule_id, due_at, rank, item_id, votes, data)
		select $1, $2, $3, e.rank, e.item_id, e.votes, e.data::jsonb
		  from unnest($4::int[], $5::bigint[], $6::int[], $7::text[]) e (rank, item_id, votes, data)`,
		d.Board, d.Schedule, d.Due, pq.Array(ranks), pq.Array(items), pq.Array(votes), pq.Array(lines))
	return err == nil, err
}

// UntoldSince tells since when a schedule's digests have told nothing; see bot.DigestStore.
func (q queries) UntoldSince(ctx context.Context, b bot.BoardID, s bot.ScheduleID, before time.Time) (time.Time, error) {
	var at sql.NullTime
	err := q.row(ctx, &at, `
		select coalesce(
		  (select max(due_at) from digests where board_id = $1 and schedule_id = $2 and due_at < $3 and state <> 'skipped'),
		  (select min(from_at) from digests where board_id = $1 and schedule_id = $2 and due_at < $3))`, b, s, before)
	return at.Time, err
}

type digestRow struct {
	BoardID    bot.BoardID    `db:"board_id"`
	ScheduleID bot.ScheduleID `db:"schedule_id"`
	DueAt      time.Time      `db:"due_at"`
	Period     string
	FromAt     time.Time `db:"from_at"`
	Audience   bot.Audience
	State      string
	Totals     string
}

const digestColumns = `board_id, schedule_id, due_at, period, from_at, audience, state, totals::text as totals`

// FrozenDigest reads a digest.
func (q queries) FrozenDigest(ctx context.Context, b bot.BoardID, s bot.ScheduleID, due time.Time) (bot.FrozenDigest, error) {
	var r digestRow
	if err := q.row(ctx, &r, `select `+digestColumns+` from digests where board_id = $1 and schedule_id = $2 and due_at = $3`, b, s, due); err != nil {
		return bot.FrozenDigest{}, err
	}
	return q.digest(ctx, r)
}

// LastDigest reads the last digest that a schedule sent before an instant.
func (q queries) LastDigest(ctx context.Context, b bot.BoardID, s bot.ScheduleID, before time.Time) (bot.FrozenDigest, error) {
	var r digestRow
	err := q.row(ctx, &r, `
		select `+digestColumns+` from digests
		 where board_id = $1 and schedule_id = $2 and due_at < $3 and state = 'sent'
		 order by due_at desc limit 1`, b, s, before)
	if err != nil {
		return bot.FrozenDigest{}, err
	}
	return q.digest(ctx, r)
}

func (q queries) digest(ctx context.Context, r digestRow) (bot.FrozenDigest, error) {
	d := bot.FrozenDigest{
		Board: r.BoardID, Schedule: r.ScheduleID, Due: r.DueAt, Period: r.Period, From: r.FromAt, Audience: r.Audience, State: bot.DigestState(r.State),
	}
	if err := json.Unmarshal([]byte(r.Totals), &d.Facts); err != nil {
		return d, fmt.Errorf("digest facts: %w", err)
	}
	var entries []struct {
		Rank int
		Data string
	}
	err := q.rows(ctx, &entries, `
		select rank, data::text as data from digest_entries where board_id = $1 and schedule_id = $2 and due_at = $3 order by rank`,
		r.BoardID, r.ScheduleID, r.DueAt)
	if err != nil {
		return d, fmt.Errorf("digest entries: %w", err)
	}
	for _, e := range entries {
		entry := bot.DigestEntry{Rank: e.Rank}
		if err := json.Unmarshal([]byte(e.Data), &entry.Line); err != nil {
			return d, fmt.Errorf("digest line: %w", err)
		}
		d.Entries = append(d.Entries, entry)
	}
	return d, nil
}

// DigestTotals counts a time; see bot.DigestStore. $2 the readers, $3 and $4 the time.
func (q queries) DigestTotals(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time) (bot.DigestTotals, error) {
	var t bot.DigestTotals
	err := q.row(ctx, &t, `
		with seen as (
		  select i.item_id, i.status, i.status_at, i.created_at, i.triage, i.root_id, i.asked_workspace, i.asked_channel, i.merged_into from items i
		   where i.board_id = $1 and i.hidden_at is null and i.gone_at is null and ($2 = 'team' or i.audience = 'community')),
		cast_votes as (
		  select v.person_id from votes v join seen s on s.item_id = v.item_id
		   where v.board_id = $1 and v.supports and v.since >= $3 and v.since < $4),
		waiting as (
		  select s.created_at from seen s
		   where s.merged_into is null and s.created_at < $4 and (s.status = 'new' or s.triage) and s.status not in ('shipped', 'declined'))
		select (select count(*) from seen s where s.created_at >= $3 and s.created_at < $4) as new,
		       (select count(*) from cast_votes) as votes,
		       (select count(distinct person_id) from cast_votes) as voters,
		       (select count(*) from seen s where s.merged_into is null and s.status = 'shipped' and s.status_at >= $3 and s.status_at < $4) as shipped,
		       (select count(*) from waiting) as waiting,
		       (select count(*) from waiting w where w.created_at < $4::timestamptz - interval '14 days') as overdue,
		       (select count(distinct c.customer) from seen s
		          join channels c on c.board_id = $1 and c.workspace_id = s.asked_workspace and c.channel_ref = s.asked_channel
		         where c.customer <> '' and s.created_at >= $3 and s.created_at < $4 and $2 = 'team') as customers`,
		b, audience, from, until)
	return t, err
}

// partClauses say which items a part of a digest lists, and in what order. $3 and $4
// are the time, v the votes that stood at its end.
var partClauses = map[bot.DigestPart]string{
	bot.DigestTop:        `i.votes > 0 and i.status not in ('shipped', 'declined') order by v.votes desc, i.item_id`,
	bot.DigestRising:     `i.votes > 1 and v.gain > 1 and i.status not in ('shipped', 'declined') order by v.gain desc, v.votes desc, i.item_id`,
	bot.DigestFresh:      `i.created_at >= $3 and i.status not in ('shipped', 'declined') order by v.votes desc, i.item_id`,
	bot.DigestUnanswered: `i.status = 'new' and i.created_at < $4::timestamptz - interval '7 days' order by i.created_at, i.item_id`,
	bot.DigestReady: `i.votes > 2 and i.status not in ('started', 'shipped', 'declined')
		and not exists (select from story_items s where s.board_id = i.board_id and s.item_id = i.item_id) order by v.votes desc, i.item_id`,
	bot.DigestShipped: `i.status = 'shipped' and i.status_at >= $3 and i.status_at < $4 order by v.votes desc, i.item_id`,
}

// DigestList lists items for a part; see bot.DigestStore. Which channels an item came from
// is looked up only for those that are listed.
func (q queries) DigestList(ctx context.Context, b bot.BoardID, part bot.DigestPart, audience bot.Audience, from, until time.Time, limit int) ([]bot.DigestLine, error) {
	clause, ok := partClauses[part]
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
		with listed as (
		  select x.*, row_number() over () as place from (
		  select i.board_id, i.item_id, i.number, case when $2 = 'team' and i.team_title <> '' then i.team_title else i.title end as title, i.status, i.created_at, i.asked_workspace, i.asked_channel, v.votes, v.gain
		    from items i
		   cross join lateral (
		     select count(*) as votes, count(*) filter (where x.since >= $3) as gain
		       from votes x where x.board_id = i.board_id and x.item_id = i.item_id and x.supports and x.since < $4) v
		   where i.board_id = $1 and i.merged_into is null and i.hidden_at is null and i.gone_at is null
		     and ($2 = 'team' or i.audience = 'community') and i.created_at < $4 and `+clause+` limit $5) x)
		select l.item_id, l.number, l.title, l.status, l.created_at, l.votes, l.gain, came.channels, came.customers,
		       (select count(*) from votes x
		         where x.board_id = l.board_id and x.item_id = l.item_id and x.supports and x.since < $4
		           and exists (select from members m where m.board_id = x.board_id and m.person_id = x.person_id and m.audience = 'team')) as of_team,
		       extract(day from $4::timestamptz - l.created_at)::int as days
		  from listed l
		 cross join lateral (
		   select count(distinct (c.workspace_id, c.channel_ref)) as channels, count(distinct nullif(c.customer, '')) as customers
		     from (select l.asked_workspace as workspace_id, l.asked_channel as channel_ref
		           union
		           select e.workspace_id, e.channel_ref from evidence e join items x on x.board_id = e.board_id and x.item_id = e.item_id
		            where x.board_id = l.board_id and x.root_id = l.item_id and e.removed_at is null) at
		     join channels c on c.board_id = l.board_id and c.workspace_id = at.workspace_id and c.channel_ref = at.channel_ref
		      and c.kind <> 'direct') came
		 order by l.place`, b, audience, from, until, limit)
	out := make([]bot.DigestLine, len(rs))
	for i, r := range rs {
		out[i] = bot.DigestLine{
			Item: r.ItemID, Number: r.Number, Title: r.Title, Status: r.Status, Votes: r.Votes, Gain: r.Gain, OfTeam: r.OfTeam,
			Channels: r.Channels, Customers: r.Customers, CreatedAt: r.CreatedAt, Days: r.Days,
		}
	}
	return out, err
}

// DigestQuote picks somebody's words; see bot.DigestStore. Who said them is for the team.
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
