package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// flood brings votes to one replica past the balancer, which would be the first to give
// way, and writes them into the record as the balancer does. Each voter votes once for
// each card.
type flood struct {
	w      *world
	at     string
	cards  []floodCard
	voters int
	stamp  int64
	n      atomic.Int64

	mu     sync.Mutex
	turned []floodVote // to be delivered again
}

type floodCard struct{ team, channel, message string }

type floodVote struct {
	n    int64
	body []byte
}

// vote is the next one, as Slack sends it.
func (f *flood) vote() floodVote {
	n := f.n.Add(1) - 1
	c := f.cards[n%int64(len(f.cards))]
	who := n/int64(len(f.cards))%int64(f.voters) + 1
	return floodVote{n, fmt.Appendf(nil, `{"token":"x","team_id":%q,"api_app_id":"A0HEED0001","event":{"type":"reaction_added","user":"UF%d","reaction":"+1","item":{"type":"message","channel":%q,"ts":%q},"item_user":"UHEED","event_ts":"%d.%06d"},"type":"event_callback","event_id":"EvF%d","event_time":%d}`,
		c.team, who, c.channel, c.message, f.stamp+n/1_000_000, n%1_000_000, n, f.stamp)}
}

// wire is one kept-alive connection to the replica.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

// deliver sends a vote and answers the status, 0 when the connection broke.
func (f *flood) deliver(ctx context.Context, c *wire, v floodVote, attempt string) int {
	now := time.Now()
	d := f.w.record.add("/slack/events", attempt, v.body, now)
	status, err := f.exchange(ctx, c, v.body, attempt, now)
	if err != nil {
		status = 0
		if c.conn != nil {
			_ = c.conn.Close()
			c.conn = nil
		}
	}
	f.w.record.done(d, status, nil, nil, time.Now())
	if status != http.StatusOK {
		f.mu.Lock()
		f.turned = append(f.turned, v)
		f.mu.Unlock()
	}
	return status
}

func (f *flood) exchange(ctx context.Context, c *wire, body []byte, attempt string, now time.Time) (int, error) {
	if c.conn == nil {
		conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", f.at)
		if err != nil {
			return 0, err
		}
		c.conn, c.in = conn, bufio.NewReader(conn)
	}
	_ = c.conn.SetDeadline(now.Add(10 * time.Second))
	retry := ""
	if attempt != "" {
		retry = "X-Slack-Retry-Num: " + attempt + "\r\nX-Slack-Retry-Reason: http_error\r\n"
	}
	head := fmt.Sprintf("POST /slack/events HTTP/1.1\r\nHost: heed\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: %d\r\nX-Slack-Signature: %s\r\n%sContent-Length: %d\r\n\r\n",
		now.Unix(), f.w.slack.Sign(now, body), retry, len(body))
	if _, err := c.conn.Write(append([]byte(head), body...)); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, errors.Join(err, res.Body.Close())
}

func (c *wire) close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
}

// closed has so many clients each send the next vote when the last was answered, and
// answers how many were acknowledged a second.
func (f *flood) closed(ctx context.Context, clients int, duration time.Duration) (float64, error) {
	var acked atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			c := &wire{}
			defer c.close()
			for time.Since(began) < duration && ctx.Err() == nil {
				if f.deliver(ctx, c, f.vote(), "") == http.StatusOK {
					acked.Add(1)
				}
			}
		})
	}
	all.Wait()
	if acked.Load() == 0 {
		return 0, errors.Join(ctx.Err(), errors.New("no vote came through"))
	}
	return float64(acked.Load()) / time.Since(began).Seconds(), ctx.Err()
}

// outcome is what became of a flood.
type outcome struct {
	sent, acked, turned, other int
	took                       latencies // of the acknowledged, from when each was due
}

// floodLines is how many votes may be under way; those beyond wait with the sender, and
// that counts.
const floodLines = 3000

// open has votes leave on a schedule, whatever becomes of those before.
func (f *flood) open(ctx context.Context, perSecond float64, duration time.Duration) (outcome, error) {
	type due struct {
		at time.Time
		v  floodVote
	}
	var (
		out     outcome
		mu      sync.Mutex
		senders sync.WaitGroup
		lines   int
	)
	queue := make(chan due, 1_000_000)
	sender := func() {
		c := &wire{}
		defer c.close()
		for d := range queue {
			status := f.deliver(ctx, c, d.v, "")
			took := time.Since(d.at)
			mu.Lock()
			switch status {
			case http.StatusOK:
				out.acked++
				out.took = append(out.took, took)
			case http.StatusServiceUnavailable:
				out.turned++
			default:
				out.other++
			}
			mu.Unlock()
		}
	}
	began := time.Now()
	gap := time.Duration(float64(time.Second) / perSecond)
	for ; ctx.Err() == nil; out.sent++ {
		at := began.Add(time.Duration(out.sent) * gap)
		if at.Sub(began) >= duration {
			break
		}
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		if len(queue) > 0 && lines < floodLines { // all lines are busy: one more
			lines++
			senders.Go(sender)
		} else if lines == 0 {
			lines++
			senders.Go(sender)
		}
		queue <- due{at, f.vote()}
	}
	close(queue)
	senders.Wait()
	return out, ctx.Err()
}

// again delivers what was turned away until all of it is acknowledged, as the platform
// does in some minutes.
func (f *flood) again(ctx context.Context, patience time.Duration) error {
	until := time.Now().Add(patience)
	for {
		f.mu.Lock()
		left := f.turned
		f.turned = nil
		f.mu.Unlock()
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("%d votes are turned away for ever", len(left))
		}
		queue := make(chan floodVote, len(left))
		for _, v := range left {
			queue <- v
		}
		close(queue)
		var all sync.WaitGroup
		for range pressureClients {
			all.Go(func() {
				c := &wire{}
				defer c.close()
				for v := range queue {
					f.deliver(ctx, c, v, "1")
				}
			})
		}
		all.Wait()
		if err := rest(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// latencies are how long answers took.
type latencies []time.Duration

// ms is a quantile in milliseconds; 0 of none.
func (l latencies) ms(quantile float64) float64 {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return float64(sorted[min(int(float64(len(sorted))*quantile), len(sorted)-1)]) / float64(time.Millisecond)
}

// peak is the most resident memory that the replica's process ever had, in megabytes, as
// Linux tells it.
func (r *replica) peak() (float64, error) {
	r.mu.Lock()
	pid := r.process.Process.Pid
	r.mu.Unlock()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory of %s: %w", r.name, err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, err := strconv.ParseFloat(fields[1], 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("memory of %s: not told", r.name)
}

// counter is the sum of a figure of the replica over the series that have these labels.
func (r *replica) counter(ctx context.Context, name string, labels ...string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.at()+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("figures of %s: %w", r.name, err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return metric(string(text), name, labels...), err
}
