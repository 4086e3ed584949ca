package discord

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"heed/bot"
)

// DefaultAPIURL is where Discord's API is.
// https://docs.discord.com/developers/reference#api-versioning
const DefaultAPIURL = "https://discord.com/api/v10/"

// Core is what this adapter asks of the product; *bot.Bot is it. Every method
// commits before it returns; an error means that nothing was kept, and the reply
// beside it is fit to show all the same.
type Core interface {
	CommandWith(ctx context.Context, c bot.Call, verb bot.Verb, values map[string]string) (bot.Reply, error)
	Suggest(ctx context.Context, c bot.Call, verb bot.Verb, option, typed string) []bot.Suggestion
	Say(ctx context.Context, c bot.Call, words string, heard bot.Heard) (bot.Reply, error)
	Save(ctx context.Context, c bot.Call, heard bot.Heard) (bot.Reply, error)
	Give(ctx context.Context, c bot.Call) (bot.Reply, error)
	Press(ctx context.Context, c bot.Call, a bot.Action) (bot.Reply, error)
	Submit(ctx context.Context, c bot.Call, s bot.Submission) (bot.Reply, error)
	KeepPicture(ctx context.Context, c bot.Call, p bot.Picture) error
	CardNow(ctx context.Context, w bot.WorkspaceRef, channel, message string) (bot.Card, int64, bool, error)
	CardShown(ctx context.Context, w bot.WorkspaceRef, channel, message string, version int64) error
	KeepDraft(ctx context.Context, d bot.Draft) error
	DraftOf(ctx context.Context, p bot.Platform, account, key string) (bot.Draft, bool, error)
	DropDraft(ctx context.Context, d bot.Draft) error
	HomeOf(ctx context.Context, p bot.Platform, account string) (bot.WorkspaceRef, bool, error)
	HomeOfMessage(ctx context.Context, p bot.Platform, channel, message string) (bot.WorkspaceRef, bool, error)
	React(ctx context.Context, ballots []bot.Ballot) error

	Attach(ctx context.Context, w bot.Workspace) (bot.Workspace, error)
	WorkspaceGone(ctx context.Context, w bot.WorkspaceRef) error
	ChannelChanged(ctx context.Context, w bot.WorkspaceRef, c bot.ChannelChange) error
	MemberChanged(ctx context.Context, w bot.WorkspaceRef, m bot.MemberSeen) error
	MessageGone(ctx context.Context, w bot.WorkspaceRef, channel, message string) error
	Gap(ctx context.Context, w bot.WorkspaceRef, since time.Time) error
	// TakesPosts tells whether posts that people begin in a channel are requests.
	TakesPosts(ctx context.Context, w bot.WorkspaceRef, channel string) (bool, error)
	// Posted takes one in; the same one again changes nothing.
	Posted(ctx context.Context, c bot.Call, p bot.ForumPost) error
	// ThreadChanged says whether a thread takes reactions, ThreadGone that it was deleted.
	ThreadChanged(ctx context.Context, w bot.WorkspaceRef, channel, thread string, paused bot.Paused) error
	ThreadGone(ctx context.Context, w bot.WorkspaceRef, channel, thread string) error
	// Cleared says that all reactions with these exact emoji were taken off a message, with
	// none named all there were.
	Cleared(ctx context.Context, w bot.WorkspaceRef, channel, message string, emoji []string, at time.Time) error
	// Remaining says which workspaces Heed is in, of those that ours tells true of.
	Remaining(ctx context.Context, p bot.Platform, refs []string, ours func(ref string) bool) error
	// Permitted says that what Heed may do in a workspace's channels may have changed.
	Permitted(ctx context.Context, w bot.WorkspaceRef) error
}

// Options say which Discord bot this is. A zero field takes the default, or leaves
// the part that needs it switched off.
type Options struct {
	APIURL string // default DefaultAPIURL; the gateway is the one that it names
	Token  string // the bot's, without "Bot " before it
	Shard  string // "i/n" runs that one shard; "" as many as Discord advises
	// Trying registers the commands in each guild instead of everywhere, so that what is
	// tried does not show in all that have the app.
	Trying bool
	Shards bot.GatewayStore // who listens, and how often sessions began; needed by Run
	HTTP   *http.Client     // default one with a timeout of 10 s
	Clock  bot.Clock        // default the machine's
	// ThreadRest is how long a thread has to stay as it is before it counts. Default 5 s.
	ThreadRest time.Duration
	// Patience is how long the core may take before an answer is deferred. Default: what
	// Discord's three seconds leave for it.
	Patience time.Duration
	Log      *slog.Logger // default none
	Meter    bot.Meter    // default none
}

func (o Options) withDefaults() Options {
	o.APIURL = apiURL(o.APIURL)
	if o.HTTP == nil {
		o.HTTP = &http.Client{
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a token goes nowhere else
		}
	}
	if o.Patience == 0 {
		o.Patience = usualPatience.first
	}
	if o.ThreadRest == 0 {
		o.ThreadRest = threadRest
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
	return o
}

// apiURL completes an address: a host alone, or one with "/api", gets the version of the
// API that Heed speaks.
func apiURL(s string) string {
	u, err := url.Parse(s)
	if s == "" || err != nil {
		return DefaultAPIURL
	}
	switch path := strings.TrimSuffix(u.Path, "/"); {
	case path == "":
		u.Path = "/api/v10/"
	case strings.HasSuffix(path, "/api"):
		u.Path = path + "/v10/"
	default:
		u.Path = path + "/"
	}
	return u.String()
}

// Adapter hears Discord for Heed. Safe for concurrent use.
type Adapter struct {
	options   Options
	core      Core
	messenger *Messenger
	log       *slog.Logger
	asks      *bot.UnderWay // what runs beside the gateway
	patience  patience
	presses   presses
	drafts    drafts
	kinds     kinds
	threads   threads
	ear       bot.Ear // a part for each shard that this process runs

	arrival arrival
	queue   *queue        // what was heard, for the core
	looks   *queue        // what has to be looked up at Discord
	slots   chan struct{} // for what runs beside the gateway
	door    *bot.Door     // for what people wait for
	shed    bot.Seldom    // turned away there

	mu     sync.Mutex
	own    identity
	placed int                  // guilds whose own commands were seen to
	away   map[string]time.Time // guilds in an outage, since when
	met    map[string]bool      // guilds that the core knows
	listed map[string]bool      // guilds that the session has named
	since  time.Time            // of the session that began last: what may have been missed before it
}

// identity is who Heed is on Discord, as READY says.
type identity struct {
	user        string // Heed's own account
	application string // whose commands and interactions these are
}

// New makes an Adapter that asks core and answers through m.
func New(o Options, m *Messenger, core Core) *Adapter {
	o = o.withDefaults()
	a := &Adapter{
		options: o, core: core, messenger: m, log: o.Log.With("platform", string(bot.Discord)),
		asks: bot.NewUnderWay(o.Log), patience: patience{o.Patience, usualPatience.late}, arrival: arrival{clock: o.Clock}, slots: make(chan struct{}, asideAtOnce), door: bot.NewDoor(actsAtOnce, actsPatience), away: map[string]time.Time{}, met: map[string]bool{}, listed: map[string]bool{},
	}
	gap := func(ctx context.Context, guild string, since time.Time) error {
		return core.Gap(ctx, guildRef(guild), since)
	}
	a.queue, a.looks = newQueue(a.log, queueWorkers, core.React, gap), newQueue(a.log, looksWorkers, core.React, gap)
	a.queue.meter = o.Meter
	return a
}

// Hearing tells whether all shards that this process runs are heard, here or by another
// replica, whether they ever were, and since when not.
func (a *Adapter) Hearing() (now, ever bool, deaf time.Time) { return a.ear.Hearing() }

// self is who Heed is; empty before the first READY.
func (a *Adapter) self() identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.own
}

func (a *Adapter) knowSelf(own identity) {
	a.mu.Lock()
	a.own = own
	a.mu.Unlock()
	a.messenger.knowSelf(own)
}
