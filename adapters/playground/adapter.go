// Package playground is a chat in the browser: the chat platform for people who have
// none at hand. It remembers channels, messages, threads, reactions and direct
// conversations as a platform would, and talks to the core as every chat adapter does.
//
// One person plays all personas, so it hands out the admin role to whoever opens it:
// it belongs on a loopback address.
package playground

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"heed/bot"
)

// Core is what the playground calls; *bot.Bot provides it. An error means that nothing
// was kept; the Reply beside it is shown all the same.
type Core interface {
	Attach(ctx context.Context, w bot.Workspace) (bot.Workspace, error)
	ChannelChanged(ctx context.Context, w bot.WorkspaceRef, c bot.ChannelChange) error
	MessageGone(ctx context.Context, w bot.WorkspaceRef, channel, message string) error
	Command(ctx context.Context, c bot.Call, name, text string) (bot.Reply, error)
	Say(ctx context.Context, c bot.Call, words string, heard bot.Heard) (bot.Reply, error)
	Save(ctx context.Context, c bot.Call, heard bot.Heard) (bot.Reply, error)
	Give(ctx context.Context, c bot.Call) (bot.Reply, error)
	Press(ctx context.Context, c bot.Call, a bot.Action) (bot.Reply, error)
	Submit(ctx context.Context, c bot.Call, s bot.Submission) (bot.Reply, error)
	Home(ctx context.Context, c bot.Call) (bot.Home, error)
	React(ctx context.Context, ballots []bot.Ballot) error
	Complete(ctx context.Context, c bot.Call, name, text string) []bot.Completion
}

// Clock tells the time that the chat shows and stamps acts with.
type Clock interface{ Now() time.Time }

// Mover is a clock that people may move on. Only a program without a real chat
// platform has one.
type Mover interface {
	Now() time.Time
	// Move sets the clock on by d and wakes whoever waits for it.
	Move(ctx context.Context, d time.Duration) error
}

// Restarter brings the playground back to how it was at first.
type Restarter interface {
	// StartOver wipes the board, starts the adapter again and fills both anew.
	StartOver(ctx context.Context) error
}

// Keeper keeps the chat across restarts. Channel and message are refs, doc is JSON.
type Keeper interface {
	// PlaygroundMessages tells each kept message in the order of their refs.
	PlaygroundMessages(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, each func(channel, message, doc string) error) error
	// KeepPlaygroundMessage writes a message, in place of the one of that ref.
	KeepPlaygroundMessage(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, message, doc string) error
	// DropPlaygroundMessage removes a message. One that is not there is no error.
	DropPlaygroundMessage(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel, message string) error
}

// Rows shows what the database holds.
type Rows interface {
	// LatestRows tells the newest rows that belong to a board, not before since,
	// newest first: the table's name, when, and its columns with their values as text.
	LatestRows(ctx context.Context, b bot.BoardID, since time.Time, each func(table string, at time.Time, columns, values []string) error) error
}

// Options are what the program decides. Only Clock and Log are required; what stands on
// a nil interface is not offered.
type Options struct {
	Workspace bot.WorkspaceRef // default playground:acme
	Name      string           // the company's name, default Acme
	URL       string           // where the page is, without a slash at the end, for permalinks
	Hosts     []string         // names, without port, that requests may ask for besides localhost
	Zone      string           // IANA, of the personas and of the clock; default Europe/Berlin
	Channels  []Channel        // default #support and #ideas for everyone, #product for the team
	Others    []Person         // accounts besides the personas: they speak and vote only through SayAs and ReactAs
	Guided    bool             // offer the guided first minute
	Clock     Clock
	Mover     Mover
	Keeper    Keeper
	Rows      Rows
	Restarter Restarter
	Log       *slog.Logger
	Meter     bot.Meter // default none
}

// Channel is a channel that the chat begins with. Guests see those of the community.
type Channel struct {
	Name     string
	Topic    string
	Audience bot.Audience
}

// acmeChannels are those of a company with customers.
func acmeChannels() []Channel {
	return []Channel{
		{"support", "Acme's customers and the people who help them", bot.Community},
		{"ideas", "What would make Acme better?", bot.Community},
		{"product", "The product team; customers can't look in here", bot.Team},
	}
}

// Adapter is the playground. It is the bot's Messenger before it has a core, so that
// the core can be made with it. Safe for concurrent use.
type Adapter struct {
	options Options
	zone    *time.Location
	people  []Person
	token   string // what a page must send with each act
	chat    *chat
	hub     *hub
	guide   *guide
	pages   *pages
	missed  *missed

	times *instants

	restarting sync.Mutex // held while everything starts over

	mu   sync.Mutex
	core Core
}

var (
	_ bot.Messenger    = (*Adapter)(nil)
	_ bot.Finder       = (*Adapter)(nil)
	_ bot.ChannelMaker = (*Adapter)(nil)
	_ bot.Pacer        = (*Adapter)(nil)
)

// New makes a playground. It answers requests once Start was called.
func New(o Options) (*Adapter, error) {
	if o.Workspace == (bot.WorkspaceRef{}) {
		o.Workspace = bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"}
	}
	if o.Name == "" {
		o.Name = "Acme"
	}
	if o.Zone == "" {
		o.Zone = "Europe/Berlin"
	}
	if o.Meter == nil {
		o.Meter = bot.NoMeter{}
	}
	if o.Channels == nil {
		o.Channels = acmeChannels()
	}
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, fmt.Errorf("the playground's zone: %w", err)
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		times: &instants{clock: o.Clock}, options: o, zone: zone, token: rand.Text(), hub: newHub(rand.Text()[:8]), guide: &guide{on: o.Guided}, pages: pages, missed: newMissed(),
		people: append(personas(o.Zone), o.Others...),
	}
	a.chat = newChat(o.Keeper, a.hub, o.Channels)
	return a, nil
}

// Start attaches the workspace, reads the kept chat and tells the core of the
// channels. Called again it forgets what it held and reads anew.
func (a *Adapter) Start(ctx context.Context, core Core) error {
	w, err := core.Attach(ctx, bot.Workspace{Ref: a.options.Workspace, Name: a.options.Name, BotAccount: heedAccount})
	if err != nil {
		return fmt.Errorf("attach the playground: %w", err)
	}
	if err := a.chat.load(ctx, w, a.people); err != nil {
		return fmt.Errorf("read the playground's chat: %w", err)
	}
	a.guide.restart()
	a.mu.Lock()
	a.core = core
	a.mu.Unlock()
	joined := true
	for _, c := range a.chat.rooms() {
		if c.Kind == bot.DirectChannel {
			continue
		}
		// Whoever plays here plays everyone, so nobody's words need to be kept from the others.
		change := bot.ChannelChange{Ref: c.Ref, Name: c.Name, Kind: c.Kind, Joined: &joined, Audience: c.Audience, Saving: bot.SavingEveryone}
		if err := core.ChannelChanged(ctx, a.options.Workspace, change); err != nil {
			return fmt.Errorf("tell of channel %s: %w", c.Ref, err)
		}
	}
	a.hub.publish(event{Name: eventReset})
	return nil
}

// started is the core, nil before Start.
func (a *Adapter) started() Core {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.core
}
