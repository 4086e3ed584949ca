package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// DropWorkspace marks a workspace gone; see bot.SignalStore.
func (q queries) DropWorkspace(ctx context.Context, ref bot.WorkspaceRef, now time.Time) error {
	_, err := q.exec(ctx, `
		update workspaces set state = 'gone', token = null, gap_since = coalesce(gap_since, $3) where platform = $1 and ref = $2`, ref.Platform, ref.Ref, now)
	return err
}

// NoteGap keeps since when events may be missing. Noting one that is open moves it a
// microsecond, so that who is reading it back does not close what it has not read.
func (q queries) NoteGap(ctx context.Context, ref bot.WorkspaceRef, since time.Time) error {
	_, err := q.exec(ctx, `update workspaces set gap_since = least(gap_since - interval '1 microsecond', $3) where platform = $1 and ref = $2`, ref.Platform, ref.Ref, since)
	return err
}

// HeardWorkspaces notes who is heard; see bot.SignalStore.
func (q queries) HeardWorkspaces(ctx context.Context, platforms []bot.Platform, now, deaf time.Time) (int, error) {
	names := make([]string, len(platforms))
	for i, p := range platforms {
		names[i] = string(p)
	}
	n, err := q.exec(ctx, `
		update workspaces
		   set gap_since = case when heard_at < $3 then least(gap_since - interval '1 microsecond', heard_at) else gap_since end,
		       heard_at = greatest(heard_at, $2)
		 where platform = any($1::text[]) and state = 'active'`, pq.Array(names), now, deaf)
	return int(n), err
}

// HeardEvents notes when something came last; see bot.SignalStore.
func (q queries) HeardEvents(ctx context.Context, at map[bot.WorkspaceRef]time.Time) error {
	platforms, refs, times := make([]string, 0, len(at)), make([]string, 0, len(at)), make([]time.Time, 0, len(at))
	for ref, when := range at {
		platforms, refs, times = append(platforms, string(ref.Platform)), append(refs, ref.Ref), append(times, when)
	}
	_, err := q.exec(ctx, `
		update workspaces w set event_at = greatest(w.event_at, t.at)
		  from unnest($1::text[], $2::text[], $3::timestamptz[]) t (platform, ref, at)
		 where w.platform = t.platform and w.ref = t.ref`, pq.Array(platforms), pq.Array(refs), pq.Array(times))
	return err
}

// ChangeChannel takes over what a platform said; see bot.SignalStore.
func (q queries) ChangeChannel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, c bot.ChannelChange, now time.Time) (bot.Channel, error) {
	if c.NewRef != "" && c.NewRef != c.Ref {
		if err := q.moveChannel(ctx, b, w, c.Ref, c.NewRef); err != nil {
			return bot.Channel{}, err
		}
		c.Ref = c.NewRef
	}
	var r channelRow
	err := q.row(ctx, &r, `
		update channels
		   set name = case when $4 = '' then name else $4 end,
		       kind = case when $5 = '' then kind else $5 end,
		       member = case when $7 = 'deleted' then false else coalesce($6::boolean, member) end,
		       forum = coalesce($8::boolean, forum),
		       state = case when $7 = '' then state else $7 end,
		       intake = intake and $7 <> 'deleted', main_intake = main_intake and $7 <> 'deleted', announce = announce and $7 <> 'deleted'
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3
		returning `+channelColumns, b, w, c.Ref, c.Name, c.Kind, c.Joined, c.State, c.Forum)
	if err != nil {
		return bot.Channel{}, fmt.Errorf("change channel: %w", err)
	}
	if c.State == "deleted" {
		return r.channel(), q.emptyChannel(ctx, b, w, c.Ref, now)
	}
	if c.State == "open" || c.Joined != nil && *c.Joined {
		_, err = q.exec(ctx, `
			update posts set due_at = $4, cause = $5, attempts = 0
			 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and due_at is null and gone_at is null and fault <> ''`,
			b, w, c.Ref, now, bot.EventOf(ctx))
	}
	return r.channel(), err
}

// moveChannel gives all that names a channel its new ref. Where the new one is known
// already, what was decided about the old one is added to it.
func (q queries) moveChannel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, from, to string) error {
	for _, step := range []string{
		`insert into channels as c (board_id, workspace_id, channel_ref, name, kind, forum, audience, intake, intake_at, announce, emoji, customer, review, saving, member, state)
		 select board_id, workspace_id, $4, name, kind, forum, audience, intake, intake_at, announce, emoji, customer, review, saving, member, state
		   from channels where board_id = $1 and workspace_id = $2 and channel_ref = $3 and state <> 'deleted'
		 on conflict (board_id, workspace_id, channel_ref) do update
		    set intake = c.intake or excluded.intake, announce = c.announce or excluded.announce, emoji = excluded.emoji,
		        audience = excluded.audience, review = excluded.review, saving = excluded.saving, customer = case when c.customer = '' then excluded.customer else c.customer end`,
		`update schedules s set channel_ref = $4
		  where board_id = $1 and workspace_id = $2 and channel_ref = $3
		    and not exists (select from schedules x where x.board_id = s.board_id and x.workspace_id = s.workspace_id and x.channel_ref = $4)`,
		`update schedules set next_at = null where board_id = $1 and workspace_id = $2 and channel_ref = $3 and $4 <> ''`,
		`update items set asked_channel = $4 where board_id = $1 and asked_workspace = $2 and asked_channel = $3`,
		`update evidence set channel_ref = $4 where board_id = $1 and workspace_id = $2 and channel_ref = $3`,
		`update ballots x set place = 'r:' || $4 || substr(x.place, length($3) + 3)
		   from members m
		  where x.board_id = $1 and m.board_id = x.board_id and m.member_id = x.member_id and m.workspace_id = $2
		    and starts_with(x.place, 'r:' || $3 || ':')`,
		`update posts set channel_ref = $4 where board_id = $1 and workspace_id = $2 and channel_ref = $3`,
	} {
		if _, err := q.exec(ctx, step, b, w, from, to); err != nil {
			return fmt.Errorf("move channel: %w", err)
		}
	}
	var main bool
	err := q.row(ctx, &main, `
		update channels c set state = 'deleted', intake = false, announce = false, main_intake = false, member = false
		  from channels before
		 where c.board_id = $1 and c.workspace_id = $2 and c.channel_ref = $3
		   and before.board_id = c.board_id and before.workspace_id = c.workspace_id and before.channel_ref = c.channel_ref
		returning before.main_intake`, b, w, from)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err == nil && main {
		_, err = q.exec(ctx, `update channels set main_intake = true where board_id = $1 and workspace_id = $2 and channel_ref = $3`, b, w, to)
	}
	return err
}

// emptyChannel takes back what can't be shown in a deleted channel.
func (q queries) emptyChannel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, ref string, now time.Time) error {
	if _, err := q.exec(ctx, `
		update posts set gone_at = $4, due_at = null, fault = 'gone: channel deleted'
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and gone_at is null`, b, w, ref, now); err != nil {
		return fmt.Errorf("posts of a deleted channel: %w", err)
	}
	if _, err := q.exec(ctx, `
		update evidence set message_ref = '', thread_ref = '', permalink = ''
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and (message_ref <> '' or permalink <> '')`, b, w, ref); err != nil {
		return fmt.Errorf("evidence of a deleted channel: %w", err)
	}
	_, err := q.exec(ctx, `update schedules set next_at = null where board_id = $1 and workspace_id = $2 and channel_ref = $3`, b, w, ref)
	return err
}

// TouchChannel makes a channel's cards due; see bot.SignalStore. Items are locked in key order first.
func (q queries) TouchChannel(ctx context.Context, c bot.Channel, now time.Time) error {
	var ids []bot.ItemID
	err := q.rows(ctx, &ids, `
		select p.item_id from posts p join items i using (board_id, item_id)
		 where p.board_id = $1 and p.workspace_id = $2 and p.channel_ref = $3 and p.kind = 'card' and p.gone_at is null
		   and i.merged_into is null and i.status not in ('shipped', 'declined')`, c.Board, c.Workspace, c.Ref)
	if err != nil || len(ids) == 0 {
		return err
	}
	return q.touchAll(ctx, c.Board, ids, now)
}

// ChangeMember takes over what a platform said of a known account; see bot.SignalStore.
func (q queries) ChangeMember(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, seen bot.MemberSeen, audience bot.Audience, now time.Time) (before, after bot.Member, err error) {
	if before, err = q.MemberByAccount(ctx, b, w, seen.Account); err != nil {
		return before, before, err
	}
	var r memberRow
	err = q.row(ctx, &r, `
		update members m
		   set name = case when $4 = '' then m.name else $4 end,
		       zone = case when $6 and $5 <> '' then $5 else m.zone end,
		       is_admin = case when $6 then $7 else m.is_admin end,
		       is_bot = case when $6 then $8 else m.is_bot end,
		       active = case when $6 then not $9 else m.active end,
		       audience = case when $6 then $10 else m.audience end,
		       joined_at = coalesce($12, m.joined_at),
		       looked_up_at = case when $6 then $11 else m.looked_up_at end
		 where m.board_id = $1 and m.workspace_id = $2 and m.account = $3
		returning `+memberColumns,
		b, w, seen.Account, seen.Name, seen.Zone, seen.Complete, seen.Admin, seen.Bot, seen.Gone, audience, now, nullTime(seen.JoinedAt))
	return before, r.member(), err
}

// DropMessage says that a message is no longer there; see bot.SignalStore.
func (q queries) DropMessage(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, message string, now time.Time) error {
	if _, err := q.exec(ctx, `
		update evidence set message_ref = '', permalink = ''
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and message_ref = $4`, b, w, channel, message); err != nil {
		return fmt.Errorf("drop evidence's message: %w", err)
	}
	_, err := q.exec(ctx, `
		update posts set gone_at = $5, due_at = null, fault = 'gone: deleted by someone'
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and message_ref = $4 and gone_at is null`, b, w, channel, message, now)
	if err != nil {
		return fmt.Errorf("drop post's message: %w", err)
	}
	return nil
}

// RestoreCards makes deleted cards wanted again; see bot.SignalStore.
func (q queries) RestoreCards(ctx context.Context, b bot.BoardID, item bot.ItemID, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update posts p
		   set gone_at = null, fault = '', message_ref = '', permalink = '', shown_version = 0, shown_paused = false, shown_tag = '',
		       attempts = 0, lease_until = null, due_at = $3, cause = $4, created_at = $3
		  from channels c
		 where p.board_id = $1 and p.item_id = $2 and p.kind = 'card' and p.gone_at is not null
		   and c.board_id = p.board_id and c.workspace_id = p.workspace_id and c.channel_ref = p.channel_ref and c.state = 'open'`, b, item, now, bot.EventOf(ctx))
	return int(n), err
}
