package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestServerAdmins keeps apart who runs a Discord server and who decides on a board that
// it shares with a team.
func TestServerAdmins(t *testing.T) {
	t.Parallel()
	const secret = "Globex wants dark mode"
	// as is an act of somebody who runs the server.
	as := func(w *world, channel, line string) bot.Reply {
		w.t.Helper()
		call := w.onGuild("mod", channel)
		call.Member.Admin = true
		name, text := "heed", line
		r, err := w.bot.Command(w.t.Context(), call, name, text)
		w.must(err)
		return r
	}
	begin := func(t *testing.T) *world {
		w := newWorld(t)
		w.roles("UANA pm", "UBEN po", "UZOE admin")
		w.joinGuild()
		w.says("URUI", "C1", "/feedback "+secret)
		return w
	}
	t.Run("who_runs_the_server_reads_and_decides_nothing_of_the_teams", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		for _, line := range []string{"show 1", "top", "search globex", "status 1 planned", "audience 1 community", "audience team", "triage", "settings", "role <@mod> admin", "merge 1 into 2", "hide 1", "retitle 1 x"} {
			r := as(w, "D1", line)
			hides(t, r, "Globex", "feedback-C1", "UANA", "UBEN", "UZOE", "URUI")
		}
		for _, name := range []string{"backlog", "promote", "ship", "roadmap"} {
			call := w.onGuild("mod", "D1")
			call.Member.Admin = true
			r, err := w.bot.Command(t.Context(), call, name, "1")
			w.must(err)
			hides(t, r, "Globex", "UANA", "UBEN", "UZOE")
		}
		if it := w.numbered(1); it.Status != bot.StatusNew || it.Audience != bot.Team {
			t.Errorf("it is %+v", it)
		}
	})
	t.Run("the_form_of_a_channel_opens_no_way_to_the_teams", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		call := w.onGuild("mod", "D1")
		call.Member.Admin = true
		r, err := w.bot.Submit(t.Context(), call, bot.Submission{Form: "channel", State: "D1", Values: map[string]string{"emoji": ":+1:", "audience": "team"}})
		w.must(err)
		reads(t, r, "Nothing has changed")
		w.settled()
		if n := len(w.guild.in("D1")); n != 0 {
			t.Error("the team's card stands on Discord")
		}
	})
	t.Run("they_do_set_up_their_own_channels", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		reads(t, as(w, "D2", "channel intake"), "Cards live in")
		reads(t, as(w, "D2", "digest here"), "The digest comes here")
		reads(t, as(w, "D2", "doctor"), "All is well")
		call := w.onGuild("mod", "D2")
		call.Member.Admin = true
		found, err := w.bot.Press(t.Context(), call, bot.Act("doctor", "all"))
		w.must(err)
		reads(t, found, "Acme players")
		hides(t, found, "C1", "UANA", "UZOE", "Acme*")
	})
	t.Run("whom_the_team_gives_a_role_decides_there_too", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		as(w, "D1", "help")
		w.exec(`insert into grants (board_id, member_id, role, at) select board_id, member_id, 'admin', $1 from members where account = 'mod'`, w.clock.Now())
		reads(t, as(w, "D1", "show 1"), secret)
	})
	t.Run("a_server_of_its_own_is_run_by_its_admins", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ref := bot.WorkspaceRef{Platform: bot.Discord, Ref: "G9"}
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: ref, Name: "Players"})
		w.must(err)
		call := w.onGuild("mod", "D9")
		call.Workspace, call.Member.Admin = ref, true
		r, err := w.bot.Command(t.Context(), call, "heed", "settings")
		w.must(err)
		reads(t, r, "form Settings")
	})
	t.Run("who_links_the_server_goes_on_deciding_and_its_other_admins_do_not", func(t *testing.T) {
		t.Parallel()
		for _, giver := range []string{"UZOE", "DGIL"} {
			w := newLinkWorld(t)
			w.asks("URUI", secret)
			taker := map[string]string{"UZOE": "DGIL", "DGIL": "UZOE"}[giver]
			mod := func(line string) bot.Reply {
				call := w.call("DMOD")
				call.Member.Admin = true
				return must(w.bot.Command(t.Context(), call, "heed", line))
			}
			reads(t, mod("settings"), "form Settings")
			w.press(taker, w.say(taker, "heed link "+w.code(giver, "heed link")), "Share the board")
			n := w.titled(acme, secret).Number
			reads(t, w.say("DGIL", "heed settings"), "form Settings")
			reads(t, w.say("DGIL", fmt.Sprintf("heed show %d", n)), secret)
			reads(t, mod("settings"), "Only an admin", "Nothing has changed")
			hides(t, mod(fmt.Sprintf("show %d", n)), "Globex")
			hides(t, mod("triage"), "Globex")
		}
	})
	t.Run("the_community_reads_a_name_of_the_teams_where_it_has_an_account", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		refused := w.guildSays("lena", "D1", "/promote 2")
		reads(t, refused, "here that's somebody of the team", "[Ask the team]")
		asked := w.guildPresses("lena", "D1", actionOf(t, refused, "Ask the team"))
		reads(t, asked, "I asked somebody of the team")
		w.guildSays("ben", "D1", "/heed help")
		var ben bot.MemberID
		w.must(w.db.Get(&ben, `select member_id from members where account = 'ben'`))
		m, err := w.store.MemberByAccount(t.Context(), w.ws.Board, w.ws.ID, "UBEN")
		w.must(err)
		w.must(w.store.LinkMember(t.Context(), w.ws.Board, ben, m.Person, w.clock.Now()))
		refused = w.guildSays("lena", "D1", "/promote 2")
		reads(t, refused, "here that's ben", "[Ask ben]")
		hides(t, refused, "UBEN")
	})
	t.Run("so_it_does_of_who_says_no", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.guildSays("lena", "D1", "/feedback Dark mode, please")
		w.settled()
		w.says("UANA", "C1", "/heed status 2 declined Our screens are bright for a reason.")
		w.clock.move(10 * time.Minute)
		w.news()
		said := fmt.Sprintf("%+v", append(w.guild.in("D1"), w.guild.in("Dlena")...))
		if !strings.Contains(said, "Our screens are bright for a reason.") || strings.Contains(said, "UANA") {
			t.Errorf("Discord reads %s", said)
		}
	})
}
