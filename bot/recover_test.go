package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
)

// unsettled lets the next post come through while nobody keeps that it did, as when
// the process dies between sending and settling.
func (w *world) unsettled() {
	w.t.Helper()
	w.chat.after = func(string) {
		w.exec(`update posts set lease_until = clock_timestamp() - interval '1 second', due_at = 'infinity' where lease_until is not null`)
		w.chat.after = nil
	}
	_, err := w.bot.DispatchOnce(w.t.Context())
	w.must(err)
}

// hastyClock does not wait.
type hastyClock struct{ *steppedClock }

func (hastyClock) Wait(context.Context, time.Time) error { return nil }

// lateStore does something each time after ballots were cast.
type lateStore struct {
	*store.Store
	then func()
}

func (s lateStore) CastVotes(ctx context.Context, now time.Time, ballots []bot.Ballot) ([]bot.Cast, error) {
	defer s.then()
	return s.Store.CastVotes(ctx, now, ballots)
}

func TestRecover(t *testing.T) {
	t.Parallel()
	t.Run("votes_on_a_card_that_nobody_knew_of_are_counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.unsettled()
		w.clock.move(10 * time.Second)
		w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now()) // acked, though Heed knows no such card
		w.chat.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}, {Account: "Mira", Emoji: "eyes"}, {Account: "B1", Emoji: "+1"}}
		w.drain()
		if n := w.count(it); n != 1 || w.chat.count("post") != 1 {
			t.Fatalf("%d votes after %v, want Rui's", n, w.chat.calls)
		}
		w.react("Rui", "C1", "m1", "+1", bot.Retract, w.clock.Now().Add(time.Second))
		if n := w.count(it); n != 0 {
			t.Errorf("%d votes after it was taken back at the same place", n)
		}
		w.drain()
		if c := w.chat.in("C1")[0].(bot.Card); c.Votes != 0 {
			t.Errorf("the card says %d", c.Votes)
		}
	})
	t.Run("a_reaction_on_a_card_that_is_under_way_is_not_acked_until_it_counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		quick := bot.New(w.store, hastyClock{w.clock}, slog.New(slog.DiscardHandler), nil, bot.Options{})
		on := func(channel, message string) error {
			return quick.React(t.Context(), []bot.Ballot{{
				Workspace: w.ws.Ref, Account: "URUI", Channel: channel, Message: message, Emoji: "+1", Act: bot.Support, At: w.clock.Now(),
			}})
		}
		w.chat.after = func(string) { // it stands, and is not kept yet
			w.chat.after = nil
			if on("C1", "m1") == nil {
				t.Error("acked, though nothing is kept of it")
			}
			w.must(on("C2", "m7")) // somewhere else nothing is under way
		}
		_, err := w.bot.DispatchOnce(t.Context())
		w.must(err)
		w.must(on("C1", "m1"))
		if n := w.count(it); n != 1 {
			t.Errorf("%d votes, want 1", n)
		}
		w.must(on("C1", "m7")) // no card of ours, and none under way any more
		w.exec(`update items set gone_at = $1`, w.clock.Now())
		w.must(on("C1", "m1")) // a card of which no vote counts is no reason to come again
	})
	t.Run("a_reaction_counts_though_its_card_was_kept_a_moment_after_nobody_knew_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.exec(`update posts set message_ref = '' where kind = 'card'`)
		s := lateStore{w.store, func() { w.exec(`update posts set message_ref = 'm1' where kind = 'card'`) }}
		quick := bot.New(s, hastyClock{w.clock}, slog.New(slog.DiscardHandler), nil, bot.Options{})
		w.must(quick.React(t.Context(), []bot.Ballot{{
			Workspace: w.ws.Ref, Account: "URUI", Channel: "C1", Message: "m1", Emoji: "+1", Act: bot.Support, At: w.clock.Now(),
		}}))
		if n := w.count(it); n != 1 {
			t.Errorf("%d votes, want 1", n)
		}
	})
	t.Run("what_was_taken_back_while_nobody_knew_is_deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.unsettled()
		n, err := w.store.UnwantPosts(t.Context(), w.ws.Board, []string{key}, w.clock.Now())
		w.must(err)
		if n != 0 {
			t.Errorf("%d taken back though it stands", n)
		}
		w.exec(`update items set hidden_at = $1`, w.clock.Now())
		w.touch(it)
		w.drain()
		if len(w.chat.in("C1")) != 0 {
			t.Errorf("it stands: %v", w.chat.calls)
		}
	})
	t.Run("what_was_never_sent_is_taken_back_at_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		key := w.want(w.item("Dark mode", nil), "C1")
		n, err := w.store.UnwantPosts(t.Context(), w.ws.Board, []string{key, "nothing"}, w.clock.Now())
		w.must(err)
		w.drain()
		if n != 1 || len(w.chat.calls) != 0 {
			t.Errorf("%d taken back, calls %v", n, w.chat.calls)
		}
		w.want(w.item("Dark mode", nil), "C1") // wanted after all
		w.drain()
		if len(w.chat.in("C1")) != 1 {
			t.Error("it did not come though it was wanted again")
		}
	})
	t.Run("a_settle_that_fails_is_found_again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		key := w.want(w.item("Dark mode", nil), "C1")
		w.unsettled()
		w.chat.fail = func(call, _ string) error { // the first look gets no answer either
			if call == "find" && w.chat.countLocked("find") == 1 {
				return errors.New("timeout")
			}
			return nil
		}
		w.drain()
		w.clock.move(time.Minute)
		w.drain()
		if p := w.post(key); p.Message != "m1" || w.chat.count("post") != 1 {
			t.Errorf("at %q after %v", p.Message, w.chat.calls)
		}
	})
}

func TestAgeCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.votes(it, 3, "U")
	w.drain()
	week := func() string { return fmt.Sprint(w.chat.in("C1")[0].(bot.Card).Week, " ", w.chat.count("update")) }
	for day := range 10 {
		_, err := w.bot.PruneOnce(t.Context())
		w.must(err)
		_, err = w.replica().PruneOnce(t.Context())
		w.must(err)
		w.drain()
		want := "3 0"
		if day >= 7 {
			want = "0 1"
		}
		if got := week(); got != want {
			t.Fatalf("day %d: the card's week and edits are %s, want %s", day, got, want)
		}
		w.clock.move(24 * time.Hour)
	}
}
