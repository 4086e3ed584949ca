package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"heed/bot"
)

// SaveBoard writes what was decided about a board.
func (q queries) SaveBoard(ctx context.Context, b bot.Board) error {
	settings, err := json.Marshal(b.Settings)
	if err != nil {
		return fmt.Errorf("board settings: %w", err)
	}
	n, err := q.exec(ctx, `update boards set name = $2, zone = $3, settings = $4 where board_id = $1`, b.ID, b.Name, b.Zone, string(settings))
	if err == nil && n == 0 {
		return bot.ErrNotFound
	}
	return err
}

// MarkWelcomed says that the first questions were asked; see bot.SetupStore.
func (q queries) MarkWelcomed(ctx context.Context, w bot.Workspace, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `update workspaces set welcomed_at = $3 where board_id = $1 and workspace_id = $2 and welcomed_at is null`, w.Board, w.ID, now)
	return n == 1, err
}

// UncardedItems lists items without a card; see bot.SetupStore.
func (q queries) UncardedItems(ctx context.Context, w bot.Workspace, limit int) ([]bot.Item, error) {
	var rs []itemRow
	err := q.rows(ctx, &rs, `
		select `+itemColumns+` from items i
		 where i.board_id = $1 and i.asked_workspace = $2 and i.merged_into is null and i.hidden_at is null and i.gone_at is null
		   and i.status not in ('shipped', 'declined')
		   and not exists (select from posts p where p.board_id = i.board_id and p.item_id = i.item_id and p.workspace_id = $2 and p.kind = 'card')
		 order by i.item_id desc limit $3`, w.Board, w.ID, limit)
	out := make([]bot.Item, len(rs))
	for i, r := range rs {
		out[i] = r.item()
	}
	return out, err
}

// TouchCards makes all cards of a channel due; see bot.SetupStore.
func (q queries) TouchCards(ctx context.Context, c bot.Channel, now time.Time) error {
	var ids []bot.ItemID
	err := q.rows(ctx, &ids, `
		select p.item_id from posts p
		 where p.board_id = $1 and p.workspace_id = $2 and p.channel_ref = $3 and p.kind = 'card' and p.gone_at is null`, c.Board, c.Workspace, c.Ref)
	if err != nil || len(ids) == 0 {
		return err
	}
	return q.touchAll(ctx, c.Board, ids, now)
}

// touchAll locks items in key order and touches each.
func (q queries) touchAll(ctx context.Context, b bot.BoardID, ids []bot.ItemID, now time.Time) error {
	if _, err := q.LockItems(ctx, b, ids...); err != nil {
		return err
	}
	for _, id := range ids {
		if err := q.TouchItem(ctx, b, id, now); err != nil {
			return err
		}
	}
	return nil
}

// GoneCards counts an item's deleted cards; see bot.SetupStore.
func (q queries) GoneCards(ctx context.Context, b bot.BoardID, item bot.ItemID) (int, error) {
	var n int
	err := q.row(ctx, &n, `
		select count(*) from posts p join channels c using (board_id, workspace_id, channel_ref)
		 where p.board_id = $1 and p.item_id = $2 and p.kind = 'card' and p.gone_at is not null and p.fault <> $3 and c.state = 'open'`,
		b, item, bot.FaultTakenBack)
	return n, err
}

// Health reads what is wrong on a board; see bot.SetupStore.
func (q queries) Health(ctx context.Context, b bot.BoardID, now time.Time) (bot.Health, error) {
	var h bot.Health
	var r struct {
		Waiting int
		Oldest  sql.NullTime
		Unknown int
		Held    int
		Reviews int
		Review  sql.NullTime
		Closed  int
	}
	err := q.row(ctx, &r, `
		select due.waiting, due.oldest,
		       (select count(*) from members where board_id = $1 and looked_up_at is null and active) as unknown,
		       (select count(*) from held where board_id = $1 and settled_at is null and until_at < $2) as held,
		       (select count(*) from members where board_id = $1 and closed_at is not null and active) as closed, reviews.reviews, reviews.review
		  from (select count(*) as waiting, min(due_at) as oldest from posts where board_id = $1 and due_at <= $2 and gone_at is null) due,
		       (select count(*) as reviews, min(created_at) as review from held where board_id = $1 and settled_at is null and why = 'review') reviews`, b, now)
	if err != nil {
		return h, fmt.Errorf("what waits: %w", err)
	}
	h.Waiting, h.Oldest, h.Unknown, h.Held = r.Waiting, r.Oldest.Time, r.Unknown, r.Held
	h.Reviews, h.Review, h.Closed = r.Reviews, r.Review.Time, r.Closed
	var refused []struct {
		WorkspaceID bot.WorkspaceID `db:"workspace_id"`
		ChannelRef  string          `db:"channel_ref"`
		Name        string
		Fault       string
		Count       int
	}
	err = q.rows(ctx, &refused, `
		select p.workspace_id, p.channel_ref, coalesce(c.name, '') as name, p.fault, count(*) as count
		  from posts p
		  left join channels c on c.board_id = p.board_id and c.workspace_id = p.workspace_id and c.channel_ref = p.channel_ref
		 where p.board_id = $1 and p.gone_at is null and p.fault <> '' and (p.due_at is null or p.attempts > 2)
		 group by 1, 2, 3, 4 order by count(*) desc, 2, 4 limit 20`, b)
	if err != nil {
		return h, fmt.Errorf("what was refused: %w", err)
	}
	for _, x := range refused {
		h.Refused = append(h.Refused, bot.RefusedPosts{Workspace: x.WorkspaceID, Channel: x.ChannelRef, Name: x.Name, Fault: x.Fault, Count: x.Count})
	}
	err = q.rows(ctx, &h.Gaps, `select gap_since from workspaces where board_id = $1 and gap_since is not null and state = 'active'`, b)
	return h, err
}
