package playground_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"heed/adapters/playground"
)

// page is a page without a browser: it knows the token and sends acts.
type page struct {
	t     *testing.T
	url   string
	token string
}

func visit(t *testing.T, url string) *page {
	t.Helper()
	body, status := fetch(t, url+"/", nil)
	m := regexp.MustCompile(`name="heed-token" content="([^"]+)"`).FindStringSubmatch(body)
	if status != http.StatusOK || m == nil {
		t.Fatalf("the page answered %d", status)
	}
	return &page{t, url, m[1]}
}

func fetch(t *testing.T, url string, change func(*http.Request)) (string, int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	return send(t, r)
}

func send(t *testing.T, r *http.Request) (string, int) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), res.StatusCode
}

type body map[string]any

// act sends an act as a persona in #support, unless the body says otherwise.
func (p *page) act(name, as string, b body, change ...func(*http.Request)) (string, int) {
	p.t.Helper()
	all := body{"key": "k1", "as": as, "channel": "support"}
	for k, v := range b {
		all[k] = v
	}
	out, err := json.Marshal(all)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/playground/api/"+name, bytes.NewReader(out))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Heed-Token", p.token)
	for _, c := range change {
		c(r)
	}
	return send(p.t, r)
}

func TestGuard(t *testing.T) {
	t.Parallel()
	_, s, url := scripted(t, func(o *playground.Options) { o.Hosts = []string{"heed.internal"} })
	p := visit(t, url)

	refused := map[string]func(*http.Request){
		"another_sites_origin":   func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"an_origin_of_null":      func(r *http.Request) { r.Header.Set("Origin", "null") },
		"another_port_is_others": func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") },
		"no_token":               func(r *http.Request) { r.Header.Del("X-Heed-Token") },
		"a_wrong_token":          func(r *http.Request) { r.Header.Set("X-Heed-Token", "x") },
		"a_form_of_another_page": func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"a_cross_site_fetch":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a_rebound_name":         func(r *http.Request) { r.Host = "evil.example:8080" },
		"a_name_with_a_suffix":   func(r *http.Request) { r.Host = "localhost.evil.example" },
	}
	for name, change := range refused {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, status := p.act("say", "rui", body{"words": "/feedback x"}, change)
			if status != http.StatusForbidden && status != http.StatusMisdirectedRequest {
				t.Errorf("got %d %s", status, answer)
			}
			if !strings.Contains(answer, `"error"`) {
				t.Errorf("no sentence for the person: %s", answer)
			}
		})
	}
	t.Run("reading_is_guarded_too", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/", "/connect", "/playground/api/state?as=rui", "/playground/events?as=rui", "/playground/page/app.js"} {
			if _, status := fetch(t, url+path, func(r *http.Request) { r.Host = "evil.example" }); status != http.StatusMisdirectedRequest {
				t.Errorf("%s under a foreign name: %d", path, status)
			}
		}
	})
	t.Run("own_names_are_answered", func(t *testing.T) {
		t.Parallel()
		for _, host := range []string{"localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080", "LOCALHOST:80", "heed.internal:8080"} {
			if _, status := fetch(t, url+"/", func(r *http.Request) { r.Host = host }); status != http.StatusOK {
				t.Errorf("%s: %d", host, status)
			}
		}
	})
	t.Run("every_answer_forbids_what_a_page_does_not_need", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/", "/connect", "/playground/page/style.css", "/playground/api/state?as=rui", "/nothing"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			csp := res.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("%s: %s", path, csp)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s: %v", path, res.Header)
			}
		}
	})
	t.Cleanup(func() {
		if acts := s.acts(); len(acts) != 0 {
			t.Errorf("the core heard %v", acts)
		}
	})
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, act, as string
		body          body
		status        int
		says          string
	}{
		{"an_unknown_persona", "say", "mallory", body{"words": "x"}, 422, "Nobody here"},
		{"heed_itself", "say", "heed", body{"words": "x"}, 422, "Nobody here"},
		{"nothing_to_say", "say", "rui", body{"words": " \n\t"}, 422, "nothing to send"},
		{"a_channel_of_the_team", "say", "rui", body{"channel": "product", "words": "x"}, 422, "isn't in that channel"},
		{"somebody_elses_conversation", "say", "zoe", body{"channel": "dm-rui", "words": "x"}, 422, "isn't in that channel"},
		{"a_channel_that_is_not_there", "say", "rui", body{"channel": "x", "words": "x"}, 422, "isn't in that channel"},
		{"a_thread_that_is_gone", "say", "rui", body{"thread": "m9", "words": "x"}, 422, "thread isn't there"},
		{"no_key", "say", "rui", body{"key": "", "words": "x"}, 422, "reload"},
		{"a_key_too_long", "say", "rui", body{"key": strings.Repeat("k", 65), "words": "x"}, 422, "reload"},
		{"an_action_too_long", "press", "rui", body{"action": strings.Repeat("a", 101)}, 422, "does nothing"},
		{"no_action", "press", "rui", body{}, 422, "does nothing"},
		{"an_emoji_nobody_knows", "react", "rui", body{"message": "m0000001", "emoji": "<script>", "on": true}, 422, "emoji"},
		{"a_reaction_to_nothing", "react", "rui", body{"message": "m9", "emoji": "+1", "on": true}, 404, "isn't there"},
		{"saving_nothing", "save", "rui", body{"message": "m9"}, 404, "isn't there"},
		{"an_unknown_act", "sudo", "zoe", body{}, 422, "reload"},
		{"the_clock_to_nowhere", "move", "rui", body{"to": "1999"}, 422, "doesn't go there"},
		{"starting_over_where_none_can", "startover", "rui", body{}, 404, "can't be done"},
		{"ten_megabytes", "say", "rui", body{"words": strings.Repeat("x", 10<<20)}, 413, "shorten"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, s, url := scripted(t, nil)
			answer, status := visit(t, url).act(c.act, c.as, c.body)
			if status != c.status || !strings.Contains(answer, c.says) {
				t.Errorf("got %d %s", status, answer)
			}
			if acts := s.acts(); len(acts) != 0 {
				t.Errorf("the core heard %v", acts)
			}
		})
	}
	t.Run("malformed_json", func(t *testing.T) {
		t.Parallel()
		_, _, url := scripted(t, nil)
		answer, status := visit(t, url).act("say", "rui", nil, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"as":"rui","words":`)), -1
		})
		if status != http.StatusBadRequest || !strings.Contains(answer, "couldn't read") {
			t.Errorf("got %d %s", status, answer)
		}
	})
	t.Run("a_hundred_thousand_characters_reach_the_core_whole", func(t *testing.T) {
		t.Parallel()
		_, s, url := scripted(t, nil)
		long := strings.Repeat("🙂", 100_000)
		if answer, status := visit(t, url).act("say", "rui", body{"words": "/feedback " + long}); status != http.StatusOK {
			t.Fatalf("got %d %s", status, answer)
		}
		if acts := s.acts(); len(acts) != 1 || acts[0] != "rui command /feedback "+long {
			t.Error("the words were cut")
		}
	})
}
