package crowd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// filled are the tables that rows go into by the million.
var filled = []string{"people", "members", "items", "evidence", "posts", "ballots", "votes", "item_days"}

// bare is what tables lost: statements that make it again. The triggers that stand for
// references are off meanwhile.
type bare struct{ indexes, references []string }

// strip takes indexes, keys and references from the tables, and remembers them.
func strip(ctx context.Context, db *sqlx.DB) (bare, error) {
	var b bare
	var found []struct {
		Kind  string
		Table string
		Name  string
		Def   string
	}
	err := db.SelectContext(ctx, &found, `
		with tables as (select ('public.' || t)::regclass as oid from unnest(string_to_array($1, ',')) t)
		select case k.contype when 'f' then 'reference' else 'key' end as kind, k.conrelid::regclass::text as table, quote_ident(k.conname) as name, pg_get_constraintdef(k.oid) as def
		  from pg_constraint k
		 where k.contype = 'f' and (k.conrelid in (select oid from tables) or k.confrelid in (select oid from tables))
		    or k.contype in ('p', 'u') and k.conrelid in (select oid from tables)
		union all
		select 'index', x.indrelid::regclass::text, x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid)
		  from pg_index x
		 where x.indrelid in (select oid from tables) and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u'))
		order by 1 desc, 2, 3`, strings.Join(filled, ","))
	if err != nil {
		return b, fmt.Errorf("read indexes: %w", err)
	}
	for _, f := range found {
		drop := `alter table ` + f.Table + ` drop constraint ` + f.Name
		switch add := `alter table ` + f.Table + ` add constraint ` + f.Name + ` ` + f.Def; f.Kind {
		case "reference":
			b.references = append(b.references, add+` not valid`)
		case "key":
			b.indexes = append(b.indexes, add)
		default:
			b.indexes = append(b.indexes, f.Def)
			drop = `drop index ` + f.Name
		}
		if _, err := db.ExecContext(ctx, drop); err != nil {
			return b, fmt.Errorf("take off %s: %w", f.Name, err)
		}
	}
	if _, err := db.ExecContext(ctx, `alter table votes disable trigger user`); err != nil {
		return b, fmt.Errorf("triggers off: %w", err)
	}
	b.references = append(b.references, `alter table votes enable trigger user`)
	return b, nil
}

// dress makes it all again, what takes longest first.
func (b bare) dress(ctx context.Context, db *sqlx.DB) error {
	first := func(s string) bool { return strings.Contains(s, "gin") || strings.Contains(s, "gist") }
	slices.SortStableFunc(b.indexes, func(x, y string) int {
		switch {
		case first(x) == first(y):
			return 0
		case first(x):
			return -1
		}
		return 1
	})
	// Two indexes of a table may be made at once, but a key locks it for itself.
	var keys []string
	b.indexes = slices.DeleteFunc(b.indexes, func(s string) bool {
		if strings.HasPrefix(s, "alter table") {
			keys = append(keys, s)
			return true
		}
		return false
	})
	for _, list := range [][]string{keys, b.indexes} {
		if err := both(ctx, db, list); err != nil {
			return err
		}
	}
	for _, s := range b.references {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%.60s: %w", s, err)
		}
	}
	return nil
}
