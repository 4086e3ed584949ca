//go:build unix

package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"heed/store"
)

// folder is where one server lives, and the user that runs it.
type folder struct {
	dir   string
	owner owner
}

func (f *folder) data() string { return filepath.Join(f.dir, "postgres") }

// openFolder makes the folder when it is not there and checks that the user which is
// to run Postgres can get at it.
func openFolder(o Options) (*folder, error) {
	dir, err := abs(o.Dir)
	if err != nil {
		return nil, badFolder(o.Dir, "can't be used", err)
	}
	f := &folder{dir: dir}
	if f.owner, err = ownerOf(f.data()); err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o700)
	if f.owner.other {
		mode = 0o755 // the other user must get through
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, mode); err != nil {
			return nil, badFolder(dir, "can't be made", err)
		}
		if err := os.Chmod(dir, mode); err != nil { // the umask may have taken bits
			return nil, badFolder(dir, "can't be made", err)
		}
	}
	if blocked := f.owner.blockedAt(dir); blocked != "" {
		return nil, badFolder(dir, fmt.Sprintf("can't hold the data: Postgres refuses to run as root, so it runs as the user %s, "+
			"who can't enter %s", f.owner.name, blocked), nil)
	}
	return f, nil
}

// tryLock takes the folder for this program. When another program has it, it returns no
// file, and that program's process id as it left it, "" if unknown.
func (f *folder) tryLock() (lock *os.File, holder string, err error) {
	lock, err = os.OpenFile(filepath.Join(f.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, "", badFolder(f.dir, "can't be opened by this user", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		who, _ := io.ReadAll(io.LimitReader(lock, 20))
		_ = lock.Close()
		return nil, strings.TrimSpace(string(who)), nil
	}
	if err == nil {
		err = lock.Truncate(0)
	}
	if err == nil {
		_, err = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		_ = lock.Close()
		return nil, "", badFolder(f.dir, "can't be locked", err)
	}
	return lock, "", nil
}

// dataMajor is the version that wrote the data; fresh when there is no data yet.
func (f *folder) dataMajor() (major int, fresh bool, err error) {
	text, err := os.ReadFile(filepath.Join(f.data(), "PG_VERSION"))
	if err == nil {
		major, err = strconv.Atoi(strings.TrimSpace(string(text)))
		if err == nil {
			return major, false, nil
		}
	}
	entries, readErr := os.ReadDir(f.data())
	if errors.Is(readErr, fs.ErrNotExist) || readErr == nil && len(entries) == 0 {
		return 0, true, nil
	}
	return 0, false, badFolder(f.dir, "holds a folder named postgres that is no Postgres data, or can't be read by this user. "+
		"It is untouched", errors.Join(err, readErr))
}

// create makes the data beside its place and moves it there when it is complete, so that
// an end in between leaves nothing that looks like data.
func (f *folder) create(ctx context.Context, bin binaries, throwaway bool) error {
	fresh := f.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil { // never in use: it was never moved
		return badFolder(f.dir, "can't be written", err)
	}
	if err := f.owner.mkdir(fresh); err != nil {
		return badFolder(f.dir, "can't be written", err)
	}
	args := []string{"--pgdata", fresh, "--username", "postgres", "--encoding", "UTF8", "--auth", "trust", "--no-sync"}
	args = append(args, localeArgs(runtime.GOOS)...)
	may := "nocreatedb"
	if throwaway {
		may = "createdb"
	}
	if out, err := f.run(ctx, bin.path("initdb"), nil, args...); err != nil {
		return notStarting(fmt.Errorf("initdb: %w", err), out)
	}
	// Over the socket only our own role gets in; the superuser is for single-user mode.
	hba := "# Heed: the socket's folder keeps others out; no network, no superuser.\nlocal all " + role + " trust\n"
	if err := os.WriteFile(filepath.Join(fresh, "pg_hba.conf"), []byte(hba), 0o600); err != nil {
		return badFolder(f.dir, "can't be written", err)
	}
	sql := "create role " + role + " login nosuperuser " + may + "\ncreate database " + role + " owner " + role + "\n"
	out, err := f.run(ctx, bin.path("postgres"), strings.NewReader(sql), "--single", "-F", "-D", fresh, "-c", "log_min_messages=error", "postgres")
	if err == nil && strings.Contains(out, "ERROR") { // single-user mode goes on after an error and exits with 0
		err = errors.New("creating the role and the database failed")
	}
	if err != nil {
		return notStarting(fmt.Errorf("postgres --single: %w", err), out)
	}
	if !throwaway { // all of it reaches the disk at once, before it counts as data
		if out, err := f.run(ctx, bin.path("initdb"), nil, "--sync-only", "--pgdata", fresh); err != nil {
			return notStarting(fmt.Errorf("initdb --sync-only: %w", err), out)
		}
	}
	_ = os.Remove(f.data()) // an empty one would be in the way; a full one is refused before
	if err := os.Rename(fresh, f.data()); err != nil {
		return badFolder(f.dir, "can't be written", err)
	}
	return nil
}

// localeArgs asks for byte order with Unicode's letters: under plain C, trigrams see no
// Cyrillic and no Arabic. macOS has no C.UTF-8.
func localeArgs(goos string) []string {
	if goos == "darwin" {
		return []string{"--locale", "C", "--lc-ctype", "en_US.UTF-8"}
	}
	return []string{"--locale", "C.UTF-8"}
}

// run runs a program of Postgres as the owner and returns what it printed.
func (f *folder) run(ctx context.Context, program string, in io.Reader, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = "/", environment(), in, &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: f.owner.credential()}
	err := cmd.Run()
	return out.String(), err
}

// environment is what Postgres' programs see: nothing of ours, so that no PG* variable
// and no secret reaches them.
func environment() []string {
	return []string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", "TZ=UTC"}
}

// awaitFormer waits until a server whose program was killed is gone: it is stopping, and
// Postgres refuses two servers on one folder.
func (f *folder) awaitFormer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		pm, ok := f.postmaster()
		if !ok || !alive(pm.pid) {
			return nil
		}
		if !f.isOurs(pm.pid) {
			return f.disown()
		}
		select {
		case <-ctx.Done():
			return inUse(f.dir, strconv.Itoa(pm.pid))
		case <-tick.C:
		}
	}
}

// postmaster is what a running server says of itself in postmaster.pid.
type postmaster struct {
	pid    int
	socket string // its folder
}

// postmaster reads postmaster.pid; false when it is not there or not complete yet.
func (f *folder) postmaster() (postmaster, bool) {
	text, err := os.ReadFile(filepath.Join(f.data(), "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	// Lines: pid, data folder, start time, port, socket folder, listen address, shared
	// memory key, status.
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || len(lines) < 5 {
		return postmaster{}, false
	}
	return postmaster{pid, strings.TrimSpace(lines[4])}, true
}

// isOurs says whether a process is a Postgres over this folder. Where that can't be
// found out it is taken for one, and Postgres decides.
func (f *folder) isOurs(pid int) bool {
	out, err := commandLine(pid)
	return err != nil || strings.Contains(out, f.data())
}

// disown takes a process id that now belongs to another program out of postmaster.pid:
// after a power cut Postgres would refuse to start for as long as that program runs. Our
// own id stands for "no server" (a parent is not a rival), and the rest of the file, by
// which Postgres finds leftover backends, stays.
func (f *folder) disown() error {
	name := filepath.Join(f.data(), "postmaster.pid")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil // gone meanwhile
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	text = append([]byte(strconv.Itoa(os.Getpid())+"\n"), rest...)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return badFolder(f.dir, "can't be written", err)
	}
	return nil
}

// logTail is the end of what the server said, at most 600 bytes.
func (f *folder) logTail() string {
	text, _ := os.ReadFile(filepath.Join(f.dir, "postgres.log"))
	if len(text) > 600 {
		text = text[len(text)-600:]
	}
	return string(text)
}

func badFolder(dir, what string, err error) error {
	return &store.Problem{Code: store.BadFolder, Err: err, Sentence: fmt.Sprintf(
		"The data folder %s %s. Nothing was changed. Set HEED_DATA_DIR to a folder that this user may write to "+
			"(as root one like /var/lib/heed), or DATABASE_URL to a Postgres that runs elsewhere.", dir, what)}
}

func inUse(dir, holder string) error {
	if holder == "" {
		holder = "unknown"
	}
	return &store.Problem{Code: store.InUse, Sentence: fmt.Sprintf(
		"Another Heed (process %s) is using %s. Stop it first, or give this one a folder of its own with HEED_DATA_DIR.", holder, dir)}
}

func notStarting(err error, said string) error {
	sentence := "Postgres does not start. The data is untouched."
	if said = strings.TrimSpace(said); said != "" {
		sentence += " It said: " + said
	}
	return &store.Problem{Code: store.NotStarting, Sentence: sentence, Err: err}
}
