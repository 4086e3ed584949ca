package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"heed/bot"
)

// AddHistory appends an entry; see bot.HistoryStore.
func (q queries) AddHistory(ctx context.Context, b bot.BoardID, e bot.Entry) (int64, error) {
	data, err := document(e.Data)
	if err != nil {
		return 0, fmt.Errorf("history data: %w", err)
	}
	var id int64
	err = q.row(ctx, &id, `
		insert into history (board_id, item_id, story_id, member_id, act, data, at) values ($1, $2, $3, $4, $5, $6, $7)
		returning entry_id`, b, null(e.Item), null(e.Story), null(e.Member), e.Act, data, e.At)
	return id, err
}

// document is v as JSON text; nil is the empty object.
func document(v any) (string, error) {
	if v == nil {
		return "{}", nil
	}
	data, err := json.Marshal(v)
	return string(data), err
}

type entryRow struct {
	EntryID  int64         `db:"entry_id"`
	ItemID   sql.NullInt64 `db:"item_id"`
	StoryID  sql.NullInt64 `db:"story_id"`
	MemberID sql.NullInt64 `db:"member_id"`
	Act      string
	Data     string
	At       time.Time
	UndoneAt sql.NullTime `db:"undone_at"`
}

const entryColumns = `entry_id, item_id, story_id, member_id, act, data::text as data, at, undone_at`

func (r entryRow) entry() bot.Entry {
	return bot.Entry{
		ID: r.EntryID, Item: bot.ItemID(r.ItemID.Int64), Story: bot.StoryID(r.StoryID.Int64), Member: bot.MemberID(r.MemberID.Int64),
		Act: r.Act, Data: json.RawMessage(r.Data), At: r.At, UndoneAt: r.UndoneAt.Time,
	}
}

// History lists an item's entries, newest first.
func (q queries) History(ctx context.Context, b bot.BoardID, item bot.ItemID, limit int) ([]bot.Entry, error) {
	var rs []entryRow
	err := q.rows(ctx, &rs, `
		select `+entryColumns+` from history where board_id = $1 and item_id = $2 order by at desc, entry_id desc limit $3`, b, item, limit)
	out := make([]bot.Entry, len(rs))
	for i, r := range rs {
		out[i] = r.entry()
	}
	return out, err
}

// Entry reads one entry.
func (q queries) Entry(ctx context.Context, b bot.BoardID, id int64) (bot.Entry, error) {
	var r entryRow
	err := q.row(ctx, &r, `select `+entryColumns+` from history where board_id = $1 and entry_id = $2`, b, id)
	return r.entry(), err
}

// Decisions lists what was decided about words and people; see bot.HistoryStore. It
// leans on history_decisions.
func (q queries) Decisions(ctx context.Context, b bot.BoardID, p bot.Page) ([]bot.Entry, int, error) {
	const which = ` from history where board_id = $1 and act in ('let_in', 'kept_out', 'hidden', 'unhidden', 'blocked', 'unblocked')`
	var all int
	if err := q.row(ctx, &all, `select count(*)`+which, b); err != nil {
		return nil, 0, fmt.Errorf("count decisions: %w", err)
	}
	var rs []entryRow
	err := q.rows(ctx, &rs, `select `+entryColumns+which+` order by at desc, entry_id desc limit $2 offset $3`, b, p.Limit, p.Offset)
	out := make([]bot.Entry, len(rs))
	for i, r := range rs {
		out[i] = r.entry()
	}
	return out, all, err
}

// UndoEntry marks an entry undone.
func (q queries) UndoEntry(ctx context.Context, b bot.BoardID, id int64, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `update history set undone_at = $3 where board_id = $1 and entry_id = $2 and undone_at is null`, b, id, now)
	return n == 1, err
}
