package playground_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

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

// inSupport is where most tests post.
var inSupport = bot.Destination{Workspace: bot.Workspace{Board: 1, ID: 1, Ref: bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"}}, Channel: "support"}

func TestPage(t *testing.T) {
	t.Parallel()

	t.Run("every_block_is_drawn", func(t *testing.T) {
		t.Parallel()
		a, _, url := scripted(t, nil)
		if _, err := a.Post(t.Context(), inSupport, "digest", bot.Digest{Doc: everyBlock()}); err != nil {
			t.Fatal(err)
		}
		b := open(t, url, 1000, 900)
		b.see(".doc-digest h3", "What people want")
		b.see(".doc-digest strong", "Bold")
		b.see(".doc-digest em", "italic")
		b.see(".doc-digest code", "code")
		b.see(".doc-digest a[href='https://example.com/x'][rel='noopener noreferrer']", "a link")
		b.see(".doc-digest .mention", "@Ana")
		b.see(".doc-digest a.mention[href='#ideas']", "#ideas")
		b.see(".doc-digest blockquote", "sleeping baby")
		b.see(".doc-digest .row .key", "👍 Vote")
		b.see(".doc-digest .key.primary", "Triage 12")
		b.see(".doc-digest .key.danger", "Hide")
		b.see(".doc-digest .small", "Next Monday")
		widths := value[[]float64](b, `[...document.querySelectorAll(".fill")].map((e) => Math.round(100 * e.getBoundingClientRect().width / e.parentElement.getBoundingClientRect().width))`)
		if len(widths) != 3 || widths[0] != 100 || widths[1] != 93 || widths[2] != 45 {
			t.Errorf("31, 29 and 14 are drawn as %v", widths)
		}
		b.shot("blocks")
	})

	t.Run("a_form_keeps_what_was_typed", func(t *testing.T) {
		t.Parallel()
		_, s, url := scripted(t, nil)
		s.answer(func(what string) bot.Reply {
			if strings.HasPrefix(what, "command") {
				return bot.Ask{Form: everyField()}
			}
			if strings.Contains(what, "criteria:It is dark") {
				return bot.Sayf("In the backlog.")
			}
			return bot.Fix{Errors: map[string]string{"criteria": "One line is enough: how will you know that it works?"}}
		})
		b := open(t, url, 1000, 900)
		b.keys("/promote 12\r")
		b.see("#sheet h2", "Promote #12")
		b.see("#sheet blockquote", "My eyes hurt")
		b.sound("every field", faint, unnamed)
		b.shot("fields")
		b.press("Add to backlog")
		b.see("#sheet .error", "Please fill this in.")
		b.keys("A dark theme")
		b.keys("\x1b")
		b.until(`!document.getElementById("sheet").open && document.activeElement.id === "words"`)
		b.keys("/promote 12\r")
		b.until(`document.getElementById("field-want")?.value === "A dark theme"`)
		b.keys("x")
		b.eval(`document.getElementById("field-where").value = "ideas"`)
		b.press("Add to backlog")
		b.see("#sheet .error", "how will you know")
		b.until(`document.activeElement.id === "field-criteria" && document.getElementById("field-criteria").getAttribute("aria-invalid") === "true"`)
		b.shot("mend")
		b.eval(`document.getElementById("field-criteria").value = ""`)
		b.keys("It is dark")
		b.keys("\r", chromedp.KeyModifiers(kb.ModifierCtrl))
		b.see(".message.private", "In the backlog.")
		b.until(`!document.getElementById("sheet").open`)
	})

	t.Run("words_never_become_markup", func(t *testing.T) {
		t.Parallel()
		const nasty = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script> <!channel> @everyone \u202e evil`
		a, s, url := scripted(t, nil)
		s.answer(func(string) bot.Reply {
			return bot.Say{Doc: bot.Doc{bot.Quote{Text: bot.Literal(nasty)}, bot.Buttons{{Label: nasty, Action: "top"}, {Label: "run", URL: "javascript:document.title='pwned'"}}}}
		})
		if _, err := a.SayAs(t.Context(), "lena", "support", nasty); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Post(t.Context(), inSupport, "card", bot.Card{Number: 1, Title: nasty, Excerpt: nasty, AskedBy: nasty, Tags: []string{nasty}, Status: bot.StatusDeclined, Reason: nasty}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Post(t.Context(), inSupport, "note", bot.Note{Doc: bot.Doc{bot.Heading{Text: nasty}, bot.Bars{{Label: nasty, Value: 1, Note: nasty}}, bot.Para{Text: bot.Text{{Text: nasty, Account: nasty}, {Text: nasty, Channel: "\"><b>"}}}}}); err != nil {
			t.Fatal(err)
		}
		b := open(t, url, 1000, 900)
		b.keys("/feedback " + "<b>x</b>" + "\r")
		b.see(".message.private", "onerror")
		if n := value[int](b, `document.querySelectorAll(".log img[src='x'], .log script, .log b, .log a[href^='javascript']").length`); n != 0 {
			t.Errorf("%d elements were made of words", n)
		}
		b.until(`!document.title.includes("pwned")`)
		b.sound("hostile words", wide)
	})

	t.Run("words_that_did_not_get_through_stand_in_the_box_again", func(t *testing.T) {
		t.Parallel()
		_, _, url := scripted(t, nil)
		b := open(t, url, 1000, 900)
		b.eval(`window.fetch = () => Promise.reject(new TypeError("cut"))`)
		b.keys("my very own words\r")
		b.see("#toast", "Your words are still here")
		b.until(`document.getElementById("words").value === "my very own words"`)
	})

	t.Run("what_came_elsewhere_is_marked_until_it_is_read", func(t *testing.T) {
		t.Parallel()
		a, _, url := scripted(t, nil)
		b := open(t, url, 1000, 900)
		for range 2 {
			if _, err := a.SayAs(t.Context(), "lena", "ideas", "what about a dark theme?"); err != nil {
				t.Fatal(err)
			}
		}
		b.see(`[data-room="ideas"] .dot`, "2")
		b.eval(`document.querySelector('[data-room="ideas"]').click()`)
		b.see(".words", "dark theme")
		b.until(`!document.querySelector(".dot")`)
		b.eval(`document.querySelector('[data-room="support"]').click()`)
		b.until(`document.getElementById("room-name").textContent === "#support" && !document.querySelector(".dot")`)
	})

	t.Run("an_answer_is_gone_to_and_a_vote_stays_in_sight", func(t *testing.T) {
		t.Parallel()
		a, s, url := scripted(t, nil)
		s.answer(func(what string) bot.Reply { return bot.Sayf("Heard: %s.", what) })
		if _, err := a.Post(t.Context(), inSupport, "card", bot.Card{Number: 1, Title: "Dark theme", Status: bot.StatusNew}); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			if _, err := a.SayAs(t.Context(), "lena", "support", "and another thing"); err != nil {
				t.Fatal(err)
			}
		}
		b := open(t, url, 1000, 700)
		top := `document.getElementById("log").scrollTop = 0`
		inSight := func(words string) string {
			return `[...document.querySelectorAll(".message.private")].some((e) => e.textContent.includes("` + words + `") && e.getBoundingClientRect().bottom <= document.getElementById("composer").getBoundingClientRect().top + 1)`
		}
		b.eval(top)
		b.press("👍 Vote")
		b.see("#newer", "Heed answered")
		b.until(`document.getElementById("log").scrollTop === 0`)
		b.press("Details")
		b.until(inSight("details 1"))
		b.eval(top)
		b.do(chromedpClick("#words"))
		b.keys("/heed top\r")
		b.until(inSight("/heed top"))
	})

	t.Run("how_to_connect_stands_on_a_page_of_its_own", func(t *testing.T) {
		t.Parallel()
		_, _, url := scripted(t, nil)
		body, status := fetch(t, url+"/connect", nil)
		for _, want := range []string{"heed slack manifest", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "HEED_PUBLIC_URL", "heed doctor"} {
			if status != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%d, and no %s", status, want)
			}
		}
		b := open(t, url, 1000, 900)
		b.do(chromedp.Navigate(url + "/connect"))
		b.see("h1", "Connect Heed")
		b.sound("connect", wide, faint, unnamed)
		b.shot("connect")
	})
}
