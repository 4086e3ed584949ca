package main

import (
	"context"
	"time"
)

// deafMost is how long a platform that was heard may be silent before this process counts
// as not ready: connections come and go within seconds.
const deafMost = time.Minute

// hearing is a platform that Heed connects to; both adapters are.
type hearing interface {
	// Hearing tells whether it is heard now, whether it ever was, and since when not.
	Hearing() (now, ever bool, deaf time.Time)
}

// notReady says what keeps this process from its work, in words that hold no secret;
// nothing when it is ready.
func (s *system) notReady(ctx context.Context) (why []string) {
	defer func() { s.front.asked(len(why) == 0) }()
	if busy := s.front.busy(); busy != "" {
		return []string{busy}
	}
	if s.data.db.PingContext(ctx) != nil {
		why = append(why, "the database does not answer")
	}
	if s.slack != nil {
		why = append(why, s.unheard("Slack", s.slack)...)
	}
	if s.discord != nil {
		why = append(why, s.unheard("Discord", s.discord)...)
	}
	return why
}

// unheard says that a platform is not heard. One that never was keeps a new process out
// of service. One that was, and is away, does so only where no other platform comes
// in by HTTP: its deliveries must not be turned away for it.
func (s *system) unheard(name string, h hearing) []string {
	now, ever, deaf := h.Hearing()
	switch {
	case now:
	case !ever:
		return []string{name + " has not connected yet"}
	case time.Since(deaf) > deafMost && !s.byHTTP():
		return []string{name + " has not been heard for over a minute"}
	}
	return nil
}

// byHTTP tells whether deliveries come to this port.
func (s *system) byHTTP() bool { return s.slack != nil && s.config.SlackAppToken == "" }
