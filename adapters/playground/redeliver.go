package playground

import (
	"context"
	"sync"
	"time"

	"heed/bot"
)

// missedMost bounds the reactions that wait for the core; of more the oldest go.
const missedMost = 1000

// redelivery is the time between two tries.
const redelivery = 2 * time.Second

// missed are reactions that stand in the chat and that the core could not keep. Like
// every platform the playground delivers them again. They carry their own time, so
// that a later act of the same person still wins.
type missed struct {
	mu      sync.Mutex
	ballots []bot.Ballot
	wake    chan struct{}
}

func newMissed() *missed { return &missed{wake: make(chan struct{}, 1)} }

func (m *missed) add(b bot.Ballot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ballots = append(m.ballots, b)
	if len(m.ballots) > missedMost {
		m.ballots = m.ballots[1:]
	}
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// redeliver tries once, and tells whether nothing is left.
func (a *Adapter) redeliver(ctx context.Context) bool {
	core := a.started()
	a.missed.mu.Lock()
	defer a.missed.mu.Unlock()
	if len(a.missed.ballots) == 0 || core == nil {
		return true
	}
	if err := core.React(ctx, a.missed.ballots); err != nil {
		a.options.Log.WarnContext(ctx, "reactions wait to be counted", "reactions", len(a.missed.ballots), "cause", err)
		return false
	}
	a.missed.ballots = nil
	return true
}

// Run delivers again what the core missed until ctx ends, and then ends the open
// streams.
func (a *Adapter) Run(ctx context.Context) error {
	defer a.hub.close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.missed.wake:
		}
		for done := false; !done; done = a.redeliver(ctx) {
			timer := time.NewTimer(redelivery)
			select {
			case <-ctx.Done():
				timer.Stop()
				return nil
			case <-timer.C:
			}
		}
	}
}
