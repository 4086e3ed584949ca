package bot

import (
	"sync"
	"time"
)

// seldomTold is how often a log is told of what happens all the time.
const seldomTold = 10 * time.Second

// Seldom counts what may happen thousands of times a second, so that the log of it does
// not become the load. The zero value is ready to use. Safe for concurrent use.
type Seldom struct {
	mu   sync.Mutex
	n    int
	told time.Time
}

// Count counts one more. It answers how many there were since the log was told, when it is
// to be told again; else 0. The first is told at once.
func (s *Seldom) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if now := time.Now(); s.told.IsZero() || now.Sub(s.told) >= seldomTold {
		n := s.n
		s.n, s.told = 0, now
		return n
	}
	return 0
}
