package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lib/pq"

	"heed/store"
	"heed/store/storetest"
)

// TestNetworkThatSwallows puts a network between the pool and Postgres that for a time
// takes everything and delivers nothing.
func TestNetworkThatSwallows(t *testing.T) {
	t.Parallel()
	dsn, hole := throughProxy(t, storetest.DSN(t))
	db := storetest.Open(t, dsn)
	var one int
	if err := db.Get(&one, "select 1"); err != nil {
		t.Fatal(err)
	}
	hole.begin()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := db.GetContext(ctx, &one, "select 1")
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 10*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	tx, err := db.BeginTxx(store.Patient(ctx), nil)
	if err == nil {
		t.Errorf("a transaction on a dead network: %v", tx.Rollback())
	}
	hole.end()
	if err := db.Get(&one, "select 1"); err != nil {
		t.Errorf("the pool does not recover: %v", err)
	}
}

// TestNetworkThatLost: a network that fell silent for a moment lost every connection of
// that time, and one act learns of it for all.
func TestNetworkThatLost(t *testing.T) {
	t.Parallel()
	dsn, hole := throughProxy(t, storetest.DSN(t))
	db := storetest.Open(t, dsn)
	const idle = 5
	var open []*sql.Conn
	for range idle {
		c, err := db.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	for _, c := range open {
		if err := c.Close(); err != nil { // back into the pool
			t.Fatal(err)
		}
	}
	if n := db.Stats().Idle; n != idle {
		t.Fatalf("%d connections are idle", n)
	}
	hole.begin()
	hole.end()
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	var one int
	if err := db.GetContext(short, &one, "select 1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("on a lost connection: %v", err)
	}
	long, cancel := context.WithTimeout(t.Context(), 15*time.Second) // less than a lost connection takes by itself
	defer cancel()
	if err := db.GetContext(long, &one, "select 1"); err != nil {
		t.Errorf("the next act: %v", err)
	}
}

// throughProxy is the address of the same database by way of a proxy, and where it loses things.
func throughProxy(t *testing.T, dsn string) (proxied string, h *hole) {
	t.Helper()
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	network, address := "tcp", net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))
	if filepath.IsAbs(cfg.Host) {
		network, address = "unix", filepath.Join(cfg.Host, ".s.PGSQL."+strconv.Itoa(int(cfg.Port)))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	h = &hole{}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, address)
			if err != nil {
				_ = near.Close()
				continue
			}
			born := h.begun.Load()
			go h.carry(far, near, born)
			go h.carry(near, far, born)
		}
	}()
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Host: l.Addr().String(),
		Path: "/" + cfg.Database, RawQuery: "sslmode=disable",
	}
	return u.String(), h
}

// hole is where a network loses everything for a time. Connections that were there when
// it began never come back.
type hole struct {
	open  atomic.Bool
	begun atomic.Int64 // how often
}

func (h *hole) begin() {
	h.begun.Add(1)
	h.open.Store(true)
}

func (h *hole) end() { h.open.Store(false) }

// carry copies one way until either end closes, for a connection that was made after so
// many beginnings.
func (h *hole) carry(to, from net.Conn, born int64) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if h.open.Load() || h.begun.Load() > born {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}
