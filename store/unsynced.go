package store

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/lib/pq"
)

// errUnsynced is the error of a commit that stands on the server which took it and that
// no standby has confirmed. Where commits wait for a standby, a wait that is cancelled (by
// the context, by pg_cancel_backend) ends with a warning, and Postgres calls the commit
// done. It is not: should that server be lost now, so is the commit. Whoever did it must
// not be told that it is safe. Doing it again waits for the standby again.
var errUnsynced = errors.New("committed, and no standby has confirmed it")

// confirm ends a query that finds what an earlier delivery of the same act left. A
// transaction that only reads commits at once, also where what it read is not confirmed
// yet; one that locks a row waits for the standby to have that and all before it.
const confirm = ` for key share`

// notice hears what Postgres says beside its answers; lib/pq calls it while it reads one.
// The warning has a code of its own only where the server is shutting down, and its text
// is translated: the function that gives it is what tells it apart.
func (c *conn) notice(e *pq.Error) {
	if e.Routine == "SyncRepWaitForLSN" {
		c.unsynced.Store(true)
	}
}

// confirmed is errUnsynced where what was just called done is not confirmed.
func (c *conn) confirmed() error {
	if c.unsynced.Swap(false) {
		return errUnsynced
	}
	return nil
}

// rows are those of a query. Outside a transaction the commit comes after the last of
// them, so that its failure is told there.
type rows struct {
	driver.Rows
	conn   *conn
	cancel context.CancelFunc
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil && r.conn.unsynced.Load() { // io.EOF, where all seems well
		return errUnsynced
	}
	return err
}

func (r *rows) Close() error {
	defer r.cancel()
	if err := r.Rows.Close(); err != nil {
		return err
	}
	return r.conn.confirmed()
}
