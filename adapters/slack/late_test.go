package slack

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
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
	if took := time.Since(begun); took > slackfake.AckTimeout {
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
