//go:build unix

package embedded

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guardScript waits for a word on its input. The end of the input without a word means
// that the program died: it then stops the server $1 and, when it is gone, deletes the
// folder $2 if there is one.
const guardScript = `
read -r word && exit 0
kill -INT "$1" 2>/dev/null
n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 600 ]; do sleep 0.05; n=$((n+1)); done
[ -z "$2" ] || rm -rf "$2"
`

// guard is a shell that outlives this program for as long as the server does. It is
// there where the kernel can't stop the server, or something is to be cleaned up.
type guard struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

// watch starts a guard over a server, nil when none is needed.
func watch(pid int, dir string, o Options) (*guard, error) {
	if kernelGuards && !o.Throwaway && !o.guarded {
		return nil, nil
	}
	if !o.Throwaway {
		dir = ""
	}
	return startGuard(pid, dir)
}

func startGuard(pid int, remove string) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "heed-guard", strconv.Itoa(pid), remove)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &guard{cmd, in}, nil
}

// dismiss ends the guard without letting it act. It may be called on none, and twice.
func (g *guard) dismiss() {
	if g == nil || g.cmd.ProcessState != nil {
		return
	}
	_, _ = io.WriteString(g.in, "dismissed\n")
	_ = g.in.Close()
	_ = g.cmd.Wait()
}
