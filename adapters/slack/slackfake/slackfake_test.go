package slackfake_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

// world is a fake with one workspace, three people and two channels, and
// slack-go as the app's client.
type world struct {
	*slackfake.Server
	team           *slackfake.Team
	rui, ana, zoe  *slackfake.User
	support, quiet *slackfake.Channel // the app is in support, not in quiet
	api            *slack.Client
	clock          *slackfake.ManualClock
}

func newWorld(t *testing.T, config slackfake.Config) *world {
	t.Helper()
	w := &world{clock: slackfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	if config.Clock == nil {
		config.Clock = w.clock
	}
	config.SigningTime = time.Now // slack-go's verifier reads the wall clock
	w.Server = slackfake.New(config)
	t.Cleanup(w.Close)
	w.team = w.AddTeam("acme")
	w.team.Install()
	w.rui, w.ana = w.team.AddUser("rui"), w.team.AddUser("ana")
	w.zoe = w.team.AddUser("zoe").WithRole(slackfake.Admin)
	w.support = w.team.AddChannel("support", w.rui, w.ana, w.team.Bot())
	w.quiet = w.team.AddChannel("quiet", w.rui)
	w.api = w.client(w.team.Token())
	return w
}

func (w *world) client(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(w.APIURL()), slack.OptionAppLevelToken(w.AppToken()))
}

// app is the app's HTTP side: it checks signatures with slack-go and answers
// what answer says, 200 and nothing when that is nil.
type app struct {
	mu     sync.Mutex
	seen   []request
	answer func(request) (int, string)
}

type request struct {
	path   string
	header http.Header
	body   string
}

func (w *world) listen(t *testing.T, answer func(request) (int, string)) *app {
	t.Helper()
	a := &app{answer: answer}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		verifier, err := slack.NewSecretsVerifier(r.Header, w.SigningSecret())
		if err != nil {
			t.Errorf("signature: %v", err)
			return
		}
		raw, _ := io.ReadAll(io.TeeReader(r.Body, &verifier))
		if err := verifier.Ensure(); err != nil {
			t.Errorf("signature: %v", err)
		}
		got := request{path: r.URL.Path, header: r.Header.Clone(), body: string(raw)}
		a.mu.Lock()
		a.seen = append(a.seen, got)
		answer := a.answer
		a.mu.Unlock()
		if answer == nil {
			return
		}
		status, body := answer(got)
		if strings.HasPrefix(body, "{") {
			rw.Header().Set("Content-Type", "application/json")
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
	}))
	t.Cleanup(server.Close)
	w.DeliverTo(server.URL)
	return a
}

func (a *app) requests() []request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]request(nil), a.seen...)
}

// events are the bodies of what came to /slack/events.
func (a *app) events() []string {
	var out []string
	for _, r := range a.requests() {
		if r.path == "/slack/events" {
			out = append(out, r.body)
		}
	}
	return out
}

// wantError checks Slack's code in what slack-go returned.
func wantError(t *testing.T, err error, code string) {
	t.Helper()
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
