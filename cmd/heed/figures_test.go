package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// asks answers what a path of a running heed says, and its code; 0 where nobody answers.
func asks(t *testing.T, base, path string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer closeQuietly(res.Body)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(body)
}

// becomes asks until a path answers with a code and words.
func becomes(t *testing.T, base, path string, code int, words string) {
	t.Helper()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		got, said := asks(t, base, path)
		if got == code && strings.Contains(said, words) {
			return
		}
		select {
		case <-every.C:
		case <-late.C:
			t.Fatalf("%s never answered %d with %q, but %d: %s", path, code, words, got, said)
		}
	}
}

// TestFigures is a day on both chats, and what /metrics shows of it: how much, and never
// whose, where or what.
func TestFigures(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	f := &fans{T: t, clock: a.clock, db: a.db}
	f.found()
	a.env = append(a.env, f.env...)
	h := a.here()
	f.heard()
	a.setUp()
	f.line(f.zoe, f.requests, "/heed channel intake on")

	a.command(a.rui, a.support, "/feedback SSO for Globex. They sign the day they get it.")
	a.told(a.rui, "Saved as #1")
	card := a.message(a.requests, "#1 SSO for Globex")
	a.ok(a.mira.React(card, "+1"))
	a.shows(card, "👍 2 people")
	f.line(f.rui, f.general, "/feedback Let me undo a delete. I lost a whole list on Friday.")
	undo := f.message(f.requests, "#1 Let me undo a delete")
	f.ok(f.omar.React(undo, "👍"))
	f.shows(undo, "👍 2 people")
	a.pass(time.Date(2026, 11, 23, 8, 0, 1, 0, time.UTC))
	a.message(a.inside, "16–22 November")
	a.quiet()

	becomes(t, h.url, "/readyz", http.StatusOK, "ready")
	code, text := asks(t, h.url, "/metrics")
	if code != http.StatusOK {
		t.Fatalf("/metrics answers %d: %s", code, text)
	}
	for _, line := range []string{
		`heed_acks_total{kind="vote",outcome="kept",platform="slack"} 1`,
		`heed_acks_total{kind="vote",outcome="kept",platform="discord"} 1`,
		`heed_events_total{kind="command",platform="slack"} `,
		`heed_ack_seconds_count{kind="command",platform="discord"} 2`,
		`heed_vote_group_size_count `,
		`heed_posts_total{fault="",kind="card",outcome="shown",platform="slack"} `,
		`heed_posts_total{fault="",kind="digest",outcome="shown",platform="slack"} 1`,
		`heed_digests_total{platform="slack",state="sent"} 1`,
		`heed_database_up 1`,
		`heed_platform_connected{platform="discord"} 1`,
		`heed_workspaces{platform="slack"} 1`,
		`heed_posts_waiting{platform="slack"} `,
		`heed_gaps_open{platform="discord"} `,
		`go_sql_open_connections{db_name="heed"} `,
		`heed_build_info{version="`,
		`process_resident_memory_bytes `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("/metrics has no %s", line)
		}
	}

	secrets := []string{"Globex", "SSO", "undo", "Friday", "November", "acme", "Acme", "support", "requests", "inside"}
	for _, u := range []*slackfake.User{a.rui, a.mira, a.lena, a.omar, a.ana, a.ben, a.zoe} {
		secrets = append(secrets, u.ID)
	}
	secrets = append(secrets, a.team.ID, a.requests.ID(), f.guild.ID, f.omar.ID, f.rui.ID, f.requests.ID, card.TS)
	for _, line := range a.env {
		name, value, _ := strings.Cut(line, "=")
		if name == "DATABASE_URL" {
			at, err := url.Parse(value)
			a.ok(err)
			secrets = append(secrets, strings.TrimPrefix(at.Path, "/"))
		} else if name == "HEED_LISTEN" {
			continue
		}
		secrets = append(secrets, value)
	}
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%q stands in /metrics", s)
		}
	}
}
