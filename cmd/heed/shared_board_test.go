package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

var linkCode = regexp.MustCompile(`[0-9A-Z]{3}-[0-9A-Z]{3}`)

// TestStoryOfOneBoard is Acme's team on Slack and its fans on Discord, who come to share
// one board: nobody votes twice, nothing of the team's gets out, and news go everywhere.
func TestStoryOfOneBoard(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	f := &fans{T: t, clock: a.clock, db: a.db}
	f.found()
	a.env = append(a.env, f.env...)
	a.here()
	f.heard()
	a.setUp()
	f.line(f.zoe, f.requests, "/heed channel intake on")
	f.line(f.zoe, f.news, "/heed channel announce on")

	// Each has something of its own. What the team says names a customer.
	a.command(a.rui, a.support, "/feedback SSO for Globex. They sign the day they get it.")
	a.told(a.rui, "Saved as #1")
	a.command(a.mira, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	a.told(a.mira, "Saved as #2 Dark mode")
	f.line(f.rui, f.general, "/feedback Let me undo a delete. I lost a whole list on Friday.")
	f.told(f.rui, "Saved as #1 Let me undo")
	undo := f.message(f.requests, "#1 Let me undo a delete")
	f.ok(f.omar.React(undo, "👍"))
	f.shows(undo, "👍 2 people")

	// The admins of both let them share Acme's board.
	a.command(a.zoe, a.inside, "/heed link")
	code := linkCode.FindString(a.told(a.zoe, "lets another workspace share this board").String())
	f.line(f.zoe, f.general, "/heed link code:"+code)
	f.presses(f.zoe, f.told(f.zoe, "Share a board with"), "Share the board")
	undo = f.shows(undo, "#3 Let me undo a delete", "👍 2 people")

	// Requests that were there get no flood of cards; one that moves gets its own.
	a.command(a.ana, a.inside, "/heed status 3 under review")
	here := a.message(a.requests, "#3 Let me undo a delete", "👍 2 people", "Under review")
	f.shows(undo, "Under review")

	// Ben has an account on each side; he joins them. One person, one vote, and every copy
	// of the card says so.
	a.ok(a.ben.React(here, "+1"))
	f.ok(f.ben.React(undo, "👍"))
	f.shows(undo, "👍 4 people")
	a.shows(here, "👍 4 people")
	a.command(a.ben, a.inside, "/heed link me")
	code = linkCode.FindString(a.told(a.ben, "joins another account of yours").String())
	f.line(f.ben, f.general, "/heed me link-me code:"+code)
	f.presses(f.ben, f.told(f.ben, "Are you also Ben"), "Yes, both are mine")
	f.shows(undo, "👍 3 people")
	a.shows(here, "👍 3 people")

	// What the team said stays with it, whatever the fans ask.
	for _, line := range []string{"/heed top", "/heed search Globex", "/heed search dark", "/heed show 1", "/heed show 2", "/roadmap"} {
		f.line(f.rui, f.general, line)
	}
	f.line(f.mira, f.general, "/feedback SSO, they sign in once and for all")
	f.told(f.mira, "Saved as #4") // nothing is like it, as far as Mira may know
	if offered, err := f.rui.Autocomplete(f.general, "heed show", "item", "", nil); err != nil || len(offered) != 2 || !strings.Contains(offered[0].Name+offered[1].Name, "#3") {
		t.Errorf("Rui is offered %v, %v", offered, err)
	}
	f.secret("Globex", "Dark mode", "9 pm")

	// Ana gives the team's wish words for everyone.
	a.command(a.ana, a.inside, "/heed show 2")
	a.ok(a.ana.PressLabel(a.told(a.ana, "Dark mode"), "Manage"))
	a.ok(a.ana.PressLabel(a.told(a.ana, "Share with the community…"), "Share with the community…"))
	a.submit(a.ana, map[string]any{"title": "A dark theme"})
	dark := f.message(f.requests, "#2 A dark theme", "👍 1 person")
	f.presses(f.lena, dark, "👍 Vote")
	f.presses(f.lena, f.shows(dark, "👍 2 people"), "🔔")
	a.message(a.requests, "#2 Dark mode", "👍 2 people")

	// It ships once, and is told on both sides, to each in the words that they know.
	a.command(a.ben, a.inside, "/ship 2 Settings → Appearance → Dark.")
	a.submit(a.ben, nil)
	a.told(a.ben, "Shipped: ")
	f.shows(dark, "Shipped", "Voting closed")
	a.pass(a.clock.Now().Add(6 * time.Minute))
	f.message(f.news, "A dark theme")
	a.message(a.all, "Dark mode")
	a.quiet()
	a.pass(a.clock.Now().Add(24 * time.Hour))
	a.quiet()
	f.once("#news", f.discord.Messages(f.news), "A dark theme")
	a.once("#all-acme", a.slack.Messages(a.all), "Dark mode")
	a.once("the direct messages of mira", a.slack.DMs(a.mira), "it's here")
	f.once("the direct messages of lena", f.discord.DMs(f.lena), "it's here")
	f.secret("Globex", "Dark mode", "9 pm")
}

// secret checks that none of these words of the team's stands anywhere on Discord that
// somebody of the community can see.
func (f *fans) secret(words ...string) {
	f.Helper()
	var all []discordfake.Message
	for _, ch := range []*discordfake.Channel{f.general, f.requests, f.news} {
		for _, m := range f.discord.Messages(ch) {
			all = append(append(all, m), f.thread(m)...)
		}
	}
	for _, u := range []*discordfake.User{f.rui, f.mira, f.lena, f.omar} {
		all = append(append(all, f.discord.DMs(u)...), f.discord.Ephemerals(u)...)
	}
	for _, m := range all {
		for _, w := range words {
			// Rui's own search says what he looked for.
			if s := m.String(); m.ByApp && strings.Contains(s, w) && !strings.Contains(s, "“"+w+"”") {
				f.Errorf("the community reads %q:\n%s", w, s)
			}
		}
	}
}
