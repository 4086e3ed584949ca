package bot_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestLateCarriage: whoever was answered before the board had moved is written to when it
// has, also when the call that they made has ended by then.
func TestLateCarriage(t *testing.T) {
	t.Parallel()
	w := newLinkWorld(t)
	w.bot = bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: w.chat},
		bot.Options{SecretKey: []byte("not a real key, for tests only.."), Patience: time.Nanosecond})
	question := w.say("DGIL", "/heed link "+w.code("UZOE", "/heed link"))
	ctx, end := context.WithCancel(t.Context())
	r, err := w.bot.Press(ctx, w.call("DGIL"), actionOf(t, question, "Share the board"))
	end()
	w.must(err)
	say, ok := r.(bot.Say)
	if !ok || !strings.Contains(say.Doc.Plain(), "I'll write to you when it's done") {
		t.Fatalf("the answer is %v", r)
	}
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for w.number(`select count(*) from posts where key like 'carried:%' and account = 'DGIL'`) == 0 {
		select {
		case <-every.C:
		case <-late.C:
			t.Fatal("nobody was told how it ended")
		}
	}
	if w.here(w.guildRef).Board != w.here(acme).Board {
		t.Error("it did not move")
	}
}
