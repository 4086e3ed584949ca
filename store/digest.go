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

// AddDigests freezes digests; see bot.DigestStore.
func (q queries) AddDigests(ctx context.Context, b bot.BoardID, ds []bot.FrozenDigest, now time.Time) ([]bool, error) {
	var schedules []int64
	var due, from []time.Time
	var period, audience, state, totals, entries []string
	for _, d := range ds {
		facts, err := json.Marshal(d.Facts)
		if err != nil {
			return nil, fmt.Errorf("digest facts: %w", err)
		}
		ranking := []byte("[]")
		if len(d.Entries) > 0 {
			if ranking, err = json.Marshal(d.Entries); err != nil {
				return nil, fmt.Errorf("digest entries: %w", err)
			}
		}
		schedules, due, from = append(schedules, int64(d.Schedule)), append(due, d.Due), append(from, d.From)
		period, audience, state = append(period, d.Period), append(audience, string(d.Audience)), append(state, string(d.State))
		totals, entries = append(totals, string(facts)), append(entries, string(ranking))
	}
	var added []struct {
		ScheduleID bot.ScheduleID `db:"schedule_id"`
		DueAt      time.Time      `db:"due_at"`
	}
	err := q.rows(ctx, &added, `
		insert into digests (board_id, schedule_id, due_at, period, from_at, audience, state, totals, entries, created_at)
		select $1, d.schedule_id, d.due_at, d.period, d.from_at, d.audience, d.state, d.totals::jsonb, d.entries::jsonb, $10
		  from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[])
		       d (schedule_id, due_at, period, from_at, audience, state, totals, entries)
		on conflict (board_id, schedule_id, due_at) do nothing
		returning schedule_id, due_at`,
		b, pq.Array(schedules), pq.Array(due), pq.Array(period), pq.Array(from), pq.Array(audience), pq.Array(state), pq.Array(totals), pq.Array(entries), now)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(ds))
	for i, d := range ds {
		for _, a := range added {
			out[i] = out[i] || a.ScheduleID == d.Schedule && a.DueAt.Equal(d.Due)
		}
	}
	return out, nil
}

// DigestPasts reads what came before digests; see bot.DigestStore.
func (q queries) DigestPasts(ctx context.Context, b bot.BoardID, due []bot.DigestRef) ([]bot.DigestPast, error) {
	var schedules []int64
	var at []time.Time
	for _, d := range due {
		schedules, at = append(schedules, int64(d.Schedule)), append(at, d.Due)
	}
	var rs []struct {
		Untold   sql.NullTime
		DueAt    sql.NullTime `db:"due_at"`
		Audience bot.Audience
		Totals   string
		Entries  string
	}
	err := q.rows(ctx, &rs, `
		select u.untold, l.due_at, coalesce(l.audience, '') as audience, coalesce(l.totals::text, '{}') as totals, coalesce(l.entries::text, '[]') as entries
		  from unnest($2::bigint[], $3::timestamptz[]) with ordinality r (schedule_id, due_at, n)
		  left join lateral (
		    select d.due_at, d.audience, d.totals, d.entries from digests d
		     where d.board_id = $1::bigint and d.schedule_id = r.schedule_id and d.due_at < r.due_at and d.state = 'sent'
		     order by d.due_at desc limit 1) l on true
		 cross join lateral (
		   select coalesce(
		     (select max(d.due_at) from digests d where d.board_id = $1::bigint and d.schedule_id = r.schedule_id and d.due_at < r.due_at and d.state <> 'skipped'),
		     (select min(d.from_at) from digests d where d.board_id = $1::bigint and d.schedule_id = r.schedule_id and d.due_at < r.due_at)) as untold) u
		 order by r.n`, b, pq.Array(schedules), pq.Array(at))
	if err != nil {
		return nil, err
	}
	out := make([]bot.DigestPast, len(rs))
	for i, r := range rs {
		out[i].Untold = r.Untold.Time
		if !r.DueAt.Valid {
			continue
		}
		last := digestRow{BoardID: b, ScheduleID: due[i].Schedule, DueAt: r.DueAt.Time, Audience: r.Audience, State: string(bot.DigestSent), Totals: r.Totals, Entries: r.Entries}
		if out[i].Last, err = last.digest(); err != nil {
			return nil, err
		}
	}
	return out, nil
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
	Entries    string
}

const digestColumns = `board_id, schedule_id, due_at, period, from_at, audience, state, totals::text as totals, entries::text as entries`

// FrozenDigest reads a digest.
func (q queries) FrozenDigest(ctx context.Context, b bot.BoardID, s bot.ScheduleID, due time.Time) (bot.FrozenDigest, error) {
	var r digestRow
	if err := q.row(ctx, &r, `select `+digestColumns+` from digests where board_id = $1 and schedule_id = $2 and due_at = $3`, b, s, due); err != nil {
		return bot.FrozenDigest{}, err
	}
	return r.digest()
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
	return r.digest()
}

func (r digestRow) digest() (bot.FrozenDigest, error) {
	d := bot.FrozenDigest{
		Board: r.BoardID, Schedule: r.ScheduleID, Due: r.DueAt, Period: r.Period, From: r.FromAt, Audience: r.Audience, State: bot.DigestState(r.State),
	}
	if err := json.Unmarshal([]byte(r.Totals), &d.Facts); err != nil {
		return d, fmt.Errorf("digest facts: %w", err)
	}
	if err := json.Unmarshal([]byte(r.Entries), &d.Entries); err != nil {
		return d, fmt.Errorf("digest entries: %w", err)
	}
	return d, nil
}
