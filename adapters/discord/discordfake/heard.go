package discordfake

import (
	"context"
	"encoding/json"
)

// WaitHeard returns once every connected app has taken in everything that was told to it
// so far, as its heartbeats say, which it is asked for; ctx's error when that ends first.
func (s *Server) WaitHeard(ctx context.Context) error {
	want := map[*session]int64{}
	s.mu.Lock()
	for c := range s.gateway.conns {
		if c.session != nil {
			want[c.session] = c.session.seq
			c.sendOp(1, nil)
		}
	}
	s.mu.Unlock()
	return s.WaitFor(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for x, seq := range want {
			if x.conn != nil && x.heard < seq {
				return false
			}
		}
		return true
	})
}

// beaten keeps how far an app has come by its own word: the number in a heartbeat.
// Called with mu held.
func (c *conn) beaten(data json.RawMessage) {
	var seq int64
	if c.session != nil && json.Unmarshal(data, &seq) == nil && seq > c.session.heard {
		c.session.heard = seq
		c.s.touch()
	}
}

// Redeliver tells every connected app once more all that it was told, but for what begins
// a session, as a new session in which the same things happened again.
func (s *Server) Redeliver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		if c.session == nil {
			continue
		}
		for _, f := range c.session.log {
			var told struct {
				Name string          `json:"t"`
				Data json.RawMessage `json:"d"`
			}
			var data object
			if json.Unmarshal(f.raw, &told) == nil && told.Name != "READY" && told.Name != "RESUMED" && json.Unmarshal(told.Data, &data) == nil {
				c.session.tell(told.Name, data)
			}
		}
	}
}
