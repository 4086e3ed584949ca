package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestShareWithTheCommunity opens what the team asked for in words of its own.
func TestShareWithTheCommunity(t *testing.T) {
	t.Parallel()
	const ours, theirs = "Globex wants single sign-on before it renews", "Single sign-on"
	// shared is a board whose request #1 was asked among the team (C1) and is to be shared
	// with the Discord community (D1). Ana decides.
	asked := func(t *testing.T) *world {
		w := newWorld(t)
		w.roles("UANA pm", "UBEN po")
		w.joinGuild()
		w.says("URUI", "C1", "/feedback "+ours)
		w.says("UANA", "C1", "/heed tag 1 globex-deal")
		w.settled()
		return w
	}
	publish := func(w *world, title, body string) bot.Reply {
		return w.fills("UANA", "C1", w.presses("UANA", "C1", w.presses("UANA", "C1", w.says("UANA", "C1", "/heed show 1"), "Manage"), "Share with the community…"),
			map[string]string{"title": title, "body": body})
	}
	// public is all that the community can see of the board.
	public := func(w *world) string {
		w.settled()
		var out strings.Builder
		for _, channel := range []string{"D1", "D2", "Dlena"} {
			for _, c := range w.guild.in(channel) {
				fmt.Fprintf(&out, "%+v\n", c)
			}
		}
		for _, line := range []string{"/heed top", "/heed show 1", "/heed search single", "/heed search globex", "/heed mine", "/roadmap", "/heed digest preview"} {
			out.WriteString(line + "\n" + answer(w.guildSays("lena", "D1", line)))
		}
		return out.String()
	}
	quiet := func(t *testing.T, what, said string) {
		t.Helper()
		for _, secret := range []string{"Globex", "globex-deal", "renews", "URUI", "feedback-C1"} {
			if strings.Contains(strings.ReplaceAll(said, "search globex", ""), secret) && !strings.Contains(said, "Nothing sounds like “"+secret) {
				t.Errorf("%s tells of %q:\n%s", what, secret, said)
			}
		}
	}
	t.Run("only_those_who_decide_may", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		for _, account := range []string{"UOMAR", "URUI"} {
			r, err := w.bot.Press(t.Context(), w.by(account, "C1"), "publish 1")
			w.must(err)
			reads(t, r, "Only a product manager")
			r, err = w.bot.Submit(t.Context(), w.by(account, "C1"), bot.Submission{Form: "publish", State: "1", Values: map[string]string{"title": "forged"}})
			w.must(err)
			reads(t, r, "Only a product manager")
		}
		reads(t, w.guildPresses("lena", "D1", "publish 1"), "Only a product manager")
	})
	t.Run("nothing_of_the_teams_is_filled_in_and_no_title_is_no_sharing", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		r, err := w.bot.Press(t.Context(), w.by("UANA", "C1"), "publish 1")
		w.must(err)
		for _, f := range r.(bot.Ask).Form.Fields {
			if f, ok := f.(bot.TextField); ok && f.Value != "" {
				t.Errorf("%s begins with %q", f.Name, f.Value)
			}
		}
		if fix, ok := w.fills("UANA", "C1", r, map[string]string{"title": " "}).(bot.Fix); !ok || fix.Errors["title"] == "" {
			t.Error("it was shared without a title")
		}
		if it := w.numbered(1); it.Audience != bot.Team {
			t.Error("it is everyone's")
		}
	})
	t.Run("everyone_reads_the_new_words_and_the_team_its_own", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		r := publish(w, theirs, "One log-in for everything.")
		reads(t, r, "Everyone reads #1 Single sign-on now", "ideas-D1", "Acme players", "The team goes on reading "+ours)
		said := public(w)
		quiet(t, "the community", said)
		if c := oneCard(t, w.guild, "D1"); c.Title != theirs || c.Excerpt != "One log-in for everything." || c.AskedBy != "" || c.AskedIn != "" || c.Original != "" || len(c.Tags) != 0 || c.Quotes != 0 {
			t.Errorf("the community's card is %+v", c)
		}
		if c := oneCard(t, w.chat, "C1"); c.Title != ours || len(c.Tags) != 1 || c.AskedBy != "URUI" {
			t.Errorf("the team's card is %+v", c)
		}
		reads(t, w.says("UOMAR", "C1", "/heed search globex"), ours)
		reads(t, w.says("UOMAR", "C1", "/heed show 1"), ours, "The community reads: #1 Single sign-on")
		reads(t, w.says("UOMAR", "C1", "/feedback Globex wants single sign-on"), "This sounds like #1 "+ours)
		reads(t, w.guildSays("lena", "D1", "/feedback single sign-on, please"), "This sounds like #1 Single sign-on")
		w.guildPresses("lena", "D1", bot.Act("vote", 1))
		w.settled()
		if a, b := oneCard(t, w.chat, "C1"), oneCard(t, w.guild, "D1"); a.Votes != 2 || b.Votes != 2 {
			t.Errorf("the cards show %d and %d", a.Votes, b.Votes)
		}
	})
	t.Run("a_thread_about_it_is_named_for_those_who_see_it", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		publish(w, theirs, "")
		w.settled()
		w.guildSays("ana", "D1", "/heed help")
		w.exec(`insert into grants (board_id, member_id, role, at) select board_id, member_id, 'pm', $1 from members where account = 'ana'`, w.clock.Now())
		w.discusses("ana", "D1", "m1", "discuss 1")
		if name := w.guild.messages["D1/m1"].Talk; name != "#1 "+theirs {
			t.Errorf("it is called %q", name)
		}
	})
	t.Run("later_edits_are_the_teams_until_the_public_words_are_changed", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		publish(w, theirs, "")
		w.fills("URUI", "C1", w.says("URUI", "C1", "/heed edit 1"), map[string]string{"title": "Globex still wants it", "words": "Globex still wants it, and soon"})
		more, err := w.bot.Press(t.Context(), w.by("URUI", "C1"), "more 1")
		w.must(err)
		w.fills("URUI", "C1", more, map[string]string{"words": "Globex told us again."})
		reads(t, w.says("UANA", "C1", "/heed retitle 1 Globex SSO"), "Globex SSO", "the community goes on reading #1 Single sign-on")
		quiet(t, "the community", public(w))
		if c := oneCard(t, w.chat, "C1"); c.Title != "Globex SSO" {
			t.Errorf("the team reads %q", c.Title)
		}
		panel := w.presses("UANA", "C1", w.says("UANA", "C1", "/heed show 1"), "Manage")
		w.fills("UANA", "C1", w.presses("UANA", "C1", panel, "Public words…"), map[string]string{"title": "Single sign-on by SAML"})
		w.settled()
		if c := oneCard(t, w.guild, "D1"); c.Title != "Single sign-on by SAML" {
			t.Errorf("everyone reads %q", c.Title)
		}
		if c := oneCard(t, w.chat, "C1"); c.Title != "Globex SSO" {
			t.Errorf("the team reads %q", c.Title)
		}
	})
	t.Run("undo_takes_all_of_it_back_once", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		before := w.numbered(1)
		r := publish(w, theirs, "One log-in for everything.")
		w.settled()
		undo := actionOf(t, r, "Undo")
		again := w.fills("UANA", "C1", must(w.bot.Press(t.Context(), w.by("UANA", "C1"), "publish 1")), map[string]string{"title": "Log in once"})
		late, err := w.bot.Press(t.Context(), w.by("UANA", "C1"), undo)
		w.must(err)
		reads(t, late, "changed since")
		reads(t, w.presses("UANA", "C1", again, "Undo"), "everyone reads #1 Single sign-on again")
		back, err := w.bot.Press(t.Context(), w.by("UANA", "C1"), undo)
		w.must(err)
		reads(t, back, "Taken back", ours, "the team alone")
		w.settled()
		after := w.numbered(1)
		if after.Title != before.Title || after.Body != before.Body || after.Audience != bot.Team || after.Shared() {
			t.Errorf("it is %+v", after)
		}
		if n := len(w.guild.in("D1")); n != 0 {
			t.Error("its card still stands on Discord")
		}
	})
	t.Run("a_reason_from_before_and_one_for_the_team_stay_with_it", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.says("UANA", "C1", "/heed status 1 declined Globex can do without.")
		publish(w, theirs, "")
		said := public(w)
		quiet(t, "the community", said)
		if c := oneCard(t, w.guild, "D1"); c.Status != bot.StatusDeclined || c.Reason != "" {
			t.Errorf("the card is %+v", c)
		}
		if c := oneCard(t, w.chat, "C1"); c.Reason != "Globex can do without." {
			t.Errorf("the team's card is %+v", c)
		}
		w.says("UANA", "C1", "/heed status 1 under review")
		w.guildPresses("lena", "D1", "follow 1")
		form := w.says("UANA", "C1", "/heed status 1 declined Globex is gone.")
		reads(t, form, "Who may read the reason?", "Globex is gone.")
		no := w.fills("UANA", "C1", form, nil)
		reads(t, no, "Only the team reads the reason")
		w.clock.move(10 * time.Minute)
		w.news()
		quiet(t, "the community", public(w))
		w.says("UANA", "C1", "/heed status 1 under review")
		w.fills("UANA", "C1", w.says("UANA", "C1", "/heed status 1 declined SAML is too much for now."), map[string]string{"readers": "community"})
		if !strings.Contains(public(w), "SAML is too much for now.") {
			t.Error("the community does not read the reason that is for it")
		}
	})
	t.Run("undoing_a_status_brings_no_reason_of_the_teams_to_everyone", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.says("UANA", "C1", "/heed status 1 needs info Which seats does Globex need?")
		planned := w.says("UANA", "C1", "/heed status 1 planned")
		publish(w, theirs, "")
		reads(t, w.presses("UANA", "C1", planned, "Undo"), "Taken back")
		quiet(t, "the community", public(w))
		if c := oneCard(t, w.chat, "C1"); c.Reason != "Which seats does Globex need?" {
			t.Errorf("the team reads %q", c.Reason)
		}
	})
	t.Run("what_was_said_of_a_ship_among_the_team_stays_there", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.guildSays("lena", "D1", "/feedback One log-in for all, please")
		w.says("UANA", "C1", "/heed merge 2 into 1")
		w.settled()
		w.fills("UBEN", "C1", w.says("UBEN", "C1", "/ship 1"), map[string]string{"note": "Globex has it now", "how": "Globex only", "link": "https://globex.example"})
		publish(w, theirs, "") // before it goes out
		w.clock.move(10 * time.Minute)
		w.news()
		said := public(w)
		quiet(t, "the community", said)
		if !strings.Contains(said, "https://globex.example") && !strings.Contains(fmt.Sprint(w.chat.in("C1")), "Globex has it now") {
			t.Error("the team does not read what was written for it")
		}
		if !strings.Contains(said, "✅ You asked, it's here") {
			t.Errorf("who asked on Discord is not told that it is here:\n%s", said)
		}
		if strings.Contains(said, "globex.example") {
			t.Error("the community reads the link")
		}
	})
	t.Run("a_no_that_was_meant_for_the_team_does_not_go_out_with_it", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.guildSays("lena", "D1", "/feedback One log-in for all, please")
		w.says("UANA", "C1", "/heed merge 2 into 1")
		w.clock.move(10 * time.Minute)
		w.settled()
		w.says("UANA", "C1", "/heed status 1 declined Globex can do without.")
		publish(w, theirs, "") // before it goes out
		w.clock.move(10 * time.Minute)
		w.news()
		said := public(w)
		quiet(t, "the community", said)
		if !strings.Contains(said, "we won't build it for now") {
			t.Errorf("who asked on Discord is not told no:\n%s", said)
		}
	})
	t.Run("merged_either_way_it_keeps_its_words_apart", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		publish(w, theirs, "")
		w.guildSays("lena", "D1", "/feedback One log-in for all, please")
		w.says("URUI", "C1", "/feedback Globex asks about audit logs")
		w.says("UANA", "C1", "/heed merge 2 into 1")
		quiet(t, "the community", public(w))
		if !strings.Contains(fmt.Sprintf("%+v", w.guild.in("D1")), "IntoTitle:Single sign-on") {
			t.Error("the merged card does not lead to the shared one")
		}
		w.says("UANA", "C1", "/heed merge 1 into 3") // into one that is still the team's
		quiet(t, "the community", public(w))
		w.says("UANA", "C1", "/heed unmerge 1")
		w.says("UANA", "C1", "/heed hide 1 off")
		quiet(t, "the community", public(w))
	})
	t.Run("hidden_and_brought_back_both_words_are_there", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		publish(w, theirs, "")
		w.says("UANA", "C1", "/heed hide 1 spam")
		if n := w.number(`select count(*) from items where number = 1 and (title like '%ingle%' or team_title like '%Globex%' or team_body like '%Globex%')`); n != 0 {
			t.Error("words of a hidden request lie open")
		}
		w.says("UANA", "C1", "/heed hide 1 off")
		w.settled()
		if a, b := oneCard(t, w.chat, "C1"), oneCard(t, w.guild, "D1"); a.Title != ours || b.Title != theirs {
			t.Errorf("the cards say %q and %q", a.Title, b.Title)
		}
	})
	t.Run("in_one_chat_it_goes_to_the_communitys_channel_there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.roles("UANA pm")
		w.channel("C2", func(c *bot.Channel) { c.Audience, c.Intake, c.Joined = bot.Community, true, true })
		w.says("URUI", "C1", "/feedback "+ours)
		publish(w, theirs, "")
		w.settled()
		if a, b := oneCard(t, w.chat, "C1"), oneCard(t, w.chat, "C2"); a.Title != ours || b.Title != theirs {
			t.Errorf("the cards say %q and %q", a.Title, b.Title)
		}
	})
	t.Run("forgotten_with_its_author_no_word_of_either_stays", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		publish(w, theirs, "")
		_, err := w.bot.Press(t.Context(), w.by("URUI", "C1"), "forgetnow")
		w.must(err)
		if n := w.number(`select count(*) from items x where x::text like '%Globex%'`) + w.number(`select count(*) from history x where x::text like '%Globex%'`); n != 0 {
			t.Errorf("%d rows still hold them", n)
		}
	})
}

func must(r bot.Reply, err error) bot.Reply {
	if err != nil {
		panic(err)
	}
	return r
}

// news batches and sends all notes that are due.
func (w *world) news() {
	w.t.Helper()
	for range 20 {
		n, err := w.bot.NoticesOnce(w.t.Context())
		w.must(err)
		if n == 0 {
			break
		}
	}
	w.settled()
}
