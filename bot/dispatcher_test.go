package bot_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"heed/bot"
)

// until waits for what another goroutine brings about.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(what)
		}
	}
}

func TestRunDispatcher(t *testing.T) {
	t.Parallel()
	t.Run("a_commit_is_shown_at_once_and_a_slow_channel_holds_up_no_other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Intake, c.Joined = true, true })
		slow := make(chan struct{})
		chat := &slowChat{chat: w.chat, channel: "C2", until: slow}
		b := w.replicaWith(chat)
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.RunDispatcher(ctx) }()

		it := w.item("Dark mode", nil)
		w.want(it, "C2")
		b.Wake()
		until(t, "the slow channel was never tried", func() bool { return chat.began() })
		for range 3 { // the clock stands still: nothing but the ring brings it on
			w.touch(it)
			w.want(it, "C1")
			b.Wake()
		}
		until(t, "the card of the other channel waits for the slow one", func() bool { return len(w.chat.in("C1")) == 1 })

		end() // with a send under way: it comes to its end and is settled
		close(slow)
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
		if n := w.number(`select count(*) from posts where channel_ref = 'C2' and message_ref <> '' and lease_until is null`); n != 1 {
			t.Error("the send under way was not settled")
		}
	})
	t.Run("a_private_note_opens_the_conversation_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.must(w.bot.Welcome(t.Context(), acme, "Zoe")) // cards have a home, so there is nothing to ask
		w.drain()
		if len(w.chat.calls) != 0 {
			t.Errorf("calls %v", w.chat.calls)
		}
		w.exec(`update workspaces set welcomed_at = null`)
		w.channel("C1", func(c *bot.Channel) { c.Main = false })
		w.must(w.bot.Welcome(t.Context(), acme, "Zoe"))
		w.drain()
		if n := w.number(`select count(*) from posts where account = 'Zoe' and channel_ref = 'DZoe' and message_ref <> ''`); n != 1 {
			t.Errorf("calls %v", w.chat.calls)
		}
	})
}

// replicaWith is another process that sends through m.
func (w *world) replicaWith(m bot.Messenger) *bot.Bot {
	return bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: m}, bot.Options{Jitter: func() float64 { return 0 }})
}

// slowChat answers posts to one channel only when it may.
type slowChat struct {
	*chat
	channel string
	until   <-chan struct{}
	tried   atomic.Bool
}

func (c *slowChat) began() bool { return c.tried.Load() }

func (c *slowChat) Post(ctx context.Context, to bot.Destination, key string, content bot.Content) (bot.Sent, error) {
	if to.Channel == c.channel {
		c.tried.Store(true)
		select {
		case <-c.until:
		case <-ctx.Done():
			return bot.Sent{}, ctx.Err()
		}
	}
	return c.chat.Post(ctx, to, key, content)
}
