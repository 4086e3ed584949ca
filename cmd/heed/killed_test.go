package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// TestKilled is the story with kill -9 in the midst of every kind of message: Slack has
// it, and Heed never learns so. The program runs apart, as it does for its users, and is
// started anew each time.
func TestKilled(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	a.apart()
	a.setUp()

	// A card: Rui's words were acknowledged, and there is one card.
	a.killedAt("the card", func() {
		a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	}, func() bool { return len(having(a.slack.Messages(a.requests), "#1 Dark mode")) == 1 })
	a.once("#requests", a.slack.Messages(a.requests), "#1 Dark mode")
	dark := a.message(a.requests, "#1 Dark mode")

	// A card, and the answer in the thread of the message that was saved.
	var said slackfake.Message
	a.killedAt("the card and the answer in the thread", func() {
		said = a.saves(a.lena, a.mira, "CSV export of the monthly report. I type it off the screen, and it takes a day.")
	}, func() bool {
		return len(having(a.slack.Messages(a.requests), "#2 CSV export")) == 1 && len(a.replies(said, "Lena saved this")) == 1
	})
	a.once("#requests", a.slack.Messages(a.requests), "#2 CSV export")
	a.once("the thread", a.slack.Thread(said), "Lena saved this")
	export := a.message(a.requests, "#2 CSV export")
	if got := a.now(said).Reactions; len(got) != 1 || len(got[0].Users) != 1 {
		t.Errorf("Heed's mark on what Mira said: %v", got)
	}

	// What Slack has is what Heed knows: every place votes.
	a.ok(a.omar.React(dark, "+1"))
	a.shows(dark, "👍 2 people")
	a.ok(a.rui.React(said, "+1"))
	a.ok(a.ana.PressLabel(export, "👍 Vote"))
	a.shows(export, "👍 3 people")
	a.killedAmidVotes(dark, 2)

	// The digest of a Monday that came while Heed was away.
	a.killedAt("the digest", func() {
		a.later(time.Date(2026, 11, 23, 8, 20, 0, 0, time.UTC).Sub(a.clock.Now()))
	}, func() bool { return len(having(a.slack.Messages(a.inside), "16–22 November")) == 1 })
	a.once("#inside", a.slack.Messages(a.inside), "16–22 November")

	// What shipped: the thread, the announcement and three people's notes at once.
	a.command(a.ben, a.inside, "/promote 2")
	a.submit(a.ben, map[string]any{"criteria": "Given a monthly report When I press Export Then I get a CSV file"})
	a.shows(export, "Planned")
	a.later(24 * time.Hour)
	a.quiet()
	a.once("the thread", a.slack.Thread(said), "is planned")
	a.later(24 * time.Hour)
	a.command(a.ben, a.inside, "/ship 2")
	a.submit(a.ben, map[string]any{"how": "Reports → Export → CSV"})
	a.shows(export, "Shipped")
	a.killedAt("the news of what shipped", func() { a.later(6 * time.Minute) }, func() bool {
		const news = "Reports → Export → CSV"
		return len(a.replies(said, news)) == 1 && len(having(a.slack.Messages(a.all), news)) == 1 &&
			len(having(a.slack.DMs(a.mira), news)) == 1 && len(having(a.slack.DMs(a.rui), news)) == 1 && len(having(a.slack.DMs(a.ana), news)) == 1
	})
	a.heardOfTheExport(said)
	a.later(24 * time.Hour)
	a.quiet()
	a.heardOfTheExport(said)
}

// later ends Heed as a deployment does, lets time pass, and starts it again.
func (a *acme) later(d time.Duration) {
	a.Helper()
	if code := a.child.end(); code != exitOK {
		a.Errorf("heed ended with %d:\n%s", code, a.child.log.text())
	}
	a.pass(a.clock.Now().Add(d))
	a.apart()
}

// kill ends Heed with kill -9.
func (a *acme) kill() {
	a.Helper()
	a.child.kill()
	a.child.ended(patience)
}

// killedAt does something, kills Heed once Slack has the messages that come of it and has
// not answered yet, and starts it anew.
func (a *acme) killedAt(what string, act func(), there func() bool) {
	a.Helper()
	a.quiet()
	a.slack.Fail("chat.postMessage", 100, slackfake.SlowAnswer(patience))
	act()
	a.wait(what+" in Slack", there)
	a.kill()
	a.slack.ClearFaults()
	a.anew()
}

// anew starts Heed after it was killed, and waits until it has nothing left to do. The
// minute and a half for which it leaves to another what that may still be sending is over.
func (a *acme) anew() {
	a.Helper()
	_, err := a.db.ExecContext(a.Context(), "update posts set lease_until = clock_timestamp() where lease_until > clock_timestamp()")
	a.ok(err)
	a.apart()
	a.quiet()
}

// killedAmidVotes kills Heed while thirty people more vote on a card, and checks that
// each of them is counted: what Heed acknowledged it has, and Slack sends the rest again.
func (a *acme) killedAmidVotes(card slackfake.Message, there int) {
	a.Helper()
	const voters = 30
	heard := func() (n int) {
		for _, d := range a.slack.Deliveries() {
			if d.Type == "reaction_added" && d.OK() {
				n++
			}
		}
		return n
	}
	before := heard()
	var all sync.WaitGroup
	vote := func(n int) {
		u := a.team.AddUser(fmt.Sprintf("voter%02d", n))
		all.Go(func() {
			if err := u.React(card, "+1"); err != nil {
				a.Error(err)
			}
		})
	}
	for n := range voters / 3 {
		vote(n)
	}
	all.Wait()
	a.wait("the first votes to be heard", func() bool { return heard() == before+voters/3 })
	held, err := a.db.BeginTxx(a.Context(), nil) // so that the others are under way when Heed dies
	a.ok(err)
	defer func() { _ = held.Rollback() }()
	_, err = held.ExecContext(a.Context(), "select from items for update")
	a.ok(err)
	for n := voters / 3; n < voters; n++ {
		vote(n)
	}
	a.wait("a vote to wait in the database", func() bool {
		var waiting int
		a.ok(a.db.GetContext(a.Context(), &waiting, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))
		return waiting > 0
	})
	a.kill()
	a.ok(held.Rollback())
	all.Wait()
	if heard() != before+voters/3 {
		a.Error("a vote was acknowledged before it was kept")
	}
	a.anew()
	a.pass(a.clock.Now().Add(time.Minute))
	a.slack.DeliverRetries()
	if n := heard(); n != before+voters {
		a.Errorf("%d of %d votes were heard in the end", n-before, voters)
	}
	a.shows(card, fmt.Sprintf("👍 %d people", there+voters))
}
