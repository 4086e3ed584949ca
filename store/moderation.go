package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// ItemText reads all that people read of an item; see bot.ModerationStore.
func (q queries) ItemText(ctx context.Context, b bot.BoardID, item bot.ItemID) (bot.ItemText, error) {
	text := bot.ItemText{Quotes: map[bot.EvidenceID]string{}, Edits: map[int64]string{}}
	if err := q.row(ctx, &text, `select title, body, team_title, team_body from items where board_id = $1 and item_id = $2`, b, item); err != nil {
		return text, err
	}
	var quotes []struct {
		EvidenceID bot.EvidenceID `db:"evidence_id"`
		Quote      string
	}
	if err := q.rows(ctx, &quotes, `select evidence_id, quote from evidence where board_id = $1 and item_id = $2 and quote <> ''`, b, item); err != nil {
		return text, fmt.Errorf("quotes: %w", err)
	}
	for _, r := range quotes {
		text.Quotes[r.EvidenceID] = r.Quote
	}
	var edits []struct {
		EntryID int64 `db:"entry_id"`
		Data    string
	}
	err := q.rows(ctx, &edits, `
		select entry_id, data::text as data from history
		 where board_id = $1 and item_id = $2 and data <> '{}' and (data ? 'title' or data ? 'body' or data ? 'words')`, b, item)
	for _, r := range edits {
		text.Edits[r.EntryID] = r.Data
	}
	return text, err
}

// SaveItemText writes an item's text back.
func (q queries) SaveItemText(ctx context.Context, b bot.BoardID, item bot.ItemID, text bot.ItemText) error {
	if _, err := q.exec(ctx, `update items set title = $3, body = $4, team_title = $5, team_body = $6 where board_id = $1 and item_id = $2`,
		b, item, text.Title, text.Body, text.TeamTitle, text.TeamBody); err != nil {
		return fmt.Errorf("text of an item: %w", err)
	}
	var ids []int64
	var words []string
	for id, w := range text.Quotes {
		ids, words = append(ids, int64(id)), append(words, w)
	}
	if _, err := q.exec(ctx, `
		update evidence e set quote = t.quote from unnest($3::bigint[], $4::text[]) t (id, quote)
		 where e.board_id = $1 and e.item_id = $2 and e.evidence_id = t.id and e.quote = ''`, b, item, pq.Array(ids), pq.Array(words)); err != nil {
		return fmt.Errorf("quotes of an item: %w", err)
	}
	var entries []int64
	var data []string
	for id, d := range text.Edits {
		entries, data = append(entries, id), append(data, d)
	}
	_, err := q.exec(ctx, `
		update history h set data = t.data::jsonb from unnest($3::bigint[], $4::text[]) t (id, data)
		 where h.board_id = $1 and h.item_id = $2 and h.entry_id = t.id`, b, item, pq.Array(entries), pq.Array(data))
	return err
}

// HideItem marks an item hidden; see bot.ModerationStore.
func (q queries) HideItem(ctx context.Context, b bot.BoardID, item bot.ItemID, h bot.Hiding) error {
	if _, err := q.exec(ctx, `
		update items set hidden_at = $3, hidden_reason = $4, hidden_by = $5, sealed_text = $6,
		       title = case when $6::bytea is null then title else 'Hidden' end, body = case when $6::bytea is null then body else '' end,
		       team_title = case when $6::bytea is null then team_title else '' end, team_body = case when $6::bytea is null then team_body else '' end
		 where board_id = $1 and item_id = $2`, b, item, h.At, h.Reason, null(h.By), h.Sealed); err != nil {
		return fmt.Errorf("hide item: %w", err)
	}
	if h.Sealed == nil {
		return nil
	}
	if _, err := q.exec(ctx, `update evidence set quote = '' where board_id = $1 and item_id = $2`, b, item); err != nil {
		return fmt.Errorf("wipe quotes: %w", err)
	}
	if _, err := q.exec(ctx, `update held set `+wiped+` where board_id = $1 and item_id = $2 and settled_at is not null`, b, item); err != nil {
		return fmt.Errorf("wipe held words: %w", err)
	}
	_, err := q.exec(ctx, `
		update history set data = '{}' where board_id = $1 and item_id = $2 and (data ? 'title' or data ? 'body' or data ? 'words')`, b, item)
	return err
}

// Hiding reads what is kept of a hidden item.
func (q queries) Hiding(ctx context.Context, b bot.BoardID, item bot.ItemID) (bot.Hiding, error) {
	var r struct {
		HiddenAt     sql.NullTime  `db:"hidden_at"`
		HiddenReason string        `db:"hidden_reason"`
		HiddenBy     sql.NullInt64 `db:"hidden_by"`
		SealedText   []byte        `db:"sealed_text"`
	}
	err := q.row(ctx, &r, `select hidden_at, hidden_reason, hidden_by, sealed_text from items where board_id = $1 and item_id = $2`, b, item)
	return bot.Hiding{Reason: r.HiddenReason, By: bot.MemberID(r.HiddenBy.Int64), At: r.HiddenAt.Time, Sealed: r.SealedText}, err
}

// UnhideItem forgets the hiding.
func (q queries) UnhideItem(ctx context.Context, b bot.BoardID, item bot.ItemID) error {
	_, err := q.exec(ctx, `
		update items set hidden_at = null, hidden_reason = '', hidden_by = null, sealed_text = null where board_id = $1 and item_id = $2`, b, item)
	return err
}

// Block keeps a member from giving feedback.
func (q queries) Block(ctx context.Context, b bot.BoardID, m bot.MemberID, until time.Time, reason string, by bot.MemberID, now time.Time) error {
	_, err := q.exec(ctx, `
		insert into blocks (board_id, member_id, until_at, reason, blocked_by, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (board_id, member_id) do update
		   set until_at = excluded.until_at, reason = excluded.reason, blocked_by = excluded.blocked_by, at = excluded.at`,
		b, m, until, reason, null(by), now)
	return err
}

// Unblock ends it; see bot.ModerationStore.
func (q queries) Unblock(ctx context.Context, b bot.BoardID, m bot.MemberID, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `
		delete from blocks x using members k, members me
		 where me.board_id = $1 and me.member_id = $2 and k.board_id = $1 and k.person_id = me.person_id
		   and x.board_id = $1 and x.member_id = k.member_id and x.until_at > $3`, b, m, now)
	return n > 0, err
}

// TriageQueue lists what waits for a decision; see bot.ModerationStore.
func (q queries) TriageQueue(ctx context.Context, b bot.BoardID, p bot.Page) ([]bot.TriageItem, int, error) {
	const waiting = ` from items i
		 where i.board_id = $1 and i.merged_into is null and i.hidden_at is null and i.gone_at is null
		   and (i.triage or i.status = 'new')`
	var all int
	if err := q.row(ctx, &all, `select count(*)`+waiting, b); err != nil {
		return nil, 0, fmt.Errorf("count triage: %w", err)
	}
	var rs []itemRow
	err := q.rows(ctx, &rs, `select `+itemColumns+waiting+`
		 order by i.maybe_same is null, not i.triage, i.created_at, i.item_id limit $2 offset $3`, b, p.Limit, p.Offset)
	if err != nil {
		return nil, 0, fmt.Errorf("triage: %w", err)
	}
	out := make([]bot.TriageItem, len(rs))
	for i, r := range rs {
		out[i].Item = r.item()
		if r.MaybeSame.Valid {
			if out[i].Same, err = q.Item(ctx, b, bot.ItemID(r.MaybeSame.Int64)); err != nil {
				return nil, 0, fmt.Errorf("maybe the same: %w", err)
			}
		}
	}
	return out, all, nil
}

// HeldForReview lists words that wait for a moderator.
func (q queries) HeldForReview(ctx context.Context, b bot.BoardID, p bot.Page) ([]bot.Held, int, error) {
	var all int
	if err := q.row(ctx, &all, `select count(*) from held where board_id = $1 and why = 'review' and settled_at is null`, b); err != nil {
		return nil, 0, fmt.Errorf("count held: %w", err)
	}
	out, err := q.manyHeld(ctx, `where h.board_id = $1 and h.why = 'review' and h.settled_at is null order by h.created_at, h.held_id limit $2 offset $3`, b, p.Limit, p.Offset)
	return out, all, err
}
