package discord

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// ear is a core that remembers what it was told, in the order in which it kept it.
type ear struct {
	Core // what no test here needs

	mu      sync.Mutex
	told    []string
	changed chan struct{}
	fail    func(what string) error // nil: nothing fails
	home    bot.WorkspaceRef
	gaps    map[string]time.Time
	ours    func(ref string) bool // of the session that began last
}

func newEar() *ear { return &ear{changed: make(chan struct{}), gaps: map[string]time.Time{}} }

func (e *ear) tell(format string, args ...any) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	what := fmt.Sprintf(format, args...)
	if e.fail != nil {
		if err := e.fail(what); err != nil {
			return err
		}
	}
	e.told = append(e.told, what)
	close(e.changed)
	e.changed = make(chan struct{})
	return nil
}

func (e *ear) fails(fail func(string) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail = fail
}

// all is what was told so far.
func (e *ear) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.told)
}

// waitFor returns once what was told satisfies done.
func (e *ear) waitFor(t *testing.T, what string, done func(told []string) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		e.mu.Lock()
		changed, told := e.changed, slices.Clone(e.told)
		e.mu.Unlock()
		if done(told) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("%s never came; told: %q", what, told)
		}
	}
}

// hears waits until the core was told this.
func (e *ear) hears(t *testing.T, what string) {
	t.Helper()
	e.waitFor(t, what, func(told []string) bool { return slices.Contains(told, what) })
}

func (e *ear) React(_ context.Context, ballots []bot.Ballot) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail != nil {
		if err := e.fail("react"); err != nil {
			return err
		}
	}
	for _, b := range ballots {
		e.told = append(e.told, fmt.Sprintf("%s %s %s on %s", b.Account, b.Act, b.Emoji, b.Message))
	}
	close(e.changed)
	e.changed = make(chan struct{})
	return nil
}

func (e *ear) Attach(_ context.Context, w bot.Workspace) (bot.Workspace, error) {
	return w, e.tell("attach %s %s", w.Ref.Ref, w.Name)
}
func (e *ear) WorkspaceGone(_ context.Context, w bot.WorkspaceRef) error {
	return e.tell("gone %s", w.Ref)
}
func (e *ear) ChannelChanged(_ context.Context, _ bot.WorkspaceRef, c bot.ChannelChange) error {
	return e.tell("channel %s %s %s", c.Ref, c.Name, c.State)
}
func (e *ear) MemberChanged(_ context.Context, _ bot.WorkspaceRef, m bot.MemberSeen) error {
	return e.tell("member %s", m.Account)
}
func (e *ear) MessageGone(_ context.Context, _ bot.WorkspaceRef, channel, message string) error {
	return e.tell("message gone %s", message)
}
func (e *ear) TakesPosts(_ context.Context, _ bot.WorkspaceRef, channel string) (bool, error) {
	return false, e.tell("takes posts %s", channel)
}
func (e *ear) ThreadChanged(_ context.Context, _ bot.WorkspaceRef, channel, thread string, p bot.Paused) error {
	return e.tell("thread %s in %s %q", thread, channel, p)
}
func (e *ear) ThreadGone(_ context.Context, _ bot.WorkspaceRef, channel, thread string) error {
	return e.tell("thread gone %s in %s", thread, channel)
}
func (e *ear) Gap(_ context.Context, w bot.WorkspaceRef, since time.Time) error {
	if err := e.tell("gap %s", w.Ref); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.gaps[w.Ref] = since
	return nil
}
func (e *ear) Cleared(_ context.Context, _ bot.WorkspaceRef, _, message string, emoji []string, _ time.Time) error {
	return e.tell("cleared %s %q", message, emoji)
}
func (e *ear) Remaining(_ context.Context, _ bot.Platform, refs []string, ours func(string) bool) error {
	e.mu.Lock()
	e.ours = ours
	e.mu.Unlock()
	return e.tell("remaining %q", refs)
}
func (e *ear) Permitted(_ context.Context, w bot.WorkspaceRef) error {
	return e.tell("permitted %s", w.Ref)
}
func (e *ear) HomeOf(context.Context, bot.Platform, string) (bot.WorkspaceRef, bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.home, e.home.Ref != "", nil
}
func (e *ear) Say(_ context.Context, c bot.Call, words string, _ bot.Heard) (bot.Reply, error) {
	return bot.Sayf("Saved: %s", words), e.tell("said %s: %s", c.Member.Account, words)
}

// ledger is a bot.GatewayStore in memory, with the same promises and a clock that only
// tests move.
type ledger struct {
	mu       sync.Mutex
	changed  chan struct{}
	leases   map[bot.Shard]*lease
	began    []time.Time
	wait     time.Duration // not zero: no session may begin for so long
	down     bool
	troubles []string
}

type lease struct {
	holder string
	ended  bool
	heard  time.Time
}

func newLedger() *ledger {
	return &ledger{changed: make(chan struct{}), leases: map[bot.Shard]*lease{}}
}

func (l *ledger) touch() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *ledger) HoldShard(_ context.Context, s bot.Shard, holder string, _ time.Duration, heard time.Time) (bool, time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.touch()
	if l.down {
		return false, time.Time{}, errLedger
	}
	x := l.leases[s]
	if x == nil {
		x = &lease{ended: true}
		l.leases[s] = x
	}
	if x.holder != holder && !x.ended {
		return false, time.Time{}, nil
	}
	before := x.heard
	x.holder, x.ended = holder, false
	if !heard.IsZero() {
		x.heard = heard
	}
	return true, before, nil
}

func (l *ledger) LeaveShard(_ context.Context, s bot.Shard, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.touch()
	if x := l.leases[s]; x != nil && x.holder == holder {
		x.ended = true
	}
	return nil
}

func (l *ledger) TakeIdentify(context.Context, string, bot.IdentifyBounds) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.touch()
	if l.down {
		return 0, errLedger
	}
	if l.wait > 0 {
		return l.wait, nil
	}
	l.began = append(l.began, time.Now())
	return 0, nil
}

func (l *ledger) ShardTrouble(_ context.Context, _ bot.Shard, trouble string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.touch()
	if trouble != "" {
		l.troubles = append(l.troubles, trouble)
	}
	return nil
}

func (l *ledger) Shards(context.Context) ([]bot.ShardState, error) { return nil, nil }

// set changes the ledger.
func (l *ledger) set(change func(*ledger)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
	l.touch()
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.began)
}

// waitFor returns once done holds of the ledger.
func (l *ledger) waitFor(t *testing.T, what string, done func(*ledger) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		l.mu.Lock()
		ok, changed := done(l), l.changed
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("%s: never", what)
		}
	}
}

var errLedger = fmt.Errorf("the database is away")

// listening is Heed with its ear at a fake Discord.
type listening struct {
	t       *testing.T
	discord *discordfake.Server
	guild   *discordfake.Guild
	ear     *ear
	ledger  *ledger
	adapter *Adapter
	stop    func() // and wait for the end
}

// listen makes a guild and lets Heed listen to it.
func listen(t *testing.T, config discordfake.Config) *listening {
	t.Helper()
	l := quiet(t, config)
	l.stop = l.run(l.adapter)
	l.connected(1)
	return l
}

// quiet is the same before Heed listens.
func quiet(t *testing.T, config discordfake.Config) *listening {
	t.Helper()
	config.Unchecked, config.AnswerTimeout = true, 10*time.Second // a busy machine is slow
	l := &listening{t: t, discord: discordfake.New(config), ear: newEar(), ledger: newLedger()}
	t.Cleanup(l.discord.Close)
	l.guild = l.discord.AddGuild("Acme")
	l.adapter = l.replica()
	return l
}

func (l *listening) replica() *Adapter {
	o := Options{APIURL: l.discord.APIURL(), Token: l.discord.Token(), Shards: l.ledger, Log: slog.New(slog.NewTextHandler(l.t.Output(), nil))}
	return New(o, NewMessenger(o), l.ear)
}

// run starts an adapter; the answer stops it and waits for its end.
func (l *listening) run(a *Adapter) func() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(l.t.Context()))
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					l.t.Errorf("Run: %v", err)
				}
			case <-time.After(time.Minute):
				l.t.Error("Run does not end")
			}
		})
	}
	l.t.Cleanup(stop)
	return stop
}

// until waits for something in the fake.
func (l *listening) until(what string, done func() bool) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), time.Minute)
	defer cancel()
	if err := l.discord.WaitFor(ctx, done); err != nil {
		l.t.Fatalf("%s: %v; told: %q", what, err, l.ear.all())
	}
}

func (l *listening) connected(n int) {
	l.t.Helper()
	l.until("a session", func() bool { return l.discord.Connected() == n })
}

func (l *listening) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}
