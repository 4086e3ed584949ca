package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/slack/slackfake"
	"heed/bot"
	"heed/cmd/internal/tied"
	"heed/store"
	"heed/store/embedded"
)

// world is a Postgres of its own, a Slack with its limits on, and heed's built program
// between the two.
type world struct {
	dir    string
	remove func() // it
	path   string // of the program
	server *embedded.Server
	db     *sqlx.DB
	slack  *slackfake.Server
	heed   *program     // nil until begin
	places []*place     // in the order of their boards
	voted  atomic.Int64 // votes of all loads

	turnedAway atomic.Int64 // votes that had to be delivered again
}

// place is a Slack workspace with Heed in it.
type place struct {
	team      *slackfake.Team
	board     bot.BoardID
	workspace bot.WorkspaceID
	cards     []card
	users     []string // accounts that Heed does not know yet
}

// card is a message of Heed's that takes votes.
type card struct {
	item    bot.ItemID
	channel string
	message string
}

// notSecret seals the tokens of the fake workspaces.
const notSecret = "not a real key, for benchmarks only" // #nosec G101 -- as it says

// newWorld makes Postgres, Slack and the program; nobody uses it yet.
func newWorld(ctx context.Context) (_ *world, err error) {
	w := &world{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.dir, w.remove, err = tied.Folder("heed-bench-run", nil); err != nil {
		return nil, err
	}
	if w.path, err = built(ctx, w.dir); err != nil {
		return nil, err
	}
	if w.server, err = embedded.Start(ctx, embedded.Options{Dir: w.dir}); err != nil {
		return nil, err
	}
	if w.db, err = store.Open(ctx, w.server.DSN()); err != nil {
		return nil, err
	}
	if err = store.Migrate(ctx, w.db); err != nil {
		return nil, err
	}
	w.slack = slackfake.New(slackfake.Config{})
	return w, nil
}

// begin starts heed over HTTP, as one that many workspaces installed, with Slack's
// limits on.
func (w *world) begin(ctx context.Context) (err error) {
	w.slack.LimitRates(true)
	w.slack.ForgetCalls()
	w.heed, err = startProgram(ctx, w.path, w.dir, w.env()...)
	return err
}

func (w *world) env() []string {
	return []string{
		"DATABASE_URL=" + w.server.DSN(), "HEED_SECRET_KEY=" + notSecret, "HEED_PUBLIC_URL=https://heed.acme.example",
		"SLACK_API_URL=" + w.slack.APIURL(), "SLACK_SIGNING_SECRET=" + w.slack.SigningSecret(),
		"SLACK_CLIENT_ID=" + w.slack.ClientID(), "SLACK_CLIENT_SECRET=" + w.slack.ClientSecret(),
	}
}

func (w *world) close() {
	if w.heed != nil {
		w.heed.stop()
	}
	if w.slack != nil {
		w.slack.Close()
	}
	if w.db != nil {
		_ = w.db.Close()
	}
	if w.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = w.server.Stop(ctx)
	}
	w.remove()
}

// exec runs statements in order, each with the same arguments.
func (w *world) exec(ctx context.Context, args []any, statements ...string) error {
	for _, q := range statements {
		if _, err := w.db.ExecContext(store.Patient(ctx), q, args...); err != nil {
			return fmt.Errorf("populate: %w", err)
		}
	}
	return nil
}

// count reads one number.
func (w *world) count(ctx context.Context, query string, args ...any) (n int, err error) {
	err = w.db.GetContext(ctx, &n, query, args...)
	return n, err
}
