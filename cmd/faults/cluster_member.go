package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"heed/cmd/internal/tied"
)

// member is one process of the cluster.
type member struct {
	name    string
	command func() *exec.Cmd
	process *exec.Cmd
	ended   <-chan struct{}
}

// programAt finds a daemon; Debian keeps some where no user's PATH leads.
func programAt(name string) string {
	if at, err := exec.LookPath(name); err == nil {
		return at
	}
	return "/usr/sbin/" + name
}

// owned makes a member's command one of the cluster's: another user's, with a log.
func (c *cluster) owned(m *member) func() *exec.Cmd {
	inner := m.command
	return func() *exec.Cmd {
		cmd := inner()
		// A shell leaves its number for the guard and becomes the program.
		cmd = exec.Command("/bin/sh", append([]string{"-c", `echo $$ > "$0"; exec "$@"`, filepath.Join(c.dir, m.name, "pid"), cmd.Path}, cmd.Args[1:]...)...) // #nosec G204 -- ours
		cmd.Dir = "/"
		cmd.Env = []string{"PATH=" + os.Getenv("PATH") + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + filepath.Join(c.dir, "own")}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setpgid: true}
		if log, err := os.OpenFile(filepath.Join(c.dir, m.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err == nil { // #nosec G302 -- a log
			cmd.Stdout, cmd.Stderr = log, log
		}
		return cmd
	}
}

func (m *member) start() error {
	cmd := m.command()
	ended, err := tied.Start(cmd)
	if err != nil {
		return fmt.Errorf("start %s: %w", m.name, err)
	}
	m.process, m.ended = cmd, ended
	return nil
}

// kill is kill -9; it returns when the process is gone.
func (m *member) kill() {
	if m.process == nil {
		return
	}
	_ = m.process.Process.Kill()
	<-m.ended
	m.process = nil
}
