package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

func platformNames(ps []bot.Platform) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return out
}

// UnknownMembers lists members who were never looked up; see bot.GapStore. It leans on
// members_unknown, and steps through the workspaces that have any.
func (q queries) UnknownMembers(ctx context.Context, platforms []bot.Platform, most, limit int) ([]bot.Unknown, error) {
	var rs []memberRow
	err := q.rows(ctx, &rs, `
		with recursive at as (
		  (select x.board_id, x.workspace_id from members x
		    where x.looked_up_at is null and x.active order by x.board_id, x.workspace_id limit 1)
		  union all
		  select n.board_id, n.workspace_id from at
		   cross join lateral (
		     select x.board_id, x.workspace_id from members x
		      where x.looked_up_at is null and x.active and (x.board_id, x.workspace_id) > (at.board_id, at.workspace_id)
		      order by x.board_id, x.workspace_id limit 1) n)
		select `+memberColumns+` from at
		  join workspaces w on w.board_id = at.board_id and w.workspace_id = at.workspace_id and w.state = 'active' and w.platform = any($1::text[])
		 cross join lateral (
		   select x.* from members x
		    where x.looked_up_at is null and x.active and x.board_id = at.board_id and x.workspace_id = at.workspace_id
		    order by x.member_id limit $2) m
		 order by m.board_id, m.member_id limit $3`, pq.Array(platformNames(platforms)), most, limit)
	if err != nil {
		return nil, err
	}
	out := make([]bot.Unknown, len(rs))
	workspaces := map[bot.WorkspaceID]bot.Workspace{}
	for i, r := range rs {
		w, ok := workspaces[r.WorkspaceID]
		if !ok {
			if w, err = q.WorkspaceByID(ctx, r.BoardID, r.WorkspaceID); err != nil {
				return nil, fmt.Errorf("workspace of a member: %w", err)
			}
			workspaces[r.WorkspaceID] = w
		}
		out[i] = bot.Unknown{Member: r.member(), Workspace: w}
	}
	return out, nil
}

// TouchAuthored makes the cards of a member's requests due; see bot.GapStore.
func (q queries) TouchAuthored(ctx context.Context, b bot.BoardID, m bot.MemberID, now time.Time) error {
	var ids []bot.ItemID
	err := q.rows(ctx, &ids, `
		select distinct i.item_id from items i join posts p on p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.gone_at is null
		 where i.board_id = $1 and i.author_id = $2 order by i.item_id`, b, m)
	if err != nil || len(ids) == 0 {
		return err
	}
	return q.touchAll(ctx, b, ids, now)
}

// OpenGaps lists the workspaces with a gap.
func (q queries) OpenGaps(ctx context.Context, platforms []bot.Platform) ([]bot.OpenGap, error) {
	var rs []struct {
		workspaceRow
		GapSince time.Time `db:"gap_since"`
	}
	err := q.rows(ctx, &rs, `
		select `+workspaceColumns+`, gap_since from workspaces
		 where gap_since is not null and state = 'active' and platform = any($1::text[]) order by gap_since`, pq.Array(platformNames(platforms)))
	out := make([]bot.OpenGap, len(rs))
	for i, r := range rs {
		out[i] = bot.OpenGap{Workspace: r.workspace(), Since: r.GapSince}
	}
	return out, err
}

// TakeTurn reserves a task; see bot.GapStore. It is kept like a lane that nobody may
// send in before its time.
func (q queries) TakeTurn(ctx context.Context, w bot.Workspace, task string, lease time.Duration) (bool, error) {
	var lane string
	err := q.row(ctx, &lane, `
		insert into lanes as l (board_id, workspace_id, lane, next_at)
		values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
		on conflict (board_id, workspace_id, lane) do update set next_at = excluded.next_at where l.next_at <= clock_timestamp()
		returning lane`, w.Board, w.ID, task, lease.Seconds())
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// KeepTurn renews it.
func (q queries) KeepTurn(ctx context.Context, w bot.Workspace, task string, lease time.Duration) error {
	_, err := q.exec(ctx, `
		update lanes set next_at = clock_timestamp() + make_interval(secs => $4) where board_id = $1 and workspace_id = $2 and lane = $3`,
		w.Board, w.ID, task, lease.Seconds())
	return err
}

// EndTurn gives a task back.
func (q queries) EndTurn(ctx context.Context, w bot.Workspace, task string) error {
	_, err := q.exec(ctx, `delete from lanes where board_id = $1 and workspace_id = $2 and lane = $3`, w.Board, w.ID, task)
	return err
}

// VotePlaces lists the messages on which reactions vote; see bot.GapStore.
func (q queries) VotePlaces(ctx context.Context, w bot.Workspace, limit int) ([]bot.VotePlace, error) {
	return q.votePlaces(ctx, `i.hidden_at is null and i.gone_at is null and i.status not in ('shipped', 'declined')`, w.Board, w.ID, limit)
}

// VotePlacesAt is the same for one message; see bot.GapStore.
func (q queries) VotePlacesAt(ctx context.Context, w bot.Workspace, channel, message string) ([]bot.VotePlace, error) {
	return q.votePlaces(ctx, `p.channel_ref = $4 and p.message_ref = $5`, w.Board, w.ID, 1, channel, message)
}

// votePlaces lists places where a condition holds, the newest first: $1 board, $2
// workspace, $3 how many at most.
func (q queries) votePlaces(ctx context.Context, where string, args ...any) ([]bot.VotePlace, error) {
	var rs []struct {
		ChannelRef string         `db:"channel_ref"`
		MessageRef string         `db:"message_ref"`
		ThreadRef  string         `db:"thread_ref"`
		Emoji      pq.StringArray `db:"emoji"`
		Accounts   pq.StringArray `db:"accounts"`
		Emojis     pq.StringArray `db:"emojis"`
		Supports   pq.BoolArray   `db:"supports"`
		At         pq.Int64Array  `db:"at"`
	}
	err := q.rows(ctx, &rs, `
		with places as (
		  select p.channel_ref, p.message_ref, p.thread_ref, p.item_id, p.created_at from posts p
		   where p.board_id = $1 and p.workspace_id = $2 and p.kind = 'card' and p.message_ref <> '' and p.gone_at is null
		  union all
		  select e.channel_ref, e.message_ref, e.thread_ref, e.item_id, e.created_at from evidence e
		   where e.board_id = $1 and e.workspace_id = $2 and e.message_ref <> '' and e.removed_at is null)
		select p.channel_ref, p.message_ref, p.thread_ref, coalesce(c.emoji, '{+1}') as emoji, coalesce(known.accounts, '{}') as accounts,
		       coalesce(known.emojis, '{}') as emojis, coalesce(known.supports, '{}') as supports, coalesce(known.at, '{}') as at
		  from places p
		  join items i on i.board_id = $1 and i.item_id = p.item_id
		  left join channels c on c.board_id = $1 and c.workspace_id = $2 and c.channel_ref = p.channel_ref
		  left join lateral (
		    select array_agg(m.account order by b.place, m.member_id) as accounts,
		           array_agg(substr(b.place, length(p.channel_ref) + length(p.message_ref) + 5) order by b.place, m.member_id) as emojis,
		           array_agg(b.supports order by b.place, m.member_id) as supports,
		           array_agg((extract(epoch from b.at) * 1000000)::bigint order by b.place, m.member_id) as at
		      from ballots b join members m on m.board_id = b.board_id and m.member_id = b.member_id
		     where b.board_id = $1 and b.item_id = i.item_id and m.workspace_id = $2
		       and starts_with(b.place, 'r:' || p.channel_ref || ':' || p.message_ref || ':')) known on true
		 where `+where+`
		 order by p.created_at desc limit $3`, args...)
	out := make([]bot.VotePlace, len(rs))
	for i, r := range rs {
		out[i] = bot.VotePlace{Channel: r.ChannelRef, Message: r.MessageRef, Thread: r.ThreadRef, Emoji: r.Emoji}
		for j := range r.Accounts {
			out[i].Known = append(out[i].Known, bot.Known{
				Reacted: bot.Reacted{Account: r.Accounts[j], Emoji: r.Emojis[j]}, Supports: r.Supports[j], At: time.UnixMicro(r.At[j]).UTC(),
			})
		}
	}
	return out, err
}

// CloseGap ends a gap that was not noted again; see bot.GapStore.
func (q queries) CloseGap(ctx context.Context, w bot.Workspace, since time.Time) error {
	_, err := q.exec(ctx, `update workspaces set gap_since = null where board_id = $1 and workspace_id = $2 and gap_since = $3`, w.Board, w.ID, since)
	return err
}

// AgeCards makes cards due whose week has moved on; see bot.GapStore. That it was done is
// remembered with the acts that are taken in once.
func (s *Store) AgeCards(ctx context.Context, now time.Time) (int, error) {
	aged := 0
	err := s.InTx(ctx, func(tx bot.Tx) error {
		var err error
		aged, err = tx.AgeCards(ctx, now)
		return err
	})
	return aged, err
}

func (q queries) AgeCards(ctx context.Context, now time.Time) (int, error) {
	var rows []struct {
		BoardID bot.BoardID `db:"board_id"`
		ItemID  bot.ItemID  `db:"item_id"`
	}
	err := q.rows(ctx, &rows, `
		with today as (select ($1::timestamptz at time zone 'UTC')::date as day),
		fresh as (
		  insert into seen (board_id, key, expires_at)
		  select b.board_id, 'aged:' || today.day, $1::timestamptz + interval '2 days' from boards b cross join today
		  on conflict (board_id, key) do nothing
		  returning board_id)
		select distinct i.board_id, i.item_id
		  from fresh join today on true
		  join item_days d on d.board_id = fresh.board_id and d.day = today.day - 7 and d.gained > 0
		  join items i on i.board_id = d.board_id and i.item_id = d.item_id and i.status not in ('shipped', 'declined')
		 where exists (select from posts p where p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.gone_at is null)
		 order by 1, 2`, now)
	if err != nil {
		return 0, fmt.Errorf("cards of a new day: %w", err)
	}
	boards := map[bot.BoardID][]bot.ItemID{}
	for _, r := range rows {
		boards[r.BoardID] = append(boards[r.BoardID], r.ItemID)
	}
	for _, b := range slices.Sorted(maps.Keys(boards)) {
		if err := q.touchAll(ctx, b, boards[b], now); err != nil {
			return 0, fmt.Errorf("touch cards of a new day: %w", err)
		}
	}
	return len(rows), nil
}

// Once remembers an act; see bot.GapStore.
func (q queries) Once(ctx context.Context, b bot.BoardID, key string, until time.Time) (bool, error) {
	n, err := q.exec(ctx, `
		insert into seen as s (board_id, key, expires_at) values ($1, $2, $3)
		on conflict (board_id, key) do update set key = s.key where false`, b, key, until) // locks it; see confirm
	return n == 1, err
}
