package slack

import (
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
