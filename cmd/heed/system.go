package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"heed/adapters/discord"
	"heed/adapters/playground"
	"heed/adapters/slack"
	"heed/adapters/web"
	"heed/bot"
	"heed/store"
)

// Bounds of the HTTP server and of the start.
const (
	headerPatience = 5 * time.Second
	readPatience   = 15 * time.Second
	writePatience  = time.Minute // a page that listens for ever sets its own
	idlePatience   = 2 * time.Minute
	maxHeader      = 64 << 10 // bytes
	maxConnections = 2000     // at once
	attachPatience = 5 * time.Second
)

// system is a whole running Heed.
type system struct {
	config config
	log    *slog.Logger
	data   *database
	store  *store.Store
	clock  bot.Clock
	moved  *movedClock // nil where a real platform is configured
	bot    *bot.Bot

	slack      *slack.Adapter      // nil when not configured
	unattached bool                // Slack did not answer at start: a loop goes on trying
	discord    *discord.Adapter    // nil when not configured
	playground *playground.Adapter // nil when off

	listener net.Listener
	metrics  *web.Metrics
	instance atomic.Value // string: what this installation is called, once it is read
	front    *front
	server   *http.Server
	served   chan error      // of the server, once it ends
	work     context.Context // of requests: it goes on while Heed drains
	endWork  context.CancelFunc
}

// newSystem opens the database, brings it up to date and puts the parts together.
// What it opened is closed by close, also when it fails. A nil clock is the machine's,
// or one that people can move on where no real platform is configured. patience is that of
// the chats with the core; 0 is their own.
func newSystem(ctx context.Context, c config, log *slog.Logger, clock bot.Clock, patience time.Duration, guided bool) (_ *system, err error) {
	s := &system{config: c, log: log, clock: clock}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.data, err = openDatabase(ctx, c, log, true); err != nil {
		return nil, err
	}
	s.store = store.New(s.data.db)
	// The port first: a busy one is said before anything is changed, and who asks while
	// migrations run is told so.
	if err = s.listen(ctx); err != nil {
		return nil, err
	}
	key, err := secretKey(c)
	if err != nil {
		return nil, err
	}
	hash, err := s.prepare(ctx, key)
	if err != nil {
		return nil, err
	}

	messengers := map[bot.Platform]bot.Messenger{}
	held := &tokens{one: c.SlackBotToken, key: key, store: s.store}
	slackOptions := slack.Options{
		APIURL: c.SlackAPIURL, Tokens: held, SigningSecret: c.SlackSigningSecret, AppToken: c.SlackAppToken, Clock: s.clock, Log: log, Meter: s.metrics, Patience: patience,
		OAuth: slack.OAuth{ClientID: c.SlackClientID, ClientSecret: c.SlackClientSecret, PublicURL: c.PublicURL, Store: held},
	}
	slackMessenger := slack.NewMessenger(slackOptions)
	if c.slackOn() {
		messengers[bot.Slack] = slackMessenger
	}
	discordOptions := discord.Options{
		APIURL: c.DiscordAPIURL, Token: c.DiscordToken, Shard: c.DiscordShard, Shards: s.store, Clock: s.clock, Log: log,
		Trying: c.playgroundOn(), Meter: s.metrics, Patience: patience,
	}
	discordMessenger := discord.NewMessenger(discordOptions)
	if c.discordOn() {
		messengers[bot.Discord] = discordMessenger
	}
	if c.playgroundOn() {
		if s.playground, err = playground.New(s.playgroundOptions(guided)); err != nil {
			return nil, err
		}
		messengers[bot.Playground] = s.playground
	}
	s.bot = bot.New(s.store, s.clock, log, messengers, bot.Options{
		Undo: c.Undo, RequestsPerDay: c.RequestsPerDay, RequestGap: c.RequestGap, HistoryDays: c.HistoryDays, PublicURL: c.PublicURL, SecretKey: key, HashKey: hash, Meter: s.metrics,
	})
	held.core = s.bot
	if s.moved != nil {
		s.moved.pass = func(ctx context.Context) error {
			_, err := s.bot.DigestsOnce(ctx)
			return err
		}
	}
	if c.slackOn() {
		s.slack = slack.New(slackOptions, slackMessenger, s.bot)
	}
	if c.discordOn() {
		s.discord = discord.New(discordOptions, discordMessenger, s.bot)
	}
	return s, nil
}

// tellTime chooses the clock where none was given: the machine's, or one that can be
// moved on where no real platform would notice.
func (s *system) tellTime(ctx context.Context) error {
	if s.clock != nil {
		return nil
	}
	clock, err := clockOf(ctx, s.config, s.store)
	if err != nil {
		return err
	}
	s.clock = clock
	s.moved, _ = clock.(*movedClock)
	return nil
}

func (s *system) playgroundOptions(guided bool) playground.Options {
	o := playground.Options{
		URL: s.url(), Guided: guided, Clock: s.clock, Keeper: s.store, Rows: s.store, Log: s.log, Others: demoOthers(), Meter: s.metrics,
	}
	if s.moved != nil {
		o.Mover = s.moved
		if guided && s.config.DatabaseURL == "" { // never wipe what may be somebody's
			o.Restarter = s
		}
	}
	return o
}

// url is where a person on this machine finds Heed.
func (s *system) url() string {
	if s.config.PublicURL != "" {
		return s.config.PublicURL
	}
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsLoopback() || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// routes puts the HTTP side of the chats together.
func (s *system) routes() http.Handler {
	mux := http.NewServeMux()
	if s.slack != nil {
		mux.Handle("/slack/", s.slack.Handler())
	}
	if s.playground != nil {
		mux.Handle("/", s.playground.Handler())
	}
	return mux
}

// run attaches, calls begun before the first request is answered, and serves until ctx
// ends, then stops as stop says.
func (s *system) run(ctx context.Context, begun func(context.Context) error) error {
	if err := s.attach(ctx); err != nil {
		return err
	}
	if err := begun(ctx); err != nil {
		return err
	}
	defer s.endWork()
	failed := make(chan error, 1)
	looping, endLoops := context.WithCancel(s.work)
	defer endLoops()
	var running sync.WaitGroup
	for name, loop := range s.loops() {
		running.Go(func() {
			if err := loop(looping); err != nil && !errors.Is(err, context.Canceled) {
				select {
				case failed <- fmt.Errorf("%s: %w", name, err):
				default:
				}
			}
		})
	}
	s.front.open(s.routes())
	s.log.InfoContext(ctx, "heed is up", "address", s.listener.Addr().String())

	var err error
	select {
	case <-ctx.Done():
	case <-s.databaseDone():
		err = errors.New("the embedded Postgres ended; its postgres.log in the data folder says why")
	case err = <-failed:
	case err = <-s.served:
		err = fmt.Errorf("http: %w", err)
	}
	wait := s.front.drain(s.config.Drain)
	endLoops()
	if err != nil {
		wait = 0
	}
	s.stop(ctx, wait, &running)
	return err
}

// databaseDone is closed when the embedded server ends by itself; without one it
// never is.
func (s *system) databaseDone() <-chan struct{} {
	if s.data.server == nil {
		return nil
	}
	return s.data.server.Done()
}

// attach makes the configured workspaces known.
func (s *system) attach(ctx context.Context) error {
	if s.playground != nil {
		if err := s.playground.Start(ctx, s.bot); err != nil {
			return err
		}
	}
	if s.discord != nil {
		asking, cancel := context.WithTimeout(ctx, attachPatience)
		defer cancel()
		if err := s.discord.Attach(asking); err != nil && bot.FaultOf(err).Kind == bot.FaultRevoked {
			return fmt.Errorf("discord does not take DISCORD_TOKEN: %w", err)
		}
	}
	if s.slack == nil || s.config.SlackBotToken == "" {
		return nil
	}
	err := s.attachSlack(ctx)
	if err == nil || bot.FaultOf(err).Kind == bot.FaultRevoked {
		return err
	}
	s.log.WarnContext(ctx, "slack does not answer yet; trying on", "fault", bot.FaultOf(err).Reason)
	s.unattached = true
	return nil
}

// attachSlack makes the workspace of the one token known.
func (s *system) attachSlack(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, attachPatience)
	defer cancel()
	if _, err := s.slack.Attach(asking); err != nil {
		return fmt.Errorf("slack does not take SLACK_BOT_TOKEN: %w", err)
	}
	return nil
}

// keepAttaching tries until Slack answers, then returns. What Slack sends meanwhile of a
// workspace that is known from before is taken all the same.
func (s *system) keepAttaching(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		if err := (bot.SystemClock{}).Wait(ctx, time.Now().Add(wait)); err != nil {
			return err
		}
		err := s.attachSlack(ctx)
		if err == nil || ctx.Err() != nil || bot.FaultOf(err).Kind == bot.FaultRevoked {
			return err
		}
	}
}

// loops are what runs beside the requests.
func (s *system) loops() map[string]func(context.Context) error {
	loops := map[string]func(context.Context) error{
		"dispatcher": s.bot.RunDispatcher,
		"digests":    s.bot.RunDigests,
		"held":       s.bot.RunHeld,
		"notices":    s.bot.RunNotices,
		"lookups":    s.bot.RunLookups,
		"reconcile":  s.bot.RunReconcile,
		"recount":    s.bot.RunRecount,
		"prune":      s.bot.RunPrune,
		"presence":   s.bot.RunPresence,
		"tops":       s.bot.RunTops,
	}
	if s.playground != nil {
		loops["playground"] = s.playground.Run
	}
	if s.unattached {
		loops["attach"] = s.keepAttaching
	}
	if s.slack != nil {
		loops["slack"] = s.slack.Run
	}
	if s.discord != nil {
		loops["discord"] = s.discord.Run
	}
	return loops
}

// close lets go of all that newSystem opened.
func (s *system) close() {
	if s.server != nil {
		s.endWork()
		closeQuietly(s.server)
	}
	if s.listener != nil {
		closeQuietly(s.listener)
	}
	if s.data != nil {
		s.data.close(s.log)
	}
}

// closeQuietly closes what may be closed already.
func closeQuietly(c io.Closer) { _ = c.Close() }
