package store_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// Votes on a board that has just begun to grow: plans are made while tables are
// empty, and kept.
func TestVotesOnAGrowingBoard(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 0)
	for r := range 40 {
		it, _, err := w.store.AddItem(w.ctx, bot.Item{
			Board: w.board, Title: fmt.Sprintf("Wish %d", r), Body: "please", Status: bot.StatusNew, Audience: bot.Community, CreatedAt: monday,
		}, fmt.Sprintf("test:%d", r))
		if err != nil {
			t.Fatal(err)
		}
		w.items = append(w.items, it)
		var bs []bot.Ballot
		for i := range 1 + r%6 {
			bs = append(bs, w.press(fmt.Sprintf("U%d_%d", r%9, i), (i*7+r)%len(w.items), bot.PlaceButton, bot.Support, monday.Add(time.Duration(r*7+i)*time.Hour)))
		}
		w.cast(t, bs...)
	}
}
