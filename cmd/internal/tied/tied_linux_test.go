package tied

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// startsOne has this test's program be one that starts another and waits.
const startsOne = "HEED_TIED_STARTS_ONE"

func TestMain(m *testing.M) {
	if os.Getenv(startsOne) == "" {
		os.Exit(m.Run())
	}
	child := exec.Command("sleep", "600")
	ended, err := Start(child)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(child.Process.Pid)
	<-ended
}

func TestStart(t *testing.T) {
	t.Parallel()

	t.Run("what_was_started_ends_when_its_starter_is_killed", func(t *testing.T) {
		t.Parallel()
		parent := exec.Command(os.Args[0]) // #nosec G204 G702 -- this very test
		parent.Env = append(os.Environ(), startsOne+"=1")
		out, err := parent.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		child, bad := strconv.Atoi(strings.TrimSpace(line))
		if err != nil || bad != nil {
			t.Fatalf("it said %q, %v", line, err)
		}
		if err := parent.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = parent.Wait()
		late := time.After(time.Minute)
		for every := time.NewTicker(10 * time.Millisecond); runs(child); <-every.C {
			select {
			case <-late:
				t.Fatal("what it started still runs")
			default:
			}
		}
	})

	t.Run("a_program_that_is_not_there_is_an_error", func(t *testing.T) {
		t.Parallel()
		if _, err := Start(exec.Command("/nowhere/at/all")); err == nil {
			t.Error("it was started")
		}
	})
}

// runs tells whether a process is there; one that ended and that nobody asked about is not.
func runs(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(text), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}
