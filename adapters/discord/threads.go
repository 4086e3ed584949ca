package discord

import (
	"context"
	"sync"
	"time"

	"heed/bot"
)

const (
	// threadRest is how long a thread has to stay as it is before the core hears of it:
	// Heed itself opens a closed one for a moment to edit its card.
	threadRest = 5 * time.Second
	// maxThreads bounds how many threads are known by their channel. A guild has a
	// thousand active ones at most.
	maxThreads = 200_000
)

// threads knows which channel the active threads of all guilds are in: a reaction names
// the thread alone. Discord tells of every active thread at the start of a session and
// of each that becomes one; in others nobody can react. The zero value is ready to use.
type threads struct {
	mu      sync.Mutex
	parents map[string]string
	resting map[string]*resting
	busy    sync.WaitGroup
}

// learn takes in where threads are. A private one is a channel of its own.
func (t *threads) learn(all ...wireChannel) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range all {
		if !c.isThread() || c.Type == threadPrivate || c.ID == "" || c.ParentID == "" {
			continue
		}
		if t.parents == nil || len(t.parents) >= maxThreads {
			t.parents = map[string]string{}
		}
		t.parents[c.ID] = c.ParentID
	}
}

func (t *threads) forget(thread string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.parents, thread)
}

// channel is where something happened as the core knows it: the thread's channel, or
// the channel itself.
func (t *threads) channel(id string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if parent := t.parents[id]; parent != "" {
		return parent
	}
	return id
}

// resting is a thread that changed a moment ago.
type resting struct {
	state bot.Paused
	timer *time.Timer
	do    func(bot.Paused)
}

// rest has do called with a thread's state once that has not changed for a while.
func (t *threads) rest(thread string, state bot.Paused, after time.Duration, do func(bot.Paused)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.resting[thread]; r != nil && r.timer.Stop() {
		r.state = state
		r.timer.Reset(after)
		return
	}
	if t.resting == nil {
		t.resting = map[string]*resting{}
	}
	r := &resting{state: state, do: do}
	t.resting[thread] = r
	t.busy.Add(1)
	r.timer = time.AfterFunc(after, func() { t.rested(thread, r) })
}

// rested is the end of a thread's rest.
func (t *threads) rested(thread string, r *resting) {
	defer t.busy.Done()
	t.mu.Lock()
	if t.resting[thread] == r {
		delete(t.resting, thread)
	}
	state := r.state
	t.mu.Unlock()
	r.do(state)
}

// hurry ends every rest now.
func (t *threads) hurry() {
	t.mu.Lock()
	now := map[string]*resting{}
	for thread, r := range t.resting {
		if r.timer.Stop() {
			now[thread] = r
		}
	}
	t.mu.Unlock()
	for thread, r := range now {
		t.rested(thread, r)
	}
}

// wait returns when no thread rests.
func (t *threads) wait() { t.busy.Wait() }

// wireThread is a thread as events tell of it.
// https://docs.discord.com/developers/events/gateway-events#thread-create
type wireThread struct {
	wireChannel
	NewlyCreated bool `json:"newly_created"`
}

// wireThreadSync is what a channel's threads are, once Heed may see it.
type wireThreadSync struct {
	Threads []wireChannel `json:"threads"`
}

// pausedOf is why a thread takes no reactions. One that is locked but active takes them:
// https://docs.discord.com/developers/topics/threads#locked-threads
func (c wireChannel) paused() bot.Paused {
	switch {
	case c.ThreadMetadata == nil || !c.ThreadMetadata.Archived:
		return ""
	case c.ThreadMetadata.Locked:
		return bot.PausedLocked
	}
	return bot.PausedArchived
}

// threadThere takes a THREAD_CREATE: one that somebody began, or that Heed may see now. A
// post that somebody else began in a forum may be a request.
func (a *Adapter) threadThere(t wireThread, at time.Time) {
	a.threads.learn(t.wireChannel)
	if !t.NewlyCreated || t.GuildID == "" || t.ParentID == "" || t.OwnerID == a.self().user {
		return
	}
	a.signal(messageLane(t.ParentID, t.ID), t.GuildID, at, func(ctx context.Context) error {
		takes, err := a.core.TakesPosts(ctx, guildRef(t.GuildID), t.ParentID)
		if err != nil || !takes {
			return err
		}
		p, err := a.messenger.forumPost(ctx, t.GuildID, t.wireChannel)
		if err != nil {
			return err
		}
		return a.core.Posted(ctx, bot.Call{Workspace: guildRef(t.GuildID), Channel: bot.ChannelSeen{Ref: t.ParentID}}, p)
	})
}

// threadMoved takes a THREAD_UPDATE: closed, opened, locked, renamed.
func (a *Adapter) threadMoved(c wireChannel, at time.Time) {
	a.threads.learn(c)
	if c.ID == "" || c.GuildID == "" || c.ParentID == "" || c.Type == threadPrivate {
		return
	}
	a.threads.rest(c.ID, c.paused(), a.options.ThreadRest, func(now bot.Paused) {
		a.signal(messageLane(c.ParentID, c.ID), c.GuildID, at, func(ctx context.Context) error {
			return a.core.ThreadChanged(ctx, guildRef(c.GuildID), c.ParentID, c.ID, now)
		})
	})
}

// threadGone takes a THREAD_DELETE.
func (a *Adapter) threadGone(c wireChannel, at time.Time) {
	if c.ID == "" || c.GuildID == "" || c.ParentID == "" {
		return
	}
	a.signal(messageLane(c.ParentID, c.ID), c.GuildID, at, func(ctx context.Context) error {
		defer a.threads.forget(c.ID)
		return a.core.ThreadGone(ctx, guildRef(c.GuildID), c.ParentID, c.ID)
	})
}
