package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/bot"
)

const heldColumns = `h.board_id, h.held_id, h.member_id, h.source_key, h.why, h.words, h.data::text as data, h.until_at, h.settled_at, h.settled_by, h.reason, h.item_id, h.created_at`

type heldRow struct {
	BoardID   bot.BoardID  `db:"board_id"`
	HeldID    bot.HeldID   `db:"held_id"`
	MemberID  bot.MemberID `db:"member_id"`
	SourceKey string       `db:"source_key"`
	Why       bot.HeldWhy
	Words     string
	Data      string
	UntilAt   time.Time     `db:"until_at"`
	SettledAt sql.NullTime  `db:"settled_at"`
	SettledBy sql.NullInt64 `db:"settled_by"`
	Reason    string
	ItemID    sql.NullInt64 `db:"item_id"`
	CreatedAt time.Time     `db:"created_at"`
}

func (r heldRow) held() (bot.Held, error) {
	h := bot.Held{
		Board: r.BoardID, ID: r.HeldID, Member: r.MemberID, Key: r.SourceKey, Why: r.Why, Words: r.Words, Until: r.UntilAt,
		SettledAt: r.SettledAt.Time, SettledBy: bot.MemberID(r.SettledBy.Int64), Reason: r.Reason, Item: bot.ItemID(r.ItemID.Int64), CreatedAt: r.CreatedAt,
	}
	if err := json.Unmarshal([]byte(r.Data), &h.Wish); err != nil {
		return h, fmt.Errorf("held data: %w", err)
	}
	return h, nil
}

func (q queries) oneHeld(ctx context.Context, query string, args ...any) (bot.Held, error) {
	var r heldRow
	if err := q.row(ctx, &r, `select `+heldColumns+` from held h `+query, args...); err != nil {
		return bot.Held{}, err
	}
	return r.held()
}

func (q queries) manyHeld(ctx context.Context, query string, args ...any) ([]bot.Held, error) {
	var rs []heldRow
	if err := q.rows(ctx, &rs, `select `+heldColumns+` from held h `+query, args...); err != nil {
		return nil, err
	}
	out := make([]bot.Held, len(rs))
	for i, r := range rs {
		var err error
		if out[i], err = r.held(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Hold keeps words that wait; see bot.HeldStore.
func (q queries) Hold(ctx context.Context, h bot.Held) (bot.Held, bool, error) {
	data, err := document(h.Wish)
	if err != nil {
		return h, false, fmt.Errorf("held data: %w", err)
	}
	var id bot.HeldID
	err = q.row(ctx, &id, `
		insert into held (board_id, member_id, source_key, why, words, data, until_at, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (board_id, source_key) do nothing
		returning held_id`, h.Board, h.Member, h.Key, h.Why, h.Words, data, h.Until, h.CreatedAt)
	if errors.Is(err, bot.ErrNotFound) {
		there, err := q.HeldByKey(ctx, h.Board, h.Key)
		return there, false, err
	}
	if err != nil {
		return h, false, fmt.Errorf("hold: %w", err)
	}
	h.ID = id
	return h, true, nil
}

// Held reads words that wait or waited.
func (q queries) Held(ctx context.Context, b bot.BoardID, id bot.HeldID) (bot.Held, error) {
	return q.oneHeld(ctx, `where h.board_id = $1 and h.held_id = $2`, b, id)
}

// HeldByKey finds words by the act they came from.
func (q queries) HeldByKey(ctx context.Context, b bot.BoardID, key string) (bot.Held, error) {
	return q.oneHeld(ctx, `where h.board_id = $1 and h.source_key = $2`+confirm, b, key)
}

// LockHeld reads words and locks them.
func (q queries) LockHeld(ctx context.Context, b bot.BoardID, id bot.HeldID) (bot.Held, error) {
	return q.oneHeld(ctx, `where h.board_id = $1 and h.held_id = $2 for update`, b, id)
}

// SaveHeld writes what became known of words that wait.
func (q queries) SaveHeld(ctx context.Context, h bot.Held) error {
	data, err := document(h.Wish)
	if err != nil {
		return fmt.Errorf("held data: %w", err)
	}
	n, err := q.exec(ctx, `update held set why = $3, words = $4, data = $5, until_at = $6 where board_id = $1 and held_id = $2`,
		h.Board, h.ID, h.Why, h.Words, data, h.Until)
	if err == nil && n == 0 {
		return bot.ErrNotFound
	}
	return err
}

// wiped is what is left of words that nobody needs any more.
const wiped = `words = '', data = data - 'title' - 'review'`

// SettleHeld ends the wait of words and wipes them.
func (q queries) SettleHeld(ctx context.Context, b bot.BoardID, id bot.HeldID, item bot.ItemID, now time.Time) error {
	_, err := q.exec(ctx, `
		update held set settled_at = $4, item_id = $3, `+wiped+`
		 where board_id = $1 and held_id = $2`, b, id, null(item), now)
	return err
}

// DecideHeld ends the wait of words by a moderator's word; see bot.HeldStore.
func (q queries) DecideHeld(ctx context.Context, b bot.BoardID, id bot.HeldID, by bot.MemberID, item bot.ItemID, reason string, until, now time.Time) error {
	_, err := q.exec(ctx, `
		update held set settled_at = $7, settled_by = $3, item_id = $4, reason = $5, until_at = $6
		 where board_id = $1 and held_id = $2`, b, id, null(by), null(item), reason, until, now)
	return err
}

// ReopenHeld makes decided words wait again.
func (q queries) ReopenHeld(ctx context.Context, b bot.BoardID, id bot.HeldID, until time.Time) error {
	_, err := q.exec(ctx, `
		update held set settled_at = null, settled_by = null, item_id = null, reason = '', until_at = $3
		 where board_id = $1 and held_id = $2`, b, id, until)
	return err
}

// HiddenOf lists a person's hidden words; see bot.HeldStore.
func (q queries) HiddenOf(ctx context.Context, b bot.BoardID, p bot.PersonID, limit int) ([]bot.Held, error) {
	return q.manyHeld(ctx, `join members m on m.board_id = h.board_id and m.member_id = h.member_id
		where h.board_id = $1 and m.person_id = $2 and h.settled_at is not null and h.item_id is null and h.words <> ''
		order by h.settled_at desc, h.held_id desc limit $3`, b, p, limit)
}

// HeldOf lists what waits of a person; see bot.HeldStore.
func (q queries) HeldOf(ctx context.Context, b bot.BoardID, p bot.PersonID, limit int) ([]bot.Held, error) {
	return q.manyHeld(ctx, `join members m on m.board_id = h.board_id and m.member_id = h.member_id
		where h.board_id = $1 and m.person_id = $2 and h.settled_at is null and h.why <> 'saving'
		order by h.created_at desc, h.held_id desc limit $3`, b, p, limit)
}

// HeldDue lists what has waited long enough; see bot.HeldStore. It leans on held_due.
func (q queries) HeldDue(ctx context.Context, now time.Time, limit int) ([]bot.Held, error) {
	return q.manyHeld(ctx, `where h.settled_at is null and h.until_at <= $1 order by h.until_at limit $2`, now, limit)
}
