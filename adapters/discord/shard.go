package discord

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"heed/bot"
)

const (
	// A shard has one owner: two would hear everything twice. Its lease ends ten seconds
	// after its owner was last heard of, and the next one looks every second.
	leaseFor   = 10 * time.Second
	leaseBeat  = 3 * time.Second
	leaseLook  = time.Second
	leaseAsk   = 3 * time.Second // one question to the database
	longEnough = 30 * time.Second
)

// shard listens to one shard while it owns it.
type shard struct {
	a      *Adapter
	which  bot.Shard
	holder string
	fixed  bool // the number of shards is the operator's, not Discord's
	again  func()
	log    *slog.Logger

	session session        // of the gateway, to be resumed; only the listening goroutine's
	how     wireGatewayBot // as Discord said last; only the listening goroutine's

	mu    sync.Mutex
	live  bool      // the gateway delivers, and what was missed before is noted
	heard time.Time // until then everything was heard; zero: never
	said  string    // the trouble that was told last
}

// run owns the shard whenever it can, and listens while it does, until ctx ends.
func (s *shard) run(ctx context.Context) {
	s.hears(false)
	defer func() { s.a.ear.Drop(s.part(), time.Now()) }()
	for ctx.Err() == nil {
		if !s.acquire(ctx) {
			return
		}
		owning, lose := context.WithCancel(ctx)
		var beating sync.WaitGroup
		beating.Go(func() { s.keep(owning, lose) })
		s.listen(owning)
		lose()
		beating.Wait()
		s.session = session{} // who takes over hears what this one could resume
		s.leave()
	}
}

// hears notes whether anybody listens to the shard.
func (s *shard) hears(yes bool) { s.a.ear.Set(s.part(), yes, time.Now()) }

func (s *shard) part() string { return strconv.Itoa(s.which.Index) + "/" + strconv.Itoa(s.which.Of) }

// acquire waits until the shard is this process's; false when ctx ends before.
func (s *shard) acquire(ctx context.Context) bool {
	waiting := false
	for failures := 0; ctx.Err() == nil; {
		asking, cancel := context.WithTimeout(ctx, leaseAsk)
		mine, heard, err := s.a.options.Shards.HoldShard(asking, s.which, s.holder, leaseFor, time.Time{})
		if err == nil && mine && heard.IsZero() { // nobody ever listened: what happens from now on counts
			heard = s.a.arrival.next()
			mine, _, err = s.a.options.Shards.HoldShard(asking, s.which, s.holder, leaseFor, heard)
		}
		cancel()
		wait := leaseLook
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil:
			s.log.WarnContext(ctx, "shard not asked for", "tries", failures+1)
			wait = backoff(failures)
			failures++
		case mine:
			s.log.InfoContext(ctx, "this process listens", "took_over", waiting)
			s.hears(false)
			s.mu.Lock()
			s.live, s.said = false, "?"
			if heard.After(s.heard) {
				s.heard = heard
			}
			s.mu.Unlock()
			return true
		case !waiting:
			s.log.InfoContext(ctx, "another process listens; waiting for its turn to end")
			s.hears(true)
			waiting = true
		}
		if pause(ctx, wait) != nil {
			return false
		}
	}
	return false
}

// keep renews the lease until ctx ends, and loses it when another has it. While the
// database does not answer nobody can take over, and who asks Heed something shall be
// told so: the shard is kept.
func (s *shard) keep(ctx context.Context, lose func()) {
	for failures := 0; pause(ctx, leaseBeat) == nil; {
		asking, cancel := context.WithTimeout(ctx, leaseAsk)
		mine, _, err := s.a.options.Shards.HoldShard(asking, s.which, s.holder, leaseFor, s.heardUntil())
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if failures++; failures%20 == 1 {
				s.log.WarnContext(ctx, "lease not renewed", "tries", failures)
			}
		case !mine:
			s.log.WarnContext(ctx, "another process has taken over; this one closes")
			lose()
			return
		default:
			failures = 0
		}
	}
}

// leave keeps until when everything was heard, and gives the shard back.
func (s *shard) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), leaseAsk)
	defer cancel()
	mine, _, err := s.a.options.Shards.HoldShard(ctx, s.which, s.holder, leaseFor, s.heardUntil())
	if err == nil && mine {
		err = s.a.options.Shards.LeaveShard(ctx, s.which, s.holder)
	}
	if err != nil {
		s.log.WarnContext(ctx, "shard not given back; it is free in a moment")
	}
}

// heardUntil is until when everything was heard and kept; zero: never.
func (s *shard) heardUntil() time.Time {
	s.mu.Lock()
	heard := s.heard
	s.mu.Unlock()
	if oldest := s.a.queue.oldest(); !oldest.IsZero() && oldest.Before(heard) {
		return oldest
	}
	return heard
}

// hear notes that the gateway gave a sign of life.
func (s *shard) hear(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live && at.After(s.heard) {
		s.heard = at
	}
}

// listen keeps a connection open until ctx ends.
func (s *shard) listen(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; {
		began := time.Now()
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return
		}
		var end *closing
		if !errors.As(err, &end) {
			end = &closing{reason: "no_socket"}
		}
		if end.fatal != "" {
			s.trouble(end.fatal)
			if end.reshard && !s.fixed {
				_ = pause(ctx, connectLast)
				s.again()
				return
			}
			<-ctx.Done()
			return
		}
		if end.anew {
			s.session = session{}
		}
		if time.Since(began) >= longEnough || end.asked {
			failures = 0
		} else {
			failures++
		}
		wait := max(end.wait, rand.N(connectFirst/4)) // not all bots in the same instant
		if failures > 0 {
			wait = max(wait, backoff(failures-1))
		}
		s.log.InfoContext(ctx, "gateway closed", "reason", end.reason, "resumable", !end.anew && s.session.ID != "", "tries", failures, "wait", wait)
		if pause(ctx, wait) != nil {
			return
		}
	}
}

// The bounds within which a session may begin. Discord resets the token of a bot that
// begins 1,000 in a day (more for the largest): 50 of them are left alone, and a bot
// that starts over and over spends at most a tenth in an hour.
// https://docs.discord.com/developers/events/gateway#rate-limiting
const (
	sessionsADay  = 1000
	sessionsKept  = 50
	sessionsApart = 5 * time.Second
)

// mayIdentify counts a session that is about to begin. Its error is a *closing with how
// long to wait first.
func (s *shard) mayIdentify(ctx context.Context) error {
	limit := s.how.Limit
	total := limit.Total
	if total <= 0 {
		total = sessionsADay
	}
	kept := min(sessionsKept, total/20)
	if limit.Total > 0 && limit.Remaining <= kept {
		return s.spent(max(time.Duration(limit.ResetAfter)*time.Millisecond, time.Minute))
	}
	bounds := bot.IdentifyBounds{
		Day: total - 2*kept, Hour: max(total/10, 2*s.which.Of), Apart: sessionsApart, Bucket: s.which.Index % max(limit.Concurrency, 1),
	}
	asking, cancel := context.WithTimeout(ctx, leaseAsk)
	defer cancel()
	wait, err := s.a.options.Shards.TakeIdentify(asking, s.which.App, bounds)
	switch {
	case err != nil:
		return &closing{reason: "sessions_not_counted", wait: connectFirst}
	case wait <= 0:
		return nil
	case wait > 2*sessionsApart:
		return s.spent(wait)
	}
	return &closing{reason: "another_session_begins", wait: wait + rand.N(connectFirst), asked: true}
}

// spent says that no session may begin for so long.
func (s *shard) spent(wait time.Duration) error {
	s.trouble(spentSessions(wait))
	return &closing{reason: "sessions_spent", wait: min(wait, time.Hour)}
}

// trouble tells once why the shard does not listen; "" that it does.
func (s *shard) trouble(what string) {
	s.mu.Lock()
	known := s.said == what
	s.said = what
	s.mu.Unlock()
	if known {
		return
	}
	if what != "" {
		s.log.Error("not listening to Discord", "why", what)
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseAsk)
	defer cancel()
	if err := s.a.options.Shards.ShardTrouble(ctx, s.which, what); err != nil {
		s.log.WarnContext(ctx, "trouble not kept for the doctor")
		s.mu.Lock()
		s.said = "?" // told again next time
		s.mu.Unlock()
	}
}
