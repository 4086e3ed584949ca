// Command faults breaks what Heed stands on while people use it, and checks afterwards
// that nothing it acknowledged is missing, and that nothing is shown, sent or counted
// twice. Each kind of fault is a line of the table that it prints.
package main

import (
	"context"
	"flag"
	"fmt"

	"heed/cmd/internal/scorecard"
)

// lines are the faults, in the order of the table.
var lines = []scorecard.Line{
	{Name: "kill", About: "kill -9 of one of two replicas every few seconds, then of both, on Slack and on Discord", Run: kill},
	{Name: "steps", About: "kill -9 at every round trip to Postgres and the platform that follows from an act of each kind", Run: steps},
	{Name: "rolling", About: "a rolling restart of two replicas under load: no request is dropped", Run: rolling},
	{Name: "postgres", About: "Postgres stops, is full, slow, gone, and takes sides against Heed, under load", Run: postgres},
	{Name: "pressure", About: "three times what Heed can take, while people type", Run: pressure},
	{Name: "platform", About: "Slack and Discord fail in every way, deliver thrice, late and out of order, and hang up", Run: platform},
	{Name: "clock", About: "a year of digests through daylight saving, with clocks that are wrong and jump", Run: dst},
	{Name: "pgbouncer", About: "PgBouncer in transaction mode between, with five connections for two replicas and 48 clients", Run: pgbouncer},
}

// clusterLines need a cluster of three nodes, and are asked for apart.
var clusterLines = []scorecard.Line{
	{Name: "failover", About: "machines of a Patroni cluster die under load: an etcd member, the primary, both standbys", Run: failover},
}

func main() {
	only := flag.String("only", "", scorecard.OnlyUsage)
	cluster := flag.Bool("cluster", false, "the lines of a cluster instead")
	flag.Parse()
	chosen := lines
	if *cluster {
		chosen = clusterLines
	}
	scorecard.Main("faults", func(ctx context.Context) error { return run(ctx, chosen, *only) })
}

// run answers an error when a promise was broken or could not be tried.
func run(ctx context.Context, lines []scorecard.Line, only string) error {
	results, err := scorecard.Measure(ctx, lines, only, 1)
	if err != nil {
		return err
	}
	for _, r := range results {
		if !r.Good() {
			return fmt.Errorf("%s: a promise does not hold", r.Line)
		}
	}
	return nil
}
