package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// A claimed post's due time is infinity: whoever wants it meanwhile sets an earlier
// one, and so it is due again when the claim ends. A lease that ended without a
// word leaves a post that may have been sent. What may go when is decided by
// claim_posts in the schema.

// ClaimPosts takes due posts; see bot.PostStore. Outside a transaction each claim begins
// with the workspace after the one where the last claim ended, so that they take turns.
func (s *Store) ClaimPosts(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace) ([]bot.Claim, error) {
	from := s.turn.Load()
	out, err := s.claim(ctx, now, limit, lease, paces, from)
	if err != nil {
		return nil, err
	}
	switch {
	case len(out) == limit && limit > 0:
		last := out[len(out)-1]
		s.turn.Store(&turn{last.Board, last.Workspace})
	case from != nil: // the end was reached: on from the beginning
		s.turn.Store(nil)
		more, err := s.claim(ctx, now, limit-len(out), lease, paces, nil)
		return append(out, more...), err
	}
	return out, nil
}

// turn is a workspace where a claim ended; nil before the first.
type turn struct {
	board     bot.BoardID
	workspace bot.WorkspaceID
}

// claim is one claim in a transaction of its own.
func (s *Store) claim(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace, from *turn) (out []bot.Claim, err error) {
	err = s.InTx(ctx, func(tx bot.Tx) error {
		q, ok := tx.(queries)
		if !ok {
			return errors.New("a transaction of another store")
		}
		out, err = q.claim(ctx, now, limit, lease, paces, from)
		return err
	})
	return out, err
}

// ClaimPosts takes due posts; see bot.PostStore.
func (q queries) ClaimPosts(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace) ([]bot.Claim, error) {
	return q.claim(ctx, now, limit, lease, paces, nil)
}

// claim takes posts of the workspaces after from, in the order of their keys.
func (q queries) claim(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace, from *turn) ([]bot.Claim, error) {
	if from == nil {
		from = &turn{}
	}
	var platforms []string
	var channel, post, change []float64
	var burst []int64
	for platform, p := range paces {
		platforms = append(platforms, string(platform))
		channel, post, change = append(channel, p.Channel.Seconds()), append(post, p.Post.Seconds()), append(change, p.Change.Seconds())
		burst = append(burst, int64(p.Burst))
	}
	var picks []pickRow
	err := q.rows(ctx, &picks, `
		select o_board, o_post, o_unsure, o_rest
		  from claim_posts($1, $2::integer, $3, $4, $5::text[], $6::float8[], $7::float8[], $8::float8[], $9::integer[])`,
		now, limit, from.board, from.workspace, pq.Array(platforms), pq.Array(channel), pq.Array(post), pq.Array(change), pq.Array(burst))
	if err != nil {
		return nil, fmt.Errorf("pick posts: %w", err)
	}
	if len(picks) == 0 {
		return nil, nil
	}
	out, err := q.lease(ctx, picks, lease)
	if err != nil {
		return nil, err
	}
	for i, p := range picks {
		out[i].Rest = time.Duration(p.Rest * float64(time.Second))
	}
	return out, nil
}

type pickRow struct {
	Board  bot.BoardID  `db:"o_board"`
	Post   bot.PostID   `db:"o_post"`
	Unsure sql.NullTime `db:"o_unsure"`
	Rest   float64      `db:"o_rest"` // seconds
}

// lease makes the picks claims.
func (q queries) lease(ctx context.Context, picks []pickRow, lease time.Duration) ([]bot.Claim, error) {
	var boards, posts []int64
	unsure, place := map[bot.PostID]time.Time{}, map[bot.PostID]int{}
	for i, p := range picks {
		boards, posts = append(boards, int64(p.Board)), append(posts, int64(p.Post))
		place[p.Post] = i
		if p.Unsure.Valid {
			unsure[p.Post] = p.Unsure.Time
		}
	}
	var rs []struct {
		postRow
		LeaseUntil time.Time `db:"lease_until"`
	}
	err := q.rows(ctx, &rs, `
		update posts p
		   set due_at = 'infinity', attempts = p.attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $3)
		  from unnest($1::bigint[], $2::bigint[]) t (board_id, post_id)
		 where p.board_id = t.board_id and p.post_id = t.post_id
		returning `+postColumns+`, p.lease_until`, pq.Array(boards), pq.Array(posts), lease.Seconds())
	if err != nil {
		return nil, fmt.Errorf("lease posts: %w", err)
	}
	out := make([]bot.Claim, len(picks))
	for _, r := range rs {
		out[place[r.PostID]] = bot.Claim{Post: r.post(), Lease: r.LeaseUntil, Unsure: unsure[r.PostID]}
	}
	return out, nil
}

// rest leaves the channel of a claim alone from the end of its send on: a slow answer must
// not bring the next message closer. It is part of a statement in which $1 to $3
// name the claim and $4 is its rest in seconds.
const rest = `
	update lanes l set next_at = greatest(l.next_at, clock_timestamp() + make_interval(secs => $4::float8))
	  from posts p
	 where p.board_id = $1 and p.post_id = $2 and p.lease_until = $3 and $4::float8 > 0
	   and l.board_id = p.board_id and l.workspace_id = p.workspace_id and l.lane = p.lane`

// SettlePost keeps what a claim showed; see bot.PostStore and settle_post.
func (q queries) SettlePost(ctx context.Context, c bot.Claim, shown bot.Shown) (bool, error) {
	var held bool
	err := q.row(ctx, &held, `select settle_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.Board, c.ID, c.Lease, c.Rest.Seconds(), shown.Version, shown.Sent.Channel, shown.Sent.Message, shown.Sent.Permalink, shown.Sent.Thread,
		shown.Paused, shown.Tag, shown.Fault)
	if err == nil && !held {
		if moved, ok := q.movedPost(ctx, c); ok {
			return q.SettlePost(ctx, moved, shown)
		}
	}
	return held, err
}

// movedPost is a claim whose post went to another board with its workspace meanwhile: it
// is under way once, and settled where it is now.
func (q queries) movedPost(ctx context.Context, c bot.Claim) (bot.Claim, bool) {
	var board bot.BoardID
	err := q.row(ctx, &board, `
		select p.board_id from workspaces w join posts p on p.board_id = w.board_id and p.post_id = $3
		 where w.workspace_id = $2 and w.board_id <> $1 and w.state <> 'left' and p.lease_until = $4`, c.Board, c.Workspace, c.ID, c.Lease)
	c.Board = board
	return c, err == nil
}

// SetBackPost keeps why a claim came to nothing; see bot.PostStore. A lease in the past
// instead of none marks the post that may be there all the same.
func (q queries) SetBackPost(ctx context.Context, c bot.Claim, s bot.Setback) (bool, error) {
	n, err := q.exec(ctx, `
		with rest as (`+rest+`)
		update posts p
		   set fault = $5,
		       due_at = case when $7 then null when p.due_at = 'infinity' then $6::timestamptz else p.due_at end,
		       lease_until = case when $8 then clock_timestamp() end,
		       gone_at = case when $7 then clock_timestamp() else p.gone_at end
		 where p.board_id = $1 and p.post_id = $2 and p.lease_until = $3`,
		c.Board, c.ID, c.Lease, c.Rest.Seconds(), s.Fault, nullTime(s.RetryAt), s.Gone, s.Unsure)
	if err == nil && n == 0 {
		if moved, ok := q.movedPost(ctx, c); ok {
			return q.SetBackPost(ctx, moved, s)
		}
	}
	if err != nil || s.Hold <= 0 {
		return n == 1, err
	}
	_, err = q.exec(ctx, `
		update lanes l set next_at = greatest(l.next_at, clock_timestamp() + make_interval(secs => $3))
		  from posts p
		 where p.board_id = $1 and p.post_id = $2
		   and l.board_id = p.board_id and l.workspace_id = p.workspace_id and l.lane in (p.lane, p.method)`,
		c.Board, c.ID, math.Ceil(s.Hold.Seconds()))
	return n == 1, err
}
