package main

import (
	"net/http"
	"testing"
)

// TestSocket is the heart of the story where Slack can't reach Heed, so that Heed calls.
func TestSocket(t *testing.T) {
	t.Parallel()
	a := newAcme(t, true)
	h := a.here()
	a.slack.DeliverTo("")
	a.ok(a.slack.WaitForSocketsOpened(t.Context(), 1))
	a.command(a.zoe, a.requests, "/heed channel intake on")
	a.told(a.zoe, "Cards live in")
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	a.told(a.rui, "Saved as #1 Dark mode")
	card := a.message(a.requests, "#1 Dark mode")
	a.ok(a.mira.React(card, "+1"))
	a.ok(a.lena.PressLabel(card, "👍 Vote"))
	a.shows(card, "👍 3 people")

	// A connection that Slack ends is made anew, and what happened meanwhile counts.
	a.slack.DisconnectSockets("refresh_requested")
	a.ok(a.slack.WaitForSocketsOpened(t.Context(), 2))
	a.ok(a.slack.WaitForSockets(t.Context(), 1))
	a.ok(a.mira.Unreact(card, "+1"))
	a.shows(card, "👍 2 people")

	for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactions"} {
		res, err := http.Post(h.url+path, "application/json", http.NoBody)
		a.ok(err)
		a.ok(res.Body.Close())
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d in Socket Mode, want 404", path, res.StatusCode)
		}
	}
}
