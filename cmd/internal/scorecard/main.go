package scorecard

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// OnlyUsage explains the flag that chooses lines.
const OnlyUsage = "the lines to run, separated by commas; all of them without it"

// Main runs a program of measurements and exits: with 1, and a word on stderr, where run
// answers an error. Ctrl-C and SIGTERM end run's context, so that what a line has started
// is ended by the line.
func Main(name string, run func(ctx context.Context) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Measure runs the lines that Choose answers, all of them so many times, with its progress
// on stderr, and prints the table on stdout.
func Measure(ctx context.Context, lines []Line, only string, runs int) ([]Result, error) {
	chosen, err := Choose(lines, only)
	if err != nil {
		return nil, err
	}
	var results []Result
	for range runs {
		results = together(results, Run(ctx, chosen, os.Stderr))
	}
	return results, Print(os.Stdout, results)
}

// together puts the figures of several runs of the same lines into one result a line.
func together(runs ...[]Result) []Result {
	var out []Result
	for _, run := range runs {
		for _, r := range run {
			i := slices.IndexFunc(out, func(o Result) bool { return o.Line == r.Line })
			if i < 0 {
				out = append(out, r)
				continue
			}
			out[i].Took += r.Took
			if out[i].Err == nil {
				out[i].Err = r.Err
			}
			for _, f := range r.Figures {
				j := slices.IndexFunc(out[i].Figures, func(o Figure) bool { return o.Name == f.Name })
				if j < 0 {
					out[i].Figures = append(out[i].Figures, f)
					continue
				}
				f.Values = append(slices.Clone(out[i].Figures[j].Values), f.Values...)
				out[i].Figures[j] = f
			}
		}
	}
	return out
}
