package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// old are the statements that delete rows of a kind which ended before $1, the oldest
// first and $2 at most. Each leans on an index of its own, whose condition stands here
// word for word; rows that another replica is deleting are passed over.
var old = map[bot.Kept]string{
	bot.KeptActs:       batch("seen", `expires_at < $1`, "expires_at"),
	bot.KeptHeld:       batch("held", `settled_at < $1`, "settled_at"),
	bot.KeptDrafts:     batch("drafts", `expires_at < $1`, "expires_at"),
	bot.KeptPictures:   batch("pictures", `created_at < $1`, "created_at"),
	bot.KeptLinkCodes:  batch("link_codes", `expires_at < $1`, "expires_at"),
	bot.KeptLinkMisses: batch("link_misses", `at < $1`, "at"),
	bot.KeptNotices:    batch("notices", `created_at < $1 and (post_id is not null or dropped_at is not null)`, "created_at"),
	bot.KeptNotes:      batch("posts", `created_at < $1 and due_at is null and `+notes, "created_at"),
	bot.KeptOpenMessages: batch("posts",
		`created_at < $1 and due_at is null and kind in ('digest', 'announcement')`, "created_at"),
	bot.KeptHistory: batch("history", `at < $1`, "at"),
	bot.KeptHeldWords: `
		update held set ` + wiped + `
		 where ctid = any (array(select ctid from held where settled_at is not null and words <> '' and until_at < $1 order by until_at limit $2 for update skip locked))`,
	// The last that a schedule sent stays: the next one tells what moved since.
	bot.KeptDigests: `
		with old as materialized (
		  select d.board_id, d.schedule_id, d.due_at from digests d
		   where d.due_at < $1
		     and (d.state <> 'sent' or exists (select from digests later where later.board_id = d.board_id and later.schedule_id = d.schedule_id and later.due_at > d.due_at and later.state = 'sent'))
		   order by d.due_at limit $2 for update of d skip locked)
		delete from digests d using old where d.board_id = old.board_id and d.schedule_id = old.schedule_id and d.due_at = old.due_at`,
	// A row a shard, no more.
	bot.KeptShards: `delete from gateway_leases where ctid = any (array(select ctid from gateway_leases where until < least($1, clock_timestamp()) limit $2 for update skip locked))`,
}

// notes are posts that are never edited once they are sent. Those that introduce Heed
// stay, so that it does so once, and those about a saved message, which change with it.
const notes = `kind in ('note', 'direct') and key not like 'hello:%' and key not like 'welcome:%' and key not like 'captured:%'`

func batch(table, ended, by string) string {
	return fmt.Sprintf(`delete from %[1]s where ctid = any (array(select ctid from %[1]s where %[2]s order by %[3]s limit $2 for update skip locked))`, table, ended, by)
}

// Prune deletes rows of a kind; see bot.GapStore.
func (q queries) Prune(ctx context.Context, what bot.Kept, before time.Time, most int) (int, error) {
	if what == bot.KeptLanes {
		return q.pruneLanes(ctx, before, most)
	}
	n, err := q.exec(ctx, old[what], before, most)
	return int(n), err
}

// pruneLanes walks the lanes by their key, most at a step: an index by their time would
// be written with every message that is sent.
func (q queries) pruneLanes(ctx context.Context, before time.Time, most int) (int, error) {
	var at struct {
		Board     int64  `db:"board_id"`
		Workspace int64  `db:"workspace_id"`
		Lane      string `db:"lane"`
		Seen      int    `db:"seen"`
		Deleted   int    `db:"deleted"`
	}
	for total := 0; ; {
		err := q.row(ctx, &at, oldLanes, at.Board, at.Workspace, at.Lane, before, most)
		total += at.Deleted
		if err != nil || at.Seen < most {
			return min(total, most-1), err // there is no next step
		}
	}
}

// oldLanes is a step of that walk: behind the lane $1 $2 $3, what is over before $4, of $5
// lanes. It answers where it ended.
const oldLanes = `
	with few as materialized (
	  select board_id, workspace_id, lane, next_at from lanes
	   where (board_id, workspace_id, lane) > ($1::bigint, $2::bigint, $3) order by board_id, workspace_id, lane limit $5),
	gone as (
	  delete from lanes l
	   where ctid = any (array(
	     select x.ctid from lanes x join few using (board_id, workspace_id, lane)
	      where x.next_at < least($4, clock_timestamp()) for update of x skip locked))
	  returning 1),
	last as (select board_id, workspace_id, lane from few order by board_id desc, workspace_id desc, lane desc limit 1)
	select coalesce(last.board_id, 0) as board_id, coalesce(last.workspace_id, 0) as workspace_id, coalesce(last.lane, '') as lane,
	       (select count(*) from few) as seen, (select count(*) from gone) as deleted
	  from (select) one left join last on true`
