package discordfake

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// rate is how often a route may be called for one channel, guild or webhook.
type rate struct {
	requests int
	per      time.Duration
}

// Discord documents no rate of a route: "rate limits should not be hard coded"
// (https://docs.discord.com/developers/topics/rate-limits). These are what
// clients see most often, for a route by method and template; anything else has
// anyRate.
var (
	routeRates = map[string]rate{
		"POST /channels/{id}/messages":                          {5, 5 * time.Second},
		"PATCH /channels/{id}/messages/{id}":                    {5, 5 * time.Second},
		"DELETE /channels/{id}/messages/{id}":                   {5, time.Second},
		"PUT /channels/{id}/messages/{id}/reactions/{emoji}":    {1, 250 * time.Millisecond},
		"DELETE /channels/{id}/messages/{id}/reactions/{emoji}": {1, 250 * time.Millisecond},
		"POST /channels/{id}/typing":                            {5, 5 * time.Second},
		"POST /channels/{id}/threads":                           {5, 5 * time.Second},
		"POST /channels/{id}/messages/{id}/threads":             {5, 5 * time.Second},
		"PATCH /channels/{id}":                                  {5, 15 * time.Second},
		"POST /users/@me/channels":                              {10, 10 * time.Second},
		"POST /webhooks/{id}/{token}":                           {5, 2 * time.Second},
	}
	anyRate = rate{10, time.Second}

	// Edits of old messages, seen as three in twenty seconds a channel:
	// https://github.com/circuitsacul/starboard-4/issues/118
	oldEdits = rate{3, 20 * time.Second}

	// How long Cloudflare keeps an address out is not documented.
	banLasts = time.Hour
)

// rates holds every limit of requests. Its zero value is ready; it is guarded
// by the server's lock.
type rates struct {
	buckets map[string]*bucket
	old     map[string]*bucket
	global  []time.Time // requests of the last second, oldest first
	invalid []time.Time // 401, 403 and 429 of the last ten minutes
	until   time.Time   // of the ban
}

// bucket is a fixed window.
type bucket struct {
	rate
	left int
	ends time.Time
}

func (b *bucket) take(now time.Time) bool {
	if !now.Before(b.ends) {
		b.left, b.ends = b.requests, now.Add(b.per)
	}
	if b.left == 0 {
		return false
	}
	b.left--
	return true
}

// limited is a 429.
type limited struct {
	wait    time.Duration
	scope   string // "user", "global", "shared"
	code    int    // 0 for most
	message string
}

// tooMany is a 429 of a scope, for a fault that a test asks for.
func tooMany(wait time.Duration, scope string) *limited {
	l := &limited{wait: wait, scope: scope, message: "You are being rate limited."}
	if scope == "shared" {
		l.message = "The resource is being rate limited."
	}
	return l
}

// take counts a request, made with or without the bot's token, and returns the
// headers that its answer carries. limit is not nil when it is refused.
// path begins after the version: "/channels/1/messages".
func (r *rates) take(now time.Time, method, path string) (header http.Header, limit *limited) {
	route, major := routeOf(method, path)
	if !strings.HasPrefix(route, "POST /interactions/") && !strings.Contains(route, " /webhooks/") {
		since := now.Add(-GlobalWindow)
		for len(r.global) > 0 && !r.global[0].After(since) {
			r.global = r.global[1:]
		}
		if len(r.global) >= GlobalRequests {
			return http.Header{}, tooMany(r.global[0].Add(GlobalWindow).Sub(now), "global")
		}
		r.global = append(r.global, now)
	}
	if strings.HasPrefix(route, "POST /interactions/") { // unlimited, and once each
		return http.Header{}, nil
	}
	if r.buckets == nil {
		r.buckets = map[string]*bucket{}
	}
	name := route + " " + major
	b := r.buckets[name]
	if b == nil {
		b = &bucket{rate: anyRate}
		if known, ok := routeRates[route]; ok {
			b.rate = known
		}
		r.buckets[name] = b
	}
	if !b.take(now) {
		limit = tooMany(b.ends.Sub(now), "user")
	}
	return b.header(route, now), limit
}

// header is what every answer on a route says:
// https://docs.discord.com/developers/topics/rate-limits#header-format
func (b *bucket) header(route string, now time.Time) http.Header {
	h := http.Header{}
	h.Set("X-RateLimit-Limit", strconv.Itoa(b.requests))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(b.left))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.ends.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", b.ends.Sub(now).Seconds()))
	h.Set("X-RateLimit-Bucket", bucketID(route))
	return h
}

// bucketID is an opaque name of a route's bucket; the channel is not in it.
func bucketID(route string) string {
	hash := uint64(14695981039346656037)
	for _, b := range []byte(route) {
		hash = (hash ^ uint64(b)) * 1099511628211
	}
	return fmt.Sprintf("%016x%016x", hash, hash*31)
}

// editOld counts an edit of a message that was posted at created. Only those of
// old ones count.
func (r *rates) editOld(now, created time.Time, channel string) *limited {
	if now.Sub(created) < OldMessage {
		return nil
	}
	if r.old == nil {
		r.old = map[string]*bucket{}
	}
	b := r.old[channel]
	if b == nil {
		b = &bucket{rate: oldEdits}
		r.old[channel] = b
	}
	if b.take(now) {
		return nil
	}
	return &limited{
		wait: b.ends.Sub(now), scope: "shared", code: 30046,
		message: "Maximum number of edits to messages older than 1 hour reached. Try again later",
	}
}

// answered counts an answer against the limit of invalid requests. scope is the
// 429's, "" for other answers; shared ones are not counted.
func (r *rates) answered(now time.Time, status int, scope string) {
	if status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusTooManyRequests || scope == "shared" {
		return
	}
	since := now.Add(-InvalidWindow)
	for len(r.invalid) > 0 && !r.invalid[0].After(since) {
		r.invalid = r.invalid[1:]
	}
	r.invalid = append(r.invalid, now)
	if len(r.invalid) >= MaxInvalidRequests {
		r.until, r.invalid = now.Add(banLasts), nil
	}
}

// banned is how much longer Cloudflare keeps the address out, zero when it does not.
func (r *rates) banned(now time.Time) time.Duration { return max(0, r.until.Sub(now)) }

// write answers with the 429. header is what [rates.take] returned, nil for none.
func (l *limited) write(w http.ResponseWriter, header http.Header) {
	for name, values := range header {
		w.Header()[name] = values
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(l.wait.Seconds()))))
	w.Header().Set("X-RateLimit-Scope", l.scope)
	if l.scope == "global" {
		w.Header().Set("X-RateLimit-Global", "true")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusTooManyRequests)
	body := object{
		"message": l.message, "global": l.scope == "global",
		"retry_after": math.Round(max(l.wait, time.Millisecond).Seconds()*1000) / 1000,
	}
	if l.code != 0 {
		body["code"] = l.code
	}
	_ = json.NewEncoder(w).Encode(body)
}

// writeBan answers as Cloudflare does where Discord itself is not reached: a
// page, no JSON, no header of Discord's.
func writeBan(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte("<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title>" +
		"<h1>Error 1015</h1><p>You are being rate limited</p>\n"))
}

// routeOf is a request's route and the id that the route's limit is counted by:
// channel, guild or webhook.
func routeOf(method, path string) (route, major string) {
	steps := strings.Split(strings.Trim(strings.SplitN(path, "?", 2)[0], "/"), "/")
	out := make([]string, len(steps))
	for i, step := range steps {
		out[i] = step
		switch {
		case i == 2 && steps[0] == "webhooks":
			out[i] = "{token}"
			major += "/" + step
		case i == 2 && steps[0] == "interactions":
			out[i] = "{token}"
		case i > 0 && steps[i-1] == "reactions":
			return method + " /" + strings.Join(append(out[:i], "{emoji}"), "/"), major
		case isID(step):
			out[i] = "{id}"
			if i == 1 && (steps[0] == "channels" || steps[0] == "guilds" || steps[0] == "webhooks") {
				major = step
			}
		}
	}
	return method + " /" + strings.Join(out, "/"), major
}

func isID(step string) bool {
	_, err := strconv.ParseUint(step, 10, 64)
	return err == nil
}
