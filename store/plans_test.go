package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
	"heed/store/crowd"
	"heed/store/storetest"
)

// TestPlans holds what is asked often to what it shows: on a database of many boards no
// table that grows is read from end to end, and how many rows are looked at for a board of
// some thousands of requests has a bound that is far below them, where what is shown does
// not grow with it.
func TestPlans(t *testing.T) {
	t.Parallel()
	dsn := storetest.DSN(t)
	db := storetest.Open(t, dsn)
	c, err := crowd.Fill(t.Context(), db, crowd.Size{
		Boards: 120, Items: 50, People: 30, Votes: 20, BigItems: 4000, BigPeople: 400, BigVotes: 300,
	}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	more(t, db, c)
	now := time.Now().Add(time.Minute)
	week := now.Add(-7 * 24 * time.Hour)
	big := c.Big
	some := func(s *store.Store) bot.Item {
		items, _, err := s.Top(t.Context(), big, bot.Team, bot.Page{Limit: 1})
		if err != nil || len(items) != 1 {
			t.Fatalf("%d items, %v", len(items), err)
		}
		return items[0]
	}(store.New(db))
	person := bot.PersonID(0)
	if err := db.Get(&person, `select max(person_id) from people where board_id = $1`, big); err != nil {
		t.Fatal(err)
	}
	ref := bot.WorkspaceRef{Platform: bot.Slack, Ref: fmt.Sprint("TCROWD", big)}
	second := func(_ any, err error) error { return err }
	third := func(_, _ any, err error) error { return err }
	part := func(p bot.DigestPart) func(context.Context, *store.Store) error {
		return func(ctx context.Context, s *store.Store) error {
			return second(s.DigestLists(ctx, big, bot.Team, week, now, map[bot.DigestPart]int{p: 10}))
		}
	}
	t.Run("votes", func(t *testing.T) { testPlansOfVotes(t, db, c, ref) })
	for name, ask := range map[string]struct {
		rows int // at most
		run  func(context.Context, *store.Store) error
	}{
		// The count of a list is one run through a small index; what is listed, a few rows of it.
		"top": {9000, func(ctx context.Context, s *store.Store) error {
			return third(s.Top(ctx, big, bot.Team, bot.Page{Limit: 20}))
		}},
		"a usual top": {900, func(ctx context.Context, s *store.Store) error {
			return third(s.Top(ctx, c.Boards[3], bot.Community, bot.Page{Limit: 20}))
		}},
		"roadmap": {1500, func(ctx context.Context, s *store.Store) error {
			return third(s.WithStatus(ctx, big, bot.Team, bot.StatusPlanned, bot.Page{Limit: 10}))
		}},
		"search": {3000, func(ctx context.Context, s *store.Store) error {
			return third(s.Search(ctx, big, bot.Team, c.Words[300], bot.Page{Limit: 20}))
		}},
		"a usual search": {900, func(ctx context.Context, s *store.Store) error {
			return third(s.Search(ctx, c.Boards[3], bot.Team, c.Words[2]+" "+c.Words[5], bot.Page{Limit: 20}))
		}},
		"loose search": {1000, func(ctx context.Context, s *store.Store) error {
			return third(s.Search(ctx, big, bot.Team, "xqzvw", bot.Page{Limit: 20}))
		}},
		"similar": {6000, func(ctx context.Context, s *store.Store) error {
			return second(s.Near(ctx, big, bot.Team, some.Title, c.Words[:8], 20))
		}},
		"a usual similar": {1500, func(ctx context.Context, s *store.Store) error {
			return second(s.Near(ctx, c.Boards[3], bot.Team, some.Title, c.Words[:8], 20))
		}},
		"digest top": {1500, part(bot.DigestTop)},
		"digest of both kinds": {1500, func(ctx context.Context, s *store.Store) error {
			return second(s.DigestLists(ctx, c.Boards[2], bot.Team, week, now, map[bot.DigestPart]int{bot.DigestTop: 10}))
		}},
		"digest rising":     {1500, part(bot.DigestRising)},
		"digest fresh":      {1500, part(bot.DigestFresh)},
		"digest unanswered": {1500, part(bot.DigestUnanswered)},
		"digest ready":      {2500, part(bot.DigestReady)},
		"digest shipped":    {1500, part(bot.DigestShipped)},
		"digest totals": {4000, func(ctx context.Context, s *store.Store) error {
			return second(s.DigestTotals(ctx, big, bot.Team, week, now))
		}},
		"digest quote": {1500, func(ctx context.Context, s *store.Store) error {
			_, err := s.DigestQuote(ctx, big, bot.Team, week, now)
			if errors.Is(err, bot.ErrNotFound) {
				return nil
			}
			return err
		}},
		"due schedules": {50, func(ctx context.Context, s *store.Store) error { return second(s.DueSchedules(ctx, now)) }},
		"details": {500, func(ctx context.Context, s *store.Store) error {
			return second(s.CardFacts(ctx, big, some.ID, bot.Team, now))
		}},
		"an item": {50, func(ctx context.Context, s *store.Store) error { return second(s.ItemByNumber(ctx, big, some.Number)) }},
		"voters":  {1000, func(ctx context.Context, s *store.Store) error { return third(s.Voters(ctx, big, some.ID, 10)) }},
		"others":  {50, func(ctx context.Context, s *store.Store) error { return second(s.OthersFor(ctx, big, some.ID, person)) }},
		"quotes": {200, func(ctx context.Context, s *store.Store) error {
			return third(s.EvidenceFor(ctx, big, some.ID, bot.Team, 5, 0))
		}},
		"history": {100, func(ctx context.Context, s *store.Store) error { return second(s.History(ctx, big, some.ID, 10)) }},
		"mine": {500, func(ctx context.Context, s *store.Store) error {
			return third(s.AskedBy(ctx, big, person, bot.Page{Limit: 10}))
		}},
		"my votes": {2000, func(ctx context.Context, s *store.Store) error {
			return third(s.VotedFor(ctx, big, bot.Team, person, bot.Page{Limit: 10}))
		}},
		"my own": {50, func(ctx context.Context, s *store.Store) error {
			return second(s.Supported(ctx, big, person, []bot.ItemID{some.ID}))
		}},
		"the queue": {4000, func(ctx context.Context, s *store.Store) error {
			return third(s.TriageQueue(ctx, big, bot.Page{Limit: 1}))
		}},
		"words to review": {50, func(ctx context.Context, s *store.Store) error {
			return third(s.HeldForReview(ctx, big, bot.Page{Limit: 1}))
		}},
		"words that waited": {50, func(ctx context.Context, s *store.Store) error { return second(s.HeldDue(ctx, now, 10)) }},
		"a workspace":       {50, func(ctx context.Context, s *store.Store) error { return second(s.Workspace(ctx, ref)) }},
		"a member": {50, func(ctx context.Context, s *store.Store) error {
			w, err := s.Workspace(ctx, ref)
			if err != nil {
				return err
			}
			return second(s.MemberByAccount(ctx, big, w.ID, "U7"))
		}},
		"roles": {100, func(ctx context.Context, s *store.Store) error { return second(s.RolesOf(ctx, big, person)) }},
		"unknown": {100, func(ctx context.Context, s *store.Store) error {
			return second(s.UnknownMembers(ctx, []bot.Platform{bot.Slack}, 10, 20))
		}},
		// Of a board of few hundred members Postgres reads all sooner than by two indexes.
		"recipients": {3000, func(ctx context.Context, s *store.Store) error { return second(s.Recipients(ctx, now, 10)) }},
		"a batch":    {50, func(ctx context.Context, s *store.Store) error { return second(s.NoticesOf(ctx, big, 12)) }},
		"claim": {500, func(ctx context.Context, s *store.Store) error {
			return second(s.ClaimOver(ctx, now, 10, time.Minute, map[bot.Platform]bot.Pace{bot.Slack: {Channel: time.Second, Post: time.Second, Change: time.Second, Burst: 5}}))
		}},
		"figures": {500, func(ctx context.Context, s *store.Store) error { return second(s.Figures(ctx, now)) }},
		"once":    {50, func(ctx context.Context, s *store.Store) error { return second(s.Once(ctx, big, "act", now)) }},
	} {
		t.Run(name, func(t *testing.T) {
			e := &explainer{DB: db, t: t}
			if err := ask.run(t.Context(), store.Over(e)); err != nil {
				t.Fatal(err)
			}
			if len(e.seq) > 0 {
				t.Errorf("reads %v from end to end", e.seq)
			}
			if e.rows > ask.rows {
				t.Errorf("looks at %d rows, want at most %d", e.rows, ask.rows)
			}
			t.Logf("%d rows", e.rows)
		})
	}
}

// testPlansOfVotes counts the rows that Postgres reads for votes on a board of many cards
// and members, within cast_votes too.
func testPlansOfVotes(t *testing.T, db *sqlx.DB, c crowd.Crowd, ref bot.WorkspaceRef) {
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	var cards []struct {
		Channel string `db:"channel_ref"`
		Message string `db:"message_ref"`
	}
	if err := tx.Select(&cards, `select channel_ref, message_ref from posts where board_id = $1 order by post_id desc limit 8`, c.Big); err != nil {
		t.Fatal(err)
	}
	var ballots []bot.Ballot
	for i, card := range cards {
		ballots = append(ballots, bot.Ballot{
			Workspace: ref, Account: fmt.Sprintf("U%d", 300+i), Audience: bot.Team, Channel: card.Channel, Message: card.Message, Emoji: "+1",
			Act: bot.Support, At: time.Now(),
		})
	}
	read := func() (rows int) { // by this connection, also before and not told yet
		if err := tx.Get(&rows, `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read) from pg_stat_xact_user_tables`); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	before := read()
	casts, err := store.Over(tx).CastVotes(t.Context(), time.Now(), ballots)
	if err != nil || len(casts) != len(ballots) || casts[0].Outcome != bot.CastRecorded {
		t.Fatalf("%+v, %v", casts, err)
	}
	rows := read() - before
	if rows > 600 {
		t.Errorf("%d votes look at %d rows", len(ballots), rows)
	}
	t.Logf("%d rows", rows)
}

// more is what else boards hold after years: much that is over, a little that is due.
func more(t *testing.T, db *sqlx.DB, c crowd.Crowd) {
	t.Helper()
	for _, statement := range []string{
		`insert into history (board_id, item_id, member_id, act, at) select board_id, item_id, author_id, 'submitted', created_at from items`,
		`insert into notices (board_id, person_id, item_id, kind, due_at, post_id, created_at)
		 select board_id, author_id, item_id, 'shipped', created_at, item_id, created_at from items`,
		`update notices set post_id = null where item_id % 1000 = 0`,
		`insert into held (board_id, member_id, source_key, why, words, until_at, settled_at, created_at)
		 select board_id, author_id, 'held:' || item_id, 'similar', case when item_id % 1000 = 0 then 'please' else '' end, created_at,
		        case when item_id % 1000 <> 1 then created_at end, created_at from items`,
		`insert into seen (board_id, key, expires_at) select board_id, 'act:' || item_id, now() + interval '1 hour' - make_interval(hours => case when item_id % 1000 = 0 then 2 else 0 end) from items`,
		`insert into stories (board_id, number, source_key, i_want, rank, created_at) select board_id, number, 'story:' || item_id, title, number, created_at from items where number % 20 = 0`,
		`insert into story_items (board_id, story_id, item_id) select s.board_id, s.story_id, i.item_id from stories s join items i using (board_id, number)`,
		`insert into item_tags (board_id, item_id, tag, at) select board_id, item_id, 'tag', now() from items`,
		`insert into follows (board_id, member_id, item_id, follows, at) select board_id, author_id, item_id, true, created_at from items`,
		`update posts set due_at = now() where item_id % 1000 = 0`,
		`update members set looked_up_at = null where member_id % 1000 = 0`,
		`analyze`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v in: %s", err, statement)
		}
	}
}
