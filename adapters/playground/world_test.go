package playground_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"heed/adapters/playground"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// world is Heed whole, with the playground as its only chat: Postgres, the core, its
// loops, and the page at url.
type world struct {
	t     *testing.T
	url   string
	clock *handClock
	store *store.Store
	bot   *bot.Bot
	chat  *playground.Adapter
	ws    bot.Workspace
}

// newWorld is a board on a Friday: cards live in #support and #ideas, the digest comes
// to #product on Mondays, Ana is PM and Ben PO.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: newHandClock(friday), store: store.New(storetest.New(t))}
	var others []playground.Person
	for n := range 29 {
		others = append(others, playground.Person{Account: fmt.Sprintf("c%02d", n), Name: fmt.Sprintf("Customer %02d", n), Title: "Customer", Zone: "Europe/Berlin", Guest: true})
	}
	others = append(others, playground.Person{Account: "mira", Name: "Mira", Title: "Customer", Zone: "Europe/Berlin", Guest: true})
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	chat, err := playground.New(playground.Options{
		Clock: w.clock, Mover: w.clock, Keeper: w.store, Rows: w.store, Restarter: restarter{}, Log: log, Others: others, Guided: true,
	})
	w.must(err)
	w.chat = chat
	w.bot = bot.New(w.store, w.clock, log, map[bot.Platform]bot.Messenger{bot.Playground: chat}, bot.Options{SecretKey: []byte("not a real key, for tests only..")})
	w.must(chat.Start(t.Context(), w.bot))
	w.ws, err = w.store.Workspace(t.Context(), bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"})
	w.must(err)
	for ref, change := range map[string]func(*bot.Channel){
		"support": func(c *bot.Channel) { c.Intake, c.Main = true, true },
		"ideas":   func(c *bot.Channel) { c.Intake, c.Announce = true, true },
	} {
		c, err := w.store.Channel(t.Context(), w.ws.Board, w.ws.ID, ref)
		w.must(err)
		change(&c)
		w.must(w.store.SaveChannel(t.Context(), c))
	}
	w.command("zoe", "product", "/heed", "role <@ana|Ana> pm")
	w.command("zoe", "product", "/heed", "role <@ben|Ben> po")
	w.command("ana", "product", "/heed", "digest here")
	w.loops()
	server := httptest.NewServer(chat.Handler())
	w.url = server.URL
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() {
		stop()
		_ = chat.Run(ctx)
		server.Close()
	})
	return w
}

// testLog shows what went wrong where a test failed.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Logf("%s", line)
	return len(line), nil
}

type restarter struct{}

func (restarter) StartOver(context.Context) error { return nil }

// loops runs what cmd would run, until the test ends.
func (w *world) loops() {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, run := range []func(context.Context) error{w.bot.RunDispatcher, w.bot.RunDigests, w.bot.RunHeld, w.bot.RunNotices} {
		running.Go(func() { _ = run(ctx) })
	}
	w.t.Cleanup(func() {
		stop()
		running.Wait()
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// command is a command of an account.
func (w *world) command(account, channel, name, text string) bot.Reply {
	w.t.Helper()
	call, err := w.chat.Call(account, channel, name+text)
	w.must(err)
	reply, err := w.bot.Command(w.t.Context(), call, name, text)
	w.must(err)
	return reply
}

// votes lets the first n customers support an item.
func (w *world) votes(item, n int) {
	w.t.Helper()
	var ballots []bot.Ballot
	for k := range n {
		ballots = append(ballots, bot.Ballot{
			Workspace: w.ws.Ref, Account: fmt.Sprintf("c%02d", k), Item: item, Place: bot.PlaceButton, Act: bot.Support, At: w.clock.Now(), Audience: bot.Community,
		})
	}
	_, err := w.store.CastVotes(w.t.Context(), w.clock.Now(), ballots)
	w.must(err)
	w.bot.Wake()
}

// move lets time pass and tells the loops.
func (w *world) move(d time.Duration) {
	w.t.Helper()
	w.must(w.clock.Move(w.t.Context(), d))
	w.bot.Wake()
}
