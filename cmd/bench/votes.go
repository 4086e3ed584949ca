package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand"
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

// votes measures each spread with few clients and with many, pgbench first.
func votes(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	b, err := newBoard(ctx)
	if err != nil {
		return nil, err
	}
	defer b.close()
	say("Postgres %s, fsync on, one takes about %s here", b.version, b.fsync.Round(time.Microsecond))
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
			name := fmt.Sprintf("%s, %d clients", s.name, clients)
			figure := scorecard.Of(name+", to pgbench -M simple", heed/simple, "×", scorecard.AtLeast, s.goals[clients])
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
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		if err := res.Body.Close(); err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("a vote was answered %d", res.StatusCode)
		}
		acked.Add(1)
	}
	return nil
}

// source makes signed votes, each by another known member than those before on the
// same item.
type source struct {
	round, client, clients int
	zipf                   *rand.Zipf
	voters                 []int // by item: how many have voted, of this client's share
	stamp                  string
	buf                    bytes.Buffer
	n                      int
}

func newSource(s spread, round, client, clients int) *source {
	src := &source{round: round, client: client, clients: clients, voters: make([]int, s.items), stamp: strconv.FormatInt(time.Now().Unix(), 10)}
	if s.items > 1 {
		src.zipf = rand.NewZipf(rand.New(rand.NewSource(int64(round*1000+client))), s.skew, 1, uint64(s.items-1)) // #nosec G404 G115 -- a load, not a secret
	}
	return src
}

// next is a whole HTTP request.
func (s *source) next() []byte {
	item := 0
	if s.zipf != nil {
		item = int(s.zipf.Uint64()) // #nosec G115 -- below the number of items
	}
	account := (item*7919+s.voters[item]*s.clients+s.client)%members + 1 // each item has voters of its own, as wishes do
	s.voters[item]++
	s.n++
	at := fmt.Sprintf("%s.%06d", s.stamp, s.n%1_000_000)
	body := fmt.Sprintf(`{"token":"x","team_id":%q,"api_app_id":"ABENCH","event":{"type":"reaction_added","user":"U%d","reaction":"+1","item":{"type":"message","channel":%q,"ts":"%d.%d"},"item_user":"UHEED","event_ts":%q},"type":"event_callback","event_id":"Ev%dX%dX%d","event_time":%s}`,
		team, account, channel, s.round, item+1, at, s.round, s.client, s.n, s.stamp)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + s.stamp + ":" + body))
	s.buf.Reset()
	fmt.Fprintf(&s.buf, "POST /slack/events HTTP/1.1\r\nHost: heed\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s",
		s.stamp, hex.EncodeToString(mac.Sum(nil)), len(body), body)
	return s.buf.Bytes()
}
