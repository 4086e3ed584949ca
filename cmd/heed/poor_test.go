package main

import (
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// TestPoorSlack is the whole program before a Slack that has little more than messages
// and forms: nobody's names, no channels' facts, no permalinks, no reactions to read.
func TestPoorSlack(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	for method, with := range map[string]slackfake.Fault{
		"users.info": slackfake.Refuse("missing_scope"), "conversations.info": slackfake.Refuse("unknown_method"), "conversations.open": slackfake.Refuse("unknown_method"),
		"conversations.join": slackfake.Refuse("missing_scope"), "conversations.history": slackfake.Refuse("missing_scope"), "chat.getPermalink": slackfake.Refuse("unknown_method"),
		"chat.postEphemeral": slackfake.Broken(404), "reactions.get": slackfake.Refuse("unknown_method"), "reactions.add": slackfake.Refuse("unknown_method"),
		"views.publish": slackfake.Refuse("unknown_method"),
	} {
		a.slack.Fail(method, 1_000_000, with)
	}
	a.here()
	a.command(a.zoe, a.inside, "/heed role @zoe admin") // the first who gives a role
	a.told(a.zoe, "admin already")
	a.setUp()

	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	a.told(a.rui, "Saved as #1 Dark mode")
	said := a.saves(a.lena, a.mira, "CSV export of the monthly report. I type it off the screen.")
	a.told(a.lena, "Saved as #2 CSV export")
	_, err := a.omar.Say(a.omar.DM(), "Let me undo a delete. I lost a whole list on Friday.")
	a.ok(err)
	dark, export := a.message(a.requests, "#1 Dark mode"), a.message(a.requests, "#2 CSV export")
	a.message(a.requests, "#3 Let me undo a delete")
	a.ok(a.omar.React(dark, "+1"))
	a.ok(a.ben.PressLabel(dark, "👍 Vote"))
	a.shows(dark, "👍 3 people")
	a.ok(a.rui.React(said, "+1"))
	a.shows(export, "👍 2 people")

	a.command(a.ana, a.inside, "/heed status 1 planned")
	a.shows(dark, "Planned")
	a.command(a.ben, a.inside, "/promote 2")
	a.submit(a.ben, map[string]any{"criteria": "A CSV file"})
	a.shows(export, "Planned")
	monday := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	a.pass(monday)
	a.message(a.inside, "16–22 November", "#1 Dark mode")
	a.command(a.ben, a.inside, "/ship 1 It is in the menu.")
	a.submit(a.ben, map[string]any{"how": "Settings → Dark"})
	a.shows(dark, "Shipped")
	a.pass(monday.Add(28 * time.Hour))
	a.message(a.all, "Settings → Dark")
	a.wait("Rui to hear of it", func() bool { return len(having(a.slack.DMs(a.rui), "Settings → Dark")) == 1 })
}
