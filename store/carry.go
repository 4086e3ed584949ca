package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// A workspace that changes boards is carried: what goes is copied under the other board,
// and keeps its ids, which no two rows of the whole database share. So nothing that
// points at it has to be changed, a row that is on the other board from an earlier stay
// is known again, and what an old number stood for is found by the id. Numbers alone
// are given anew.
//
// What people do (members, words, ballots) stays behind as well, since the board keeps
// everything; what acts (posts, schedules, words that wait, notes, rights) goes and is
// no longer where it was, so that nothing happens twice.

// carrier carries between two boards; the first error stops it. Its statements name what
// they are about as $to, $from, $ws (the workspaces), $all (the whole board goes), $now,
// and $items and $stories: those that stood on both boards before.
type carrier struct {
	queries
	ctx            context.Context
	what           bot.Carriage
	now            time.Time
	items, stories []int64
	changed        []whose // what linked the members that were there
	err            error
}

// do runs one statement.
func (c *carrier) do(what, sql string) {
	if c.err != nil {
		return
	}
	sql, args := c.named(sql)
	if _, err := c.exec(c.ctx, sql, args...); err != nil {
		c.err = fmt.Errorf("carry %s: %w", what, err)
	}
}

// read runs a query into dst, a pointer to a slice.
func (c *carrier) read(dst any, what, sql string) {
	if c.err != nil {
		return
	}
	sql, args := c.named(sql)
	if err := c.rows(c.ctx, dst, sql, args...); err != nil {
		c.err = fmt.Errorf("carry %s: %w", what, err)
	}
}

// named puts typed parameters in place of the names that the statement uses.
func (c *carrier) named(sql string) (string, []any) {
	workspaces := make([]int64, len(c.what.Workspaces))
	for i, w := range c.what.Workspaces {
		workspaces[i] = int64(w)
	}
	var args []any
	for _, n := range []struct {
		name, kind string
		value      any
	}{
		{"$to", "bigint", int64(c.what.To)}, {"$from", "bigint", int64(c.what.From)}, {"$ws", "bigint[]", pq.Array(workspaces)}, {"$all", "boolean", c.what.Whole},
		{"$now", "timestamptz", c.now}, {"$items", "bigint[]", pq.Array(append([]int64{}, c.items...))}, {"$stories", "bigint[]", pq.Array(append([]int64{}, c.stories...))},
	} {
		if strings.Contains(sql, n.name) {
			args = append(args, n.value)
			sql = strings.ReplaceAll(sql, n.name, fmt.Sprintf("$%d::%s", len(args), n.kind))
		}
	}
	return sql, args
}

// Carry takes workspaces from one board to another; see bot.LinkStore.
func (q queries) Carry(ctx context.Context, what bot.Carriage, now time.Time) error {
	c := &carrier{queries: q, ctx: Patient(ctx), what: what, now: now}
	if _, err := q.exec(c.ctx, `set local statement_timeout = 0`); err != nil {
		return fmt.Errorf("patience to carry: %w", err)
	}
	c.lock()
	c.workspaces()
	c.people()
	c.requests()
	c.words()
	c.backlog()
	c.digests()
	c.posts()
	c.behind()
	c.count("ballots, votes")
	c.votes()
	return c.err
}

// count renews the statistics of tables that rows came to. Without, Postgres knows of none
// on the other board, takes any index that leads with it, and 10,000 requests take minutes.
func (c *carrier) count(tables string) { c.do("statistics", "analyze "+tables) }

// lock keeps still what goes: first the workspaces, for which acts wait and which wait
// for the acts under way, then what loops hold, then the boards, for their numbers, then
// the items, roots first, as everybody does. Of both boards, since votes are united.
func (c *carrier) lock() {
	if c.err != nil {
		return
	}
	var here []bot.WorkspaceID
	c.read(&here, "workspaces' locks", `
		select workspace_id from workspaces where board_id = $from and workspace_id = any($ws) and state <> 'left' order by workspace_id for update`)
	if c.err == nil && len(here) != len(c.what.Workspaces) {
		c.err = bot.ErrMoved
	}
	c.do("schedules' locks", `select from schedules where board_id = $from and ($all or workspace_id = any($ws)) order by schedule_id for update`)
	c.do("waiting words' locks", `select from held where board_id = $from order by held_id for update`)
	c.do("boards' locks", `select from boards where board_id in ($to, $from) order by board_id for update`)
	if c.err != nil {
		return
	}
	var moved []bot.BoardID
	c.read(&moved, "where the boards lead", `select board_id from boards where board_id in ($to, $from) and moved_to is not null and (board_id = $from or moved_to <> $from)`)
	if c.err == nil && len(moved) > 0 {
		c.err = bot.ErrMoved
	}
	c.do("items' locks", `
		select from items i
		 where i.board_id = $from and `+goes("i")+`
		    or i.board_id = $to and i.item_id in (
		         select s.item_id from items s where s.board_id = $from
		         union
		         select y.root_id from items s join items y on y.board_id = $to and y.item_id = s.item_id where s.board_id = $from
		         union
		         select y.root_id from members s
		           join members m on m.board_id = $to and m.member_id = s.member_id
		           join ballots b on b.board_id = m.board_id and b.member_id = m.member_id
		           join items y on y.board_id = b.board_id and y.item_id = b.item_id
		          where s.board_id = $from and ($all or s.workspace_id = any($ws)))
		 order by i.item_id <> i.root_id, i.board_id, i.item_id for update`)
}

// goes tells of an item on the board that is left whether it goes along: the whole
// board, else what the workspaces brought. They brought what was asked there, and what
// came with them from their own board, which keeps it.
func goes(item string) string {
	return strings.ReplaceAll(`(
	$all or i.asked_workspace = any($ws)
	or exists (select from items known where known.board_id = $to and known.item_id = i.item_id)
	or i.asked_workspace is null and exists (select from workspaces w where w.board_id = $from and w.workspace_id = any($ws) and w.first_board is null)
	   and not exists (select from boards x join items known on known.board_id = x.board_id where x.moved_to = $from and known.item_id = i.item_id))`, "i.", item+".")
}

// goesMember is the same of a member or another row that names a workspace.
const goesMember = `($all or s.workspace_id = any($ws))`

// goesWith is the same of a row that belongs to a member m.
const goesWith = `($all or m.workspace_id = any($ws))`

// workspaces puts the workspaces themselves on the other board, with their channels. The
// row that stays gives up the platform's name before the one that goes takes it.
func (c *carrier) workspaces() {
	if c.err != nil {
		return
	}
	var was []struct {
		WorkspaceID bot.WorkspaceID `db:"workspace_id"`
		State       string
		Ref         string
	}
	c.read(&was, "the workspaces", `select workspace_id, state, ref from workspaces where board_id = $from and workspace_id = any($ws)`)
	c.copy(copied{table: "workspaces", where: goesMember, set: map[string]string{
		"state": `'left'`, "ref": `split_part(s.ref, '` + leftMark + `', 1) || '` + leftMark + `' || $to::text`,
		// #nosec G101 -- an expression of SQL
		"token":       `case when s.state = 'left' then null else s.token end`,
		"first_board": `coalesce((select t.first_board from workspaces t where t.board_id = $to and t.workspace_id = s.workspace_id), s.first_board, $from)`,
		"moved_at":    `$now`,
	}, again: `do update set name = excluded.name, token = excluded.token, bot_account = excluded.bot_account, scopes = excluded.scopes,
		welcomed_at = excluded.welcomed_at, gap_since = excluded.gap_since, heard_at = excluded.heard_at, event_at = excluded.event_at, first_board = excluded.first_board,
		moved_at = excluded.moved_at where workspaces.state = 'left' and excluded.workspace_id = any($ws)`})
	c.do("the workspaces left", `
		update workspaces set state = 'left', ref = ref || '`+leftMark+`' || board_id, token = null, gap_since = null, moved_at = $now
		 where board_id = $from and workspace_id = any($ws)`)
	for _, w := range was {
		if c.err == nil {
			_, c.err = c.exec(c.ctx, `update workspaces set ref = $3, state = $4 where board_id = $1 and workspace_id = $2`, c.what.To, w.WorkspaceID, w.Ref, w.State)
		}
	}
	c.copy(copied{table: "channels", where: goesMember, replace: true})
	c.do("the channels left", `
		update channels set intake = false, main_intake = false, announce = false, member = false where board_id = $from and workspace_id = any($ws)`)
	c.do("where the board leads", `update boards set moved_to = case when board_id = $from and $all then $to end where board_id in ($to, $from)`)
}

// behind ends on the board that was left what would act there.
func (c *carrier) behind() {
	c.do("members left", `update members set active = false where board_id = $from and workspace_id = any($ws)`)
	for _, table := range []string{"grants", "blocks", "mutes"} {
		c.do(table+" left", `delete from `+table+` x using members m
			where m.board_id = $from and m.workspace_id = any($ws) and x.board_id = m.board_id and x.member_id = m.member_id`)
	}
	c.do("codes left", `
		delete from link_codes x using members m
		 where m.board_id = $from and m.workspace_id = any($ws) and x.board_id = m.board_id and x.member_id = m.member_id and x.used_at is null`)
	c.do("the next numbers", `
		update boards b set next_number = greatest(b.next_number, (select coalesce(max(number), 0) + 1 from items where board_id = $to)),
		                    next_story = greatest(b.next_story, (select coalesce(max(number), 0) + 1 from stories where board_id = $to))
		 where b.board_id = $to`)
}

// HomeBoard finds the board that a workspace came from to this one; see bot.LinkStore.
func (q queries) HomeBoard(ctx context.Context, b bot.BoardID, w bot.WorkspaceID) (bot.BoardID, error) {
	var home bot.BoardID
	err := q.row(ctx, &home, `
		select x.board_id from workspaces k join boards x on x.board_id = k.board_id and x.moved_to = $1
		 where k.workspace_id = $2 and k.state = 'left' order by k.moved_at desc limit 1`, b, w)
	return home, err
}

// CameFrom is the board before; see bot.LinkStore.
func (q queries) CameFrom(ctx context.Context, w bot.Workspace) (bot.BoardID, error) {
	var from bot.BoardID
	err := q.row(ctx, &from, `
		select board_id from workspaces where workspace_id = $2 and board_id <> $1 and state = 'left' order by moved_at desc limit 1`, w.Board, w.ID)
	return from, err
}

// NewBoard makes an empty board with another's choices; see bot.LinkStore.
func (q queries) NewBoard(ctx context.Context, like bot.BoardID, name string, now time.Time) (bot.BoardID, error) {
	var id bot.BoardID
	err := q.row(ctx, &id, `
		insert into boards (name, zone, settings, clock_offset, created_at)
		select $2, zone, settings, clock_offset, $3 from boards where board_id = $1 returning board_id`, like, name, now)
	return id, err
}

// Freight counts what a carriage would take; see bot.LinkStore.
func (q queries) Freight(ctx context.Context, what bot.Carriage) (bot.Freight, error) {
	c := &carrier{queries: q, ctx: ctx, what: what}
	var r []bot.Freight
	c.read(&r, "freight", `
		select (select count(*) from items i where i.board_id = $from and i.gone_at is null and `+goes("i")+`) as items,
		       (select count(*) from votes v join items i on i.board_id = v.board_id and i.item_id = v.item_id
		         where v.board_id = $from and v.supports and `+goes("i")+`
		           and ($all or exists (select from members m where m.board_id = $from and m.person_id = v.person_id and m.workspace_id = any($ws)))) as votes,
		       (select count(*) from stories s where s.board_id = $from and s.state = 'open' and `+goesStory+`) as stories,
		       (select count(*) from schedules s where s.board_id = $from and s.next_at is not null and `+goesMember+`) as digests`)
	if c.err != nil || len(r) == 0 {
		return bot.Freight{}, c.err
	}
	return r[0], nil
}
