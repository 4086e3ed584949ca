package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestUndoOpensNothingNew takes back what closed a request to the community after the
// team has put words of its own into it.
func TestUndoOpensNothingNew(t *testing.T) {
	t.Parallel()
	const theirs, secret = "One log-in for everything", "Globex"
	// closed is a board where Lena asked for #1 on Discord and for #2, which Ana made a part
	// of it, before she made it the team's; undo takes that back.
	closed := func(t *testing.T) (w *world, undo bot.Action) {
		w = newWorld(t)
		w.roles("UANA pm", "UBEN po")
		w.joinGuild()
		w.guildSays("lena", "D1", "/feedback "+theirs)
		w.clock.move(time.Minute)
		w.guildSays("lena", "D1", "/feedback Umbrellas for rainy days")
		reads(t, w.says("UANA", "C1", "/heed merge 2 into 1"), "#2 is part of")
		undo = actionOf(t, w.says("UANA", "C1", "/heed audience 1 team"), "Undo")
		w.settled()
		return w, undo
	}
	press := func(w *world, a bot.Action) bot.Reply { return must(w.bot.Press(w.t.Context(), w.by("UANA", "C1"), a)) }
	quiet := func(t *testing.T, w *world) {
		t.Helper()
		w.clock.move(10 * time.Minute)
		w.news()
		var said strings.Builder
		for _, channel := range []string{"D1", "Dlena"} {
			fmt.Fprintf(&said, "%+v\n", w.guild.in(channel))
		}
		for _, line := range []string{"/heed top", "/heed show 1", "/heed show 2", "/heed search log-in", "/heed mine", "/roadmap"} {
			said.WriteString(answer(w.guildSays("lena", "D1", line)))
		}
		if strings.Contains(strings.ToLower(said.String()), strings.ToLower(secret)) {
			t.Errorf("the community reads what is the team's:\n%s", said.String())
		}
	}
	for name, change := range map[string]func(w *world){
		"retitled": func(w *world) { w.says("UANA", "C1", "/heed retitle 1 Globex wants one log-in") },
		"retitled_and_closed": func(w *world) {
			w.says("UANA", "C1", "/heed retitle 1 Globex wants one log-in")
			w.says("UBEN", "C1", "/ship 1")
		},
		"tagged":   func(w *world) { w.says("UANA", "C1", "/heed tag 1 globex-deal") },
		"answered": func(w *world) { w.says("UANA", "C1", "/heed status 1 declined Globex can do without.") },
		"edited_by_its_author": func(w *world) {
			reads(w.t, must(w.bot.Submit(w.t.Context(), w.onGuild("lena", "D1"), bot.Submission{Form: "edit", State: "1",
				Values: map[string]string{"title": theirs, "words": theirs + ", and from the phone"}})), "Done")
		},
		"given_a_picture": func(w *world) { w.exec(`update items set pictures = 1 where number = 1`) },
		"hidden_and_brought_back": func(w *world) {
			w.says("UANA", "C1", "/heed retitle 1 Globex wants one log-in")
			w.says("UANA", "C1", "/heed hide 1 Globex")
			w.says("UANA", "C1", "/heed hide 1 off")
		},
	} {
		t.Run(name+"_since_it_stays_the_teams", func(t *testing.T) {
			t.Parallel()
			w, undo := closed(t)
			change(w)
			reads(t, press(w, undo), "#1 has been changed since. I left it as it is.")
			if it := w.numbered(1); it.Audience != bot.Team {
				t.Errorf("it is for the %s", it.Audience)
			}
			quiet(t, w)
		})
	}
	t.Run("voted_for_and_planned_since_it_is_everyones_again", func(t *testing.T) {
		t.Parallel()
		w, undo := closed(t)
		w.says("UOMAR", "C1", "/heed vote 1")
		w.says("UANA", "C1", "/heed status 1 planned")
		w.says("URUI", "C1", "/feedback Globex needs the violin marble")
		reads(t, w.says("UANA", "C1", "/heed merge 3 into 1"), "#3 is part of") // its quotes stay the team's
		reads(t, press(w, undo), "Taken back", theirs, "for everyone again")
		quiet(t, w)
		if c := oneOf(t, cardsIn(w.guild, "D1"), 1); c.Title != theirs || c.Votes != 3 {
			t.Errorf("the card is %+v", c)
		}
	})
	t.Run("changed_and_changed_back_it_is_everyones_again", func(t *testing.T) {
		t.Parallel()
		w, undo := closed(t)
		w.says("UANA", "C1", "/heed retitle 1 Globex wants one log-in")
		w.says("UANA", "C1", "/heed retitle 1 "+theirs)
		reads(t, press(w, undo), "for everyone again")
		quiet(t, w)
	})
	// opened is #1, asked among the team and shared in other words.
	opened := func(t *testing.T) (w *world, undo bot.Action) {
		w = newWorld(t)
		w.roles("UANA pm")
		w.joinGuild()
		w.says("URUI", "C1", "/feedback Globex wants one log-in")
		shared := w.fills("UANA", "C1", press(w, "publish 1"), map[string]string{"title": theirs})
		return w, actionOf(t, shared, "Undo")
	}
	t.Run("what_the_team_calls_it_does_not_matter_while_everyone_has_words_of_theirs", func(t *testing.T) {
		t.Parallel()
		w, _ := opened(t)
		undo := actionOf(t, w.says("UANA", "C1", "/heed audience 1 team"), "Undo")
		w.says("UANA", "C1", "/heed retitle 1 Globex SSO")
		w.says("UANA", "C1", "/heed tag 1 globex-deal")
		reads(t, press(w, undo), "for everyone again")
		quiet(t, w)
		if c := oneOf(t, cardsIn(w.guild, "D1"), 1); c.Title != theirs {
			t.Errorf("everyone reads %q", c.Title)
		}
	})
	t.Run("without_the_words_for_everyone_it_stays_the_teams", func(t *testing.T) {
		t.Parallel()
		w, unshare := opened(t)
		undo := actionOf(t, w.says("UANA", "C1", "/heed audience 1 team"), "Undo")
		w.says("UANA", "C1", "/heed audience 1 community")
		reads(t, press(w, unshare), "the team alone again")
		reads(t, press(w, undo), "changed since")
		quiet(t, w)
	})
	t.Run("a_tag_that_was_taken_off_among_the_team_does_not_come_back_to_everyone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.roles("UANA pm")
		w.joinGuild()
		w.says("URUI", "C1", "/feedback "+theirs)
		added := actionOf(t, w.says("UANA", "C1", "/heed tag 1 log-in"), "Undo")
		w.says("UANA", "C1", "/heed tag 1 globex-deal")
		undo := actionOf(t, w.says("UANA", "C1", "/heed untag 1 globex-deal"), "Undo")
		w.says("UANA", "C1", "/heed audience 1 community")
		reads(t, press(w, undo), "changed since")
		reads(t, press(w, added), "Taken back", "no tags") // less is read, not more
		quiet(t, w)
		again := actionOf(t, w.says("UANA", "C1", "/heed tag 1 security"), "Undo")
		taken := actionOf(t, w.says("UANA", "C1", "/heed untag 1 security"), "Undo")
		reads(t, press(w, taken), "the tag security again")
		reads(t, press(w, again), "no tags")
	})
}

// oneOf is the only card of a request.
func oneOf(t *testing.T, cards []bot.Card, number int) bot.Card {
	t.Helper()
	var out []bot.Card
	for _, c := range cards {
		if c.Number == number {
			out = append(out, c)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d cards of #%d", len(out), number)
	}
	return out[0]
}
