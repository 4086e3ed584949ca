package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// TestDigestParts reads a team's digest part by part, and holds it against what the dry
// run foretold.
func TestDigestParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	week := 7 * 24 * time.Hour
	w.channel("C1", func(c *bot.Channel) { c.Customer = "Globex" })
	w.channel("C2", func(c *bot.Channel) { c.Customer = "Initech" })
	w.clock.now = monday.Add(-3 * week)
	old := w.item("Invoice PDF", nil)
	csv := w.item("CSV export", nil)
	w.votes(csv, 3, "U")
	w.clock.now = monday
	w.plan("C1", "0 9 * * 1", "Europe/Berlin")

	// What another schedule told since is nothing to this one.
	w.channel("C9", func(*bot.Channel) {})
	w.plan("C9", "0 9 * * 3", "Europe/Berlin")
	w.votes(old, 1, "U")
	w.clock.move(week)
	_, err := w.bot.DigestsOnce(t.Context())
	w.must(err)
	w.clock.move(time.Hour)
	dark := w.item("Dark mode", nil)
	w.votes(dark, 4, "V")
	w.exec(`insert into evidence (board_id, item_id, kind, quote, audience, workspace_id, channel_ref, created_at)
		values ($1, $2, 'same', 'dark, please', 'team', $3, 'C2', $4)`, w.ws.Board, dark.ID, w.ws.ID, w.clock.Now())
	w.exec(`update members set audience = 'community' where account in ('V0', 'V1', 'V2')`)
	search := w.item("Faster search", nil)
	w.votes(search, 2, "W")
	w.exec(`update items set status = 'shipped', status_at = $1 where item_id = $2`, w.clock.Now(), search.ID)
	w.clock.move(3 * 24 * time.Hour) // the Wednesday digest has Dark mode first already
	_, err = w.bot.DigestsOnce(t.Context())
	w.must(err)
	w.drain()
	w.clock.move(4*24*time.Hour - time.Hour)
	dry, err := w.bot.DigestAt(t.Context(), acme, w.clock.Now(), true)
	w.must(err)
	_, err = w.bot.DigestsOnce(t.Context())
	w.must(err)
	w.drain()

	shown := w.chat.in("C1")
	if len(shown) != 2 {
		t.Fatalf("%d digests in #feedback, want 2", len(shown))
	}
	text := shown[1].(bot.Digest).Doc.Plain()
	for _, want := range []string{
		"2 new (last time 0) · 6 votes by 6 people (1 by 1) · 1 shipped · 3 wait for you",
		"Dark mode is new and first at once. Dark mode rises fastest: 2 customers. 2 requests have waited over two weeks.",
		"1 new #3 Dark mode · 👍 4 (+4) · 3 community, 1 team · New · 2 channels [👍 Vote]",
		"2 ▼1 #2 CSV export · 👍 3 · New [👍 Vote]",
		"Rising #3 Dark mode 0→4",
		"New #3 Dark mode 👍 4",
		"Unanswered #1 Invoice PDF 35 days · #2 CSV export 35 days",
		"Ready to promote #3 Dark mode (4 👍, no story) · #2 CSV export (3 👍, no story)",
		"Shipped #4 Faster search 👍 2",
		"[Triage 3] [Promote #3] [Whole list]",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if len(dry) != 2 || dry[0].Channel.Ref != "C1" || dry[0].Digest.Doc.Plain() != text {
		t.Errorf("the dry run foretold another text:\n%v\nand it was:\n%s", dry, text)
	}
}
