package store_test

import (
	"testing"

	"heed/store"
)

// TestExportItems is about what an export sees while others write.
func TestExportItems(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 1)
	w.must(t, `insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, created_at, status_at)
		select $1, 1000 + n, 1000 + n, 'more:' || n, 'Wish', 'please', 'team', 1000 + n, $2, $2 from generate_series(1, 500) n`, w.board, monday)
	seen := 0
	err := w.store.ExportItems(w.ctx, w.board, func(l store.ItemLine) error {
		if seen++; seen == 1 {
			w.must(t, `update items set hidden_at = $1 where number = 1400`, monday)
			w.must(t, `update items set title = 'Later' where number = 1500`)
			w.must(t, `insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, created_at, status_at)
				values ($1, 5000, 5000, 'late', 'Later', 'please', 'team', 5000, $2, $2)`, w.board, monday)
		}
		if l.Title == "Later" {
			t.Errorf("#%d is of later than the beginning", l.Number)
		}
		return nil
	})
	if err != nil || seen != 501 {
		t.Errorf("%d items, %v", seen, err)
	}
}
