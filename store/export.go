package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// exportPage is how many rows an export reads at once. Each may hold a text of 100,000
// characters, so it bounds the memory.
const exportPage = 200

// ItemLine is an item as it is exported.
type ItemLine struct {
	Number    int
	Title     string
	Status    string    // the item's own, or "merged"
	Votes     int       // 0 of a merged one: its votes count where it went
	Author    string    // "" unknown, removed or anonymous
	CreatedAt time.Time `db:"created_at"`
	Tags      pq.StringArray
	Permalink string // of the message it was saved from, else of its card; "" neither
	Body      string
}

// ExportItems hands every item of a board to each, by number, as they stood when it
// began. Merged ones are among them; hidden and withdrawn ones are not. It holds a page
// in memory at a time, takes as long as each takes, and ends with each's error.
func (s *Store) ExportItems(ctx context.Context, b bot.BoardID, each func(ItemLine) error) error {
	return s.snapshot(ctx, func(ctx context.Context, q queries) error {
		return inPages(ctx, q, `
			select i.number, coalesce(nullif(i.team_title, ''), i.title) as title, coalesce(nullif(i.team_body, ''), i.body) as body, i.created_at,
			       case when i.merged_into is null then i.status else 'merged' end as status,
			       case when i.merged_into is null then i.votes else 0 end as votes,
			       coalesce(m.name, '') as author,
			       array(select t.tag from item_tags t where t.board_id = i.board_id and t.item_id = i.item_id order by t.tag) as tags,
			       coalesce(
			         (select e.permalink from evidence e
			           where e.board_id = i.board_id and e.item_id = i.item_id and e.kind in ('words', 'message')
			             and e.permalink <> '' and e.removed_at is null
			           order by e.created_at, e.evidence_id limit 1),
			         (select p.permalink from posts p
			           where p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.permalink <> '' and p.gone_at is null
			           order by p.post_id limit 1), '') as permalink
			  from items i
			  left join members m on m.board_id = i.board_id and m.member_id = i.author_id
			 where i.board_id = $1::bigint and i.number > $3::bigint and i.hidden_at is null and i.gone_at is null
			 order by i.number limit $2`,
			b, []any{0}, func(l ItemLine) []any { return []any{l.Number} }, each)
	})
}

// VoteLine is a person's vote as it is exported.
type VoteLine struct {
	ItemID   bot.ItemID `db:"item_id"`
	Number   int
	Person   bot.PersonID // the same in every row and export; says nothing outside
	Since    time.Time
	Supports bool // false: taken back at Since
}

// ExportVotes hands every vote that was ever cast on a board's items to each, by item
// and person, as they stood when it began: votes of merged items where these went, none
// of hidden and withdrawn ones. Otherwise it is as ExportItems.
func (s *Store) ExportVotes(ctx context.Context, b bot.BoardID, each func(VoteLine) error) error {
	return s.snapshot(ctx, func(ctx context.Context, q queries) error {
		return inPages(ctx, q, `
			select v.item_id, i.number, v.person_id as person, v.since, v.supports
			  from votes v
			  join items i on i.board_id = v.board_id and i.item_id = v.item_id and i.hidden_at is null and i.gone_at is null
			 where v.board_id = $1::bigint and (v.item_id, v.person_id) > ($3::bigint, $4::bigint)
			 order by v.item_id, v.person_id limit $2`,
			b, []any{0, 0}, func(l VoteLine) []any { return []any{l.ItemID, l.Person} }, each)
	})
}

// StoryLine is a story as it is exported.
type StoryLine struct {
	Number    int
	State     string        // open, done or dropped
	Position  sql.NullInt64 // in the backlog from 1; null when it is not open
	AsA       string        `db:"as_a"`
	IWant     string        `db:"i_want"`
	SoThat    string        `db:"so_that"`
	Criteria  pq.StringArray
	Estimate  string
	Sprint    string
	Label     string
	Items     pq.Int64Array // numbers of the items it was made from, hidden and withdrawn ones left out
	CreatedAt time.Time     `db:"created_at"`
}

// ExportStories hands every story of a board to each, by number, as they stood when it
// began. Otherwise it is as ExportItems.
func (s *Store) ExportStories(ctx context.Context, b bot.BoardID, each func(StoryLine) error) error {
	return s.snapshot(ctx, func(ctx context.Context, q queries) error {
		return inPages(ctx, q, `
			select s.number, s.state, s.as_a, s.i_want, s.so_that, s.estimate, s.sprint, s.label, s.created_at,
			       o.position,
			       array(select c.line from criteria c where c.board_id = s.board_id and c.story_id = s.story_id order by c.position) as criteria,
			       array(select i.number::bigint from story_items x join items i using (board_id, item_id)
			              where x.board_id = s.board_id and x.story_id = s.story_id and i.hidden_at is null and i.gone_at is null
			              order by i.number) as items
			  from stories s
			  left join (select story_id, row_number() over (order by rank, story_id) as position
			               from stories where board_id = $1::bigint and state = 'open') o on o.story_id = s.story_id
			 where s.board_id = $1::bigint and s.number > $3::bigint
			 order by s.number limit $2`,
			b, []any{0}, func(l StoryLine) []any { return []any{l.Number} }, each)
	})
}

// snapshot runs read in a transaction that sees one instant and may take long.
func (s *Store) snapshot(ctx context.Context, read func(context.Context, queries) error) error {
	ctx = Patient(ctx)
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return read(ctx, queries{tx})
}

// inPages hands the rows of a query to each, reading a page at a time. The query takes
// the board as $1, a page's size as $2, and from $3 on the key that it starts after.
func inPages[R any](ctx context.Context, q queries, query string, b bot.BoardID, after []any, key func(R) []any, each func(R) error) error {
	for {
		var page []R
		if err := q.rows(ctx, &page, query, append([]any{b, exportPage}, after...)...); err != nil {
			return fmt.Errorf("read a page: %w", err)
		}
		for _, r := range page {
			if err := each(r); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		after = key(page[len(page)-1])
	}
}

// Boards lists the boards that hold something of their own, by id: not those whose
// workspace went to a shared one.
func (s *Store) Boards(ctx context.Context) ([]bot.Board, error) {
	var rs []struct {
		BoardID bot.BoardID `db:"board_id"`
		Name    string
	}
	err := s.rows(ctx, &rs, `select board_id, name from boards where moved_to is null order by board_id`)
	out := make([]bot.Board, len(rs))
	for i, r := range rs {
		out[i] = bot.Board{ID: r.BoardID, Name: r.Name}
	}
	return out, err
}

// PeopleNamed lists the members of a board that have a name, in any case, by one
// account a person. Bots have none.
func (s *Store) PeopleNamed(ctx context.Context, b bot.BoardID, name string) ([]bot.MemberID, error) {
	var ids []bot.MemberID
	err := s.rows(ctx, &ids, `
		select min(member_id) from members
		 where board_id = $1 and lower(name) = lower($2) and name <> '' and not is_bot
		 group by person_id order by 1`, b, name)
	return ids, err
}
