package main

import (
	"net/url"
	"strings"
	"testing"
)

// TestOddText: letters that no database keeps, or that turn a line around, keep nobody out
// and nothing from being kept, wherever they stand in what Slack sends.
func TestOddText(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	a.here()
	a.setUp()
	const odd = "dark\x00 mode \u202efor\u0000 all\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \U000e0041"
	a.rui.Rename("Rui\x00 \u202e", "rui")
	a.slack.Settle()
	a.command(a.rui, a.support, "/feedback "+odd)
	a.told(a.rui, "Saved as #1")
	a.command(a.rui, a.support, "/heed search "+odd)
	a.told(a.rui, "#1")
	a.command(a.ana, a.support, "/heed retitle 1 "+odd+" light")
	a.command(a.ana, a.support, "/heed status 1 declined "+odd)
	a.command(a.ana, a.support, "/heed tag 1 "+odd)
	_, err := a.omar.Say(a.omar.DM(), "Export "+odd+" as a file")
	a.ok(err)
	a.wait("the direct message to be kept", func() bool {
		var n int
		return a.db.Get(&n, `select count(*) from items where number = 2`) == nil && n == 1
	})
	a.ok(a.lena.GlobalShortcut("give"))
	a.submit(a.lena, map[string]any{"words": "Undo " + odd, "title": odd})
	a.support.Rename("support-\x00-\u202e")
	a.slack.Settle()
	said, err := a.mira.Say(a.support, "Invoices "+odd)
	a.ok(err)
	a.ok(a.lena.MessageShortcut(said, "save"))
	a.submit(a.lena, nil)
	d := a.slack.Post("/slack/commands", "application/x-www-form-urlencoded", []byte(url.Values{
		"command": {"/feedback"}, "text": {"Latin \xff\xfe bytes in a wish"}, "team_id": {a.team.ID}, "user_id": {a.omar.ID}, "channel_id": {a.support.ID()}, "channel_name": {"a\x00b"}, "trigger_id": {"1.2.\x00"},
	}.Encode()), nil)
	if !strings.Contains(string(d.Answer), "Saved as") {
		t.Errorf("bytes that are no UTF-8 are answered %d %s", d.Status, d.Answer)
	}
	a.quiet()
	for _, d := range a.slack.Deliveries() {
		if !d.OK() {
			t.Errorf("not acknowledged: %s, %d, %v", d.Type, d.Status, d.Err)
		}
	}
	for _, answer := range a.slack.Ephemerals(a.rui) {
		if strings.Contains(answer.String(), "that's on me") {
			t.Errorf("Rui reads %s", answer)
		}
	}
	var n int
	if err := a.db.Get(&n, `select (select count(*) from items) + (select count(*) from held where settled_at is null)`); err != nil || n < 5 {
		t.Errorf("%d requests are kept, %v", n, err)
	}
}
