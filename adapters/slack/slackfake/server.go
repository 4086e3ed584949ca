package slackfake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// object is a JSON object as it stands on the wire.
type object = map[string]any

// AckTimeout is how long Slack waits for an answer to an event, a command or an
// interaction.
// Source: https://docs.slack.dev/apis/events-api/#responding and
// https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response
const AckTimeout = 3 * time.Second

// Config says how the fake is set up. The zero value works.
type Config struct {
	// Clock gives message timestamps, trigger expiry, limits and retries.
	// Default: the wall clock.
	Clock Clock

	// SigningTime is the clock of X-Slack-Request-Timestamp, for an app whose
	// check of the five-minute window reads another clock. Default: Clock.
	SigningTime func() time.Time

	// SigningSecret signs requests to the app. Default "fake-signing-secret".
	SigningSecret string

	// AppToken opens Socket Mode. Default "xapp-1-fake".
	AppToken string

	// ClientID and ClientSecret are the app's for OAuth.
	// Defaults "111.222" and "fake-client-secret".
	ClientID, ClientSecret string

	// AckTimeout replaces [AckTimeout], so that a test of a late answer need
	// not take three seconds, or one of something else not fail on a busy machine: a
	// longer one is also how long a trigger_id opens a view. It is measured on the wall clock.
	AckTimeout time.Duration

	// RetryDelays replace Slack's (at once, after a minute, after five), so that a test
	// on the wall clock need not take minutes.
	RetryDelays []time.Duration

	// Events are the bot events that the app subscribes to, as named in a
	// manifest. Default: [DefaultEvents].
	Events []string

	// KeepNames delivers a mention in a command as "@rui" and a channel as
	// "#support", as Slack does for a command whose should_escape is false.
	// Default: as "<@U1|rui>" and "<#C1|support>".
	KeepNames bool
}

// Server is the fake. Make it with [New]; end it with Close.
type Server struct {
	config Config
	http   *httptest.Server
	appID  string

	mu       sync.Mutex // guards everything below and all teams, users, channels
	appURL   string
	teams    []*Team
	tokens   map[string]*token
	codes    map[string]*oauthCode
	triggers map[string]*trigger
	hooks    map[string]*hook
	serial   map[string]int
	lastTS   int64 // microseconds
	calls    []Call
	faults   []*fault
	rates    rates
	changed  chan struct{} // closed and replaced at every call and delivery
	edits    time.Duration // see SetEditWindow

	delivery delivery
	sockets  sockets
	queue    queue
}

// New starts a fake on a loopback port. The caller ends it with Close.
func New(config Config) *Server {
	if config.Clock == nil {
		config.Clock = wallClock{}
	}
	if config.SigningTime == nil {
		config.SigningTime = config.Clock.Now
	}
	config.SigningSecret = orDefault(config.SigningSecret, "fake-signing-secret")
	config.AppToken = orDefault(config.AppToken, "xapp-1-fake")
	config.ClientID = orDefault(config.ClientID, "111.222")
	config.ClientSecret = orDefault(config.ClientSecret, "fake-client-secret")
	if config.AckTimeout == 0 {
		config.AckTimeout = AckTimeout
	}
	if config.RetryDelays == nil {
		config.RetryDelays = retryDelays
	}
	if config.Events == nil {
		config.Events = DefaultEvents
	}
	s := &Server{
		config:   config,
		appID:    "A0HEED0001",
		tokens:   map[string]*token{},
		codes:    map[string]*oauthCode{},
		triggers: map[string]*trigger{},
		hooks:    map[string]*hook{},
		serial:   map[string]int{},
	}
	s.tokens[config.AppToken] = &token{kind: appLevel, scopes: []string{"connections:write"}}
	s.queue.start()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("POST /hooks/{hook}", s.serveHook)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	mux.HandleFunc("GET /link/", s.serveSocket)
	s.http = httptest.NewServer(mux)
	return s
}

func orDefault(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}

// Close ends the server, its sockets and what it delivers in the background.
func (s *Server) Close() {
	s.DisconnectSockets("") // so that nothing waits for an acknowledgement
	s.queue.stop()
	s.DisconnectSockets("")
	s.http.CloseClientConnections()
	s.http.Close()
}

// APIURL is the base of the Web API, "http://127.0.0.1:port/api/", in the form
// that SLACK_API_URL takes.
func (s *Server) APIURL() string { return s.http.URL + "/api/" }

// AuthorizeURL is where a person is sent to install the app by OAuth. The fake
// agrees at once and redirects back with a code; a query parameter "team" names
// the workspace by id, else the first one is meant.
func (s *Server) AuthorizeURL() string { return s.http.URL + "/oauth/v2/authorize" }

// SigningSecret is what the app checks signatures with.
func (s *Server) SigningSecret() string { return s.config.SigningSecret }

// AppToken is the app-level token that opens Socket Mode.
func (s *Server) AppToken() string { return s.config.AppToken }

// ClientID and ClientSecret are the app's for OAuth.
func (s *Server) ClientID() string { return s.config.ClientID }

// ClientSecret is the secret that goes with [Server.ClientID].
func (s *Server) ClientSecret() string { return s.config.ClientSecret }

// AppID is the app's id, api_app_id on the wire.
func (s *Server) AppID() string { return s.appID }

// DeliverTo sends events, commands and interactions to the app over HTTP:
// baseURL + "/slack/events", "/slack/commands", "/slack/interactions". An empty
// baseURL (the start) means Socket Mode.
func (s *Server) DeliverTo(baseURL string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appURL = strings.TrimSuffix(baseURL, "/")
}

// SetEditWindow sets how long after its posting a message may be edited; zero,
// the start, means for ever. Later edits are refused with edit_window_closed.
func (s *Server) SetEditWindow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.edits = d
}

// Now is the fake's time.
func (s *Server) Now() time.Time { return s.config.Clock.Now() }

// id returns a fresh id such as "U0000000001". Called with mu held.
func (s *Server) id(prefix string) string {
	s.serial[prefix]++
	return fmt.Sprintf("%s%010d", prefix, s.serial[prefix])
}

// nextTS returns a timestamp that is later than every one before, in all
// channels. Called with mu held.
func (s *Server) nextTS() string {
	now := s.Now().UnixMicro()
	if now <= s.lastTS {
		now = s.lastTS + 1
	}
	s.lastTS = now
	return formatTS(now)
}

func formatTS(micro int64) string {
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}
