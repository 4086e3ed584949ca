package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"heed/store/storetest"
	"heed/store/storetest/freeport"
)

// freePort is an address of this machine that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	port, err := freeport.Find()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// nobody is a platform that is down.
func nobody(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/api/"
}

// beside is a pool over the server of a database, but not that database, and its name.
func beside(t *testing.T, dsn string) (*sqlx.DB, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	return storetest.Open(t, u.String()), name
}

// run runs a statement.
func run(t *testing.T, on interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}, query string, args ...any) {
	t.Helper()
	if _, err := on.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()

	t.Run("not_while_migrations_run_and_then_by_itself", func(t *testing.T) {
		t.Parallel()
		dsn, listen := storetest.Empty(t), freePort(t)
		another := storetest.Open(t, dsn)
		gate, err := another.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		run(t, gate, "select pg_advisory_xact_lock($1)", int64(0x68656564)) // a replica that migrates: "heed" in ASCII
		r := startApart(t, []string{"DATABASE_URL=" + dsn, "HEED_LISTEN=" + listen}, 0, "serve")
		base := "http://" + listen
		becomes(t, base, "/readyz", http.StatusServiceUnavailable, "not ready: migrations are running")
		becomes(t, base, "/healthz", http.StatusOK, "ok")
		becomes(t, base, "/metrics", http.StatusOK, "heed_database_up 0")
		becomes(t, base, "/", http.StatusServiceUnavailable, "Heed is starting")
		if err := gate.Rollback(); err != nil {
			t.Fatal(err)
		}
		becomes(t, base, "/readyz", http.StatusOK, "ready")
		r.up()
		if code := r.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, r.log.text())
		}
	})

	t.Run("not_with_the_database_away_and_again_when_it_is_back", func(t *testing.T) {
		t.Parallel()
		dsn := storetest.DSN(t)
		server, name := beside(t, dsn)
		h := serveHere(t, program{environ: []string{"DATABASE_URL=" + dsn, "HEED_LISTEN=127.0.0.1:0"}})
		becomes(t, h.url, "/readyz", http.StatusOK, "ready")
		becomes(t, h.url, "/metrics", http.StatusOK, "heed_database_up 1")

		run(t, server, fmt.Sprintf("alter database %s allow_connections false", name))
		run(t, server, "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
		becomes(t, h.url, "/readyz", http.StatusServiceUnavailable, "not ready: the database does not answer")
		becomes(t, h.url, "/metrics", http.StatusOK, "heed_database_up 0")
		becomes(t, h.url, "/healthz", http.StatusOK, "ok")

		run(t, server, fmt.Sprintf("alter database %s allow_connections true", name))
		becomes(t, h.url, "/readyz", http.StatusOK, "ready")
		becomes(t, h.url, "/metrics", http.StatusOK, "heed_database_up 1")
	})

	t.Run("not_before_a_platform_that_is_configured_was_heard", func(t *testing.T) {
		t.Parallel()
		h := serveHere(t, program{environ: []string{
			"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=127.0.0.1:0", "HEED_SECRET_KEY=not a real key, for tests only",
			"DISCORD_TOKEN=not.a.token", "DISCORD_API_URL=" + nobody(t),
			"SLACK_BOT_TOKEN=xoxb-not-a-token", "SLACK_APP_TOKEN=xapp-not-a-token", "SLACK_API_URL=" + nobody(t),
		}})
		becomes(t, h.url, "/readyz", http.StatusServiceUnavailable, "not ready: Slack has not connected yet\nnot ready: Discord has not connected yet\n")
		becomes(t, h.url, "/metrics", http.StatusOK, `heed_platform_connected{platform="discord"} 0`)
		becomes(t, h.url, "/healthz", http.StatusOK, "ok")
	})

	t.Run("a_replica_whose_shard_another_hears_is_ready", func(t *testing.T) {
		t.Parallel()
		f := newFans(t)
		f.here()
		second := serveHere(t, program{environ: f.env, clock: f.clock})
		becomes(t, second.url, "/readyz", http.StatusOK, "ready")
		becomes(t, second.url, "/metrics", http.StatusOK, `heed_platform_connected{platform="discord"} 1`)
	})

	t.Run("a_gateway_that_closed_shows_at_once", func(t *testing.T) {
		t.Parallel()
		f := newFans(t)
		h := f.here()
		becomes(t, h.url, "/metrics", http.StatusOK, `heed_platform_connected{platform="discord"} 1`)
		f.discord.Close()
		becomes(t, h.url, "/metrics", http.StatusOK, `heed_platform_connected{platform="discord"} 0`)
		becomes(t, h.url, "/readyz", http.StatusOK, "ready") // for a minute: connections come and go
	})

	t.Run("not_while_draining_and_what_comes_meanwhile_is_taken", func(t *testing.T) {
		t.Parallel()
		a := newAcme(t, false)
		h := a.here()
		a.command(a.zoe, a.requests, "/heed channel intake on")
		a.told(a.zoe, "Cards live in")
		for range 2 { // a balancer watches
			becomes(t, h.url, "/readyz", http.StatusOK, "ready")
		}
		h.stop()
		becomes(t, h.url, "/readyz", http.StatusServiceUnavailable, "not ready: Heed is stopping")
		a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
		a.told(a.rui, "Saved as #1 Dark mode")
		if code := h.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, h.log.text())
		}
	})
}
