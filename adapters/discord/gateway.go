package discord

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"heed/bot"
)

// The gateway's loop is our own. The library's identifies by itself whenever a session
// is invalid, which nobody could count or hold back; it reads without a deadline and
// sleeps under a lock; and it knows neither the address to resume at nor a context.
// https://docs.discord.com/developers/events/gateway

// wireGatewayBot is how to connect, and how often that may be done.
// https://docs.discord.com/developers/events/gateway#get-gateway-bot
type wireGatewayBot struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Total       int   `json:"total"`
		Remaining   int   `json:"remaining"`
		ResetAfter  int64 `json:"reset_after"` // milliseconds
		Concurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// gateway asks how to connect. Where only the address is told, as without the count of
// sessions for bots, that is all that is known: one shard.
func (m *Messenger) gateway(ctx context.Context) (wireGatewayBot, error) {
	how, err := get[wireGatewayBot](ctx, m.rest, at(http.MethodGet, "gateway", "bot"))
	if bot.FaultOf(err).Reason == "http_404" {
		return get[wireGatewayBot](ctx, m.rest, at(http.MethodGet, "gateway"))
	}
	return how, err
}

// Attach asks who Heed is. Its error is a *bot.Fault of kind FaultRevoked where Discord
// does not take the token. Guilds are attached when the gateway names them.
func (a *Adapter) Attach(ctx context.Context) error {
	_, err := a.messenger.self(ctx)
	return err
}

// Run listens to Discord until ctx ends, then lets what was begun end and returns nil.
// What can't be mended by trying again (a bad token) is said once, in the log and by
// the doctor, and not tried again.
func (a *Adapter) Run(ctx context.Context) error {
	defer a.Wait()
	if a.options.Token == "" || a.options.Shards == nil {
		<-ctx.Done()
		return nil
	}
	holder := rand.Text()
	for ctx.Err() == nil {
		own, first, err := a.introduce(ctx)
		if err != nil {
			if bot.FaultOf(err).Kind == bot.FaultRevoked {
				a.log.ErrorContext(ctx, badToken)
				<-ctx.Done()
			}
			return nil
		}
		index, of := 0, max(first.Shards, 1)
		alone := false
		if a.options.Shard != "" {
			if index, of, alone = ParseShard(a.options.Shard); !alone {
				return fmt.Errorf("shard %q: want i/n", a.options.Shard)
			}
		}
		if !a.options.Trying {
			a.asks.Go(func() { a.keepRegistering(ctx) })
		}
		listening, again := context.WithCancel(ctx) // ends early when Discord wants another number of shards
		var all sync.WaitGroup
		for i := range of {
			if alone && i != index {
				continue
			}
			s := &shard{
				a: a, which: bot.Shard{App: own.user, Index: i, Of: of}, holder: holder, fixed: alone, again: again,
				log: a.log.With("shard", strconv.Itoa(i)+"/"+strconv.Itoa(of)),
			}
			all.Go(func() { s.run(listening) })
		}
		<-listening.Done()
		all.Wait()
		again()
	}
	a.threads.hurry()
	drain, cancel := context.WithTimeout(context.Background(), drainPatience)
	a.queue.drain(drain)
	cancel()
	a.looks.drain(drain) // the next start looks anew
	return nil
}

// keepRegistering tries until Discord knows Heed's commands.
func (a *Adapter) keepRegistering(ctx context.Context) {
	for tries := 0; ; tries++ {
		asking, cancel := context.WithTimeout(ctx, asidePatience)
		err := a.RegisterCommands(asking, "")
		cancel()
		fault := bot.FaultOf(err)
		if err == nil || ctx.Err() != nil || fault.Kind == bot.FaultRevoked {
			return
		}
		a.log.WarnContext(ctx, "commands not registered yet", "reason", fault.Reason, "tries", tries+1)
		if pause(ctx, max(fault.RetryAfter, backoff(tries))) != nil {
			return
		}
	}
}

// drainPatience is how long what waits gets to reach the core when Heed stops.
const drainPatience = 5 * time.Second

// ParseShard reads DISCORD_SHARD, "i/n": which part, counted from 0, of how many.
func ParseShard(s string) (index, of int, ok bool) {
	i, n, found := strings.Cut(s, "/")
	index, err1 := strconv.Atoi(i)
	of, err2 := strconv.Atoi(n)
	return index, of, found && err1 == nil && err2 == nil && index >= 0 && index < of
}

// introduce asks Discord who Heed is and how to connect, until it answers. Its error is
// of kind FaultRevoked, or ctx's.
func (a *Adapter) introduce(ctx context.Context) (identity, wireGatewayBot, error) {
	for tries := 0; ; tries++ {
		own, err := a.messenger.self(ctx)
		var how wireGatewayBot
		if err == nil {
			how, err = a.messenger.gateway(ctx)
		}
		if err == nil {
			return own, how, nil
		}
		fault := bot.FaultOf(err)
		if ctx.Err() != nil || fault.Kind == bot.FaultRevoked {
			return own, how, err
		}
		wait := max(fault.RetryAfter, backoff(tries))
		a.log.WarnContext(ctx, "discord does not answer yet", "reason", fault.Reason, "tries", tries+1, "wait", wait)
		if pause(ctx, wait) != nil {
			return own, how, ctx.Err()
		}
	}
}
