package bot_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"heed/bot"
)

// heldClock has those who wait for it wait until they may go on.
type heldClock struct {
	*steppedClock
	waits chan struct{} // somebody began to
	goOn  chan struct{}
}

func (c heldClock) Wait(ctx context.Context, _ time.Time) error {
	select {
	case c.waits <- struct{}{}:
	case <-c.goOn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.goOn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestPressOnFreshCard: after its workspace changed boards, a card's button means the card's
// request, also before Heed has kept where the card stands.
func TestPressOnFreshCard(t *testing.T) {
	t.Parallel()
	// posted is a guild on a shared board whose newest card, of #2, is about to be posted.
	// Before it moved it had no #2. quick is a press on that card's [Vote].
	posted := func(t *testing.T) (w *linkWorld, quick func(bot.Clock, string) bot.Reply) {
		w = newLinkWorld(t)
		w.asks("D1", "Dark mode")
		w.drain()
		w.share()
		w.asks("D2", "Offline maps")
		return w, func(c bot.Clock, message string) bot.Reply {
			b := bot.New(w.store, c, slog.New(slog.DiscardHandler), nil, bot.Options{Patience: time.Minute})
			call := w.call("D7")
			call.Message = message
			r, err := b.Press(t.Context(), call, bot.Act("vote", w.titled(w.guildRef, "Offline maps").Number))
			if err != nil {
				t.Error(err)
			}
			return r
		}
	}
	t.Run("it_is_waited_for", func(t *testing.T) {
		t.Parallel()
		w, quick := posted(t)
		clock := heldClock{w.clock, make(chan struct{}), make(chan struct{})}
		said := make(chan bot.Reply, 1)
		w.guild.after = func(string) { // it stands, and is not kept yet
			w.guild.after = nil
			go func() { said <- quick(clock, "m2") }()
			select {
			case <-clock.waits:
			case r := <-said:
				t.Errorf("answered before anybody knew the card: %s", answer(r))
				said <- r
			}
		}
		w.drain()
		close(clock.goOn)
		reads(t, <-said, "Counted", "Offline maps")
		if it := w.titled(w.guildRef, "Offline maps"); it.Votes != 2 {
			t.Errorf("%d votes, want 2", it.Votes)
		}
	})
	t.Run("one_that_is_never_kept_is_not_waited_for_for_ever_and_counts_for_nothing_else", func(t *testing.T) {
		t.Parallel()
		w, quick := posted(t)
		w.guild.after = func(string) {
			w.guild.after = nil
			reads(t, quick(hastyClock{w.clock}, "m2"), "from before this workspace changed boards", "Nothing has changed")
		}
		w.drain()
		reads(t, quick(hastyClock{w.clock}, "m2"), "Counted")
		if n := w.number(`select count(*) from ballots b join members m using (board_id, member_id) where m.account = 'D7'`); n != 1 {
			t.Errorf("%d ballots, want 1", n)
		}
	})
	t.Run("elsewhere_nothing_is_waited_for", func(t *testing.T) {
		t.Parallel()
		w, quick := posted(t)
		w.drain()
		clock := heldClock{w.clock, make(chan struct{}), nil} // it would never end
		reads(t, quick(clock, "m99"), "from before this workspace changed boards")
	})
}
