package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"heed/cmd/internal/tied"
)

// breaker is what a trouble holds until its end.
type breaker struct {
	held      []*sql.DB
	cancel    context.CancelFunc
	all       sync.WaitGroup
	deadlocks int // that Postgres had broken before
}

// takeConnections takes every connection that Postgres has, and goes on taking what comes
// free.
func takeConnections(ctx context.Context, w *world, _ *proxy) error {
	ctx, w.broken.cancel = context.WithCancel(context.WithoutCancel(ctx))
	db, err := open(w.server.dsn())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(0)
	db.SetMaxIdleConns(1000)
	w.broken.held = append(w.broken.held, db.DB)
	if err := w.server.admin(ctx, rootRole, "select pg_terminate_backend(pid) from pg_stat_activity where usename = '"+heedRole+"' and pid <> pg_backend_pid()"); err != nil {
		return err
	}
	for range 80 { // more than there are
		w.broken.all.Go(func() {
			for ctx.Err() == nil {
				if c, err := db.Conn(ctx); err == nil {
					<-ctx.Done()
					_ = c.Close()
				}
				_ = rest(ctx, 10*time.Millisecond)
			}
		})
	}
	return nil
}

func giveConnections(_ context.Context, w *world, _ *proxy) error { return w.broken.end() }

// end lets go of all that is held.
func (b *breaker) end() error {
	if b.cancel != nil {
		b.cancel()
	}
	b.all.Wait()
	var errs []error
	for _, db := range b.held {
		errs = append(errs, db.Close())
	}
	*b = breaker{}
	return errors.Join(errs...)
}

// diskSize is the size of a disk that can be filled.
const diskSize = "size=400m"

// mountDisk makes a small disk of its own at dir, where this program may; false else.
func mountDisk(dir string) bool {
	return os.Geteuid() == 0 && mount(dir, diskSize) == nil
}

// openFolder is a folder that Postgres' own user may pass through. Those of runs that were
// killed go, with the disks in them.
func openFolder() (dir string, remove func(), err error) {
	return tied.Folder("heed-faults-run", func(left string) { unmount(diskIn(left)) })
}

// diskIn is where a world's own server is, and its small disk.
func diskIn(dir string) string { return filepath.Join(dir, "postgres") }

// ballast is the file that takes what is left of the disk.
func (w *world) ballast() string { return filepath.Join(w.disk, "ballast") }

// fillDisk leaves no byte, and has Postgres want one. Without a disk of its own every
// write fails with the error of a full disk instead.
func fillDisk(ctx context.Context, w *world, _ *proxy) error {
	if w.disk == "" {
		return w.failWrites(ctx, "53100", 1)
	}
	f, err := os.Create(w.ballast())
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			return err
		}
	}
	for range 100 { // use up the log that is there: then there is no place for the next
		if err := w.server.admin(ctx, heedRole, "create table if not exists ballast (n int)", "insert into ballast values (1)", "select pg_switch_wal()"); err != nil {
			return nil //nolint:nilerr // that is what was wanted
		}
	}
	return errors.New("the disk is full and Postgres does not notice")
}

// emptyDisk makes room, and starts Postgres if it gave up, as a service manager does.
func emptyDisk(ctx context.Context, w *world, _ *proxy) error {
	if w.disk == "" {
		return w.letWrite(ctx)
	}
	if err := os.Remove(w.ballast()); err != nil {
		return err
	}
	select {
	case <-w.server.ended:
		return w.server.start(ctx)
	default:
		return w.server.answers(ctx)
	}
}

// failWrites has one of so many writes of Heed fail with this error.
func (w *world) failWrites(ctx context.Context, code string, oneOf int) error {
	statements := []string{fmt.Sprintf(`create or replace function faults_fail() returns trigger language plpgsql as $$
		begin
			if random() * %d < 1 then raise exception 'a fault' using errcode = '%s'; end if;
			return null;
		end $$`, oneOf, code)}
	for _, table := range faultTables {
		statements = append(statements, "create trigger faults_fail after insert or update on "+table+" for each statement execute function faults_fail()")
	}
	return w.server.admin(ctx, heedRole, statements...)
}

func (w *world) letWrite(ctx context.Context) error {
	return w.server.admin(ctx, heedRole, "drop function faults_fail() cascade")
}

// faultTables are what nearly every act writes to.
var faultTables = []string{"ballots", "items", "posts", "held"}

func failSerialization(ctx context.Context, w *world, _ *proxy) error {
	return w.failWrites(ctx, "40001", 4)
}

func endSerialization(ctx context.Context, w *world, _ *proxy) error { return w.letWrite(ctx) }

// beginDeadlocks locks a card's post and then its item, against the order in which Heed
// does. A card that is due already is not touched by a vote, and one that is not is.
func beginDeadlocks(ctx context.Context, w *world, _ *proxy) (err error) {
	if w.broken.deadlocks, err = w.deadlocks(ctx); err != nil {
		return err
	}
	ctx, w.broken.cancel = context.WithCancel(context.WithoutCancel(ctx))
	db, err := open(w.server.address(rootRole, heedRole))
	if err != nil {
		return err
	}
	w.broken.held = append(w.broken.held, db.DB)
	for range 3 {
		w.broken.all.Go(func() {
			for ctx.Err() == nil {
				tx, err := db.BeginTx(ctx, nil)
				if err != nil {
					continue
				}
				_, _ = tx.ExecContext(ctx, `do $$
					declare x record;
					begin
						select board_id, post_id, item_id into x from posts where kind = 'card' order by due_at is not null, random() limit 1;
						perform from posts p where p.board_id = x.board_id and p.post_id = x.post_id for update;
						perform pg_sleep(0.03);
						perform from items i where i.board_id = x.board_id and i.item_id = x.item_id for update;
					end $$`)
				_ = tx.Rollback()
				_ = rest(ctx, 5*time.Millisecond)
			}
		})
	}
	return nil
}

// deadlockPatience bounds how long the disturber tries.
const deadlockPatience = 30 * time.Second

// endDeadlocks goes on until Postgres has broken one: before that nothing was tried.
func endDeadlocks(ctx context.Context, w *world, _ *proxy) error {
	for since := time.Now(); time.Since(since) < deadlockPatience; {
		n, err := w.deadlocks(ctx)
		if err != nil {
			return errors.Join(err, w.broken.end())
		}
		if n > w.broken.deadlocks {
			break
		}
		if err := rest(ctx, 100*time.Millisecond); err != nil {
			return errors.Join(err, w.broken.end())
		}
	}
	return w.broken.end()
}

// deadlocks is how many Postgres broke since it crashed, which forgot those before.
func (w *world) deadlocks(ctx context.Context) (n int, err error) {
	err = w.db.GetContext(ctx, &n, "select deadlocks from pg_stat_database where datname = current_database()")
	return n, err
}
