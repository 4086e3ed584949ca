package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityPage: each promise of docs/security.md names a test that is there.
func TestSecurityPage(t *testing.T) {
	t.Parallel()
	top := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(top, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	var tests bytes.Buffer
	err = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path) // #nosec G304 -- our own tests
		tests.Write(source)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z_]+)`").FindAllSubmatch(page, -1)
	for _, n := range names {
		if !bytes.Contains(tests.Bytes(), []byte("\nfunc "+string(n[1])+"(")) {
			t.Errorf("there is no %s", n[1])
		}
	}
	if len(names) < 20 {
		t.Errorf("only %d tests are named", len(names))
	}
}
