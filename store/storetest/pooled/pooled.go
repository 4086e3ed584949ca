//go:build unix

// Package pooled runs a PgBouncer of its own in front of a database, for tests and for
// what is broken on purpose. It ends with the program that started it.
package pooled

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"

	"heed/store/storetest/freeport"
)

// Options say what the pooler is in front of, and how it pools.
type Options struct {
	DSN      string // the database
	Mode     string // pool_mode; "" is transaction
	Size     int    // default_pool_size; 0 is 5
	Settings string // more lines of its section [pgbouncer]
}

// Pooler is a PgBouncer that runs, or ran.
type Pooler struct {
	dir     string
	address string // host:port
	as      *syscall.Credential
	process *exec.Cmd
	ended   chan struct{}
	dsn     string
}

// Start starts a pooler on a free port of loopback and returns when it answers. Stop must
// be called.
func Start(ctx context.Context, o Options) (*Pooler, error) {
	p := &Pooler{}
	if err := p.configure(o); err != nil {
		p.Stop()
		return nil, err
	}
	if err := p.Run(ctx); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// DSN is the database's address through the pooler.
func (p *Pooler) DSN() string { return p.dsn }

// configure writes what the pooler reads. Its clients need no password: it is for the
// programs of one test.
func (p *Pooler) configure(o Options) error {
	cfg, err := pq.NewConfig(o.DSN)
	if err != nil {
		return errors.New("the pooler's database has no address")
	}
	if p.dir, err = os.MkdirTemp("", "heed-pooled-"); err != nil {
		return err
	}
	if err := os.Chmod(p.dir, 0o755); err != nil { // #nosec G302 -- as root, it runs as another user
		return err
	}
	free, err := freeport.Find()
	if err != nil {
		return err
	}
	p.address = fmt.Sprintf("127.0.0.1:%d", free)
	if p.as, err = unprivileged(cfg.Host); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(p.address)
	if err != nil {
		return err
	}
	mode, size := o.Mode, o.Size
	if mode == "" {
		mode = "transaction"
	}
	if size == 0 {
		size = 5
	}
	password := ""
	if cfg.Password != "" {
		password = " password=" + quoted(cfg.Password)
	}
	p.dsn = (&url.URL{Scheme: "postgres", User: url.User(cfg.User), Host: p.address, Path: "/" + cfg.Database, RawQuery: "sslmode=disable"}).String()
	return os.WriteFile(filepath.Join(p.dir, "pgbouncer.ini"), fmt.Appendf(nil, `[databases]
%s = host=%s port=%d user=%s dbname=%s%s
[pgbouncer]
listen_addr = %s
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = %s
default_pool_size = %d
max_client_conn = 1000
%s
`, cfg.Database, quoted(cfg.Host), cfg.Port, quoted(cfg.User), quoted(cfg.Database), password, host, port, mode, size, o.Settings), 0o644) // #nosec G306 -- its other user reads it
}

func quoted(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// unprivileged is whom root runs the pooler as, since it refuses root: the owner of the
// database's socket, which nobody else may enter, else nobody.
func unprivileged(host string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if info, err := os.Stat(host); err == nil && filepath.IsAbs(host) {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return &syscall.Credential{Uid: st.Uid, Gid: st.Gid}, nil
		}
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// program is where PgBouncer is; Debian keeps it where no user's PATH leads.
func program() (string, error) {
	if at, err := exec.LookPath("pgbouncer"); err == nil {
		return at, nil
	}
	if at, err := exec.LookPath("/usr/sbin/pgbouncer"); err == nil {
		return at, nil
	}
	return "", errors.New("there is no pgbouncer on this machine: run scripts/pgbouncer")
}

// Run starts the pooler again after Kill.
func (p *Pooler) Run(ctx context.Context) error {
	at, err := program()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(p.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	p.process = exec.Command(at, filepath.Join(p.dir, "pgbouncer.ini")) // #nosec G204 -- ours
	p.process.Dir, p.process.Stdout, p.process.Stderr = "/", log, log
	p.process.SysProcAttr = &syscall.SysProcAttr{Credential: p.as, Setpgid: true}
	tie(p.process.SysProcAttr)
	p.ended = make(chan struct{})
	started := make(chan error)
	go func(process *exec.Cmd, ended chan struct{}) {
		runtime.LockOSThread() // the kernel ends the child with the thread that started it
		err := process.Start()
		started <- err
		if err == nil {
			_ = process.Wait()
			close(ended)
		}
	}(p.process, p.ended)
	if err := <-started; err != nil {
		p.process = nil
		return fmt.Errorf("start pgbouncer: %w", err)
	}
	return p.answers(ctx)
}

// answers waits until the pooler takes connections.
func (p *Pooler) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.ended:
			return errors.New("pgbouncer ended: " + p.Log())
		case <-ctx.Done():
			return fmt.Errorf("pgbouncer does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// Kill ends the pooler in the midst of what it does.
func (p *Pooler) Kill() {
	if p.process == nil {
		return
	}
	_ = p.process.Process.Kill()
	<-p.ended
	p.process = nil
}

// Stop ends the pooler for good.
func (p *Pooler) Stop() {
	p.Kill()
	if p.dir != "" {
		_ = os.RemoveAll(p.dir)
	}
}

// Log is what it said.
func (p *Pooler) Log() string {
	text, err := os.ReadFile(filepath.Join(p.dir, "log"))
	if err != nil {
		return ""
	}
	return string(text)
}
