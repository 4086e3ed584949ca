package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"heed/cmd/internal/scorecard"
)

// Files of what was measured, in the project's docs folder.
const (
	docsFolder  = "docs"
	recordFile  = "benchmarks.json"
	pageFile    = "benchmarks.md"
	pictureFile = "benchmarks.svg"
	lastRun     = "bin/bench.json"
)

// What lies between these lines of the page is written anew by each keep.
const (
	pageBegin = "<!-- figures: written by `make bench KEEP=1` -->"
	pageEnd   = "<!-- end of figures -->"
)

// keep makes a run the one that later runs are compared with: its record, the page's
// table and the picture. Lines that were not run stay as they were.
func keep(folder string, now record) error {
	if older, err := readRecord(filepath.Join(folder, recordFile)); err == nil {
		now = now.over(older)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	page, err := os.ReadFile(filepath.Join(folder, pageFile)) // #nosec G304 -- the project's own
	if err != nil {
		return fmt.Errorf("the page of figures: %w", err)
	}
	before, rest, ok := strings.Cut(string(page), pageBegin)
	_, after, ok2 := strings.Cut(rest, pageEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for figures: the lines %q and %q", pageFile, pageBegin, pageEnd)
	}
	if err := now.write(filepath.Join(folder, recordFile)); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, pictureFile), []byte(picture(now.Lines)), 0o644); err != nil { // #nosec G306 -- to be read
		return err
	}
	return os.WriteFile(filepath.Join(folder, pageFile), []byte(before+pageBegin+"\n"+tableOf(now)+pageEnd+after), 0o644) // #nosec G306 -- to be read
}

// tableOf is a record as people read it.
func tableOf(r record) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\nTaken %s at %s, on %s.\n\n![Each figure beside its goal](%s)\n\n", r.At.Format("2 January 2006"), r.Commit, r.Machine, pictureFile)
	out.WriteString("| line | figure | measured | goal | | |\n|---|---|---:|---:|---|---|\n")
	cell := strings.NewReplacer("|", "\\|", "\n", " ").Replace
	for _, l := range r.Lines {
		for _, f := range l.Figures {
			goal, verdict := "", ""
			switch {
			case f.Goal.Sense == scorecard.AtLeast:
				goal = "≥ " + scorecard.With(f.Goal.Bound, f.Unit)
			case f.Goal.Sense == scorecard.AtMost:
				goal = "≤ " + scorecard.With(f.Goal.Bound, f.Unit)
			}
			if goal != "" {
				verdict = "holds"
				if !f.Holds() {
					verdict = "**short**"
				}
			}
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", l.Line, cell(f.Name), ranged(f), goal, verdict, cell(f.Note))
		}
	}
	out.WriteString("\n")
	return out.String()
}
