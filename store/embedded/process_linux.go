package embedded

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// kernelGuards says that the kernel stops Postgres when this program dies.
const kernelGuards = true

// endWithParent has the kernel send a fast shutdown to the child when the thread that
// starts it ends.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// commandLine is a process's arguments, separated by spaces.
func commandLine(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return strings.ReplaceAll(string(text), "\x00", " "), err
}
