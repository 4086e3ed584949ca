package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/bot"
)

// A route is one REST call: the path below the API's address, escaped, and the
// bucket that its limit is counted in. Discord counts by method, path and the major
// parameter in it (channel, guild, webhook).
// https://docs.discord.com/developers/topics/rate-limits
type route struct {
	method string
	path   string // "channels/1/messages", with its query
	bucket string
}

// at makes a route of a method and a path's parts. Its bucket is the path with every
// part behind the second, but the fixed words, left out.
func at(method string, parts ...string) route {
	path, bucket := make([]string, len(parts)), make([]string, 0, len(parts)+1)
	bucket = append(bucket, method)
	for i, p := range parts {
		path[i] = url.PathEscape(p)
		if i < 2 || !isVariable(p) {
			bucket = append(bucket, p)
		}
	}
	return route{method: method, path: strings.Join(path, "/"), bucket: strings.Join(bucket, "/")}
}

// isVariable tells an id, an emoji or a token from the fixed words of Discord's paths.
func isVariable(part string) bool {
	return strings.Trim(part, "abcdefghijklmnopqrstuvwxyz-@") != "" || part == ""
}

func (r route) with(query url.Values) route {
	r.path += "?" + query.Encode()
	return r
}

// rest calls Discord's REST API with one bot's token. Nothing is retried, and nothing
// waits beyond its context. What is known of a route's limit (the library keeps the
// buckets) is kept to before Discord has to refuse. Safe for concurrent use.
type rest struct {
	base    string
	session *discordgo.Session // its client, token and buckets
	spare   *spare
	ahead   atomic.Pointer[time.Duration] // how far this machine's clock was ahead of Discord's at the last answer

	mu    sync.Mutex
	gates map[string]chan struct{} // one call of a bucket at a time: its answer says whether there may be a next
}

const (
	// maxAnswer bounds how much of an answer is read: a guild with all its roles and
	// emoji, and then some.
	maxAnswer = 16 << 20
	// maxGates bounds how many buckets are remembered; what is forgotten is learned anew.
	maxGates = 4096
	// aWhile is how long a call waits for its route rather than say how long to wait; one
	// that reads, of which many belong together, waits readWhile.
	aWhile    = 3 * time.Second
	readWhile = 10 * time.Second
)

func newREST(o Options) *rest {
	session, _ := discordgo.New("Bot " + o.Token) // its error is always nil
	session.Client = o.HTTP
	session.StateEnabled = false
	session.ShouldRetryOnRateLimit = false
	session.MaxRestRetries = 0
	session.LogLevel = -1 // it would print addresses and answers
	session.UserAgent = "DiscordBot (https://heed.invalid, 1)"
	return &rest{base: o.APIURL, session: session, spare: newSpare(), gates: map[string]chan struct{}{}}
}

// gate is where calls of a bucket stand in line, and what is known of its limit.
func (r *rest) gate(bucket string) (chan struct{}, *discordgo.RateLimiter, *discordgo.Bucket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.gates) >= maxGates {
		r.gates = map[string]chan struct{}{}
		r.session.Ratelimiter = discordgo.NewRatelimiter()
	}
	g, ok := r.gates[bucket]
	if !ok {
		g = make(chan struct{}, 1)
		r.gates[bucket] = g
	}
	return g, r.session.Ratelimiter, r.session.Ratelimiter.GetBucket(bucket)
}

// call makes the call with body as JSON (nil: none) and decodes the answer into out
// (nil: not wanted). Its error is a *bot.Fault.
func (r *rest) call(ctx context.Context, to route, body, out any) error {
	data, kind, err := encode(body)
	if err != nil {
		return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "not_json", Method: to.bucket}
	}
	gate, limits, bucket := r.gate(to.bucket)
	select {
	case gate <- struct{}{}:
	case <-ctx.Done():
		return faultOf(to.bucket, ctx.Err())
	}
	defer func() { <-gate }()
	if err := r.wait(ctx, to, limits, bucket); err != nil {
		return err
	}
	answer, err := r.send(ctx, to, data, kind, bucket)
	if err != nil {
		return r.confirmed(ctx, to, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(bot.LegibleJSON(answer), out); err != nil {
		return &bot.Fault{Kind: bot.FaultTransient, Reason: "answer_not_readable", Method: to.bucket}
	}
	return nil
}

// encode is a body as it goes over the wire, and what that is: JSON, or what a body says
// of itself.
func encode(body any) (data []byte, kind string, err error) {
	switch body := body.(type) {
	case nil:
		return nil, "", nil
	case illustrated:
		return body.multipart()
	}
	data, err = json.Marshal(body)
	return data, "application/json", err
}

// wait waits until the route may be called, or says how long not to try.
func (r *rest) wait(ctx context.Context, to route, limits *discordgo.RateLimiter, bucket *discordgo.Bucket) error {
	for {
		bucket.Lock()
		wait := limits.GetWaitTime(bucket, 1)
		bucket.Unlock()
		wait = max(wait, r.spare.wait(time.Now()))
		if wait <= 0 {
			return nil
		}
		most := aWhile
		if to.method == http.MethodGet {
			most = readWhile
		}
		if end, ok := ctx.Deadline(); wait > most || ok && time.Until(end) < wait {
			return &bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited", RetryAfter: wait, Method: to.bucket}
		}
		if pause(ctx, wait) != nil {
			return faultOf(to.bucket, ctx.Err())
		}
	}
}

// send makes one call and answers the body.
func (r *rest) send(ctx context.Context, to route, data []byte, kind string, bucket *discordgo.Bucket) ([]byte, error) {
	var body io.Reader
	if data != nil {
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, to.method, r.base+to.path, body)
	if err != nil {
		return nil, &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "no_address", Method: to.bucket}
	}
	req.Header.Set("Authorization", r.session.Token)
	req.Header.Set("User-Agent", r.session.UserAgent)
	if data != nil {
		req.Header.Set("Content-Type", kind)
	}
	began := time.Now()
	resp, err := r.session.Client.Do(req)
	if err != nil {
		return nil, faultOf(to.bucket, err)
	}
	defer func() { _ = resp.Body.Close() }()
	r.timed(began, resp)
	bucket.Lock()
	bucket.Remaining--
	_ = bucket.Release(resp.Header) // its error is a header that it does not understand
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		if err != nil {
			return nil, faultOf(to.bucket, err)
		}
		return answer, nil
	}
	fault := refusal(to.bucket, resp, answer)
	r.spare.refused(time.Now(), resp, fault)
	return nil, fault
}

// confirmed is a refusal of the token once Discord says it of the bot itself too: a 401
// amid an outage must not have Heed take its leave of a guild.
func (r *rest) confirmed(ctx context.Context, to route, err error) error {
	me := at(http.MethodGet, "users", "@me")
	if fault := bot.FaultOf(err); fault.Kind != bot.FaultRevoked || to.path == me.path {
		return err
	}
	if still := r.call(ctx, me, nil, nil); still == nil || bot.FaultOf(still).Kind != bot.FaultRevoked {
		return &bot.Fault{Kind: bot.FaultTransient, Reason: "http_401", Method: to.bucket}
	}
	return err
}

// get reads what stands at a route.
func get[T any](ctx context.Context, r *rest, to route) (T, error) {
	var out T
	err := r.call(ctx, to, nil, &out)
	return out, err
}
