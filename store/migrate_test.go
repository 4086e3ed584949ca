package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/store"
	"heed/store/storetest"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	t.Run("again_changes_nothing", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		before := catalog(t, db)
		if err := store.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if after := catalog(t, db); after != before {
			t.Error("the schema changed")
		}
	})
	t.Run("three_replicas_start_at_once_and_none_waits_longer_than_the_work", func(t *testing.T) {
		t.Parallel()
		dsn := storetest.Empty(t)
		// The second migration takes half a second, and fails when it runs twice.
		files := fstest.MapFS{
			"1_one.sql": {Data: []byte("-- +goose Up\ncreate table one (id int);\n")},
			"2_two.sql": {Data: []byte("-- +goose Up\nselect pg_sleep(0.5);\ncreate table two (id int);\n")},
		}
		type end struct {
			err  error
			took time.Duration
		}
		ends := make(chan end)
		began := time.Now()
		var first time.Duration
		for range 3 {
			db := storetest.Open(t, dsn)
			go func() {
				err := store.MigrateFrom(context.WithoutCancel(t.Context()), db, files)
				ends <- end{err, time.Since(began)}
			}()
		}
		for range 3 {
			e := <-ends
			if e.err != nil {
				t.Error(e.err)
			}
			t.Logf("%v", e.took)
			if first == 0 {
				first = e.took
			}
			if waited := e.took - first; waited > 5*time.Second {
				t.Errorf("a replica waited %v after the work was done", waited)
			}
		}
	})
	t.Run("two_connections_are_enough_for_any_number_of_replicas", func(t *testing.T) {
		t.Parallel()
		// One pool stands for a pooler: what waits for the lock must leave it alone.
		db := storetest.Open(t, storetest.Empty(t))
		db.SetMaxOpenConns(2)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		ends := make(chan error)
		for range 5 {
			go func() { ends <- store.Migrate(ctx, db) }()
		}
		for range 5 {
			if err := <-ends; err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("a_failure_leaves_the_last_complete_migration_and_a_second_try_goes_on", func(t *testing.T) {
		t.Parallel()
		db := storetest.Open(t, storetest.Empty(t))
		files := fstest.MapFS{
			"1_one.sql": {Data: []byte("-- +goose Up\ncreate table one (id int);\n")},
			"2_two.sql": {Data: []byte("-- +goose Up\ncreate table two (id int);\nselect 1/0;\n")},
		}
		if err := store.MigrateFrom(t.Context(), db, files); err == nil {
			t.Fatal("no error")
		}
		var tables string
		const q = "select coalesce(string_agg(relname, ' ' order by relname), '') from pg_class where relname in ('one', 'two')"
		if err := db.Get(&tables, q); err != nil || tables != "one" {
			t.Fatalf("%q, %v", tables, err)
		}
		files["2_two.sql"].Data = []byte("-- +goose Up\ncreate table two (id int);\n")
		if err := store.MigrateFrom(t.Context(), db, files); err != nil {
			t.Fatal(err)
		}
		if err := db.Get(&tables, q); err != nil || tables != "one two" {
			t.Fatalf("%q, %v", tables, err)
		}
	})
	t.Run("refuses_a_database_of_a_newer_version", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		if _, err := db.Exec("insert into goose_db_version (version_id, is_applied) values (99990101, true)"); err != nil {
			t.Fatal(err)
		}
		var p *store.Problem
		if err := store.Migrate(t.Context(), db); !errors.As(err, &p) || p.Code != store.TooNew || !strings.Contains(p.Say(), "newer") {
			t.Fatalf("%v", err)
		}
	})
	t.Run("a_long_migration_outlasts_the_statement_timeout", func(t *testing.T) {
		t.Parallel()
		db := storetest.Open(t, storetest.Empty(t)+"&statement_timeout=100")
		files := fstest.MapFS{"1_slow.sql": {Data: []byte("-- +goose Up\nselect pg_sleep(0.3);\n")}}
		if err := store.MigrateFrom(t.Context(), db, files); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("select pg_sleep(0.3)"); err == nil {
			t.Error("there is no statement timeout; the test proves nothing")
		}
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	t.Run("sessions_are_in_utc_and_bounded", func(t *testing.T) {
		t.Parallel()
		for setting, want := range map[string]string{
			"timezone": "UTC", "statement_timeout": "15s", "lock_timeout": "5s",
			"idle_in_transaction_session_timeout": "20s", "application_name": "heed",
		} {
			var got string
			if err := db.Get(&got, "select current_setting($1)", setting); err != nil || got != want {
				t.Errorf("%s is %q, %v; want %q", setting, got, err, want)
			}
		}
	})
	t.Run("a_cancelled_statement_says_so", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := db.ExecContext(ctx, "select pg_sleep(10)")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
	t.Run("a_patient_transaction_has_no_statement_timeout", func(t *testing.T) {
		t.Parallel()
		tx, err := db.BeginTxx(store.Patient(t.Context()), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		var got string
		if err := tx.Get(&got, "select current_setting('statement_timeout')"); err != nil || got != "0" {
			t.Errorf("%q, %v", got, err)
		}
	})
}
