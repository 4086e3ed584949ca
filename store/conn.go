package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// grace is what a connection gets after a context's end: time for Postgres to confirm
// the cancellation.
const grace = 300 * time.Millisecond

// patientKey marks a context whose statements may take long.
type patientKey struct{}

// Patient returns a context for work that may take longer than statements usually do
// (migrations, imports, exports). Transactions begun under it have no statement timeout,
// and its connections wait for Postgres until the context ends.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patientKey{}, true) }

func patient(ctx context.Context) bool { return ctx.Value(patientKey{}) != nil }

// connector makes connections that give up on a silent network. lib/pq alone waits for
// ever: when the network swallows packets, the cancel request is swallowed too.
type connector struct {
	cfg      pq.Config
	guarded  pq.Config   // cfg with the session's timeouts
	plain    atomic.Bool // a pooler refused the timeouts
	patience time.Duration
}

func newConnector(dsn string) (*connector, error) {
	cfg, err := configure(dsn)
	if err != nil {
		return nil, err
	}
	guarded := cfg
	guarded.Runtime = maps.Clone(cfg.Runtime)
	for name, d := range map[string]time.Duration{
		"statement_timeout":                   statementTimeout,
		"lock_timeout":                        lockTimeout,
		"idle_in_transaction_session_timeout": idleInTxTimeout,
	} {
		if _, given := guarded.Runtime[name]; !given {
			guarded.Runtime[name] = strconv.FormatInt(d.Milliseconds(), 10)
		}
	}
	return &connector{cfg: cfg, guarded: guarded, patience: silence}, nil
}

// Driver is there for database/sql; it opens nothing.
func (c *connector) Driver() driver.Driver { return &pq.Driver{} }

// Connect opens one connection. A pooler that refuses the session's timeouts gets none:
// PgBouncer refuses unknown startup parameters, and a SET would stick to a server
// connection that belongs to everybody.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.plain.Load() {
		return c.connect(ctx, c.cfg)
	}
	conn, err := c.connect(ctx, c.guarded)
	if e := (*pq.Error)(nil); errors.As(err, &e) && e.Code == "08P01" { // protocol_violation
		if conn, err = c.connect(ctx, c.cfg); err == nil {
			c.plain.Store(true)
		}
	}
	return conn, err
}

func (c *connector) connect(ctx context.Context, cfg pq.Config) (driver.Conn, error) {
	pc, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	d := &dialer{patience: c.patience}
	pc.Dialer(d)
	inner, err := pc.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := inner.(pqConn)
	if !ok {
		_ = inner.Close()
		return nil, errors.New("lib/pq's connection lacks a method")
	}
	return &conn{pqConn: full, wire: d.last.Load()}, nil
}

// pqConn is what database/sql uses of a connection of lib/pq.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.QueryerContext
	driver.ExecerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
}

// conn is a connection of lib/pq whose waits end with the context of the call.
type conn struct {
	pqConn
	wire *wire
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	defer c.wire.bind(ctx)()
	rows, err := c.pqConn.QueryContext(ctx, query, args)
	return rows, ended(ctx, err)
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	defer c.wire.bind(ctx)()
	result, err := c.pqConn.ExecContext(ctx, query, args)
	return result, ended(ctx, err)
}

// ended adds the context's error to what a call says that the context ended: Postgres
// calls it 57014 and the network a timeout.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || errors.Is(err, ctx.Err()) || errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (c *conn) Ping(ctx context.Context) error {
	defer c.wire.bind(ctx)()
	return c.pqConn.Ping(ctx)
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	release := c.wire.bind(ctx)
	inner, err := c.pqConn.BeginTx(ctx, opts)
	if err == nil && patient(ctx) {
		_, err = c.pqConn.ExecContext(ctx, "set local statement_timeout = 0; set local lock_timeout = '1min'; "+
			"set local idle_in_transaction_session_timeout = 0", nil)
		if err != nil {
			_ = inner.Rollback()
		}
	}
	if err != nil {
		release()
		return nil, err
	}
	return &tx{inner, release}, nil
}

// tx holds the connection's bond to the context of its beginning until it ends.
type tx struct {
	driver.Tx
	release func()
}

func (t *tx) Commit() error {
	defer t.release()
	return t.Tx.Commit()
}

func (t *tx) Rollback() error {
	defer t.release()
	return t.Tx.Rollback()
}
