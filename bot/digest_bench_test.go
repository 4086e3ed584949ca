package bot_test

import (
	"fmt"
	"testing"
	"time"

	"heed/bot"
)

// BenchmarkDigests is what a board's Monday costs: the digests of ten channels with twenty
// requests and some votes since the last, opened, then sent.
func BenchmarkDigests(b *testing.B) {
	const channels, items = 10, 20
	w := newWorld(b)
	for n := range channels {
		ref := fmt.Sprintf("C%d", 100+n)
		w.channel(ref, func(c *bot.Channel) { c.Joined = true })
		w.plan(ref, "0 9 * * 1", "Europe/Berlin")
	}
	asked := make([]bot.Item, items)
	for n := range items {
		asked[n] = w.item(fmt.Sprint("Export to a format of our own ", n), nil)
		w.votes(asked[n], 1+n%5, "U")
	}
	w.exec(`analyze`)
	var opening, sending time.Duration
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		w.clock.move(7*24*time.Hour - time.Minute)
		w.votes(asked[n%items], 1, fmt.Sprint("N", n, "-"))
		w.clock.move(time.Minute)
		b.StartTimer()
		began := time.Now()
		if did, err := w.bot.DigestsOnce(b.Context()); err != nil || did != channels {
			b.Fatal(did, err)
		}
		opened := time.Now()
		w.drain()
		opening, sending = opening+opened.Sub(began), sending+time.Since(opened)
	}
	b.ReportMetric(float64(opening.Microseconds())/float64(b.N*channels), "µs/opened")
	b.ReportMetric(float64(sending.Microseconds())/float64(b.N*channels), "µs/sent")
}
