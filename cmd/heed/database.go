package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/store"
	"heed/store/embedded"
)

// How long the embedded Postgres may take to stop. After that it is ended as by a power
// cut: no data is lost, and the next start takes longer.
const (
	stopPatience  = 10 * time.Second
	serveStopMost = 2 * time.Second // of serve, which has ten seconds in all
)

// database is an open database, and the embedded server behind it if there is one.
type database struct {
	db     *sqlx.DB
	server *embedded.Server // nil with DATABASE_URL
	mine   own
	dsn    string                      // its address; may hold a password
	reach  func(context.Context) error // has it answer; see store.Pool
}

// own says whether this program runs the database's server itself, for serve, or
// shares one that may be running already, for the other commands.
type own bool

// openDatabase opens the configured database and has it answer once, or starts the
// embedded one. For serve one that is configured may be away still.
func openDatabase(ctx context.Context, c config, log *slog.Logger, mine own) (*database, error) {
	dsn := c.DatabaseURL
	d := &database{mine: mine}
	if dsn == "" {
		if err := os.MkdirAll(c.DataDir, 0o755); err != nil { // #nosec G301 -- Postgres' own user passes through; its folder inside is closed
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
		options := embedded.Options{Dir: c.DataDir, Bin: c.PostgresBin, Log: log}
		open := embedded.Attach
		if mine {
			open = embedded.Start
		}
		server, err := open(ctx, options)
		if err != nil {
			return nil, err
		}
		d.server, dsn = server, server.DSN()
		if c.toy {
			dsn += "&synchronous_commit=off"
		}
	}
	var err error
	if d.db, d.reach, err = store.Pool(dsn); err == nil && (d.server != nil || !bool(mine)) {
		err = d.reach(ctx)
	}
	if err != nil {
		d.close(log)
		return nil, err
	}
	d.dsn = dsn
	return d, nil
}

// close closes the pool and stops the server that this program started.
func (d *database) close(log *slog.Logger) {
	if d.db != nil {
		if err := d.db.Close(); err != nil {
			log.Warn("database pool not closed", "err", err)
		}
	}
	if d.server != nil {
		most := stopPatience
		if d.mine {
			most = serveStopMost
		}
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		if err := d.server.Stop(ctx); err != nil {
			log.Warn("embedded postgres did not stop cleanly", "err", err)
		}
	}
}
