package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// front is the load balancer before the replicas. As those do, it probes /readyz, hands a
// request to the next replica that is ready (to any that lives when none is, whose answer
// is better than none), tries another when the connection is refused, and answers 502 when
// the connection broke after that. It records every delivery that passes.
type front struct {
	server *httptest.Server
	record *record
	client *http.Client
	// patience is how long a delivery waits for a replica while there is none.
	patience time.Duration

	mu       sync.Mutex
	replicas []*replica
	ready    map[*replica]bool
	turn     int
}

// probeEvery is how often the front probes, as balancers do (HAProxy: every two seconds;
// here faster, as all is).
const probeEvery = 200 * time.Millisecond

func newFront(ctx context.Context, r *record) *front {
	f := &front{record: r, ready: map[*replica]bool{}, client: &http.Client{
		Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext, MaxIdleConnsPerHost: 64, DisableCompression: true},
	}}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	go f.probe(ctx)
	return f
}

func (f *front) url() string { return f.server.URL }

// serveTo puts the replicas behind the front.
func (f *front) serveTo(replicas ...*replica) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replicas = replicas
}

func (f *front) close() { f.server.Close() }

func (f *front) probe(ctx context.Context) {
	for {
		f.mu.Lock()
		all := append([]*replica(nil), f.replicas...)
		f.mu.Unlock()
		for _, r := range all {
			ok := isReady(ctx, r)
			f.mu.Lock()
			f.ready[r] = ok
			f.mu.Unlock()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(probeEvery):
		}
	}
}

// isReady asks a replica whether it is ready.
func isReady(ctx context.Context, r *replica) bool {
	at := r.at()
	if at == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// order are the addresses to try, the best first.
func (f *front) order() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn++
	var best, rest []string
	for i := range f.replicas {
		r := f.replicas[(i+f.turn)%len(f.replicas)]
		switch at := r.at(); {
		case at == "":
		case f.ready[r]:
			best = append(best, at)
		default:
			rest = append(rest, at)
		}
	}
	return append(best, rest...)
}

func (f *front) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/slack/") || r.Method != http.MethodPost {
		f.pass(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	d := f.record.add(r.URL.Path, r.Header.Get("X-Slack-Retry-Num"), body, time.Now())
	status, answer, header, why := f.deliver(r, body)
	f.record.done(d, status, answer, why, time.Now())
	if status == 0 {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer) // #nosec G705 -- Heed's own answer, to the fake
}

// deliver tries the replicas; status 0 where none answered. Once a request may have
// reached one, no other is tried: the platform decides whether to send it again.
func (f *front) deliver(r *http.Request, body []byte) (status int, answer []byte, header http.Header, why error) {
	order := f.order()
	for since := time.Now(); len(order) == 0 && time.Since(since) < f.patience; order = f.order() {
		if rest(r.Context(), 10*time.Millisecond) != nil {
			break
		}
	}
	for _, at := range order {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+at+r.URL.RequestURI(), bytes.NewReader(body)) // #nosec G704 -- our own replicas
		if err != nil {
			return 0, nil, nil, err
		}
		req.Header = r.Header.Clone()
		res, err := f.client.Do(req) // #nosec G704 -- our own replicas
		var dial *net.OpError
		if why = err; errors.As(err, &dial) && dial.Op == "dial" {
			continue
		}
		if err != nil {
			return 0, nil, nil, err
		}
		answer, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			return 0, nil, nil, err
		}
		return res.StatusCode, answer, res.Header, nil
	}
	return 0, nil, nil, why
}

// pass hands on what is no delivery: installs, pages.
func (f *front) pass(w http.ResponseWriter, r *http.Request) {
	for _, at := range f.order() {
		httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: at}).ServeHTTP(w, r)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}
