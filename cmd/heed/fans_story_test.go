package main

import (
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

// TestStoryOnDiscord is the whole program on a real Postgres, before a Discord that
// remembers.
func TestStoryOnDiscord(t *testing.T) {
	t.Parallel()
	f := newFans(t)
	f.here()
	f.setUp()

	// Rui asks by command, Ana saves what Mira said, Omar writes to Heed.
	f.line(f.rui, f.general, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	f.told(f.rui, "Saved as #1 Dark mode")
	said := f.saves(f.ana, f.mira, "CSV export of the monthly report. I type it off the screen, and it takes a day.")
	f.told(f.ana, "Saved as #2 CSV export")
	f.line(f.omar, f.general, "/heed top")
	_, err := f.omar.Tell("Let me undo a delete. I lost a whole list on Friday.")
	f.ok(err)
	dark, export := f.message(f.requests, "#1 Dark mode"), f.message(f.requests, "#2 CSV export")
	f.message(f.requests, "#3 Let me undo a delete")

	// What is asked for already gets Lena's vote and her words.
	f.line(f.lena, f.general, "/feedback dark mode please")
	f.presses(f.lena, f.told(f.lena, "This sounds like #1"), "👍 That's it")
	f.told(f.lena, "Counted, with your words: #1")
	f.shows(dark, "👍 2 people")

	// Mira asked for the export. Three more vote: at the card, by its button, at her own
	// message. One takes it back.
	f.wait("Heed's mark on what Mira said", func() bool {
		m, _ := f.discord.Message(said)
		return len(m.Reactions) == 1
	})
	f.ok(f.omar.React(export, "👍🏽"))
	f.presses(f.rui, export, "👍 Vote")
	f.ok(f.ana.React(said, "👍"))
	f.shows(export, "👍 4 people")
	f.ok(f.omar.Unreact(export, "👍🏽"))
	f.shows(export, "👍 3 people")
	f.ok(f.rui.React(said, "👍")) // a second place, the same one vote
	f.quiet()
	f.shows(export, "👍 3 people · +3 this week")

	f.line(f.ana, f.mods, "/heed status 1 under_review")
	f.shows(dark, "Under review", "👍 2 people")

	// A week passes: one digest.
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) // nine in Berlin
	f.pass(monday.Add(time.Second))
	f.message(f.mods, "16–22 November", "#2 CSV export", "👍 3")
	f.quiet()
	f.pass(monday.Add(4 * time.Hour))
	f.quiet()
	f.once("#mods", f.discord.Messages(f.mods), "16–22 November")

	// Ben promotes what Mira asked for, and ships it.
	f.line(f.ben, f.mods, "/promote 2")
	f.submit(f.ben, map[string]any{"criteria": "Given a monthly report When I press Export Then I get a CSV file"})
	f.told(f.ben, "S1")
	f.shows(export, "Planned")
	f.pass(f.clock.Now().Add(6 * time.Minute)) // the five minutes of Undo
	f.wait("the thread to hear that it is planned", func() bool { return len(byHeed(f.thread(said), "is planned")) == 1 })
	f.quiet()
	f.pass(monday.Add(28 * time.Hour)) // one note a day at most
	f.line(f.ben, f.mods, "/ship 2 It is in the menu of every report.")
	f.submit(f.ben, map[string]any{"how": "Reports → Export → CSV"})
	f.told(f.ben, "Shipped: ")
	f.shows(export, "Shipped", "Thank you, all 3", "Voting closed")
	for range 3 { // the five minutes of Undo, and days on which nobody is told again
		f.pass(f.clock.Now().Add(6 * time.Minute))
		f.quiet()
		f.heardOfTheExport(said)
		f.pass(f.clock.Now().Add(24 * time.Hour))
		f.quiet()
	}
	f.heardOfTheExport(said)
}

// saves is a moderator saving what somebody said in #general, and what was said.
func (f *fans) saves(who, author *discordfake.User, words string) discordfake.Message {
	f.Helper()
	said, err := author.Say(f.general, words)
	f.ok(err)
	f.ok(who.MessageCommand(said, "Save as feedback"))
	f.submit(who, nil)
	return said
}

// heardOfTheExport checks that each place that asked for the export was told once that it
// is there, and of the people Mira alone: she asked, the others only voted.
func (f *fans) heardOfTheExport(said discordfake.Message) {
	f.Helper()
	const news = "Reports → Export → CSV"
	f.once("the thread of what Mira said", f.thread(said), news)
	f.once("#news", f.discord.Messages(f.news), news)
	f.once("the direct messages of mira", f.discord.DMs(f.mira), news)
	for _, u := range []*discordfake.User{f.rui, f.omar, f.lena, f.ana, f.zoe, f.ben} {
		if n := len(byHeed(f.discord.DMs(u), news)); n != 0 {
			f.Errorf("%s did not ask for it and was told %d times\n%s", u.Name(), n, f.picture())
		}
	}
}
