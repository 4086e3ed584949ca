package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // the zones as this program knows them, whatever the machine has

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/cmd/internal/scorecard"
	"heed/store"
)

// year is a year of digests, told to channels in zones that change their clocks at odd
// hours, by two replicas whose clocks are wrong and jump, and which end amid their work.
// Time goes from one moment at which something may happen to the next; the rest of the year
// is passed over.
type year struct {
	db       *sqlx.DB
	store    *store.Store
	board    bot.BoardID
	space    bot.WorkspaceID
	sheet    *sheet
	plans    []*plannedDigest
	replicas [2]*wanderer
	random   *rand.Rand
	voters   int
	jumps    int
	ends     int
	around   int // how many minutes before and after a change of the clock are looked at
}

// plannedDigest is one channel's digest, and when it is due by the oracle.
type plannedDigest struct {
	channel    string
	spec, zone string
	wall       wallTime
	due        []time.Time
	schedule   bot.ScheduleID
}

// allPlans are the digests of the long form: at hours that spring skips and autumn shows
// twice, where those are.
func allPlans() []*plannedDigest {
	var out []*plannedDigest
	for zone, walls := range map[string][]wallTime{
		"America/New_York":    {daily(2, 30), weekly(time.Sunday, 1, 30), weekly(time.Monday, 9, 0)},
		"America/Santiago":    {daily(0, 0), weekly(time.Saturday, 23, 30), weekly(time.Sunday, 0, 15)},
		"Africa/Cairo":        {daily(0, 0), weekly(time.Thursday, 23, 15), weekly(time.Friday, 0, 30)},
		"Australia/Lord_Howe": {daily(2, 15), weekly(time.Sunday, 1, 45), weekly(time.Sunday, 2, 0)},
	} {
		for _, wall := range walls {
			out = append(out, &plannedDigest{zone: zone, wall: wall, spec: wall.spec()})
		}
	}
	slices.SortFunc(out, func(a, b *plannedDigest) int {
		return slices.Compare([]byte(a.zone+a.spec), []byte(b.zone+b.spec))
	})
	for i, p := range out {
		p.channel = fmt.Sprint("C", 10+i)
	}
	return out
}

// wanderer is one replica with its own idea of the time.
type wanderer struct {
	bot   *bot.Bot
	clock *wrongClock
}

// wrongClock is off from the true time. Safe for concurrent use.
type wrongClock struct {
	bot.SystemClock
	mu   sync.Mutex
	true time.Time
	off  time.Duration
}

func (c *wrongClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.true.Add(c.off)
}

// Wait never waits: time passes only between steps.
func (c *wrongClock) Wait(ctx context.Context, _ time.Time) error { return ctx.Err() }

func (c *wrongClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.true = t
}

func (c *wrongClock) wander(off time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = off
}

// newYear makes the board of a year that begins at start, on an empty database of
// Heed's schema.
func newYear(ctx context.Context, db *sqlx.DB, start, end time.Time, plans []*plannedDigest) (*year, error) {
	y := &year{
		db: db, store: store.New(db), sheet: newSheet(), plans: plans, around: 75,
		random: rand.New(rand.NewPCG(7, 2027)), // #nosec G404 -- the same year each time, not a secret
	}
	for i := range y.replicas {
		y.replicas[i] = &wanderer{clock: &wrongClock{true: start}}
		y.replicas[i].bot = y.process(y.replicas[i].clock)
	}
	w, err := y.replicas[0].bot.Attach(ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T1"}, Name: "Acme", BotAccount: "B1"})
	if err != nil {
		return nil, err
	}
	y.board, y.space = w.Board, w.ID
	if _, _, err := y.store.AddItem(ctx, bot.Item{
		Board: y.board, Title: "Dark mode", Body: "My eyes hurt after nine.", Status: bot.StatusNew, Audience: bot.Team, CreatedAt: start, StatusAt: start,
	}, "year"); err != nil {
		return nil, err
	}
	for _, p := range plans {
		if p.due, err = p.wall.instants(p.zone, start, end); err != nil {
			return nil, err
		}
		ch, err := y.store.MeetChannel(ctx, y.board, y.space, bot.ChannelSeen{Ref: p.channel, Name: "digest-" + p.channel, Kind: bot.PublicChannel}, bot.Team)
		if err != nil {
			return nil, err
		}
		ch.Joined = true
		if err := y.store.SaveChannel(ctx, ch); err != nil {
			return nil, err
		}
		times, err := bot.ParseSchedule(p.spec, p.zone)
		if err != nil {
			return nil, err
		}
		s, err := y.store.SaveSchedule(ctx, bot.ChannelSchedule{
			Board: y.board, Workspace: y.space, Channel: p.channel, Spec: times.Spec(), Zone: times.Zone(), NextAt: times.Next(start.Add(-time.Second)),
		}, start)
		if err != nil {
			return nil, err
		}
		p.schedule = s.ID
	}
	return y, nil
}

// process is Heed as a replica starts it.
func (y *year) process(clock bot.Clock) *bot.Bot {
	return bot.New(y.store, clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: y.sheet},
		bot.Options{Jitter: func() float64 { return 0 }, SecretKey: []byte("not a real key, for faults only.")})
}

// live lets the year pass: both replicas look at each moment, at the same time.
func (y *year) live(ctx context.Context, start, end time.Time) error {
	for n, at := range y.moments(start, end) {
		if n%7 == 0 {
			if err := y.vote(ctx, at); err != nil {
				return err
			}
		}
		y.wander(at, start, end)
		var both sync.WaitGroup
		errs := make([]error, len(y.replicas))
		made := make([]int, len(y.replicas))
		for i, r := range y.replicas {
			r.clock.set(at)
			breaks := y.random.IntN(40) == 0
			after := time.Duration(y.random.IntN(3000)) * time.Microsecond
			if breaks {
				y.ends++
			}
			both.Go(func() {
				if breaks { // the process ends amid its work, and another begins
					ending, cancel := context.WithTimeout(ctx, after)
					defer cancel()
					_, _ = r.bot.DigestsOnce(ending)
					made[i] = 1 // who knows
					r.bot = y.process(r.clock)
					return
				}
				made[i], errs[i] = r.bot.DigestsOnce(ctx)
			})
		}
		both.Wait()
		if err := errors.Join(errs...); err != nil {
			return fmt.Errorf("at %s: %w", at, err)
		}
		if slices.Max(made) == 0 && at.Before(end) {
			continue
		}
		for _, r := range y.replicas {
			if err := dispatched(ctx, r.bot); err != nil {
				return err
			}
		}
	}
	return nil
}

// wander has the replicas' clocks go wrong and right again. The first one is ahead by ten
// minutes in the first third of the year and behind in the second; the other jumps by
// minutes, hours and a day, both ways, for as long as a day. At the end both are right.
func (y *year) wander(at, start, end time.Time) {
	third := end.Sub(start) / 3
	switch passed := at.Sub(start); {
	case end.Sub(at) < 72*time.Hour:
		y.replicas[0].clock.wander(0)
		y.replicas[1].clock.wander(0)
		return
	case passed < third:
		y.replicas[0].clock.wander(10 * time.Minute)
	case passed < 2*third:
		y.replicas[0].clock.wander(-10 * time.Minute)
	default:
		y.replicas[0].clock.wander(0)
	}
	if y.random.IntN(25) == 0 {
		jumps := []time.Duration{0, 0, 3 * time.Minute, -3 * time.Minute, 2 * time.Hour, -2 * time.Hour, 24 * time.Hour, -24 * time.Hour}
		y.replicas[1].clock.wander(jumps[y.random.IntN(len(jumps))])
		y.jumps++
	}
}

// dispatched sends all that is due.
func dispatched(ctx context.Context, b *bot.Bot) error {
	for range 1000 {
		if n, err := b.DispatchOnce(ctx); n == 0 || err != nil {
			return err
		}
	}
	return errors.New("the dispatcher never comes to rest")
}

// vote gives the digests something to say.
func (y *year) vote(ctx context.Context, at time.Time) error {
	y.voters++
	_, err := y.store.CastVotes(ctx, at, []bot.Ballot{{
		Workspace: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T1"}, Account: fmt.Sprint("U", y.voters), Item: 1, Place: bot.PlaceButton, Act: bot.Support, At: at, Audience: bot.Team,
	}})
	return err
}

// dst is the year of the line.
func dst(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	db, end, err := yearDatabase(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	stop := start.AddDate(1, 0, 0)
	y, err := newYear(ctx, db, start, stop, allPlans())
	if err != nil {
		return nil, err
	}
	say("%d digests in four zones, two replicas, %d moments of 2027", len(y.plans), len(y.moments(start, stop)))
	if err := y.live(ctx, start, stop); err != nil {
		return nil, err
	}
	found, err := y.check(ctx)
	if err != nil {
		return nil, err
	}
	say("a clock jumped %d times, a replica ended amid its work %d times", y.jumps, y.ends)
	for i, f := range found.wrong {
		if i < 20 {
			say("%s", f)
		}
	}
	told := scorecard.Of("a year: digests told or empty", float64(found.told), "", scorecard.AtLeast, float64(found.due-y.jumps))
	told.Note = fmt.Sprintf("of %d due; the others were passed over as a clock jumped a day", found.due)
	return []scorecard.Figure{
		told,
		scorecard.Of("a year: periods without exactly one digest, or shown not exactly once", float64(len(found.wrong)), "", scorecard.AtMost, 0),
	}, nil
}

// yearDatabase is a Postgres of the line's own, with Heed's schema.
func yearDatabase(ctx context.Context) (db *sqlx.DB, end func(), err error) {
	w := &world{stop: func() {}, retried: make(chan struct{})}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.dir, w.remove, err = openFolder(); err != nil {
		return nil, nil, err
	}
	if w.server, err = newServer(ctx, w.dir); err != nil {
		return nil, nil, err
	}
	if db, err = store.Open(ctx, w.server.dsn()); err != nil {
		return nil, nil, err
	}
	if err = store.Migrate(ctx, db); err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return db, func() {
		_ = db.Close()
		_ = w.server.stop(syscall.SIGQUIT)
		w.close()
	}, nil
}
