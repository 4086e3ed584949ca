package store_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// TestVoteInPlace is about what a vote may cost: it changes a request in place, without a
// word to any index, but for the few votes that lift it to another rung.
func TestVoteInPlace(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 1)
	var columns []string
	if err := w.db.Select(&columns, `
		select distinct a.attname::text from pg_index x join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = x.indexrelid and d.refobjid = x.indrelid
		  join pg_attribute a on a.attrelid = x.indrelid and a.attnum = d.refobjsubid
		 where x.indrelid = 'items'::regclass and a.attname in ('votes', 'version', 'rung') order by 1`); err != nil {
		t.Fatal(err)
	}
	if len(columns) != 1 || columns[0] != "rung" {
		t.Errorf("indexes of items hold %v, of what votes move only the rung may be there", columns)
	}
	rungs := 0
	last := -1
	for n := range 200 {
		w.cast(t, w.press(fmt.Sprintf("U%d", n), 0, bot.PlaceButton, bot.Support, monday.Add(time.Duration(n)*time.Second)))
		var r struct{ Votes, Rung int }
		if err := w.db.Get(&r, `select votes, rung from items`); err != nil {
			t.Fatal(err)
		}
		if r.Rung < last || r.Votes != n+1 {
			t.Fatalf("%d votes stand on rung %d, after rung %d", r.Votes, r.Rung, last)
		}
		if r.Rung != last {
			rungs++
		}
		last = r.Rung
	}
	if rungs < 4 || rungs > 12 {
		t.Errorf("200 votes reach %d rungs", rungs)
	}
}
