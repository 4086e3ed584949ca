package discord

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

func TestGatewaySessions(t *testing.T) {
	t.Parallel()

	t.Run("what_is_heard_arrives", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "attach "+l.guild.ID+" Acme")
		ch, rui := l.guild.AddChannel("feedback"), l.guild.AddUser("Rui")
		m, err := rui.Say(ch, "hello")
		l.must(err)
		l.must(rui.React(m, "👍🏽"))
		l.ear.hears(t, rui.ID+" support +1::skin-tone-4 on "+m.ID)
		l.must(rui.Unreact(m, "👍🏽"))
		l.ear.hears(t, rui.ID+" retract +1::skin-tone-4 on "+m.ID)
		l.must(rui.React(m, "👍"))
		l.must(l.guild.Owner().ClearReactions(m))
		l.ear.hears(t, "cleared "+m.ID+" []")
	})

	t.Run("cut_and_resumed_nothing_is_missed", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		ch, rui := l.guild.AddChannel("feedback"), l.guild.AddUser("Rui")
		m, err := rui.Say(ch, "hello")
		l.must(err)
		l.ear.hears(t, "gap "+l.guild.ID)
		for i, end := range []func(){
			func() { l.discord.Disconnect(true) }, l.discord.CutGateway, l.discord.AskReconnect,
			func() { l.discord.InvalidateSessions(true) },
		} {
			end()
			l.must(rui.React(m, "👍"))
			l.must(rui.Unreact(m, "👍"))
			l.until("a resume", func() bool { return l.discord.Resumes() == i+1 })
			l.connected(1)
		}
		l.ear.waitFor(t, "all reactions", func(told []string) bool {
			return len(matching(told, rui.ID+" support")) == 4 && len(matching(told, rui.ID+" retract")) == 4
		})
		if n := l.discord.Identifies(); n != 1 {
			t.Errorf("%d sessions begun, want 1", n)
		}
		if n := len(matching(l.ear.all(), "gap")); n != 1 {
			t.Errorf("read back %d times: nothing was missed", n)
		}
	})

	t.Run("invalid_session_is_counted_and_read_back", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "gap "+l.guild.ID)
		before := time.Now()
		l.discord.InvalidateSessions(false)
		l.until("a new session", func() bool { return l.discord.Identifies() == 2 })
		l.connected(1)
		l.ear.waitFor(t, "another gap", func(told []string) bool { return len(matching(told, "gap")) == 2 })
		if n := l.ledger.count(); n != 2 {
			t.Errorf("%d sessions counted, want 2", n)
		}
		l.ear.mu.Lock()
		since := l.ear.gaps[l.guild.ID]
		l.ear.mu.Unlock()
		if since.IsZero() || since.After(time.Now()) || since.Before(before.Add(-time.Minute)) {
			t.Errorf("gap since %v, want about %v", since, before)
		}
	})

	t.Run("lost_session_begins_anew", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		for i, code := range []int{discordfake.CloseSessionTimedOut, discordfake.CloseInvalidSeq} {
			l.discord.CloseGateway(code, "")
			l.until("a new session", func() bool { return l.discord.Identifies() == i+2 })
			l.connected(1)
		}
	})

	t.Run("silence_is_the_end_of_a_connection", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{Heartbeat: 500 * time.Millisecond})
		l.discord.DropHeartbeats(true)
		l.until("a resume", func() bool { return l.discord.Resumes() >= 1 })
		l.discord.DropHeartbeats(false)
		l.connected(1)
	})

	t.Run("heartbeat_at_once_when_asked", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.discord.AskHeartbeat()
		l.must(l.guild.AddUser("Rui").React(say(l, "hello"), "👍"))
		l.ear.waitFor(t, "the reaction", func(told []string) bool { return len(matching(told, " support ")) == 1 })
	})

	t.Run("a_gateway_that_is_away_is_tried_again", func(t *testing.T) {
		t.Parallel()
		l := quiet(t, discordfake.Config{})
		l.discord.RefuseGateway(true)
		l.discord.Fail("GET /gateway/bot", 1, discordfake.Broken(502))
		l.discord.Fail("GET /users/@me", 1, discordfake.CutBefore())
		l.run(l.adapter)
		l.until("three tries", func() bool { return len(l.discord.Requests("GET /gateway/bot")) >= 4 })
		if n := l.ledger.count(); n != 0 {
			t.Errorf("%d sessions counted without a connection", n)
		}
		l.discord.RefuseGateway(false)
		l.connected(1)
	})

	t.Run("a_stop_ends_the_session", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "gap "+l.guild.ID)
		l.stop()
		l.connected(0)
		l.ledger.waitFor(t, "the shard given back", func(x *ledger) bool {
			for _, lease := range x.leases {
				if lease.ended && !lease.heard.IsZero() {
					return true
				}
			}
			return false
		})
	})
}

func TestGatewayGivesUp(t *testing.T) {
	t.Parallel()
	for code, words := range map[int]string{
		discordfake.CloseAuthenticationFailed: "DISCORD_TOKEN",
		discordfake.CloseInvalidIntents:       "newer Heed",
		discordfake.CloseDisallowedIntents:    "switch the intent on",
		discordfake.CloseInvalidVersion:       "newer Heed",
		discordfake.CloseInvalidShard:         "DISCORD_SHARD",
		discordfake.CloseShardingRequired:     "more shards",
	} {
		l := listen(t, discordfake.Config{})
		l.discord.CloseGateway(code, "")
		l.ledger.waitFor(t, "a sentence for the doctor", func(x *ledger) bool { return len(x.troubles) == 1 && strings.Contains(x.troubles[0], words) })
		l.stop()
		if n := l.discord.Identifies(); n != 1 {
			t.Errorf("%d: tried %d times", code, n)
		}
	}
}

func TestGatewaySpares(t *testing.T) {
	t.Parallel()

	t.Run("discords_own_count_nears_its_end", func(t *testing.T) {
		t.Parallel()
		l := quiet(t, discordfake.Config{})
		l.discord.SetIdentifiesLeft(sessionsKept)
		l.run(l.adapter)
		l.ledger.waitFor(t, "a sentence for the doctor", func(x *ledger) bool {
			return len(x.troubles) == 1 && strings.Contains(x.troubles[0], "resets the token")
		})
		if n := l.discord.Identifies(); n != 0 {
			t.Errorf("%d sessions begun", n)
		}
	})
	t.Run("our_own_count_nears_its_end", func(t *testing.T) {
		t.Parallel()
		l := quiet(t, discordfake.Config{})
		l.ledger.set(func(x *ledger) { x.wait = time.Hour })
		l.run(l.adapter)
		l.ledger.waitFor(t, "a sentence for the doctor", func(x *ledger) bool { return len(x.troubles) == 1 })
		if n := l.discord.Identifies(); n != 0 {
			t.Errorf("%d sessions begun", n)
		}
	})
	t.Run("one_at_a_time", func(t *testing.T) {
		t.Parallel()
		l := quiet(t, discordfake.Config{Heartbeat: 500 * time.Millisecond})
		l.ledger.set(func(x *ledger) { x.wait = 50 * time.Millisecond })
		l.run(l.adapter)
		l.until("another try", func() bool { return len(l.discord.Requests("GET /gateway/bot")) >= 4 })
		if n := l.discord.Identifies(); n != 0 {
			t.Errorf("%d sessions begun out of turn", n)
		}
		l.ledger.set(func(x *ledger) { x.wait = 0 })
		l.connected(1)
		l.ledger.mu.Lock()
		defer l.ledger.mu.Unlock()
		if len(l.ledger.troubles) > 0 {
			t.Errorf("told the doctor: %q", l.ledger.troubles)
		}
	})
	t.Run("what_can_not_be_counted_does_not_begin", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ledger.set(func(x *ledger) { x.down = true })
		l.discord.InvalidateSessions(false)
		l.until("tries", func() bool { return len(l.discord.Requests("GET /gateway/bot")) >= 4 })
		if n := l.discord.Identifies(); n != 1 {
			t.Errorf("%d sessions begun", n)
		}
		l.ledger.set(func(x *ledger) { x.down = false })
		l.connected(1)
	})
	t.Run("a_session_that_never_comes_about_is_not_hammered", func(t *testing.T) {
		t.Parallel()
		l := quiet(t, discordfake.Config{})
		l.discord.Fail("GET /users/@me", 3, discordfake.Refuse(401, 0, "401: Unauthorized"))
		l.run(l.adapter)
		l.until("one question", func() bool { return len(l.discord.Requests("GET /users/@me")) == 1 })
		l.discord.SetIdentifiesLeft(900) // something else happens
		if n := len(l.discord.Requests("")); n != 1 {
			t.Errorf("%d calls with a bad token", n)
		}
	})
}

func TestGatewayOwner(t *testing.T) {
	t.Parallel()
	l := quiet(t, discordfake.Config{})
	stop := l.run(l.adapter)
	l.connected(1)
	l.ear.hears(t, "gap "+l.guild.ID)
	other := l.replica()
	l.run(other)
	l.until("the other looks", func() bool { return len(l.discord.Requests("GET /users/@me")) >= 2 })

	// The first is taken for dead: the other takes over, and the first closes.
	l.ledger.set(func(x *ledger) {
		for _, lease := range x.leases {
			lease.holder, lease.ended = "nobody", true
		}
	})
	l.until("a takeover", func() bool { return l.discord.Identifies() == 2 })
	l.connected(1)
	l.ear.waitFor(t, "what was missed between them", func(told []string) bool { return len(matching(told, "gap")) == 2 })
	stop()
	l.connected(1)
}

func TestShards(t *testing.T) {
	t.Parallel()
	l := quiet(t, discordfake.Config{Shards: 3})
	l.run(l.adapter)
	l.connected(3)
	l.ear.hears(t, "attach "+l.guild.ID+" Acme")
	for s, want := range map[string]bool{"0/1": true, "3/4": true, "": false, "4/4": false, "-1/2": false, "1": false, "a/b": false, "0/0": false} {
		if _, _, ok := ParseShard(s); ok != want {
			t.Errorf("ParseShard(%q): %v", s, ok)
		}
	}
}

// matching are the lines that hold a part.
func matching(lines []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return !strings.Contains(s, part) })
}

// say has somebody say something in a new channel.
func say(l *listening, words string) discordfake.Message {
	l.t.Helper()
	m, err := l.guild.AddUser("Mira").Say(l.guild.AddChannel("talk"), words)
	l.must(err)
	return m
}
