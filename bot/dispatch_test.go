package bot_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

func TestDispatch(t *testing.T) {
	t.Parallel()
	t.Run("a_card_is_posted_once_and_then_edited", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		w.want(it, "C1") // wanted again, nothing changed
		w.drain()
		if got := w.chat.calls; len(got) != 1 || got[0] != "post C1" {
			t.Fatalf("calls %v, want one post", got)
		}
		w.touch(it)
		w.drain()
		if w.chat.count("post") != 1 || w.chat.count("update") != 1 {
			t.Fatalf("calls %v, want one post and one edit", w.chat.calls)
		}
		p := w.post(key)
		if p.Shown != 2 || p.Message != "m1" || p.Permalink != "https://chat.example/C1/m1" {
			t.Errorf("post shows %d at %q (%s)", p.Shown, p.Message, p.Permalink)
		}
	})
	t.Run("a_vote_while_it_is_sent_leaves_the_card_due", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		touched := false
		w.chat.after = func(string) {
			if !touched {
				touched = true
				w.touch(it)
			}
		}
		w.drain()
		if p := w.post(key); p.Shown != 2 || w.chat.count("update") != 1 {
			t.Fatalf("shows version %d after %v, want 2", p.Shown, w.chat.calls)
		}
	})
	t.Run("five_hundred_votes_in_a_second_are_a_few_edits", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		for range 500 {
			w.touch(it)
		}
		w.drain()
		if n := w.chat.count("update"); n != 1 {
			t.Errorf("%d edits, want 1", n)
		}
		if p := w.post(key); p.Shown != 501 {
			t.Errorf("shows version %d, want 501", p.Shown)
		}
	})
	t.Run("a_crash_between_send_and_settle_posts_nothing_twice", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		// The process that claims dies with its message sent: nobody settles.
		claims, err := w.store.ClaimPosts(t.Context(), w.clock.Now(), 10, time.Minute, map[bot.Platform]bot.Pace{bot.Slack: {Burst: 1}})
		w.must(err)
		if len(claims) != 1 {
			t.Fatalf("%d claims", len(claims))
		}
		w.exec(`update posts set lease_until = null, due_at = $1`, w.clock.Now()) // let one send come through ...
		w.chat.after = func(string) {
			w.exec(`update posts set lease_until = clock_timestamp() - interval '1 second', due_at = 'infinity'`) // ... whose settling is lost
			w.chat.after = nil
		}
		_, err = w.bot.DispatchOnce(t.Context())
		w.must(err)
		w.touch(it)
		w.drain()
		if w.chat.count("post") != 1 || w.chat.count("find") != 1 {
			t.Errorf("calls %v, want one post and a look for it", w.chat.calls)
		}
		if p := w.post(key); p.Shown != 2 || p.Message != "m1" {
			t.Errorf("shows %d at %q, want 2 at m1", p.Shown, p.Message)
		}
	})
	t.Run("a_send_without_an_answer_is_looked_for_before_it_is_tried_again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.want(w.item("Dark mode", nil), "C1")
		w.chat.fail = func(call, _ string) error {
			if call == "post" {
				return errors.New("connection reset")
			}
			return nil
		}
		w.drain()
		w.chat.fail = nil
		w.clock.move(2 * time.Second)
		w.drain()
		if got := fmt.Sprint(len(w.chat.calls), w.chat.count("post"), w.chat.count("find")); got != "3 2 1" {
			t.Errorf("calls %v, want post, find, post", w.chat.calls)
		}
	})
	t.Run("one_failing_channel_holds_up_no_other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Intake = true })
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		key := w.want(it, "C2")
		w.chat.fail = func(_, at string) error {
			if at == "C1" {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "internal_error"}
			}
			return nil
		}
		w.drain()
		if p := w.post(key); p.Shown != 1 {
			t.Error("the card of the other channel was not shown")
		}
	})
	t.Run("a_limit_holds_the_lane_for_all_replicas", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.want(w.item("Dark mode", nil), "C1")
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited", RetryAfter: 30 * time.Second}
		}
		w.drain()
		w.chat.fail = nil
		w.want(w.item("CSV export", nil), "C1")
		w.clock.move(time.Minute) // another replica's clock may be ahead: the lane goes by the database's
		n, err := w.replica().DispatchOnce(t.Context())
		w.must(err)
		if n != 0 || w.chat.count("post") != 1 {
			t.Errorf("%d sent while the lane was held", n)
		}
		if n := w.number(`select count(*) from lanes where next_at > clock_timestamp() + interval '25 seconds'`); n != 2 {
			t.Errorf("%d lanes held, want the channel's and the method's", n)
		}
	})
	t.Run("a_deleted_card_comes_back_only_when_asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		delete(w.chat.messages, "C1/m1")
		w.touch(it)
		w.drain()
		w.touch(it)
		w.want(it, "C1")
		w.drain()
		if w.chat.count("post") != 1 {
			t.Fatalf("calls %v: it came back by itself", w.chat.calls)
		}
		n, err := w.store.RestoreCards(t.Context(), it.Board, it.ID, w.clock.Now())
		w.must(err)
		w.drain()
		if n != 1 || w.chat.count("post") != 2 || w.post(key).Message != "m2" {
			t.Errorf("restored %d, calls %v", n, w.chat.calls)
		}
	})
	t.Run("a_hidden_items_card_is_deleted_and_comes_back_with_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		w.exec(`update items set hidden_at = $1`, w.clock.Now())
		w.touch(it)
		w.drain()
		if len(w.chat.in("C1")) != 0 {
			t.Fatal("the card of a hidden item stands")
		}
		w.must(w.bot.MessageGone(t.Context(), acme, "C1", "m1")) // the platform's echo of our own act
		w.exec(`update items set hidden_at = null`)
		w.touch(it)
		w.want(it, "C1")
		w.drain()
		if len(w.chat.in("C1")) != 1 || w.post(key).Message != "m2" {
			t.Errorf("calls %v, want the card back", w.chat.calls)
		}
	})
	t.Run("a_closed_edit_window_moves_the_card", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		w.chat.fail = func(call, _ string) error {
			if call == "update" {
				return &bot.Fault{Kind: bot.FaultClosed, Reason: "edit_window_closed"}
			}
			return nil
		}
		w.touch(it)
		w.drain()
		if p := w.post(key); p.Message != "m2" || p.Shown != 2 || len(w.chat.in("C1")) != 1 {
			t.Errorf("card at %q shows %d, %d messages", p.Message, p.Shown, len(w.chat.in("C1")))
		}
	})
	t.Run("not_in_the_channel_joins_and_posts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Intake = true })
		joined := false
		w.chat.fail = func(call, _ string) error {
			if call == "join" {
				joined = true
			}
			if call == "post" && !joined {
				return &bot.Fault{Kind: bot.FaultForbidden, Reason: "not_in_channel"}
			}
			return nil
		}
		w.want(w.item("Dark mode", nil), "C2")
		w.drain()
		if cards := w.chat.in("C2"); len(cards) != 1 || cards[0].(bot.Card).Deaf {
			t.Errorf("cards %v", cards)
		}
	})
	t.Run("what_was_refused_goes_out_when_heed_is_let_in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Intake = true })
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultForbidden, Reason: "not_in_channel"}
		}
		w.want(w.item("Dark mode", nil), "C2")
		w.drain()
		w.clock.move(time.Hour)
		w.drain()
		if n := w.chat.count("post"); n != 1 {
			t.Fatalf("%d tries, want one", n)
		}
		w.chat.fail = nil
		yes := true
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C2", Joined: &yes}))
		w.drain()
		if len(w.chat.in("C2")) != 1 {
			t.Errorf("calls %v", w.chat.calls)
		}
	})
	t.Run("revoked_tokens_stop_the_workspace_until_it_is_back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultRevoked, Reason: "token_revoked"}
		}
		w.want(w.item("Dark mode", nil), "C1")
		w.drain()
		w.clock.move(time.Hour)
		w.drain()
		if len(w.chat.calls) != 1 || w.number(`select count(*) from workspaces where state = 'gone'`) != 1 {
			t.Fatalf("calls %v", w.chat.calls)
		}
		w.chat.fail = nil
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: acme})
		w.must(err)
		w.drain()
		if len(w.chat.in("C1")) != 1 {
			t.Error("the card did not go out after the workspace came back")
		}
	})
	t.Run("content_the_platform_refuses_waits_for_the_next_change", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.chat.fail = func(string, string) error {
			return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "invalid_blocks"}
		}
		w.drain()
		w.clock.move(24 * time.Hour)
		w.drain()
		if len(w.chat.calls) != 1 {
			t.Fatalf("calls %v, want one", w.chat.calls)
		}
		w.chat.fail = nil
		w.touch(it)
		w.drain()
		if w.post(key).Shown != 2 {
			t.Error("not shown after its item changed")
		}
	})
	t.Run("a_captured_message_gets_its_mark_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, err := w.store.WantPost(t.Context(), w.ws.Board, bot.Want{
			Key: "mark:1", Kind: bot.PostMark, Workspace: w.ws.ID, Channel: "C1", Message: "x9", Due: w.clock.Now(),
		})
		w.must(err)
		w.drain()
		w.drain()
		if got := fmt.Sprint(w.chat.calls, w.chat.messages["C1/x9"].Marks); got != "[mark C1/x9] [+1]" {
			t.Error(got)
		}
	})
	t.Run("a_team_item_shows_no_card_to_the_community", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Intake, c.Audience = true, bot.Community })
		it := w.item("Dark mode", nil)
		w.want(it, "C2")
		w.drain()
		if len(w.chat.calls) != 0 {
			t.Errorf("calls %v, want none", w.chat.calls)
		}
	})
}
