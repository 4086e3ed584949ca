package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/store/storetest"
)

// TestStop is SIGTERM: Heed ends within what a container is given, and nothing is lost or
// said twice.
func TestStop(t *testing.T) {
	t.Parallel()
	if stopMost+serveStopMost > 10*time.Second {
		t.Errorf("a stop may take %v, and a container has ten seconds", stopMost+serveStopMost)
	}

	t.Run("while_slack_is_slow_to_take_a_message", func(t *testing.T) {
		t.Parallel()
		a := newAcme(t, false)
		a.apart()
		a.command(a.zoe, a.requests, "/heed channel intake on")
		a.told(a.zoe, "Cards live in")
		a.quiet()

		a.slack.Fail("chat.postMessage", 1, slackfake.SlowAnswer(2*time.Second))
		a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
		a.message(a.requests, "#1 Dark mode")
		if code := a.child.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
		}
		a.apart()
		a.quiet()
		a.once("#requests", a.slack.Messages(a.requests), "#1 Dark mode")
		a.ok(a.mira.React(a.message(a.requests, "#1 Dark mode"), "+1"))
		a.message(a.requests, "#1 Dark mode", "👍 2 people")

		// One that never answers holds up nothing either.
		a.slack.Fail("chat.postMessage", 1, slackfake.SlowAnswer(patience))
		a.command(a.omar, a.support, "/feedback Let me undo a delete. I lost a whole list on Friday.")
		a.message(a.requests, "#2 Let me undo")
		if code := a.child.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
		}
		a.slack.ClearFaults()
		a.anew()
		a.once("#requests", a.slack.Messages(a.requests), "#2 Let me undo")
	})

	t.Run("with_a_database_that_went_silent", func(t *testing.T) {
		t.Parallel()
		a := newAcme(t, false)
		host := freePort(t)
		dsn, server := through(t, strings.TrimPrefix(a.env[0], "DATABASE_URL="), host)
		a.env[0] = "DATABASE_URL=" + dsn
		hole := passage(t, host, server)
		a.apart()
		a.command(a.zoe, a.requests, "/heed channel intake on")
		a.told(a.zoe, "Cards live in")
		hole.swallow() // nothing comes back, and nothing says so
		a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
		if code := a.child.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
		}
	})

	t.Run("a_second_time_ends_it_at_once", func(t *testing.T) {
		t.Parallel()
		listen := freePort(t)
		r := serveApart(t, []string{"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=" + listen, "HEED_DRAIN=10m"}, 0, "serve")
		r.stop()
		becomes(t, r.url, "/readyz", http.StatusServiceUnavailable, "not ready: Heed is stopping")
		r.stop()
		if code := r.ended(patience); code == exitOK {
			t.Error("it ended as if all had been done")
		}
	})

	t.Run("requests_are_taken_as_long_as_HEED_DRAIN_says", func(t *testing.T) {
		t.Parallel()
		r := serveApart(t, []string{"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=127.0.0.1:0", "HEED_DRAIN=5s"}, 0, "serve")
		began := time.Now()
		r.stop()
		becomes(t, r.url, "/readyz", http.StatusServiceUnavailable, "not ready: Heed is stopping")
		res, err := http.Get(r.url + "/")
		if err != nil || res.StatusCode != http.StatusOK || !res.Close {
			t.Errorf("while it drains a request gets %v, %v; its connection has to end", res, err)
		}
		if err == nil {
			closeQuietly(res.Body)
		}
		if code := r.ended(patience); code != exitOK || time.Since(began) < 5*time.Second {
			t.Errorf("heed ended with %d after %v", code, time.Since(began))
		}
	})

	t.Run("another_replica_has_the_gateway_at_once", func(t *testing.T) {
		t.Parallel()
		f := newFans(t)
		f.env = append(f.env, "HEED_DRAIN=10s")
		f.apart()
		first := f.child
		second := serveApart(t, f.env, time.Until(f.clock.Now()), "serve")
		second.says("another process listens")
		first.stop()
		second.says(`"took_over":true`)
		if strings.Contains(first.log.text(), "heed has stopped") {
			t.Error("the gateway was held until the first had stopped")
		}
		if code := first.ended(patience); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, first.log.text())
		}
	})
}

// TestRollingRestart is a deployment of two replicas behind a balancer while people vote:
// each delivery is acknowledged at the first try.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	b := &balancer{ready: map[string]bool{}}
	start := func() *running {
		r := serveApart(t, a.env, time.Until(a.clock.Now()), "serve")
		b.add(r.url)
		b.sees(t, r.url)
		return r
	}
	front := &http.Server{Handler: b, ReadHeaderTimeout: patience}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	a.ok(err)
	go func() { _ = front.Serve(l) }()
	t.Cleanup(func() { closeQuietly(front) })
	ctx, endProbes := context.WithCancel(t.Context())
	t.Cleanup(endProbes)
	go b.probe(ctx)
	replicas := []*running{start(), start()}
	a.slack.DeliverTo("http://" + l.Addr().String())
	a.command(a.zoe, a.requests, "/heed channel intake on")
	a.told(a.zoe, "Cards live in")
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	card := a.message(a.requests, "#1 Dark mode")

	voting, endVotes := context.WithCancel(t.Context())
	var votes sync.WaitGroup
	for n := range 8 {
		u := a.team.AddUser(fmt.Sprintf("voter%d", n))
		votes.Go(func() {
			every := time.NewTicker(100 * time.Millisecond)
			defer every.Stop()
			for on := true; voting.Err() == nil; on = !on {
				act := u.React
				if !on {
					act = u.Unreact
				}
				if err := act(card, "+1"); err != nil {
					t.Error(err)
				}
				<-every.C
			}
			if err := u.React(card, "+1"); err != nil && !strings.Contains(err.Error(), "already") {
				t.Error(err)
			}
		})
	}
	for i, r := range replicas {
		if code := r.end(); code != exitOK {
			t.Errorf("replica %d ended with %d:\n%s", i, code, r.log.text())
		}
		replicas[i] = start()
	}
	endVotes()
	votes.Wait()
	a.slack.Settle()
	heard := 0
	for _, d := range a.slack.Deliveries() {
		heard++
		if !d.OK() || d.Attempt > 1 {
			t.Errorf("not acknowledged at once: %s, attempt %d, status %d, %v", d.Type, d.Attempt, d.Status, d.Err)
		}
	}
	a.shows(card, "👍 9 people")
	if heard < 50 {
		t.Errorf("only %d deliveries: too few to say", heard)
	}
}

// balancer is what stands before replicas: it asks each whether it is ready, and hands a
// request to the next that is. It tries another only where nobody listens.
type balancer struct {
	mu    sync.Mutex
	all   []string
	ready map[string]bool
	turn  int
}

func (b *balancer) add(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, url)
}

// sees waits until it knows that one is ready.
func (b *balancer) sees(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for every := time.NewTicker(20 * time.Millisecond); ; <-every.C {
		b.mu.Lock()
		ready := b.ready[url]
		b.mu.Unlock()
		if ready {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%s is never ready", url)
		}
	}
}

func (b *balancer) probe(ctx context.Context) {
	for every := time.NewTicker(200 * time.Millisecond); ctx.Err() == nil; <-every.C {
		b.mu.Lock()
		all := append([]string(nil), b.all...)
		b.mu.Unlock()
		for _, url := range all {
			res, err := http.Get(url + "/readyz")
			ok := err == nil && res.StatusCode == http.StatusOK
			if err == nil {
				closeQuietly(res.Body)
			}
			b.mu.Lock()
			b.ready[url] = ok
			b.mu.Unlock()
		}
	}
}

func (b *balancer) next() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	for i := range b.all {
		if url := b.all[(i+b.turn)%len(b.all)]; b.ready[url] {
			out = append(out, url)
		}
	}
	return out
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	for _, url := range b.next() {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, url+r.URL.RequestURI(), strings.NewReader(string(body)))
		if err != nil {
			break
		}
		req.Header = r.Header.Clone()
		res, err := http.DefaultClient.Do(req)
		if err != nil && strings.Contains(err.Error(), "connection refused") {
			continue
		}
		if err != nil {
			break
		}
		defer closeQuietly(res.Body)
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
		return
	}
	w.WriteHeader(http.StatusBadGateway)
}
