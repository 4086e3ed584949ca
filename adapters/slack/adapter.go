package slack

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// DefaultAPIURL is where Slack's Web API is, for all but GovSlack.
const DefaultAPIURL = slack.APIURL

// Core is what this adapter asks of the product; *bot.Bot is it. Every method
// commits before it returns; an error means that nothing was kept, and the reply
// beside it is fit to show all the same.
type Core interface {
	Command(ctx context.Context, c bot.Call, name, text string) (bot.Reply, error)
	Say(ctx context.Context, c bot.Call, words string, heard bot.Heard) (bot.Reply, error)
	Save(ctx context.Context, c bot.Call, heard bot.Heard) (bot.Reply, error)
	Give(ctx context.Context, c bot.Call) (bot.Reply, error)
	Press(ctx context.Context, c bot.Call, a bot.Action) (bot.Reply, error)
	Submit(ctx context.Context, c bot.Call, s bot.Submission) (bot.Reply, error)
	Home(ctx context.Context, c bot.Call) (bot.Home, error)
	React(ctx context.Context, ballots []bot.Ballot) error

	Attach(ctx context.Context, w bot.Workspace) (bot.Workspace, error)
	WorkspaceGone(ctx context.Context, w bot.WorkspaceRef) error
	ChannelChanged(ctx context.Context, w bot.WorkspaceRef, c bot.ChannelChange) error
	MemberChanged(ctx context.Context, w bot.WorkspaceRef, m bot.MemberSeen) error
	MessageGone(ctx context.Context, w bot.WorkspaceRef, channel, message string) error
	Gap(ctx context.Context, w bot.WorkspaceRef, since time.Time) error
}

// Options say which Slack app this is. A zero field takes the default, or leaves
// the part that needs it switched off.
type Options struct {
	APIURL        string       // default DefaultAPIURL
	Tokens        Tokens       // bot tokens by workspace
	SigningSecret string       // of requests over HTTP; without it they are all refused
	AppToken      string       // Socket Mode instead of HTTP: the HTTP routes answer 404
	OAuth         OAuth        // installing by OAuth, off without a client id
	HTTP          *http.Client // default one with a timeout of 10 s
	Clock         bot.Clock    // default the machine's
	Log           *slog.Logger // default none
	Meter         bot.Meter    // default none
	// Patience is how long the core may take of an act. Default: what Slack's three seconds
	// leave for it.
	Patience time.Duration
}

func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = DefaultAPIURL
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	if o.Tokens == nil {
		o.Tokens = OneToken("")
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{
			Timeout:       10 * time.Second,
			Transport:     transport(),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a token goes nowhere else
		}
	}
	if o.Clock == nil {
		o.Clock = bot.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = bot.NoMeter{}
	}
	if o.Patience == 0 {
		o.Patience = corePatience
	}
	return o
}

// transport keeps as many connections as sends go on at a time: the standard one keeps two
// a host, so that busy moments would make new ones, with their handshakes, all the time.
func transport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := standard.Clone()
	t.MaxIdleConnsPerHost = keptConnections
	return t
}

const keptConnections = 64

// Adapter hears Slack for Heed. Safe for concurrent use.
type Adapter struct {
	options   Options
	core      Core
	messenger *Messenger
	log       *slog.Logger

	mu   sync.Mutex
	bots map[bot.WorkspaceRef]string // Heed's own account, once known

	ear     bot.Ear       // the socket; unused over HTTP
	replies *bot.UnderWay // what is asked, and what is sent after an acknowledgement
	crowd   *crowd
	large   chan struct{} // large requests being read
}

// New makes an Adapter that asks core and answers through m.
func New(o Options, m *Messenger, core Core) *Adapter {
	o = o.withDefaults()
	log := o.Log.With("platform", string(bot.Slack))
	return &Adapter{options: o, core: core, messenger: m, log: log, bots: map[bot.WorkspaceRef]string{}, replies: bot.NewUnderWay(o.Log), crowd: newCrowd(log), large: make(chan struct{}, largeBodies)}
}

// Attach makes the workspace of a single token known to the core, with what the
// token may do. Its error is a *bot.Fault where Slack refused the token.
func (a *Adapter) Attach(ctx context.Context) (bot.Workspace, error) {
	api, err := a.messenger.client(ctx, bot.WorkspaceRef{Platform: bot.Slack})
	if err != nil {
		return bot.Workspace{}, err
	}
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return bot.Workspace{}, faultOf("auth.test", err)
	}
	w, err := a.core.Attach(ctx, bot.Workspace{
		Ref:        bot.WorkspaceRef{Platform: bot.Slack, Ref: who.TeamID},
		Name:       who.Team,
		BotAccount: who.UserID,
		Scopes:     splitScopes(who.Header.Get("X-Oauth-Scopes")),
	})
	if err != nil {
		return bot.Workspace{}, fmt.Errorf("attach workspace: %w", err)
	}
	a.knowBot(w.Ref, who.UserID)
	return w, nil
}

// splitScopes reads a list of scopes as Slack writes it.
func splitScopes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// Hearing tells whether Slack's socket is open, whether it ever was, and since when not.
// Over HTTP there is none: then it always hears.
func (a *Adapter) Hearing() (now, ever bool, deaf time.Time) {
	if a.options.AppToken == "" {
		return true, true, time.Time{}
	}
	return a.ear.Hearing()
}

// Wait returns when everything that follows from what was acknowledged is sent.
func (a *Adapter) Wait() { a.replies.Wait() }

// later runs f after the acknowledgement, bounded in time, and within Wait. Its context
// goes on when ctx ends, and serves the same event.
func (a *Adapter) later(ctx context.Context, f func(context.Context)) { a.laterOf(ctx, sendsAtOnce, f) }

// laterOf is later, unless so many are under way: then f is left out, and the log says so.
func (a *Adapter) laterOf(ctx context.Context, most int, f func(context.Context)) {
	if !a.crowd.send(most) {
		a.crowd.unsent()
		return
	}
	a.replies.Go(func() {
		defer a.crowd.sent()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), replyPatience)
		defer cancel()
		f(ctx)
	})
}

// finish acknowledges, and then sends what follows. Wait counts what follows from
// before the acknowledgement on.
func (a *Adapter) finish(ctx context.Context, out answer, ack func()) {
	if out.then == nil {
		ack()
		if out.body != nil {
			a.log.InfoContext(ctx, "answered")
		}
		return
	}
	acked := make(chan struct{})
	most := sendsAtOnce
	if out.sorry {
		most = apologiesAtOnce
	}
	a.laterOf(ctx, most, func(ctx context.Context) {
		<-acked
		out.then(ctx)
		a.log.InfoContext(ctx, "answered")
	})
	defer close(acked)
	ack()
}

func (a *Adapter) knowBot(w bot.WorkspaceRef, account string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bots[w] = account
}

// botAccount is Heed's own account in a workspace: asked for once, "" while Slack
// does not say.
func (a *Adapter) botAccount(ctx context.Context, w bot.WorkspaceRef) string {
	a.mu.Lock()
	known := a.bots[w]
	a.mu.Unlock()
	if known != "" {
		return known
	}
	api, err := a.messenger.client(ctx, w)
	if err != nil {
		return ""
	}
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return ""
	}
	a.knowBot(w, who.UserID)
	return who.UserID
}
