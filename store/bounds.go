package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// bounds are the session's timeouts as Postgres writes them, by setting.
type bounds map[string]string

// takeBounds takes what an address says of the timeouts out of its settings, and adds
// what it does not say.
func takeBounds(settings map[string]string) bounds {
	b := bounds{
		"statement_timeout":                   milliseconds(statementTimeout),
		"lock_timeout":                        milliseconds(lockTimeout),
		"idle_in_transaction_session_timeout": milliseconds(idleInTxTimeout),
	}
	for name := range b {
		if given, ok := settings[name]; ok {
			b[name] = given
			delete(settings, name)
		}
	}
	return b
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// statement is how long one statement may take; 0 for ever. An address may give it in
// Postgres' way, which only Postgres needs to understand: then ours holds as well.
func (b bounds) statement() time.Duration {
	ms, err := strconv.ParseInt(b["statement_timeout"], 10, 64)
	if err != nil {
		return statementTimeout
	}
	return time.Duration(ms) * time.Millisecond
}

// local sets the timeouts for one transaction.
func (b bounds) local() string {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(b)) {
		all.WriteString("set local " + name + " = " + pq.QuoteLiteral(b[name]) + "; ")
	}
	return all.String()
}

// sessions knows whether a session of Postgres is ours alone. Behind a pooler it is not:
// PgBouncer refuses the timeouts when a connection begins, or ignores them where it was
// told to, and a SET would stick to a server connection that belongs to everybody. Each
// transaction then sets them for itself, and a statement outside one is cancelled by us.
type sessions struct{ pooled atomic.Bool }

func (s *sessions) shared() bool { return s.pooled.Load() }

func (s *sessions) share() { s.pooled.Store(true) }

// Pooled says whether something that Open found stands between a pool and Postgres and
// shares sessions of Postgres among its clients. Programs that change their session must
// not be let loose there.
func Pooled(db *sqlx.DB) bool {
	o, ours := db.Driver().(opener)
	return ours && o.by.sessions.shared()
}

// errNoTransactions is the error of a way to Postgres that takes statements and no
// transactions.
var errNoTransactions = errors.New("transactions are refused")

// look asks over a first connection whether there are transactions, and whether the
// timeouts reached Postgres. It fails where a pooler is in the wrong mode.
func (s *sessions) look(ctx context.Context, db *sqlx.DB, b bounds) error {
	tx, err := db.BeginTxx(ctx, nil)
	if errors.Is(err, driver.ErrBadConn) && db.PingContext(ctx) == nil {
		// The way is there, and ends where a transaction begins: lib/pq keeps to itself why.
		if tx, err = db.BeginTxx(ctx, nil); errors.Is(err, driver.ErrBadConn) {
			return errNoTransactions
		}
	}
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if s.shared() {
		return nil
	}
	for name, want := range b {
		var got string
		if err := tx.GetContext(ctx, &got, "select current_setting($1)", name); err != nil {
			return err
		}
		if got == "0" && want != "0" {
			s.share()
		}
	}
	return nil
}

// bound bounds a statement outside a transaction where the session can't. Its end is a
// cancel request, which a pooler passes on.
func (c *conn) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	most := c.from.bounds.statement()
	if !c.from.sessions.shared() || c.inTx || most == 0 || patient(ctx) {
		return ctx, func() {}
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= most {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, most)
}

// txSettings are the settings of a transaction that begins; "" for none.
func (c *conn) txSettings(ctx context.Context) string {
	switch {
	case patient(ctx):
		return "set local statement_timeout = 0; set local lock_timeout = '1min'; set local idle_in_transaction_session_timeout = 0"
	case c.from.sessions.shared():
		return c.from.bounds.local()
	}
	return ""
}

// refusedParameter says whether a pooler refused a setting at the connection's start.
func refusedParameter(err error) bool {
	e := (*pq.Error)(nil)
	return errors.As(err, &e) && e.Code == "08P01" // protocol_violation
}
