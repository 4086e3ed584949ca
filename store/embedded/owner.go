//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"heed/store"
)

// owner is the user that runs Postgres and owns its data: this one, or, as Postgres
// refuses root, another.
type owner struct {
	uid, gid int
	name     string
	other    bool // not the user of this program
}

// ownerOf is who runs Postgres on a data folder: whoever owns it, for a new one the user
// postgres, else nobody. For a program that is not root it is always its own user.
func ownerOf(data string) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{uid: os.Geteuid(), gid: os.Getegid(), name: "of this program"}, nil
	}
	if info, err := os.Stat(data); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return owner{int(st.Uid), int(st.Gid), userName(int(st.Uid)), true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if errors.Join(err1, err2) == nil && uid > 0 {
			return owner{uid, gid, name, true}, nil
		}
	}
	return owner{}, &store.Problem{Code: store.BadFolder, Sentence: "Postgres refuses to run as root, and this system has neither " +
		"a user postgres nor a user nobody. Run Heed as an ordinary user, or set DATABASE_URL to a Postgres that runs elsewhere."}
}

func userName(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// credential makes a child run as the owner; nil when that is this program's user.
func (o owner) credential() *syscall.Credential {
	if !o.other {
		return nil
	}
	return &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
}

// mkdir makes a folder that only the owner may enter, and tightens one that is there.
func (o owner) mkdir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != o.uid {
		if !o.other || int(st.Uid) != os.Geteuid() {
			return fmt.Errorf("%s belongs to another user", dir)
		}
		if err := os.Chown(dir, o.uid, o.gid); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700) //nolint:gosec // a folder needs its x bit
}

// blockedAt is the first folder on the way to dir that the owner can't enter, "" if none.
// It only looks where the owner is another user: its own user finds out by itself.
func (o owner) blockedAt(dir string) string {
	if !o.other {
		return ""
	}
	blocked := ""
	for {
		info, err := os.Stat(dir)
		if err == nil {
			st, ok := info.Sys().(*syscall.Stat_t)
			mode := info.Mode().Perm()
			enter := mode&0o001 != 0
			if ok && int(st.Uid) == o.uid {
				enter = mode&0o100 != 0
			} else if ok && int(st.Gid) == o.gid {
				enter = mode&0o010 != 0
			}
			if !enter {
				blocked = dir
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return blocked
		}
		dir = up
	}
}
