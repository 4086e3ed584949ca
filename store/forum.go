package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// CardsInThread lists the cards in a conversation; see bot.ForumStore.
func (q queries) CardsInThread(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, thread string) ([]bot.Post, error) {
	var rs []postRow
	err := q.rows(ctx, &rs, `
		select `+postColumns+` from posts p
		 where p.board_id = $1 and p.workspace_id = $2 and p.channel_ref = $3 and p.thread_ref = $4 and p.thread_ref <> ''
		   and p.kind = 'card' and p.gone_at is null
		 order by p.item_id, p.post_id`, b, w, channel, thread)
	return posts(rs), err
}

// PauseThread keeps whether a conversation takes reactions; see bot.ForumStore. It
// leans on posts_thread.
func (q queries) PauseThread(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, thread string, paused bot.Paused) (int, error) {
	n, err := q.exec(ctx, `
		update posts set paused = $5
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and thread_ref = $4 and thread_ref <> ''
		   and kind = 'card' and gone_at is null and paused <> $5`, b, w, channel, thread, paused)
	return int(n), err
}

// DropThread says that a conversation is no longer there; see bot.ForumStore.
func (q queries) DropThread(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, thread string, now time.Time) error {
	if _, err := q.exec(ctx, `
		update evidence set message_ref = '', thread_ref = '', permalink = ''
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and (thread_ref = $4 or message_ref = $4)`, b, w, channel, thread); err != nil {
		return fmt.Errorf("evidence of a conversation: %w", err)
	}
	if _, err := q.exec(ctx, `
		update posts set gone_at = $5, due_at = null, fault = 'gone: deleted by someone', paused = '',
		       thread_ref = case when kind = 'card' then '' else thread_ref end
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and thread_ref = $4 and gone_at is null`, b, w, channel, thread, now); err != nil {
		return fmt.Errorf("posts of a conversation: %w", err)
	}
	return nil
}

// CardThreads lists the conversations in which cards stand; see bot.ForumStore.
func (q queries) CardThreads(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel string) (map[string]bot.Paused, error) {
	var rs []struct {
		ThreadRef string `db:"thread_ref"`
		Paused    bot.Paused
	}
	err := q.rows(ctx, &rs, `
		select distinct thread_ref, paused from posts
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and thread_ref <> '' and kind = 'card' and message_ref <> '' and gone_at is null`,
		b, w, channel)
	out := make(map[string]bot.Paused, len(rs))
	for _, r := range rs {
		out[r.ThreadRef] = r.Paused
	}
	return out, err
}
