package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// WantPost makes a post exist and due; see bot.PostStore.
func (q queries) WantPost(ctx context.Context, b bot.BoardID, w bot.Want) (bot.PostID, error) {
	subject, err := document(w.Subject)
	if err != nil {
		return 0, fmt.Errorf("post subject: %w", err)
	}
	var id bot.PostID
	err = q.row(ctx, &id, `
		insert into posts as p (board_id, key, kind, workspace_id, channel_ref, account, thread_ref, message_ref, item_id, subject, due_at, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
		on conflict (board_id, key) do update set due_at = least(p.due_at, excluded.due_at)
		returning post_id`,
		b, w.Key, w.Kind, w.Workspace, w.Channel, w.Account, w.Thread, w.Message, null(w.Item), subject, w.Due)
	return id, err
}

// UnwantPosts takes back posts that were never shown; see bot.PostStore.
func (q queries) UnwantPosts(ctx context.Context, b bot.BoardID, keys []string, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update posts set due_at = null, gone_at = $3, fault = 'taken back'
		 where board_id = $1 and key = any($2::text[]) and shown_version = 0 and gone_at is null
		   and (lease_until is null or lease_until < clock_timestamp())`, b, pq.Array(keys), now)
	return int(n), err
}

// TouchItem moves versions and makes cards due; see bot.PostStore.
func (q queries) TouchItem(ctx context.Context, b bot.BoardID, item bot.ItemID, now time.Time) error {
	if _, err := q.exec(ctx, `
		update items set version = version + 1
		 where board_id = $1 and root_id = (select root_id from items where board_id = $1 and item_id = $2)`, b, item); err != nil {
		return fmt.Errorf("touch item: %w", err)
	}
	_, err := q.exec(ctx, `
		update posts p set due_at = $3
		  from items i
		 where i.board_id = $1 and i.root_id = (select root_id from items where board_id = $1 and item_id = $2)
		   and p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.gone_at is null
		   and (p.due_at is null or p.due_at > $3)`, b, item, now)
	if err != nil {
		return fmt.Errorf("touch posts: %w", err)
	}
	return nil
}
