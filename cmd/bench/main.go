// Command bench measures what Heed promises of its speed, each promise a line, and prints
// a table of every figure beside its goal. Each figure that a machine decides is a ratio
// to something real in the same run: votes to what the same Postgres does with the least
// that a vote could cost.
//
// It brings its own throw-away Postgres, with durability as in real use; load generators
// share the cores with what they measure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"heed/cmd/internal/scorecard"
)

// lines are the promises, in the order of the table.
var lines = []scorecard.Line{
	{Name: "votes", About: "votes a second through the signed HTTP path, beside pgbench", Run: votes},
	{Name: "latency", About: "how long votes wait, leaving on a schedule, beside edits and digests", Run: latency},
	{Name: "growth", About: "lists, searches, digests and votes with millions of requests and votes stored", Run: growth},
	{Name: "morning", About: "10,000 digests due at the same minute, while people vote", Run: morning},
	{Name: "storm", About: "10,000 votes for one request in ten seconds, over three workspaces", Run: storm},
	{Name: "small", About: "what the built program needs: memory, time to start, size", Run: small},
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", scorecard.OnlyUsage)
	flag.IntVar(&o.runs, "runs", 1, "how often each line is run; figures are the median, with their spread")
	flag.BoolVar(&o.keep, "keep", false, "keep the figures in docs, for later runs to be compared with")
	flag.BoolVar(&o.compare, "compare", false, "say what moved against the figures in docs")
	flag.BoolVar(&o.last, "last", false, "with -compare or -keep: take the last run instead of a new one")
	flag.Parse()
	scorecard.Main("bench", func(ctx context.Context) error { return run(ctx, o) })
}

// options are how it was called.
type options struct {
	only                string
	runs                int
	keep, compare, last bool
}

// run answers an error when a line could not be measured; a goal that was missed is told
// in the table.
func run(ctx context.Context, o options) error {
	now, err := measured(ctx, o)
	if err != nil {
		return err
	}
	if o.compare {
		before, err := readRecord(filepath.Join(docsFolder, recordFile))
		if err != nil {
			return err
		}
		if err := compare(os.Stdout, before, now); err != nil {
			return err
		}
	}
	for _, r := range now.Lines {
		if r.Err != nil { // a figure that broke is none to keep
			return fmt.Errorf("%s: %w", r.Line, r.Err)
		}
	}
	if o.keep {
		return keep(docsFolder, now)
	}
	return nil
}

// measured is a new run, kept as the last one, or that one.
func measured(ctx context.Context, o options) (record, error) {
	if o.last {
		return readRecord(lastRun)
	}
	results, err := scorecard.Measure(ctx, lines, o.only, o.runs)
	if err != nil {
		return record{}, err
	}
	now := recordOf(results)
	return now, now.write(lastRun)
}
