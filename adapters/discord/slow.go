package discord

import (
	"sync"
	"time"
)

const (
	// oldMessage is the age from which on Discord counts edits (error 30046).
	// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
	oldMessage = time.Hour
	// slowFor is how long a channel's old messages rest when Discord names no time.
	slowFor = time.Minute
	maxSlow = 10_000
)

// slow remembers the channels whose old messages can't be edited for a while. Its zero
// value is ready. Safe for concurrent use.
type slow struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// wait is how long a channel's old messages rest.
func (s *slow) wait(channel string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Until(s.until[channel])
}

func (s *slow) keep(channel string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil || len(s.until) >= maxSlow {
		s.until = map[string]time.Time{}
	}
	s.until[channel] = time.Now().Add(wait)
}
