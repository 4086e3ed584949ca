// Package store keeps Heed's data in Postgres through sqlx and lib/pq: one file a
// family of tables. SQL lives here and nowhere else; what a number means is
// decided in bot.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"heed/bot"
)

// Store is Heed's data in one Postgres database. Safe for concurrent use.
type Store struct {
	queries
	db   *sqlx.DB
	turn atomic.Pointer[turn] // where the last claim of posts ended
}

// New makes a Store over an open, migrated database.
func New(db *sqlx.DB) *Store { return &Store{queries: queries{db}, db: db} }

// queries are the statements, over the pool or over one transaction.
type queries struct{ q sqlx.ExtContext }

var (
	_ bot.Store = (*Store)(nil)
	_ bot.Tx    = queries{}
)

// maxTries bounds how often a transaction is run.
const maxTries = 5

// InTx runs fn in one transaction; see bot.Store.
func (s *Store) InTx(ctx context.Context, fn func(bot.Tx) error) error {
	return retried(ctx, func() error { return s.once(ctx, fn) })
}

// retried runs a transaction, and runs it again where the database ended it for a
// deadlock or a serialization failure, or was lost on the way before the commit.
func retried(ctx context.Context, run func() error) error {
	for try := 0; ; try++ {
		err := run()
		if err == nil || try == len(pauses) || ctx.Err() != nil {
			return err
		}
		switch {
		case runAgain(err):
		case lost(err) && !errors.As(err, new(unsure)) && pause(ctx, pauses[try]):
		default:
			return err
		}
	}
}

func runAgain(err error) bool {
	var pe *pq.Error
	return errors.Is(err, errAgain) || errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

func (s *Store) once(ctx context.Context, fn func(bot.Tx) error) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit: nothing to do
	if err := fn(queries{tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return unsure{fmt.Errorf("commit: %w", err)}
	}
	return nil
}

// row reads one row into dst; no row is bot.ErrNotFound.
func (q queries) row(ctx context.Context, dst any, query string, args ...any) error {
	err := sqlx.GetContext(ctx, q.q, dst, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return bot.ErrNotFound
	}
	return err
}

// rows reads all rows into dst, a pointer to a slice; none leaves it empty.
func (q queries) rows(ctx context.Context, dst any, query string, args ...any) error {
	return sqlx.SelectContext(ctx, q.q, dst, query, args...)
}

// exec runs a statement and tells how many rows it changed.
func (q queries) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := q.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
