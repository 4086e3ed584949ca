package slackfake

import "time"

// PostBurst is how many messages a channel takes at once before the limit of
// one a second holds. Slack says only that short bursts are allowed.
// Source: https://docs.slack.dev/apis/web-api/rate-limits#rate-limits
const PostBurst = 3

// rates is the limiter; off at first. Guarded by Server.mu.
type rates struct {
	on      bool
	buckets map[string]*bucket
}

// bucket holds tokens that come back with the fake's time.
type bucket struct {
	tokens float64
	at     time.Time
}

// LimitRates switches Slack's rate limits on or off: one message a second a
// channel, and each method's calls a minute a workspace (chat.update 50). A
// call beyond them is answered 429 with Retry-After. Switching on starts afresh.
func (s *Server) LimitRates(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rates = rates{on: on, buckets: map[string]*bucket{}}
}

// take takes a token for the call; it returns how long to wait when there is
// none, else zero.
func (r *rates) take(s *Server, c *call, name string, m method) time.Duration {
	if !r.on || c.team == nil {
		return 0
	}
	key, burst, perSecond := c.team.ID+" "+name, float64(m.tier), float64(m.tier)/60
	if name == "chat.postMessage" {
		key, burst, perSecond = key+" "+c.args["channel"], PostBurst, 1
	} else if m.tier == 0 {
		return 0
	}
	now := s.Now()
	b := r.buckets[key]
	if b == nil {
		b = &bucket{tokens: burst, at: now}
		r.buckets[key] = b
	}
	b.tokens = min(burst, b.tokens+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.tokens < 1 {
		return max(time.Duration((1-b.tokens)/perSecond*float64(time.Second)), time.Millisecond)
	}
	b.tokens--
	return 0
}
