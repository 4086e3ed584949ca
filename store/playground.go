package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"heed/bot"
)

// PlaygroundMessages tells each message that the playground kept, in the order of
// their refs. An error of each ends it.
func (s *Store) PlaygroundMessages(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, each func(channel, message, doc string) error) error {
	var rs []struct {
		ChannelRef string `db:"channel_ref"`
		MessageRef string `db:"message_ref"`
		Doc        string
	}
	err := s.rows(ctx, &rs, `
		select channel_ref, message_ref, doc::text as doc from playground_messages
		 where board_id = $1 and workspace_id = $2 order by message_ref collate "C"`, b, w)
	if err != nil {
		return fmt.Errorf("playground messages: %w", err)
	}
	for _, r := range rs {
		if err := each(r.ChannelRef, r.MessageRef, r.Doc); err != nil {
			return err
		}
	}
	return nil
}

// KeepPlaygroundMessage writes a message of the playground, in place of the one of
// that ref.
func (s *Store) KeepPlaygroundMessage(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, message, doc string) error {
	_, err := s.exec(ctx, `
		insert into playground_messages (board_id, workspace_id, channel_ref, message_ref, doc)
		values ($1, $2, $3, $4, $5)
		on conflict (board_id, workspace_id, channel_ref, message_ref) do update set doc = excluded.doc`, b, w, channel, message, doc)
	if err != nil {
		return fmt.Errorf("keep playground message: %w", err)
	}
	return nil
}

// DropPlaygroundMessage removes a message of the playground. One that is not there is
// no error.
func (s *Store) DropPlaygroundMessage(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, message string) error {
	_, err := s.exec(ctx, `
		delete from playground_messages
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3 and message_ref = $4`, b, w, channel, message)
	if err != nil {
		return fmt.Errorf("drop playground message: %w", err)
	}
	return nil
}

// latestRows is what a board's newest rows say, a few columns of each table, as text.
// Numbers and names stand in the place of ids.
const latestRows = `
	with newest as (
	  (select 'items' as "table", greatest(i.created_at, i.status_at) as at,
	          json_build_array('number', i.number, 'title', i.title, 'status', i.status, 'votes', i.votes, 'audience', i.audience,
	                           'version', i.version, 'merged_into', (select m.number from items m where m.board_id = i.board_id and m.item_id = i.merged_into)) as pairs
	     from items i where i.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'ballots', x.at, json_build_array('item', i.number, 'member', m.name, 'place', x.place, 'supports', x.supports)
	     from ballots x join items i using (board_id, item_id) join members m using (board_id, member_id)
	    where x.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'votes', v.since, json_build_array('item', i.number, 'person', v.person_id, 'supports', v.supports, 'counted', i.votes)
	     from votes v join items i using (board_id, item_id)
	    where v.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'evidence', e.created_at, json_build_array('item', i.number, 'kind', e.kind, 'quote', left(e.quote, 200), 'audience', e.audience)
	     from evidence e join items i using (board_id, item_id)
	    where e.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'held', h.created_at, json_build_array('why', h.why, 'words', left(h.words, 200), 'until_at', h.until_at, 'settled_at', h.settled_at)
	     from held h where h.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'history', h.at, json_build_array('item', i.number, 'member', m.name, 'act', h.act, 'data', h.data::text)
	     from history h left join items i using (board_id, item_id) left join members m on m.board_id = h.board_id and m.member_id = h.member_id
	    where h.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'stories', s.created_at, json_build_array('number', s.number, 'as_a', s.as_a, 'i_want', s.i_want, 'so_that', s.so_that, 'rank', s.rank)
	     from stories s where s.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'digests', d.due_at, json_build_array('period', d.period, 'state', d.state, 'audience', d.audience)
	     from digests d where d.board_id = $1 order by 2 desc limit $3)
	  union all
	  (select 'posts', p.created_at, json_build_array('key', p.key, 'kind', p.kind, 'channel_ref', p.channel_ref, 'message_ref', p.message_ref,
	                           'shown_version', p.shown_version, 'due_at', p.due_at)
	     from posts p where p.board_id = $1 order by 2 desc limit $3))
	select "table", at, pairs::text as pairs from newest where at >= $2 order by at desc, "table" limit $4`

// The most rows that are looked at, of one table and of all.
const (
	latestOfTable = 8
	latestOfAll   = 40
)

// LatestRows tells the newest rows of a board, not before since, newest first: the
// table, when, and columns with their values as text, "" for null. It reads for the
// eye, not for programs, and only the playground's small boards: none of it leans on
// an index.
func (s *Store) LatestRows(ctx context.Context, b bot.BoardID, since time.Time, each func(table string, at time.Time, columns, values []string) error) error {
	var rs []struct {
		Table string
		At    time.Time
		Pairs string
	}
	if err := s.rows(ctx, &rs, latestRows, b, since, latestOfTable, latestOfAll); err != nil {
		return fmt.Errorf("latest rows: %w", err)
	}
	for _, r := range rs {
		var pairs []any
		if err := json.Unmarshal([]byte(r.Pairs), &pairs); err != nil {
			return fmt.Errorf("latest rows: %w", err)
		}
		var columns, values []string
		for i := 0; i+1 < len(pairs); i += 2 {
			columns = append(columns, fmt.Sprint(pairs[i]))
			if pairs[i+1] == nil {
				values = append(values, "")
			} else {
				values = append(values, fmt.Sprint(pairs[i+1]))
			}
		}
		if err := each(r.Table, r.At.UTC(), columns, values); err != nil {
			return err
		}
	}
	return nil
}
