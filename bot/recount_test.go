package bot_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/bot"
)

// countingChat is a platform that counts, and tells nothing twice.
type countingChat struct {
	*chat
	missing map[string]bool // messages that a list does not hold
}

func (c *countingChat) Counts(_ context.Context, w bot.Workspace, channel string, messages []string) (map[string]map[string]int, error) {
	if err := c.begin("counts", channel); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]map[string]int{}
	for _, m := range messages {
		if c.missing[m] {
			continue
		}
		out[m] = map[string]int{}
		for _, r := range c.reactions[channel+"/"+m] {
			if r.Account != w.BotAccount {
				out[m][r.Emoji]++
			}
		}
	}
	return out, nil
}

// counting is a world whose platform counts, with cards m1, m2 … of as many items.
func counting(t *testing.T, cards int) (*world, *bot.Bot, *countingChat, []bot.Item) {
	t.Helper()
	w := newWorld(t)
	var items []bot.Item
	for i := range cards {
		it := w.item(fmt.Sprint("Wish ", i), nil)
		w.want(it, "C1")
		w.drain()
		items = append(items, it)
	}
	c := &countingChat{chat: w.chat, missing: map[string]bool{}}
	return w, w.replicaWith(c), c, items
}

// read are the messages whose voters were asked for since the last look.
func (c *countingChat) read() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, call := range c.calls {
		var at string
		if n, _ := fmt.Sscanf(call, "reactions %s", &at); n == 1 {
			out = append(out, at)
		}
	}
	c.calls = nil
	return out
}

func TestRecount(t *testing.T) {
	t.Parallel()

	t.Run("reads_only_where_counts_differ", func(t *testing.T) {
		t.Parallel()
		w, b, c, items := counting(t, 3)
		w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
		w.react("Rui", "C1", "m2", "+1", bot.Support, w.clock.Now())
		c.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}, {Account: "B1", Emoji: "+1"}, {Account: "Zoe", Emoji: "eyes"}}
		c.reactions["C1/m3"] = []bot.Reacted{{Account: "Mira", Emoji: "+1::skin-tone-2"}, {Account: "Omar", Emoji: "+1::burst"}}
		w.clock.move(time.Hour)
		c.read()
		changed, err := b.RecountOnce(t.Context())
		w.must(err)
		if got := c.read(); !slices.Equal(got, []string{"C1/m3", "C1/m2"}) && !slices.Equal(got, []string{"C1/m2", "C1/m3"}) {
			t.Errorf("read %q, want m2, which lost one, and m3", got)
		}
		if changed != 3 || w.count(items[0]) != 1 || w.count(items[1]) != 0 || w.count(items[2]) != 2 {
			t.Errorf("%d changed: %d, %d, %d votes", changed, w.count(items[0]), w.count(items[1]), w.count(items[2]))
		}
		if _, err := b.RecountOnce(t.Context()); err != nil || c.count("counts") != 0 {
			t.Errorf("counted twice in an hour: %v", err)
		}
	})
	t.Run("a_later_act_stands", func(t *testing.T) {
		t.Parallel()
		w, b, c, items := counting(t, 1)
		c.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
		w.chat.fail = func(call, _ string) error {
			if call == "reactions" { // Rui takes it back while it is being read
				w.react("Rui", "C1", "m1", "+1", bot.Retract, w.clock.Now().Add(time.Second))
			}
			return nil
		}
		if _, err := b.RecountOnce(t.Context()); err != nil || w.count(items[0]) != 0 {
			t.Errorf("%d votes, %v", w.count(items[0]), err)
		}
	})
	t.Run("what_a_list_does_not_hold_is_asked_for", func(t *testing.T) {
		t.Parallel()
		w, b, c, items := counting(t, 1)
		c.missing["m1"] = true
		c.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
		if _, err := b.RecountOnce(t.Context()); err != nil || w.count(items[0]) != 1 {
			t.Errorf("%d votes, %v", w.count(items[0]), err)
		}
	})
	t.Run("a_platform_that_delivers_again_is_not_asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.want(w.item("Dark mode", nil), "C1")
		w.drain()
		_, err := w.replicaWith(w.chat).RecountOnce(t.Context())
		w.must(err)
		if n := w.chat.count("reactions"); n != 0 {
			t.Errorf("read %d times", n)
		}
	})
}

func TestReconcileByCounts(t *testing.T) {
	t.Parallel()

	t.Run("first_what_differs_then_the_rest", func(t *testing.T) {
		t.Parallel()
		w, b, c, items := counting(t, 4)
		for _, m := range []string{"m1", "m2", "m3"} {
			w.react("Rui", "C1", m, "+1", bot.Support, w.clock.Now())
		}
		gap := w.clock.Now()
		w.clock.move(time.Minute)
		c.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
		c.reactions["C1/m2"] = []bot.Reacted{{Account: "Mira", Emoji: "+1"}} // one went, another came
		c.reactions["C1/m4"] = []bot.Reacted{{Account: "Omar", Emoji: "+1"}}
		w.must(b.Gap(t.Context(), acme, gap))
		c.read()
		_, err := b.ReconcileOnce(t.Context())
		w.must(err)
		got := c.read()
		if len(got) != 4 || !slices.Contains(got[:2], "C1/m3") || !slices.Contains(got[:2], "C1/m4") {
			t.Errorf("read %q, want m3 and m4 first", got)
		}
		for i, want := range []int{1, 1, 0, 1} {
			if n := w.count(items[i]); n != want {
				t.Errorf("m%d: %d votes, want %d", i+1, n, want)
			}
		}
		var voter string
		w.must(w.db.Get(&voter, `select m.account from votes v join members m using (board_id, person_id) where v.supports and v.item_id = $1`, items[1].ID))
		if voter != "Mira" {
			t.Errorf("m2 has %s's vote", voter)
		}
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
			t.Error("the gap is still open")
		}
	})
	t.Run("a_gap_stays_open_until_all_is_swept", func(t *testing.T) {
		t.Parallel()
		w, b, c, _ := counting(t, 2)
		w.must(b.Gap(t.Context(), acme, w.clock.Now()))
		c.fail = func(call, at string) error {
			if call == "reactions" {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "http_503"}
			}
			return nil
		}
		if _, err := b.ReconcileOnce(t.Context()); err == nil {
			t.Error("no error")
		}
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 1 {
			t.Error("the gap was closed though not all was read")
		}
		c.fail = nil
		_, err := b.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
			t.Error("the gap is still open: the turn was not given back")
		}
	})
	t.Run("one_message_that_fails_keeps_none_of_the_others", func(t *testing.T) {
		t.Parallel()
		w, b, c, _ := counting(t, 3)
		for i := range 3 {
			c.reactions[fmt.Sprint("C1/m", i+1)] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
		}
		w.must(b.Gap(t.Context(), acme, w.clock.Now()))
		times := 2
		c.fail = func(call, at string) error {
			if call == "reactions" && at == "C1/m1" && times > 0 {
				times--
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "http_502"}
			}
			return nil
		}
		if _, err := b.ReconcileOnce(t.Context()); err == nil {
			t.Error("no error")
		}
		if n := w.number(`select count(*) from votes where supports`); n != 2 {
			t.Errorf("%d votes, want those of the two others", n)
		}
		times = 1
		_, err := b.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.number(`select count(*) from votes where supports`); n != 3 {
			t.Errorf("%d votes, want all three: it is tried once more", n)
		}
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
			t.Error("the gap is still open")
		}
	})
	t.Run("a_platform_that_is_away_is_not_asked_for_everything", func(t *testing.T) {
		t.Parallel()
		w, b, c, _ := counting(t, 6)
		for i := range 6 {
			c.reactions[fmt.Sprint("C1/m", i+1)] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
		}
		w.must(b.Gap(t.Context(), acme, w.clock.Now()))
		c.read()
		c.fail = func(call, _ string) error {
			if call == "reactions" {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "http_503"}
			}
			return nil
		}
		if _, err := b.ReconcileOnce(t.Context()); err == nil {
			t.Error("no error")
		}
		if got := c.read(); len(got) != 3 {
			t.Errorf("asked for %v, want three", got)
		}
	})
	t.Run("a_gap_within_a_gap", func(t *testing.T) {
		t.Parallel()
		// Rui's vote is heard between two gaps, and taken back in the second. The gap that is
		// read back is the first: its start is before Rui's vote.
		w, b, c, items := counting(t, 1)
		first := w.clock.Now()
		w.clock.move(time.Minute)
		w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
		w.clock.move(time.Minute)
		w.must(b.Gap(t.Context(), acme, first))
		w.must(b.Gap(t.Context(), acme, w.clock.Now()))
		c.reactions["C1/m1"] = nil
		_, err := b.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.count(items[0]); n != 0 {
			t.Errorf("%d votes", n)
		}
	})
}

func TestCleared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.drain()
	w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
	w.react("Mira", "C1", "m1", "+1::skin-tone-3", bot.Support, w.clock.Now())
	w.react("Omar", "C1", "m1", "+1::burst", bot.Support, w.clock.Now())
	w.clock.move(time.Second)
	clear := func(message string, emoji ...string) {
		t.Helper()
		w.must(w.bot.Cleared(t.Context(), acme, "C1", message, emoji, w.clock.Now()))
	}
	clear("m9")
	w.must(w.bot.Cleared(t.Context(), bot.WorkspaceRef{Platform: bot.Discord, Ref: "9"}, "C1", "m1", nil, w.clock.Now()))
	if n := w.count(it); n != 3 {
		t.Fatalf("%d votes: another message was cleared", n)
	}
	clear("m1", "+1", "+1::burst")
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes, want Mira's", n)
	}
	w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now().Add(time.Second))
	clear("m1") // of before Rui's second thought
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes, want Rui's", n)
	}
}
