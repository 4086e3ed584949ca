package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOneDoor: the product opens databases in one place, which bounds what a session may
// take (TestOpen reads the bounds from a running one).
func TestOneDoor(t *testing.T) {
	t.Parallel()
	opens := regexp.MustCompile(`\b(sql\.Open|sql\.OpenDB|sqlx\.Open|sqlx\.Connect|sqlx\.MustConnect|sqlx\.MustOpen|pq\.Open|pq\.NewConnector(Config)?|pgx\.Connect)\(`)
	found := map[string]int{}
	for _, dir := range []string{"bot", "store", "adapters", "cmd/heed"} {
		err := filepath.WalkDir(filepath.Join("..", filepath.FromSlash(dir)), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path) // #nosec G304 -- our own source
			found[filepath.ToSlash(path)] += len(opens.FindAll(source, -1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, n := range found {
		if n > 0 && path != "../store/open.go" && path != "../store/conn.go" && path != "../store/embedded/socket.go" { // which only asks whether anybody is there
			t.Errorf("%s opens a database by itself", path)
		}
	}
	if found["../store/open.go"]+found["../store/conn.go"] == 0 {
		t.Error("nothing opens a database: this test looks in the wrong place")
	}
}
