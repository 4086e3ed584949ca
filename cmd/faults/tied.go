package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// startTied starts a program that the kernel ends with this one, however this one ends,
// and closes ended when it has.
func startTied(cmd *exec.Cmd, ended chan<- struct{}) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	tie(cmd.SysProcAttr)
	started := make(chan error, 1)
	go func() {
		// The signal comes with the end of the thread that started the child: this
		// goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(ended)
		}
	}()
	return <-started
}
