package discordfake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestRates(t *testing.T) {
	t.Parallel()
	t.Run("five_posts_in_five_seconds_a_channel", func(t *testing.T) {
		t.Parallel()
		var r rates
		for i := range 5 {
			h, limit := r.take(noon, "POST", "/channels/1/messages")
			if limit != nil || h.Get("X-RateLimit-Remaining") != string(rune('4'-i)) || h.Get("X-RateLimit-Limit") != "5" {
				t.Fatalf("post %d: %v %v", i, limit, h)
			}
		}
		h, limit := r.take(noon.Add(time.Second), "POST", "/channels/1/messages")
		if limit == nil || limit.wait != 4*time.Second || limit.scope != "user" || h.Get("X-RateLimit-Reset-After") != "4.000" {
			t.Fatalf("the sixth: %+v %v", limit, h)
		}
		if _, limit := r.take(noon, "POST", "/channels/2/messages"); limit != nil {
			t.Error("another channel has its own")
		}
		if _, limit := r.take(noon, "PATCH", "/channels/1/messages/7"); limit != nil {
			t.Error("another route has its own")
		}
		if _, limit := r.take(noon.Add(5*time.Second), "POST", "/channels/1/messages"); limit != nil {
			t.Error("five seconds later there is room again")
		}
	})
	t.Run("a_bucket_names_its_route_not_its_channel", func(t *testing.T) {
		t.Parallel()
		var r rates
		a, _ := r.take(noon, "PUT", "/channels/1/messages/7/reactions/%F0%9F%91%8D/@me")
		b, _ := r.take(noon, "PUT", "/channels/2/messages/8/reactions/%E2%9C%85/@me")
		c, _ := r.take(noon, "POST", "/channels/1/messages")
		if a.Get("X-RateLimit-Bucket") != b.Get("X-RateLimit-Bucket") || a.Get("X-RateLimit-Bucket") == c.Get("X-RateLimit-Bucket") {
			t.Errorf("%v %v %v", a, b, c)
		}
	})
	t.Run("fifty_a_second_over_all", func(t *testing.T) {
		t.Parallel()
		var r rates
		for i := range GlobalRequests {
			if _, limit := r.take(noon, "GET", "/channels/"+string(rune('1'+i%9))+string(rune('0'+i/9))+"/messages"); limit != nil {
				t.Fatalf("request %d: %+v", i, limit)
			}
		}
		if _, limit := r.take(noon.Add(400*time.Millisecond), "GET", "/users/@me"); limit == nil || limit.scope != "global" || limit.wait != 600*time.Millisecond {
			t.Fatalf("the next: %+v", limit)
		}
		for _, path := range []string{"/interactions/5/token/callback", "/webhooks/9/token"} {
			if _, limit := r.take(noon, "POST", path); limit != nil {
				t.Errorf("%s is not bound by it: %+v", path, limit)
			}
		}
		if _, limit := r.take(noon.Add(time.Second), "GET", "/users/@me"); limit != nil {
			t.Errorf("a second later: %+v", limit)
		}
	})
	t.Run("old_messages_are_edited_slowly", func(t *testing.T) {
		t.Parallel()
		var r rates
		for range 9 {
			if limit := r.editOld(noon, noon.Add(-time.Hour+time.Second), "1"); limit != nil {
				t.Fatalf("a young one: %+v", limit)
			}
		}
		for range oldEdits.requests {
			if limit := r.editOld(noon, noon.Add(-time.Hour), "1"); limit != nil {
				t.Fatalf("an old one: %+v", limit)
			}
		}
		if limit := r.editOld(noon, noon.Add(-time.Hour), "1"); limit == nil || limit.code != 30046 || limit.wait != oldEdits.per {
			t.Fatalf("one more: %+v", limit)
		}
		if limit := r.editOld(noon, noon.Add(-time.Hour), "2"); limit != nil {
			t.Error("another channel has its own")
		}
	})
	t.Run("too_many_invalid_requests_are_kept_out", func(t *testing.T) {
		t.Parallel()
		var r rates
		for i := range MaxInvalidRequests {
			if r.banned(noon) > 0 {
				t.Fatalf("after %d", i)
			}
			r.answered(noon, http.StatusNotFound, "")
			r.answered(noon, http.StatusTooManyRequests, "shared")
			r.answered(noon, http.StatusForbidden, "")
		}
		if r.banned(noon) != banLasts || r.banned(noon.Add(banLasts)) != 0 {
			t.Errorf("banned for %v", r.banned(noon))
		}
	})
	t.Run("invalid_requests_are_forgotten", func(t *testing.T) {
		t.Parallel()
		var r rates
		for i := range MaxInvalidRequests + 1 {
			now := noon
			if i > 0 {
				now = noon.Add(InvalidWindow)
			}
			if i < MaxInvalidRequests {
				r.answered(now, http.StatusUnauthorized, "")
			}
		}
		if r.banned(noon.Add(InvalidWindow)) > 0 {
			t.Error("the first was ten minutes ago")
		}
	})
}

func TestTooMany(t *testing.T) {
	t.Parallel()
	for scope, want := range map[string]string{
		"user":   `{"global":false,"message":"You are being rate limited.","retry_after":1.337}`,
		"global": `{"global":true,"message":"You are being rate limited.","retry_after":1.337}`,
		"shared": `{"global":false,"message":"The resource is being rate limited.","retry_after":1.337}`,
	} {
		w := httptest.NewRecorder()
		tooMany(1337*time.Millisecond, scope).write(w, http.Header{"X-Ratelimit-Bucket": {"b"}})
		var body any
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		if got := string(bytesOf(t, body)); got != want || w.Code != 429 {
			t.Errorf("%s: %d %s, want %s", scope, w.Code, got, want)
		}
		h := w.Header()
		if h.Get("Retry-After") != "2" || h.Get("X-RateLimit-Scope") != scope || (h.Get("X-RateLimit-Global") == "true") != (scope == "global") || h.Get("X-RateLimit-Bucket") != "b" {
			t.Errorf("%s: %v", scope, h)
		}
	}
	w := httptest.NewRecorder()
	writeBan(w, time.Hour)
	if json.Valid(w.Body.Bytes()) || w.Header().Get("X-RateLimit-Scope") != "" || w.Code != 429 {
		t.Error("Cloudflare answers with a page and none of Discord's headers")
	}
}
