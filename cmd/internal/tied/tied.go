// Package tied starts programs that end with the one that started them, however that one
// ends: a measurement that is killed leaves no server behind.
package tied

import (
	"os/exec"
	"runtime"
	"syscall"
)

// Start starts a program that the kernel tells to end (SIGINT) when this one is gone, and
// answers what is closed when it has ended. Where the kernel can't do that, it is started
// like any other.
func Start(cmd *exec.Cmd) (ended <-chan struct{}, err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	tie(cmd.SysProcAttr)
	started, gone := make(chan error, 1), make(chan struct{})
	go func() {
		// The signal comes with the end of the thread that started the child: this
		// goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(gone)
		}
	}()
	return gone, <-started
}
