package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"heed/cmd/internal/scorecard"
)

// record is what a run gave, with the machine that it ran on: a figure says little
// without it.
type record struct {
	Machine machine            `json:"machine"`
	Commit  string             `json:"commit"`
	At      time.Time          `json:"at"`
	Lines   []scorecard.Result `json:"lines"`
}

// machine is where figures were taken.
type machine struct {
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	System   string  `json:"system"`
	Go       string  `json:"go"`
	Postgres string  `json:"postgres"`
	FsyncUS  float64 `json:"fsync_us"` // what a small durable write takes, in microseconds
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores of %s, %.1f GB, %s, %s, %s; a fsync takes %.0f µs", m.Cores, m.CPU, m.MemoryGB, m.System, m.Go, m.Postgres, m.FsyncUS)
}

// thisMachine looks around. What can't be found out is "unknown".
func thisMachine() machine {
	m := machine{CPU: "unknown", Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Postgres: "Postgres, version unknown"}
	if v := field("/proc/cpuinfo", "model name"); v != "" {
		m.CPU = v
	}
	var kb float64
	if _, err := fmt.Sscanf(field("/proc/meminfo", "MemTotal"), "%f", &kb); err == nil {
		m.MemoryGB = kb / (1 << 20)
	}
	if v := field("/etc/os-release", "PRETTY_NAME"); v != "" {
		m.System = strings.Trim(v, `"`)
	}
	if out, err := exec.Command("pgbench", "--version").Output(); err == nil { // #nosec G204 -- of the same package as the server
		words := strings.Fields(strings.TrimPrefix(string(out), "pgbench (PostgreSQL) "))
		m.Postgres = "Postgres " + words[0]
	}
	if took, err := measureFsync(os.TempDir()); err == nil {
		m.FsyncUS = float64(took.Nanoseconds()) / 1000
	}
	return m
}

// field is the value of the first line "name : value" or "name=value" of a file, "" for none.
func field(file, name string) string {
	f, err := os.Open(file) // #nosec G304 -- one of the three above
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name); ok {
			return strings.TrimSpace(strings.TrimLeft(rest, " \t:="))
		}
	}
	return ""
}

// recordOf is a record of these results, here and now.
func recordOf(results []scorecard.Result) record {
	r := record{Machine: thisMachine(), Commit: "unknown", At: time.Now().UTC().Truncate(time.Second), Lines: results}
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		r.Commit = strings.TrimSpace(string(out))
	}
	return r
}

// readRecord reads a record; none is an error that says how to make one.
func readRecord(file string) (record, error) {
	var r record
	raw, err := os.ReadFile(file) // #nosec G304 -- named by whoever runs it
	if err != nil {
		return r, fmt.Errorf("no figures to compare with: %w", err)
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

// write keeps a record in a file.
func (r record) write(file string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, append(raw, '\n'), 0o600)
}

// over is this record with the lines of an older one that were not run now.
func (r record) over(older record) record {
	for _, l := range older.Lines {
		if !slices.ContainsFunc(r.Lines, func(mine scorecard.Result) bool { return mine.Line == l.Line }) {
			r.Lines = append(r.Lines, l)
		}
	}
	order := func(name string) int {
		return slices.IndexFunc(lines, func(l scorecard.Line) bool { return l.Name == name })
	}
	slices.SortStableFunc(r.Lines, func(a, b scorecard.Result) int { return order(a.Line) - order(b.Line) })
	return r
}
