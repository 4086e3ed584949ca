package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// TestNothingIsLostOnTheMove has people act while their workspace changes boards.
func TestNothingIsLostOnTheMove(t *testing.T) {
	t.Parallel()

	t.Run("votes_and_requests_that_come_meanwhile", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		for i := range 5 {
			w.asks("D1", fmt.Sprintf("Wish number %c%c%c", 'a'+i, 'k'+i, 'p'-i))
		}
		w.drain()
		var cards []struct {
			Message string     `db:"message_ref"`
			Item    bot.ItemID `db:"item_id"`
		}
		w.must(w.db.Select(&cards, `select message_ref, item_id from posts where kind = 'card' and channel_ref = 'F1' order by item_id`))
		var all sync.WaitGroup
		failed := make(chan error, 1000)
		const voters = 12
		asked := make([]bool, voters)
		for v := range voters {
			all.Go(func() {
				account := fmt.Sprintf("DV%02d", v)
				for i, c := range cards {
					_, err := w.store.CastVotes(context.Background(), w.clock.Now(), []bot.Ballot{{Workspace: w.guildRef, Account: account, Channel: "F1", Message: c.Message, Emoji: "+1", Act: bot.Support, At: w.clock.Now()}})
					if err != nil {
						failed <- err
					}
					if i == 2 {
						call := w.call(account)
						_, err := w.bot.Command(context.Background(), call, "feedback", fmt.Sprintf("“My own wish, %s”", account))
						asked[v] = err == nil
					}
				}
			})
		}
		all.Go(func() { w.share() })
		all.Wait()
		close(failed)
		for err := range failed {
			t.Errorf("a vote failed: %v", err)
		}
		board := w.here(acme).Board
		for _, c := range cards {
			if n := w.number(`select votes from items where board_id = $1 and item_id = $2`, board, c.Item); n != voters+1 {
				t.Errorf("item %d has %d votes, want %d", c.Item, n, voters+1)
			}
		}
		for v, ok := range asked {
			if n := w.number(`select count(*) from evidence e where board_id = $1 and quote like $2`, board, fmt.Sprintf("%%DV%02d%%", v)); ok && n == 0 &&
				w.number(`select count(*) from held where board_id = $1 and words like $2`, board, fmt.Sprintf("%%DV%02d%%", v)) == 0 {
				t.Errorf("the words of DV%02d are not on the board", v)
			}
		}
		w.stands("after the move")
	})

	t.Run("a_message_on_its_way_is_settled_where_its_post_is", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		once := sync.Once{}
		w.guild.after = func(call string) { // Discord has the card, Heed not its answer
			if call == "post" {
				once.Do(w.share)
			}
		}
		w.drain()
		w.clock.move(time.Hour)
		w.drain()
		if n := w.guild.count("post"); n != 1 {
			t.Errorf("%d cards were posted, want 1", n)
		}
		if n := w.number(`select count(*) from posts where kind = 'card' and channel_ref = 'F1' and message_ref <> '' and due_at is null and board_id = $1`, w.here(acme).Board); n != 1 {
			t.Errorf("%d cards are settled on the shared board, want 1", n)
		}
		if card := w.guild.in("F1")[0].(bot.Card); card.Number != 2 {
			t.Errorf("the card says #%d, want its new number 2", card.Number)
		}
	})

	t.Run("a_digest_comes_once", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("D1", "Dark mode")
		w.say("DGIL", "heed digest here monday 9:00 Berlin")
		for range 3 {
			w.share()
			w.clock.move(7 * 24 * time.Hour)
			w.say("D2", "heed vote 1")
			for range 3 {
				_, err := w.bot.DigestsOnce(t.Context())
				w.must(err)
			}
			w.leave()
			_, err := w.bot.DigestsOnce(t.Context())
			w.must(err)
		}
		if n := w.number(`select count(distinct due_at) from digests where state = 'sent'`); n == 0 || n != w.number(`select count(*) from posts where kind = 'digest'`) {
			t.Errorf("%d digests are due, %d posts", n, w.number(`select count(*) from posts where kind = 'digest'`))
		}
	})

	t.Run("a_form_left_open_on_the_way_keeps_its_words", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		form := w.say("D1", "feedback")
		w.share()
		w.submit("D1", form, map[string]string{"words": "Dark mode for the night"})
		if n := w.number(`select count(*) from items where board_id = $1 and title like 'Dark mode%'`, w.here(acme).Board); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}
