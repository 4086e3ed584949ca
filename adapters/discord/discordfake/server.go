package discordfake

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// AnswerTimeout is how long Discord waits for the first answer to an interaction.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction
const AnswerTimeout = 3 * time.Second

// Config says how the fake is set up. The zero value works.
type Config struct {
	// Clock gives ids, timestamps, the life of tokens and the rate limits.
	// Default: the wall clock.
	Clock Clock

	// Token is the bot's. Default "fake.discord.token".
	Token string

	// Unchecked switches the rate limits off, for stories that go as fast as they
	// can. What stands in a request is checked all the same.
	Unchecked bool

	// AnswerTimeout replaces [AnswerTimeout], so that a test of a late answer need not
	// take three seconds. It is measured on the wall clock.
	AnswerTimeout time.Duration

	// ThinkingTimeout is how long a person's act waits for what follows "is
	// thinking…", on the wall clock. Default 10 s. Discord's own is [TokenLife].
	ThinkingTimeout time.Duration

	// Heartbeat is the interval that Hello asks for. Default 41.25 s, as Discord's.
	Heartbeat time.Duration

	// Privileged are the privileged intents that are switched on for the app in the
	// developer portal. Default: none. Asking for another closes the gateway with 4014.
	Privileged Intents

	// Shards is how many shards GET /gateway/bot advises. Default 1.
	Shards int
}

// Server is the fake. Make it with [New]; end it with Close.
type Server struct {
	config Config
	http   *httptest.Server

	mu       sync.Mutex // guards everything below and all guilds, channels, people
	bot      *User
	appID    string
	token    string // "" once Discord has reset it
	users    map[string]*User
	guilds   []*Guild
	channels map[string]*Channel // all that stand, threads and direct messages too
	commands registry
	lastID   uint64
	requests []Request
	faults   []*fault
	rates    rates
	changed  chan struct{} // closed and replaced whenever something happens
	calls    interactions
	files    files
	gateway  gateway
	nonces   map[string]posted
}

// New starts a fake on a loopback port. The caller ends it with Close.
func New(config Config) *Server {
	if config.Clock == nil {
		config.Clock = wallClock{}
	}
	config.Token = orDefault(config.Token, "fake.discord.token")
	config.AnswerTimeout = orDefault(config.AnswerTimeout, AnswerTimeout)
	config.ThinkingTimeout = orDefault(config.ThinkingTimeout, 10*time.Second)
	config.Heartbeat = orDefault(config.Heartbeat, 41250*time.Millisecond)
	config.Shards = orDefault(config.Shards, 1)
	s := &Server{
		config: config, token: config.Token,
		users: map[string]*User{}, channels: map[string]*Channel{}, nonces: map[string]posted{},
		changed: make(chan struct{}),
	}
	s.commands.global = commandSet{scope: "global"}
	s.calls.open = map[string]*interaction{}
	s.files.kept = map[string]*attachment{}
	s.gateway.sessions = map[string]*session{}
	s.gateway.remaining = IdentifiesPerDay
	s.bot = s.addUser("heed")
	s.bot.isBot, s.appID = true, s.bot.ID
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("GET /gateway/", s.serveGateway)
	mux.HandleFunc("GET /attachments/{channel}/{file}/{name}", s.serveFile)
	s.http = httptest.NewUnstartedServer(mux)
	s.http.Start()
	return s
}

func orDefault[T comparable](value, standard T) T {
	var zero T
	if value == zero {
		return standard
	}
	return value
}

// Close ends the server and its gateway connections.
func (s *Server) Close() {
	s.closeGateway()
	s.http.CloseClientConnections()
	s.http.Close()
}

// APIURL is the base of the REST API without a version, "http://127.0.0.1:port/api",
// in the form that DISCORD_API_URL takes.
func (s *Server) APIURL() string { return s.http.URL + "/api" }

// Addr is the host and port that both REST and the gateway listen on.
func (s *Server) Addr() net.Addr { return s.http.Listener.Addr() }

// Token is the bot's token, without "Bot " before it.
func (s *Server) Token() string { return s.config.Token }

// AppID is the application's id, which is the bot's user id too.
func (s *Server) AppID() string { return s.appID }

// Bot is the app's own account.
func (s *Server) Bot() *User { return s.bot }

// Now is the fake's time.
func (s *Server) Now() time.Time { return s.config.Clock.Now() }
