package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/adapters/discord/discordfake"
)

// aroundDiscord are Discord's own calls, and the statements that claim and settle what they
// show. All others are Slack's too, and are tried there, where a start takes less.
func aroundDiscord(label string) bool {
	method, rest, _ := strings.Cut(label, " ")
	return strings.HasPrefix(rest, "/") && method == strings.ToUpper(method) || strings.Contains(label, "lease_until = clock_timestamp()") || strings.Contains(label, "settle_post(")
}

// discordSteps kills at every step around what happens on a Discord.
func discordSteps(ctx context.Context, bin string, say func(string, ...any)) (out stepped, err error) {
	s := newStepper()
	s.only = aroundDiscord
	g, err := newGuild(ctx, guildPlan{Replicas: 1, Bin: bin, Through: func(to string) string { return s.through(ctx, to) }})
	if err != nil {
		return out, errors.Join(err, s.failed)
	}
	defer g.close()
	if err := g.seed(ctx); err != nil {
		return out, err
	}
	s.at, s.r = g, g.replicas[0]
	return s.whole(ctx, g.deeds(), say)
}

// deeds are what makes Heed create a card, edit it, and send a digest.
func (g *guild) deeds() []deed {
	turn := 0
	who := func() *discordfake.User {
		turn++
		return g.members[discordCards+turn%(discordMembers-discordCards)]
	}
	return []deed{
		{name: "a reaction on Discord", do: func() error {
			u, card := who(), turn%discordCards
			at := [2]int{turn % (discordMembers - discordCards), card}
			if g.up[at] = !g.up[at]; g.up[at] {
				return u.React(g.cards[card], "👍")
			}
			return u.Unreact(g.cards[card], "👍")
		}},
		{name: "a request on Discord", do: func() error { return g.ask(who()) }},
		{name: "a digest on Discord", before: func(ctx context.Context) error {
			before := len(g.shown())
			if err := errors.Join(g.ask(who()), g.discord.WaitFor(ctx, func() bool { return len(g.shown()) > before })); err != nil {
				return err // there is nothing to tell
			}
			g.replicas[0].kill()
			return g.due.make(ctx, g.db)
		}},
	}
}

// lapse lets the time pass for which Heed waits: besides that of any world, that for which
// the gateway is the dead one's, and that between two sessions.
func (g *guild) lapse(ctx context.Context) error {
	if g.replicas[0].alive() {
		return lapse(ctx, g.server)
	}
	return lapse(ctx, g.server, "update gateway_leases set until = now()", "delete from gateway_identifies")
}

// settled waits until Heed has nothing to do and all is as the chat has it.
func (g *guild) settled(ctx context.Context) (h healing, err error) {
	for began := time.Now(); ; {
		var wrong []string
		if h.Busy = g.busy(ctx); h.Busy == "" {
			if wrong, err = g.wrong(ctx); err != nil {
				h.Busy = err.Error()
			} else if len(wrong) == 0 {
				h.Took = time.Since(began)
				return h, nil
			}
		}
		if time.Since(began) > stepPatience {
			h.Took = time.Since(began)
			for _, w := range wrong {
				h.Found = append(h.Found, finding{untrue, w})
			}
			return h, nil
		}
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return h, err
		}
	}
}

// busy says what is still to do, "" for nothing.
func (g *guild) busy(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, r := range g.replicas {
		if !isReady(ctx, r) {
			return r.name + " is not ready"
		}
	}
	if g.discord.Connected() == 0 {
		return "nobody listens to the gateway"
	}
	var due struct{ Posts, Schedules int }
	err := g.db.GetContext(ctx, &due, `
		select (select count(*) from posts where gone_at is null and (due_at <= now() or due_at = 'infinity' or lease_until > now())) as posts,
		       (select count(*) from schedules where next_at <= now()) as schedules`)
	switch {
	case err != nil:
		return "the database does not answer: " + err.Error()
	case due.Posts+due.Schedules > 0:
		return fmt.Sprintf("%+v", due)
	}
	return ""
}
