package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// untold makes the platform say of nobody who they are.
func (w *world) untold(f bot.Fault) {
	w.chat.fail = func(call, _ string) error {
		if call == "member" {
			return &f
		}
		return nil
	}
}

// TestUntold is a platform that does not say who people are: for good, or just now.
func TestUntold(t *testing.T) {
	t.Parallel()
	refused := bot.Fault{Kind: bot.FaultForbidden, Reason: "missing_scope", Ungranted: true}
	late := bot.Fault{Kind: bot.FaultTransient, Reason: "timeout"}
	t.Run("for_good_everybody_asks_votes_and_reads_as_one_of_the_team", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.untold(refused)
		w.says("URUI", "C1", "/feedback Dark mode, please")
		reads(t, w.says("UOMAR", "C1", "/heed vote 1"), "Counted")
		reads(t, w.says("UOMAR", "C1", "/heed top"), "Dark mode", "👍 2")
		reads(t, w.says("UOMAR", "C1", "/feedback dark mode please"), "This sounds like", "#1")
	})
	t.Run("for_good_the_first_who_gives_a_role_is_the_admin_and_nobody_else", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.untold(refused)
		w.says("URUI", "C1", "/feedback Dark mode, please")
		reads(t, w.says("UOMAR", "C1", "/heed status 1 planned"), "Nothing has changed")
		guest := w.by("UGUEST", "C1")
		guest.Member.Guest = true
		r, err := w.bot.Command(t.Context(), guest, "/heed", "role <@UGUEST> pm")
		w.must(err)
		reads(t, r, "Nothing has changed")
		reads(t, w.says("UZOE", "C1", "/heed role <@UANA> pm"), "is a product manager now")
		reads(t, w.says("UOMAR", "C1", "/heed role <@UOMAR> pm"), "Only an admin")
		reads(t, w.says("UANA", "C1", "/heed status 1 planned"), "Planned")
		reads(t, w.says("UZOE", "C1", "/ship 1"), "form Ship #1")
		reads(t, w.says("UANA", "C1", "/heed digest here"), "Monday")
	})
	t.Run("for_good_who_asked_still_hears_that_it_shipped", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.untold(refused)
		w.says("URUI", "C1", "/feedback Dark mode, please")
		w.says("UZOE", "C1", "/heed role <@UZOE> po")
		w.fills("UZOE", "C1", w.says("UZOE", "C1", "/ship 1"), map[string]string{"note": "It is in the menu."})
		for range 3 {
			w.clock.move(12 * time.Hour)
			_, err := w.bot.NoticesOnce(t.Context())
			w.must(err)
			w.drain()
		}
		told := 0
		for _, c := range w.chat.in("DURUI") {
			if d, ok := c.(bot.Direct); ok && strings.Contains(d.Doc.Plain(), "It is in the menu.") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("Rui was told %d times", told)
		}
	})
	t.Run("just_now_a_vote_on_a_card_counts_and_nothing_else_opens", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.untold(late)
		it := w.item("The secret merger", nil)
		key := w.want(it, "C1")
		w.drain()
		hides(t, w.says("UOMAR", "C1", "/heed top"), "merger")
		reads(t, w.says("UOMAR", "C1", "/heed show 1"), "try again in a minute")
		reads(t, w.says("UOMAR", "C1", "/heed show 99"), "try again in a minute")
		reads(t, w.says("UOMAR", "C1", "/heed role <@UOMAR> admin"), "Nothing has changed")
		elsewhere := w.by("UOMAR", "C1")
		elsewhere.Message = "m99"
		r, err := w.bot.Press(t.Context(), elsewhere, "vote 1")
		w.must(err)
		reads(t, r, "try again in a minute")
		there := w.by("UOMAR", "C1")
		there.Message = w.post(key).Message
		r, err = w.bot.Press(t.Context(), there, "vote 1")
		w.must(err)
		reads(t, r, "Counted")
		if it := w.numbered(1); it.Votes != 1 {
			t.Errorf("%d votes", it.Votes)
		}
	})
}
