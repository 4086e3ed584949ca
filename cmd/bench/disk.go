package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// measureFsync is how long a small durable write takes, the least a commit can cost.
func measureFsync(dir string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(dir, "fsync")) // #nosec G304 -- our own folder
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	const writes = 200
	start := time.Now()
	for range writes {
		if _, err := f.WriteAt(make([]byte, 8192), 0); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return time.Since(start) / writes, nil
}

// slowDisk has every flush of the server's log wait a millisecond first. It is kinder to
// many committers than such a disk would be: who commits while the flush waits is taken
// along, where a disk would have them wait for the next. So what it says of pgbench is
// the most that such a disk could give.
func (b *board) slowDisk(ctx context.Context) error {
	data := filepath.Join(b.dir, "postgres")
	f, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0) // #nosec G304 -- our own server's
	if err != nil {
		return fmt.Errorf("slow disk: %w", err)
	}
	_, err = f.WriteString("\ncommit_delay = 1000\ncommit_siblings = 0\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("slow disk: %w", err)
	}
	pid, err := os.ReadFile(filepath.Join(data, "postmaster.pid")) // #nosec G304 -- likewise
	if err != nil {
		return fmt.Errorf("slow disk: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(string(pid), "\n", 2)[0]))
	if err != nil {
		return fmt.Errorf("slow disk: %w", err)
	}
	if err := syscall.Kill(n, syscall.SIGHUP); err != nil { // the role here may not ask for it in SQL
		return fmt.Errorf("slow disk: %w", err)
	}
	for ends := time.Now().Add(10 * time.Second); time.Now().Before(ends); {
		var delay string
		if err := b.db.GetContext(ctx, &delay, `show commit_delay`); err != nil {
			return fmt.Errorf("slow disk: %w", err)
		}
		if delay == "1000" {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("slow disk: Postgres did not take the setting")
}

// commit is how long one small transaction takes alone.
func (b *board) commit(ctx context.Context) (time.Duration, error) {
	const times = 100
	if _, err := b.db.ExecContext(ctx, `create table bench_commits (n integer)`); err != nil {
		return 0, fmt.Errorf("commits: %w", err)
	}
	start := time.Now()
	for range times {
		if _, err := b.db.ExecContext(ctx, `insert into bench_commits values (1)`); err != nil {
			return 0, fmt.Errorf("commits: %w", err)
		}
	}
	return time.Since(start) / times, nil
}
