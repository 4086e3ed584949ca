package slack

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// crowded is a workspace whose doors are so narrow that a few acts fill them.
func crowded(t *testing.T, o Options) *acme {
	t.Helper()
	x := quietAcme(t, slackfake.Config{}, o)
	for _, d := range []**bot.Door{&x.adapter.crowd.votes, &x.adapter.crowd.events, &x.adapter.crowd.acts} {
		*d = bot.NewDoor(4, time.Minute)
	}
	server := httptest.NewServer(x.adapter.Handler())
	t.Cleanup(server.Close)
	x.url = server.URL
	x.slack.DeliverTo(server.URL)
	return x
}

// fill has so many acts of a workspace inside a door; they leave when the test says so.
func (x *acme) fill(d *bot.Door, team string, n int) (empty func()) {
	x.Helper()
	var leave []func()
	for range n {
		out, ok := d.Enter(team)
		if !ok {
			x.Fatalf("%s did not come in", team)
		}
		leave = append(leave, out)
	}
	return func() {
		for _, out := range leave {
			out()
		}
	}
}

// voteJSON is a reaction in a workspace, as Slack sends it.
func voteJSON(team, user string, at int64) []byte {
	return fmt.Appendf(nil, `{"type":"event_callback","team_id":%q,"event_id":"Ev%d","event":{"type":"reaction_added","user":%q,"item":{"type":"message","channel":"C1","ts":"1795165200.000100"},"reaction":"+1","event_ts":"%d.000200"}}`, team, at, user, at)
}

// shed is a Meter that counts what was turned away.
type shed struct {
	bot.NoMeter
	mu sync.Mutex
	n  map[string]int
}

func (m *shed) Acked(_ bot.Platform, kind string, outcome bot.AckOutcome, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n[kind+" "+string(outcome)]++
}

func (m *shed) count(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n[what]
}

func TestCrowd(t *testing.T) {
	t.Parallel()
	const vote = "/slack/events"
	t.Run("votes_are_turned_away_to_come_again", func(t *testing.T) {
		t.Parallel()
		meter := &shed{n: map[string]int{}}
		x := crowded(t, Options{Meter: meter})
		empty := x.fill(x.adapter.crowd.votes, x.team.ID, 2)
		if d := x.slack.Post(vote, "application/json", voteJSON(x.team.ID, "U1", 1795165201), nil); d.Status != http.StatusServiceUnavailable {
			t.Errorf("one too many was answered %d", d.Status)
		}
		if n := len(x.core.heard("React")); n != 0 {
			t.Errorf("the core heard %d votes beyond what it can take", n)
		}
		empty()
		if d := x.slack.Post(vote, "application/json", voteJSON(x.team.ID, "U1", 1795165201), nil); d.Status != http.StatusOK {
			t.Errorf("with room again it was answered %d", d.Status)
		}
		if meter.count("vote shed") != 1 || meter.count("vote kept") != 1 {
			t.Errorf("counted %v", meter.n)
		}
	})
	t.Run("another_workspace_is_taken_all_the_same", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		x.fill(x.adapter.crowd.votes, "TFLOOD", 2)
		if d := x.slack.Post(vote, "application/json", voteJSON("TFLOOD", "U1", 1795165201), nil); d.Status != http.StatusServiceUnavailable {
			t.Errorf("the flood was answered %d", d.Status)
		}
		if d := x.slack.Post(vote, "application/json", voteJSON(x.team.ID, "U1", 1795165201), nil); d.Status != http.StatusOK {
			t.Errorf("the other was answered %d", d.Status)
		}
	})
	t.Run("no_flood_of_votes_keeps_a_command_out", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		x.fill(x.adapter.crowd.votes, x.team.ID, 2)
		x.fill(x.adapter.crowd.events, x.team.ID, 2)
		x.core.answers(bot.Sayf("Saved as *#42*."), nil)
		x.ok(x.rui.Slash(x.support, "/feedback", "dark mode"))
		if got := strings.Join(x.private(x.rui), ""); got != "Saved as #42." {
			t.Errorf("Rui reads %q", got)
		}
	})
	t.Run("a_command_gets_its_words_back", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		x := crowded(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		x.fill(x.adapter.crowd.acts, x.team.ID, 2)
		for range 50 {
			x.ok(x.rui.Slash(x.support, "/feedback", "my very own *words*"))
		}
		for _, got := range x.private(x.rui) {
			if !strings.Contains(got, "my very own *words*") || !strings.Contains(got, "in a minute") {
				t.Fatalf("Rui reads %q", got)
			}
		}
		if lines := strings.Count(log.String(), "too much at once"); lines != 1 || strings.Contains(log.String(), "very own") {
			t.Errorf("%d lines of the log say so:\n%s", lines, log.String())
		}
	})
	t.Run("a_form_stays_open", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		v := x.asked()
		x.fill(x.adapter.crowd.acts, x.team.ID, 2)
		got, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
		x.ok(err)
		if !strings.Contains(got.Errors["words"], "Keep this open and press Send again") {
			t.Errorf("the form says %v", got.Errors)
		}
		if n := len(x.core.heard("Submit")); n != 0 {
			t.Errorf("the core heard %d forms", n)
		}
	})
	t.Run("a_press_is_answered_while_few_answers_are_on_their_way", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		card := x.post(x.support, "k", darkMode)
		x.fill(x.adapter.crowd.acts, x.team.ID, 2)
		x.ok(x.rui.PressLabel(card, "👍 Vote"))
		if got := strings.Join(x.private(x.rui), ""); !strings.Contains(got, "Nothing has changed") {
			t.Errorf("Rui reads %q", got)
		}
		x.adapter.crowd.sends = apologiesAtOnce
		x.ok(x.mira.PressLabel(card, "👍 Vote"))
		x.adapter.crowd.sends = 0
		if got := x.private(x.mira); len(got) != 0 {
			t.Errorf("beyond that Mira is written to: %q", got)
		}
	})
	t.Run("what_does_not_come_again_is_read_back", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		empty := x.fill(x.adapter.crowd.votes, x.team.ID, 2)
		for retry, at := range map[string]int64{"1": 1795165100, "3": 1795165201} {
			x.slack.Post(vote, "application/json", voteJSON(x.team.ID, "U1", at), func(h http.Header) { h.Set("X-Slack-Retry-Num", retry) })
		}
		empty()
		x.slack.Post(vote, "application/json", voteJSON(x.team.ID, "U2", 1795165300), nil)
		x.adapter.Wait()
		gap := x.core.one(t, "Gap")
		if since, _ := gap.Fact.(time.Time); gap.Ref != slackRef(x.team.ID) || since.Unix() != 1795165201 {
			t.Errorf("read back since %v", gap.Fact)
		}
	})
	t.Run("words_that_do_not_come_again_are_given_back", func(t *testing.T) {
		t.Parallel()
		x := crowded(t, Options{})
		x.fill(x.adapter.crowd.events, x.team.ID, 2)
		body := `{"type":"event_callback","team_id":"` + x.team.ID + `","event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":"` + x.rui.DM().ID() + `","user":"` + x.rui.ID +
			`","text":"dark mode, please","ts":"1795165200.000100"}}`
		for _, retry := range []string{"1", "2", "3"} {
			x.slack.Post(vote, "application/json", []byte(body), func(h http.Header) { h.Set("X-Slack-Retry-Num", retry) })
		}
		x.adapter.Wait()
		var said []string
		for _, m := range x.slack.Messages(x.rui.DM()) {
			said = append(said, m.String())
		}
		if len(said) != 1 || !strings.Contains(said[0], "dark mode, please") {
			t.Errorf("Rui reads %q", said)
		}
	})
}

// TestLimitedAnswer has Slack limit an answer whose response_url does not work: it comes when it may.
func TestLimitedAnswer(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	v := x.asked()
	x.core.answers(bot.Sayf("Saved as *#42*."), nil)
	x.slack.Fail(slackfake.HookMethod, 1, slackfake.CutBefore())
	x.slack.Fail("chat.postEphemeral", 1, slackfake.TooManyRequests(time.Second))
	x.slack.Fail("chat.postMessage", 1, slackfake.TooManyRequests(time.Second))
	_, err := x.rui.SubmitView(v, map[string]any{"words": "dark mode"})
	x.ok(err)
	if got := strings.Join(x.private(x.rui), ""); got != "Saved as #42." {
		t.Errorf("Rui reads %q", got)
	}
}
