package store_test

import (
	"context"
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
	dsn, swallow := throughProxy(t, storetest.DSN(t))
	db := storetest.Open(t, dsn)
	var one int
	if err := db.Get(&one, "select 1"); err != nil {
		t.Fatal(err)
	}
	swallow.Store(true)
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
	swallow.Store(false)
	if err := db.Get(&one, "select 1"); err != nil {
		t.Errorf("the pool does not recover: %v", err)
	}
}

// throughProxy is the address of the same database by way of a proxy, and its switch.
func throughProxy(t *testing.T, dsn string) (proxied string, swallow *atomic.Bool) {
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
	swallow = new(atomic.Bool)
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
			go carry(far, near, swallow)
			go carry(near, far, swallow)
		}
	}()
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Host: l.Addr().String(),
		Path: "/" + cfg.Database, RawQuery: "sslmode=disable",
	}
	return u.String(), swallow
}

// carry copies one way until either end closes; what arrives while swallow is set is lost.
func carry(to, from net.Conn, swallow *atomic.Bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if swallow.Load() {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}
