package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/store"
	"heed/store/storetest"
	"heed/store/storetest/pooled"
)

// TestPgBouncer is Heed behind PgBouncer in transaction mode, with fewer connections to
// Postgres than there are clients.
func TestPgBouncer(t *testing.T) {
	t.Parallel()
	const size = 2

	t.Run("three_replicas_migrate_at_once", func(t *testing.T) {
		t.Parallel()
		dsn := bouncer(t, pooled.Options{DSN: storetest.Empty(t), Size: size}).DSN()
		errs := make([]error, 3)
		var all sync.WaitGroup
		for i := range errs {
			db := storetest.Open(t, dsn)
			all.Go(func() { errs[i] = store.Migrate(t.Context(), db) })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})

	t.Run("each_client_gets_its_own_answers_and_leaves_nothing", func(t *testing.T) {
		t.Parallel()
		direct := storetest.DSN(t)
		dsn := bouncer(t, pooled.Options{DSN: direct, Size: size}).DSN()
		var all sync.WaitGroup
		for replica := range 2 {
			db := storetest.Open(t, dsn)
			for client := range 8 {
				all.Go(func() {
					for n := range 25 {
						mine := fmt.Sprintf("%d %d %d", replica, client, n)
						if got := asked(t, db, mine, n%2 == 0); got != mine {
							t.Errorf("asked for %q, got %q", mine, got)
						}
					}
				})
			}
		}
		all.Wait()
		// What sticks to a connection is on one of these.
		db := storetest.Open(t, dsn)
		var held []*sqlx.Tx
		for range size {
			tx, err := db.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, tx)
		}
		for _, tx := range held {
			var left int
			if err := tx.Get(&left, `
				select (select count(*) from pg_locks where locktype = 'advisory'
				          and database = (select oid from pg_database where datname = current_database()))
				     + (select count(*) from pg_prepared_statements)
				     + (select count(*) from pg_listening_channels()) + (select count(*) from pg_class where relpersistence = 't')`); err != nil || left != 0 {
				t.Errorf("%d locks, statements, channels or tables are left, %v", left, err)
			}
			if err := tx.Rollback(); err != nil {
				t.Error(err)
			}
			var timeout string
			if err := db.Get(&timeout, "show statement_timeout"); err != nil || timeout != "0" {
				t.Errorf("everybody's statements now end after %s, %v", timeout, err)
			}
		}
	})

	for name, settings := range map[string]string{
		"timeouts_stand_where_it_refuses_them": "",
		"timeouts_stand_where_it_drops_them":   "ignore_startup_parameters = statement_timeout, lock_timeout, idle_in_transaction_session_timeout",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := bouncer(t, pooled.Options{DSN: storetest.DSN(t), Size: size, Settings: settings}).DSN()
			db := storetest.Open(t, dsn+"&statement_timeout=100")
			if !store.Pooled(db) {
				t.Error("pg_dump would be let loose on it")
			}
			tx, err := db.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			for setting, want := range map[string]string{"statement_timeout": "100ms", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "20s"} {
				var got string
				if err := tx.Get(&got, "show "+setting); err != nil || got != want {
					t.Errorf("in a transaction %s is %s, %v", setting, got, err)
				}
			}
			if err := tx.Rollback(); err != nil {
				t.Error(err)
			}
			if _, err := db.Exec("select pg_sleep(600)"); err == nil || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("outside one a statement ends with %v", err)
			}
			awaitNone(t, db, "pg_sleep(600)")
		})
	}

	t.Run("statement_mode_is_told_at_the_start", func(t *testing.T) {
		t.Parallel()
		_, err := store.Open(t.Context(), bouncer(t, pooled.Options{DSN: storetest.DSN(t), Mode: "statement"}).DSN())
		var p *store.Problem
		if !errors.As(err, &p) || p.Code != store.BadPooler || !strings.Contains(p.Say(), "pool_mode = transaction") {
			t.Errorf("it ends with %v", err)
		}
	})

	t.Run("a_pooler_that_was_killed_is_found_again", func(t *testing.T) {
		t.Parallel()
		p := bouncer(t, pooled.Options{DSN: storetest.DSN(t), Size: size})
		w := &votesWorld{ctx: t.Context(), db: storetest.Open(t, p.DSN())}
		w.store = store.New(w.db)
		w.populate(t, 1)
		p.Kill()
		var back sync.WaitGroup
		back.Go(func() {
			if err := p.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
		w.cast(t, w.thumb("URUI", 0, "support", monday))
		back.Wait()
		if got := w.count(t, 0); got != 1 {
			t.Errorf("the item has %d votes", got)
		}
	})
}

// asked asks the database to say something back, in a transaction that has to be told
// from others' or alone.
func asked(t *testing.T, db *sqlx.DB, what string, alone bool) (got string) {
	t.Helper()
	if alone {
		if err := db.Get(&got, "select $1::text from pg_sleep(0.0005)", what); err != nil {
			t.Error(err)
		}
		return got
	}
	tx, err := db.Beginx()
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec("select set_config('heed.mine', $1, true)", what); err != nil {
		t.Error(err)
	}
	if err := tx.Get(&got, "select current_setting('heed.mine')"); err != nil {
		t.Error(err)
	}
	return got
}

// awaitNone waits until no statement like this runs: it was cancelled, not left running.
func awaitNone(t *testing.T, db *sqlx.DB, like string) {
	t.Helper()
	for t.Context().Err() == nil {
		var n int
		err := db.Get(&n, "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%' || $1 || '%' and pid <> pg_backend_pid()", like)
		if err == nil && n == 0 {
			return
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
}

func bouncer(t *testing.T, o pooled.Options) *pooled.Pooler {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p, err := pooled.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}
