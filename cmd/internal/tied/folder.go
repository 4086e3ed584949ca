//go:build unix

package tied

import (
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// young is for how long a folder may be without its lock: its owner just makes it.
const young = time.Minute

// Folder makes a temporary folder that other users may pass through, and deletes those of
// the same name that programs left which were killed; before is called for each of them
// and may be nil. remove deletes the new one; it may be called where there is none.
func Folder(name string, before func(dir string)) (dir string, remove func(), err error) {
	remove = func() {}
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), name+"-*"))
	for _, old := range left {
		about, err := os.Stat(old)
		if err != nil || !about.IsDir() || time.Since(about.ModTime()) < young {
			continue
		}
		if let, err := hold(old); err == nil {
			if before != nil {
				before(old)
			}
			_ = os.RemoveAll(old)
			let()
		}
	}
	if dir, err = os.MkdirTemp("", name+"-"); err != nil {
		return "", remove, err
	}
	if err = os.Chmod(dir, 0o755); err != nil { // #nosec G302 -- Postgres' own user passes through
		return "", remove, err
	}
	let, err := hold(dir)
	if err != nil {
		return "", remove, err
	}
	return dir, func() {
		_ = os.RemoveAll(dir)
		let()
	}, nil
}

// hold locks a folder for as long as this program lives, or until it is let go; an error
// where another holds it.
func hold(dir string) (let func(), err error) {
	f, err := os.Open(dir) // #nosec G304 -- a folder of ours
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { // #nosec G115 -- a descriptor
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}
