package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// HoldWorkspace keeps a workspace on its board; see bot.LinkStore. Others may hold it too,
// and write to its row; who takes it away waits.
func (q queries) HoldWorkspace(ctx context.Context, b bot.BoardID, w bot.WorkspaceID) error {
	var one int
	return q.row(ctx, &one, `select 1 from workspaces where board_id = $1 and workspace_id = $2 and state <> 'left' for key share`, b, w)
}

// NewLinkCode keeps a code; see bot.LinkStore.
func (q queries) NewLinkCode(ctx context.Context, c bot.LinkCode, hash []byte, now time.Time) error {
	if _, err := q.exec(ctx, `
		delete from link_codes where board_id = $1 and member_id = $2 and kind = $3 and used_at is null`, c.Board, c.Member, string(c.Kind)); err != nil {
		return fmt.Errorf("end earlier codes: %w", err)
	}
	_, err := q.exec(ctx, `
		insert into link_codes (board_id, code_hash, kind, member_id, expires_at, created_at) values ($1, $2, $3, $4, $5, $6)`,
		c.Board, hash, string(c.Kind), c.Member, c.ExpiresAt, now)
	return err
}

const linkCodeColumns = `c.board_id, c.code_id, c.kind, c.member_id, c.expires_at`

type linkCodeRow struct {
	BoardID   bot.BoardID `db:"board_id"`
	CodeID    int64       `db:"code_id"`
	Kind      bot.LinkKind
	MemberID  bot.MemberID `db:"member_id"`
	ExpiresAt time.Time    `db:"expires_at"`
}

func (r linkCodeRow) code() bot.LinkCode {
	return bot.LinkCode{Board: r.BoardID, ID: r.CodeID, Kind: r.Kind, Member: r.MemberID, ExpiresAt: r.ExpiresAt}
}

// ShowLinkCode finds a code by its hash; see bot.LinkStore. It leans on link_codes_hash.
func (q queries) ShowLinkCode(ctx context.Context, hash []byte, w bot.Workspace, m bot.MemberID, now time.Time) (bot.LinkCode, error) {
	var r linkCodeRow
	err := q.row(ctx, &r, `
		update link_codes c set shown_workspace = $2, shown_member = $3
		 where c.code_hash = $1 and c.used_at is null and c.expires_at > $4
		returning `+linkCodeColumns, hash, w.ID, m, now)
	return r.code(), err
}

// UseLinkCode uses a code up; see bot.LinkStore. Of two at once the second waits for the
// first and then finds it used.
func (q queries) UseLinkCode(ctx context.Context, id int64, w bot.Workspace, m bot.MemberID, now time.Time) (bot.LinkCode, error) {
	var r linkCodeRow
	err := q.row(ctx, &r, `
		update link_codes c set used_at = $4
		 where c.code_id = $1 and c.shown_workspace = $2 and c.shown_member = $3 and c.used_at is null and c.expires_at > $4
		returning `+linkCodeColumns, id, w.ID, m, now)
	return r.code(), err
}

// NoteLinkMiss remembers a wrong code; see bot.LinkStore.
func (q queries) NoteLinkMiss(ctx context.Context, w bot.Workspace, m bot.MemberID, now time.Time) error {
	_, err := q.exec(ctx, `insert into link_misses (board_id, member_id, workspace_id, at) values ($1, $2, $3, $4)`, w.Board, m, w.ID, now)
	return err
}

// LinkMisses counts wrong codes; see bot.LinkStore. The lock keeps a hundred tries at
// once from all being the first.
func (q queries) LinkMisses(ctx context.Context, w bot.Workspace, m bot.MemberID, since time.Time) (bot.Misses, error) {
	if _, err := q.exec(ctx, `select pg_advisory_xact_lock(hashtextextended('heed link codes', 0))`); err != nil {
		return bot.Misses{}, fmt.Errorf("lock the misses: %w", err)
	}
	var r bot.Misses
	err := q.row(ctx, &r, `
		select count(*) filter (where board_id = $1 and member_id = $2) as member,
		       count(*) filter (where workspace_id = $3) as workspace,
		       count(*) as "all"
		  from link_misses where at >= $4`, w.Board, m, w.ID, since)
	return r, err
}

// UniteNotices moves what waits from one person to another; see bot.LinkStore.
func (q queries) UniteNotices(ctx context.Context, b bot.BoardID, from, to bot.PersonID) error {
	if _, err := q.exec(ctx, `
		update notices n set person_id = $3
		 where n.board_id = $1 and n.person_id = $2 and n.post_id is null and n.dropped_at is null
		   and not exists (select from notices x where x.board_id = $1 and x.person_id = $3 and x.kind = n.kind and x.item_id = n.item_id and x.subject = n.subject)`,
		b, from, to); err != nil {
		return fmt.Errorf("move notices: %w", err)
	}
	_, err := q.exec(ctx, `delete from notices where board_id = $1 and person_id = $2 and post_id is null and dropped_at is null`, b, from)
	return err
}

// MembersElsewhere finds accounts by their ids on other boards; see bot.LinkStore.
func (q queries) MembersElsewhere(ctx context.Context, b bot.BoardID, ids []bot.MemberID) ([]bot.Member, error) {
	raw := make([]int64, len(ids))
	for i, id := range ids {
		raw[i] = int64(id)
	}
	var rs []memberRow
	err := q.rows(ctx, &rs, `
		select `+memberColumns+`
		  from boards o join members m on m.board_id = o.board_id and m.member_id = any($2::bigint[])
		 where o.board_id <> $1 order by m.board_id, m.member_id`, b, pq.Array(raw))
	out := make([]bot.Member, len(rs))
	for i, r := range rs {
		out[i] = r.member()
	}
	return out, err
}
