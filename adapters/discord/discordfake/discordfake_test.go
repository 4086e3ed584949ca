package discordfake_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

// world is a fake with one guild, three people and two channels, and discordgo as the
// app's client.
type world struct {
	*discordfake.Server
	t              *testing.T
	guild          *discordfake.Guild
	rui, mira, zoe *discordfake.User
	support, news  *discordfake.Channel
	api            *discordgo.Session
	clock          *discordfake.ManualClock
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, config discordfake.Config) *world {
	t.Helper()
	w := &world{t: t, clock: discordfake.NewManualClock(monday)}
	if config.Clock == nil {
		config.Clock = w.clock
	}
	w.Server = discordfake.New(config)
	t.Cleanup(w.Close)
	w.guild = w.AddGuild("acme")
	w.rui, w.mira, w.zoe = w.guild.AddUser("rui"), w.guild.AddUser("mira"), w.guild.AddUser("zoe")
	w.guild.AddRole("admin", discordfake.Administrator).Give(w.zoe)
	w.support, w.news = w.guild.AddChannel("support"), w.guild.AddChannel("news")
	w.api = w.client()
	return w
}

// rewrite sends what is meant for Discord to the fake.
type rewrite struct{ base *url.URL }

func (r rewrite) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host = r.base.Scheme, r.base.Host
	return http.DefaultTransport.RoundTrip(request)
}

func (w *world) client() *discordgo.Session {
	w.t.Helper()
	s, err := discordgo.New("Bot " + w.Token())
	must(w.t, err)
	base, err := url.Parse(w.APIURL())
	must(w.t, err)
	s.Client = &http.Client{Transport: rewrite{base}}
	s.ShouldRetryOnRateLimit, s.MaxRestRetries, s.SyncEvents, s.StateEnabled = false, 0, true, false
	s.LogLevel = -1
	return s
}

// open connects discordgo's gateway.
func (w *world) open(intents discordgo.Intent) {
	w.t.Helper()
	w.api.Identify.Intents = intents
	must(w.t, w.api.Open())
	w.t.Cleanup(func() { _ = w.api.Close() })
	w.wait(func() bool { return w.Connected() == 1 })
}

func (w *world) wait(done func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	if err := w.WaitFor(ctx, done); err != nil {
		w.t.Fatal(err)
	}
}

// answering has the app answer interactions with what answer says.
func (w *world) answering(answer func(*discordgo.Interaction) *discordgo.InteractionResponse) {
	w.api.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		if r := answer(i.Interaction); r != nil {
			if err := s.InteractionRespond(i.Interaction, r); err != nil {
				w.t.Errorf("callback: %v", err)
			}
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode checks Discord's code in what discordgo returned.
func wantCode(t *testing.T, err error, status, code int) {
	t.Helper()
	var refused *discordgo.RESTError
	if !errors.As(err, &refused) || refused.Response.StatusCode != status || code != 0 && (refused.Message == nil || refused.Message.Code != code) {
		t.Errorf("got error %v, want %d %d", err, status, code)
	}
}
