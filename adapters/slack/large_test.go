package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
)

// TestLargeBodies: of large requests, of which nobody knows yet whether Slack sent them,
// only so many are read at a time; the usual ones are taken all the same.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	x := quietAcme(t, slackfake.Config{}, Options{})
	server := httptest.NewServer(x.adapter.Handler())
	t.Cleanup(server.Close)
	x.slack.DeliverTo(server.URL)
	large := []byte(`{"type":"event_callback","team_id":"` + x.team.ID + `","padding":"` + strings.Repeat("x", 2*smallBody) + `"}`)
	post := func(body []byte) int {
		return x.slack.Post("/slack/events", "application/json", body, nil).Status
	}
	if got := post(large); got != http.StatusOK {
		t.Errorf("a large one is answered %d", got)
	}
	for range largeBodies {
		x.adapter.large <- struct{}{}
	}
	if got := post(large); got != http.StatusServiceUnavailable {
		t.Errorf("one too many is answered %d", got)
	}
	if got := post([]byte(reactionJSON(x))); got != http.StatusOK {
		t.Errorf("a usual one beside them is answered %d", got)
	}
	<-x.adapter.large
	for range 2 { // room is made again
		if got := post(large); got != http.StatusOK {
			t.Errorf("with room again it is answered %d", got)
		}
	}
}
