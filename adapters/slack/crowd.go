package slack

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"heed/bot"
)

// What is under way at once, by kind. Reactions share commits, so that many fit; words,
// commands, presses and forms each take connections of the database. People who wait for an
// answer are let in by a door of their own: no flood of events keeps them out. The
// patience is below Slack's three seconds by what an act may still take once it is in.
const (
	votesAtOnce    = 1024
	eventsAtOnce   = 256
	actsAtOnce     = 256
	votesPatience  = time.Second
	eventsPatience = time.Second
	actsPatience   = time.Second
	// sendsAtOnce bounds what is sent to Slack after acknowledgements; apologiesAtOnce
	// how much of it may be on its way when somebody is told that there is too much.
	sendsAtOnce     = 1024
	apologiesAtOnce = 256
)

// crowd are the doors of an adapter, and what is to be done for those turned away.
// Safe for concurrent use.
type crowd struct {
	votes, events, acts *bot.Door
	log                 *slog.Logger

	shed, left bot.Seldom

	mu     sync.Mutex
	missed map[string]time.Time // by workspace, since when
	sends  int
}

func newCrowd(log *slog.Logger) *crowd {
	return &crowd{
		votes: bot.NewDoor(votesAtOnce, votesPatience), events: bot.NewDoor(eventsAtOnce, eventsPatience),
		acts: bot.NewDoor(actsAtOnce, actsPatience), log: log, missed: map[string]time.Time{},
	}
}

// door is the one for what counts as kind.
func (c *crowd) door(kind string) *bot.Door {
	switch kind {
	case "vote":
		return c.votes
	case "message", "event":
		return c.events
	}
	return c.acts
}

// turned notes that a delivery was turned away.
func (c *crowd) turned() {
	if n := c.shed.Count(); n > 0 {
		c.log.Warn("too much at once: turned away, to come again", "deliveries", n)
	}
}

// unsent notes that an answer was left out.
func (c *crowd) unsent() {
	if n := c.left.Count(); n > 0 {
		c.log.Error("too many answers on their way: not sent", "answers", n)
	}
}

// miss notes that an event of a workspace was not kept the last time that Slack
// delivers it: what stands there is read back once there is room.
func (c *crowd) miss(team string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since, known := c.missed[team]; !known || at.Before(since) {
		c.missed[team] = at
	}
}

// takeMissed are the workspaces that something was missed of, and since when; they are
// no longer noted then.
func (c *crowd) takeMissed() map[string]time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.missed) == 0 {
		return nil
	}
	out := c.missed
	c.missed = map[string]time.Time{}
	return out
}

// send counts something that is to be sent, unless most of them are on their way.
func (c *crowd) send(most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sends >= most {
		return false
	}
	c.sends++
	return true
}

func (c *crowd) sent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sends--
}

// readBack has the core read back what was missed. A database that can't take even that
// is asked again with the next event that it keeps.
func (a *Adapter) readBack() {
	for team, since := range a.crowd.takeMissed() {
		a.replies.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), a.options.Patience)
			defer cancel()
			if err := a.core.Gap(ctx, slackRef(team), since); err != nil {
				a.crowd.miss(team, since)
				a.failed(ctx, "gap", err)
			}
		})
	}
}

// givenUp sees to an event that was not kept and does not come again: votes are read
// back, and who said something is told that it was not taken.
func (a *Adapter) givenUp(ctx context.Context, env envelope, e event, err error) {
	switch meteredKind(e.Type) {
	case "vote":
		if at := timeOf(e.EventTS); !at.IsZero() {
			a.crowd.miss(env.team(), at)
		}
	case "message":
		if e.spoken() {
			text := words(e.Text, func(string) string { return "" })
			a.later(ctx, a.replying(e.place(env.team()), bot.Unkept(nil, err, text, platformName)))
		}
	}
}
