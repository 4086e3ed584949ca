package embedded

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestKilled kills the program that runs the server with SIGKILL, so that none of its
// code can act, and waits for the server's end as the parent it then has: this test
// program declares itself the reaper of its orphans.
func TestKilled(t *testing.T) {
	const prSetChildSubreaper = 36 // linux/prctl.h
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0); errno != 0 {
		t.Fatal(errno)
	}
	for _, play := range []string{"serve", "serve with a guard", "serve a throw-away"} {
		t.Run(strings.ReplaceAll(play, " ", "_"), func(t *testing.T) {
			t.Parallel()
			dir := folderFor(t)
			cmd, out, _ := child(t, play, dir, 0)
			line, err := out.ReadString('\n')
			if err != nil {
				t.Fatalf("the child did not start a server: %v", err)
			}
			var pid, guard int
			if _, err := fmt.Sscan(line, &pid, &guard); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // "signal: killed"
			var status syscall.WaitStatus
			if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil { // hangs if nobody stops it
				t.Fatal(err)
			}
			if !status.Exited() || status.ExitStatus() != 0 {
				t.Errorf("the server ended out of order: %v", status)
			}
			if _, err := os.Stat(filepath.Join(dir, "postgres", "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("postmaster.pid is still there: %v", err)
			}
			if play == "serve a throw-away" {
				if _, err := syscall.Wait4(guard, &status, 0, nil); err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("the folder is still there: %v", err)
				}
				return
			}
			start(t, Options{Dir: dir}) // and the folder is free again
		})
	}
}

func TestRestart(t *testing.T) {
	t.Run("at_once_after_the_program_was_killed", func(t *testing.T) {
		t.Parallel()
		o := Options{Dir: folderFor(t)}
		cmd, out, _ := child(t, "serve", o.Dir, 0)
		if _, err := out.ReadString('\n'); err != nil {
			t.Fatalf("the child did not start a server: %v", err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // "signal: killed"; its server is stopping now
		start(t, o)
	})
	t.Run("after_postgres_itself_was_killed", func(t *testing.T) {
		t.Parallel()
		o := Options{Dir: folderFor(t)}
		s := start(t, o)
		err := withDB(s.DSN(), func(db *sql.DB) error {
			if _, err := db.ExecContext(t.Context(), "create table kept as select 1 as id"); err != nil {
				return err
			}
			if err := syscall.Kill(s.proc.pid, syscall.SIGKILL); err != nil {
				return err
			}
			<-s.Done() // the program learns of it
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("stopping what is gone: %v", err)
		}
		var n int
		err = withDB(start(t, o).DSN(), func(db *sql.DB) error {
			return db.QueryRowContext(t.Context(), "select id from kept").Scan(&n)
		})
		if err != nil || n != 1 {
			t.Errorf("the row is lost: %d, %v", n, err)
		}
	})
}
