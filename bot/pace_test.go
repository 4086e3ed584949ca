package bot_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestPace(t *testing.T) {
	t.Parallel()
	t.Run("a_channels_next_message_waits_for_its_slot_on_every_replica", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.pace = bot.Pace{Channel: time.Hour}
		w.channel("C2", func(c *bot.Channel) { c.Intake = true })
		for i := range 3 {
			it := w.item(fmt.Sprint("Wish ", i), nil)
			w.want(it, "C1")
			w.want(it, "C2")
		}
		w.drain()
		if n, err := w.replica().DispatchOnce(t.Context()); n != 0 || err != nil {
			t.Errorf("another replica sent %d, %v", n, err)
		}
		if len(w.chat.in("C1")) != 1 || len(w.chat.in("C2")) != 1 {
			t.Errorf("calls %v, want one a channel", w.chat.calls)
		}
		w.exec(`update lanes set next_at = clock_timestamp() where lane = 'c:C1'`)
		w.drain()
		if len(w.chat.in("C1")) != 2 || len(w.chat.in("C2")) != 1 {
			t.Errorf("calls %v, want one more in C1", w.chat.calls)
		}
	})
	t.Run("two_replicas_send_none_twice_and_none_ahead_of_its_slot", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		const slot = 50 * time.Millisecond
		w.chat.pace = bot.Pace{Channel: slot}
		for c := range 4 {
			ref := fmt.Sprintf("C%d", c+10)
			w.channel(ref, func(c *bot.Channel) { c.Intake = true })
			for i := range 5 {
				w.want(w.item(fmt.Sprintf("%s %d", ref, i), nil), ref)
			}
		}
		began := time.Now()
		var all sync.WaitGroup
		for range 2 {
			b := w.replica()
			all.Go(func() {
				for len(w.chat.in("C10"))+len(w.chat.in("C11"))+len(w.chat.in("C12"))+len(w.chat.in("C13")) < 20 {
					if _, err := b.DispatchOnce(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		if n := w.chat.count("post"); n != 20 {
			t.Errorf("%d posts, want 20", n)
		}
		if took := time.Since(began); took < 4*slot {
			t.Errorf("five messages a channel took %v, want four slots of %v at least", took, slot)
		}
	})
	t.Run("edits_of_a_workspace_share_its_allowance", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var items []bot.Item
		for i := range 10 {
			ref := fmt.Sprintf("C%d", i+10)
			w.channel(ref, func(c *bot.Channel) { c.Intake = true })
			it := w.item(ref, nil)
			w.want(it, ref)
			items = append(items, it)
		}
		w.drain()
		w.chat.pace = bot.Pace{Change: time.Hour, Burst: 3}
		for _, it := range items {
			w.touch(it)
		}
		w.drain()
		w.drain()
		if n := w.chat.count("update"); n != 3 {
			t.Errorf("%d edits at once, want the burst of 3", n)
		}
		it := w.item("New", nil)
		w.want(it, "C1")
		w.drain()
		if len(w.chat.in("C1")) != 1 {
			t.Error("a new message waited for the edits")
		}
	})
}

// Any mix of touches, claims, settles, crashes and lost answers ends with every card
// showing its item's version, and none posted twice.
func TestDispatchConverges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			w := newWorld(t)
			var items []bot.Item
			var keys []string
			for i := range 4 {
				ref := fmt.Sprintf("C%d", i%2+10)
				w.channel(ref, func(c *bot.Channel) { c.Intake, c.Joined = true, true })
				items = append(items, w.item(fmt.Sprint("Item ", i), nil))
				keys = append(keys, w.want(items[i], ref))
			}
			lost := false // the answer of the next send is lost, as by a crash or a cut connection
			w.chat.fail = func(call, _ string) error {
				if (call == "post" || call == "update") && r.IntN(6) == 0 {
					return &bot.Fault{Kind: bot.FaultTransient, Reason: "internal_error"}
				}
				return nil
			}
			w.chat.after = func(string) {
				if lost {
					lost = false
					w.exec(`update posts set lease_until = clock_timestamp() - interval '1 second' where due_at = 'infinity'`)
				}
				if r.IntN(3) == 0 {
					w.touch(items[r.IntN(len(items))])
				}
			}
			other := w.replica()
			for range 60 {
				switch r.IntN(6) {
				case 0, 1:
					w.touch(items[r.IntN(len(items))])
				case 2: // a process claims and dies at once
					_, err := w.store.ClaimPosts(t.Context(), w.clock.Now(), 2, time.Nanosecond, map[bot.Platform]bot.Pace{bot.Slack: {Burst: 1}})
					w.must(err)
				case 3:
					lost = true
					fallthrough
				case 4:
					_, err := w.bot.DispatchOnce(t.Context())
					w.must(err)
				case 5:
					_, err := other.DispatchOnce(t.Context())
					w.must(err)
					w.clock.move(time.Duration(r.IntN(90)) * time.Second)
				}
			}
			w.chat.fail, w.chat.after = nil, nil
			for range 3 {
				w.clock.move(time.Hour)
				w.drain()
			}
			for i, key := range keys {
				it, err := w.store.Item(t.Context(), w.ws.Board, items[i].ID)
				w.must(err)
				if p := w.post(key); p.Shown != it.Version || p.Message == "" {
					t.Errorf("%s shows %d of %d", key, p.Shown, it.Version)
				}
			}
			if n := len(w.chat.in("C10")) + len(w.chat.in("C11")); n != 4 {
				t.Errorf("%d messages of 4 cards: %v", n, w.chat.calls)
			}
		})
	}
}
