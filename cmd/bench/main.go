// Command bench measures how many votes a second Heed takes through the signed HTTP
// path, side by side with what the same Postgres does with the least that a vote
// could cost: pgbench running one statement that upserts a row and moves a count.
//
// Both run on a throw-away server with durability as in real use, at the same
// numbers of clients, each load generator sharing the cores with what it measures.
// A figure alone says little about another machine; the ratio does.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"
)

func main() {
	duration := flag.Duration("duration", 5*time.Second, "how long each measurement runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *duration); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// spread says which items are voted on.
type spread struct {
	name  string
	items int     // how many
	skew  float64 // of Zipf's law; unused with one item
}

var spreads = []spread{
	{"10,000 items, a few popular", 10_000, 1.1},
	{"one hot item", 1, 0},
}

func run(ctx context.Context, duration time.Duration) error {
	b, err := newBoard(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Printf("Postgres %s; fsync on, one takes about %s here; %s a measurement\n\n", b.version, b.fsync.Round(time.Microsecond), duration)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "spread\tclients\theed votes/s\tpgbench simple/s\tratio\tpgbench prepared/s\tratio")
	for _, s := range spreads {
		for _, clients := range []int{16, 64} {
			simple, err := b.pgbench(ctx, s, clients, duration, "simple")
			if err != nil {
				return err
			}
			prepared, err := b.pgbench(ctx, s, clients, duration, "prepared")
			if err != nil {
				return err
			}
			heed, err := b.votes(ctx, s, clients, duration)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s\t%d\t%.0f\t%.0f\t%.2f ×\t%.0f\t%.2f ×\n", s.name, clients, heed, simple, heed/simple, prepared, heed/prepared)
		}
	}
	return out.Flush()
}
