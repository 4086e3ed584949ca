package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

// TestRetention lets four years pass over a board. What people need is all there and
// works; of what was once said and remembered there is no more than a season's, and of
// decisions no more than three years'.
func TestRetention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.chat.members["UZOE"] = bot.MemberSeen{Account: "UZOE", Name: "Zoe", Admin: true, Complete: true}
	dark := w.asks("URUI", "C1", "Dark mode, please")
	w.asks("UOMAR", "C1", "Export the ledger as CSV")
	w.says("ULENA", "C1", "/feedback dark mode please") // held, and its own item later
	w.says("ULENA", "C1", "/heed vote 1")
	w.says("UZOE", "C1", "/heed role <@UANA> pm")
	w.says("UZOE", "C1", "/heed digest here")
	w.says("UANA", "C1", "/heed merge 2 into 1")
	w.fills("UZOE", "C1", w.says("UZOE", "C1", "/promote 1"), map[string]string{"i_want": "a dark mode", "criteria": "It is dark."})
	w.fills("UZOE", "C1", w.says("UZOE", "C1", "/ship 1"), map[string]string{"note": "Here it is."})
	lasting := []string{"items", "evidence", "ballots", "votes", "item_days", "stories", "story_items", "criteria", "announcements", "members", "people", "grants", "schedules"}
	count := func(table string) int { return w.number(`select count(*) from ` + table) }
	work := func() {
		t.Helper()
		for range 3 {
			_, err := w.bot.HeldOnce(t.Context())
			w.must(err)
			_, err = w.bot.DigestsOnce(t.Context())
			w.must(err)
			_, err = w.bot.NoticesOnce(t.Context())
			w.must(err)
			w.drain()
			w.clock.move(time.Hour)
		}
	}
	work()
	prune := func() {
		t.Helper()
		_, err := w.bot.PruneOnce(t.Context())
		w.must(err)
	}
	w.clock.move(24 * time.Hour)
	work()
	before := map[string]int{}
	for _, table := range lasting {
		if before[table] = count(table); before[table] == 0 {
			t.Errorf("there are no %s to begin with", table)
		}
	}
	history, notes := count("history"), w.number(`select count(*) from posts where kind in ('note', 'direct') and due_at is null`)
	if history < 5 || notes < 2 || count("notices") < 1 || count("held") < 1 || count("seen") < 3 {
		t.Fatalf("%d history, %d notes, %d notices, %d held, %d seen: too little to begin with", history, notes, count("notices"), count("held"), count("seen"))
	}

	w.clock.move(60 * 24 * time.Hour)
	work()
	prune()
	if count("history") != history || count("notices") == 0 || count("held") == 0 {
		t.Error("after two months something is gone")
	}
	w.clock.move(40 * 24 * time.Hour)
	prune()
	if n := w.number(`select count(*) from notices where post_id is not null or dropped_at is not null`); n != 0 || w.number(`select count(*) from held where settled_at is not null`) != 0 {
		t.Errorf("after a season %d told news are kept", n)
	}
	if n := w.number(`select count(*) from posts where kind in ('note', 'direct') and key not like 'hello:%' and key not like 'welcome:%' and key not like 'captured:%' and created_at < $1`, w.clock.Now().Add(-90*24*time.Hour)); n != 0 {
		t.Errorf("after a season %d notes are kept", n)
	}
	if n := w.number(`select count(*) from seen where key like 'act:%'`); n != 0 {
		t.Errorf("%d acts are remembered", n)
	}
	if count("history") != history || count("digests") == 0 {
		t.Error("after a season decisions are gone")
	}
	for range 4 {
		w.clock.move(365 * 24 * time.Hour)
		work()
		prune()
	}
	if n := w.number(`select count(*) from history where at < $1`, w.clock.Now().Add(-3*365*24*time.Hour)); n != 0 {
		t.Errorf("after four years %d decisions of the first are kept", n)
	}
	if n := w.number(`select count(*) from digests where due_at < $1`, w.clock.Now().Add(-3*365*24*time.Hour)); n != 1 {
		t.Errorf("after four years %d digests of the first are kept, want the last that was sent", n)
	}
	for _, table := range lasting {
		if n := count(table); n != before[table] {
			t.Errorf("%d %s, and %d before", n, table, before[table])
		}
	}
	if n := w.number(`select count(*) from posts where kind = 'card' and item_id = $1 and gone_at is null`, int64(dark.ID)); n != 1 {
		t.Errorf("%d cards of what was asked for", n)
	}
	reads(t, w.says("URUI", "C1", "/heed show 1"), "Shipped", "Dark mode")
	reads(t, w.says("UANA", "C1", "/heed unmerge 2"), "#2")
	reads(t, w.says("UZOE", "C1", "/heed doctor"), "")
	if r, err := w.bot.Press(t.Context(), w.by("UZOE", "C1"), "undo 1"); err != nil {
		t.Errorf("an old button: %v, %v", answer(r), err)
	}
}
