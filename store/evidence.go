package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/bot"
)

const evidenceColumns = `e.evidence_id, e.item_id, e.kind, e.member_id, coalesce(m.name, '') as name, e.saved_by, e.quote, e.audience,
	e.permalink, e.workspace_id, e.channel_ref, e.message_ref, e.thread_ref, e.pictures, e.created_at, e.removed_at`

const evidenceFrom = ` from evidence e left join members m on m.board_id = e.board_id and m.member_id = e.member_id `

type evidenceRow struct {
	EvidenceID  bot.EvidenceID `db:"evidence_id"`
	ItemID      bot.ItemID     `db:"item_id"`
	Kind        bot.EvidenceKind
	MemberID    sql.NullInt64 `db:"member_id"`
	Name        string
	SavedBy     sql.NullInt64 `db:"saved_by"`
	Quote       string
	Audience    bot.Audience
	Permalink   string
	WorkspaceID sql.NullInt64 `db:"workspace_id"`
	ChannelRef  string        `db:"channel_ref"`
	MessageRef  string        `db:"message_ref"`
	ThreadRef   string        `db:"thread_ref"`
	Pictures    int
	CreatedAt   time.Time    `db:"created_at"`
	RemovedAt   sql.NullTime `db:"removed_at"`
	Total       int
}

func (r evidenceRow) evidence() bot.Evidence {
	return bot.Evidence{
		ID: r.EvidenceID, Item: r.ItemID, Kind: r.Kind, Member: bot.MemberID(r.MemberID.Int64), Name: r.Name,
		SavedBy: bot.MemberID(r.SavedBy.Int64), Quote: r.Quote, Audience: r.Audience, Permalink: r.Permalink,
		At:      bot.ChannelAt{Workspace: bot.WorkspaceID(r.WorkspaceID.Int64), Ref: r.ChannelRef},
		Message: r.MessageRef, Thread: r.ThreadRef, Pictures: r.Pictures, CreatedAt: r.CreatedAt, RemovedAt: r.RemovedAt.Time,
	}
}

func quotes(rs []evidenceRow) ([]bot.Evidence, int) {
	out := make([]bot.Evidence, len(rs))
	total := 0
	for i, r := range rs {
		out[i], total = r.evidence(), r.Total
	}
	return out, total
}

// AddEvidence keeps a quote; see bot.EvidenceStore. A message whose quote was
// removed may be kept again: its row is taken up anew.
func (q queries) AddEvidence(ctx context.Context, b bot.BoardID, e bot.Evidence) (bot.Evidence, bool, error) {
	var id bot.EvidenceID
	err := q.row(ctx, &id, `
		insert into evidence as e (board_id, item_id, kind, member_id, saved_by, quote, audience, permalink, workspace_id, channel_ref,
		                           message_ref, thread_ref, pictures, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (board_id, workspace_id, channel_ref, message_ref) where message_ref <> '' do update
		   set item_id = excluded.item_id, kind = excluded.kind, member_id = excluded.member_id, saved_by = excluded.saved_by,
		       quote = excluded.quote, audience = excluded.audience, permalink = excluded.permalink,
		       created_at = excluded.created_at, removed_at = null
		 where e.removed_at is not null
		returning evidence_id`,
		b, e.Item, e.Kind, null(e.Member), null(e.SavedBy), e.Quote, e.Audience, e.Permalink, null(e.At.Workspace), e.At.Ref,
		e.Message, e.Thread, e.Pictures, e.CreatedAt)
	if errors.Is(err, bot.ErrNotFound) { // it is evidence already
		there, err := q.EvidenceByMessage(ctx, b, e.At, e.Message)
		return there, false, err
	}
	if err != nil {
		return e, false, fmt.Errorf("add evidence: %w", err)
	}
	e, err = q.Evidence(ctx, b, id)
	return e, true, err
}

// Evidence reads a quote.
func (q queries) Evidence(ctx context.Context, b bot.BoardID, id bot.EvidenceID) (bot.Evidence, error) {
	var r evidenceRow
	err := q.row(ctx, &r, `select `+evidenceColumns+evidenceFrom+`where e.board_id = $1 and e.evidence_id = $2`, b, id)
	return r.evidence(), err
}

// EvidenceByMessage finds the quote that is a message; see bot.EvidenceStore.
func (q queries) EvidenceByMessage(ctx context.Context, b bot.BoardID, at bot.ChannelAt, message string) (bot.Evidence, error) {
	var r evidenceRow
	err := q.row(ctx, &r, `select `+evidenceColumns+evidenceFrom+`
		where e.board_id = $1 and e.workspace_id = $2 and e.channel_ref = $3 and e.message_ref = $4 and e.message_ref <> '' and e.removed_at is null`,
		b, at.Workspace, at.Ref, message)
	return r.evidence(), err
}

// EvidenceFor lists the quotes of an item; see bot.EvidenceStore. What hangs on a
// merged item is as closed as that item.
func (q queries) EvidenceFor(ctx context.Context, b bot.BoardID, root bot.ItemID, a bot.Audience, limit, offset int) ([]bot.Evidence, int, error) {
	var rs []evidenceRow
	err := q.rows(ctx, &rs, `select `+evidenceColumns+`, count(*) over () as total`+evidenceFrom+`
		join items i on i.board_id = e.board_id and i.item_id = e.item_id
		where e.board_id = $1 and i.root_id = $2 and i.hidden_at is null and e.removed_at is null and e.quote <> ''
		  and ($3 = 'team' or e.audience = 'community' and i.audience = 'community' and (i.shared_at is null or e.created_at > i.shared_at))
		order by e.created_at desc, e.evidence_id desc limit $4 offset $5`, b, root, a, limit, offset)
	out, total := quotes(rs)
	return out, total, err
}

// SaveEvidence writes what was decided about a quote.
func (q queries) SaveEvidence(ctx context.Context, b bot.BoardID, e bot.Evidence) error {
	n, err := q.exec(ctx, `
		update evidence set item_id = $3, member_id = $4, quote = $5, audience = $6, permalink = $7
		 where board_id = $1 and evidence_id = $2`, b, e.ID, e.Item, null(e.Member), e.Quote, e.Audience, e.Permalink)
	if err == nil && n == 0 {
		return bot.ErrNotFound
	}
	return err
}

// RemoveEvidence takes a quote away.
func (q queries) RemoveEvidence(ctx context.Context, b bot.BoardID, id bot.EvidenceID, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `update evidence set removed_at = $3 where board_id = $1 and evidence_id = $2 and removed_at is null`, b, id, now)
	return n == 1, err
}

// SaidBy lists a person's quotes; see bot.ForgetStore.
func (q queries) SaidBy(ctx context.Context, b bot.BoardID, p bot.PersonID, limit int) ([]bot.Evidence, int, error) {
	var rs []evidenceRow
	err := q.rows(ctx, &rs, `select `+evidenceColumns+`, count(*) over () as total
		from evidence e join members m on m.board_id = e.board_id and m.member_id = e.member_id
		where e.board_id = $1 and m.person_id = $2 and e.removed_at is null
		order by e.created_at desc, e.evidence_id desc limit $3`, b, p, limit)
	out, total := quotes(rs)
	return out, total, err
}
