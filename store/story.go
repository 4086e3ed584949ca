package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

const storyColumns = `s.board_id, s.story_id, s.number, s.as_a, s.i_want, s.so_that, s.estimate, s.sprint, s.label, s.rank, s.state, s.version,
	s.created_by, s.created_at,
	array(select c.line from criteria c where c.board_id = s.board_id and c.story_id = s.story_id order by c.position) as criteria,
	array(select i.item_id from story_items i where i.board_id = s.board_id and i.story_id = s.story_id order by i.item_id) as items`

type storyRow struct {
	BoardID   bot.BoardID `db:"board_id"`
	StoryID   bot.StoryID `db:"story_id"`
	Number    int
	AsA       string `db:"as_a"`
	IWant     string `db:"i_want"`
	SoThat    string `db:"so_that"`
	Estimate  string
	Sprint    string
	Label     string
	Rank      int64
	State     bot.StoryState
	Version   int
	CreatedBy sql.NullInt64 `db:"created_by"`
	CreatedAt time.Time     `db:"created_at"`
	Criteria  pq.StringArray
	Items     pq.Int64Array
}

func (r storyRow) story() bot.Story {
	s := bot.Story{
		Board: r.BoardID, ID: r.StoryID, Number: r.Number, AsA: r.AsA, IWant: r.IWant, SoThat: r.SoThat, Criteria: r.Criteria,
		Estimate: r.Estimate, Sprint: r.Sprint, Label: r.Label, Rank: r.Rank, State: r.State, Version: r.Version,
		CreatedBy: bot.MemberID(r.CreatedBy.Int64), CreatedAt: r.CreatedAt,
	}
	for _, id := range r.Items {
		s.Items = append(s.Items, bot.ItemID(id))
	}
	return s
}

// LockBacklog makes other movers wait; see bot.StoryStore. The advisory lock is the
// transaction's, so that it works through a pooler; what it guards is read after it.
func (q queries) LockBacklog(ctx context.Context, b bot.BoardID) ([]bot.Ranked, error) {
	if _, err := q.exec(ctx, `select pg_advisory_xact_lock(hashtextextended('backlog', $1))`, int64(b)); err != nil {
		return nil, fmt.Errorf("lock backlog: %w", err)
	}
	var rs []struct {
		StoryID bot.StoryID `db:"story_id"`
		Rank    int64
	}
	err := q.rows(ctx, &rs, `select story_id, rank from stories where board_id = $1 and state = 'open' order by rank, story_id`, b)
	out := make([]bot.Ranked, len(rs))
	for i, r := range rs {
		out[i] = bot.Ranked{Story: r.StoryID, Rank: r.Rank}
	}
	return out, err
}

// SaveRanks writes ranks; see bot.StoryStore.
func (q queries) SaveRanks(ctx context.Context, b bot.BoardID, ranks []bot.Ranked) error {
	ids, to := make([]int64, len(ranks)), make([]int64, len(ranks))
	for i, r := range ranks {
		ids[i], to[i] = int64(r.Story), r.Rank
	}
	_, err := q.exec(ctx, `
		update stories s set rank = t.rank from unnest($2::bigint[], $3::bigint[]) t (story_id, rank)
		 where s.board_id = $1 and s.story_id = t.story_id`, b, pq.Array(ids), pq.Array(to))
	return err
}

// AddStory keeps a story; see bot.StoryStore.
func (q queries) AddStory(ctx context.Context, s bot.Story, sourceKey string) (bot.Story, bool, error) {
	var id bot.StoryID
	err := q.row(ctx, &id, `select story_id from stories where board_id = $1 and source_key = $2`+confirm, s.Board, sourceKey)
	if err == nil {
		there, err := q.StoryByID(ctx, s.Board, id)
		return there, false, err
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return s, false, err
	}
	err = q.row(ctx, &id, `
		with n as (update boards set next_story = next_story + 1 where board_id = $1 returning next_story - 1 as number)
		insert into stories (board_id, number, source_key, as_a, i_want, so_that, estimate, sprint, label, rank, created_by, created_at)
		select $1, n.number, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from n
		on conflict (board_id, source_key) do nothing
		returning story_id`,
		s.Board, sourceKey, s.AsA, s.IWant, s.SoThat, s.Estimate, s.Sprint, s.Label, s.Rank, null(s.CreatedBy), s.CreatedAt)
	if errors.Is(err, bot.ErrNotFound) { // the same form at the same instant was first
		if err = q.row(ctx, &id, `select story_id from stories where board_id = $1 and source_key = $2`+confirm, s.Board, sourceKey); err != nil {
			return s, false, err
		}
		there, err := q.StoryByID(ctx, s.Board, id)
		return there, false, err
	}
	if err != nil {
		return s, false, fmt.Errorf("add story: %w", err)
	}
	if err := q.saveCriteria(ctx, s.Board, id, s.Criteria); err != nil {
		return s, false, err
	}
	items := make([]int64, len(s.Items))
	for i, it := range s.Items {
		items[i] = int64(it)
	}
	if _, err := q.exec(ctx, `insert into story_items (board_id, story_id, item_id) select $1, $2, i from unnest($3::bigint[]) i`, s.Board, id, pq.Array(items)); err != nil {
		return s, false, fmt.Errorf("items of a story: %w", err)
	}
	there, err := q.StoryByID(ctx, s.Board, id)
	return there, true, err
}

func (q queries) saveCriteria(ctx context.Context, b bot.BoardID, id bot.StoryID, lines []string) error {
	if _, err := q.exec(ctx, `delete from criteria where board_id = $1 and story_id = $2`, b, id); err != nil {
		return fmt.Errorf("drop criteria: %w", err)
	}
	_, err := q.exec(ctx, `
		insert into criteria (board_id, story_id, position, line)
		select $1, $2, t.position, t.line from unnest($3::text[]) with ordinality t (line, position)`, b, id, pq.Array(append([]string{}, lines...)))
	if err != nil {
		return fmt.Errorf("criteria: %w", err)
	}
	return nil
}

// StoryByID reads a story.
func (q queries) StoryByID(ctx context.Context, b bot.BoardID, id bot.StoryID) (bot.Story, error) {
	var r storyRow
	err := q.row(ctx, &r, `select `+storyColumns+` from stories s where s.board_id = $1 and s.story_id = $2`, b, id)
	return r.story(), err
}

// StoryByNumber reads a story by its number.
func (q queries) StoryByNumber(ctx context.Context, b bot.BoardID, number int) (bot.Story, error) {
	var r storyRow
	err := q.row(ctx, &r, `select `+storyColumns+` from stories s where s.board_id = $1 and s.number = $2`, b, number)
	return r.story(), err
}

// StoriesFor lists the stories of an item; see bot.StoryStore.
func (q queries) StoriesFor(ctx context.Context, b bot.BoardID, root bot.ItemID) ([]bot.Story, error) {
	var rs []storyRow
	err := q.rows(ctx, &rs, `
		select `+storyColumns+` from stories s
		 where s.board_id = $1 and s.state <> 'dropped'
		   and exists (select from story_items x join items i using (board_id, item_id)
		                where x.board_id = $1 and x.story_id = s.story_id and i.root_id = $2)
		 order by s.number desc`, b, root)
	return stories(rs), err
}

func stories(rs []storyRow) []bot.Story {
	out := make([]bot.Story, len(rs))
	for i, r := range rs {
		out[i] = r.story()
	}
	return out
}

// Backlog lists open stories; see bot.StoryStore.
func (q queries) Backlog(ctx context.Context, b bot.BoardID, p bot.Page) ([]bot.Story, int, int, error) {
	var n struct{ Total, Ready int }
	err := q.row(ctx, &n, `
		select count(*) as total,
		       count(*) filter (where s.estimate <> '' and exists (select from criteria c where c.board_id = $1 and c.story_id = s.story_id)) as ready
		  from stories s where s.board_id = $1 and s.state = 'open'`, b)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("count backlog: %w", err)
	}
	var rs []storyRow
	err = q.rows(ctx, &rs, `
		select `+storyColumns+` from stories s where s.board_id = $1 and s.state = 'open' order by s.rank, s.story_id limit $2 offset $3`, b, p.Limit, p.Offset)
	return stories(rs), n.Total, n.Ready, err
}

// SaveStory writes what a story says; see bot.StoryStore. The row is locked by the
// update before its past is read, so that two editors keep two versions.
func (q queries) SaveStory(ctx context.Context, s bot.Story, by bot.MemberID, now time.Time) (int, error) {
	n, err := q.exec(ctx, `update stories set version = version + 1 where board_id = $1 and story_id = $2`, s.Board, s.ID)
	if err != nil {
		return 0, fmt.Errorf("lock story: %w", err)
	}
	if n == 0 {
		return 0, bot.ErrNotFound
	}
	was, err := q.StoryByID(ctx, s.Board, s.ID)
	if err != nil {
		return 0, fmt.Errorf("story before: %w", err)
	}
	data, err := json.Marshal(map[string]any{
		"as_a": was.AsA, "i_want": was.IWant, "so_that": was.SoThat, "estimate": was.Estimate, "sprint": was.Sprint, "label": was.Label, "criteria": was.Criteria,
	})
	if err != nil {
		return 0, err
	}
	if _, err := q.exec(ctx, `insert into story_versions (board_id, story_id, version, data, edited_by, at) values ($1, $2, $3, $4, $5, $6)`,
		s.Board, s.ID, was.Version-1, string(data), null(by), now); err != nil {
		return 0, fmt.Errorf("version: %w", err)
	}
	if _, err := q.exec(ctx, `
		update stories set as_a = $3, i_want = $4, so_that = $5, estimate = $6, sprint = $7, label = $8 where board_id = $1 and story_id = $2`,
		s.Board, s.ID, s.AsA, s.IWant, s.SoThat, s.Estimate, s.Sprint, s.Label); err != nil {
		return 0, fmt.Errorf("save story: %w", err)
	}
	return was.Version, q.saveCriteria(ctx, s.Board, s.ID, s.Criteria)
}

// SetStoryState moves a story between states.
func (q queries) SetStoryState(ctx context.Context, b bot.BoardID, id bot.StoryID, from, to bot.StoryState) (bool, error) {
	n, err := q.exec(ctx, `update stories set state = $4 where board_id = $1 and story_id = $2 and state = $3`, b, id, from, to)
	return n == 1, err
}
