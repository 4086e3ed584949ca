package discord

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// answering is an API that answers every call with this; the rest calls it.
func answering(t *testing.T, answer http.HandlerFunc) *rest {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return newREST(Options{APIURL: server.URL + "/api/v10/", Token: "fake.discord.token"}.withDefaults())
}

func refusing(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	const secret = "my very own words"
	said := func(code int) string {
		return `{"code":` + strconv.Itoa(code) + `,"message":"` + secret + `","errors":{"content":{"_errors":[{"message":"` + secret + `"}]}}}`
	}
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		kind   bot.FaultKind
		reason string
		after  time.Duration
	}{
		"route_limit":           {429, nil, `{"message":"` + secret + `","retry_after":1.5,"global":false}`, bot.FaultLimited, "ratelimited", 1500 * time.Millisecond},
		"global_limit":          {429, map[string]string{"X-RateLimit-Global": "true"}, `{"retry_after":2,"global":true}`, bot.FaultLimited, globally, 2 * time.Second},
		"shared_limit":          {429, map[string]string{"X-RateLimit-Scope": "shared"}, `{"retry_after":3.25}`, bot.FaultLimited, "ratelimited", 3250 * time.Millisecond},
		"limit_in_the_header":   {429, map[string]string{"Retry-After": "7"}, `{}`, bot.FaultLimited, "ratelimited", 7 * time.Second},
		"limit_without_a_time":  {429, nil, `{}`, bot.FaultLimited, "ratelimited", defaultRetryAfter},
		"limit_beyond_belief":   {429, nil, `{"retry_after":1e30}`, bot.FaultLimited, "ratelimited", defaultRetryAfter},
		"banned_by_the_front":   {429, map[string]string{"Retry-After": "600"}, "<html>" + secret, bot.FaultLimited, byTheFront, 10 * time.Minute},
		"front_for_a_moment":    {429, map[string]string{"Retry-After": "0.5"}, "<html>", bot.FaultLimited, byTheFront, 500 * time.Millisecond},
		"limit_without_a_body":  {429, map[string]string{"Retry-After": "2"}, "", bot.FaultLimited, byTheFront, 2 * time.Second},
		"front_without_a_time":  {429, nil, "<html>", bot.FaultLimited, byTheFront, banned},
		"write_limit":           {429, nil, `{"code":20028,"retry_after":4}`, bot.FaultLimited, "discord_20028", 4 * time.Second},
		"old_edits":             {429, nil, `{"code":30046,"retry_after":90}`, bot.FaultSlow, "discord_30046", 90 * time.Second},
		"old_edits_as_400":      {400, nil, said(30046), bot.FaultSlow, "discord_30046", 0},
		"bad_token":             {401, nil, `{"message":"401: Unauthorized","code":0}`, bot.FaultRevoked, "http_401", 0},
		"unknown_channel":       {404, nil, said(10003), bot.FaultGone, "discord_10003", 0},
		"unknown_guild":         {404, nil, said(10004), bot.FaultGone, "discord_10004", 0},
		"unknown_message":       {404, nil, said(10008), bot.FaultGone, "discord_10008", 0},
		"nothing_at_that_route": {404, nil, `{"message":"404: Not Found","code":0}`, bot.FaultForbidden, "http_404", 0},
		"missing_access":        {403, nil, said(50001), bot.FaultForbidden, "discord_50001", 0},
		"missing_permissions":   {403, nil, said(50013), bot.FaultForbidden, "discord_50013", 0},
		"closed_to_messages":    {403, nil, said(50007), bot.FaultForbidden, "discord_50007", 0},
		"too_many_threads":      {400, nil, said(160006), bot.FaultFull, "discord_160006", 0},
		"bad_form":              {400, nil, said(50035), bot.FaultUnrenderable, "discord_50035", 0},
		"not_understood":        {400, nil, "", bot.FaultUnrenderable, "http_400", 0},
		"too_large":             {413, nil, "", bot.FaultUnrenderable, "http_413", 0},
		"broken":                {500, nil, said(0), bot.FaultTransient, "http_500", 0},
		"bad_gateway":           {502, nil, "<html>" + secret, bot.FaultTransient, "http_502", 0},
		"moved_elsewhere":       {302, map[string]string{"Location": "https://elsewhere.invalid/"}, "", bot.FaultTransient, "http_302", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := answering(t, refusing(c.status, c.header, c.body))
			err := r.call(t.Context(), at(http.MethodPost, "channels", "1", "messages"), map[string]string{"content": secret}, nil)
			var f *bot.Fault
			if !errors.As(err, &f) || f.Kind != c.kind || f.Reason != c.reason || f.RetryAfter != c.after {
				t.Fatalf("%+v", f)
			}
			if strings.Contains(err.Error()+f.Reason+f.Method, secret) {
				t.Errorf("%s tells too much", err)
			}
		})
	}

	t.Run("one_401_is_no_farewell", func(t *testing.T) {
		t.Parallel()
		r := answering(t, func(w http.ResponseWriter, q *http.Request) {
			if strings.HasSuffix(q.URL.Path, "/users/@me") {
				_, _ = w.Write([]byte(`{"id":"1"}`))
				return
			}
			w.WriteHeader(http.StatusUnauthorized)
		})
		if f := bot.FaultOf(r.call(t.Context(), at(http.MethodPost, "channels", "1", "messages"), struct{}{}, nil)); f.Kind != bot.FaultTransient {
			t.Errorf("%+v", f)
		}
	})
	t.Run("no_answer", func(t *testing.T) {
		t.Parallel()
		r := answering(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
		if f := bot.FaultOf(r.call(t.Context(), at(http.MethodGet, "users", "@me"), nil, nil)); f.Kind != bot.FaultTransient || f.Reason != "no_answer" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("too_late", func(t *testing.T) {
		t.Parallel()
		over := make(chan struct{})
		r := answering(t, func(http.ResponseWriter, *http.Request) { <-over })
		t.Cleanup(func() { close(over) }) // before the server closes
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if f := bot.FaultOf(r.call(ctx, at(http.MethodGet, "users", "@me"), nil, nil)); f.Kind != bot.FaultTransient || f.Reason != "timeout" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("half_an_answer", func(t *testing.T) {
		t.Parallel()
		r := answering(t, refusing(200, nil, `{"id":"1`))
		if _, err := get[wireUser](t.Context(), r, at(http.MethodGet, "users", "@me")); bot.FaultOf(err).Kind != bot.FaultTransient {
			t.Errorf("%v", err)
		}
	})
}

func TestSpare(t *testing.T) {
	t.Parallel()

	t.Run("a_route_that_is_used_up_is_not_called", func(t *testing.T) {
		t.Parallel()
		var mu sync.Mutex
		calls := map[string]int{}
		r := answering(t, func(w http.ResponseWriter, q *http.Request) {
			mu.Lock()
			calls[q.URL.Path]++
			mu.Unlock()
			w.Header().Set("X-RateLimit-Limit", "1")
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset-After", "60")
			_, _ = w.Write([]byte("{}"))
		})
		post := at(http.MethodPost, "channels", "1", "messages")
		if err := r.call(t.Context(), post, struct{}{}, nil); err != nil {
			t.Fatal(err)
		}
		f := bot.FaultOf(r.call(t.Context(), post, struct{}{}, nil))
		if f.Kind != bot.FaultLimited || f.RetryAfter < 50*time.Second || f.RetryAfter > time.Minute {
			t.Errorf("%+v", f)
		}
		if err := r.call(t.Context(), at(http.MethodPost, "channels", "2", "messages"), struct{}{}, nil); err != nil {
			t.Errorf("another channel: %v", err)
		}
		if calls["/api/v10/channels/1/messages"] != 1 {
			t.Errorf("called %d times", calls["/api/v10/channels/1/messages"])
		}
	})
	t.Run("no_wait_beyond_the_context", func(t *testing.T) {
		t.Parallel()
		over, there := make(chan struct{}), make(chan struct{}, 1)
		r := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			there <- struct{}{}
			<-over
			_, _ = w.Write([]byte("{}"))
		})
		t.Cleanup(func() { close(over) })
		post := at(http.MethodPost, "channels", "1", "messages")
		go func() { _ = r.call(context.WithoutCancel(t.Context()), post, struct{}{}, nil) }()
		<-there
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		if f := bot.FaultOf(r.call(ctx, post, struct{}{}, nil)); f.Reason != "timeout" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("the_front_stops_everything", func(t *testing.T) {
		t.Parallel()
		calls := 0
		r := answering(t, func(w http.ResponseWriter, q *http.Request) {
			calls++
			refusing(429, nil, "<html>")(w, q)
		})
		for range 5 {
			_ = r.call(t.Context(), at(http.MethodGet, "users", "@me"), nil, nil)
			_ = r.call(t.Context(), at(http.MethodGet, "guilds", "1"), nil, nil)
		}
		if calls != 1 {
			t.Errorf("%d calls", calls)
		}
	})
	t.Run("refusals_are_counted", func(t *testing.T) {
		t.Parallel()
		s, now := newSpare(), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		refuse := func(status int, scope string) {
			s.refused(now, &http.Response{StatusCode: status, Header: http.Header{"X-Ratelimit-Scope": {scope}}}, &bot.Fault{})
		}
		for range 2 * invalidMost {
			refuse(429, "shared")
			refuse(404, "")
		}
		if wait := s.wait(now); wait != 0 {
			t.Errorf("waits %v for what Discord does not count", wait)
		}
		for range invalidMost {
			refuse(403, "user")
		}
		if wait := s.wait(now.Add(time.Second)); wait != invalidFor-time.Second {
			t.Errorf("waits %v", wait)
		}
		if wait := s.wait(now.Add(invalidFor)); wait != 0 {
			t.Errorf("ten minutes later: waits %v", wait)
		}
	})
	t.Run("below_fifty_a_second", func(t *testing.T) {
		t.Parallel()
		s, now := newSpare(), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		end, n := now.Add(10*time.Second), 0
		for now.Before(end) {
			wait := s.wait(now)
			if wait == 0 {
				n++
				continue
			}
			now = now.Add(wait)
		}
		if n < 440 || n > 480 {
			t.Errorf("%d calls in ten seconds", n)
		}
	})
}

func TestAPIURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                               DefaultAPIURL,
		"https://discord.com/api/v10/":   DefaultAPIURL,
		"https://discord.com/api/v10":    DefaultAPIURL,
		"http://127.0.0.1:8099":          "http://127.0.0.1:8099/api/v10/",
		"http://127.0.0.1:8099/api":      "http://127.0.0.1:8099/api/v10/",
		"http://127.0.0.1:8099/api/v9/":  "http://127.0.0.1:8099/api/v9/",
		"http://proxy.acme.example/dis/": "http://proxy.acme.example/dis/",
	} {
		if got := apiURL(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	same := func(a, b route, want bool) {
		t.Helper()
		if (a.bucket == b.bucket) != want {
			t.Errorf("%s and %s: same %v", a.bucket, b.bucket, a.bucket == b.bucket)
		}
	}
	same(at("PATCH", "channels", "1", "messages", "5"), at("PATCH", "channels", "1", "messages", "6"), true)
	same(at("PATCH", "channels", "1", "messages", "5"), at("PATCH", "channels", "2", "messages", "5"), false)
	same(at("PATCH", "channels", "1", "messages", "5"), at("DELETE", "channels", "1", "messages", "5"), false)
	same(at("GET", "channels", "1", "messages", "5", "reactions", "👍"), at("GET", "channels", "1", "messages", "6", "reactions", "a:1"), true)
	if p := at("PUT", "channels", "1", "messages", "5", "reactions", "👍🏽/..", "@me").path; strings.Contains(p, "/..") {
		t.Errorf("%s leaves its place", p)
	}
}
