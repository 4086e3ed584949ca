package discord

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"heed/bot"
)

const (
	// callsASecond keeps below the 50 requests a second that a bot may make over all.
	// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
	callsASecond = 45
	// invalidMost keeps far below the 10,000 refused requests in ten minutes for which
	// Discord bans an address.
	// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	invalidMost = 4000
	invalidFor  = 10 * time.Minute
	// banned is how long to stay away from a Discord that answers with its front's page,
	// where that names no time.
	banned = time.Minute
)

// spare keeps a bot within the limits that hold over all its calls. Safe for concurrent
// use.
type spare struct {
	mu      sync.Mutex
	next    time.Time // of the next call's place among 45 a second
	blocked time.Time // no call before
	begun   time.Time // of the ten minutes in which refusals are counted
	invalid int
}

func newSpare() *spare { return &spare{} }

// wait takes a place for a call: zero when it may be made now. Otherwise no place is
// taken, and it is asked again after the wait.
func (s *spare) wait(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blocked.After(now) {
		return s.blocked.Sub(now)
	}
	if s.invalid >= invalidMost && now.Sub(s.begun) < invalidFor {
		return s.begun.Add(invalidFor).Sub(now)
	}
	const apart = time.Second / callsASecond
	if s.next.Before(now.Add(-time.Second / 2)) {
		s.next = now.Add(-time.Second / 2) // after a quiet time half a second's worth may go at once
	}
	if s.next.After(now) {
		return s.next.Sub(now)
	}
	s.next = s.next.Add(apart)
	return 0
}

// refused takes note of a refusal: of one that holds for all calls, and of those that
// Discord counts.
func (s *spare) refused(now time.Time, resp *http.Response, f *bot.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Reason == globally || f.Reason == byTheFront {
		if until := now.Add(f.RetryAfter); until.After(s.blocked) {
			s.blocked = until
		}
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		if resp.Header.Get("X-RateLimit-Scope") == "shared" {
			return
		}
		if now.Sub(s.begun) >= invalidFor {
			s.begun, s.invalid = now, 0
		}
		s.invalid++
	}
}

// Reasons of faults that stop all calls.
const (
	globally   = "ratelimited_globally"
	byTheFront = "ratelimited_by_the_front"
)

// refusal makes a fault of an answer that is no success. Of its body only Discord's own
// number is kept: its words may repeat what people wrote.
func refusal(method string, resp *http.Response, body []byte) *bot.Fault {
	var said struct {
		Code       int     `json:"code"`
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
	}
	readable := json.Unmarshal(body, &said) == nil
	f := &bot.Fault{Method: method, RetryAfter: retryAfter(resp.Header, said.RetryAfter)}
	f.Kind, f.Reason = kindOf(resp.StatusCode, said.Code)
	if f.Kind != bot.FaultLimited {
		if f.Kind != bot.FaultSlow {
			f.RetryAfter = 0
		}
		return f
	}
	if said.Code == 0 {
		f.Reason = "ratelimited"
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests && !readable:
		f.Reason = byTheFront
		if f.RetryAfter <= 0 {
			f.RetryAfter = banned
		}
	case said.Global || resp.Header.Get("X-RateLimit-Global") != "" || resp.Header.Get("X-RateLimit-Scope") == "global":
		f.Reason = globally
	}
	if f.RetryAfter <= 0 {
		f.RetryAfter = defaultRetryAfter
	}
	f.RetryAfter = min(f.RetryAfter, time.Hour)
	return f
}
