package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lib/pq"
)

func TestConfigure(t *testing.T) {
	t.Parallel()
	t.Run("what_every_connection_needs_is_added", func(t *testing.T) {
		t.Parallel()
		for _, dsn := range []string{
			"postgres://heed:pw@db.example.com/heed?binary_parameters=no&timezone=Asia/Tokyo",
			"host=db.example.com user=heed dbname=heed",
		} {
			cfg, err := configure(dsn)
			if err != nil {
				t.Fatal(err)
			}
			if !cfg.BinaryParameters || cfg.Runtime["timezone"] != "UTC" || cfg.ConnectTimeout != connectTimeout {
				t.Errorf("%s: %+v", dsn, cfg)
			}
		}
	})
	t.Run("tls_is_off_by_itself_only_for_this_machine", func(t *testing.T) {
		t.Parallel()
		for dsn, want := range map[string]pq.SSLMode{
			"postgres://heed@localhost/heed":                   pq.SSLModeDisable,
			"postgres://heed@127.0.0.1/heed":                   pq.SSLModeDisable,
			"postgres://heed@[::1]/heed":                       pq.SSLModeDisable,
			"postgres://heed@/heed?host=/run/postgresql":       pq.SSLModeDisable,
			"postgres://heed@localhost/heed?sslmode=require":   pq.SSLModeRequire,
			"postgres://heed@db.example.com/heed":              "", // lib/pq then requires TLS
			"postgres://heed@localhost.example.com/heed":       "",
			"postgres://heed@/heed?host=localhost,db.acme.com": "",
		} {
			cfg, err := configure(dsn)
			if err != nil || cfg.SSLMode != want {
				t.Errorf("%s: %q, %v; want %q", dsn, cfg.SSLMode, err, want)
			}
		}
	})
}

func TestSeveralHosts(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][]string{
		"postgres://heed@db1:5433,db2:5434,[::1]:5435/heed?sslmode=require": {"db1:5433", "db2:5434", "[::1]:5435"},
		"postgresql://heed:p%40ss@db1,db2:6432/heed":                        {"db1:5432", "db2:6432"},
		"postgres://heed@db1:5433/heed":                                     {"db1:5433"},
		"host=db1,db2 port=5433,5434 user=heed":                             {"db1:5433", "db2:5434"},
	} {
		cfg, err := configure(dsn)
		if err != nil {
			t.Fatalf("%s: %v", dsn, err)
		}
		got := []string{net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))}
		for _, m := range cfg.Multi {
			got = append(got, net.JoinHostPort(m.Host, strconv.Itoa(int(m.Port))))
		}
		if !slices.Equal(got, want) || cfg.User != "heed" {
			t.Errorf("%s leads to %v, as %s", dsn, got, cfg.User)
		}
	}
}

// TestClientEnv: Postgres' own programs go where Heed goes.
func TestClientEnv(t *testing.T) {
	t.Parallel()
	env, err := ClientEnv("postgres://heed@db1:5433,db2:5434/heed?sslmode=require")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PGHOST=db1,db2", "PGPORT=5433,5434", "PGTARGETSESSIONATTRS=primary"} {
		if !slices.Contains(env, want) {
			t.Errorf("no %s in %v", want, env)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	cfg, err := configure("postgres://heed@db.example.com,db2.example.com/heed?statement_timeout=30000&work_mem=8MB")
	if err != nil {
		t.Fatal(err)
	}
	if cfg.TargetSessionAttrs != pq.TargetSessionAttrsPrimary {
		t.Errorf("of two hosts it takes any: %q", cfg.TargetSessionAttrs)
	}
	b := takeBounds(cfg.Runtime)
	if b.statement() != 30*time.Second || b["lock_timeout"] != "5000" {
		t.Errorf("the timeouts are %v", b)
	}
	if _, there := cfg.Runtime["statement_timeout"]; there || cfg.Runtime["work_mem"] != "8MB" {
		t.Errorf("a pooler is asked for %v", cfg.Runtime)
	}
}

// TestPrimary: when one connection learns that its server takes no writes any more, all
// of its time go, and those made since stay.
func TestPrimary(t *testing.T) {
	t.Parallel()
	p := &primary{}
	p.moved(0)
	if p.era() != 1 {
		t.Fatal("it did not notice")
	}
	p.moved(0)
	if p.era() != 1 {
		t.Error("connections to the new server were thrown away for what an old one saw")
	}
	p.moved(1)
	if p.era() != 1 {
		t.Error("a database that refuses writes is connected to anew at each of them")
	}
	c := &connector{}
	c.primary.eras.Store(1)
	old := &conn{from: c}
	if err := old.ResetSession(t.Context()); !errors.Is(err, driver.ErrBadConn) || old.IsValid() {
		t.Errorf("a connection of before goes on: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	const secret = "pw-not-a-real-one"
	closed := closedPort(t)
	for name, c := range map[string]struct {
		dsn  string
		code ProblemCode
	}{
		"nothing":              {"", BadAddress},
		"no_address":           {"postgres://heed:" + secret + "@db:port/heed", BadAddress},
		"password_not_encoded": {"postgres://heed:" + secret + "%@db/heed", BadAddress},
		"words":                {"the database with " + secret, BadAddress},
		"nobody_answers":       {"postgres://heed:" + secret + "@" + closed + "/heed", Unreachable},
		"unknown_setting":      {"postgres://heed:" + secret + "@" + closed + "/heed?sslmode=" + secret, BadAddress},
	} {
		t.Run(name+"_without_the_password", func(t *testing.T) {
			t.Parallel()
			db, err := Open(t.Context(), c.dsn)
			var p *Problem
			if !errors.As(err, &p) || p.Code != c.code {
				t.Fatalf("%v, %v; want %s", db, err, c.code)
			}
			if strings.Contains(p.Error()+p.Say(), secret) || c.dsn != "" && strings.Contains(p.Error()+p.Say(), c.dsn) {
				t.Errorf("the address is in %q or %q", p.Error(), p.Say())
			}
			if p.Say() == "" {
				t.Error("no sentence")
			}
		})
	}
}

// TestPoolerThatRefusesTimeouts speaks as PgBouncer does to a startup parameter that it
// does not know.
func TestPoolerThatRefusesTimeouts(t *testing.T) {
	t.Parallel()
	var refused, welcomed atomic.Int32
	address := serve(t, func(c net.Conn) {
		hello := make([]byte, 4096)
		n, err := c.Read(hello)
		if err != nil {
			return
		}
		if strings.Contains(string(hello[:n]), "statement_timeout") {
			refused.Add(1)
			_, _ = c.Write(message('E', "SFATAL\x00C08P01\x00Munsupported startup parameter: statement_timeout\x00\x00"))
			return
		}
		welcomed.Add(1)
		_, _ = c.Write(append(message('R', "\x00\x00\x00\x00"), message('Z', "I")...)) // AuthenticationOk, ReadyForQuery
		if _, err := c.Read(hello); err == nil {                                       // the ping, ";"
			_, _ = c.Write(append(message('I', ""), message('Z', "I")...)) // EmptyQueryResponse
		}
		_, _ = c.Read(hello) // until it is closed
	})
	c, err := newConnector("postgres://heed@" + address + "/heed")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		conn, err := c.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	if refused.Load() != 1 || welcomed.Load() != 2 {
		t.Errorf("refused %d times, welcomed %d; want 1 and 2: it asks once", refused.Load(), welcomed.Load())
	}
}

// TestSilentNetwork is about a network that swallows everything after the handshake,
// cancel requests too.
func TestSilentNetwork(t *testing.T) {
	t.Parallel()
	swallow := func(t *testing.T) *connector {
		t.Helper()
		address := serve(t, func(c net.Conn) {
			buf := make([]byte, 4096)
			if _, err := c.Read(buf); err != nil {
				return
			}
			_, _ = c.Write(append(message('R', "\x00\x00\x00\x00"), message('Z', "I")...))
			for {
				n, err := c.Read(buf)
				if err != nil {
					return
				}
				if strings.Contains(string(buf[:n]), "BEGIN") { // the last thing that comes through
					_, _ = c.Write(append(message('C', "BEGIN\x00"), message('Z', "T")...))
				}
			}
		})
		c, err := newConnector("postgres://heed@" + address + "/heed")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	t.Run("a_query_ends_a_moment_after_its_context", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, swallow(t))
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := conn.QueryContext(ctx, "select 1", nil)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > grace+10*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if conn.IsValid() {
			t.Error("the connection goes back to the pool")
		}
	})
	t.Run("a_commit_ends_a_moment_after_its_context", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, swallow(t))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // a busy machine is slow to begin
		defer cancel()
		tx, err := conn.BeginTx(ctx, driver.TxOptions{})
		if err != nil {
			t.Fatal(err)
		}
		err = tx.Commit()
		end, _ := ctx.Deadline()
		if late := time.Since(end); err == nil || late > grace+10*time.Second {
			t.Errorf("%v, %v after its context", err, late)
		}
	})
	t.Run("without_a_deadline_it_ends_after_the_silence", func(t *testing.T) {
		t.Parallel()
		c := swallow(t)
		c.patience = 50 * time.Millisecond
		_, err := connect(t, c).ExecContext(t.Context(), "select 1", nil)
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%v, want a timeout", err)
		}
	})
	t.Run("patient_work_waits_for_its_context_only", func(t *testing.T) {
		t.Parallel()
		c := swallow(t)
		c.patience = time.Nanosecond
		conn := connect(t, c)
		ctx, cancel := context.WithTimeout(Patient(t.Context()), 300*time.Millisecond)
		defer cancel()
		_, err := conn.ExecContext(ctx, "select 1", nil)
		if ctx.Err() == nil {
			t.Errorf("%v before its time", err)
		}
	})
	t.Run("a_cancelled_context_leaves_a_healthy_connection_alone", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, swallow(t))
		ctx, cancel := context.WithCancel(t.Context())
		conn.wire.bind(ctx)()
		cancel()
		conn.wire.mu.Lock()
		defer conn.wire.mu.Unlock()
		if !conn.wire.until.IsZero() {
			t.Error("a deadline is left on it")
		}
	})
}

func connect(t *testing.T, c *connector) *conn {
	t.Helper()
	inner, err := c.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = inner.Close() })
	return inner.(*conn)
}

// message is one message of Postgres' protocol: its type, its length, its body.
func message(kind byte, body string) []byte {
	n := len(body) + 4
	return append([]byte{kind, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, body...)
}

// serve runs a server on a port of this machine until the test ends.
func serve(t *testing.T, talk func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				talk(c)
			}()
		}
	}()
	return l.Addr().String()
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return (&url.URL{Host: l.Addr().String()}).Host
}
