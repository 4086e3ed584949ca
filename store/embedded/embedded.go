//go:build unix

package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// role is who Heed is in its own Postgres: no superuser, but the owner of its database.
const role = "heed"

// attachWait is how long Attach waits for a server that another program is starting.
const attachWait = 30 * time.Second

// Server is a running Postgres. Its methods are safe for concurrent use.
type Server struct {
	dsn    string
	bin    string
	opts   Options
	lock   *os.File // nil when attached to another program's server
	proc   *process // nil when attached
	guard  *guard   // nil where the kernel does the guarding
	socket string   // a socket folder outside Dir, removed at the end; "" if inside
	gentle bool     // wait for other programs' sessions before stopping

	stopping sync.Once
	stopped  error
}

// Start makes the data when there is none, starts Postgres and returns when it answers.
// It fails with a *store.Problem: no_binaries, other_major, in_use (another program runs
// the server of this folder), bad_folder or not_starting. The server ends with Stop or
// with this program, even when that is killed. ctx bounds the start, not the server.
func Start(ctx context.Context, o Options) (*Server, error) {
	f, err := openFolder(o)
	if err != nil {
		return nil, err
	}
	lock, holder, err := f.tryLock()
	if err != nil {
		return nil, err
	}
	if lock == nil {
		return nil, inUse(f.dir, holder)
	}
	return f.start(ctx, o, lock)
}

// Attach connects to the server that another program runs in the folder, or starts one
// for the time of the call. Where the server is another program's, Stop leaves it alone;
// one that was started here waits at Stop for the sessions of others that attached to it.
// Problems are those of Start, but for in_use, which means that a server is held by a
// program that did not get it to answer within 30 seconds.
func Attach(ctx context.Context, o Options) (*Server, error) {
	f, err := openFolder(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, attachWait)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		lock, holder, err := f.tryLock()
		if err != nil {
			return nil, err
		}
		if lock != nil {
			s, err := f.start(ctx, o, lock)
			if err == nil {
				s.gentle = true
			}
			return s, err
		}
		if pm, ok := f.postmaster(); ok {
			dsn := address(pm.socket)
			if ping(ctx, dsn) == nil {
				return &Server{dsn: dsn, opts: o}, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, inUse(f.dir, holder)
		case <-tick.C:
		}
	}
}

// DSN is the address of the database, a URL. It holds no secret: the socket's folder is
// what keeps others out.
func (s *Server) DSN() string { return s.dsn }

// Bin is the folder of the binaries that run, "" when attached.
func (s *Server) Bin() string { return s.bin }

// Done is closed when the server has ended, asked or not. It is nil, and so blocks for
// ever, when attached to another program's server.
func (s *Server) Done() <-chan struct{} {
	if s.proc == nil {
		return nil
	}
	return s.proc.done
}

// Stop ends the server and returns when it is gone. It asks for a fast shutdown; when
// ctx ends first, for an immediate one, which costs a recovery at the next start but no
// data. Called again it only returns what the first call did.
func (s *Server) Stop(ctx context.Context) error {
	if s.proc == nil {
		return nil
	}
	s.stopping.Do(func() { s.stopped = s.stop(ctx) })
	return s.stopped
}

func (s *Server) stop(ctx context.Context) error {
	err := s.proc.stop(ctx, s.gentle)
	if s.opts.Throwaway {
		if rm := os.RemoveAll(s.opts.Dir); rm != nil && err == nil {
			err = fmt.Errorf("delete the throw-away folder: %w", rm)
		}
	}
	if s.socket != "" {
		_ = os.RemoveAll(s.socket)
	}
	s.guard.dismiss()
	_ = s.lock.Close() // frees the folder
	return err
}

// start runs the server in a folder whose lock we hold, and keeps or closes the lock.
func (f *folder) start(ctx context.Context, o Options, lock *os.File) (_ *Server, err error) {
	began := time.Now()
	s := &Server{opts: o, lock: lock}
	s.opts.Dir = f.dir
	defer func() {
		if err != nil {
			_ = s.lock.Close()
		}
	}()
	if err := f.awaitFormer(ctx); err != nil {
		return nil, err
	}
	major, fresh, err := f.dataMajor()
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries(ctx, o.Bin, major, f.dir)
	if err != nil {
		return nil, err
	}
	if blocked := f.owner.blockedAt(bin.dir); blocked != "" {
		return nil, badFolder(f.dir, fmt.Sprintf("can't be served: Postgres refuses to run as root, so it runs as the user %s, "+
			"who can't enter %s, where its programs are", f.owner.name, blocked), nil)
	}
	s.bin = bin.dir
	if fresh {
		if err := f.create(ctx, bin, o.Throwaway); err != nil {
			return nil, err
		}
	}
	socket, outside, err := f.socketFolder()
	if err != nil {
		return nil, err
	}
	if outside {
		s.socket = socket
	}
	s.dsn = address(socket)
	if err = s.launch(ctx, f, bin, socket); err != nil {
		return nil, err
	}
	o.log().InfoContext(ctx, "postgres started", "dir", f.dir, "bin", bin.dir, "major", bin.major,
		"fresh", fresh, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// orphanPatience is how long the children of a server that was killed may take to end.
const orphanPatience = 20 * time.Second

// launch starts the server and returns when it answers. While children of one that was
// killed still have its memory, Postgres refuses the folder: it is tried again.
func (s *Server) launch(ctx context.Context, f *folder, bin binaries, socket string) error {
	for since := time.Now(); ; {
		proc, err := startProcess(f, bin, socket, s.opts)
		if err != nil {
			return notStarting(err, "")
		}
		s.proc = proc
		go func() { // a caller may drop the Server: its lock and its guard's pipe must stay open
			<-proc.done
			runtime.KeepAlive(s)
		}()
		if s.guard, err = watch(proc.pid, f.dir, s.opts); err == nil {
			err = proc.ready(ctx, s.dsn)
		}
		if err == nil {
			return nil
		}
		tail := f.logTail()
		if strings.Contains(tail, "shared memory block") && time.Since(since) < orphanPatience && ctx.Err() == nil {
			<-proc.done
			s.guard.dismiss()
			time.Sleep(50 * time.Millisecond)
			continue
		}
		quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = s.Stop(quick)
		return notStarting(err, tail)
	}
}

// abs is the folder's absolute path; it follows no links.
func abs(dir string) (string, error) {
	if dir == "" {
		return "", fmt.Errorf("no folder given")
	}
	return filepath.Abs(dir)
}
