package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"heed/cmd/internal/scorecard"
)

// spread says which items are voted on.
type spread struct {
	name  string
	items int             // how many
	skew  float64         // of Zipf's law; unused with one item
	goals map[int]float64 // by clients, the least ratio to pgbench
}

var spreads = []spread{
	{"10,000 items", 10_000, 1.1, map[int]float64{16: 1, 64: 2.5}},
	{"one hot item", 1, 0, map[int]float64{16: 3, 64: 8}},
}

// cell is how long each measurement of votes runs.
const cell = 5 * time.Second

// votes measures each spread with few clients and with many, pgbench first; then once more
// with a disk that takes a millisecond.
func votes(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	b, err := newBoard(ctx)
	if err != nil {
		return nil, err
	}
	defer b.close()
	say("Postgres %s, fsync on, one takes about %s here", b.version, b.fsync.Round(time.Microsecond))
	figures = append(figures, scorecard.Of("a fsync of this disk", float64(b.fsync.Microseconds()), "µs", scorecard.None, 0))
	measured, err := b.beside(ctx, "", say)
	figures = append(figures, measured...)
	if err != nil {
		return figures, err
	}
	if err := b.slowDisk(ctx); err != nil {
		return figures, err
	}
	commit, err := b.commit(ctx)
	if err != nil {
		return figures, err
	}
	say("with commit_delay = 1000 and commit_siblings = 0 whoever flushes waits a millisecond first, and takes along what was committed meanwhile; a commit alone takes %s", commit.Round(time.Microsecond))
	figures = append(figures, scorecard.Of("a commit alone on a disk of 1 ms", float64(commit.Microseconds()), "µs", scorecard.None, 0))
	measured, err = b.beside(ctx, ", disk of 1 ms", say)
	return append(figures, measured...), err
}

// beside measures votes beside pgbench in every cell. The goals are those of the machine's
// own disk: disk names another.
func (b *board) beside(ctx context.Context, disk string, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	for _, s := range spreads {
		for _, clients := range []int{16, 64} {
			simple, err := b.pgbench(ctx, s, clients, cell, "simple")
			if err != nil {
				return figures, err
			}
			prepared, err := b.pgbench(ctx, s, clients, cell, "prepared")
			if err != nil {
				return figures, err
			}
			heed, err := b.votes(ctx, s, clients, cell)
			if err != nil {
				return figures, err
			}
			name := fmt.Sprintf("%s, %d clients%s", s.name, clients, disk)
			figure := scorecard.Of(name+", to pgbench -M simple", heed/simple, "×", scorecard.AtLeast, s.goals[clients])
			if disk != "" {
				figure.Goal = scorecard.Goal{}
			}
			figure.Note = fmt.Sprintf("%s votes/s, pgbench %s", scorecard.Number(heed), scorecard.Number(simple))
			figures = append(figures, figure, scorecard.Of(name+", to pgbench -M prepared", heed/prepared, "×", scorecard.None, 0))
			say("%s: %s votes/s, pgbench simple %s, prepared %s", name, scorecard.Number(heed), scorecard.Number(simple), scorecard.Number(prepared))
		}
	}
	return figures, nil
}

// warmUp is how long clients vote before it counts.
const warmUp = time.Second

// votes is how many votes a second Heed acknowledges from so many clients, each
// sending the next when the last was acknowledged.
func (b *board) votes(ctx context.Context, s spread, clients int, duration time.Duration) (float64, error) {
	if err := b.items(ctx, s.items); err != nil {
		return 0, err
	}
	sources := make([]*source, clients)
	for i := range sources {
		sources[i] = newSource(s, b.round, i, clients)
	}
	if _, err := b.measure(ctx, sources, warmUp); err != nil { // connections make their plans
		return 0, err
	}
	if err := b.settled(ctx); err != nil {
		return 0, err
	}
	if _, err := b.measure(ctx, sources, warmUp); err != nil { // and make them anew
		return 0, err
	}
	return b.measure(ctx, sources, duration)
}

// measure lets the clients vote for a while and checks what is there afterwards.
func (b *board) measure(ctx context.Context, sources []*source, duration time.Duration) (float64, error) {
	var before int64
	if err := b.db.GetContext(ctx, &before, `select count(*) from votes`); err != nil {
		return 0, err
	}
	var acked atomic.Int64
	var running sync.WaitGroup
	errs := make([]error, len(sources))
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	start := time.Now()
	for i, src := range sources {
		running.Go(func() { errs[i] = b.client(ctx, src, &acked) })
	}
	running.Wait()
	took := time.Since(start)
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	var after int64
	if err := b.db.GetContext(context.WithoutCancel(ctx), &after, `select count(*) from votes where supports`); err != nil {
		return 0, err
	}
	if after-before != acked.Load() {
		return 0, fmt.Errorf("%d votes were acknowledged and %d are there", acked.Load(), after-before)
	}
	return float64(acked.Load()) / took.Seconds(), nil
}

// client sends votes over one connection until ctx ends.
func (b *board) client(ctx context.Context, src *source, acked *atomic.Int64) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", b.address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for ctx.Err() == nil {
		if _, err := conn.Write(src.next()); err != nil {
			return err
		}
		status, err := answer(in)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return fmt.Errorf("a vote was answered %d", status)
		}
		acked.Add(1)
	}
	return nil
}

// answer reads one HTTP answer and gives its status. It does no more than it must: what
// the load takes of the cores, Heed and Postgres have not.
func answer(in *bufio.Reader) (int, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return 0, fmt.Errorf("no answer: %q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, fmt.Errorf("no answer: %w", err)
	}
	length := 0
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		name, value, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(":"))
		if len(name) == 0 {
			_, err = in.Discard(length)
			return status, err
		}
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, fmt.Errorf("length of an answer: %w", err)
			}
		}
	}
}
