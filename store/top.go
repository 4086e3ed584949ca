package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// PinTop makes a channel's live Top 10 wanted; see bot.TopStore. What was said of the
// message that is gone goes with it.
func (q queries) PinTop(ctx context.Context, c bot.Channel, subject any, now time.Time) error {
	data, err := document(subject)
	if err != nil {
		return fmt.Errorf("post subject: %w", err)
	}
	_, err = q.exec(ctx, `
		insert into posts as p (board_id, key, kind, workspace_id, channel_ref, subject, cause, due_at, created_at)
		values ($1, $2, 'top', $3, $4, $5, $7, $6, $6)
		on conflict (board_id, key) do update
		   set subject = excluded.subject, cause = excluded.cause, due_at = excluded.due_at, fault = '', attempts = 0, channel_ref = excluded.channel_ref,
		       message_ref = case when p.gone_at is null then p.message_ref else '' end,
		       permalink = case when p.gone_at is null then p.permalink else '' end,
		       shown_version = case when p.gone_at is null then p.shown_version else 0 end,
		       lease_until = case when p.gone_at is null then p.lease_until end,
		       created_at = case when p.gone_at is null then p.created_at else excluded.created_at end,
		       gone_at = null`, c.Board, fmt.Sprintf("top:%d:%s", c.Workspace, c.Ref), c.Workspace, c.Ref, data, now, bot.EventOf(ctx))
	return err
}

// LiveTop reads a channel's live Top 10. It leans on posts_top, as all of these do.
func (q queries) LiveTop(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel string) (bot.Post, error) {
	var r postRow
	err := q.row(ctx, &r, `
		select `+postColumns+` from posts p
		 where p.board_id = $1 and p.workspace_id = $2 and p.channel_ref = $3 and p.kind = 'top' and p.gone_at is null
		   and not p.subject ? 'off' order by p.post_id limit 1`, b, w, channel)
	return r.post(), err
}

// LiveTops lists the live Top 10s.
func (q queries) LiveTops(ctx context.Context, b bot.BoardID) ([]bot.Post, error) {
	var rs []postRow
	err := q.rows(ctx, &rs, `
		select `+postColumns+` from posts p join workspaces w on w.board_id = p.board_id and w.workspace_id = p.workspace_id and w.state = 'active'
		 where p.kind = 'top' and p.gone_at is null and not p.subject ? 'off' and ($1::bigint = 0 or p.board_id = $1)
		 order by p.board_id, p.post_id`, b)
	return posts(rs), err
}

// PatchSubject changes fields of a post's subject.
func (q queries) PatchSubject(ctx context.Context, b bot.BoardID, post bot.PostID, fields any) error {
	data, err := document(fields)
	if err != nil {
		return fmt.Errorf("post subject: %w", err)
	}
	_, err = q.exec(ctx, `update posts set subject = subject || $3::jsonb where board_id = $1 and post_id = $2`, b, post, data)
	return err
}

// TouchTop makes a live Top 10 due.
func (q queries) TouchTop(ctx context.Context, b bot.BoardID, post bot.PostID, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `update posts set due_at = $3, cause = $4 where board_id = $1 and post_id = $2 and due_at is null and gone_at is null`, b, post, now, bot.EventOf(ctx))
	return n == 1, err
}

// TouchTops makes all of a board due. One that is being sent is due again after.
func (q queries) TouchTops(ctx context.Context, b bot.BoardID, now time.Time) error {
	_, err := q.exec(ctx, `
		update posts set due_at = $2, cause = $3
		 where board_id = $1 and kind = 'top' and gone_at is null and message_ref <> '' and (due_at is null or due_at = 'infinity')`, b, now, bot.EventOf(ctx))
	return err
}
