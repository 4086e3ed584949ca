package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// told is what Heed wrote to somebody in notes.
func (w *linkWorld) told(account string) string {
	w.t.Helper()
	w.drain()
	chat := w.chat
	if account[0] != 'U' {
		chat = w.guild
	}
	var out strings.Builder
	for _, x := range chat.in("D" + account) {
		if n, ok := x.(bot.Note); ok {
			out.WriteString(n.Doc.Plain() + "\n")
		}
	}
	return out.String()
}

// TestWhoLetThemInIsTold: a code that others got hold of is noticed by whose it was.
func TestWhoLetThemInIsTold(t *testing.T) {
	t.Parallel()

	t.Run("nobody_hears_of_a_code_that_changed_nothing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
		w.exec(`update members set is_admin = false where account = 'UZOE'`)
		w.press("DGIL", ask, "Share the board")
		if got := w.told("UZOE"); got != "" {
			t.Errorf("told: %s", got)
		}
	})

	t.Run("once_with_who_which_code_and_the_way_back", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.exec(`update boards set zone = 'Europe/Berlin'`)
		given := w.clock.Now()
		ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
		w.clock.move(5 * time.Minute)
		w.press("DGIL", ask, "Share the board")
		w.press("DGIL", ask, "Share the board")
		berlin, err := time.LoadLocation("Europe/Berlin")
		w.must(err)
		got := w.told("UZOE")
		for _, part := range []string{"Acme Community (Discord) shares this board now: gil used your code of " + given.In(berlin).Format("15:04"), "/heed unlink"} {
			if !strings.Contains(got, part) {
				t.Errorf("%q is not in:\n%s", part, got)
			}
		}
		if n := strings.Count(w.told("UZOE"), "shares this board now"); n != 1 {
			t.Errorf("told %d times:\n%s", n, got)
		}
		if got := w.told("DGIL"); strings.Contains(got, "shares this board") {
			t.Errorf("who used it reads: %s", got)
		}
	})

	t.Run("the_other_admins_there_hear_whose_code_it_was", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("U1", "heed help")
		w.say("U2", "heed help")
		w.say("UZOE", "heed role <@U1> admin")
		w.share()
		if got := w.told("U1"); !strings.Contains(got, "gil used the code that zoe asked for") {
			t.Errorf("the other admin reads %q", got)
		}
		if got := w.told("U2"); got != "" {
			t.Errorf("who is no admin reads %q", got)
		}
	})

	t.Run("a_discord_admin_who_loses_the_role_by_it_is_told_too", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		ask := w.say("UZOE", "heed link "+w.code("DGIL", "heed link"))
		w.press("UZOE", ask, "Share the board")
		if got := w.told("DGIL"); !strings.Contains(got, "Acme (Slack) shares this board now: zoe used your code") {
			t.Errorf("reads %q", got)
		}
	})

	t.Run("one_person_on_both_sides_needs_no_telling", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		w.press("DGIL", w.say("DGIL", "heed link me "+w.code("UZOE", "heed link me")), "Yes, both are mine")
		w.leave()
		before := w.told("UZOE")
		w.share()
		if got := w.told("UZOE"); got != before {
			t.Errorf("told: %s", got)
		}
	})

	t.Run("that_they_came_and_left_is_told_as_well", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		w.leave() // before anything was sent
		if got := w.told("UZOE"); !strings.Contains(got, "came to this board and has left it again") {
			t.Errorf("reads %q", got)
		}
	})

	t.Run("nothing_is_sent_to_the_forgotten_nor_of_them", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		w.press("DGIL", w.say("DGIL", "heed forget-me"), "Forget me")
		if got := w.told("UZOE"); !strings.Contains(got, "an admin there used your code") || strings.Contains(got, "gil") {
			t.Errorf("reads %q", got)
		}
		if n := w.number(`select count(*) from posts where due_at < 'infinity' and gone_at is null and subject::text like '%joined%'`); n != 0 {
			t.Errorf("%d notes still wait", n)
		}
	})
}
