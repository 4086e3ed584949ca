package storetest_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/lib/pq"

	"heed/store"
	"heed/store/storetest"
)

func TestNew(t *testing.T) {
	t.Parallel()
	t.Run("tests_do_not_see_each_other", func(t *testing.T) {
		t.Parallel()
		one, two := storetest.New(t), storetest.New(t)
		if _, err := one.Exec("insert into boards (name, created_at) values ('Acme', now())"); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := two.Get(&n, "select count(*) from boards"); err != nil || n != 0 {
			t.Fatalf("the second database has %d boards, %v", n, err)
		}
	})
	t.Run("trigrams_see_cyrillic", func(t *testing.T) {
		t.Parallel()
		var n int
		if err := storetest.New(t).Get(&n, "select array_length(show_trgm('тёмная тема'), 1)"); err != nil || n == 0 {
			t.Fatalf("%d trigrams, %v: the locale is not C.UTF-8", n, err)
		}
	})
	t.Run("database_goes_with_the_test_though_someone_is_connected", func(t *testing.T) {
		t.Parallel()
		var dsn string
		var other *sql.DB
		t.Run("inner", func(t *testing.T) {
			dsn = storetest.DSN(t)
			db, err := store.Open(context.Background(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			other = db.DB
		})
		_ = other.Close()
		_, err := store.Open(t.Context(), dsn)
		var pe *pq.Error
		if !errors.As(err, &pe) || pe.Code != "3D000" { // invalid_catalog_name
			t.Fatalf("the database is still there: %v", err)
		}
	})
}
