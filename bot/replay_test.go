package bot_test

import (
	"fmt"
	"sync"
	"testing"

	"heed/bot"
)

// TestReplay delivers every act three times at once, to two replicas: the same key, the
// same time, the same words.
func TestReplay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	replicas := []*bot.Bot{w.bot, w.replica()}
	w.chat.members["UZOE"] = bot.MemberSeen{Account: "UZOE", Name: "Zoe", Admin: true, Complete: true}
	thrice := func(what string, call bot.Call, act func(*bot.Bot, bot.Call) (bot.Reply, error)) (out []bot.Reply) {
		t.Helper()
		replies := make([]bot.Reply, 3)
		var all sync.WaitGroup
		for i := range replies {
			all.Go(func() {
				r, err := act(replicas[i%2], call)
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
				replies[i] = r
			})
		}
		all.Wait()
		return replies
	}
	command := func(name, text string) func(*bot.Bot, bot.Call) (bot.Reply, error) {
		return func(b *bot.Bot, c bot.Call) (bot.Reply, error) { return b.Command(t.Context(), c, name, text) }
	}
	press := func(a bot.Action) func(*bot.Bot, bot.Call) (bot.Reply, error) {
		return func(b *bot.Bot, c bot.Call) (bot.Reply, error) { return b.Press(t.Context(), c, a) }
	}
	submit := func(f bot.Reply, values map[string]string) func(*bot.Bot, bot.Call) (bot.Reply, error) {
		t.Helper()
		ask, ok := f.(bot.Ask)
		if !ok {
			t.Fatalf("no form: %s", answer(f))
		}
		return func(b *bot.Bot, c bot.Call) (bot.Reply, error) {
			return b.Submit(t.Context(), c, bot.Submission{Form: ask.Form.ID, State: ask.Form.State, Values: values})
		}
	}
	count := func(what, query string, want int) {
		t.Helper()
		if n := w.number(query); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	items, votes := `select count(*) from items`, `select coalesce(sum(votes), 0) from items`

	thrice("a command", w.by("URUI", "C1"), command("/feedback", "Dark mode, please"))
	count("items after a command", items, 1)
	thrice("a direct message", w.by("UOMAR", ""), func(b *bot.Bot, c bot.Call) (bot.Reply, error) {
		return b.Say(t.Context(), c, "Export as CSV", bot.Heard{Message: "m-9", Words: "Export as CSV", At: monday})
	})
	count("items after a direct message", items, 2)
	thrice("the form", w.by("ULENA", "C1"), submit(w.says("ULENA", "C1", "/feedback"), map[string]string{"words": "Undo a delete"}))
	count("items after the form", items, 3)
	saved, err := w.bot.Save(t.Context(), w.by("ULENA", "C1"), heard("UMIRA", "Invoices as PDF"))
	w.must(err)
	thrice("a saved message", w.by("ULENA", "C1"), submit(saved, map[string]string{"words": "Invoices as PDF", "audience": "team"}))
	count("items after a saved message", items, 4)
	count("quotes", `select count(*) from evidence`, 4)
	count("votes of those who asked", votes, 4)

	for n := 1; n <= 3; n++ { // a vote, its end, and a vote again
		thrice("a press", w.by("UBEN", "C1"), press("vote 1"))
		count(fmt.Sprintf("votes after press %d", n), votes, 4+n%2)
		w.clock.move(1)
		w.clock.move(999)
	}
	thrice("similar words", w.by("UANA", "C1"), command("/feedback", "dark mode please"))
	count("held", `select count(*) from held where why = 'similar'`, 1)
	held := w.number(`select held_id from held where why = 'similar'`)
	thrice("the choice", w.by("UANA", "C1"), press(bot.Act("same", held, 1)))
	count("votes after the choice", votes, 6)
	count("quotes after the choice", `select count(*) from evidence`, 5)

	thrice("a schedule", w.by("UZOE", "C1"), command("/heed", "digest here"))
	count("schedules", `select count(*) from schedules`, 1)
	thrice("a story", w.by("UZOE", "C1"), submit(w.says("UZOE", "C1", "/promote 1"), map[string]string{"i_want": "a dark mode", "criteria": "It is dark."}))
	count("stories", `select count(*) from stories`, 1)
	thrice("a status", w.by("UZOE", "C1"), command("/heed", "status 2 planned"))
	count("moves", `select count(*) from history where act = 'status'`, 2)
	thrice("a ship", w.by("UZOE", "C1"), submit(w.says("UZOE", "C1", "/ship 1"), map[string]string{"note": "Here it is."}))
	count("ships", `select count(*) from announcements`, 1)
	count("notices that it shipped", `select count(*) from (select person_id from notices where kind = 'shipped' group by person_id having count(*) > 1) x`, 0)
	shared := w.by("UZOE", "C1")
	thrice("sharing", shared, press("share top"))
	count("shared", `select count(*) from posts where key like 'share:%'`, 1)
}

// TestLateRetry delivers an act again when its person has thought better of it since.
func TestLateRetry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.item("Dark mode", nil)
	again := w.by("URUI", "")
	say := func() {
		t.Helper()
		_, err := w.bot.Say(t.Context(), again, "vote 1", bot.Heard{Message: "m-9", Words: "vote 1", At: again.At})
		w.must(err)
	}
	say()
	w.clock.move(1e9)
	w.says("URUI", "C1", "/heed unvote 1")
	w.clock.move(6e10)
	say()
	if it := w.numbered(1); it.Votes != 0 {
		t.Errorf("a retry brought the vote back: %d", it.Votes)
	}
}
