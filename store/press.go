package store

import (
	"context"
	"time"

	"heed/bot"
)

// PostAt reads the post that a message is; it leans on posts_ref.
func (q queries) PostAt(ctx context.Context, w bot.WorkspaceRef, channel, message string) (bot.Post, error) {
	var r postRow
	err := q.row(ctx, &r, `
		select `+postColumns+`
		  from workspaces w
		  join posts p on p.board_id = w.board_id and p.workspace_id = w.workspace_id and p.message_ref = $4
		   and (p.channel_ref = $3 or p.thread_ref = $3) and p.message_ref <> '' and p.kind <> 'mark'
		 where w.platform = $1 and w.ref = $2 and p.gone_at is null`, w.Platform, w.Ref, channel, message)
	return r.post(), err
}

// CardShown keeps what a card shows that nobody has claimed; see bot.PressStore. As in
// SettlePost the item is locked before the post, so that an act which commits meanwhile
// finds the card due or is waited for.
func (q queries) CardShown(ctx context.Context, w bot.WorkspaceRef, channel, message string, version int64) error {
	_, err := q.exec(ctx, `
		with card as (
		  select p.board_id, p.post_id, p.item_id
		    from workspaces w
		    join posts p on p.board_id = w.board_id and p.workspace_id = w.workspace_id and p.message_ref = $4
		     and (p.channel_ref = $3 or p.thread_ref = $3) and p.message_ref <> '' and p.kind = 'card'
		   where w.platform = $1 and w.ref = $2),
		it as materialized (
		  select i.version from card join items i on i.board_id = card.board_id and i.item_id = card.item_id
		     for share of i)
		update posts p
		   set shown_version = $5,
		       due_at = case when exists (select from it where it.version > $5) then coalesce(p.due_at, p.created_at)
		                     when p.thread_ref <> '' then p.due_at end -- a post in a forum shows more than its card
		  from card
		 where p.board_id = card.board_id and p.post_id = card.post_id
		   and exists (select from it) and p.gone_at is null and p.lease_until is null`,
		w.Platform, w.Ref, channel, message, version)
	return err
}

// KeepDraft keeps a draft; see bot.PressStore.
func (q queries) KeepDraft(ctx context.Context, d bot.Draft, until time.Time) error {
	n, err := q.exec(ctx, `
		insert into drafts as d (board_id, workspace_id, account, key, data, expires_at)
		select board_id, workspace_id, $3, $4, $5, $6 from workspaces where platform = $1 and ref = $2
		on conflict (board_id, workspace_id, account, key) do update set data = excluded.data, expires_at = excluded.expires_at`,
		d.Workspace.Platform, d.Workspace.Ref, d.Account, d.Key, string(d.Data), until)
	if err == nil && n == 0 {
		return bot.ErrUnattached
	}
	return err
}

// DraftOf reads a draft; see bot.PressStore. It leans on drafts_account.
func (q queries) DraftOf(ctx context.Context, p bot.Platform, account, key string, now time.Time) (bot.Draft, error) {
	var r struct {
		Ref  string
		Data string
	}
	err := q.row(ctx, &r, `
		select w.ref, d.data::text as data
		  from drafts d
		  join workspaces w on w.board_id = d.board_id and w.workspace_id = d.workspace_id and w.platform = $1
		 where d.account = $2 and d.key = $3 and d.expires_at > $4
		 order by d.expires_at desc limit 1`, p, account, key, now)
	return bot.Draft{Workspace: bot.WorkspaceRef{Platform: p, Ref: r.Ref}, Account: account, Key: key, Data: []byte(r.Data)}, err
}

// DropDraft deletes a draft.
func (q queries) DropDraft(ctx context.Context, d bot.Draft) error {
	_, err := q.exec(ctx, `
		delete from drafts d using workspaces w
		 where w.platform = $1 and w.ref = $2 and d.board_id = w.board_id and d.workspace_id = w.workspace_id and d.account = $3 and d.key = $4`,
		d.Workspace.Platform, d.Workspace.Ref, d.Account, d.Key)
	return err
}

// SpokeLastIn is where an account was last active; see bot.PressStore. It leans on members_account.
func (q queries) SpokeLastIn(ctx context.Context, p bot.Platform, account string) (bot.WorkspaceRef, error) {
	ref := bot.WorkspaceRef{Platform: p}
	err := q.row(ctx, &ref.Ref, `
		select w.ref
		  from members m
		  join workspaces w on w.board_id = m.board_id and w.workspace_id = m.workspace_id
		 where m.account = $2 and m.active and w.platform = $1 and w.state = 'active'
		 order by m.spoke_at desc nulls last, m.member_id limit 1`, p, account)
	return ref, err
}

// PostedFrom is the workspace whose post a message is; it leans on posts_ref.
func (q queries) PostedFrom(ctx context.Context, p bot.Platform, channel, message string) (bot.WorkspaceRef, error) {
	ref := bot.WorkspaceRef{Platform: p}
	err := q.row(ctx, &ref.Ref, `
		select w.ref
		  from posts x
		  join workspaces w on w.board_id = x.board_id and w.workspace_id = x.workspace_id and w.platform = $1
		 where x.message_ref = $3 and x.channel_ref = $2 and x.message_ref <> '' and x.kind <> 'mark'
		 order by x.post_id desc limit 1`, p, channel, message)
	return ref, err
}
