package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
	"heed/store/embedded"
	"heed/store/storetest"
)

// TestUnsynced is a server whose commits wait for a standby that is not there. Postgres
// calls a commit done whose wait was cancelled; nobody may be told so.
func TestUnsynced(t *testing.T) {
	t.Parallel()
	p := newLonePrimary(t)
	w := &votesWorld{ctx: t.Context(), db: p.db, store: store.New(p.db)}
	w.populate(t, 1)
	other := storetest.Open(t, p.dsn) // whoever looks on, and cancels
	member := bot.MemberID(1)
	w.cast(t, w.thumb("URUI", 0, bot.Support, monday))
	p.await(t, "nobody")

	ways := map[string]func(ctx context.Context) error{
		"a_transaction": func(ctx context.Context) error {
			return w.store.InTx(ctx, func(tx bot.Tx) error {
				_, _, err := tx.AddItem(ctx, bot.Item{Board: w.board, Title: "Dark mode", Status: bot.StatusNew, Audience: bot.Team, CreatedAt: monday}, "act:1")
				return err
			})
		},
		"words_that_are_held": func(ctx context.Context) error {
			return w.store.InTx(ctx, func(tx bot.Tx) error {
				_, _, err := tx.Hold(ctx, bot.Held{Board: w.board, Member: member, Key: "act:2", Why: "similar", Words: "dark mode", Until: monday, CreatedAt: monday})
				return err
			})
		},
		"an_act_that_is_remembered": func(ctx context.Context) error {
			return w.store.InTx(ctx, func(tx bot.Tx) error {
				_, err := tx.Once(ctx, w.board, "act:3", monday)
				return err
			})
		},
		"votes_outside_a_transaction": func(ctx context.Context) error {
			_, err := w.store.CastVotes(ctx, monday, []bot.Ballot{w.thumb("UMIRA", 0, bot.Support, monday)})
			return err
		},
	}
	for name, do := range ways {
		for _, try := range []string{"the first time", "sent again"} { // what it left is there by then, and on no standby
			ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
			if err := do(ctx); err == nil {
				t.Errorf("%s, %s: it is called done", name, try)
			}
			cancel()
		}
		ended := make(chan error, 1)
		go func() { ended <- do(t.Context()) }()
		cancelWaits(t, other, ended) // an operator does; Heed's own context still stands
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "no standby") {
			t.Errorf("%s, cancelled: %v", name, err)
		}
	}

	p.await(t, "")
	for name, do := range ways {
		if err := do(t.Context()); err != nil {
			t.Errorf("%s, after all: %v", name, err)
		}
	}
	if got := w.count(t, 0); got != 2 {
		t.Errorf("the item has %d votes", got)
	}
}

// cancelWaits cancels what waits for a standby until the call has ended.
func cancelWaits(t *testing.T, db *sqlx.DB, ended chan error) {
	t.Helper()
	for {
		if _, err := db.ExecContext(t.Context(), "select pg_cancel_backend(pid) from pg_stat_activity, pg_sleep(0.01) where wait_event = 'SyncRep'"); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			ended <- err
			return
		case <-t.Context().Done():
			t.Fatal("the wait was not ended")
		default:
		}
	}
}

// lonePrimary is a server of a test's own.
type lonePrimary struct {
	dir, dsn string
	db       *sqlx.DB
}

func newLonePrimary(t *testing.T) *lonePrimary {
	t.Helper()
	top, err := os.MkdirTemp("", "heed-lone-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	if err := os.Chmod(top, 0o755); err != nil { // as root, Postgres is another user
		t.Fatal(err)
	}
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: filepath.Join(top, "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = server.Stop(ctx)
	})
	p := &lonePrimary{dir: filepath.Join(top, "data", "postgres"), dsn: server.DSN()}
	p.db = storetest.Open(t, p.dsn)
	if err := store.Migrate(t.Context(), p.db); err != nil {
		t.Fatal(err)
	}
	return p
}

// await has commits wait for a standby of this name, "" for none, and returns once they
// do: the server takes a new setting when it comes to it.
func (p *lonePrimary) await(t *testing.T, standby string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, "postgresql.auto.conf"), []byte("synchronous_standby_names = '"+standby+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(p.dir, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for n := range 400 {
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
		_, err := p.db.ExecContext(ctx, fmt.Sprintf("create table probe_%s%d ()", standby, n))
		cancel()
		if (err != nil) == (standby != "") {
			return
		}
	}
	t.Fatal("the server goes on as before")
}
