package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// everyRoute are the patterns of all routes that the source of the whole program names:
// "GET /healthz". One that is added is here without anybody's doing.
func everyRoute(t *testing.T) []string {
	t.Helper()
	named := regexp.MustCompile(`\.Handle(?:Func)?\("((?:[A-Z]+ )?/[^"]*)"`)
	var out []string
	for _, dir := range []string{"adapters", "cmd/heed", "bot", "store"} {
		err := filepath.WalkDir(filepath.Join("..", "..", filepath.FromSlash(dir)), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && strings.HasSuffix(d.Name(), "fake"):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			source, err := os.ReadFile(path) // #nosec G304 -- our own source
			for _, m := range named.FindAllSubmatch(source, -1) {
				out = append(out, string(m[1]))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) < 15 {
		t.Fatalf("the source names only %d routes: %v", len(out), out)
	}
	return out
}

// everyPath are addresses for all routes, and some that lead nowhere.
func everyPath(t *testing.T) []string {
	t.Helper()
	out := []string{
		"/nowhere", "/slack/nowhere", "/playground/nowhere", "/playground/page/nowhere.js", "/playground/page/app.css", "/playground/page/..%2findex.html", "/%2e%2e/%2e%2e/etc/passwd",
		"/healthz/", "/metrics/x", "//", "/slack", "/slack/oauth/callback?error=access_denied", "/slack/oauth/callback?code=x&state=y", "/playground/events?as=nobody", "/?x=<script>",
	}
	for _, route := range everyRoute(t) {
		_, path, ok := strings.Cut(route, " ")
		if !ok {
			path = route
		}
		path = strings.ReplaceAll(path, "{$}", "")
		out = append(out, regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x"))
	}
	return out
}

// allOn is a heed with every way in: Slack over HTTP with installs, and the playground.
func allOn(t *testing.T) *running {
	t.Helper()
	a := newAcme(t, false)
	a.env = append(a.env, "SLACK_CLIENT_ID="+a.slack.ClientID(), "SLACK_CLIENT_SECRET="+a.slack.ClientSecret(), "HEED_PUBLIC_URL=https://heed.acme.example", "HEED_PLAYGROUND=on")
	return a.here()
}

// TestHeaders asks every route of the program, and others, in every way: whatever the
// answer, a browser is told to take it for nothing else, to show it in no frame, and to
// run nothing that is not named.
func TestHeaders(t *testing.T) {
	t.Parallel()
	heed := allOn(t)
	for _, path := range everyPath(t) {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS"} {
			q, err := http.NewRequestWithContext(t.Context(), method, heed.url+path, strings.NewReader(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			r, err := http.DefaultTransport.RoundTrip(q)
			if err != nil {
				t.Fatal(err)
			}
			page, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			_ = r.Body.Close()
			what := fmt.Sprintf("%s %s (%d)", method, path, r.StatusCode)
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q", what, name, got)
				}
			}
			policy := r.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src '", "frame-ancestors 'none'", "base-uri 'none'", "form-action '"} {
				if !strings.Contains(policy, part) {
					t.Errorf("%s: no %s in the policy %q", what, part, policy)
				}
			}
			if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
				t.Errorf("%s: the policy lets anything in: %s", what, policy)
			}
			if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
				for _, style := range regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllSubmatch(page, -1) {
					sum := sha256.Sum256(style[1])
					if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
						t.Errorf("%s: its style is not let in by %s", what, policy)
					}
				}
				if inline := regexp.MustCompile(`<script>|<script [^>]*type="module">|style="|onclick=`).Find(page); inline != nil && !strings.Contains(string(inline), "src=") {
					t.Errorf("%s: %s would not run", what, inline)
				}
			}
			if cache := r.Header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(path, "/playground/page/") {
				t.Errorf("%s: may be kept: %q", what, cache)
			}
			for _, c := range r.Cookies() {
				if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
					t.Errorf("%s: the cookie %s is open to others", what, c.Name)
				}
			}
		}
	}
}

// endless is a body without an end that counts what was taken of it. A transport may still
// read it when the answer is there.
type endless struct{ taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	if e.taken.Add(int64(len(p))) > 64<<20 {
		return 0, errors.New("64 MB were taken")
	}
	return len(p), nil
}

// TestBodies sends every route of the program a body that does not end.
func TestBodies(t *testing.T) {
	t.Parallel()
	heed := allOn(t)
	for _, path := range everyPath(t) {
		for _, kind := range []string{"application/json", "application/x-www-form-urlencoded"} {
			body := &endless{}
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, heed.url+path, body)
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Content-Type", kind)
			// The server may hang up while this is still sending: that is an end too.
			if r, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(q); err == nil {
				_ = r.Body.Close()
			}
			if taken := body.taken.Load(); taken > 16<<20 { // what is read, and what the kernel holds on both sides
				t.Errorf("%s took %d bytes", path, taken)
			}
		}
	}
}

// TestSlowSenders has many clients say half a sentence each, and others still served. Who
// goes on saying nothing is hung up on.
func TestSlowSenders(t *testing.T) {
	t.Parallel()
	heed := allOn(t)
	address := strings.TrimPrefix(heed.url, "http://")
	var slow []net.Conn
	for range 100 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_, _ = c.Write([]byte("POST /slack/events HTTP/1.1\r\nHost: heed\r\nX-Slow: "))
		slow = append(slow, c)
	}
	r, err := http.Get(heed.url + "/healthz")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("among slow senders: %v, %v", r, err)
	}
	_ = r.Body.Close()
	for _, c := range slow {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("who says half a sentence is listened to for ever")
		}
	}
}

// TestTooManyConnections: of more than there is room for, each waits its turn, and the
// listener ends all the same.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(inner, 2)
	got := make(chan net.Conn, 3)
	ended := make(chan error, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				ended <- err
				return
			}
			got <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_, _ = c.Write([]byte("hello\n"))
	}
	first, second := <-got, <-got
	if n := len(l.room); n != 2 || len(got) != 0 {
		t.Errorf("%d have room, and %d more came in", n, len(got))
	}
	_ = first.Close()
	_ = first.Close() // twice makes room once
	third := <-got
	if line, err := bufio.NewReader(third).ReadString('\n'); err != nil || line != "hello\n" {
		t.Errorf("who waited said %q, %v", line, err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener ended with %v", err)
	}
	_, _ = second.Close(), third.Close()
}
