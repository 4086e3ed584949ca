package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/bot"
)

var _ bot.GatewayStore = (*Store)(nil)

// HoldShard takes or keeps a shard; see bot.GatewayStore. One that was never held in
// this number of parts begins where the bot was last heard in another.
func (s *Store) HoldShard(ctx context.Context, shard bot.Shard, holder string, lease time.Duration, heard time.Time) (bool, time.Time, error) {
	var before sql.NullTime
	err := s.row(ctx, &before, `
		with before as (
		  select heard_at from gateway_leases where app = $1 and shards = $2 and shard = $3),
		held as (
		  insert into gateway_leases as l (app, shards, shard, holder, until, heard_at)
		  values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5),
		          coalesce($6, (select max(x.heard_at) from gateway_leases x where x.app = $1 and x.shards <> $2)))
		  on conflict (app, shards, shard) do update
		     set holder = excluded.holder, until = excluded.until, heard_at = coalesce($6, l.heard_at)
		   where l.holder = excluded.holder or l.until <= clock_timestamp()
		  returning heard_at)
		select case when exists (select from before) then (select heard_at from before) else held.heard_at end from held`,
		shard.App, shard.Of, shard.Index, holder, lease.Seconds(), nullTime(heard))
	if errors.Is(err, bot.ErrNotFound) {
		return false, time.Time{}, nil
	}
	if err != nil {
		return false, time.Time{}, fmt.Errorf("hold shard: %w", err)
	}
	return true, before.Time, nil
}

// LeaveShard ends a lease; see bot.GatewayStore.
func (s *Store) LeaveShard(ctx context.Context, shard bot.Shard, holder string) error {
	_, err := s.exec(ctx, `
		update gateway_leases set until = clock_timestamp() where app = $1 and shards = $2 and shard = $3 and holder = $4`,
		shard.App, shard.Of, shard.Index, holder)
	if err != nil {
		return fmt.Errorf("leave shard: %w", err)
	}
	return nil
}

// TakeIdentify counts a session that begins; see bot.GatewayStore. Those of one bot are
// counted one after the other.
func (s *Store) TakeIdentify(ctx context.Context, app string, b bot.IdentifyBounds) (time.Duration, error) {
	var wait time.Duration
	err := s.InTx(ctx, func(tx bot.Tx) error {
		var err error
		wait, err = tx.(queries).takeIdentify(ctx, app, b)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("identify: %w", err)
	}
	return wait, nil
}

func (q queries) takeIdentify(ctx context.Context, app string, b bot.IdentifyBounds) (time.Duration, error) {
	if _, err := q.exec(ctx, `select pg_advisory_xact_lock(hashtextextended('gateway_identifies ' || $1, 0))`, app); err != nil {
		return 0, err
	}
	if _, err := q.exec(ctx, `delete from gateway_identifies where app = $1 and at < clock_timestamp() - interval '1 day'`, app); err != nil {
		return 0, err
	}
	var seconds float64 // until the oldest in the way is old enough
	err := q.row(ctx, &seconds, `
		with past as (
		  select at, bucket, row_number() over (order by at desc) as nth from gateway_identifies where app = $1)
		select coalesce(extract(epoch from max(past.at + ends.after - clock_timestamp())), 0)
		  from past
		  join (values (0, $2::int, interval '1 day'), (1, $3::int, interval '1 hour'), (2, 1, make_interval(secs => $4))) ends (kind, most, after)
		    on ends.kind < 2 and past.nth = ends.most or ends.kind = 2 and past.bucket = $5`,
		app, b.Day, b.Hour, b.Apart.Seconds(), b.Bucket)
	if err != nil || seconds > 0 {
		return time.Duration(seconds * float64(time.Second)), err
	}
	_, err = q.exec(ctx, `insert into gateway_identifies (app, bucket, at) values ($1, $2, clock_timestamp())`, app, b.Bucket)
	return 0, err
}

// ShardTrouble keeps what is wrong; see bot.GatewayStore.
func (s *Store) ShardTrouble(ctx context.Context, shard bot.Shard, trouble string) error {
	_, err := s.exec(ctx, `
		update gateway_leases set trouble = $4 where app = $1 and shards = $2 and shard = $3`,
		shard.App, shard.Of, shard.Index, trouble)
	if err != nil {
		return fmt.Errorf("shard trouble: %w", err)
	}
	return nil
}

// Shards lists how the shards are doing; see bot.GatewayStore.
func (q queries) Shards(ctx context.Context) ([]bot.ShardState, error) {
	var rs []struct {
		App     string       `db:"app"`
		Shards  int          `db:"shards"`
		Shard   int          `db:"shard"`
		Held    bool         `db:"held"`
		HeardAt sql.NullTime `db:"heard_at"`
		Trouble string       `db:"trouble"`
	}
	err := q.rows(ctx, &rs, `
		select app, shards, shard, until > clock_timestamp() as held, heard_at, trouble from gateway_leases order by app, shards, shard`)
	if err != nil {
		return nil, fmt.Errorf("shards: %w", err)
	}
	out := make([]bot.ShardState, len(rs))
	for i, r := range rs {
		out[i] = bot.ShardState{Shard: bot.Shard{App: r.App, Index: r.Shard, Of: r.Shards}, Held: r.Held, Heard: r.HeardAt.Time, Trouble: r.Trouble}
	}
	return out, nil
}
