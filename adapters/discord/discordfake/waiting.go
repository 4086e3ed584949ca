package discordfake

import (
	"context"
	"strings"
)

// touch wakes who waits for a change. Called with mu held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// WaitFor returns once done reports true. It asks at first and after everything that
// happens in the fake, without polling, and returns the context's error when that ends
// before. done may use anything of the fake.
func (s *Server) WaitFor(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Find returns the newest message of the channel whose rendered text holds part; false
// when there is none.
func (s *Server) Find(ch *Channel, part string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(ch.messages, part)
}

// FindEphemeral returns the newest message that only this person sees whose rendered
// text holds part; false when there is none.
func (s *Server) FindEphemeral(u *User, part string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(u.ephemerals, part)
}

func newest(all []*message, part string) (Message, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].gone {
			continue
		}
		if m := all[i].copy(); strings.Contains(m.String(), part) {
			return m, true
		}
	}
	return Message{}, false
}
