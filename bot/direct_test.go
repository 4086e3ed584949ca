package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestDirectNotes writes to people of Slack and of Discord, some of whom are both.
func TestDirectNotes(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) *world {
		w := newWorld(t)
		w.channel("C1", func(c *bot.Channel) { c.Audience = bot.Community })
		w.roles("UANA pm", "UBEN po")
		w.joinGuild()
		return w
	}
	ships := func(w *world, n int) {
		w.t.Helper()
		w.fills("UBEN", "C1", w.says("UBEN", "C1", fmt.Sprintf("/ship %d", n)), map[string]string{"note": "It is here."})
		w.clock.move(10 * time.Minute)
		w.news()
	}
	member := func(w *world, account string) bot.Member {
		w.t.Helper()
		var id bot.MemberID
		w.must(w.db.Get(&id, `select member_id from members where account = $1`, account))
		m, err := w.store.Member(w.t.Context(), w.ws.Board, id)
		w.must(err)
		return m
	}
	// both makes a Slack and a Discord account one person's.
	both := func(w *world, slack, discord string) {
		w.t.Helper()
		w.must(w.store.LinkMember(w.t.Context(), w.ws.Board, member(w, discord).ID, member(w, slack).Person, w.clock.Now()))
	}
	direct := func(c *chat, account string) string {
		var out strings.Builder
		for _, x := range c.in("D" + account) {
			if d, ok := x.(bot.Direct); ok {
				out.WriteString(d.Doc.Plain() + "\n")
			}
		}
		return out.String()
	}
	t.Run("a_vote_on_discord_has_nobody_written_to", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		voted := w.guildPresses("omar", "D1", "vote 1")
		reads(t, voted, "Counted for #1", "I write to nobody unasked", "[🔔 Tell me]", "[Take it back]")
		hides(t, voted, "You'll hear", "Don't tell me")
		w.guildPresses("mira", "D1", "vote 1")
		reads(t, w.guildPresses("mira", "D1", "follow 1"), "You'll hear when #1", "[Stop]")
		reads(t, w.guildSays("omar", "D1", "/heed show 1"), "[Follow]")
		ships(w, 1)
		if got := direct(w.guild, "omar"); got != "" {
			t.Errorf("who only voted reads %s", got)
		}
		if got := direct(w.guild, "lena"); !strings.Contains(got, "You asked, it's here: #1") {
			t.Errorf("who asked reads %q", got)
		}
		if got := direct(w.guild, "mira"); !strings.Contains(got, "it's here: #1") {
			t.Errorf("who follows reads %q", got)
		}
	})
	t.Run("the_bell_is_on_and_off_in_turn_and_a_press_that_comes_twice_is_one", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		call := w.onGuild("omar", "D1")
		reads(t, must(w.bot.Press(t.Context(), call, "follow 1")), "You'll hear when #1")
		reads(t, must(w.bot.Press(t.Context(), call, "follow 1")), "I have done that already")
		reads(t, w.guildPresses("omar", "D1", "follow 1"), "I won't write to you about #1")
		reads(t, w.guildPresses("omar", "D1", "follow 1"), "You'll hear when #1")
		reads(t, w.guildSays("omar", "D1", "/heed follow 1"), "You'll hear when #1")
	})
	t.Run("one_person_is_told_once_where_they_spoke_last", func(t *testing.T) {
		t.Parallel()
		for _, last := range []string{"slack", "discord"} {
			w := begin(t)
			w.says("ULENA", "C1", "/feedback Dark mode, please")
			w.guildPresses("lena", "D1", "follow 1")
			both(w, "ULENA", "lena")
			w.clock.move(time.Minute)
			if last == "slack" {
				w.says("ULENA", "C1", "/heed mine")
			} else {
				w.guildSays("lena", "D1", "/heed mine")
			}
			ships(w, 1)
			slack, discord := direct(w.chat, "ULENA"), direct(w.guild, "lena")
			if (slack != "") != (last == "slack") || (discord != "") != (last == "discord") {
				t.Errorf("who spoke last on %s reads %q in Slack and %q on Discord", last, slack, discord)
			}
		}
	})
	t.Run("news_for_a_vote_go_to_slack_where_a_vote_is_enough", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.says("ULENA", "C1", "/heed vote 1")
		w.guildSays("lena", "D1", "/heed help")
		both(w, "ULENA", "lena")
		w.clock.move(time.Minute)
		w.guildSays("lena", "D1", "/heed mine")
		ships(w, 1)
		if slack, discord := direct(w.chat, "ULENA"), direct(w.guild, "lena"); discord != "" || !strings.Contains(slack, "You wanted it, it's here") {
			t.Errorf("she reads %q in Slack and %q on Discord", slack, discord)
		}
	})
	t.Run("what_is_the_teams_is_told_in_the_teams_chat", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.channel("C2", func(c *bot.Channel) { c.Audience = bot.Team })
		w.says("ULENA", "C2", "/feedback Globex wants dark mode")
		w.guildSays("lena", "D1", "/heed help")
		both(w, "ULENA", "lena")
		w.clock.move(time.Minute)
		w.guildSays("lena", "D1", "/heed mine")
		ships(w, 1)
		if slack, discord := direct(w.chat, "ULENA"), direct(w.guild, "lena"); discord != "" || !strings.Contains(slack, "Globex") {
			t.Errorf("she reads %q in Slack and %q on Discord", slack, discord)
		}
	})
	closing := func(w *world, reason *bot.Fault) {
		w.guild.fail = func(call, at string) error {
			if call == "post" && strings.HasPrefix(at, "Dlena") {
				return reason
			}
			return nil
		}
	}
	t.Run("closed_direct_messages_are_noted_said_once_and_tried_again_on_request", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		for _, wish := range []string{"Dark mode, please", "Export everything as CSV", "Invoices by mail", "Log in once"} {
			w.guildSays("lena", "D1", "/feedback "+wish)
			w.clock.move(time.Minute)
		}
		closing(w, &bot.Fault{Kind: bot.FaultForbidden, Reason: "50007"})
		ships(w, 1)
		w.clock.move(24 * time.Hour)
		ships(w, 2)
		w.clock.move(24 * time.Hour)
		w.news()
		tries := func() (n int) {
			for _, call := range w.guild.calls {
				if call == "post Dlena" {
					n++
				}
			}
			return n
		}
		if n := tries(); n != 1 {
			t.Errorf("tried %d times", n)
		}
		if n := w.number(`select count(*) from posts where kind = 'direct' and due_at is not null and gone_at is null`); n != 0 {
			t.Errorf("%d batches still wait", n)
		}
		w.roles("UZOE admin")
		all, err := w.bot.Press(t.Context(), w.by("UZOE", "C1"), bot.Act("doctor", "all"))
		w.must(err)
		reads(t, all, "Direct messages don't get through to 1 person")
		told := w.guildSays("lena", "D1", "/heed vote 3")
		reads(t, told, "I can't write to you", "/heed mine", "[Try again]")
		hides(t, w.guildSays("lena", "D1", "/heed mine"), "I can't write to you")
		ships(w, 3)
		if n := tries(); n != 1 {
			t.Errorf("tried %d times without being asked", n)
		}
		w.guild.fail = nil
		again := w.guildPresses("lena", "D1", actionOf(t, told, "Try again"))
		reads(t, again, "I'll write to you when something of yours moves")
		hides(t, again, "I can't write to you")
		w.clock.move(24 * time.Hour)
		ships(w, 4)
		if got := direct(w.guild, "lena"); !strings.Contains(got, "#4") {
			t.Errorf("she reads %q", got)
		}
	})
	t.Run("who_has_another_account_reads_it_there", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		w.says("ULENA", "C1", "/heed help")
		both(w, "ULENA", "lena")
		w.clock.move(time.Minute)
		w.guildSays("lena", "D1", "/heed mine")
		closing(w, &bot.Fault{Kind: bot.FaultForbidden, Reason: "50007"})
		ships(w, 1)
		w.news()
		if got := direct(w.chat, "ULENA"); !strings.Contains(got, "You asked, it's here: #1") {
			t.Errorf("she reads %q", got)
		}
	})
	t.Run("writing_to_heed_opens_the_conversation", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		closing(w, &bot.Fault{Kind: bot.FaultForbidden, Reason: "50007"})
		ships(w, 1)
		hides(t, w.guildSays("lena", "", "/heed mine"), "I can't write to you")
		if member(w, "lena").Closed {
			t.Error("it still counts as closed")
		}
	})
	t.Run("a_workspace_that_lets_heed_write_to_nobody_says_nothing_of_a_person", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		closing(w, &bot.Fault{Kind: bot.FaultForbidden, Reason: "missing_scope", Ungranted: true})
		ships(w, 1)
		if member(w, "lena").Closed {
			t.Error("she is told to open what she has not closed")
		}
	})
}
