// Package crowd fills a database as if many boards had been in use for two years, for
// benchmarks and for tests of plans. It is for throw-away databases alone: what it
// writes is not checked, and foreign keys are checked only for what comes after it.
package crowd

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
)

// Size is how much there is: usual boards, and one big one.
type Size struct {
	Boards int // usual ones
	Items  int // of a usual board
	People int // of a usual board
	Votes  int // of its item with the most; no more than People

	BigItems  int
	BigPeople int
	BigVotes  int // no more than BigPeople
}

// Crowd is what was filled in.
type Crowd struct {
	Boards []bot.BoardID // the usual ones; every fourth is one of team and community
	Big    bot.BoardID
	Words  []string // that the requests are made of, the most frequent first
}

// Fill writes it, over two connections of the pool at a time. Tables lose their indexes
// for the while. What is in the database already stays. say is told of each step.
func Fill(ctx context.Context, db *sqlx.DB, size Size, say func(format string, args ...any)) (Crowd, error) {
	ctx = store.Patient(ctx)
	var c Crowd
	bare, err := strip(ctx, db)
	if err != nil {
		return c, err
	}
	for _, step := range steps(size) {
		say("%s", step.name)
		if err := both(ctx, db, step.statements); err != nil {
			return c, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	say("indexes")
	if err := bare.dress(ctx, db); err != nil {
		return c, err
	}
	if err := db.SelectContext(ctx, &c.Words, `select word from crowd_words order by n`); err != nil {
		return c, err
	}
	if err := db.SelectContext(ctx, &c.Boards, `select board_id from crowd_boards where not big order by board_id`); err != nil {
		return c, err
	}
	if err := db.GetContext(ctx, &c.Big, `select board_id from crowd_boards where big`); err != nil {
		return c, err
	}
	say("statistics")
	return c, both(ctx, db, []string{
		`drop table crowd_words, crowd_shorts, crowd_longs, crowd_boards`,
		`vacuum (analyze) items`, `vacuum (analyze) votes`, `vacuum (analyze) ballots`, `vacuum (analyze) item_days`, `vacuum (analyze) evidence`, `vacuum (analyze) posts`,
		`analyze boards, workspaces, channels, people, members, schedules, notices, held, seen, history, story_items, item_tags`,
	})
}

// both runs statements over two connections, each taking the next when it is done.
func both(ctx context.Context, db *sqlx.DB, statements []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := make(chan string, len(statements))
	for _, s := range statements {
		next <- s
	}
	close(next)
	done := make(chan error, 2)
	for range 2 {
		go func() {
			done <- func() error {
				conn, err := db.Connx(ctx)
				if err != nil {
					return err
				}
				defer func() { _ = conn.Close() }()
				for _, s := range roomy {
					if _, err := conn.ExecContext(ctx, s); err != nil {
						return err
					}
				}
				for s := range next {
					if _, err := conn.ExecContext(ctx, s); err != nil {
						return fmt.Errorf("%.60s: %w", s, err)
					}
				}
				_, err = conn.ExecContext(ctx, `reset all`)
				return err
			}()
		}()
	}
	var first error
	for range 2 {
		if err := <-done; err != nil && first == nil {
			first = err
			cancel()
		}
	}
	return first
}

// roomy are a session's settings for work in bulk.
var roomy = []string{
	`set statement_timeout = 0`, `set lock_timeout = 0`, `set synchronous_commit = off`, `set maintenance_work_mem = '512MB'`,
	`set work_mem = '512MB'`, `set max_parallel_maintenance_workers = 0`, `set max_parallel_workers_per_gather = 0`,
}
