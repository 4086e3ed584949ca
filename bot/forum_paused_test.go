package bot_test

import (
	"testing"

	"heed/bot"
)

func TestForumPaused(t *testing.T) {
	t.Parallel()
	begun := func(t *testing.T) (*world, string) {
		t.Helper()
		w := inForum(t)
		w.roles("UANA pm")
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		_, card := w.cardOf("t1")
		return w, card
	}
	press := func(w *world, account, card string) bot.Reply {
		call := w.onGuild(account, "F1")
		call.Message, call.Thread = card, "t1"
		r, err := w.bot.Press(w.t.Context(), call, "openagain 1")
		w.must(err)
		return r
	}
	t.Run("archived_the_card_says_so_once_and_anybody_opens_it", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != bot.PausedArchived {
			t.Fatalf("%+v", c)
		}
		before := w.guild.count("update")
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived)) // told again
		w.guildSays("omar", "D1", "/heed vote 1")                                           // and counted, but not shown yet
		w.settled()
		if n := w.guild.count("update"); n != before {
			t.Errorf("a paused card was edited %d times more", n-before)
		}
		reads(t, press(w, "omar", card), "open again")
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != "" || c.Votes != 2 {
			t.Errorf("%+v", c)
		}
		reads(t, press(w, "omar", card), "is open")
	})
	t.Run("locked_only_who_moderates_opens_it", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedLocked))
		w.settled()
		reads(t, press(w, "omar", card), "A moderator locked this")
		if n := w.guild.count("reopen"); n != 0 {
			t.Errorf("asked %d times", n)
		}
	})
	for name, c := range map[string]struct {
		kind bot.FaultKind
		want string
	}{
		"full": {bot.FaultFull, "as many open posts"}, "forbidden": {bot.FaultForbidden, "Manage Threads"},
		"gone": {bot.FaultGone, "was deleted"}, "away": {bot.FaultTransient, "press again in a minute"},
	} {
		t.Run(name+"_is_said", func(t *testing.T) {
			t.Parallel()
			w, card := begun(t)
			w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
			w.guild.fail = func(call, _ string) error {
				if call == "reopen" {
					return &bot.Fault{Kind: c.kind}
				}
				return nil
			}
			reads(t, press(w, "omar", card), c.want)
		})
	}
	t.Run("a_closed_request_has_nothing_to_pause", func(t *testing.T) {
		t.Parallel()
		w, _ := begun(t)
		w.says("UANA", "C1", "/heed status 1 declined it is out of scope")
		w.settled()
		before := w.guild.count("update")
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != "" || w.guild.count("update") != before {
			t.Errorf("%+v, edited %d times", c, w.guild.count("update")-before)
		}
	})
	t.Run("a_deleted_post_keeps_its_request", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadGone(t.Context(), acmeGuild, "F1", "t1"))
		delete(w.guild.messages, "F1/"+card)
		w.settled()
		if it := w.numbered(1); it.Votes != 1 || !it.GoneAt.IsZero() {
			t.Errorf("%+v", it)
		}
		if n := w.number(`select count(*) from posts where kind = 'card' and channel_ref = 'F1' and gone_at is null`); n != 0 {
			t.Errorf("%d cards stand", n)
		}
		r := w.guildSays("rui", "D1", "/heed show 1")
		reads(t, r, "Dark mode")
		hides(t, r, "chat.example")
		if _, err := w.bot.Press(t.Context(), w.by("UANA", "C1"), "putback 1"); err != nil {
			t.Fatal(err)
		}
		w.settled()
		if cards := cardsIn(w.guild, "F1"); len(cards) != 1 { // as a post of its own
			t.Errorf("%d cards in the forum", len(cards))
		}
	})
}
