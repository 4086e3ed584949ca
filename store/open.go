package store

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// What a session may take before Postgres ends it. They are guards against the
// unforeseen, far above what any statement of Heed needs.
const (
	connectTimeout   = 5 * time.Second
	statementTimeout = 15 * time.Second
	lockTimeout      = 5 * time.Second
	idleInTxTimeout  = 20 * time.Second

	// silence is how long a connection waits for the next byte from Postgres, or for
	// room to send one. Longer than statementTimeout, so that Postgres speaks first.
	silence = 20 * time.Second
)

// The pool: with four replicas it stays below Postgres' default of 100 connections.
const (
	PoolSize     = 20 // connections of one process
	poolIdleTime = 5 * time.Minute
	poolLifetime = 30 * time.Minute
)

// Open connects to Postgres and returns a pool that has answered once. It adds to the
// address what Heed needs and an operator should not have to know:
//
//   - binary_parameters, in every case: without it two clients behind PgBouncer in
//     transaction mode get each other's answers;
//   - timezone UTC, a connect timeout, statement, lock and idle timeouts (behind a pooler
//     in transaction mode each transaction sets them for itself);
//   - of several hosts, the one that takes writes;
//   - sslmode=disable for this machine's own addresses where none is given;
//   - reads and writes that give up on a connection which went silent, a moment after
//     the context's end or after 20 seconds.
//
// It fails with a *Problem, bad_address, bad_pooler or unreachable, whose text holds no
// password.
// The pool must be closed.
func Open(ctx context.Context, dsn string) (*sqlx.DB, error) {
	db, reach, err := Pool(dsn)
	if err != nil {
		return nil, err
	}
	if err := reach(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// Pool is Open of a database that may be away: nothing is asked before reach is called,
// which fails as Open does, and may be called again. Nothing else may be asked before it
// has answered nil. Pool itself fails with a *Problem, bad_address.
func Pool(dsn string) (db *sqlx.DB, reach func(context.Context) error, err error) {
	c, err := newConnector(dsn)
	if err != nil {
		return nil, nil, err
	}
	db = sqlx.NewDb(sql.OpenDB(c), "postgres")
	db.SetMaxOpenConns(PoolSize)
	db.SetMaxIdleConns(PoolSize)
	db.SetConnMaxIdleTime(poolIdleTime)
	db.SetConnMaxLifetime(poolLifetime)
	return db, func(ctx context.Context) error {
		if err := c.sessions.look(ctx, db, c.bounds); err != nil {
			return unreachable(err)
		}
		return nil
	}, nil
}

// configure reads an address and adds what Open promises.
func configure(dsn string) (pq.Config, error) {
	bad := &Problem{Code: BadAddress, Sentence: "DATABASE_URL is no Postgres address. It looks like " +
		"postgres://heed:PASSWORD@db.example.com:5432/heed?sslmode=require (characters such as @ : / # in the password percent-encoded)."}
	if strings.TrimSpace(dsn) == "" {
		return pq.Config{}, bad
	}
	cfg, err := pq.NewConfig(severalHosts(dsn))
	if err != nil {
		return pq.Config{}, bad // err may quote the address
	}
	cfg.BinaryParameters = true
	if cfg.ConnectTimeout <= 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "heed"
	}
	if cfg.SSLMode == "" && local(cfg.Host) && len(cfg.Multi) == 0 {
		cfg.SSLMode = pq.SSLModeDisable
	}
	if len(cfg.Multi) > 0 && cfg.TargetSessionAttrs == "" {
		cfg.TargetSessionAttrs = pq.TargetSessionAttrsPrimary
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	cfg.Runtime["timezone"] = "UTC"
	return cfg, nil
}

// severalHosts writes a URL's hosts and ports, where it has more than one, in the way in
// which lib/pq reads them: it takes every port of postgres://db1:5433,db2:5434/heed but the
// last for a part of the name, and the last for the first host's.
func severalHosts(dsn string) string {
	scheme, rest, isURL := strings.Cut(dsn, "://")
	if !isURL || !strings.HasPrefix(scheme, "postgres") {
		return dsn
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@') + 1
	all := strings.Split(rest[at:end], ",")
	if len(all) < 2 {
		return dsn
	}
	ports := make([]string, len(all))
	for i, host := range all {
		ports[i] = "5432"
		if h, port, err := net.SplitHostPort(host); err == nil {
			all[i], ports[i] = h, port
		}
	}
	path, query, _ := strings.Cut(rest[end:], "?")
	if path == "" {
		path = "/"
	}
	if query != "" {
		query = "&" + query
	}
	return scheme + "://" + rest[:at] + path + "?host=" + strings.Join(all, ",") + "&port=" + strings.Join(ports, ",") + query
}

// local says whether a host is this machine.
func local(host string) bool {
	if host == "" || host == "localhost" || strings.HasPrefix(host, "@") || filepath.IsAbs(host) {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// unreachable says why the first connection failed.
func unreachable(err error) error {
	p := &Problem{Code: Unreachable, Err: err}
	code := ""
	if e := (*pq.Error)(nil); errors.As(err, &e) {
		code = string(e.Code)
	}
	switch {
	case code == "08P01" || errors.Is(err, errNoTransactions): // protocol_violation: no Postgres says so to us
		p.Code = BadPooler
		p.Sentence = "The pooler in front of Postgres refuses how Heed connects. PgBouncer must be in transaction or session mode " +
			"(pool_mode = transaction); in statement mode nothing can be saved whole. Settings in DATABASE_URL under options=… go into PgBouncer's own file instead."
	case code == "25006" || code == "0A000": // a standby: read_only_sql_transaction, feature_not_supported
		p.Sentence = "The Postgres at DATABASE_URL is a standby and takes no writes. Use the address of the primary, or of a proxy that knows it."
	case code == "28P01" || code == "28000": // invalid_password, invalid_authorization_specification
		p.Sentence = "Postgres refuses the user or password of DATABASE_URL."
	case code == "3D000": // invalid_catalog_name
		p.Sentence = "Postgres has no database of the name in DATABASE_URL. Make it with: createdb --encoding UTF8 --locale C.UTF-8 --template template0 NAME"
	case code == "53300": // too_many_connections
		p.Sentence = "Postgres has no connection left for Heed. Raise max_connections, or put a pooler in front."
	case code == "57P03": // cannot_connect_now
		p.Sentence = "Postgres is starting up or shutting down. Try again in a moment."
	case errors.Is(err, pq.ErrSSLNotSupported):
		p.Sentence = "Postgres does not speak TLS. In a network that you trust, add sslmode=disable to DATABASE_URL."
	default:
		p.Sentence = "Postgres does not answer at the address in DATABASE_URL. Is it running, and reachable from here?"
	}
	return p
}
