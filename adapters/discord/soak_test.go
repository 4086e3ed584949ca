package discord_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

var soak = flag.Bool("soak", false, "run the soak in its full size")

// soakSize is how much is asked of Heed.
type soakSize struct{ channels, cards, members, changes int }

const patch = "PATCH /channels/{channel}/messages/{message}"

// TestSoak lets thousands of reactions come and go while the gateway breaks three times:
// once so that it resumes, once with a session that is gone, once with one that Discord
// calls invalid. It is not parallel: it counts goroutines and memory.
func TestSoak(t *testing.T) {
	size := soakSize{channels: 5, cards: 5, members: 200, changes: 2000}
	if *soak {
		size = soakSize{channels: 10, cards: 50, members: 2000, changes: 20000}
	}
	b := newBusy(t, size)
	b.ask(size.cards)
	h := &hands{b: b, up: map[hand]bool{}}
	began := time.Now()

	// A first half without trouble, as the measure of the second.
	h.change(size.changes / 2)
	b.calm()
	if wrong := difference(b.voters(), b.votes()); len(wrong) > 0 {
		t.Errorf("after the first half %d votes differ: %s", len(wrong), wrong[0])
	}
	edits := map[string][]time.Time{}
	b.edited(edits)
	before := b.weigh()

	// The second half, with three breaks; during each of them some changes are missed.
	part := size.changes / 2 / 8
	for i, end := range []func(){
		func() { b.discord.Disconnect(true) },
		func() { b.discord.InvalidateSessions(false) },
		func() { b.discord.Disconnect(false) },
	} {
		h.change(part)
		identifies, resumes := b.discord.Identifies(), b.discord.Resumes()
		end()
		b.wait("the gateway ends", func() bool { return b.discord.Connected() == 0 })
		h.change(part)
		b.wait("the gateway is back", func() bool { return b.discord.Connected() == 1 })
		if resumed := b.discord.Resumes() > resumes; resumed != (i == 0) {
			t.Errorf("break %d: resumed %v, %d identifies more", i, resumed, b.discord.Identifies()-identifies)
		}
	}
	h.change(size.changes - size.changes/2 - 6*part)
	b.heard()
	missed := difference(b.voters(), b.votes())
	b.reconcile()
	if wrong := difference(b.voters(), b.votes()); len(wrong) > 0 {
		t.Fatalf("%d votes differ: %s", len(wrong), strings.Join(wrong[:min(len(wrong), 10)], "; "))
	}
	b.calm()
	b.edited(edits)
	after := b.weigh()
	t.Logf("%d changes in %v, %d votes read back; %v before, %v after the breaks",
		size.changes, time.Since(began).Round(time.Millisecond), len(missed), before, after)
	if len(missed) == 0 {
		t.Error("nothing was missed: the breaks proved nothing")
	}

	for card, all := range edits {
		if n, within := hasty(all); n > 0 {
			t.Errorf("%s was edited %d times within %v", card, n, within)
		}
	}
	if after.goroutines > before.goroutines+10 {
		t.Errorf("%d goroutines became %d", before.goroutines, after.goroutines)
	}
	if grown := after.heap - before.heap; grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	b.stop()
	if left := b.left(); left != "" {
		t.Errorf("still running:\n%s", left)
	}
}

// calm waits until every card shows how many support it.
func (b *busy) calm() {
	b.t.Helper()
	b.heard()
	b.wait("the cards to show their counts", func() bool {
		for card, voters := range b.voters() {
			now := b.card(card)
			people := fmt.Sprintf("%d people", len(voters))
			if len(voters) == 1 {
				people = "1 person"
			}
			if !strings.Contains(strings.ReplaceAll(now.String(), ",", ""), people) {
				return false
			}
		}
		return true
	})
}

func (b *busy) card(id string) discordfake.Message {
	for _, c := range b.cards {
		if c.ID == id {
			now, _ := b.discord.Message(c)
			return now
		}
	}
	return discordfake.Message{}
}

// reconcile reads back what was missed until nothing is left to read.
func (b *busy) reconcile() {
	b.t.Helper()
	for range 10 {
		_, err := b.bot.ReconcileOnce(b.t.Context())
		b.ok(err)
		var open int
		b.ok(b.db.GetContext(b.t.Context(), &open, `select count(*) from workspaces where gap_since is not null`))
		if open == 0 {
			return
		}
	}
	b.t.Fatal("the gap stays open")
}

// edited adds when each card was edited, and forgets the record.
func (b *busy) edited(out map[string][]time.Time) {
	for _, r := range b.discord.Requests(patch) {
		if r.OK() {
			id := r.Path[strings.LastIndex(r.Path, "/")+1:]
			out[id] = append(out[id], r.Time)
		}
	}
	b.discord.ForgetRequests()
}

// hasty finds edits of one card that came faster than one a second; 0 where none did. An
// edit has its turn a second after the one before and may reach Discord late, where much
// runs on the machine: that counts against no other.
func hasty(edits []time.Time) (n int, within time.Duration) {
	const late = 1500 * time.Millisecond
	slices.SortFunc(edits, time.Time.Compare)
	for i := range edits {
		for j := i + 1; j < len(edits); j++ {
			if span := edits[j].Sub(edits[i]); span < time.Duration(j-i)*time.Second-late {
				return j - i + 1, span
			}
		}
	}
	return 0, 0
}

// weight is what the process holds.
type weight struct {
	heap       int64
	goroutines int
}

func (w weight) String() string {
	return fmt.Sprintf("%d KiB, %d goroutines", w.heap>>10, w.goroutines)
}

func (b *busy) weigh() weight {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return weight{heap: int64(m.HeapAlloc), goroutines: runtime.NumGoroutine()}
}

// left are ours that run on though they were stopped. A statement that was cut off asks
// Postgres on a connection of its own to cancel it, and nobody waits for that: it gets a
// few seconds.
func (b *busy) left() string {
	ctx, cancel := context.WithTimeout(b.t.Context(), 15*time.Second)
	defer cancel()
	looks := time.NewTicker(20 * time.Millisecond)
	defer looks.Stop()
	for {
		running := ours()
		if running == "" {
			return ""
		}
		select {
		case <-looks.C:
		case <-ctx.Done():
			return running
		}
	}
}

// ours are the goroutines that run Heed's code, without other tests that wait for their turn.
func ours() string {
	raw := make([]byte, 4<<20)
	raw = raw[:runtime.Stack(raw, true)]
	var out []string
	for _, g := range strings.Split(string(raw), "\n\n") {
		if strings.Contains(g, "testing.(*T).Parallel(") {
			continue
		}
		if strings.Contains(g, "heed/adapters/discord.") || strings.Contains(g, "heed/bot.") || strings.Contains(g, "heed/store.") {
			out = append(out, g)
		}
	}
	return strings.Join(out, "\n\n")
}
