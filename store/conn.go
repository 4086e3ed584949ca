package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
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
	cfg      pq.Config // without the session's timeouts
	guarded  pq.Config // cfg with them
	bounds   bounds
	sessions sessions
	primary  primary
	silences atomic.Int64
	patience time.Duration
}

func newConnector(dsn string) (*connector, error) {
	cfg, err := configure(dsn)
	if err != nil {
		return nil, err
	}
	c := &connector{cfg: cfg, guarded: cfg, bounds: takeBounds(cfg.Runtime), patience: silence}
	c.guarded.Runtime = maps.Clone(cfg.Runtime)
	maps.Copy(c.guarded.Runtime, c.bounds)
	return c, nil
}

// Driver is there for database/sql, which opens nothing by it, and for Pooled.
func (c *connector) Driver() driver.Driver { return opener{&pq.Driver{}, c} }

// opener leads from a pool back to the connector that makes its connections.
type opener struct {
	driver.Driver
	by *connector
}

// Connect opens one connection, whose session has the timeouts where nothing between
// refuses them.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (c *connector) open(ctx context.Context) (*conn, error) {
	if c.sessions.shared() {
		return c.connect(ctx, c.cfg)
	}
	made, err := c.connect(ctx, c.guarded)
	if refusedParameter(err) {
		if made, err = c.connect(ctx, c.cfg); err == nil {
			c.sessions.share()
		}
	}
	return made, err
}

func (c *connector) connect(ctx context.Context, cfg pq.Config) (*conn, error) {
	pc, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	d := &dialer{patience: c.patience, silences: &c.silences}
	pc.Dialer(d)
	era := c.primary.era()
	inner, err := pc.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := inner.(pqConn)
	if !ok {
		_ = inner.Close()
		return nil, errors.New("lib/pq's connection lacks a method")
	}
	made := &conn{pqConn: full, wire: d.last.Load(), from: c, era: era}
	pq.SetNoticeHandler(inner, made.notice)
	return made, nil
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

// conn is a connection of lib/pq whose waits end with the context of the call, that is
// thrown away when its server is no longer the primary, and that takes no commit for
// done which a standby was to confirm and did not.
type conn struct {
	pqConn
	wire     *wire
	from     *connector
	era      int64       // of from.primary, when it was made
	inTx     bool        // between BeginTx and the end
	unsynced atomic.Bool // what Postgres last called done is on no standby
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ctx, cancel := c.bound(ctx)
	defer c.wire.bind(ctx)()
	inner, err := c.pqConn.QueryContext(ctx, query, args)
	if err != nil {
		cancel()
		return nil, c.seen(ctx, err)
	}
	return &rows{inner, c, cancel}, nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx, cancel := c.bound(ctx)
	defer cancel()
	defer c.wire.bind(ctx)()
	result, err := c.pqConn.ExecContext(ctx, query, args)
	if err == nil {
		err = c.confirmed()
	}
	return result, c.seen(ctx, err)
}

// seen looks at how a call ended, for what it tells of the server, and adds the
// context's error to what the context ended: Postgres calls that 57014, the network a
// timeout.
func (c *conn) seen(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if readOnly(err) {
		c.from.primary.moved(c.era)
	}
	if ctx.Err() == nil || errors.Is(err, ctx.Err()) || errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (c *conn) Ping(ctx context.Context) error {
	defer c.wire.bind(ctx)()
	return c.pqConn.Ping(ctx)
}

// IsValid says whether the connection may go back to the pool.
func (c *conn) IsValid() bool { return c.era == c.from.primary.era() && c.pqConn.IsValid() }

// ResetSession says whether the connection may leave the pool. Where the network
// swallowed one connection, the idle ones of that time are most likely lost too: each is
// replaced, instead of costing an act its time.
func (c *conn) ResetSession(ctx context.Context) error {
	if c.era != c.from.primary.era() || c.wire.doubtful() {
		return driver.ErrBadConn
	}
	return c.pqConn.ResetSession(ctx)
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	release := c.wire.bind(ctx)
	inner, err := c.pqConn.BeginTx(ctx, opts)
	if err == nil {
		if settings := c.txSettings(ctx); settings != "" {
			if _, err = c.pqConn.ExecContext(context.WithoutCancel(ctx), settings, nil); err != nil {
				_ = inner.Rollback()
			}
		}
	}
	if err != nil {
		release()
		if noPrimary(err) {
			c.from.primary.moved(c.era)
		}
		return nil, err
	}
	c.inTx = true
	return &tx{inner, c, release}, nil
}

// tx holds the connection's bond to the context of its beginning until it ends.
type tx struct {
	driver.Tx
	conn    *conn
	release func()
}

func (t *tx) Commit() error {
	defer t.end()
	if err := t.Tx.Commit(); err != nil {
		return err
	}
	return t.conn.confirmed()
}

func (t *tx) Rollback() error {
	defer t.end()
	return t.Tx.Rollback()
}

func (t *tx) end() {
	t.conn.inTx = false
	t.release()
}
