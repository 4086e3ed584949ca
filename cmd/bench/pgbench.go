package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench is what Postgres does a second with one statement that upserts one vote
// and moves the count, each vote a new one.
func (b *board) pgbench(ctx context.Context, s spread, clients int, duration time.Duration, mode string) (float64, error) {
	for _, q := range []string{
		`drop table if exists bench_votes, bench_items`,
		`create table bench_items (item_id bigint primary key, votes bigint not null default 0)`,
		`create table bench_votes (item_id bigint, member_id bigint, at timestamptz not null default now(), primary key (item_id, member_id))`,
		fmt.Sprintf(`insert into bench_items (item_id) select n from generate_series(1, %d) n`, s.items),
		`analyze bench_items`,
	} {
		if _, err := b.db.ExecContext(ctx, q); err != nil {
			return 0, fmt.Errorf("pgbench tables: %w", err)
		}
	}
	choose := `\set item 1`
	if s.items > 1 {
		choose = fmt.Sprintf(`\set item random_zipfian(1, %d, %g)`, s.items, s.skew)
	}
	script := choose + `
\set n :n + 1
\set member :client_id * 100000000 + :n
with vote as (
  insert into bench_votes (item_id, member_id) values (:item, :member)
  on conflict (item_id, member_id) do update set at = now() returning 1)
update bench_items set votes = votes + (select count(*) from vote) where item_id = :item;
`
	file := filepath.Join(b.dir, "vote.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return 0, err
	}
	dsn, err := url.Parse(b.server.DSN())
	if err != nil {
		return 0, err
	}
	q := dsn.Query()
	q.Del("binary_parameters")
	dsn.RawQuery = q.Encode()
	cmd := exec.CommandContext(ctx, "pgbench", "--no-vacuum", "-M", mode, "-c", strconv.Itoa(clients), "-j", "2", // #nosec G204 -- our own arguments
		"-T", strconv.Itoa(int(duration.Seconds())), "-D", "n=0", "-f", file, dsn.String())
	cmd.Dir = "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w", err)
	}
	m := tps.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("pgbench said no figure")
	}
	return strconv.ParseFloat(string(m[1]), 64)
}
