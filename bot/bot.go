package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Bot is the product's use cases over one Store. Safe for concurrent use.
type Bot struct {
	store      Store
	clock      Clock
	log        *slog.Logger
	options    Options
	messengers map[Platform]Messenger
	routes     routes
	wake       waker
	lane       castLane
	haste      *haste
	asked      asked
	desks      chan struct{} // sends that are at work in the database
	untold     sync.Map      // WorkspaceRef: the platform does not say who people are there
	untagged   sync.Map      // ChannelAt: until when no tag is tried in a forum that refused one
	heard      sync.Map      // WorkspaceRef: when something came from there last, not kept yet
}

// Options are what the program decides for all boards. A zero field takes the default.
type Options struct {
	Undo           time.Duration  // how long outward messages wait; default 5 m
	RequestsPerDay int            // new requests a member a day in a community audience; default 5
	RequestGap     time.Duration  // between two of them; default 30 s
	PublicURL      string         // how the world reaches Heed; "" when it can't
	SecretKey      []byte         // seals tokens and hidden texts
	HashKey        []byte         // hashes the accounts of the forgotten, and link codes; default SecretKey
	Jitter         func() float64 // in [0, 1), spreads retries; default random. Safe for concurrent use
	Meter          Meter          // is told figures; default NoMeter
	HistoryDays    int            // how long decisions and digests are kept; default three years
	Patience       time.Duration  // how long an answer waits for what may take long; default 1.5 s, as platforms give three
}

// New makes a Bot. Messengers are the platforms that this process can send to.
func New(store Store, clock Clock, log *slog.Logger, messengers map[Platform]Messenger, options Options) *Bot {
	if options.Undo == 0 {
		options.Undo = 5 * time.Minute
	}
	if options.RequestsPerDay == 0 {
		options.RequestsPerDay = 5
	}
	if options.RequestGap == 0 {
		options.RequestGap = 30 * time.Second
	}
	if options.HashKey == nil {
		options.HashKey = options.SecretKey
	}
	if options.Patience == 0 {
		options.Patience = 1500 * time.Millisecond
	}
	if options.HistoryDays == 0 {
		options.HistoryDays = historyDays
	}
	if options.Meter == nil {
		options.Meter = NoMeter{}
	}
	b := &Bot{clock: clock, log: log, options: options, messengers: messengers, haste: newHaste(clock), desks: make(chan struct{}, dispatchDesks)}
	b.store = standingStore{store, b.takeAct}
	b.asked.buckets = buckets{most: lookupMost, pace: lookupPace}
	b.lane.cast = func(ctx context.Context, ballots []Ballot) ([]Cast, error) {
		options.Meter.Grouped(len(ballots))
		casts, err := store.CastVotes(WithEvent(ctx, ""), clock.Now(), ballots) // whoever came first began the lane: their event is not the others'
		if err == nil {
			b.sayVotes(ctx, ballots, casts)
		}
		return casts, err
	}
	b.routes = b.allRoutes()
	return b
}

// Wake tells the loops of this process that something is due. It never blocks.
func (b *Bot) Wake() { b.wake.ring() }
