package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"heed/cmd/internal/tied"
	"heed/store/embedded"
	"heed/store/storetest/freeport"
)

// server is a Postgres of one line, which may be broken in any way: durable as in real
// use, reachable by TCP on loopback, with a superuser for what breaks it.
type server struct {
	bin, dir string // its programs; the folder that holds its data
	port     int
	settings []string // more settings, "name=value"
	as       *syscall.Credential
	process  *exec.Cmd
	ended    <-chan struct{} // closed when process has ended
}

// Roles of a server: Heed's, which owns its database and nothing else, and who breaks it.
const (
	heedRole = "heed"
	rootRole = "postgres"
)

// newServer makes a Postgres below dir and starts it.
func newServer(ctx context.Context, dir string, settings ...string) (*server, error) {
	bin, err := embedded.Find(ctx, os.Getenv("HEED_POSTGRES_BIN"))
	if err != nil {
		return nil, err
	}
	s := &server{bin: bin, dir: dir, settings: settings}
	if s.port, err = freeport.Find(); err != nil {
		return nil, err
	}
	if err := s.own(); err != nil {
		return nil, err
	}
	if err := s.run("initdb", "--pgdata", s.data(), "--username", rootRole, "--encoding", "UTF8", "--locale", "C.UTF-8", "--auth", "trust", "--no-sync"); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	if err := s.admin(ctx, rootRole, "create role "+heedRole+" login", "create database "+heedRole+" owner "+heedRole); err != nil {
		return nil, errors.Join(err, s.stop(syscall.SIGQUIT))
	}
	return s, nil
}

// own makes the data's folder. Postgres refuses root: then it is another user's.
func (s *server) own() error {
	if err := os.MkdirAll(s.data(), 0o700); err != nil || os.Geteuid() != 0 {
		return err
	}
	u, err := user.Lookup(rootRole)
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return fmt.Errorf("postgres refuses root, and there is no other user: %w", err)
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} // #nosec G115 -- ids of users
	return os.Chown(s.data(), uid, gid)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

// run runs one of Postgres' programs to its end.
func (s *server) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(s.bin, program), args...) // #nosec G204 -- our own arguments
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: s.as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// start starts the server and returns when it answers. After a crash the children of the
// one before still have its memory for a moment, and Postgres refuses: it is tried again,
// as a service manager does.
func (s *server) start(ctx context.Context) error {
	for since := time.Now(); ; {
		err := s.try(ctx)
		if err == nil || time.Since(since) > 20*time.Second || rest(ctx, 100*time.Millisecond) != nil {
			return err
		}
	}
}

func (s *server) try(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(s.dir, "postgres.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	args := []string{"-D", s.data()}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(s.port), "unix_socket_directories=", "max_connections=100",
		"log_min_messages=log", "jit=off",
	}, s.settings...) {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...) // #nosec G204 -- our own arguments
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	ended, err := tied.Start(cmd)
	if err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.process, s.ended = cmd, ended
	return s.answers(ctx)
}

// answers waits until the server takes connections.
func (s *server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := s.admin(ctx, rootRole, "select 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("postgres ended at once: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the server: SIGINT is a fast stop, SIGQUIT an immediate one, SIGKILL a crash.
func (s *server) stop(how syscall.Signal) error {
	if s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.ended:
		s.process = nil
		return nil
	case <-time.After(time.Minute):
		return errors.New("postgres does not stop")
	}
}

// admin runs statements as the superuser, each alone.
func (s *server) admin(ctx context.Context, database string, statements ...string) error {
	return runAll(ctx, s.address(rootRole, database), statements...)
}

// runAll runs statements at an address, each alone.
func runAll(ctx context.Context, dsn string, statements ...string) error {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	defer func() { _ = db.Close() }()
	for _, q := range statements {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// dsn is the database's address for Heed, by the server's own port.
func (s *server) dsn() string { return s.address(heedRole, heedRole) }

func (s *server) address(role, database string) string {
	return dsnAt(net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), role, database)
}

// dsnAt is the address of a database behind whatever listens at hostport.
func dsnAt(hostport, role, database string) string {
	at := fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable&connect_timeout=5", role, hostport, database)
	if role == rootRole { // also while everybody else may only read
		at += "&default_transaction_read_only=off"
	}
	return at
}

// open connects to a database with nothing of Heed's own between.
func open(dsn string) (*sqlx.DB, error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(4)
	return db, nil
}
