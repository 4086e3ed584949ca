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
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// reaction is somebody's 👍 on a card, as Slack tells of it.
type reaction struct {
	team, account, channel, message string
	n                               int // of its kind in this process: makes its id and its instant
}

// request is the whole signed HTTP request of a reaction.
func (r reaction) request(buf *bytes.Buffer, secret string, now time.Time) []byte {
	stamp := strconv.FormatInt(now.Unix(), 10)
	body := fmt.Sprintf(`{"token":"x","team_id":%q,"api_app_id":"A0HEED0001","event":{"type":"reaction_added","user":%q,"reaction":"+1","item":{"type":"message","channel":%q,"ts":%q},"item_user":"UHEED","event_ts":"%s.%06d"},"type":"event_callback","event_id":"Ev%010d","event_time":%s}`,
		r.team, r.account, r.channel, r.message, stamp, r.n%1_000_000, r.n, stamp)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	buf.Reset()
	fmt.Fprintf(buf, "POST /slack/events HTTP/1.1\r\nHost: heed\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s",
		stamp, hex.EncodeToString(mac.Sum(nil)), len(body), body)
	return buf.Bytes()
}

// line is one kept-alive connection to heed.
type line struct {
	conn net.Conn
	in   *bufio.Reader
	buf  bytes.Buffer
}

func dial(ctx context.Context, url string) (*line, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, in: bufio.NewReader(conn)}, nil
}

// redeliver is how soon Slack tries again what was not acknowledged: at once, then after a
// minute. Here it is always soon, as one run lasts no minute.
const redeliver = 100 * time.Millisecond

// send sends a reaction and returns when it is acknowledged, delivered again where it was
// turned away; it answers how often that was.
func (l *line) send(r reaction, secret string) (turnedAway int, err error) {
	for {
		status, err := l.once(r, secret)
		switch {
		case err != nil:
			return turnedAway, err
		case status == http.StatusOK:
			return turnedAway, nil
		case status != http.StatusServiceUnavailable:
			return turnedAway, fmt.Errorf("a vote was answered %d", status)
		}
		turnedAway++
		time.Sleep(redeliver)
	}
}

func (l *line) once(r reaction, secret string) (status int, err error) {
	if _, err := l.conn.Write(r.request(&l.buf, secret, time.Now())); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// closedLoop has so many clients each send the next vote when the last was
// acknowledged, and answers how many were acknowledged a second.
func (w *world) closedLoop(ctx context.Context, clients int, duration time.Duration, next func() reaction) (float64, error) {
	var acked atomic.Int64
	errs := make([]error, clients)
	began := time.Now()
	end := began.Add(duration)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			l, err := dial(ctx, w.heed.url)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = l.conn.Close() }()
			for time.Now().Before(end) && ctx.Err() == nil {
				again, err := l.send(next(), w.slack.SigningSecret())
				w.turnedAway.Add(int64(again))
				if err != nil {
					errs[i] = err
					return
				}
				acked.Add(1)
			}
		})
	}
	all.Wait()
	return float64(acked.Load()) / time.Since(began).Seconds(), errors.Join(append(errs, ctx.Err())...)
}

// openLines is how many votes of an open loop may be under way; more wait in their
// senders' sockets, and that counts.
const openLines = 256

// openLoop has votes leave on a schedule, whatever becomes of those before, until ctx ends
// or the duration has passed. The latency of each is counted from the instant at
// which it should have left.
func (w *world) openLoop(ctx context.Context, perSecond float64, duration time.Duration, next func() reaction) (latencies, error) {
	type due struct {
		at time.Time
		r  reaction
	}
	queue := make(chan due, 100_000)
	took := make([]latencies, openLines)
	errs := make([]error, openLines)
	dialing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var all sync.WaitGroup
	for i := range openLines {
		l, err := dial(dialing, w.heed.url)
		if err != nil {
			return nil, err
		}
		all.Go(func() {
			defer func() { _ = l.conn.Close() }()
			for d := range queue {
				again, err := l.send(d.r, w.slack.SigningSecret())
				w.turnedAway.Add(int64(again))
				if err != nil {
					errs[i] = err
					for range queue { // the run has failed; let it come to its end
					}
					return
				}
				took[i] = append(took[i], time.Since(d.at))
			}
		})
	}
	began := time.Now()
	gap := time.Duration(float64(time.Second) / perSecond)
	for n := 0; ctx.Err() == nil; n++ {
		at := began.Add(time.Duration(n) * gap)
		if at.Sub(began) >= duration {
			break
		}
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		queue <- due{at, next()}
	}
	close(queue)
	all.Wait()
	return slices.Concat(took...), errors.Join(errs...)
}

// latencies are how long acknowledgements took.
type latencies []time.Duration

// ms is a quantile in milliseconds; 0 of none.
func (l latencies) ms(quantile float64) float64 {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return float64(sorted[min(int(float64(len(sorted))*quantile), len(sorted)-1)]) / float64(time.Millisecond)
}
