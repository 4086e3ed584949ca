package store_test

import (
	"testing"
	"time"

	"heed/bot"
)

// TestSettlePost holds a card to what its item is, however acts and sends cross.
func TestSettlePost(t *testing.T) {
	t.Parallel()

	t.Run("an_act_under_way_since_before_the_claim_leaves_the_card_due", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 1)
		it := w.items[0]
		if err := w.store.TouchItem(t.Context(), w.board, it.ID, monday); err != nil { // the card is due
			t.Fatal(err)
		}
		touched, claimed, committed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			committed <- w.store.InTx(t.Context(), func(tx bot.Tx) error {
				if _, err := tx.LockItems(t.Context(), w.board, it.ID); err != nil {
					return err
				}
				if err := tx.TouchItem(t.Context(), w.board, it.ID, monday.Add(time.Second)); err != nil {
					return err
				}
				close(touched)
				<-claimed
				return nil
			})
		}()
		<-touched
		paces := map[bot.Platform]bot.Pace{bot.Slack: {Burst: 10}}
		claims, err := w.store.ClaimPosts(t.Context(), monday.Add(time.Second), 10, time.Minute, paces)
		if err != nil || len(claims) != 1 {
			t.Fatalf("%d claims, %v", len(claims), err)
		}
		read, err := w.store.Item(t.Context(), w.board, it.ID) // what the card will show: the act is not in it
		if err != nil {
			t.Fatal(err)
		}
		settled := make(chan error, 1)
		go func() {
			_, err := w.store.SettlePost(t.Context(), claims[0], bot.Shown{Version: read.Version})
			settled <- err
		}()
		close(claimed)
		if err := <-committed; err != nil {
			t.Fatal(err)
		}
		if err := <-settled; err != nil {
			t.Fatal(err)
		}
		again, err := w.store.ClaimPosts(t.Context(), monday.Add(time.Second), 10, time.Minute, paces)
		if err != nil || len(again) != 1 {
			t.Errorf("the card shows version %d for good: %d claims, %v", read.Version, len(again), err)
		}
	})

	t.Run("a_card_that_shows_its_item_is_at_rest", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 1)
		if err := w.store.TouchItem(t.Context(), w.board, w.items[0].ID, monday); err != nil {
			t.Fatal(err)
		}
		paces := map[bot.Platform]bot.Pace{bot.Slack: {Burst: 10}}
		claims, err := w.store.ClaimPosts(t.Context(), monday, 10, time.Minute, paces)
		if err != nil || len(claims) != 1 {
			t.Fatalf("%d claims, %v", len(claims), err)
		}
		it, err := w.store.Item(t.Context(), w.board, w.items[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.store.SettlePost(t.Context(), claims[0], bot.Shown{Version: it.Version}); err != nil {
			t.Fatal(err)
		}
		if again, err := w.store.ClaimPosts(t.Context(), monday.Add(time.Second), 10, time.Minute, paces); err != nil || len(again) != 0 {
			t.Errorf("it is still due: %d claims, %v", len(again), err)
		}
	})
}
