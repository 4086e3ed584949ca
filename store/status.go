package store

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Status is what the doctor says of a database. It changes nothing there.
type Status struct {
	Server string // Postgres' version, e.g. "15.18"
	Schema int64  // the migration that it is at; 0: none yet
	Wanted int64  // the migration that this program needs

	Answered time.Duration // how long it took to answer
	Ahead    time.Duration // how far this machine's clock is ahead of the server's
	Ours     int           // connections of this role to this database, this one included
	Free     int           // connections that the server has left for such roles
	Most     int           // that it has in all, behind a pooler too

	// Problems are what is wrong, each with a sentence that says how to mend it.
	Problems []*Problem
}

// extensions are what the schema needs beside Postgres itself. Both are trusted: who owns
// the database may make them.
var extensions = []string{"pg_trgm", "btree_gist"}

// Extensions are those that the schema needs.
func Extensions() []string { return slices.Clone(extensions) }

// oldestServer is the lowest version that the schema runs on, as server_version_num.
const oldestServer = 150000

// Check looks at a database, migrated or not.
func Check(ctx context.Context, db *sqlx.DB) (Status, error) {
	var row struct {
		Version  string `db:"version"`
		Number   int    `db:"number"`
		Encoding string `db:"encoding"`
		Ctype    string `db:"ctype"`
		Letters  bool   `db:"letters"`
		Creates  bool   `db:"creates"`
		Versions bool   `db:"versions"`
		Now      time.Time
		Ours     int
		Free     int
		Most     int
		Lacking  pq.StringArray
	}
	began := time.Now()
	err := db.GetContext(ctx, &row, `
		select current_setting('server_version') as version,
		       current_setting('server_version_num')::int as number,
		       pg_encoding_to_char(d.encoding) as encoding,
		       d.datctype as ctype,
		       'ж' ~ '[[:alpha:]]' as letters,
		       has_database_privilege(d.oid, 'create') as creates,
		       to_regclass('goose_db_version') is not null as versions,
		       clock_timestamp() as now,
		       (select count(*) from pg_stat_activity a where a.datname = current_database() and a.usename = current_user) as ours,
		       greatest(0, m.most - (select count(*) from pg_stat_activity a where a.backend_type = 'client backend')) as free,
		       m.most,
		       array(select x.name from unnest($1::text[]) x (name)
		              where not exists (select from pg_extension e where e.extname = x.name)
		                and not exists (select from pg_available_extensions e where e.name = x.name)) as lacking
		from pg_database d
		cross join (select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most) m
		where d.datname = current_database()`, pq.Array(extensions))
	if err != nil {
		return Status{}, fmt.Errorf("check the database: %w", err)
	}
	took := time.Since(began)
	s := Status{Server: row.Version, Answered: took, Ahead: began.Add(took / 2).Sub(row.Now), Ours: row.Ours, Free: row.Free, Most: row.Most}
	if s.Wanted, err = newest(Migrations()); err != nil {
		return Status{}, err
	}
	if row.Versions {
		err := db.GetContext(ctx, &s.Schema, "select coalesce(max(version_id) filter (where is_applied), 0) from goose_db_version")
		if err != nil {
			return Status{}, fmt.Errorf("check the schema's version: %w", err)
		}
	}
	add := func(code ProblemCode, format string, args ...any) {
		s.Problems = append(s.Problems, &Problem{Code: code, Sentence: fmt.Sprintf(format, args...)})
	}
	if row.Number < oldestServer {
		add(TooOld, "Postgres %s is too old: Heed needs 15 or newer. Update the server, or point DATABASE_URL at a newer one.", row.Version)
	}
	if len(row.Lacking) > 0 {
		add(NoExtension, "The server lacks %s, which the schema needs. Install Postgres' contrib package on it (often postgresql-contrib).", strings.Join(row.Lacking, " and "))
	}
	if row.Encoding != "UTF8" || !row.Letters {
		add(BadLocale, "The database has encoding %s and locale %s, under which search sees no Cyrillic and no Arabic. "+
			"Make a new one (createdb --encoding UTF8 --locale C.UTF-8 --template template0 NAME) and restore a backup into it.", row.Encoding, row.Ctype)
	}
	switch {
	case s.Schema < s.Wanted && !row.Creates:
		add(NotMigrated, "The schema is at %d, this Heed needs %d, and its role may not create things in the database. "+
			"As the owner: grant create on database NAME to ROLE; then run: heed migrate", s.Schema, s.Wanted)
	case s.Schema < s.Wanted:
		add(NotMigrated, "The schema is at %d, this Heed needs %d. Nothing is lost. Run: heed migrate", s.Schema, s.Wanted)
	case s.Schema > s.Wanted:
		s.Problems = append(s.Problems, tooNew(s.Schema, s.Wanted))
	}
	return s, nil
}

// newest is the highest number of the migrations' files.
func newest(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, err
	}
	var top int64
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		top = max(top, n)
	}
	return top, nil
}
