//go:build unix && !linux

package embedded

import (
	"os/exec"
	"strconv"
	"syscall"
)

// kernelGuards says that the kernel does not stop Postgres when this program dies.
const kernelGuards = false

func endWithParent(*syscall.SysProcAttr) {}

// commandLine is a process's arguments, separated by spaces.
func commandLine(pid int) (string, error) {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return string(out), err
}
