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

const itemColumns = `i.board_id, i.item_id, i.number, i.title, i.body, i.status, i.reason, i.later, i.audience, i.merged_into, i.root_id,
	coalesce((select r.votes from items r where r.board_id = i.board_id and r.item_id = i.root_id), 0) as votes,
	i.version, i.author_id, i.triage, i.maybe_same, i.asked_workspace, i.asked_channel,
	i.pictures, i.created_at, i.status_at, i.hidden_at, i.gone_at, i.shared_at, i.team_title, i.team_body, i.team_reason,
	array(select t.tag from item_tags t where t.board_id = i.board_id and t.item_id = i.item_id order by t.tag) as tags`

type itemRow struct {
	BoardID        bot.BoardID `db:"board_id"`
	ItemID         bot.ItemID  `db:"item_id"`
	Number         int
	Title          string
	Body           string
	Status         bot.Status
	Reason         string
	Later          bool
	Audience       bot.Audience
	MergedInto     sql.NullInt64 `db:"merged_into"`
	RootID         bot.ItemID    `db:"root_id"`
	Votes          int
	Version        int64
	AuthorID       sql.NullInt64 `db:"author_id"`
	Triage         bool
	MaybeSame      sql.NullInt64 `db:"maybe_same"`
	AskedWorkspace sql.NullInt64 `db:"asked_workspace"`
	AskedChannel   string        `db:"asked_channel"`
	Pictures       int
	CreatedAt      time.Time    `db:"created_at"`
	StatusAt       time.Time    `db:"status_at"`
	HiddenAt       sql.NullTime `db:"hidden_at"`
	GoneAt         sql.NullTime `db:"gone_at"`
	SharedAt       sql.NullTime `db:"shared_at"`
	TeamTitle      string       `db:"team_title"`
	TeamBody       string       `db:"team_body"`
	TeamReason     string       `db:"team_reason"`
	Tags           pq.StringArray
}

func (r itemRow) item() bot.Item {
	return bot.Item{
		Board: r.BoardID, ID: r.ItemID, Number: r.Number, Title: r.Title, Body: r.Body, Status: r.Status, Reason: r.Reason,
		Later: r.Later, Audience: r.Audience, Into: bot.ItemID(r.MergedInto.Int64), Root: r.RootID, Votes: r.Votes,
		Version: r.Version, Author: bot.MemberID(r.AuthorID.Int64), Triage: r.Triage,
		MaybeSame: bot.ItemID(r.MaybeSame.Int64), AskedIn: bot.ChannelAt{Workspace: bot.WorkspaceID(r.AskedWorkspace.Int64), Ref: r.AskedChannel},
		Pictures: r.Pictures, Tags: r.Tags, CreatedAt: r.CreatedAt, StatusAt: r.StatusAt, HiddenAt: r.HiddenAt.Time, GoneAt: r.GoneAt.Time,
		SharedAt: r.SharedAt.Time, TeamTitle: r.TeamTitle, TeamBody: r.TeamBody, TeamReason: r.TeamReason,
	}
}

// Item reads an item.
func (q queries) Item(ctx context.Context, b bot.BoardID, id bot.ItemID) (bot.Item, error) {
	var r itemRow
	err := q.row(ctx, &r, `select `+itemColumns+` from items i where i.board_id = $1 and i.item_id = $2`, b, id)
	return r.item(), err
}

// ItemByNumber reads an item by its number.
func (q queries) ItemByNumber(ctx context.Context, b bot.BoardID, number int) (bot.Item, error) {
	var r itemRow
	err := q.row(ctx, &r, `select `+itemColumns+` from items i where i.board_id = $1 and i.number = $2`, b, number)
	return r.item(), err
}

// itemsByID reads items by id, in no order.
func (q queries) itemsByID(ctx context.Context, b bot.BoardID, ids []int64) ([]bot.Item, error) {
	var rs []itemRow
	err := q.rows(ctx, &rs, `select `+itemColumns+` from items i where i.board_id = $1 and i.item_id = any($2::bigint[])`, b, pq.Array(ids))
	out := make([]bot.Item, len(rs))
	for i, r := range rs {
		out[i] = r.item()
	}
	return out, err
}

// AddItem inserts an item; see bot.ItemStore. The board's row is locked for its
// number only when the item is new.
func (q queries) AddItem(ctx context.Context, it bot.Item, sourceKey string) (bot.Item, bool, error) {
	var id int64
	err := q.row(ctx, &id, `select item_id from items where board_id = $1 and source_key = $2`+confirm, it.Board, sourceKey)
	if err == nil {
		there, err := q.Item(ctx, it.Board, bot.ItemID(id))
		return there, false, err
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return it, false, err
	}
	err = q.row(ctx, &id, `
		with n as (
		  update boards set next_number = next_number + 1 where board_id = $1 returning next_number - 1 as number),
		fresh as (select nextval(pg_get_serial_sequence('items', 'item_id')) as id)
		insert into items (board_id, item_id, number, source_key, title, body, status, audience, root_id, author_id, triage, maybe_same,
		                   asked_workspace, asked_channel, pictures, created_at, status_at)
		select $1, fresh.id, n.number, $2, $3, $4, $5, $6, fresh.id, $7, $8, $9, $10, $11, $12, $13, $13
		  from n, fresh
		on conflict (board_id, source_key) do nothing
		returning item_id`,
		it.Board, sourceKey, it.Title, it.Body, it.Status, it.Audience, null(it.Author), it.Triage, null(it.MaybeSame),
		null(it.AskedIn.Workspace), it.AskedIn.Ref, it.Pictures, it.CreatedAt)
	fresh := true
	if errors.Is(err, bot.ErrNotFound) { // the same act at the same instant was first
		fresh = false
		err = q.row(ctx, &id, `select item_id from items where board_id = $1 and source_key = $2`+confirm, it.Board, sourceKey)
	}
	if err != nil {
		return it, false, fmt.Errorf("add item: %w", err)
	}
	if fresh {
		if err := q.saveTags(ctx, it.Board, bot.ItemID(id), it.Tags, it.CreatedAt); err != nil {
			return it, false, err
		}
	}
	there, err := q.Item(ctx, it.Board, bot.ItemID(id))
	return there, fresh, err
}

// LockItems locks items with their roots; see bot.ItemStore. Roots come first, each
// in key order: who holds a root holds all that is merged into it.
func (q queries) LockItems(ctx context.Context, b bot.BoardID, ids ...bot.ItemID) (map[bot.ItemID]bot.Item, error) {
	raw := make([]int64, len(ids))
	for i, id := range ids {
		raw[i] = int64(id)
	}
	// A merge may move a root between the reading of it and the lock: look again until it stands still.
	for {
		var roots []int64
		if err := q.rows(ctx, &roots, `select distinct root_id from items where board_id = $1 and item_id = any($2::bigint[])`, b, pq.Array(raw)); err != nil {
			return nil, fmt.Errorf("roots: %w", err)
		}
		if _, err := q.exec(ctx, `
			select from items where board_id = $1 and item_id = any($2::bigint[] || $3::bigint[])
			 order by item_id <> root_id, item_id for update`,
			b, pq.Array(raw), pq.Array(roots)); err != nil {
			return nil, fmt.Errorf("lock items: %w", err)
		}
		items, err := q.itemsByID(ctx, b, raw)
		if err != nil {
			return nil, fmt.Errorf("locked items: %w", err)
		}
		out := make(map[bot.ItemID]bot.Item, len(items))
		still := true
		for _, it := range items {
			out[it.ID] = it
			still = still && contains(roots, int64(it.Root))
		}
		if still {
			return out, nil
		}
	}
}

func contains(ids []int64, id int64) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// SaveItem writes what was decided about an item; see bot.ItemStore.
func (q queries) SaveItem(ctx context.Context, it bot.Item, by bot.MemberID) error {
	if it.ReadBy != "" {
		return errReading
	}
	n, err := q.exec(ctx, `
		update items
		   set title = $3, body = $4, reason = $6, later = $7, audience = $8, author_id = $9, triage = $10, maybe_same = $11,
		       hidden_at = $12, gone_at = $13, status_at = $14,
		       shared_at = $16, team_title = $17, team_body = $18, team_reason = $19,
		       status_by = case when status <> $5 then $15 else status_by end,
		       status = $5
		 where board_id = $1 and item_id = $2`,
		it.Board, it.ID, it.Title, it.Body, it.Status, it.Reason, it.Later, it.Audience, null(it.Author), it.Triage, null(it.MaybeSame),
		nullTime(it.HiddenAt), nullTime(it.GoneAt), it.StatusAt, null(by), nullTime(it.SharedAt), it.TeamTitle, it.TeamBody, it.TeamReason)
	if err != nil {
		return fmt.Errorf("save item: %w", err)
	}
	if n == 0 {
		return bot.ErrNotFound
	}
	return q.saveTags(ctx, it.Board, it.ID, it.Tags, it.StatusAt)
}

// errReading guards the words for everyone: an item as the team reads it is not kept.
var errReading = errors.New("an item as somebody reads it can't be saved")

func (q queries) saveTags(ctx context.Context, b bot.BoardID, id bot.ItemID, tags []string, at time.Time) error {
	if _, err := q.exec(ctx, `delete from item_tags where board_id = $1 and item_id = $2 and tag <> all($3::text[])`,
		b, id, pq.Array(append([]string{}, tags...))); err != nil {
		return fmt.Errorf("drop tags: %w", err)
	}
	if len(tags) == 0 {
		return nil
	}
	_, err := q.exec(ctx, `
		insert into item_tags (board_id, item_id, tag, at) select $1, $2, t, $4 from unnest($3::text[]) t
		on conflict (board_id, item_id, tag) do nothing`, b, id, pq.Array(tags), at)
	if err != nil {
		return fmt.Errorf("add tags: %w", err)
	}
	return nil
}

// nullTime makes the zero time a null.
func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }
