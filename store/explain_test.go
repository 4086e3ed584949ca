package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
)

// explainer runs statements over a pool, and before each has Postgres tell how it
// runs it.
type explainer struct {
	*sqlx.DB
	t *testing.T

	rows int      // of larger tables that were looked at so far, found or not
	seq  []string // tables that were read from end to end
}

// plan is a node of what Postgres tells.
type plan struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
	Recheck  float64 `json:"Rows Removed by Index Recheck"`
	Plans    []plan
}

func (e *explainer) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	e.explain(ctx, query, args)
	return e.DB.QueryxContext(ctx, query, args...)
}

func (e *explainer) QueryRowxContext(ctx context.Context, query string, args ...any) *sqlx.Row {
	e.explain(ctx, query, args)
	return e.DB.QueryRowxContext(ctx, query, args...)
}

func (e *explainer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	e.explain(ctx, query, args)
	return e.DB.ExecContext(ctx, query, args...)
}

// explain runs the statement and takes it back. A table of a few pages is read from end to
// end whatever indexes it has: it counts only where Postgres has no other way.
func (e *explainer) explain(ctx context.Context, query string, args []any) {
	e.t.Helper()
	if strings.Contains(query, " from digest_") {
		e.count(ctx, query, args)
		return
	}
	e.walk(e.told(ctx, "", query, args), func(table string) {
		if e.pages(table) >= fewPages {
			e.seq = append(e.seq, table)
			return
		}
		other := false
		e.walk(e.told(ctx, "set local enable_seqscan = off", query, args), func(x string) { other = other || x == table })
		if other {
			e.seq = append(e.seq, table)
		}
	})
}

// count is for a function, whose plan Postgres does not tell: what was read while it ran.
func (e *explainer) count(ctx context.Context, query string, args []any) {
	e.t.Helper()
	tx, err := e.BeginTxx(ctx, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	type read struct {
		Table string `db:"relname"`
		Scans int    `db:"seq_scan"`
		Rows  int    `db:"rows"`
	}
	look := func() map[string]read {
		var all []read
		if err := tx.SelectContext(ctx, &all, `select relname, seq_scan, coalesce(idx_tup_fetch, 0) + seq_tup_read as rows from pg_stat_xact_user_tables`); err != nil {
			e.t.Fatal(err)
		}
		out := map[string]read{}
		for _, r := range all {
			out[r.Table] = r
		}
		return out
	}
	before := look() // this connection's, also from before that it has not told yet
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		e.t.Fatalf("%v in:\n%s", err, query)
	}
	for table, r := range look() {
		if e.pages(table) < fewPages {
			continue
		}
		e.rows += r.Rows - before[table].Rows
		if r.Scans > before[table].Scans {
			e.seq = append(e.seq, table)
		}
	}
}

func (e *explainer) told(ctx context.Context, setting, query string, args []any) plan {
	e.t.Helper()
	tx, err := e.BeginTxx(ctx, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, setting); err != nil {
		e.t.Fatal(err)
	}
	var text string
	if err := tx.GetContext(ctx, &text, "explain (analyze, format json, timing off) "+query, args...); err != nil {
		e.t.Fatalf("%v in:\n%s", err, query)
	}
	var out []struct{ Plan plan }
	if err := json.Unmarshal([]byte(text), &out); err != nil || len(out) != 1 {
		e.t.Fatalf("a plan that can't be read: %v: %s", err, text)
	}
	return out[0].Plan
}

// walk counts the rows of a plan's scans and tells of sequential ones.
func (e *explainer) walk(p plan, sequential func(table string)) {
	if p.Relation != "" && p.Loops > 0 && e.pages(p.Relation) >= fewPages {
		e.rows += int((p.Rows + p.Filtered + p.Recheck) * p.Loops)
	}
	if p.Type == "Seq Scan" && p.Loops > 0 {
		sequential(p.Relation)
	}
	for _, x := range p.Plans {
		e.walk(x, sequential)
	}
}

var tableName = regexp.MustCompile(`^[a-z_]+$`)

// fewPages is how many pages a table has that may be read from end to end all the same.
const fewPages = 20

func (e *explainer) pages(table string) (n int) {
	e.t.Helper()
	if !tableName.MatchString(table) {
		e.t.Fatalf("%q is no table", table)
	}
	if err := e.Get(&n, fmt.Sprintf(`select pg_relation_size('%s') / 8192`, table)); err != nil {
		e.t.Fatal(err)
	}
	return n
}
