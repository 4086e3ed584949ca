package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"heed/store"
)

// restore puts a backup into an empty database and checks that all of it is there.
func (p program) restore(ctx context.Context, args []string) error {
	return stopped(p.restoreFile(ctx, args))
}

func (p program) restoreFile(ctx context.Context, args []string) error {
	fs := p.flags("restore", "restore FILE\n\nPuts a backup into the database of DATABASE_URL, or into a new HEED_DATA_DIR, which must be empty,\nand compares every table with what the backup says.")
	rest, err := p.parseAround(fs, args, 1)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		fmt.Fprintln(p.err, "heed: say which backup: heed restore FILE.")
		return errUse
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "heed-restore-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	dump := filepath.Join(dir, backupDump)
	m, err := unpack(rest[0], dump)
	if err != nil {
		return fmt.Errorf("%s is no backup of Heed's, or not whole: %w. Nothing was changed", rest[0], err)
	}
	work, err := p.taskOf(ctx, c)
	if err != nil {
		return err
	}
	defer work.end()
	return p.restoreInto(ctx, c, work.data, dump, m, work.log)
}

// restoreInto fills an empty database. What fails on the way leaves it empty.
func (p program) restoreInto(ctx context.Context, c config, data *database, dump string, m manifest, log *slog.Logger) error {
	there, err := store.Sums(ctx, data.db)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return errors.New("this database is not empty, and a restore never overwrites. Nothing was changed. Make a new database, or choose a new HEED_DATA_DIR, and restore there")
	}
	name, major, err := store.Server(ctx, data.db)
	if err != nil {
		return err
	}
	// Without the database's name pg_restore would only print.
	err = data.client(ctx, c, max(major, m.Postgres), "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname="+name, dump)
	if err != nil {
		return err
	}
	if there, err = store.Sums(ctx, data.db); err != nil {
		return err
	}
	if differ := differing(m.Tables, there); len(differ) > 0 {
		return fmt.Errorf("what was restored differs from the backup in: %s. Don't use this database; the backup itself is unchanged", strings.Join(differ, ", "))
	}
	if err := store.Analyze(ctx, data.db); err != nil {
		log.WarnContext(ctx, "the restored database was not analyzed; Postgres does so by itself in a while", "err", err)
	}
	fmt.Fprintf(p.out, "Restored: %d rows of %d tables, every one as it was on %s. `heed serve` goes on from there.\n",
		m.rows(), len(m.Tables), m.At.UTC().Format("2 January 2006 15:04 UTC"))
	return nil
}

// differing names the tables in which a restore is not what the backup says.
func differing(want, got []store.Sum) (names []string) {
	found := map[string]store.Sum{}
	for _, s := range got {
		found[s.Table] = s
	}
	for _, s := range want {
		if found[s.Table] != s {
			names = append(names, s.Table)
		}
		delete(found, s.Table)
	}
	for name := range found {
		names = append(names, name)
	}
	return names
}

// unpack reads what a backup says of itself and puts its dump at a path.
func unpack(file, dump string) (m manifest, err error) {
	in, err := os.Open(file) // #nosec G304 -- the file that was asked for
	if err != nil {
		return m, err
	}
	defer closeQuietly(in)
	r := tar.NewReader(in)
	head, err := r.Next()
	if err != nil || head.Name != backupManifest || head.Size > 1<<20 {
		return m, errors.Join(errors.New("it does not begin as one"), err)
	}
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, err
	}
	if m.Format != backupFormat {
		return m, fmt.Errorf("it is of format %d, and this Heed knows %d", m.Format, backupFormat)
	}
	if head, err = r.Next(); err != nil || head.Name != backupDump {
		return m, errors.Join(errors.New("the data is missing"), err)
	}
	out, err := os.OpenFile(dump, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- a name of our own
	if err != nil {
		return m, err
	}
	_, err = io.Copy(out, r) // #nosec G110 -- not compressed: no larger than the file
	return m, errors.Join(err, out.Close())
}
