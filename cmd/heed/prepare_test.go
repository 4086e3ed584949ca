package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"heed/store/storetest"
)

// passageway hands connections on to a Postgres, until it is told to swallow what comes.
type passageway struct{ swallows atomic.Bool }

// swallow lets nothing through any more, in neither direction, and closes nothing.
func (p *passageway) swallow() { p.swallows.Store(true) }

// passage opens one at an address.
func passage(t *testing.T, address, postgres string) *passageway {
	t.Helper()
	p := &passageway{}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeQuietly(l) })
	network := "tcp"
	if strings.HasPrefix(postgres, "/") {
		network = "unix"
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(context.Background(), network, postgres)
			if err != nil {
				closeQuietly(in)
				continue
			}
			go p.pass(in, out)
			go p.pass(out, in)
		}
	}()
	return p
}

// pass hands on one direction of a connection.
func (p *passageway) pass(to, from net.Conn) {
	defer closeQuietly(to)
	some := make([]byte, 32<<10)
	for {
		n, err := from.Read(some)
		if err != nil {
			return
		}
		if p.swallows.Load() {
			continue
		}
		if _, err := to.Write(some[:n]); err != nil {
			return
		}
	}
}

// through is a database's address with another host, and where its server listens.
func through(t *testing.T, dsn, host string) (address, server string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	server = u.Host
	q := u.Query()
	if socket := q.Get("host"); socket != "" {
		port := q.Get("port")
		if port == "" {
			port = "5432"
		}
		server = socket + "/.s.PGSQL." + port
		q.Del("host")
		q.Del("port")
	}
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = host, q.Encode()
	return u.String(), server
}

func TestDatabaseAwayAtTheStart(t *testing.T) {
	t.Parallel()

	t.Run("serve_waits_not_ready_and_goes_on_when_it_comes", func(t *testing.T) {
		t.Parallel()
		listen, host := freePort(t), freePort(t)
		dsn, server := through(t, storetest.Empty(t), host)
		r := startApart(t, []string{"DATABASE_URL=" + dsn, "HEED_LISTEN=" + listen}, 0, "serve")
		becomes(t, "http://"+listen, "/readyz", http.StatusServiceUnavailable, "not ready: the database does not answer")
		becomes(t, "http://"+listen, "/healthz", http.StatusOK, "ok")
		r.says("waiting for the database")
		passage(t, host, server)
		becomes(t, "http://"+listen, "/readyz", http.StatusOK, "ready")
		if code := r.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, r.log.text())
		}
	})

	t.Run("serve_that_waits_ends_when_it_is_told", func(t *testing.T) {
		t.Parallel()
		listen := freePort(t)
		r := startApart(t, []string{"DATABASE_URL=postgres://heed:sesame-open@127.0.0.1:1/heed", "HEED_LISTEN=" + listen}, 0, "serve")
		becomes(t, "http://"+listen, "/readyz", http.StatusServiceUnavailable, "not ready: the database does not answer")
		if code := r.end(); code != exitOK || strings.Contains(r.log.text(), "sesame") {
			t.Errorf("heed ended with %d:\n%s", code, r.log.text())
		}
	})

	t.Run("what_waiting_does_not_mend_ends_it_with_a_sentence", func(t *testing.T) {
		t.Parallel()
		there := storetest.DSN(t)
		u, err := url.Parse(there)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/never_made"
		for what, c := range map[string]struct{ dsn, told string }{
			"a database that was never made": {u.String(), "no database of the name"},
			"no address":                     {"nonsense://", "DATABASE_URL is no Postgres address"},
		} {
			_, said, code := heed(t, []string{"DATABASE_URL=" + c.dsn, "HEED_LISTEN=127.0.0.1:0"}, "serve")
			if code != exitFailed || !strings.Contains(said, c.told) {
				t.Errorf("%s: it ended with %d: %s", what, code, said)
			}
		}
	})
}
