package main

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/cmd/internal/scorecard"
	"heed/store"
	"heed/store/storetest/pooled"
)

// What goes through PgBouncer: few connections to Postgres, many clients.
const (
	poolerSize     = 5
	poolerClients  = 24 // of each of two pools, besides the replicas
	poolerActs     = 6  // a second, in the chats
	questions      = 100_000
	poolerWell     = 10 * time.Second // until votes are taken as before, once it is back
	poolerHeals    = 2 * time.Minute
	poolerAwayFor  = time.Second
	poolerNewcomer = "heed_new" // a database that three replicas find empty
)

// pgbouncer puts PgBouncer in transaction mode between two replicas under load and their
// database, asks a hundred thousand questions beside them, looks for what was left behind,
// and kills the pooler.
func pgbouncer(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	var p *pooled.Pooler
	w, err := newWorld(ctx, plan{Replicas: 2, Workspaces: 2, Members: 12, DSN: func(s *server) string {
		if p, err = pooled.Start(ctx, pooled.Options{DSN: s.dsn(), Size: poolerSize}); err != nil {
			return ""
		}
		return p.DSN()
	}})
	if p != nil {
		defer p.Stop()
	}
	if err != nil {
		return nil, err
	}
	defer w.close()
	failed, err := w.migrateAtOnce(ctx, 3)
	if err != nil {
		return nil, err
	}
	figures = append(figures, scorecard.Of("migrations that failed, of three at once", float64(failed), "", scorecard.AtMost, 0))
	l, err := w.loaded(ctx, poolerActs)
	if err != nil {
		return figures, err
	}
	defer l.end()
	pools, err := openAll(ctx, p.DSN(), 2)
	if err != nil {
		return figures, err
	}
	defer closeAll(pools)
	s, err := w.look(ctx)
	if err != nil {
		return figures, err
	}
	began := time.Now()
	var a answers
	a.ask(ctx, pools, poolerClients, questions, askers(bot.WorkspaceRef{Platform: bot.Slack, Ref: w.teams[0].ID}, s.Items))
	say("%d questions of %d clients over %d connections in %s %s", a.asked.Load(), 2*poolerClients, poolerSize, time.Since(began).Round(time.Second), a.example)
	asked := scorecard.Of("questions asked", float64(a.asked.Load()), "", scorecard.AtLeast, questions)
	asked.Note = fmt.Sprintf("by %d clients and two replicas under load, over %d connections", 2*poolerClients, poolerSize)
	figures = append(figures, asked,
		scorecard.Of("wrong answers", float64(a.wrong.Load()), "", scorecard.AtMost, 0),
		scorecard.Of("questions refused", float64(a.failed.Load()), "", scorecard.AtMost, 0))

	p.Kill()
	if err := rest(ctx, poolerAwayFor); err != nil {
		return figures, err
	}
	if err := p.Run(ctx); err != nil {
		return figures, err
	}
	well, err := w.wellSince(ctx, time.Now())
	if err != nil {
		return figures, fmt.Errorf("the pooler was killed: %w", err)
	}
	say("killed and started again: votes are taken after %s", well.Round(time.Millisecond))
	figures = append(figures, scorecard.Of("killed: votes taken again after", well.Seconds(), "s", scorecard.AtMost, poolerWell.Seconds()))
	l.end()
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return figures, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	left, err := w.leftBehind(ctx, pools[0])
	if err != nil {
		return figures, err
	}
	figures = append(figures, scorecard.Of("locks, settings and statements left behind", float64(left), "", scorecard.AtMost, 0))
	return append(figures, h.figures("PgBouncer", poolerHeals)...), nil
}

// migrateAtOnce has so many programs find an empty database through a pooler of two
// connections, and answers how many of them failed.
func (w *world) migrateAtOnce(ctx context.Context, n int) (int, error) {
	if err := w.server.admin(ctx, rootRole, "create database "+poolerNewcomer+" owner "+heedRole); err != nil {
		return 0, err
	}
	p, err := pooled.Start(ctx, pooled.Options{DSN: w.server.address(heedRole, poolerNewcomer), Size: 2})
	if err != nil {
		return 0, err
	}
	defer p.Stop()
	var failed atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			cmd := exec.CommandContext(ctx, w.replicas[0].bin, "migrate") // #nosec G204 -- built by us
			cmd.Env = []string{"DATABASE_URL=" + p.DSN()}
			if cmd.Run() != nil {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	return int(failed.Load()), nil
}

// leftBehind counts what sticks to the server connections that everybody shares, and the
// locks and transactions that stand though nobody is at work.
func (w *world) leftBehind(ctx context.Context, db *sqlx.DB) (int, error) {
	left := 0
	var held []*sqlx.Tx
	defer func() {
		for _, tx := range held {
			_ = tx.Rollback()
		}
	}()
	for len(held) < poolerSize-2 { // two are for the replicas, which are at work still
		tx, err := db.BeginTxx(ctx, nil)
		if err != nil {
			return 0, err
		}
		held = append(held, tx)
		var n int
		if err := tx.GetContext(ctx, &n, `
			select (select count(*) from pg_prepared_statements) + (select count(*) from pg_listening_channels())
			     + (select count(*) from pg_class where relpersistence = 't')
			     + (select count(*) from pg_settings where source = 'session' and name not in ('transaction_read_only', 'transaction_isolation', 'transaction_deferrable',
			          'application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings',
			          'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'))`); err != nil {
			return 0, err
		}
		left += n
	}
	for _, tx := range held {
		if err := tx.Rollback(); err != nil {
			return 0, err
		}
	}
	held = nil
	var standing int // the harness's own way, not the pooler's
	err := w.db.GetContext(ctx, &standing, `
		select (select count(*) from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() and l.locktype = 'advisory' and a.state = 'idle')
		     + (select count(*) from pg_stat_activity a where a.datname = current_database() and a.state like 'idle in transaction%'
		           and a.state_change < clock_timestamp() - interval '3 seconds')
		     + (select count(*) from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid() and a.state = 'active'
		           and a.backend_type = 'client backend' and a.query_start < clock_timestamp() - interval '10 seconds')`)
	return left + standing, err
}

// openAll opens pools as Heed does.
func openAll(ctx context.Context, dsn string, n int) (pools []*sqlx.DB, err error) {
	for range n {
		db, err := store.Open(ctx, dsn)
		if err != nil {
			closeAll(pools)
			return nil, err
		}
		pools = append(pools, db)
	}
	return pools, nil
}

func closeAll(pools []*sqlx.DB) {
	for _, db := range pools {
		_ = db.Close()
	}
}
