package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// Notify keeps notices; see bot.NoticeStore.
func (q queries) Notify(ctx context.Context, b bot.BoardID, ns []bot.Notice, now time.Time) error {
	if len(ns) == 0 {
		return nil
	}
	people, items, subjects := make([]int64, len(ns)), make([]int64, len(ns)), make([]int64, len(ns))
	kinds, dues, votes := make([]string, len(ns)), make([]time.Time, len(ns)), make([]bool, len(ns))
	for i, n := range ns {
		people[i], items[i], subjects[i], kinds[i], dues[i] = int64(n.Person), int64(n.Item), n.Subject, n.Kind, n.Due
		votes[i] = n.ByVote
	}
	_, err := q.exec(ctx, `
		insert into notices (board_id, person_id, item_id, kind, subject, due_at, by_vote, created_at)
		select $1, n.person_id, n.item_id, n.kind, n.subject, n.due_at, n.by_vote, $7
		  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[], $8::boolean[]) n (person_id, item_id, kind, subject, due_at, by_vote)
		on conflict (board_id, person_id, kind, item_id, subject) do nothing`,
		b, pq.Array(people), pq.Array(items), pq.Array(kinds), pq.Array(subjects), pq.Array(dues), now, pq.Array(votes))
	return err
}

// DropNotices takes back notices that no batch took; see bot.NoticeStore.
func (q queries) DropNotices(ctx context.Context, b bot.BoardID, kind string, subject int64, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update notices set dropped_at = $4
		 where board_id = $1 and kind = $2 and subject = $3 and post_id is null and dropped_at is null`, b, kind, subject, now)
	return int(n), err
}

// Recipients locks people who have news due; see bot.NoticeStore. They are locked first
// and read afterwards: what another replica has just sent is seen by the second. A
// person whose only account was linked to another's is still reached by it.
func (q queries) Recipients(ctx context.Context, now time.Time, limit int) ([]bot.Recipient, error) {
	var locked []struct {
		BoardID  int64 `db:"board_id"`
		PersonID int64 `db:"person_id"`
	}
	err := q.rows(ctx, &locked, `
		select p.board_id, p.person_id
		  from people p
		  join (select board_id, person_id, min(due_at) as due_at
		          from notices where due_at <= $1 and post_id is null and dropped_at is null
		         group by board_id, person_id order by 3 limit $2) n
		    on n.board_id = p.board_id and n.person_id = p.person_id
		   for update of p skip locked`, now, limit)
	if err != nil || len(locked) == 0 {
		return nil, err
	}
	boards, people := make([]int64, len(locked)), make([]int64, len(locked))
	for i, l := range locked {
		boards[i], people[i] = l.BoardID, l.PersonID
	}
	var rs []struct {
		BoardID  bot.BoardID  `db:"board_id"`
		PersonID bot.PersonID `db:"person_id"`
		Muted    bool
		Zone     string
		Fallback string
		LastSent sql.NullTime `db:"last_sent"`
	}
	if err := q.rows(ctx, &rs, `
		select t.board_id, t.person_id, b.zone as fallback, a.muted, a.zone, a.last_sent
		  from unnest($1::bigint[], $2::bigint[]) t (board_id, person_id)
		  join boards b on b.board_id = t.board_id
		 cross join lateral (
		    select coalesce(bool_or(x.member_id is not null), false) as muted,
		           coalesce((array_agg(k.zone order by k.spoke_at desc nulls last, k.member_id) filter (where k.zone <> ''))[1], '') as zone,
		           max(k.direct_at) as last_sent
		      from members k
		      left join mutes x on x.board_id = k.board_id and x.member_id = k.member_id
		     where k.board_id = t.board_id and (k.person_id = t.person_id or k.own_person_id = t.person_id)) a
		 order by t.board_id, t.person_id`, pq.Array(boards), pq.Array(people)); err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	out := make([]bot.Recipient, len(rs))
	for i, r := range rs {
		out[i] = bot.Recipient{
			Board: r.BoardID, Person: r.PersonID, Muted: r.Muted, Zone: r.Zone, Fallback: r.Fallback, LastSent: r.LastSent.Time,
		}
		if out[i].Accounts, err = q.accounts(ctx, r.BoardID, r.PersonID); err != nil {
			return nil, fmt.Errorf("accounts of a recipient: %w", err)
		}
		if err := q.rows(ctx, &out[i].Due, `
			select n.notice_id as id, n.by_vote as byvote, i.audience = 'team' as team
			  from notices n join items i on i.board_id = n.board_id and i.item_id = n.item_id
			 where n.board_id = $1 and n.person_id = $2 and n.due_at <= $3 and n.post_id is null and n.dropped_at is null
			 order by n.notice_id`, r.BoardID, r.PersonID, now); err != nil {
			return nil, fmt.Errorf("news of a recipient: %w", err)
		}
	}
	return out, nil
}

// accounts lists where a person can be written to, the account they spoke with last first.
func (q queries) accounts(ctx context.Context, b bot.BoardID, p bot.PersonID) ([]bot.Account, error) {
	var rs []struct {
		memberRow
		Platform bot.Platform
	}
	err := q.rows(ctx, &rs, `
		select `+memberColumns+`, w.platform
		  from members m
		  join workspaces w on w.board_id = m.board_id and w.workspace_id = m.workspace_id and w.state = 'active'
		 where m.board_id = $1 and (m.person_id = $2 or m.own_person_id = $2) and m.active and not m.is_bot and m.closed_at is null
		 order by m.spoke_at desc nulls last, m.member_id`, b, p)
	out := make([]bot.Account, len(rs))
	for i, r := range rs {
		out[i] = bot.Account{Member: r.member(), Platform: r.Platform}
	}
	return out, err
}

// TakeNotices puts notices into a batch; see bot.NoticeStore.
func (q queries) TakeNotices(ctx context.Context, b bot.BoardID, p bot.PersonID, ids []int64, batch bot.PostID, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update notices set post_id = $3
		 where board_id = $1 and person_id = $2 and notice_id = any($4::bigint[]) and post_id is null and dropped_at is null`, b, p, batch, pq.Array(ids))
	if err != nil || n == 0 {
		return int(n), err
	}
	_, err = q.exec(ctx, `update members set direct_at = $3 where board_id = $1 and (person_id = $2 or own_person_id = $2)`, b, p, now)
	return int(n), err
}

// PostponeNotices makes due notices wait; see bot.NoticeStore.
func (q queries) PostponeNotices(ctx context.Context, b bot.BoardID, p bot.PersonID, now, until time.Time) error {
	_, err := q.exec(ctx, `
		update notices set due_at = $4
		 where board_id = $1 and person_id = $2 and due_at <= $3 and post_id is null and dropped_at is null`, b, p, now, until)
	return err
}

// LetNoticesGo ends the wait of notices.
func (q queries) LetNoticesGo(ctx context.Context, b bot.BoardID, p bot.PersonID, ids []int64, now time.Time) error {
	_, err := q.exec(ctx, `
		update notices set dropped_at = $4
		 where board_id = $1 and person_id = $2 and notice_id = any($3::bigint[]) and post_id is null and dropped_at is null`, b, p, pq.Array(ids), now)
	return err
}

// CloseDirect keeps that an account can't be written to; see bot.NoticeStore. The batch
// that did not arrive is no batch of the day.
func (q queries) CloseDirect(ctx context.Context, p bot.Post, now time.Time) error {
	var who struct {
		PersonID bot.PersonID `db:"person_id"`
	}
	err := q.row(ctx, &who, `
		update members set closed_told = closed_told and closed_at is not null, closed_at = coalesce(closed_at, $4)
		 where board_id = $1 and workspace_id = $2 and account = $3 returning person_id`, p.Board, p.Workspace, p.Account, now)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("close direct messages: %w", err)
	}
	left, err := q.accounts(ctx, p.Board, who.PersonID)
	if err != nil || len(left) == 0 {
		return err
	}
	n, err := q.exec(ctx, `update notices set post_id = null where board_id = $1 and post_id = $2 and dropped_at is null`, p.Board, p.ID)
	if err != nil || n == 0 {
		return err
	}
	_, err = q.exec(ctx, `update members set direct_at = null where board_id = $1 and (person_id = $2 or own_person_id = $2)`, p.Board, who.PersonID)
	return err
}

// OpenDirect lets an account be written to again.
func (q queries) OpenDirect(ctx context.Context, b bot.BoardID, m bot.MemberID) error {
	_, err := q.exec(ctx, `update members set closed_at = null, closed_told = false where board_id = $1 and member_id = $2 and closed_at is not null`, b, m)
	return err
}

// TellClosed says that a member is told that they can't be written to.
func (q queries) TellClosed(ctx context.Context, b bot.BoardID, m bot.MemberID) (bool, error) {
	n, err := q.exec(ctx, `
		update members set closed_told = true where board_id = $1 and member_id = $2 and closed_at is not null and not closed_told`, b, m)
	return n == 1, err
}

// NoticesOf lists a batch; see bot.NoticeStore.
func (q queries) NoticesOf(ctx context.Context, b bot.BoardID, batch bot.PostID) ([]bot.Notice, error) {
	var rs []struct {
		NoticeID int64        `db:"notice_id"`
		PersonID bot.PersonID `db:"person_id"`
		ItemID   bot.ItemID   `db:"item_id"`
		Kind     string
		Subject  int64
		ByVote   bool      `db:"by_vote"`
		DueAt    time.Time `db:"due_at"`
	}
	err := q.rows(ctx, &rs, `
		select notice_id, person_id, item_id, kind, subject, by_vote, due_at from notices
		 where board_id = $1 and post_id = $2 and dropped_at is null order by notice_id`, b, batch)
	out := make([]bot.Notice, len(rs))
	for i, r := range rs {
		out[i] = bot.Notice{ID: r.NoticeID, Person: r.PersonID, Item: r.ItemID, Kind: r.Kind, Subject: r.Subject, ByVote: r.ByVote, Due: r.DueAt}
	}
	return out, err
}

// StakeIn reads what a person has in an item; see bot.NoticeStore.
func (q queries) StakeIn(ctx context.Context, b bot.BoardID, p bot.PersonID, item bot.ItemID) (bot.Stake, error) {
	var r struct {
		Words   sql.NullString
		SaidAt  sql.NullTime `db:"said_at"`
		VotedAt sql.NullTime `db:"voted_at"`
	}
	err := q.row(ctx, &r, `
		select e.quote as words, e.created_at as said_at, v.since as voted_at
		  from items i
		  left join lateral (
		    select e.quote, e.created_at
		      from items f
		      join evidence e on e.board_id = f.board_id and e.item_id = f.item_id and e.removed_at is null
		      join members m on m.board_id = e.board_id and m.member_id = e.member_id and m.person_id = $2
		     where f.board_id = i.board_id and f.root_id = i.root_id
		     order by e.created_at, e.evidence_id limit 1) e on true
		  left join votes v on v.board_id = i.board_id and v.item_id = i.root_id and v.person_id = $2 and v.supports
		 where i.board_id = $1 and i.item_id = $3`, b, p, item)
	return bot.Stake{Words: r.Words.String, SaidAt: r.SaidAt.Time, VotedAt: r.VotedAt.Time}, err
}

// Mute says that a member wants no notes; see bot.NoticeStore.
func (q queries) Mute(ctx context.Context, b bot.BoardID, m bot.MemberID, on bool, now time.Time) error {
	if on {
		_, err := q.exec(ctx, `insert into mutes (board_id, member_id, at) values ($1, $2, $3) on conflict (board_id, member_id) do nothing`, b, m, now)
		return err
	}
	_, err := q.exec(ctx, `
		delete from mutes x using members k, members me
		 where me.board_id = $1 and me.member_id = $2 and k.board_id = $1 and k.person_id = me.person_id
		   and x.board_id = $1 and x.member_id = k.member_id`, b, m)
	return err
}
