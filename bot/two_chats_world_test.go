package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"heed/bot"
)

// acmeGuild is the community's Discord on Acme's board.
var acmeGuild = bot.WorkspaceRef{Platform: bot.Discord, Ref: "G1"}

// joinGuild puts Acme's Discord on the board: #ideas (D1) is its main intake.
func (w *world) joinGuild() bot.Workspace {
	w.t.Helper()
	w.exec(`insert into workspaces (board_id, platform, ref, name, bot_account, created_at) values ($1, 'discord', 'G1', 'Acme players', 'BG', $2)`, w.ws.Board, w.clock.Now())
	g, err := w.store.Workspace(w.t.Context(), acmeGuild)
	w.must(err)
	w.guildChannel(g, "D1", bot.Community, func(c *bot.Channel) { c.Intake, c.Main = true, true })
	return g
}

// guildChannel makes a channel of the Discord known, or changes it. Heed is in it.
func (w *world) guildChannel(g bot.Workspace, ref string, a bot.Audience, change func(*bot.Channel)) bot.Channel {
	w.t.Helper()
	yes := true
	c, err := w.store.MeetChannel(w.t.Context(), g.Board, g.ID, bot.ChannelSeen{Ref: ref, Name: "ideas-" + ref, Kind: bot.PublicChannel, Joined: &yes}, a)
	w.must(err)
	change(&c)
	w.must(w.store.SaveChannel(w.t.Context(), c))
	return c
}

// onGuild is an act of a Discord account in a channel there; "" is their direct conversation.
func (w *world) onGuild(account, channel string) bot.Call {
	c := w.by(account, channel)
	c.Workspace = acmeGuild
	c.Member = bot.MemberSeen{Account: account, Name: account, Complete: true}
	if channel != "" {
		c.Channel.Name = "ideas-" + channel
	}
	return c
}

// guildSays is a slash command's answer on Discord.
func (w *world) guildSays(account, channel, line string) bot.Reply {
	w.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	r, err := w.bot.Command(w.t.Context(), w.onGuild(account, channel), name, text)
	w.must(err)
	return r
}

// guildPresses is a button's answer on Discord.
func (w *world) guildPresses(account, channel string, a bot.Action) bot.Reply {
	w.t.Helper()
	r, err := w.bot.Press(w.t.Context(), w.onGuild(account, channel), a)
	w.must(err)
	return r
}

// roles gives roles to accounts of the Slack workspace: "UANA pm", "UZOE admin".
func (w *world) roles(all ...string) {
	w.t.Helper()
	for _, one := range all {
		account, role, _ := strings.Cut(one, " ")
		w.says(account, "C1", "/heed help")
		m, err := w.store.MemberByAccount(w.t.Context(), w.ws.Board, w.ws.ID, account)
		w.must(err)
		w.must(w.store.Grant(w.t.Context(), w.ws.Board, m.ID, bot.Role(role), true, 0, w.clock.Now()))
	}
}

// settled dispatches until nothing is due, whatever the pace of lanes.
func (w *world) settled() {
	w.t.Helper()
	for range 200 {
		w.exec(`delete from lanes`)
		n, err := w.bot.DispatchOnce(w.t.Context())
		w.must(err)
		if n == 0 {
			return
		}
	}
	w.t.Fatal("the dispatcher never comes to rest")
}

// cardsIn are the cards that stand in a channel.
func cardsIn(c *chat, channel string) []bot.Card {
	var out []bot.Card
	for _, x := range c.in(channel) {
		if card, ok := x.(bot.Card); ok {
			out = append(out, card)
		}
	}
	return out
}

// oneCard is the only card in a channel.
func oneCard(t *testing.T, c *chat, channel string) bot.Card {
	t.Helper()
	all := cardsIn(c, channel)
	if len(all) != 1 {
		t.Fatalf("%d cards stand in %s: %s", len(all), channel, fmt.Sprint(all))
	}
	return all[0]
}
