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
