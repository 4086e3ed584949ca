package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestCardsInSeveralChats has one request stand in Slack and on Discord.
func TestCardsInSeveralChats(t *testing.T) {
	t.Parallel()
	open := func(w *world) { w.channel("C1", func(c *bot.Channel) { c.Audience = bot.Community }) }
	t.Run("a_teams_request_stays_in_the_teams_chat", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.joinGuild()
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.settled()
		oneCard(t, w.chat, "C1")
		if all := w.guild.in("D1"); len(all) != 0 {
			t.Errorf("on Discord stands %+v", all)
		}
	})
	t.Run("who_is_gone_or_closed_gets_none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		g := w.joinGuild()
		w.guildChannel(g, "D1", bot.Community, func(c *bot.Channel) { c.State = "archived" })
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.guildChannel(g, "D1", bot.Community, func(c *bot.Channel) { c.State = "open" })
		w.must(w.bot.WorkspaceGone(t.Context(), acmeGuild))
		w.says("URUI", "C1", "/feedback Export everything as CSV")
		w.settled()
		if n := w.number(`select count(*) from posts where kind = 'card' and workspace_id = $1`, g.ID); n != 0 {
			t.Errorf("%d cards are wanted where nobody is", n)
		}
	})
	t.Run("asked_in_one_it_stands_in_both_with_one_count", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.joinGuild()
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.guildSays("lena", "D1", "/feedback Export everything as CSV")
		w.settled()
		for _, c := range []struct {
			chat    *chat
			channel string
		}{{w.chat, "C1"}, {w.guild, "D1"}} {
			if cards := cardsIn(c.chat, c.channel); len(cards) != 2 || cards[0].Votes != 1 || cards[1].Votes != 1 {
				t.Fatalf("in %s stands %+v", c.channel, cards)
			}
		}
		w.guildPresses("lena", "D1", bot.Act("vote", 1))
		w.settled()
		if a, b := cardsIn(w.chat, "C1")[0], cardsIn(w.guild, "D1")[0]; a.Votes != 2 || b.Votes != 2 {
			t.Errorf("one shows %d, the other %d", a.Votes, b.Votes)
		}
	})
	t.Run("once_however_often_it_is_wanted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.roles("UANA pm")
		g := w.joinGuild()
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.settled()
		w.guildChannel(g, "D2", bot.Community, func(c *bot.Channel) { c.Intake, c.Main = true, true }) // the main intake moved
		w.says("UANA", "C1", "/heed status 1 planned")
		w.says("UANA", "C1", "/heed hide 1 spam")
		w.settled()
		if n := len(w.guild.in("D1")) + len(w.chat.in("C1")); n != 0 {
			t.Fatalf("%d copies of what is hidden stand", n)
		}
		w.says("UANA", "C1", "/heed hide 1 off")
		w.settled()
		if n := len(cardsIn(w.guild, "D1")) + len(cardsIn(w.guild, "D2")); n != 1 {
			t.Errorf("%d cards stand on Discord", n)
		}
		oneCard(t, w.chat, "C1")
	})
	t.Run("withdrawn_it_is_gone_from_all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.joinGuild()
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.settled()
		_, err := w.bot.Press(t.Context(), w.by("URUI", "C1"), "withdrawnow 1")
		w.must(err)
		w.settled()
		for _, c := range []bot.Card{oneCard(t, w.chat, "C1"), oneCard(t, w.guild, "D1")} {
			if c.Gone == "" || c.Title != "" {
				t.Errorf("a card shows %+v", c)
			}
		}
	})
	t.Run("made_the_teams_it_leaves_the_community_and_comes_back_with_undo", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.roles("UANA pm")
		w.joinGuild()
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		w.settled()
		r := w.says("UANA", "C1", "/heed audience 1 team")
		w.settled()
		if len(w.guild.in("D1"))+len(w.chat.in("C1")) != 0 {
			t.Error("the community still sees its card")
		}
		w.presses("UANA", "C1", r, "Undo")
		w.settled()
		oneCard(t, w.guild, "D1")
		oneCard(t, w.chat, "C1")
	})
	t.Run("shipped_it_is_answered_and_announced_in_both", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.roles("UANA pm", "UBEN po")
		g := w.joinGuild()
		w.channel("C3", func(c *bot.Channel) { c.Audience, c.Announce = bot.Community, true })
		w.channel("C4", func(c *bot.Channel) { c.Announce = true }) // the team's
		w.guildChannel(g, "D3", bot.Community, func(c *bot.Channel) { c.Announce = true })
		saved := w.saves("UANA", "C1", bot.Heard{Message: "said", Author: bot.MemberSeen{Account: "URUI", Name: "URUI"}, Words: "Dark mode, please", At: w.clock.Now()})
		w.fills("UANA", "C1", saved, nil)
		w.guildSays("lena", "D1", "/feedback My eyes hurt after nine")
		w.says("UANA", "C1", "/heed merge 2 into 1")
		w.settled()
		w.fills("UBEN", "C1", w.says("UBEN", "C1", "/ship 1"), map[string]string{"note": "Settings → Dark"})
		w.clock.move(10 * time.Minute)
		w.news()
		answers := func(c *chat, channel string) (threads, announced int) {
			c.mu.Lock()
			defer c.mu.Unlock()
			for at, m := range c.messages {
				if in, _, _ := cut(at); in != channel {
					continue
				}
				switch x := m.Content.(type) {
				case bot.Note:
					if m.Thread != "" && strings.Contains(x.Doc.Plain(), "Settings → Dark") {
						threads++
					}
				case bot.Announcement:
					announced++
				}
			}
			return threads, announced
		}
		for _, x := range []struct {
			chat               *chat
			channel            string
			threads, announced int
		}{{w.chat, "C1", 2, 0}, {w.guild, "D1", 1, 0}, {w.chat, "C3", 0, 1}, {w.chat, "C4", 0, 1}, {w.guild, "D3", 0, 1}} {
			threads, announced := answers(x.chat, x.channel)
			if threads != x.threads || announced != x.announced {
				t.Errorf("in %s: %d threads answered, %d announcements; want %d and %d", x.channel, threads, announced, x.threads, x.announced)
			}
		}
	})
	t.Run("what_takes_another_in_is_seen_where_that_was_asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.roles("UANA pm")
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.joinGuild()
		w.guildSays("lena", "D1", "/feedback My eyes hurt after nine")
		w.says("UANA", "C1", "/heed merge 2 into 1")
		w.settled()
		if cards := cardsIn(w.guild, "D1"); len(cards) != 2 || cards[1].Number != 1 || cards[1].Votes != 2 {
			t.Errorf("on Discord stands %+v", cards)
		}
	})
	t.Run("who_joins_later_is_not_flooded_but_sees_what_is_decided_next", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		open(w)
		w.roles("UANA pm")
		for _, wish := range []string{"Dark mode, please", "Export everything as CSV", "Invoices by mail"} {
			w.says("URUI", "C1", "/feedback "+wish)
		}
		g := w.joinGuild()
		w.guildChannel(g, "D1", bot.Community, func(c *bot.Channel) { c.Intake, c.Main = false, false })
		w.exec(`insert into grants (board_id, member_id, role, at) select board_id, member_id, 'admin', $1 from members where account = 'UANA'`, w.clock.Now())
		w.guildSays("zoe", "D1", "/heed help")
		w.exec(`insert into grants (board_id, member_id, role, at) select board_id, member_id, 'admin', $1 from members where account = 'zoe'`, w.clock.Now())
		reads(t, w.guildSays("zoe", "D1", "/heed channel intake"), "Cards live in")
		_, err := w.bot.Press(t.Context(), w.by("UOMAR", "C1"), bot.Act("vote", 1)) // is no decision
		w.must(err)
		w.settled()
		if cards := cardsIn(w.guild, "D1"); len(cards) != 0 {
			t.Errorf("%d cards came by joining", len(cards))
		}
		w.says("UANA", "C1", "/heed status 2 planned")
		w.says("UANA", "C1", "/heed status 3 declined Mail is not ours.")
		w.settled()
		if c := oneCard(t, w.guild, "D1"); c.Number != 2 || c.Status != bot.StatusPlanned {
			t.Errorf("the card is %+v", c)
		}
	})
}
