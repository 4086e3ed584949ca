package discord

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

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
	bucket string // "" where a limit of its own can't be learned: interaction answers
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

// unmetered is the route without a bucket.
func (r route) unmetered() route {
	r.bucket = ""
	return r
}

// rest calls Discord's REST API with one bot's token. Nothing is retried and nothing
// waits beyond its context. Safe for concurrent use.
type rest struct {
	base    string
	session *discordgo.Session
}

func newREST(o Options) *rest {
	session, _ := discordgo.New("Bot " + o.Token) // its error is always nil
	session.Client = o.HTTP
	session.StateEnabled = false
	session.ShouldRetryOnRateLimit = false
	session.MaxRestRetries = 0
	session.LogLevel = -1 // it would print addresses and answers
	session.UserAgent = "DiscordBot (https://heed.invalid, 1)"
	return &rest{base: o.APIURL, session: session}
}

// call makes the call with body as JSON (nil: none) and decodes the answer into out
// (nil: not wanted). Its error is a *bot.Fault.
func (r *rest) call(ctx context.Context, to route, body, out any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "not_json", Method: to.bucket}
		}
	}
	bucket := to.bucket
	if bucket == "" {
		bucket = "unmetered"
	}
	answer, err := r.session.RequestRaw(to.method, r.base+to.path, "application/json", data, bucket, 0, discordgo.WithContext(ctx))
	if err != nil {
		return faultOf(to.bucket, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &bot.Fault{Kind: bot.FaultTransient, Reason: "answer_not_readable", Method: to.bucket}
	}
	return nil
}

// get reads what stands at a route.
func get[T any](ctx context.Context, r *rest, to route) (T, error) {
	var out T
	err := r.call(ctx, to, nil, &out)
	return out, err
}
