package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/slack"
	"heed/bot"
	"heed/cmd/internal/tied"
	"heed/store"
	"heed/store/embedded"
)

// Fakes of the benchmark's own Slack.
const (
	team    = "TBENCH"
	channel = "CBENCH"
	secret  = "not-a-real-signing-secret"
	// members is how many accounts are known: more than one item gets votes in a run.
	members = 300_000
)

// board is a Heed that takes votes, on a server that pgbench can reach too.
type board struct {
	dir     string
	remove  func() // it
	server  *embedded.Server
	db      *sqlx.DB
	version string
	fsync   time.Duration
	http    *http.Server
	address string
	round   int // measurements so far; each has items of its own
}

func newBoard(ctx context.Context) (_ *board, err error) {
	b := &board{}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.dir, b.remove, err = tied.Folder("heed-bench-run", nil); err != nil {
		return nil, err
	}
	if b.server, err = embedded.Start(ctx, embedded.Options{Dir: b.dir}); err != nil {
		return nil, err
	}
	if b.db, err = store.Open(ctx, b.server.DSN()); err != nil {
		return nil, err
	}
	if err = store.Migrate(ctx, b.db); err != nil {
		return nil, err
	}
	if err = b.db.GetContext(ctx, &b.version, `show server_version`); err != nil {
		return nil, err
	}
	if b.fsync, err = measureFsync(b.dir); err != nil {
		return nil, err
	}
	if err = b.populate(ctx); err != nil {
		return nil, err
	}
	return b, b.serve(ctx)
}

// populate makes the members known.
func (b *board) populate(ctx context.Context) error {
	w, err := store.New(b.db).AttachWorkspace(ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: team}, Name: "Bench"}, time.Now())
	if err != nil {
		return err
	}
	_, err = b.db.ExecContext(ctx, `
		insert into channels (board_id, workspace_id, channel_ref, audience, intake, member) values ($1, $2, $3, 'team', true, true)`, w.Board, w.ID, channel)
	if err != nil {
		return fmt.Errorf("populate: %w", err)
	}
	const atOnce = 20_000 // a statement has its time
	for from := 1; from <= members; from += atOnce {
		to := min(from+atOnce-1, members)
		if _, err := b.db.ExecContext(ctx, `
			insert into people (board_id, person_id, created_at) select $1, n, now() from generate_series($2::bigint, $3::bigint) n`, w.Board, from, to); err != nil {
			return fmt.Errorf("populate: %w", err)
		}
		if _, err := b.db.ExecContext(ctx, `
			insert into members (board_id, workspace_id, account, person_id, own_person_id, audience, looked_up_at)
			select $1, $2, 'U' || n, n, n, 'team', now() from generate_series($3::bigint, $4::bigint) n`, w.Board, w.ID, from, to); err != nil {
			return fmt.Errorf("populate: %w", err)
		}
	}
	return nil
}

// items makes the items of one measurement, each with a card.
func (b *board) items(ctx context.Context, n int) error {
	b.round++
	for _, q := range []string{
		`insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, created_at, status_at)
		 select 1, $1::bigint * 100000 + n, $1::integer * 100000 + n, $1 || ':' || n, 'Wish ' || n, 'please', 'team', $1::bigint * 100000 + n, now(), now()
		   from generate_series(1, $2::integer) n`,
		`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
		 select 1, 'card:' || $1 || ':' || n, 'card', 1, '` + channel + `', $1 || '.' || n, $1::bigint * 100000 + n, 1, now()
		   from generate_series(1, $2::integer) n`,
	} {
		if _, err := b.db.ExecContext(ctx, q, b.round, n); err != nil {
			return fmt.Errorf("items: %w", err)
		}
	}
	_, err := b.db.ExecContext(ctx, `analyze items, posts, members, people`)
	return err
}

// settled analyzes what the warm-up made grow, as autovacuum does within a minute.
func (b *board) settled(ctx context.Context) error {
	_, err := b.db.ExecContext(ctx, `analyze ballots, votes, item_days`)
	return err
}

// serve listens as the program does.
func (b *board) serve(ctx context.Context) error {
	log := slog.New(slog.DiscardHandler)
	options := slack.Options{SigningSecret: secret, Tokens: slack.OneToken("xoxb-not-a-real-token"), Log: log}
	messenger := slack.NewMessenger(options)
	core := bot.New(store.New(b.db), bot.SystemClock{}, log, map[bot.Platform]bot.Messenger{bot.Slack: messenger}, bot.Options{})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.address = listener.Addr().String()
	b.http = &http.Server{Handler: slack.New(options, messenger, core).Handler(), ReadHeaderTimeout: time.Second}
	go func() { _ = b.http.Serve(listener) }() // ends with close
	return nil
}

func (b *board) close() {
	if b.http != nil {
		_ = b.http.Close()
	}
	if b.db != nil {
		_ = b.db.Close()
	}
	if b.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = b.server.Stop(ctx)
	}
	b.remove()
}
