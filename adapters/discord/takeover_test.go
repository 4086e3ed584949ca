package discord

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// severed is a database that one process can be cut off from.
type severed struct {
	bot.GatewayStore
	cut atomic.Bool
}

func (s *severed) HoldShard(ctx context.Context, shard bot.Shard, holder string, lease time.Duration, heard time.Time) (bool, time.Time, error) {
	if s.cut.Load() {
		return false, time.Time{}, errors.New("no route to the database")
	}
	return s.GatewayStore.HoldShard(ctx, shard, holder, lease, heard)
}

// TestTakeover takes as long as a lease lasts: one process is cut off from the database
// while it listens, the other takes over, and the first closes once it hears of that.
func TestTakeover(t *testing.T) {
	t.Parallel()
	kept := store.New(storetest.New(t))
	l := quiet(t, discordfake.Config{})
	replica := func(s bot.GatewayStore) *Adapter {
		o := Options{APIURL: l.discord.APIURL(), Token: l.discord.Token(), Shards: s, Log: slog.New(slog.DiscardHandler)}
		return New(o, NewMessenger(o), l.ear)
	}
	first := &severed{GatewayStore: kept}
	l.run(replica(first))
	l.connected(1)
	l.ear.hears(t, "gap "+l.guild.ID)
	first.cut.Store(true)
	began := time.Now()
	l.run(replica(kept))
	l.until("a takeover", func() bool { return l.discord.Identifies() == 2 })
	const promised = 15 * time.Second // of which a busy machine makes more
	if took := time.Since(began); leaseFor+leaseBeat >= promised || took > 2*promised {
		t.Errorf("the takeover took %v", took)
	}
	l.ear.waitFor(t, "what was missed between them", func(told []string) bool { return len(matching(told, "gap")) == 2 })
	l.ear.mu.Lock()
	since := l.ear.gaps[l.guild.ID]
	l.ear.mu.Unlock()
	if since.IsZero() || since.After(began.Add(leaseBeat)) || since.Before(began.Add(-time.Minute)) {
		t.Errorf("read back since %v, cut off at %v", since, began)
	}
	first.cut.Store(false)
	l.connected(1)
}
