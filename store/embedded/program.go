//go:build unix

package embedded

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"heed/store"
)

// Program is the path of one of Postgres' own programs, pg_dump for one, of this major
// version or a later one: first from given, which is HEED_POSTGRES_BIN, then from the
// usual places and PATH. With none it fails with a *store.Problem, no_binaries.
func Program(ctx context.Context, name, given string, major int) (string, error) {
	folders := candidateFolders()
	if given != "" {
		folders = append([]string{given, filepath.Join(given, "bin")}, folders...)
	}
	for _, dir := range folders {
		path, err := exec.LookPath(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		if n, ok := versionOf(ctx, path); ok && n >= major {
			return path, nil
		}
	}
	return "", &store.Problem{Code: store.NoBinaries, Sentence: fmt.Sprintf(
		"This needs Postgres' own program %s, version %d or later, and it is not on this machine. Get it with: %s. "+
			"Or set HEED_POSTGRES_BIN to the folder that holds it.", name, major, getCommand(0))}
}

// versionOf asks a program of Postgres for its major version:
// "pg_dump (PostgreSQL) 15.18 (Debian …)".
func versionOf(ctx context.Context, path string) (int, bool) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "-V").Output()
	if err != nil {
		return 0, false
	}
	_, rest, _ := strings.Cut(string(out), "(PostgreSQL) ")
	major, err := strconv.Atoi(digits.FindString(rest))
	return major, err == nil
}
