package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations is the folder of the schema's migrations, as goose reads them.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return sub
}

// migrateLock is the advisory lock under which the schema changes ("heed" in ASCII).
const migrateLock = 0x68656564

// migrateTimeout bounds a migration, and the wait for another replica's.
const migrateTimeout = 15 * time.Minute

// migratePause is how often a replica asks whether another's migration is through.
const migratePause = 50 * time.Millisecond

// Migrate brings the schema to this program's version and does nothing when it is there
// already. Replicas that start together do it one after the other, through a pooler in
// transaction mode too: a transaction of its own holds the lock while the migrations run,
// each in another transaction. So the pool, and a pooler, must give two connections.
//
// It fails with a *Problem, too_new, when the schema is of a later version of Heed; the
// data is then untouched. Any other failure leaves the schema as the last complete
// migration made it, and a second try goes on from there.
func Migrate(ctx context.Context, db *sqlx.DB) error {
	return migrateFrom(ctx, db, Migrations())
}

func migrateFrom(ctx context.Context, db *sqlx.DB, files fs.FS) (err error) {
	ctx, cancel := context.WithTimeout(Patient(ctx), migrateTimeout)
	defer cancel()
	gate, err := openGate(ctx, db)
	if err != nil {
		return fmt.Errorf("migrate: wait for the lock: %w", err)
	}
	defer func() { _ = gate.Rollback() }() // frees the lock, as the end of its connection does
	p, err := provider(db, files)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if current > target {
		return tooNew(current, target)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func tooNew(have, known int64) *Problem {
	return &Problem{Code: TooNew, Sentence: fmt.Sprintf("This database was set up by a newer Heed (schema %d, this one knows %d). "+
		"Nothing was changed. Start the newer version, or restore a backup from before the update.", have, known)}
}

func provider(db *sqlx.DB, files fs.FS) (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectPostgres, db.DB, files, goose.WithDisableGlobalRegistry(true))
}

// openGate returns the transaction that holds the lock. Between two tries it holds no
// connection: behind a pooler with few of them, those who wait would keep the one who
// works from getting its second.
func openGate(ctx context.Context, db *sqlx.DB) (*sqlx.Tx, error) {
	tick := time.NewTicker(migratePause)
	defer tick.Stop()
	for {
		tx, err := db.BeginTxx(ctx, nil)
		if err != nil {
			return nil, err
		}
		var ours bool
		err = tx.GetContext(ctx, &ours, "select pg_try_advisory_xact_lock($1)", migrateLock)
		if err == nil && ours {
			return tx, nil
		}
		if err = errors.Join(err, tx.Rollback()); err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}
