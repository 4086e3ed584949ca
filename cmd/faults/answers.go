package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
)

// answers asks a database very often, from many clients at once, for what tells by itself
// whether it is the right answer.
type answers struct {
	asked, wrong, failed atomic.Int64
	mu                   sync.Mutex
	example              string // of what was wrong or failed, the first
}

// asker is one client's way of asking.
type asker func(ctx context.Context, db *sqlx.DB, s *store.Store, mine string, n int) (got, want string, err error)

// askers are the ways: a statement alone, a transaction that must stay its own, and the
// store's statements, which end in rows of everybody. Most stand alone: they change their
// connection each time.
func askers(workspace bot.WorkspaceRef, items []itemRow) []asker {
	alone := func(ctx context.Context, db *sqlx.DB, _ *store.Store, mine string, _ int) (got, _ string, err error) {
		err = db.GetContext(ctx, &got, "select $1::text", mine)
		return got, mine, err
	}
	return []asker{
		alone, alone, alone, alone, alone, alone,
		func(ctx context.Context, db *sqlx.DB, _ *store.Store, mine string, _ int) (got, _ string, err error) {
			tx, err := db.BeginTxx(ctx, nil)
			if err != nil {
				return "", mine, err
			}
			defer func() { _ = tx.Rollback() }()
			if _, err := tx.ExecContext(ctx, "select set_config('heed.mine', $1, true)", mine); err != nil {
				return "", mine, err
			}
			err = tx.GetContext(ctx, &got, "select current_setting('heed.mine')")
			return got, mine, err
		},
		func(ctx context.Context, _ *sqlx.DB, s *store.Store, _ string, n int) (got, want string, err error) {
			it := items[n%len(items)]
			read, err := s.Item(ctx, bot.BoardID(it.Board), bot.ItemID(it.Item))
			return fmt.Sprint(read.Board, read.ID, read.Number), fmt.Sprint(it.Board, it.Item, it.Number), err
		},
		func(ctx context.Context, _ *sqlx.DB, s *store.Store, mine string, n int) (string, string, error) {
			want := fmt.Sprintf("%d", n)
			var read bot.Draft
			err := s.InTx(ctx, func(tx bot.Tx) error {
				draft := bot.Draft{Workspace: workspace, Account: mine, Key: "answers", Data: []byte(want)}
				if err := tx.KeepDraft(ctx, draft, time.Now().Add(time.Hour)); err != nil {
					return err
				}
				var err error
				if read, err = tx.DraftOf(ctx, workspace.Platform, mine, "answers", time.Now()); err != nil {
					return err
				}
				return tx.DropDraft(ctx, draft)
			})
			return string(read.Data), want, err
		},
	}
}

// ask has so many clients of each pool ask until so many questions were asked in all.
func (a *answers) ask(ctx context.Context, pools []*sqlx.DB, clients, total int, ways []asker) {
	var next atomic.Int64
	var running sync.WaitGroup
	for p, db := range pools {
		s := store.New(db)
		for c := range clients {
			running.Go(func() {
				for n := int(next.Add(1)); n <= total && ctx.Err() == nil; n = int(next.Add(1)) {
					a.one(ctx, db, s, ways[n%len(ways)], fmt.Sprintf("client %d of pool %d asks %d", c, p, n), n)
				}
			})
		}
	}
	running.Wait()
}

// one asks once. A question that waited for a connection and got none in ten seconds failed.
func (a *answers) one(ctx context.Context, db *sqlx.DB, s *store.Store, way asker, mine string, n int) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, want, err := way(ctx, db, s, mine, n)
	a.asked.Add(1)
	switch {
	case err != nil:
		a.failed.Add(1)
		a.note(fmt.Sprintf("%s: %v", mine, err))
	case got != want:
		a.wrong.Add(1)
		a.note(fmt.Sprintf("%s: wanted %q, got %q", mine, want, got))
	}
}

func (a *answers) note(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.example == "" {
		a.example = what
	}
}
