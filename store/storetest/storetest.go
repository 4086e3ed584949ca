// Package storetest gives a test a Postgres database of its own: the migrated schema,
// empty, and gone when the test ends.
//
// The server is the one at HEED_TEST_DATABASE_URL (a URL whose role may create
// databases; make test sets it), else a throw-away server that the test program starts
// for itself and that ends with it. A machine without Postgres fails the test and names
// the command that installs it: a test that skips proves nothing.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"heed/store"
)

// patience bounds what storetest itself does for one test; a busy machine is slow.
const patience = 2 * time.Minute

// New is a pool over a new, migrated, empty database. Pool and database go with the test.
func New(t testing.TB) *sqlx.DB {
	t.Helper()
	return Open(t, DSN(t))
}

// Open is another pool over the database of an address that DSN or Empty gave, e.g. for a
// second replica. It is closed at the end of the test.
func Open(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(say(err))
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// DSN is the address of a new, migrated, empty database, for a test that starts a whole
// program on it. The database goes with the test, whoever is still connected.
func DSN(t testing.TB) string {
	t.Helper()
	return database(t, func(ctx context.Context, s *server, name string) error {
		template, err := s.template(ctx)
		if err != nil {
			return fmt.Errorf("the template: %w", err)
		}
		return s.create(ctx, name, template)
	})
}

// Empty is the address of a new database without a schema, for tests of migrations.
func Empty(t testing.TB) string {
	t.Helper()
	return database(t, func(ctx context.Context, s *server, name string) error {
		return s.create(ctx, name, "template1")
	})
}

// PlainC is the address of a new database without a schema and under the locale C, as an
// operator may have made it.
func PlainC(t testing.TB) string {
	t.Helper()
	return database(t, func(ctx context.Context, s *server, name string) error {
		_, err := s.admin.ExecContext(store.Patient(ctx), "create database "+pq.QuoteIdentifier(name)+" template template0 lc_collate 'C' lc_ctype 'C'")
		return err
	})
}

func database(t testing.TB, create func(context.Context, *server, string) error) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := running()
	if err != nil {
		t.Fatal(say(err))
	}
	name := "heed_test_" + strings.ToLower(rand.Text()[:16])
	if err := create(ctx, s, name); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.drop(ctx, name); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return s.address(name)
}

// say is what a person can do about an error, where it knows.
func say(err error) string {
	var p *store.Problem
	if errors.As(err, &p) {
		return p.Say() + " (" + p.Error() + ")"
	}
	return err.Error()
}
