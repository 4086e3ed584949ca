//go:build unix

package embedded

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lib/pq"
)

// part names the environment variable by which the test program, run again as a child,
// learns its part.
const part = "HEED_EMBEDDED_TEST_PART"

// binVariable tells a child, which runs elsewhere, what its parent found.
const binVariable = "HEED_POSTGRES_BIN"

func TestMain(m *testing.M) {
	play := os.Getenv(part)
	if play == "" {
		os.Exit(m.Run())
	}
	dir := os.Args[1]
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := perform(ctx, play, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func perform(ctx context.Context, play, dir string) error {
	if play == "round trip" {
		return roundTrip(ctx, dir)
	}
	o := Options{Dir: dir, Bin: os.Getenv(binVariable), guarded: play == "serve with a guard", Throwaway: play == "serve a throw-away"}
	s, err := Start(ctx, o)
	if err != nil {
		return err
	}
	guard := 0
	if s.guard != nil {
		guard = s.guard.cmd.Process.Pid
	}
	fmt.Println(s.proc.pid, guard)
	_, err = io.Copy(io.Discard, os.Stdin) // until the test ends it
	return err
}

// roundTrip keeps a row over a restart and looks at who Heed is in its Postgres.
func roundTrip(ctx context.Context, dir string) error {
	for _, want := range []int{0, 1} {
		s, err := Start(ctx, Options{Dir: dir, Bin: os.Getenv(binVariable)})
		if err != nil {
			return err
		}
		var n int
		var super bool
		err = withDB(s.DSN(), func(db *sql.DB) error {
			for _, stmt := range []string{
				"create extension if not exists pg_trgm", "create extension if not exists btree_gist",
				"create table if not exists kept (id int)",
			} {
				if _, err := db.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			if err := db.QueryRowContext(ctx, "select count(*) from kept").Scan(&n); err != nil {
				return err
			}
			if err := db.QueryRowContext(ctx, "select rolsuper from pg_roles where rolname = current_user").Scan(&super); err != nil {
				return err
			}
			_, err := db.ExecContext(ctx, "insert into kept values (1)")
			return err
		})
		if stop := s.Stop(ctx); err == nil {
			err = stop
		}
		if err != nil {
			return err
		}
		if n != want || super {
			return fmt.Errorf("%d rows were kept, want %d; superuser: %v", n, want, super)
		}
	}
	return nil
}

func withDB(dsn string, fn func(*sql.DB) error) error {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer func() { _ = db.Close() }()
	return fn(db)
}

// folderFor is a new folder below one that every user may enter; t.TempDir's parents are
// for one user.
func folderFor(t *testing.T) string {
	t.Helper()
	top, err := os.MkdirTemp("", "heed-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(top, "data")
}

// start starts a server that the test's end stops.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	o.Bin = os.Getenv(binVariable)
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(t.Context())) })
	return s
}

// child runs this program again in a part. As another user (0: this one) it runs from a
// copy, as Go keeps test programs where only their user gets at them.
func child(t *testing.T, play, dir string, uid uint32) (*exec.Cmd, *bufio.Reader, io.WriteCloser) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var as *syscall.Credential
	if uid > 0 {
		text, err := os.ReadFile(exe)
		if err != nil {
			t.Fatal(err)
		}
		exe = filepath.Join(filepath.Dir(dir), "program")
		if err := os.WriteFile(exe, text, 0o755); err != nil {
			t.Fatal(err)
		}
		as = &syscall.Credential{Uid: uid, Gid: uid}
	}
	cmd := exec.Command(exe, dir)
	cmd.Env = append(os.Environ(), part+"="+play, binVariable+"="+anyBinaries(t))
	cmd.Dir, cmd.Stderr = "/", os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out), in
}

// sentence is what a failed start tells the operator; the test fails if it has none.
func sentence(t *testing.T, err error) string {
	t.Helper()
	s, ok := err.(interface{ Say() string })
	if !ok {
		t.Fatalf("no sentence for people in %v", err)
	}
	return s.Say()
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q does not hold %q", text, p)
		}
	}
}
