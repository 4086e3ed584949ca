//go:build unix

package tied

import (
	"os"
	"testing"
	"time"
)

func TestFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	there := func(dir string) bool {
		_, err := os.Stat(dir)
		return err == nil
	}
	before := time.Now().Add(-time.Hour)
	held, remove, err := Folder("heed-tied", nil)
	ok(err)
	defer remove()
	left, err := os.MkdirTemp("", "heed-tied-") // nobody holds it: whoever did was killed
	ok(err)
	fresh, err := os.MkdirTemp("", "heed-tied-")
	ok(err)
	for _, dir := range []string{held, left} {
		ok(os.Chtimes(dir, before, before))
	}
	var undone []string
	another, remove, err := Folder("heed-tied", func(dir string) { undone = append(undone, dir) })
	ok(err)
	if !there(held) {
		t.Error("the folder of a program that runs was deleted")
	}
	if there(left) || len(undone) != 1 || undone[0] != left {
		t.Errorf("what a dead program left is there: %v, undone %v", there(left), undone)
	}
	if !there(fresh) {
		t.Error("a folder that somebody may just be making was deleted")
	}
	if remove(); there(another) {
		t.Error("it is there when it was removed")
	}
}
