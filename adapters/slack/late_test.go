package slack

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// TestSilentDatabase has a core that does not even end with its context, as a query
// on a dead connection does.
func TestSilentDatabase(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	card := x.post(x.support, "k", darkMode)
	v := x.asked()
	x.core.block = make(chan struct{})
	begun := time.Now()
	x.ok(x.rui.Slash(x.support, "/feedback", "my very own words"))
	if took := time.Since(begun); corePatience >= slackfake.AckTimeout || took > 3*slackfake.AckTimeout { // a busy machine is slow
		t.Errorf("answered after %s", took)
	}
	var said []string
	for _, m := range x.slack.Ephemerals(x.rui) {
		said = append(said, m.String())
	}
	if got := strings.Join(said, ""); !strings.Contains(got, "my very own words") || !strings.Contains(got, "/heed mine") {
		t.Errorf("Rui reads %q", got)
	}
	got, err := x.rui.SubmitView(v, map[string]any{"words": "my very own words"})
	x.ok(err)
	if got.Errors["words"] == "" {
		t.Error("the form did not stay open")
	}
	x.ok(x.mira.React(card, "+1"))
	for _, d := range x.slack.Deliveries() {
		if d.Type == "reaction_added" && d.OK() {
			t.Error("a reaction that nobody kept was acknowledged")
		}
	}
	close(x.core.block)
}

// TestDefect has one act break off, and Heed go on for the others.
func TestDefect(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	x := quietAcme(t, slackfake.Config{}, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	server := httptest.NewServer(x.adapter.Handler())
	t.Cleanup(server.Close)
	x.slack.DeliverTo(server.URL)
	x.core.broke = true
	x.ok(x.rui.Slash(x.support, "/feedback", "my very own words"))
	if got := strings.Join(x.private(x.rui), ""); !strings.Contains(got, "my very own words") {
		t.Errorf("Rui reads %q", got)
	}
	if !strings.Contains(log.String(), "defect") || strings.Contains(log.String(), "my very own words") {
		t.Errorf("the log says %s", log.String())
	}
}

// TestMissingRow has the core not find something of its own: the event was not kept, so
// it is not acknowledged. One of a workspace that Heed is not in is.
func TestMissingRow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want int
	}{{fmt.Errorf("whose account: %w", bot.ErrNotFound), 503}, {bot.ErrUnattached, 200}} {
		x := newAcme(t, slackfake.Config{})
		x.core.answers(nil, tt.err)
		body := `{"type":"event_callback","team_id":"` + x.team.ID + `","event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":"D1","user":"` + x.rui.ID +
			`","text":"dark mode","ts":"1795165200.000100"}}`
		if d := x.slack.Post("/slack/events", "application/json", []byte(body), nil); d.Status != tt.want {
			t.Errorf("%v: answered %d, want %d", tt.err, d.Status, tt.want)
		}
	}
}
