package embedded

import (
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
