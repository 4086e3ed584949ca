package store

import (
	"context"
	"database/sql"
	"time"

	"heed/bot"
)

// AddShipping keeps what is said of a shipped item; see bot.ShipStore.
func (q queries) AddShipping(ctx context.Context, s bot.Shipping) (int64, error) {
	var id int64
	err := q.row(ctx, &id, `
		insert into announcements (board_id, item_id, note, how, link, shipped_by, at, send_at, audience)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		returning announcement_id`, s.Board, s.Item, s.Note, s.How, s.Link, null(s.By), s.At, s.SendAt, s.Audience)
	return id, err
}

const shippingColumns = `board_id, announcement_id, item_id, note, how, link, audience, shipped_by, at, send_at, undone_at`

type shippingRow struct {
	BoardID        bot.BoardID `db:"board_id"`
	AnnouncementID int64       `db:"announcement_id"`
	ItemID         bot.ItemID  `db:"item_id"`
	Note           string
	How            string
	Link           string
	Audience       bot.Audience
	ShippedBy      sql.NullInt64 `db:"shipped_by"`
	At             time.Time
	SendAt         time.Time    `db:"send_at"`
	UndoneAt       sql.NullTime `db:"undone_at"`
}

func (r shippingRow) shipping() bot.Shipping {
	return bot.Shipping{
		Board: r.BoardID, ID: r.AnnouncementID, Item: r.ItemID, Note: r.Note, How: r.How, Link: r.Link, Audience: r.Audience,
		By: bot.MemberID(r.ShippedBy.Int64), At: r.At, SendAt: r.SendAt, UndoneAt: r.UndoneAt.Time,
	}
}

// Shipping reads what was said.
func (q queries) Shipping(ctx context.Context, b bot.BoardID, id int64) (bot.Shipping, error) {
	var r shippingRow
	err := q.row(ctx, &r, `select `+shippingColumns+` from announcements where board_id = $1 and announcement_id = $2`, b, id)
	return r.shipping(), err
}

// LastShipping reads an item's last one that stands.
func (q queries) LastShipping(ctx context.Context, b bot.BoardID, item bot.ItemID) (bot.Shipping, error) {
	var r shippingRow
	err := q.row(ctx, &r, `
		select `+shippingColumns+` from announcements
		 where board_id = $1 and item_id = $2 and undone_at is null order by at desc, announcement_id desc limit 1`, b, item)
	return r.shipping(), err
}

// UndoShipping marks it undone.
func (q queries) UndoShipping(ctx context.Context, b bot.BoardID, id int64, now time.Time) error {
	_, err := q.exec(ctx, `update announcements set undone_at = $3 where board_id = $1 and announcement_id = $2 and undone_at is null`, b, id, now)
	return err
}

// Supporters lists who wants an item; see bot.ShipStore. What a person knows of a team's
// item that they may not read is the community's item merged into it that they
// asked or voted for themselves.
func (q queries) Supporters(ctx context.Context, b bot.BoardID, root bot.ItemID) ([]bot.Supporter, error) {
	var rs []struct {
		PersonID bot.PersonID  `db:"person_id"`
		ItemID   sql.NullInt64 `db:"item_id"`
		Asked    bool
		Voted    bool
		Follows  bool
		Silent   bool
		ByVote   bool `db:"by_vote"`
		Active   bool
	}
	err := q.rows(ctx, &rs, `
		with family as (select item_id, audience, author_id from items where board_id = $1 and root_id = $2),
		asked as (
		  select m.person_id, f.item_id, f.audience from family f join members m on m.board_id = $1 and m.member_id = f.author_id
		  union
		  select m.person_id, f.item_id, f.audience
		    from family f
		    join evidence e on e.board_id = $1 and e.item_id = f.item_id and e.removed_at is null
		    join members m on m.board_id = $1 and m.member_id = e.member_id),
		voted as (select person_id from votes where board_id = $1 and item_id = $2 and supports),
		followed as (
		  select distinct on (m.person_id) m.person_id, w.follows
		    from family f
		    join follows w on w.board_id = $1 and w.item_id = f.item_id
		    join members m on m.board_id = $1 and m.member_id = w.member_id
		   order by m.person_id, w.at desc, w.item_id),
		everyone as (
		  select person_id from asked union select person_id from voted union select person_id from followed where follows),
		known as (
		  select e.person_id, asker.person_id is not null as asked, v.person_id is not null as voted, coalesce(fo.follows, false) as follows,
		         coalesce(not fo.follows, false) or a.muted as silent, a.active, a.by_vote, a.team
		    from everyone e
		    left join (select distinct person_id from asked) asker on asker.person_id = e.person_id
		    left join voted v on v.person_id = e.person_id
		    left join followed fo on fo.person_id = e.person_id
		   cross join lateral (
		     select coalesce(bool_or(exists (select from mutes x where x.board_id = $1 and x.member_id = m.member_id)), false) as muted,
		            coalesce(bool_or(m.active and not m.is_bot and m.closed_at is null and w.state = 'active'), false) as active,
		            coalesce(bool_or(m.active and not m.is_bot and m.closed_at is null and w.state = 'active' and w.platform <> 'discord'), false) as by_vote,
		            coalesce(bool_or(m.active and (m.audience = 'team' or `+platformAdmin+`
		              or exists (select from grants g where g.board_id = $1 and g.member_id = m.member_id))), false) as team
		       from members m join workspaces w using (board_id, workspace_id)
		      where m.board_id = $1 and m.person_id = e.person_id) a)
		select k.person_id, k.asked, k.voted, k.follows, k.silent, k.active, k.by_vote,
		       case when k.team or (select f.audience from family f where f.item_id = $2) = 'community' then $2::bigint
		            else coalesce(
		              (select min(a.item_id) from asked a where a.person_id = k.person_id and a.audience = 'community'),
		              (select min(f.item_id) from family f
		                 join members m on m.board_id = $1 and m.person_id = k.person_id
		                 join ballots l on l.board_id = $1 and l.item_id = f.item_id and l.member_id = m.member_id
		                where f.audience = 'community')) end as item_id
		  from known k
		 order by k.person_id`, b, root)
	out := make([]bot.Supporter, len(rs))
	for i, r := range rs {
		out[i] = bot.Supporter{
			Person: r.PersonID, Item: bot.ItemID(r.ItemID.Int64), Asked: r.Asked, Voted: r.Voted, Follows: r.Follows,
			Silent: r.Silent, ByVote: r.ByVote, Active: r.Active,
		}
	}
	return out, err
}

// AskedPlaces lists the conversations to answer; see bot.ShipStore.
func (q queries) AskedPlaces(ctx context.Context, b bot.BoardID, root bot.ItemID) ([]bot.AskedPlace, error) {
	var rs []struct {
		EvidenceID  sql.NullInt64   `db:"evidence_id"`
		ItemID      bot.ItemID      `db:"item_id"`
		WorkspaceID bot.WorkspaceID `db:"workspace_id"`
		ChannelRef  string          `db:"channel_ref"`
		Audience    bot.Audience
		Thread      string
	}
	err := q.rows(ctx, &rs, `
		with family as (select item_id from items where board_id = $1 and root_id = $2 and hidden_at is null),
		said as (
		  select e.evidence_id, f.item_id, e.workspace_id, e.channel_ref, coalesce(nullif(e.thread_ref, ''), e.message_ref) as thread
		    from family f
		    join evidence e on e.board_id = $1 and e.item_id = f.item_id and e.removed_at is null and e.message_ref <> ''),
		card as (
		  select null::bigint as evidence_id, f.item_id, p.workspace_id, p.channel_ref, coalesce(nullif(p.thread_ref, ''), p.message_ref) as thread
		    from family f
		    join posts p on p.board_id = $1 and p.item_id = f.item_id and p.kind = 'card' and p.message_ref <> '' and p.gone_at is null
		   where not exists (select from said s where s.item_id = f.item_id))
		select distinct on (t.workspace_id, t.channel_ref, t.thread)
		       t.evidence_id, t.item_id, t.workspace_id, t.channel_ref, c.audience, t.thread
		  from (select * from said union all select * from card) t
		  join workspaces w on w.board_id = $1 and w.workspace_id = t.workspace_id and w.state = 'active'
		  join channels c on c.board_id = $1 and c.workspace_id = t.workspace_id and c.channel_ref = t.channel_ref
		       and c.kind <> 'direct' and c.state = 'open'
		 order by t.workspace_id, t.channel_ref, t.thread, t.item_id <> $2, t.evidence_id nulls last`, b, root)
	out := make([]bot.AskedPlace, len(rs))
	for i, r := range rs {
		out[i] = bot.AskedPlace{
			Evidence: bot.EvidenceID(r.EvidenceID.Int64), Item: r.ItemID, Workspace: r.WorkspaceID, Channel: r.ChannelRef,
			Audience: r.Audience, Thread: r.Thread,
		}
	}
	return out, err
}

// PostKeys lists an item's posts by the beginning of their keys; see bot.ShipStore.
func (q queries) PostKeys(ctx context.Context, b bot.BoardID, item bot.ItemID, prefix string) ([]string, error) {
	var keys []string
	err := q.rows(ctx, &keys, `select key from posts where board_id = $1 and item_id = $2 and starts_with(key, $3) order by key`, b, item, prefix)
	return keys, err
}
