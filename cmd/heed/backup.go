package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/embedded"
)

// A backup is a tar of two files: what it holds, and pg_dump's archive of it.
const (
	backupManifest = "heed.json"
	backupDump     = "heed.dump"
	backupFormat   = 1
)

// manifest is what a backup says of itself.
type manifest struct {
	Format   int         `json:"format"`
	Heed     string      `json:"heed"`
	Postgres int         `json:"postgres"` // major version of the server
	At       time.Time   `json:"at"`
	Tables   []store.Sum `json:"tables"`
}

func (m manifest) rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// backup writes all that Heed keeps into one file, while Heed goes on.
func (p program) backup(ctx context.Context, args []string) error {
	return stopped(p.backupFile(ctx, args))
}

func (p program) backupFile(ctx context.Context, args []string) error {
	fs := p.flags("backup", "backup FILE\n\nWrites all boards into a new file, as of one instant, while Heed may go on running.\n"+
		"Secrets of the environment are not in it: keep HEED_SECRET_KEY with it, which opens the stored tokens.")
	rest, err := p.parseAround(fs, args, 1)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		fmt.Fprintln(p.err, "heed: say where the backup goes: heed backup FILE.")
		return errUse
	}
	file := rest[0]
	if _, err := os.Lstat(file); err == nil {
		fmt.Fprintf(p.err, "heed: %s is there already, and a backup never overwrites. Choose another name.\n", file)
		return errUse
	}
	work, err := p.task(ctx)
	if err != nil {
		return err
	}
	defer work.end()
	if err := work.ready(ctx); err != nil {
		return err
	}
	var m manifest
	err = store.Snapshot(ctx, work.data.db, func(snapshot string, sums []store.Sum) error {
		m, err = p.writeBackup(ctx, work.config, work.data, file, snapshot, sums)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Backed up: %d rows of %d tables in %s. `heed restore %s` puts them into an empty database and checks that all is there.\n", m.rows(), len(m.Tables), file, file)
	return nil
}

// writeBackup writes the file under a name of its own first: what has the name that was
// asked for is whole.
func (p program) writeBackup(ctx context.Context, c config, data *database, file, snapshot string, sums []store.Sum) (manifest, error) {
	m := manifest{Format: backupFormat, Heed: thisVersion(), At: p.now(), Tables: sums}
	var err error
	if _, m.Postgres, err = store.Server(ctx, data.db); err != nil {
		return m, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), ".heed-backup-*") // readable by nobody else
	if err != nil {
		return m, fmt.Errorf("make the backup's folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	dump, whole := filepath.Join(dir, backupDump), filepath.Join(dir, "whole")
	err = data.client(ctx, c, m.Postgres, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--snapshot="+snapshot, "--file="+dump)
	if err != nil {
		return m, err
	}
	if err := pack(whole, dump, m); err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Link(whole, file); err != nil { // unlike a rename it never replaces
		return m, fmt.Errorf("name the backup: %w", err)
	}
	return m, nil
}

// now is the program's time.
func (p program) now() time.Time {
	if p.clock != nil {
		return p.clock.Now()
	}
	return bot.SystemClock{}.Now()
}

// pack puts a dump and what it holds into one file, on disk when it returns.
func pack(whole, dump string, m manifest) (err error) {
	out, err := os.OpenFile(whole, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- a name of our own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	told, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	in, err := os.Open(dump) // #nosec G304 -- a name of our own
	if err != nil {
		return err
	}
	defer closeQuietly(in)
	info, err := in.Stat()
	if err != nil {
		return err
	}
	w := tar.NewWriter(out)
	for _, part := range []struct {
		name string
		size int64
		from io.Reader
	}{{backupManifest, int64(len(told)), strings.NewReader(string(told))}, {backupDump, info.Size(), in}} {
		if err := w.WriteHeader(&tar.Header{Name: part.name, Mode: 0o600, Size: part.size, ModTime: m.At}); err != nil {
			return err
		}
		if _, err := io.Copy(w, part.from); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Sync()
}

// client runs one of Postgres' own programs on this database. What it complains of goes
// into the error, without the address.
func (d *database) client(ctx context.Context, c config, major int, name string, args ...string) error {
	if store.Pooled(d.db) {
		return &store.Problem{Code: store.BadPooler, Sentence: "Backups and restores need Postgres itself: " + name + " changes its session, and behind a pooler " +
			"that session goes on to others. Nothing was done. Run it again with the server's own address in DATABASE_URL."}
	}
	path, err := embedded.Program(ctx, name, c.PostgresBin, major)
	if err != nil {
		return err
	}
	env, err := store.ClientEnv(d.dsn)
	if err != nil {
		return err
	}
	run := exec.CommandContext(ctx, path, args...) // #nosec G204 -- Postgres' own program with arguments of ours
	run.Env = append(env, "PATH="+os.Getenv("PATH"), "HOME="+os.Getenv("HOME"), "LC_ALL=C")
	if out, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, errors.Join(ctx.Err(), err), firstLine(string(out)))
	}
	return nil
}

// firstLine is what a program said first, without its own name.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if _, rest, ok := strings.Cut(line, "error: "); ok {
		line = rest
	}
	return bot.Excerpt(line, 300)
}

// stopped makes an end by Ctrl-C or SIGTERM a failure, which for commands that serve it
// is not.
func stopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted before its end. Nothing was left behind; run it again")
	}
	return err
}
