package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

// presses one card, and answers with what it should show.
func (w *world) cardNow(channel, message string) (bot.Card, int64) {
	w.t.Helper()
	c, version, ok, err := w.bot.CardNow(w.t.Context(), acme, channel, message)
	w.must(err)
	if !ok {
		w.t.Fatalf("%s/%s is no card", channel, message)
	}
	return c, version
}

func (w *world) dispatch() {
	w.t.Helper()
	for range 20 {
		w.clock.move(time.Second)
		n, err := w.bot.DispatchOnce(w.t.Context())
		w.must(err)
		if n == 0 {
			return
		}
	}
	w.t.Fatal("it does not come to rest")
}

func TestCardNow(t *testing.T) {
	t.Parallel()
	setup := func(t *testing.T) (*world, string) {
		w := newWorld(t)
		w.says("rui", "C1", "/feedback a dial for the volume")
		w.dispatch()
		var message string
		w.must(w.db.GetContext(t.Context(), &message, `select message_ref from posts where kind = 'card'`))
		return w, message
	}
	vote := func(w *world, who string) {
		_, err := w.bot.Press(w.t.Context(), w.by(who, "C1"), bot.Act("vote", 1))
		w.must(err)
	}

	t.Run("a_card_shown_by_its_answer_is_not_edited_again", func(t *testing.T) {
		t.Parallel()
		w, message := setup(t)
		vote(w, "mira")
		card, version := w.cardNow("C1", message)
		if card.Votes != 2 {
			t.Errorf("it shows %d votes", card.Votes)
		}
		w.must(w.bot.CardShown(t.Context(), acme, "C1", message, version))
		w.dispatch()
		if n := w.chat.count("update"); n != 0 {
			t.Errorf("edited %d times", n)
		}
		vote(w, "omar")
		w.dispatch()
		if n := w.chat.count("update"); n != 1 {
			t.Errorf("the next vote edited it %d times", n)
		}
	})
	t.Run("an_answer_that_was_overtaken_is_made_good", func(t *testing.T) {
		t.Parallel()
		w, message := setup(t)
		vote(w, "mira")
		_, early := w.cardNow("C1", message)
		vote(w, "omar")
		_, late := w.cardNow("C1", message)
		w.must(w.bot.CardShown(t.Context(), acme, "C1", message, late))
		w.must(w.bot.CardShown(t.Context(), acme, "C1", message, early)) // came through after the other
		w.dispatch()
		if n := w.chat.count("update"); n != 1 {
			t.Errorf("edited %d times, and what stands there is out of date", n)
		}
	})
	t.Run("a_card_that_is_being_sent_is_left_to_the_sender", func(t *testing.T) {
		t.Parallel()
		w, message := setup(t)
		vote(w, "mira")
		claims, err := w.store.ClaimPosts(t.Context(), w.clock.Now(), 10, time.Minute, map[bot.Platform]bot.Pace{bot.Slack: {Burst: 1}})
		w.must(err)
		if len(claims) != 1 {
			t.Fatalf("%d claims", len(claims))
		}
		_, version := w.cardNow("C1", message)
		w.must(w.bot.CardShown(t.Context(), acme, "C1", message, version))
		held, err := w.store.SettlePost(t.Context(), claims[0], bot.Shown{Version: version})
		w.must(err)
		if !held {
			t.Error("the sender lost its claim")
		}
	})
	t.Run("what_is_no_card_is_none", func(t *testing.T) {
		t.Parallel()
		w, message := setup(t)
		for _, at := range [][2]string{{"C1", "m99"}, {"C2", message}, {"C1", ""}} {
			if _, _, ok, err := w.bot.CardNow(t.Context(), acme, at[0], at[1]); ok || err != nil {
				t.Errorf("%v: %v, %v", at, ok, err)
			}
		}
		if _, _, ok, err := w.bot.CardNow(t.Context(), bot.WorkspaceRef{Platform: bot.Discord, Ref: "T1"}, "C1", message); ok || err != nil {
			t.Errorf("another workspace: %v, %v", ok, err)
		}
		w.says("zoe", "C1", "/heed top")
		it := w.numbered(1)
		it.HiddenAt = w.clock.Now()
		w.must(w.store.SaveItem(t.Context(), it, 0))
		if _, _, ok, err := w.bot.CardNow(t.Context(), acme, "C1", message); ok || err != nil {
			t.Errorf("a hidden one: %v, %v", ok, err)
		}
	})
}
