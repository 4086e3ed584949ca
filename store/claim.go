package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// A claimed post's due time is infinity: whoever wants it meanwhile sets an earlier
// one, and so it is due again when the claim ends. A lease that ended without a
// word leaves a post that may have been sent.

// ClaimPosts takes due posts; see bot.PostStore. Outside a transaction it runs in one of its own.
func (s *Store) ClaimPosts(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace) ([]bot.Claim, error) {
	var out []bot.Claim
	err := s.InTx(ctx, func(tx bot.Tx) error {
		var err error
		out, err = tx.ClaimPosts(ctx, now, limit, lease, paces)
		return err
	})
	return out, err
}

// due are the posts that could be sent but for their pace: the oldest of each channel
// and method. $1 now, $2 to $6 the platforms and their paces in seconds.
const due = `
	pace as (
	  select * from unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::int[]) t (platform, channel_gap, post_gap, change_gap, burst)),
	due as (
	  select distinct on (p.board_id, p.workspace_id, c.lane, m.lane)
	         p.board_id, p.workspace_id, p.post_id, case when p.due_at = 'infinity' then p.created_at else p.due_at end as due_at,
	         c.lane as channel_lane, pace.channel_gap, m.lane as method_lane,
	         case m.lane when 'm:post' then pace.post_gap else pace.change_gap end as method_gap, pace.burst
	    from posts p
	    join workspaces w on w.board_id = p.board_id and w.workspace_id = p.workspace_id and w.state = 'active'
	    join pace on pace.platform = w.platform
	   cross join lateral (select 'c:' || case when p.channel_ref <> '' then p.channel_ref else '@' || p.account end) c (lane)
	   cross join lateral (select case when p.kind = 'mark' then 'm:mark' when p.message_ref <> '' then 'm:update'
	                                   when p.channel_ref = '' then 'm:open' else 'm:post' end) m (lane)
	   where (p.due_at <= $1 or p.due_at = 'infinity') and p.gone_at is null
	     and (p.lease_until is null or p.lease_until <= clock_timestamp())
	   order by p.board_id, p.workspace_id, c.lane, m.lane, 4, p.post_id)`

// ClaimPosts takes due posts; see bot.PostStore. All locks are taken without waiting:
// what another claimer holds is left to it. What was locked is decided upon again
// (read committed), so that two claimers never get one post or one slot.
func (q queries) ClaimPosts(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace) ([]bot.Claim, error) {
	var platforms []string
	var channel, post, change []float64
	var burst []int64
	for platform, p := range paces {
		platforms = append(platforms, string(platform))
		channel, post, change = append(channel, p.Channel.Seconds()), append(post, p.Post.Seconds()), append(change, p.Change.Seconds())
		burst = append(burst, int64(p.Burst))
	}
	args := []any{now, pq.Array(platforms), pq.Array(channel), pq.Array(post), pq.Array(change), pq.Array(burst)}
	if _, err := q.exec(ctx, `
		with `+due+`
		insert into lanes (board_id, workspace_id, lane, next_at)
		select distinct d.board_id, d.workspace_id, l.lane, to_timestamp(0)
		  from due d cross join lateral (values (d.channel_lane), (d.method_lane)) l (lane)
		 where not exists (select from lanes x where x.board_id = d.board_id and x.workspace_id = d.workspace_id and x.lane = l.lane)
		on conflict do nothing`, args...); err != nil {
		return nil, fmt.Errorf("new lanes: %w", err)
	}
	var picks []pickRow
	if err := q.rows(ctx, &picks, pick, append(args, limit)...); err != nil {
		return nil, fmt.Errorf("pick posts: %w", err)
	}
	if len(picks) == 0 {
		return nil, nil
	}
	if err := q.moveLanes(ctx, picks); err != nil {
		return nil, fmt.Errorf("move lanes: %w", err)
	}
	return q.lease(ctx, picks, lease)
}

// pick chooses and locks posts, with the lanes that they need. A method's lane may be
// burst slots ahead of the clock. New messages go before edits of the same channel. What
// an earlier claim left without a word may have been sent at any time since the post
// was made, an hour off for clocks that differ.
const pick = `with ` + due + `,
	channels as (
	  select l.board_id, l.workspace_id, l.lane
	    from lanes l
	   where (l.board_id, l.workspace_id, l.lane) in (select board_id, workspace_id, channel_lane from due)
	     and l.next_at <= clock_timestamp()
	     for update skip locked),
	methods as (
	  select l.board_id, l.workspace_id, l.lane,
	         case when m.gap = 0 then 1000000
	              else 1 + floor((m.gap * (m.burst - 1) - greatest(extract(epoch from l.next_at - clock_timestamp()), 0)) / m.gap) end as room
	    from lanes l
	    join (select distinct board_id, workspace_id, method_lane, method_gap as gap, burst from due) m
	      on l.board_id = m.board_id and l.workspace_id = m.workspace_id and l.lane = m.method_lane
	   where l.next_at <= clock_timestamp() + make_interval(secs => m.gap * (m.burst - 1))
	     for update of l skip locked),
	picked as (
	  select distinct on (d.board_id, d.workspace_id, d.channel_lane) d.*, m.room
	    from due d
	    join channels c on c.board_id = d.board_id and c.workspace_id = d.workspace_id and c.lane = d.channel_lane
	    join methods m on m.board_id = d.board_id and m.workspace_id = d.workspace_id and m.lane = d.method_lane
	   order by d.board_id, d.workspace_id, d.channel_lane, d.method_lane = 'm:update', d.due_at, d.post_id),
	ranked as (
	  select p.*, row_number() over (partition by p.board_id, p.workspace_id, p.method_lane order by p.due_at, p.post_id) as place from picked p),
	chosen as (select * from ranked where place <= room order by due_at, post_id limit $7)
	select c.board_id, c.workspace_id, c.post_id, c.channel_lane, c.channel_gap, c.method_lane, c.method_gap,
	       case when p.lease_until is not null then least(p.created_at, p.lease_until) - interval '1 hour' end as unsure_at
	  from chosen c
	  join posts p on p.board_id = c.board_id and p.post_id = c.post_id
	 where (p.due_at <= $1 or p.due_at = 'infinity') and p.gone_at is null
	   and (p.lease_until is null or p.lease_until <= clock_timestamp())
	   for update of p skip locked`

type pickRow struct {
	BoardID     bot.BoardID     `db:"board_id"`
	WorkspaceID bot.WorkspaceID `db:"workspace_id"`
	PostID      bot.PostID      `db:"post_id"`
	ChannelLane string          `db:"channel_lane"`
	ChannelGap  float64         `db:"channel_gap"`
	MethodLane  string          `db:"method_lane"`
	MethodGap   float64         `db:"method_gap"`
	UnsureAt    sql.NullTime    `db:"unsure_at"`
}

// moveLanes takes a slot of each pick's two lanes.
func (q queries) moveLanes(ctx context.Context, picks []pickRow) error {
	var boards, workspaces []int64
	var lanes []string
	var gaps []float64
	for _, p := range picks {
		for lane, gap := range map[string]float64{p.ChannelLane: p.ChannelGap, p.MethodLane: p.MethodGap} {
			boards, workspaces = append(boards, int64(p.BoardID)), append(workspaces, int64(p.WorkspaceID))
			lanes, gaps = append(lanes, lane), append(gaps, gap)
		}
	}
	_, err := q.exec(ctx, `
		update lanes l set next_at = greatest(l.next_at, clock_timestamp()) + make_interval(secs => t.gap)
		  from (select board_id, workspace_id, lane, sum(gap) as gap
		          from unnest($1::bigint[], $2::bigint[], $3::text[], $4::float8[]) t (board_id, workspace_id, lane, gap)
		         group by board_id, workspace_id, lane) t
		 where l.board_id = t.board_id and l.workspace_id = t.workspace_id and l.lane = t.lane`,
		pq.Array(boards), pq.Array(workspaces), pq.Array(lanes), pq.Array(gaps))
	return err
}

// lease makes the picks claims.
func (q queries) lease(ctx context.Context, picks []pickRow, lease time.Duration) ([]bot.Claim, error) {
	var boards, posts []int64
	unsure := map[bot.PostID]time.Time{}
	for _, p := range picks {
		boards, posts = append(boards, int64(p.BoardID)), append(posts, int64(p.PostID))
		if p.UnsureAt.Valid {
			unsure[p.PostID] = p.UnsureAt.Time
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
	out := make([]bot.Claim, len(rs))
	for i, r := range rs {
		out[i] = bot.Claim{Post: r.post(), Lease: r.LeaseUntil, Unsure: unsure[r.PostID]}
	}
	return out, nil
}

// SettlePost keeps what a claim showed; see bot.PostStore.
//
// An act that found the card already due did not touch its post, and may commit after
// the content was read: so its item is locked (in share, before the post) until such
// acts are through, and a card that shows less than the item is now stays due.
func (q queries) SettlePost(ctx context.Context, c bot.Claim, shown bot.Shown) (bool, error) {
	n, err := q.exec(ctx, `
		with it as materialized (
		  select i.version from posts p join items i on i.board_id = p.board_id and i.item_id = p.item_id
		   where p.board_id = $1 and p.post_id = $2 and p.kind = 'card'
		     for share of i)
		update posts p
		   set shown_version = $4,
		       channel_ref = case when $5 <> '' and p.channel_ref = '' then $5 else p.channel_ref end,
		       message_ref = case when $6 = '' or p.kind = 'mark' then p.message_ref else $6 end,
		       permalink = case when $7 = '' then p.permalink else $7 end,
		       thread_ref = case when $8 = '' then p.thread_ref else $8 end,
		       shown_paused = $9, shown_tag = $10, fault = $11,
		       due_at = case when p.due_at < 'infinity' then p.due_at
		                     when exists (select from it where it.version > $4) then p.created_at end,
		       cause = case when p.due_at < 'infinity' then p.cause else '' end,
		       gone_at = case when $6 = '' then p.gone_at end, -- the message that was deleted meanwhile was the one before
		       lease_until = null, attempts = 0
		 where p.board_id = $1 and p.post_id = $2 and p.lease_until = $3`,
		c.Board, c.ID, c.Lease, shown.Version, shown.Sent.Channel, shown.Sent.Message, shown.Sent.Permalink, shown.Sent.Thread, shown.Paused, shown.Tag, shown.Fault)
	if err == nil && n == 0 {
		if moved, ok := q.movedPost(ctx, c); ok {
			return q.SettlePost(ctx, moved, shown)
		}
	}
	return n == 1, err
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
		update posts p
		   set fault = $4,
		       due_at = case when $7 then null when p.due_at = 'infinity' then $5::timestamptz else p.due_at end,
		       lease_until = case when $6 then clock_timestamp() end,
		       gone_at = case when $7 then clock_timestamp() else p.gone_at end
		 where p.board_id = $1 and p.post_id = $2 and p.lease_until = $3`,
		c.Board, c.ID, c.Lease, s.Fault, nullTime(s.RetryAt), s.Unsure, s.Gone)
	if err == nil && n == 0 {
		if moved, ok := q.movedPost(ctx, c); ok {
			return q.SetBackPost(ctx, moved, s)
		}
	}
	if err != nil || s.Hold <= 0 {
		return n == 1, err
	}
	channel, method := lanesOf(c.Post)
	_, err = q.exec(ctx, `
		update lanes set next_at = greatest(next_at, clock_timestamp() + make_interval(secs => $4))
		 where board_id = $1 and workspace_id = $2 and lane = any($3::text[])`,
		c.Board, c.Workspace, pq.Array([]string{channel, method}), math.Ceil(s.Hold.Seconds()))
	return n == 1, err
}

// lanesOf names a post's lanes, as ClaimPosts does.
func lanesOf(p bot.Post) (channel, method string) {
	channel = "c:" + p.Channel
	if p.Channel == "" {
		channel = "c:@" + p.Account
	}
	switch {
	case p.Kind == bot.PostMark:
		return channel, "m:mark"
	case p.Message != "":
		return channel, "m:update"
	case p.Channel == "":
		return channel, "m:open"
	}
	return channel, "m:post"
}
