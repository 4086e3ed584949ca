package main

import (
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// TestStop is SIGTERM while Slack is slow to take a message: Heed ends within what a
// container is given, and nothing is lost or said twice.
func TestStop(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	a.apart()
	a.command(a.zoe, a.requests, "/heed channel intake on")
	a.told(a.zoe, "Cards live in")
	a.quiet()

	a.slack.Fail("chat.postMessage", 1, slackfake.SlowAnswer(2*time.Second))
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	a.message(a.requests, "#1 Dark mode")
	if code := a.child.end(); code != exitOK {
		t.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
	}
	a.apart()
	a.quiet()
	a.once("#requests", a.slack.Messages(a.requests), "#1 Dark mode")
	a.ok(a.mira.React(a.message(a.requests, "#1 Dark mode"), "+1"))
	a.message(a.requests, "#1 Dark mode", "👍 2 people")

	// One that never answers holds up nothing either.
	a.slack.Fail("chat.postMessage", 1, slackfake.SlowAnswer(patience))
	a.command(a.omar, a.support, "/feedback Let me undo a delete. I lost a whole list on Friday.")
	a.message(a.requests, "#2 Let me undo")
	if code := a.child.end(); code != exitOK {
		t.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
	}
	a.slack.ClearFaults()
	a.anew()
	a.once("#requests", a.slack.Messages(a.requests), "#2 Let me undo")
}
