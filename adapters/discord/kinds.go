package discord

import (
	"context"
	"net/http"
	"sync"
	"time"

	"heed/bot"
)

const (
	// kindPatience is how long an answer may wait for what a channel is.
	kindPatience = 600 * time.Millisecond
	// kindFor is how long it is taken to stay that.
	kindFor = time.Hour
	// unseenFor is how long one that could not be looked at is taken to be private.
	unseenFor = time.Minute
	// maxKinds bounds how many channels are remembered.
	maxKinds = 100_000
)

// kinds remembers how open channels are, which no interaction says. The zero value is
// ready to use.
type kinds struct {
	mu    sync.Mutex
	known map[string]knownKind
}

type knownKind struct {
	kind  bot.ChannelKind
	until time.Time
}

// of is how open a channel is. One that can't be looked at counts as private, so that
// nothing of it is told elsewhere.
func (k *kinds) of(ctx context.Context, a *Adapter, guild, channel string) bot.ChannelKind {
	now := a.options.Clock.Now()
	k.mu.Lock()
	there, ok := k.known[channel]
	k.mu.Unlock()
	if ok && now.Before(there.until) {
		return there.kind
	}
	asking, cancel := context.WithTimeout(ctx, kindPatience)
	defer cancel()
	ch, err := bot.Within(asking, bot.Begin(a.asks, func() (wireChannel, error) {
		return get[wireChannel](asking, a.messenger.rest, at(http.MethodGet, "channels", channel))
	}))
	if err != nil {
		if ok {
			return there.kind
		}
		k.learn(channel, bot.PrivateChannel, now.Add(unseenFor))
		return bot.PrivateChannel
	}
	kind := channelSeen(ch, guild).Kind
	k.learn(channel, kind, now.Add(kindFor))
	return kind
}

// told takes in what the gateway says of channels.
func (k *kinds) told(now time.Time, guild string, all ...wireChannel) {
	for _, ch := range all {
		k.learn(ch.ID, channelSeen(ch, guild).Kind, now.Add(kindFor))
	}
}

// learn takes in what a channel is until an instant.
func (k *kinds) learn(channel string, kind bot.ChannelKind, until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= maxKinds {
		k.known = map[string]knownKind{}
	}
	k.known[channel] = knownKind{kind, until}
}
