package store_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// TestCause holds a post to the event that made it due, so that the log can be followed
// from one to the other.
func TestCause(t *testing.T) {
	t.Parallel()
	paces := map[bot.Platform]bot.Pace{bot.Slack: {Burst: 10}}
	w := newVotesWorld(t, 2)
	ballot := func(i int, account, event string) bot.Ballot {
		return bot.Ballot{Workspace: w.slack.Ref, Account: account, Item: w.items[i].Number, Place: bot.PlaceButton, Act: bot.Support, At: monday, Event: event}
	}
	causes := func() map[bot.ItemID]string {
		t.Helper()
		claims, err := w.store.ClaimPosts(w.ctx, monday.Add(time.Hour), 10, time.Minute, paces)
		if err != nil {
			t.Fatal(err)
		}
		out := map[bot.ItemID]string{}
		for _, c := range claims {
			out[c.Item] = c.Cause
			it, err := w.store.Item(w.ctx, w.board, c.Item)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.store.SettlePost(w.ctx, c, bot.Shown{Version: it.Version}); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	is := func(what string, want map[int]string) {
		t.Helper()
		got := causes()
		named := map[int]string{}
		for i, it := range w.items {
			if cause, due := got[it.ID]; due {
				named[i] = cause
			}
		}
		if fmt.Sprint(named) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, named, want)
		}
		w.must(t, `update lanes set next_at = to_timestamp(0)`)
	}

	w.must(t, `update posts set channel_ref = 'C' || post_id`) // a lane each
	if _, err := w.store.CastVotes(w.ctx, monday, []bot.Ballot{ballot(0, "U1", "first"), ballot(1, "U2", "second")}); err != nil {
		t.Fatal(err)
	}
	is("each card names a ballot on its own item", map[int]string{0: "first", 1: "second"})

	if _, err := w.store.CastVotes(bot.WithEvent(w.ctx, "pressed"), monday, []bot.Ballot{ballot(0, "U3", "")}); err != nil {
		t.Fatal(err)
	}
	is("a ballot without one has the context's", map[int]string{0: "pressed"})

	if err := w.store.TouchItem(bot.WithEvent(w.ctx, "edited"), w.board, w.items[1].ID, monday); err != nil {
		t.Fatal(err)
	}
	is("an act names its event", map[int]string{1: "edited"})

	w.must(t, `update posts set due_at = $1`, monday)
	is("what was shown is no longer the cause", map[int]string{0: "", 1: ""})

	ctx := bot.WithEvent(w.ctx, "merged")
	if err := w.store.InTx(ctx, func(tx bot.Tx) error {
		return tx.MergeItem(ctx, w.board, w.items[0].ID, w.items[1].ID, monday)
	}); err != nil {
		t.Fatal(err)
	}
	is("a merge names its event on both cards", map[int]string{0: "merged", 1: "merged"})
}
