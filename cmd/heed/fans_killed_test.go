package main

import (
	"fmt"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

// TestKilledOnDiscord is kill -9 in the midst of what Heed says and hears on Discord: it
// has the message, or the vote, and Heed never learns so. Discord tells nothing twice.
func TestKilledOnDiscord(t *testing.T) {
	t.Parallel()
	f := newFans(t)
	f.apart()
	f.setUp()

	f.killedAt("the card", func() {
		f.line(f.rui, f.general, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	}, func() bool { return len(byHeed(f.discord.Messages(f.requests), "#1 Dark mode")) == 1 })
	f.once("#requests", f.discord.Messages(f.requests), "#1 Dark mode")
	dark := f.message(f.requests, "#1 Dark mode")

	// Votes while nobody listens, one taken back among them, are read back.
	f.ok(f.omar.React(dark, "👍"))
	f.shows(dark, "👍 2 people")
	f.kill()
	for n := range 12 {
		f.ok(f.guild.AddUser(fmt.Sprintf("voter%02d", n)).React(dark, "👍"))
	}
	f.ok(f.omar.Unreact(dark, "👍"))
	f.anew()
	f.shows(dark, "👍 13 people")

	// The digest of a Monday that came while Heed was away.
	f.killedAt("the digest", func() {
		if code := f.child.end(); code != exitOK {
			f.Errorf("heed ended with %d:\n%s", code, f.child.log.text())
		}
		f.pass(time.Date(2026, 11, 23, 8, 20, 0, 0, time.UTC))
		f.apart()
	}, func() bool { return len(byHeed(f.discord.Messages(f.mods), "16–22 November")) == 1 })
	f.once("#mods", f.discord.Messages(f.mods), "16–22 November")
}

// kill ends Heed with kill -9.
func (f *fans) kill() {
	f.Helper()
	f.child.kill()
	f.child.ended(patience)
	f.wait("Discord to notice", func() bool { return f.discord.Connected() == 0 })
}

// killedAt does something, kills Heed once Discord has the messages that come of it and
// has not answered yet, and starts it anew.
func (f *fans) killedAt(what string, act func(), there func() bool) {
	f.Helper()
	f.quiet()
	f.discord.Fail("POST /channels/{channel}/messages", 100, discordfake.SlowAnswer(patience))
	act()
	f.wait(what+" on Discord", there)
	f.kill()
	f.discord.ClearFaults()
	f.anew()
}

// anew starts Heed after it was killed, and waits until it has nothing left to do. The
// time is over for which it leaves to another what that may still be doing.
func (f *fans) anew() {
	f.Helper()
	for _, over := range []string{
		"update posts set lease_until = clock_timestamp() where lease_until > clock_timestamp()",
		"update gateway_leases set until = clock_timestamp()",
		"delete from lanes where lane like 't:%'",
	} {
		_, err := f.db.ExecContext(f.Context(), over)
		f.ok(err)
	}
	f.apart()
	f.quiet()
}
