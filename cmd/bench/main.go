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
	"os/signal"

	"heed/cmd/internal/scorecard"
)

// lines are the promises, in the order of the table.
var lines = []scorecard.Line{
	{Name: "votes", About: "votes a second through the signed HTTP path, beside pgbench", Run: votes},
	{Name: "growth", About: "lists, searches, digests and votes with millions of requests and votes stored", Run: growth},
	{Name: "morning", About: "10,000 digests due at the same minute, while people vote", Run: morning},
	{Name: "storm", About: "10,000 votes for one request in ten seconds, over three workspaces", Run: storm},
	{Name: "small", About: "what the built program needs: memory, time to start, size", Run: small},
}

func main() {
	only := flag.String("only", "", "the lines to run, separated by commas; all of them without it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run answers an error when a line could not be measured; a goal that was missed is told
// in the table.
func run(ctx context.Context, only string) error {
	chosen, err := scorecard.Choose(lines, only)
	if err != nil {
		return err
	}
	results := scorecard.Run(ctx, chosen, os.Stderr)
	if err := scorecard.Print(os.Stdout, results); err != nil {
		return err
	}
	for _, r := range results {
		if r.Err != nil {
			return fmt.Errorf("%s: %w", r.Line, r.Err)
		}
	}
	return nil
}
