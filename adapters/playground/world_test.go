package playground_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
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
	t      *testing.T
	url    string
	server *httptest.Server
	people []playground.Person
	stop   func() // ends what start began
	clock  *handClock
	store  *store.Store
	ws     bot.Workspace

	mu   sync.Mutex
	bot  *bot.Bot
	chat *playground.Adapter
}

// newWorld is a board on a Friday: cards live in #support and #ideas, the digest comes
// to #product on Mondays, Ana is PM and Ben PO.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: newHandClock(friday), store: store.New(storetest.New(t))}
	var others []playground.Person
	for _, name := range strings.Fields("Mira " + customers) {
		others = append(others, playground.Person{Account: strings.ToLower(name), Name: name, Title: "Customer", Zone: "Europe/Berlin", Guest: true})
	}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	w.people = others
	w.start(log)
	var err error
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
	w.server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) { w.now().Handler().ServeHTTP(out, r) }))
	w.url = w.server.URL
	t.Cleanup(func() {
		w.stop()
		w.server.Close()
	})
	return w
}

// start makes the adapter and the core on what is stored, and runs what cmd would run.
func (w *world) start(log *slog.Logger) {
	w.t.Helper()
	chat, err := playground.New(playground.Options{
		Clock: w.clock, Mover: w.clock, Keeper: w.store, Rows: w.store, Restarter: w, Log: log, Others: w.people, Guided: true,
	})
	w.must(err)
	core := bot.New(w.store, w.clock, log, map[bot.Platform]bot.Messenger{bot.Playground: chat}, bot.Options{SecretKey: []byte("not a real key, for tests only..")})
	w.must(chat.Start(w.t.Context(), core))
	w.mu.Lock()
	w.chat, w.bot = chat, core
	w.mu.Unlock()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, run := range []func(context.Context) error{core.RunDispatcher, core.RunDigests, core.RunHeld, core.RunNotices, chat.Run} {
		running.Go(func() { _ = run(ctx) })
	}
	w.stop = func() {
		stop()
		running.Wait()
	}
}

// now is the adapter that answers at present.
func (w *world) now() *playground.Adapter {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.chat
}

// StartOver empties the chat, as cmd does with everything.
func (w *world) StartOver(ctx context.Context) error {
	var refs [][2]string
	err := w.store.PlaygroundMessages(ctx, w.ws.Board, w.ws.ID, func(channel, message, _ string) error {
		refs = append(refs, [2]string{channel, message})
		return nil
	})
	for _, r := range refs {
		err = errors.Join(err, w.store.DropPlaygroundMessage(ctx, w.ws.Board, w.ws.ID, r[0], r[1]))
	}
	return errors.Join(err, w.now().Start(ctx, w.bot))
}

// testLog shows what went wrong where a test failed.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Logf("%s", line)
	return len(line), nil
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

// customers are 29 people who vote.
const customers = "Ines Jonas Priya Tomas Aiko Noor Felix Carla Dmitri Yara Hugo Sanna Bo Leila Marek Tess Kofi Elif Nils Rosa Sami Vera Ivo Juno Malik Greta Pavel Zara Luca"

// votes lets the first n customers support an item.
func (w *world) votes(item, n int) {
	w.t.Helper()
	var ballots []bot.Ballot
	for _, name := range strings.Fields(customers)[:n] {
		ballots = append(ballots, bot.Ballot{
			Workspace: w.ws.Ref, Account: strings.ToLower(name), Item: item, Place: bot.PlaceButton, Act: bot.Support, At: w.clock.Now(), Audience: bot.Community,
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
