package bot_test

import (
	"context"
	"testing"
	"time"

	"heed/bot"
)

func TestRemaining(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	guild := func(ref string) bot.WorkspaceRef { return bot.WorkspaceRef{Platform: bot.Discord, Ref: ref} }
	for _, ref := range []string{"1", "2", "3"} {
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: guild(ref), Name: "Guild " + ref})
		w.must(err)
	}
	w.must(w.bot.Remaining(t.Context(), bot.Discord, []string{"1", "9"}, func(ref string) bool { return ref != "3" }))
	gone := map[string]bool{}
	all, err := w.store.Workspaces(t.Context(), 0)
	w.must(err)
	for _, x := range all {
		gone[x.Ref.Ref] = x.Gone
	}
	if gone["1"] || !gone["2"] || gone["3"] || gone["T1"] {
		t.Errorf("gone: %v", gone)
	}
}

func TestPermitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	joined := func() bool {
		t.Helper()
		ch, err := w.store.Channel(t.Context(), w.ws.Board, w.ws.ID, "C1")
		w.must(err)
		return ch.Joined
	}
	w.chat.joined = map[string]bool{"C1": false}
	w.must(w.bot.Permitted(t.Context(), acme))
	if joined() {
		t.Error("not seen that it may not be there any more")
	}
	w.chat.joined = map[string]bool{"C1": true}
	w.must(w.bot.Permitted(t.Context(), acme))
	if !joined() {
		t.Error("not seen that it may be there again")
	}
	refused := &refusedChat{chat: w.chat, fault: &bot.Fault{Kind: bot.FaultTransient, Reason: "http_503"}}
	if err := w.replicaWith(refused).Permitted(t.Context(), acme); err == nil {
		t.Error("no error where the platform did not answer: nobody looks again")
	}
	refused.fault = &bot.Fault{Kind: bot.FaultForbidden, Reason: "discord_50001"}
	w.must(w.replicaWith(refused).Permitted(t.Context(), acme))
	if joined() {
		t.Error("a channel that is not shown counts as joined")
	}
}

// refusedChat shows no channel.
type refusedChat struct {
	*chat
	fault *bot.Fault
}

func (c *refusedChat) Channel(context.Context, bot.Workspace, string) (bot.ChannelSeen, error) {
	return bot.ChannelSeen{}, c.fault
}

func TestShardDoctor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	look := func() string {
		t.Helper()
		found, err := w.bot.Doctor(t.Context())
		w.must(err)
		return found[0].Doc.Plain()
	}
	part := func(i, of int) bot.Shard { return bot.Shard{App: "B1", Index: i, Of: of} }
	hold := func(s bot.Shard, heard time.Time) {
		t.Helper()
		_, _, err := w.store.HoldShard(t.Context(), s, "here", time.Minute, heard)
		w.must(err)
	}
	has(t, look(), "Acme (slack) is connected")
	hold(part(0, 2), w.clock.Now())
	has(t, look(), "1 of its 2 parts")
	hold(part(1, 2), w.clock.Now())
	has(t, look(), "Acme (slack) is connected")
	w.must(w.store.ShardTrouble(t.Context(), part(1, 2), "Discord does not take DISCORD_TOKEN."))
	has(t, look(), "Discord does not take DISCORD_TOKEN.")
	w.must(w.store.LeaveShard(t.Context(), part(0, 2), "here"))
	w.must(w.store.LeaveShard(t.Context(), part(1, 2), "here"))
	w.clock.move(20 * time.Minute)
	has(t, look(), "nobody listens there any more", "20 minutes ago")
	hold(bot.Shard{App: "another", Of: 1}, w.clock.Now())
	has(t, look(), "nobody listens there any more")
}

func TestSlowPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old, other := w.item("Dark mode", nil), w.item("CSV export", nil)
	w.want(old, "C1")
	w.want(other, "C1")
	w.drain()
	w.chat.fail = func(call, at string) error {
		if call == "update" && at == "C1/m1" {
			return &bot.Fault{Kind: bot.FaultSlow, Reason: "discord_30046", RetryAfter: 30 * time.Second}
		}
		return nil
	}
	w.vote(old, "Rui", bot.Support)
	w.vote(other, "Rui", bot.Support)
	w.drain()
	if n := w.chat.count("update"); n != 2 {
		t.Errorf("%d edits tried: the lane has to go on", n)
	}
	w.clock.move(time.Minute)
	w.drain()
	if n := w.chat.count("update"); n != 2 {
		t.Errorf("%d edits tried: tried again after a minute", n)
	}
	w.chat.fail = nil
	w.clock.move(10 * time.Minute)
	w.drain()
	if n := w.chat.count("update"); n != 3 {
		t.Errorf("%d edits tried: never tried again", n)
	}
}
