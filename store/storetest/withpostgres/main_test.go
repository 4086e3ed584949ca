package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/store/storetest"
)

func TestRun(t *testing.T) {
	t.Setenv(storetest.Variable, "") // none is there: it starts one
	said := filepath.Join(t.TempDir(), "address")
	code := run([]string{"sh", "-c", "echo $" + storetest.Variable + " >" + said + "; exit 3"})
	if code != 3 {
		t.Errorf("exit code %d, want the command's own", code)
	}
	text, err := os.ReadFile(said)
	if err != nil || !strings.HasPrefix(string(text), "postgres://") {
		t.Fatalf("the command saw no server: %q, %v", text, err)
	}
	_, rest, _ := strings.Cut(string(text), "host=")
	socket, _, _ := strings.Cut(rest, "&")
	if _, err := os.Stat(strings.ReplaceAll(socket, "%2F", "/")); err == nil {
		t.Errorf("%s outlived the run", socket)
	}
	if code := run([]string{filepath.Join(t.TempDir(), "no-such-command")}); code != 1 {
		t.Errorf("a command that is not there gives %d", code)
	}
}
