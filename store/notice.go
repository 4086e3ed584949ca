package store

import (
	"context"
	"database/sql"
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
	kinds, dues := make([]string, len(ns)), make([]time.Time, len(ns))
	for i, n := range ns {
		people[i], items[i], subjects[i], kinds[i], dues[i] = int64(n.Person), int64(n.Item), n.Subject, n.Kind, n.Due
	}
	_, err := q.exec(ctx, `
		insert into notices (board_id, person_id, item_id, kind, subject, due_at, created_at)
		select $1, n.person_id, n.item_id, n.kind, n.subject, n.due_at, $7
		  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[]) n (person_id, item_id, kind, subject, due_at)
		on conflict (board_id, person_id, kind, item_id, subject) do nothing`,
		b, pq.Array(people), pq.Array(items), pq.Array(kinds), pq.Array(subjects), pq.Array(dues), now)
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
		BoardID  bot.BoardID   `db:"board_id"`
		PersonID bot.PersonID  `db:"person_id"`
		MemberID sql.NullInt64 `db:"member_id"`
		Muted    bool
		Zone     string
		Fallback string
		LastSent sql.NullTime `db:"last_sent"`
		Waiting  int
	}
	if err := q.rows(ctx, &rs, `
		select t.board_id, t.person_id, b.zone as fallback, a.member_id, a.muted, a.zone, a.last_sent,
		       (select count(*) from notices n where n.board_id = t.board_id and n.person_id = t.person_id
		           and n.due_at <= $3 and n.post_id is null and n.dropped_at is null) as waiting
		  from unnest($1::bigint[], $2::bigint[]) t (board_id, person_id)
		  join boards b on b.board_id = t.board_id
		 cross join lateral (
		    select (array_agg(k.member_id order by k.spoke_at desc nulls last, k.member_id)
		             filter (where k.active and not k.is_bot and w.state = 'active'))[1] as member_id,
		           coalesce(bool_or(x.member_id is not null), false) as muted,
		           coalesce((array_agg(k.zone order by k.spoke_at desc nulls last, k.member_id) filter (where k.zone <> ''))[1], '') as zone,
		           max(k.direct_at) as last_sent
		      from members k
		      join workspaces w on w.board_id = k.board_id and w.workspace_id = k.workspace_id
		      left join mutes x on x.board_id = k.board_id and x.member_id = k.member_id
		     where k.board_id = t.board_id and (k.person_id = t.person_id or k.own_person_id = t.person_id)) a
		 order by t.board_id, t.person_id`, pq.Array(boards), pq.Array(people), now); err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	out := make([]bot.Recipient, len(rs))
	for i, r := range rs {
		out[i] = bot.Recipient{
			Board: r.BoardID, Person: r.PersonID, Muted: r.Muted, Zone: r.Zone, Fallback: r.Fallback, LastSent: r.LastSent.Time, Waiting: r.Waiting,
		}
		if r.MemberID.Valid {
			if out[i].Member, err = q.Member(ctx, r.BoardID, bot.MemberID(r.MemberID.Int64)); err != nil {
				return nil, fmt.Errorf("member of a recipient: %w", err)
			}
		}
	}
	return out, nil
}

// TakeNotices puts due notices into a batch; see bot.NoticeStore.
func (q queries) TakeNotices(ctx context.Context, b bot.BoardID, p bot.PersonID, batch bot.PostID, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update notices set post_id = $3
		 where board_id = $1 and person_id = $2 and due_at <= $4 and post_id is null and dropped_at is null`, b, p, batch, now)
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

// DropDueNotices lets go of due notices; see bot.NoticeStore.
func (q queries) DropDueNotices(ctx context.Context, b bot.BoardID, p bot.PersonID, now time.Time) error {
	_, err := q.exec(ctx, `
		update notices set dropped_at = $3
		 where board_id = $1 and person_id = $2 and due_at <= $3 and post_id is null and dropped_at is null`, b, p, now)
	return err
}

// NoticesOf lists a batch; see bot.NoticeStore.
func (q queries) NoticesOf(ctx context.Context, b bot.BoardID, batch bot.PostID) ([]bot.Notice, error) {
	var rs []struct {
		NoticeID int64        `db:"notice_id"`
		PersonID bot.PersonID `db:"person_id"`
		ItemID   bot.ItemID   `db:"item_id"`
		Kind     string
		Subject  int64
		DueAt    time.Time `db:"due_at"`
	}
	err := q.rows(ctx, &rs, `
		select notice_id, person_id, item_id, kind, subject, due_at from notices
		 where board_id = $1 and post_id = $2 and dropped_at is null order by notice_id`, b, batch)
	out := make([]bot.Notice, len(rs))
	for i, r := range rs {
		out[i] = bot.Notice{ID: r.NoticeID, Person: r.PersonID, Item: r.ItemID, Kind: r.Kind, Subject: r.Subject, Due: r.DueAt}
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
