package playground

import (
	"sync"
	"time"
)

// sameInstant is how near two acts must be for their order to count more than the
// clock. A clock that goes further back was set back.
const sameInstant = time.Second

// actsKept is how many acts are known by their keys.
const actsKept = 1000

// instants are the times that the platform gives to what happens. Safe for concurrent
// use.
type instants struct {
	clock Clock

	mu   sync.Mutex
	last time.Time
	acts map[string]time.Time // the newest acts, by key
	keys []string             // their keys, oldest first
}

// now is the instant of an act: no two are the same, so that of two reactions the
// later one is known.
func (i *instants) now() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.next()
}

// of is the instant of the act with this key: of one that comes again, that of the
// first time.
func (i *instants) of(key string) time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	if at, ok := i.acts[key]; ok {
		return at
	}
	at := i.next()
	if i.acts == nil {
		i.acts = map[string]time.Time{}
	}
	i.acts[key] = at
	i.keys = append(i.keys, key)
	if len(i.keys) > actsKept {
		delete(i.acts, i.keys[0])
		i.keys = i.keys[1:]
	}
	return at
}

func (i *instants) next() time.Time {
	now := i.clock.Now().UTC().Truncate(time.Microsecond)
	if back := i.last.Sub(now); back >= 0 && back < sameInstant {
		now = i.last.Add(time.Microsecond)
	}
	i.last = now
	return now
}
