package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Sum is what a table holds: how many rows, and a number that any change of any row
// changes. The same rows have the same sum on every version of Postgres.
type Sum struct {
	Table string `db:"name" json:"table"`
	Rows  int64  `db:"rows" json:"rows"`
	Sum   string `db:"sum" json:"sum"`
}

// Snapshot reads the sums of all tables as of one instant and calls fn with them, and
// with the name by which another connection, pg_dump's, sees the same instant. The name
// holds until fn returns.
func Snapshot(ctx context.Context, db *sqlx.DB, fn func(name string, sums []Sum) error) error {
	return frozen(ctx, db, func(tx *sqlx.Tx) error {
		var name string
		if err := tx.GetContext(ctx, &name, `select pg_export_snapshot()`); err != nil {
			return fmt.Errorf("snapshot: %w", err)
		}
		sums, err := sumsIn(ctx, tx)
		if err != nil {
			return err
		}
		return fn(name, sums)
	})
}

// Sums reads the sums of all tables as of one instant, in the order of their names; none
// in an empty database.
func Sums(ctx context.Context, db *sqlx.DB) (sums []Sum, err error) {
	err = frozen(ctx, db, func(tx *sqlx.Tx) error {
		sums, err = sumsIn(ctx, tx)
		return err
	})
	return sums, err
}

// frozen runs fn in a transaction that sees one instant and may take its time.
func frozen(ctx context.Context, db *sqlx.DB, fn func(*sqlx.Tx) error) error {
	tx, err := db.BeginTxx(Patient(ctx), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	return fn(tx)
}

func sumsIn(ctx context.Context, tx *sqlx.Tx) ([]Sum, error) {
	// How a row is written must not depend on how the server is set up.
	if _, err := tx.ExecContext(ctx, `set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex'`); err != nil {
		return nil, fmt.Errorf("sums: %w", err)
	}
	var tables []string
	if err := tx.SelectContext(ctx, &tables, `
		select c.relname from pg_class c
		 where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
		 order by c.relname collate "C"`); err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	sums := make([]Sum, len(tables))
	for i, name := range tables {
		err := tx.GetContext(ctx, &sums[i], `
			select $1::text as name, count(*) as rows, coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text as sum
			  from `+pq.QuoteIdentifier(name)+` t`, name)
		if err != nil {
			return nil, fmt.Errorf("sum of %s: %w", name, err)
		}
	}
	return sums, nil
}

// Server tells a database's name, and the major version of the server it is on.
func Server(ctx context.Context, db *sqlx.DB) (database string, major int, err error) {
	var row struct {
		Name  string `db:"name"`
		Major int    `db:"major"`
	}
	err = db.GetContext(ctx, &row, `select current_database() as name, current_setting('server_version_num')::int / 10000 as major`)
	if err != nil {
		return "", 0, fmt.Errorf("name and version of the database: %w", err)
	}
	return row.Name, row.Major, nil
}

// Analyze lets Postgres learn what the tables hold, as after they were filled at once.
func Analyze(ctx context.Context, db *sqlx.DB) error {
	if _, err := db.ExecContext(Patient(ctx), `analyze`); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// ClientEnv is a database's address as Postgres' own programs read it from their
// environment, so that no password stands in a list of processes. It fails with a
// *Problem, bad_address.
func ClientEnv(dsn string) ([]string, error) {
	cfg, err := configure(dsn)
	if err != nil {
		return nil, err
	}
	hosts, ports := []string{cfg.Host}, []string{strconv.Itoa(int(cfg.Port))}
	for _, m := range cfg.Multi {
		hosts, ports = append(hosts, m.Host), append(ports, strconv.Itoa(int(m.Port)))
	}
	env := []string{"PGTZ=UTC", "PGAPPNAME=heed", "PGCONNECT_TIMEOUT=" + strconv.Itoa(int(cfg.ConnectTimeout.Seconds()))}
	for name, value := range map[string]string{
		"PGHOST": strings.Join(hosts, ","), "PGTARGETSESSIONATTRS": string(cfg.TargetSessionAttrs), "PGUSER": cfg.User, "PGPASSWORD": cfg.Password, "PGDATABASE": cfg.Database,
		"PGSSLMODE": string(cfg.SSLMode), "PGSSLCERT": cfg.SSLCert, "PGSSLKEY": cfg.SSLKey, "PGSSLROOTCERT": cfg.SSLRootCert,
		"PGPASSFILE": cfg.Passfile, "PGOPTIONS": cfg.Options,
	} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	if cfg.Port != 0 {
		env = append(env, "PGPORT="+strings.Join(ports, ","))
	}
	return env, nil
}
