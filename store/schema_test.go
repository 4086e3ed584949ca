package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"heed/store/storetest"
)

// TestSchemaFile keeps the page that people read equal to what the migrations make.
func TestSchemaFile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	page := storetest.Open(t, storetest.Empty(t))
	if _, err := page.Exec(string(text)); err != nil {
		t.Fatalf("schema.sql does not run: %v", err)
	}
	fromPage := strings.Split(catalog(t, page), "\n")
	fromMigrations := strings.Split(catalog(t, storetest.New(t)), "\n")
	for _, line := range fromMigrations {
		if !slices.Contains(fromPage, line) {
			t.Errorf("schema.sql lacks, or has otherwise: %s", line)
		}
	}
	for _, line := range fromPage {
		if !slices.Contains(fromMigrations, line) {
			t.Errorf("the migrations lack, or have otherwise: %s", line)
		}
	}
	if len(fromMigrations) < 50 {
		t.Errorf("only %d lines: the catalog query sees too little", len(fromMigrations))
	}
}

// TestEveryKeyLeadsWithTheBoard holds every key and every reference to one board. Only a
// bot's gateway is no board's: one bot may serve many.
func TestEveryKeyLeadsWithTheBoard(t *testing.T) {
	t.Parallel()
	var others []string
	err := storetest.New(t).Select(&others, `
		select format('%s: %s', k.conrelid::regclass, pg_get_constraintdef(k.oid))
		from pg_constraint k
		join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
		where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f')
		  and k.conrelid::regclass::text not like 'goose\_%' and k.conrelid::regclass::text not like 'gateway\_%'
		  and a.attname <> 'board_id'
		order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"kept_keys: PRIMARY KEY (name)",      // the program's, no board's
		"workspaces: UNIQUE (platform, ref)", // the one global way in
	}
	if !slices.Equal(others, want) {
		t.Errorf("without the board in front:\n%s\nwant only:\n%s", strings.Join(others, "\n"), strings.Join(want, "\n"))
	}
}

// catalog describes every table, column, constraint, index, trigger, function, type
// and extension, but for Postgres' own things and those of extensions, a line each. Functions are told without their
// comments: the page explains more than the migrations.
func catalog(t *testing.T, db *sqlx.DB) string {
	t.Helper()
	var lines []string
	if err := db.Select(&lines, catalogQuery); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

const catalogQuery = `
with ours as (
    select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
      and c.relname not like 'goose\_%'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select 'extension ' || extname from pg_extension
union all
select format('relation %s.%s kind %s %s %s', nspname, relname, relkind, relpersistence, reloptions)
from ours where relkind <> 'i'
union all
select format('column %s.%s %s %s null=%s default=%s identity=%s generated=%s collation=%s',
              o.nspname, o.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
              pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation::regcollation)
from ours o
join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
where o.relkind in ('r', 'p', 'v', 'm', 'c')
union all
select format('constraint %s.%s %s %s', o.nspname, o.relname, k.conname, pg_get_constraintdef(k.oid))
from ours o join pg_constraint k on k.conrelid = o.oid
union all
select 'index ' || pg_get_indexdef(o.oid) from ours o where o.relkind = 'i'
union all
select 'view ' || o.relname || ' ' || pg_get_viewdef(o.oid) from ours o where o.relkind in ('v', 'm')
union all
select 'trigger ' || pg_get_triggerdef(g.oid) from ours o join pg_trigger g on g.tgrelid = o.oid where not g.tgisinternal
union all
select 'function ' || regexp_replace(regexp_replace(pg_get_functiondef(p.oid), '--[^\n]*', '', 'g'), '\s+', ' ', 'g')
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and p.prokind in ('f', 'p')
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
union all
select format('enum %s %s', e.enumtypid::regtype, string_agg(e.enumlabel, ',' order by e.enumsortorder))
from pg_enum e group by e.enumtypid
union all
select format('domain %s %s', y.oid::regtype, format_type(y.typbasetype, y.typtypmod))
from pg_type y join pg_namespace n on n.oid = y.typnamespace
where y.typtype = 'd' and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
order by 1`

// TestTheDatabaseRefusesForeignIDs: a row of one board can't name a thing of another,
// even where the program would.
func TestTheDatabaseRefusesForeignIDs(t *testing.T) {
	t.Parallel()
	var open []string
	err := storetest.New(t).Select(&open, `
		select format('%s: %s', k.conrelid::regclass, pg_get_constraintdef(k.oid))
		from pg_constraint k
		join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
		join pg_attribute b on b.attrelid = k.confrelid and b.attnum = k.confkey[1]
		where k.connamespace = 'public'::regnamespace and k.contype = 'f'
		  and (a.attname <> 'board_id' or b.attname <> 'board_id' or not k.convalidated)
		order by 1`)
	if err != nil || len(open) > 0 {
		t.Errorf("these let an id of another board in: %v, %v", open, err)
	}
	db := storetest.New(t)
	for _, sql := range []string{
		`insert into boards (board_id, name, created_at) values (7001, 'Acme', now()), (7002, 'Initech', now())`,
		`insert into people (board_id, person_id, created_at) values (7001, 7001, now()), (7002, 7002, now())`,
		`insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, created_at, status_at)
			values (7001, 7001, 1, 'one', 'Dark mode', '', 'team', 7001, now(), now()), (7002, 7002, 1, 'two', 'Export', '', 'team', 7002, now(), now())`,
		`insert into votes (board_id, item_id, person_id, supports, since) values (7002, 7002, 7002, true, now())`,
	} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range []string{
		`insert into votes (board_id, item_id, person_id, supports, since) values (7002, 7001, 7002, true, now())`,
		`insert into votes (board_id, item_id, person_id, supports, since) values (7001, 7001, 7002, true, now())`,
		`insert into votes (board_id, item_id, person_id, supports, since) values (7002, 7002, 7002, true, now())
			on conflict (board_id, item_id, person_id) do update set person_id = 7001`,
		`update votes set item_id = 7001 where board_id = 7002`,
		`update votes set board_id = 7001 where board_id = 7002`,
		`update items set merged_into = 7001 where board_id = 7002`,
	} {
		if _, err := db.Exec(sql); err == nil || !strings.Contains(err.Error(), "foreign key") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
