package playground_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"heed/adapters/playground"
	"heed/bot"
)

// handClock goes on from where it is set, and further on when it is moved.
type handClock struct {
	mu    sync.Mutex
	ahead time.Duration // of the machine's time
	moved chan struct{}
}

func newHandClock(at time.Time) *handClock {
	return &handClock{ahead: time.Until(at), moved: make(chan struct{})}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead).UTC()
}

func (c *handClock) Move(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	close(c.moved)
	c.moved = make(chan struct{})
	return nil
}

// Wait lets handClock be the core's clock too.
func (c *handClock) Wait(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		left, moved := t.Sub(time.Now().Add(c.ahead)), c.moved
		c.mu.Unlock()
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-moved:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// friday is an afternoon on which the personas' stories begin.
var friday = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

// scripted is a playground over a scripted core, and its address.
func scripted(t *testing.T, change func(*playground.Options)) (*playground.Adapter, *script, string) {
	t.Helper()
	clock := newHandClock(friday)
	options := playground.Options{Clock: clock, Mover: clock, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&options)
	}
	a, err := playground.New(options)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{adapter: a}
	if err := a.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	server := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		stop()
		_ = a.Run(ctx)
		server.Close()
	})
	return a, s, server.URL
}

func TestPage(t *testing.T) {
	t.Parallel()
	a, s, url := scripted(t, func(o *playground.Options) { o.Guided = true })
	ctx := t.Context()
	card := bot.Card{Number: 12, Title: "Dark theme", Status: bot.StatusPlanned, AskedBy: "Mira", Quotes: 3, Tags: []string{"Comfort"}, Votes: 30, Week: 9,
		Excerpt: "My eyes hurt after 9 pm. A dark theme that follows the system would help all of us who work late", More: true}
	for _, m := range [][3]string{{"lena", "support", "Morning! Is there a way to export my invoices as CSV?"}, {"ana", "support", "Not yet, Lena. I'd love to hear what you'd do with it, see #ideas"}, {"lena", "support", "Our accountant asks for it every month 🙂"}} {
		if _, err := a.SayAs(ctx, m[0], m[1], m[2]); err != nil {
			t.Fatal(err)
		}
	}
	w := bot.Workspace{Board: 1, ID: 1, Ref: bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"}}
	sent, err := a.Post(ctx, bot.Destination{Workspace: w, Channel: "support"}, "card:12", card)
	if err != nil {
		t.Fatal(err)
	}
	shipped := bot.Card{Number: 7, Title: "Faster search", Status: bot.StatusShipped, Votes: 18, Closed: true, ClosedAt: friday, AskedBy: "Lena"}
	if _, err := a.Post(ctx, bot.Destination{Workspace: w, Channel: "support"}, "card:7", shipped); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Post(ctx, bot.Destination{Workspace: w, Channel: "support", Thread: sent.Message}, "note:1", bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Textf("Planned for the next sprint.")}}}); err != nil {
		t.Fatal(err)
	}
	for _, e := range []string{"+1", "tada"} {
		if err := a.ReactAs(ctx, "lena", sent.Message, e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Post(ctx, bot.Destination{Workspace: w, Channel: "product"}, "digest:1", bot.Digest{Doc: everyBlock(), Headline: "Feedback, 16–22 November"}); err != nil {
		t.Fatal(err)
	}
	s.say = func(what string) bot.Reply {
		switch what {
		case "command /promote 12":
			return bot.Ask{Form: everyField()}
		case "press same 1 12":
			return bot.Say{Replace: true, Doc: bot.Doc{bot.Para{Text: bot.Textf("Counted. You'll hear when *#12 Dark theme* moves.")}}}
		}
		return bot.Say{Doc: bot.Doc{
			bot.Para{Text: bot.Textf("This sounds like *#12 Dark theme* · 30 👍 · Planned")},
			bot.Quote{Text: bot.Literal("My eyes hurt after 9 pm…")},
			bot.Buttons{{Label: "👍 That's it", Action: "same 1 12", Style: bot.Primary}, {Label: "Mine is different", Action: "own 1"}},
			bot.Small{Text: bot.Textf("Your words are kept either way. If you do nothing, I post them as your own in 15 minutes.")},
		}}
	}
	b := open(t, url, 1280, 800)
	b.shot("1-start")
	b.keys("\r")
	b.see(".message.private", "This sounds like")
	b.shot("2-similar")
	b.press("👍 That's it")
	b.see(".message.private", "Counted")
	card.Votes = 31
	if err := a.Update(ctx, bot.Destination{Workspace: w, Channel: "support"}, sent.Message, card); err != nil {
		t.Fatal(err)
	}
	b.see(".votes", "31")
	b.shot("3-voted")
	b.press("1 reply")
	b.shot("4-thread")
	b.keys("\x1b")
	b.eval(`document.querySelector('[data-persona="ben"]').click()`)
	b.see("#personas .who", "Ben")
	b.eval(`location.hash = "product"`)
	b.see(".doc-digest", "What people want")
	b.shot("5-digest")
	b.do(chromedpClick("#words"))
	b.keys("/promote 12\r")
	b.see("#sheet", "Promote #12")
	b.shot("6-form")
	b.keys("\x1b")
	b.prefers("prefers-color-scheme", "dark")
	b.shot("7-dark-digest")
	b.eval(`location.hash = "support"`)
	b.see(".card", "Dark theme")
	b.shot("8-dark-support")
	b.do(viewport(390, 800))
	b.shot("9-phone-dark")
	b.prefers("prefers-color-scheme", "light")
	b.shot("10-phone")
	b.press("Show people and channels")
	b.until(`getComputedStyle(document.getElementById("sidebar")).transform === "none"`)
	b.shot("11-phone-menu")
	b.eval(`location.hash = "home"`)
	b.see(".home", "What people want")
	b.shot("12-phone-home")
}
