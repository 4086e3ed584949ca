package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// WantPost makes a post exist and due; see bot.PostStore.
func (q queries) WantPost(ctx context.Context, b bot.BoardID, w bot.Want) (bot.PostID, error) {
	var id bot.PostID
	err := q.want(ctx, &id, b, w)
	return id, err
}

// WantPosts makes posts exist and due; see bot.PostStore.
func (q queries) WantPosts(ctx context.Context, b bot.BoardID, ws []bot.Want) error {
	return q.want(ctx, nil, b, ws...)
}

// want makes posts exist and due. Where one is wanted, id becomes its own.
func (q queries) want(ctx context.Context, id *bot.PostID, b bot.BoardID, ws ...bot.Want) error {
	var key, kind, channel, account, thread, message, subject []string
	var workspace []int64
	var item []sql.NullInt64
	var due []time.Time
	for _, w := range ws {
		doc, err := document(w.Subject)
		if err != nil {
			return fmt.Errorf("post subject: %w", err)
		}
		key, kind, workspace, channel = append(key, w.Key), append(kind, string(w.Kind)), append(workspace, int64(w.Workspace)), append(channel, w.Channel)
		account, thread, message, item = append(account, w.Account), append(thread, w.Thread), append(message, w.Message), append(item, null(w.Item))
		subject, due = append(subject, doc), append(due, w.Due)
	}
	const statement = `
		insert into posts as p (board_id, key, kind, workspace_id, channel_ref, account, thread_ref, message_ref, item_id, subject, cause, due_at, created_at)
		select $1, w.key, w.kind, w.workspace_id, w.channel_ref, w.account, w.thread_ref, w.message_ref, w.item_id, w.subject::jsonb, $13, w.due_at, w.due_at
		  from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::timestamptz[])
		       w (key, kind, workspace_id, channel_ref, account, thread_ref, message_ref, item_id, subject, due_at)
		on conflict (board_id, key) do update
		   set cause = excluded.cause,
		       due_at = case when p.gone_at is null or p.fault = $12 then least(p.due_at, excluded.due_at) else p.due_at end,
		       gone_at = case when p.fault = $12 then null else p.gone_at end,
		       message_ref = case when p.fault = $12 and p.kind <> 'mark' then '' else p.message_ref end,
		       shown_version = case when p.fault = $12 then 0 else p.shown_version end,
		       created_at = case when p.fault = $12 then excluded.created_at else p.created_at end,
		       fault = case when p.fault = $12 then '' else p.fault end`
	args := []any{
		b, pq.Array(key), pq.Array(kind), pq.Array(workspace), pq.Array(channel), pq.Array(account), pq.Array(thread), pq.Array(message),
		pq.Array(item), pq.Array(subject), pq.Array(due), bot.FaultTakenBack, bot.EventOf(ctx),
	}
	if id != nil {
		return q.row(ctx, id, statement+` returning post_id`, args...)
	}
	_, err := q.exec(ctx, statement, args...)
	return err
}

// UnwantPosts takes back posts that were never shown; see bot.PostStore. Of one that may
// have come through without an answer nobody knows: it stays due, so that the
// dispatcher looks for it and deletes what should not be there.
func (q queries) UnwantPosts(ctx context.Context, b bot.BoardID, keys []string, now time.Time) (int, error) {
	if _, err := q.exec(ctx, `
		update posts set due_at = least(due_at, $3), cause = $4
		 where board_id = $1 and key = any($2::text[]) and shown_version = 0 and gone_at is null and lease_until is not null`,
		b, pq.Array(keys), now, bot.EventOf(ctx)); err != nil {
		return 0, fmt.Errorf("look again at unsure posts: %w", err)
	}
	n, err := q.exec(ctx, `
		update posts set due_at = null, gone_at = $3, fault = $4
		 where board_id = $1 and key = any($2::text[]) and shown_version = 0 and gone_at is null and lease_until is null`,
		b, pq.Array(keys), now, bot.FaultTakenBack)
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
		update posts p set due_at = $3, cause = $4
		  from items i
		 where i.board_id = $1 and i.root_id = (select root_id from items where board_id = $1 and item_id = $2)
		   and p.board_id = i.board_id and p.item_id = i.item_id and p.gone_at is null
		   and (p.kind = 'card' or p.kind = 'note' and starts_with(p.key, 'picture:') and (i.hidden_at is not null or i.gone_at is not null))
		   and (p.due_at is null or p.due_at > $3)`, b, item, now, bot.EventOf(ctx))
	if err != nil {
		return fmt.Errorf("touch posts: %w", err)
	}
	return nil
}

const postColumns = `p.board_id, p.post_id, p.key, p.kind, p.workspace_id, p.channel_ref, p.account, p.thread_ref, p.message_ref, p.permalink,
	p.item_id, p.subject::text as subject, p.shown_version, p.paused, p.shown_paused, p.shown_tag, p.attempts, p.cause, p.created_at`

type postRow struct {
	BoardID      bot.BoardID `db:"board_id"`
	PostID       bot.PostID  `db:"post_id"`
	Key          string
	Kind         bot.PostKind
	WorkspaceID  bot.WorkspaceID `db:"workspace_id"`
	ChannelRef   string          `db:"channel_ref"`
	Account      string
	ThreadRef    string `db:"thread_ref"`
	MessageRef   string `db:"message_ref"`
	Permalink    string
	ItemID       sql.NullInt64 `db:"item_id"`
	Subject      string
	ShownVersion int64 `db:"shown_version"`
	Paused       bot.Paused
	ShownPaused  bool       `db:"shown_paused"`
	ShownTag     bot.Status `db:"shown_tag"`
	Attempts     int
	Cause        string
	CreatedAt    time.Time `db:"created_at"`
}

func (r postRow) post() bot.Post {
	return bot.Post{
		Board: r.BoardID, ID: r.PostID, Key: r.Key, Kind: r.Kind, Workspace: r.WorkspaceID, Channel: r.ChannelRef, Account: r.Account,
		Thread: r.ThreadRef, Message: r.MessageRef, Permalink: r.Permalink, Item: bot.ItemID(r.ItemID.Int64),
		Subject: json.RawMessage(r.Subject), Shown: r.ShownVersion, Paused: r.Paused, ShownPaused: r.ShownPaused, ShownTag: r.ShownTag, Attempts: r.Attempts, Cause: r.Cause, CreatedAt: r.CreatedAt,
	}
}

func posts(rs []postRow) []bot.Post {
	out := make([]bot.Post, len(rs))
	for i, r := range rs {
		out[i] = r.post()
	}
	return out
}

// PostByKey reads a post by its key.
func (q queries) PostByKey(ctx context.Context, b bot.BoardID, key string) (bot.Post, error) {
	var r postRow
	err := q.row(ctx, &r, `select `+postColumns+` from posts p where p.board_id = $1 and p.key = $2`, b, key)
	return r.post(), err
}

// ItemPosts lists the posts of a kind about an item.
func (q queries) ItemPosts(ctx context.Context, b bot.BoardID, item bot.ItemID, kind bot.PostKind) ([]bot.Post, error) {
	var rs []postRow
	err := q.rows(ctx, &rs, `
		select `+postColumns+` from posts p where p.board_id = $1 and p.item_id = $2 and p.kind = $3 and p.gone_at is null order by p.post_id`,
		b, item, kind)
	return posts(rs), err
}
