package main

import (
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// TestStory is the whole program on a real Postgres, before a Slack that remembers.
func TestStory(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	a.here()
	a.setUp()

	// Rui asks by command, Lena saves what Mira said, Omar writes to Heed.
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	a.told(a.rui, "Saved as #1 Dark mode")
	said := a.saves(a.lena, a.mira, "CSV export of the monthly report. I type it off the screen, and it takes a day.")
	a.told(a.lena, "Saved as #2 CSV export")
	_, err := a.omar.Say(a.omar.DM(), "Let me undo a delete. I lost a whole list on Friday.")
	a.ok(err)
	dark, export := a.message(a.requests, "#1 Dark mode"), a.message(a.requests, "#2 CSV export")
	a.message(a.requests, "#3 Let me undo a delete")

	// What is asked for already gets Lena's vote and her words.
	a.command(a.lena, a.support, "/feedback dark mode please")
	a.ok(a.lena.PressLabel(a.told(a.lena, "This sounds like #1"), "👍 That's it"))
	a.told(a.lena, "Counted, with your words: #1")
	a.shows(dark, "👍 2 people")

	// Mira asked for the export. Three more vote: at the card, by its button, at her own
	// message. One takes it back.
	a.wait("Heed's mark on what Mira said", func() bool { return len(a.now(said).Reactions) == 1 })
	a.ok(a.omar.React(export, "+1::skin-tone-3"))
	a.ok(a.rui.PressLabel(export, "👍 Vote"))
	a.ok(a.ana.React(said, "+1"))
	a.shows(export, "👍 4 people")
	a.ok(a.omar.Unreact(export, "+1::skin-tone-3"))
	a.shows(export, "👍 3 people")
	a.ok(a.rui.React(said, "+1")) // a second place, the same one vote
	a.quiet()
	a.shows(export, "👍 3 people · +3 this week")

	a.command(a.ana, a.inside, "/heed status 1 under review")
	a.shows(dark, "Under review", "👍 2 people")

	// A week passes: one digest, and it says what was foretold.
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) // nine in Berlin
	foretold, complaint, code := heed(t, a.env, "digest", "--dry-run", "--at", monday.Format(time.RFC3339))
	if code != exitOK || !strings.Contains(foretold, "#2 CSV export") {
		t.Fatalf("the dry run ended with %d:\n%s%s", code, foretold, complaint)
	}
	a.pass(monday.Add(time.Second))
	a.message(a.inside, "16–22 November", "#2 CSV export", "👍 3")
	a.quiet()
	a.pass(monday.Add(4 * time.Hour))
	a.quiet()
	a.once("#inside", a.slack.Messages(a.inside), "16–22 November")
	frozen, _, _ := heed(t, a.env, "digest", "--at", monday.Format(time.RFC3339))
	if want := strings.Replace(foretold, "would be sent", "told already; this is what it said", 1); frozen != want {
		t.Errorf("the digest differs from the one foretold:\n%s\nforetold:\n%s", frozen, want)
	}

	// Ben promotes what Mira asked for, and ships it.
	a.command(a.ben, a.inside, "/promote 2")
	a.submit(a.ben, map[string]any{"criteria": "Given a monthly report When I press Export Then I get a CSV file"})
	a.told(a.ben, "S1")
	a.shows(export, "Planned")
	a.pass(a.clock.Now().Add(6 * time.Minute)) // the five minutes of Undo
	a.wait("the thread to hear that it is planned", func() bool { return len(a.replies(said, "is planned")) == 1 })
	a.quiet()
	a.once("the direct messages of mira", a.slack.DMs(a.mira), "is Planned now")
	a.pass(monday.Add(28 * time.Hour)) // one note a day at most, and Mira had one
	a.command(a.ben, a.inside, "/ship 2 It is in the menu of every report.")
	if reach := a.form(a.ben).String(); !strings.Contains(reach, "This reaches: ") {
		t.Errorf("the form does not say whom it reaches:\n%s", reach)
	}
	a.submit(a.ben, map[string]any{"how": "Reports → Export → CSV"})
	a.told(a.ben, "Shipped: ")
	a.shows(export, "Shipped", "Thank you, all 3", "Voting closed")
	a.quiet()
	a.silent("before the five minutes of Undo are over", "Reports → Export")

	for range 3 { // the five minutes, and days on which nobody is told again
		a.pass(a.clock.Now().Add(6 * time.Minute))
		a.quiet()
		a.heardOfTheExport(said)
		a.pass(a.clock.Now().Add(24 * time.Hour))
		a.quiet()
	}
	a.heardOfTheExport(said)
}

// saves is one person saving what another said in #support, and what was said.
func (a *acme) saves(who, author *slackfake.User, words string) slackfake.Message {
	a.Helper()
	said, err := author.Say(a.support, words)
	a.ok(err)
	a.ok(who.MessageShortcut(said, "save"))
	a.submit(who, nil)
	return said
}

// heardOfTheExport checks that each place and each person that asked for the export was
// told once that it is there, and nobody else.
func (a *acme) heardOfTheExport(said slackfake.Message) {
	a.Helper()
	const news = "Reports → Export → CSV"
	a.once("the thread of what Mira said", a.slack.Thread(said), news)
	a.once("#all-acme", a.slack.Messages(a.all), news)
	for _, u := range []*slackfake.User{a.mira, a.rui, a.ana} {
		a.once("the direct messages of "+u.Name(), a.slack.DMs(u), news)
	}
	for _, u := range []*slackfake.User{a.omar, a.lena, a.zoe, a.ben} {
		if n := len(having(a.slack.DMs(u), news)); n != 0 {
			a.Errorf("%s has no vote in it and was told %d times\n%s", u.Name(), n, a.picture())
		}
	}
}

// silent checks that Heed says words nowhere outside of cards and private answers.
func (a *acme) silent(when, words string) {
	a.Helper()
	for _, ch := range []*slackfake.Channel{a.support, a.inside, a.all} {
		for _, m := range a.slack.Messages(ch) {
			if len(having(append(a.slack.Thread(m), m), words)) > 0 {
				a.Errorf("said in #%s %s: %s", ch.Name(), when, words)
			}
		}
	}
	for _, u := range []*slackfake.User{a.rui, a.mira, a.lena, a.omar, a.ana} {
		if len(having(a.slack.DMs(u), words)) > 0 {
			a.Errorf("said to %s %s: %s", u.Name(), when, words)
		}
	}
}
