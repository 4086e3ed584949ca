package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"heed/adapters/discord/discordfake"
	"heed/cmd/internal/scorecard"
)

const (
	discordFor       = 25 * time.Second
	discordHeals     = 2 * time.Minute
	discordKillEvery = 5 * time.Second // the gateway is another's after ten
)

// discord breaks what lies between Heed and Discord, while two replicas share the gateway.
// What stands in the chat is the truth: each reaction on a card is a vote, each request
// that Heed said to have saved is one item with one card.
func discord(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	return onDiscord(ctx, "Discord in trouble", say, func(ctx context.Context, g *guild) error {
		breaking, stop := context.WithTimeout(ctx, discordFor)
		defer stop()
		var all sync.WaitGroup
		all.Go(func() { g.refuse(breaking) })
		all.Go(func() { g.hangUp(breaking) })
		all.Wait()
		g.discord.ClearFaults()
		g.discord.RefuseGateway(false)
		say("Discord: %d faults were laid in the way of calls, the gateway ended %d times", g.refused, g.ended)
		return ctx.Err()
	})
}

// discordKilled is kill -9 of those who share a gateway, one after the other and together.
func discordKilled(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	return onDiscord(ctx, "kill -9, on Discord", say, func(ctx context.Context, g *guild) error {
		return killInTurn(ctx, g.replicas, discordKillEvery, say)
	})
}

// onDiscord has people use Heed on a Discord while something breaks it, and then waits
// until everything is as the chat has it.
func onDiscord(ctx context.Context, name string, say func(string, ...any), broken func(context.Context, *guild) error) ([]scorecard.Figure, error) {
	g, err := newGuild(ctx, guildPlan{Replicas: 2})
	if err != nil {
		return nil, err
	}
	defer g.close()
	if err := g.seed(ctx); err != nil {
		return nil, err
	}
	using, stop := context.WithCancel(ctx)
	defer stop()
	var hands sync.WaitGroup
	for i := range discordHands {
		hands.Go(func() { g.use(using, i) })
	}
	hands.Go(func() { g.due.keep(using, g.db) })
	err = broken(ctx, g)
	stop()
	hands.Wait()
	if err != nil {
		return nil, err
	}
	say("Discord: %d reactions came and went, %d requests were typed, %d digests were due", g.flips, len(g.asked), len(g.due.list()))
	return g.heals(ctx, name, say)
}

// heals waits until nothing differs between the chat and the database.
func (g *guild) heals(ctx context.Context, name string, say func(string, ...any)) ([]scorecard.Figure, error) {
	began := time.Now()
	var wrong []string
	var err error
	for {
		if wrong, err = g.wrong(ctx); err == nil && len(wrong) == 0 || time.Since(began) > discordHeals {
			break
		}
		if err := rest(ctx, 250*time.Millisecond); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	for i, w := range wrong {
		if i < 20 {
			say("Discord: %s", w)
		}
	}
	kept := scorecard.Of(name+": requests said to be saved", float64(g.saved()), "", scorecard.AtLeast, 1)
	kept.Note = fmt.Sprintf("of %d typed; %d digests", len(g.asked), len(g.discord.Messages(g.digests))-g.before)
	return []scorecard.Figure{
		kept,
		scorecard.Of(name+": votes, requests, cards and digests that are not as the chat has them", float64(len(wrong)), "", scorecard.AtMost, 0),
		scorecard.Of(name+": healed after", time.Since(began).Seconds(), "s", scorecard.AtMost, discordHeals.Seconds()),
	}, nil
}

// refuse has calls of Heed's go wrong, several a second.
func (g *guild) refuse(ctx context.Context) {
	routes := []string{
		"POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}", "PATCH /channels/{channel}/messages/{message}",
		"GET /channels/{channel}/messages/{message}/reactions/{emoji}", "GET /channels/{channel}/messages", "GET /gateway/bot", "GET /guilds/{guild}", "*",
	}
	wrongs := []discordfake.Fault{
		discordfake.RateLimited(discordfake.UserScope, time.Second), discordfake.RateLimited(discordfake.SharedScope, time.Second),
		discordfake.RateLimited(discordfake.GlobalScope, 500*time.Millisecond), discordfake.Broken(500), discordfake.Broken(502), discordfake.Broken(503),
		discordfake.Slow(2 * time.Second), discordfake.SlowAnswer(2 * time.Second), discordfake.CutBefore(), discordfake.CutAfter(), discordfake.CutAfter(), discordfake.Malformed(),
	}
	for rest(ctx, 100*time.Millisecond) == nil {
		g.discord.Fail(routes[g.dice(len(routes))], 1, wrongs[g.dice(len(wrongs))])
		g.refused++
	}
}

// hangUp ends the gateway in each of its ways.
func (g *guild) hangUp(ctx context.Context) {
	for i := 0; rest(ctx, 2500*time.Millisecond) == nil; i++ {
		switch i % 6 {
		case 0:
			g.discord.CutGateway()
		case 1:
			g.discord.Disconnect(true)
		case 2:
			g.discord.InvalidateSessions(false)
		case 3:
			g.discord.AskReconnect()
		case 4:
			g.discord.Disconnect(false)
		case 5:
			g.discord.RefuseGateway(true)
			g.discord.CutGateway()
			_ = rest(ctx, time.Second)
			g.discord.RefuseGateway(false)
		}
		g.ended++
	}
}
