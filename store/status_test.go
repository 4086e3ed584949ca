package store_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"heed/store"
	"heed/store/storetest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	t.Run("a_migrated_database_has_no_problem", func(t *testing.T) {
		t.Parallel()
		s := check(t, storetest.New(t))
		if len(s.Problems) != 0 || s.Schema != s.Wanted || s.Wanted == 0 || s.Server == "" {
			t.Errorf("%+v", s)
		}
	})
	t.Run("an_empty_one_wants_migrating", func(t *testing.T) {
		t.Parallel()
		db := storetest.Open(t, storetest.Empty(t))
		s := check(t, db)
		if len(s.Problems) != 1 || s.Problems[0].Code != store.NotMigrated || s.Schema != 0 {
			t.Errorf("%+v", s)
		}
		var tables int
		if err := db.Get(&tables, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"); err != nil || tables != 0 {
			t.Errorf("the check left %d relations, %v", tables, err)
		}
	})
	t.Run("a_newer_one_is_left_alone", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		if _, err := db.Exec("insert into goose_db_version (version_id, is_applied) values (99990101, true)"); err != nil {
			t.Fatal(err)
		}
		if s := check(t, db); len(s.Problems) != 1 || s.Problems[0].Code != store.TooNew {
			t.Errorf("%+v", s)
		}
	})
	t.Run("plain_c_sees_no_cyrillic", func(t *testing.T) {
		t.Parallel()
		if s := check(t, storetest.Open(t, storetest.PlainC(t))); len(s.Problems) != 2 || s.Problems[0].Code != store.BadLocale {
			t.Errorf("%+v", s)
		}
	})
}

func check(t *testing.T, db *sqlx.DB) store.Status {
	t.Helper()
	s, err := store.Check(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
