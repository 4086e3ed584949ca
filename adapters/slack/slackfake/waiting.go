package slackfake

import (
	"context"
	"strings"
)

// touch wakes who waits. Called with mu held.
func (s *Server) touch() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// WaitFor returns once done reports true. It asks at first and after every call
// that the app makes and every delivery to it, without polling, and returns the
// context's error when that ends before. done may use anything of the fake.
func (s *Server) WaitFor(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
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

// Find returns the newest message of the channel, threads included, whose
// rendered text holds part; false when there is none.
func (s *Server) Find(ch *Channel, part string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(ch.messages, part)
}

// FindEphemeral returns the newest message that only this person sees whose
// rendered text holds part; false when there is none.
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

// Button is something that a person can use on a message or in a view.
type Button struct {
	Type     string // "button", "static_select", ...
	Label    string // "" for a menu
	ActionID string
	Value    string
}

// Buttons lists what a person can use on the message, in its order.
func (m Message) Buttons() []Button { return buttonsOf(m.Blocks) }

// Buttons lists what a person can use in the view, in its order, inputs
// included.
func (v View) Buttons() []Button { return buttonsOf(v.Blocks) }

func buttonsOf(blocks []map[string]any) []Button {
	var out []Button
	for _, b := range blocks {
		for _, e := range interactive(b) {
			out = append(out, Button{
				Type: str(e, "type"), Label: textOf(e["text"]), ActionID: str(e, "action_id"), Value: str(e, "value"),
			})
		}
	}
	return out
}
