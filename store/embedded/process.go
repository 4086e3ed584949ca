//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// process is a running postmaster.
type process struct {
	pid  int
	done chan struct{} // closed when it has ended
	err  error         // how; read it after done
}

// settings are the server's settings of ours; the rest is Postgres' own, and
// postgresql.conf may change it.
func settings(socket string, throwaway bool) []string {
	all := []string{
		"listen_addresses=", "port=" + port,
		"unix_socket_directories=" + quoted(socket), "unix_socket_permissions=0700",
		"logging_collector=off", "log_destination=stderr",
		"log_min_messages=log", // statements that fail are not logged: they hold what people said
		"log_min_error_statement=panic", "log_error_verbosity=terse",
		"jit=off", // our statements are short: compiling them costs more than it saves
	}
	if throwaway {
		all = append(all, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
			"wal_level=minimal", "max_wal_senders=0", "max_connections=1000", "checkpoint_timeout=1h", "max_wal_size=4GB")
	}
	return all
}

// quoted puts a name into a list setting.
func quoted(name string) string { return `"` + name + `"` }

// startProcess starts postgres as the folder's owner, in a process group of its own (a
// Ctrl-C at the terminal is for Heed, which then stops Postgres in order), with its
// output in postgres.log.
func startProcess(f *folder, bin binaries, socket string, o Options) (*process, error) {
	name := filepath.Join(f.dir, "postgres.log")
	_ = os.Rename(name, name+".old") // one start back is kept
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	defer func() { _ = out.Close() }()

	args := []string{"-D", f.data()}
	for _, s := range settings(socket, o.Throwaway) {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(bin.path("postgres"), args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/", environment(), out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: f.owner.credential()}
	if !o.guarded {
		endWithParent(cmd.SysProcAttr)
	}

	p := &process{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ends the child with the thread that started it, not with the
		// program: this goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

// ready returns when the server answers. The first start after a crash may take long.
func (p *process) ready(ctx context.Context, dsn string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ping(ctx, dsn)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("postgres ended: %w", errors.Join(p.err, err))
		case <-ctx.Done():
			return fmt.Errorf("postgres did not answer: %w", errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

// stop ends the server: fast (SIGINT), or gentle first (SIGTERM: sessions may finish, for
// at most ten seconds), and at ctx's end immediately (SIGQUIT).
func (p *process) stop(ctx context.Context, gentle bool) error {
	if gentle {
		p.signal(syscall.SIGTERM)
		patience, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		select {
		case <-p.done:
			return nil
		case <-patience.Done():
		}
	}
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
	}
	p.signal(syscall.SIGQUIT)
	<-p.done // the server ends its children after five seconds whatever they do
	return fmt.Errorf("postgres was stopped in haste: %w", ctx.Err())
}

// signal sends to the postmaster while it is there; a process id is not used again
// before its end was waited for.
func (p *process) signal(s syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(p.pid, s)
	}
}

// alive says whether there is a process of this id.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
