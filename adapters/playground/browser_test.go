package playground_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var updatePictures = flag.Bool("update-pictures", false, "write the README's pictures anew into docs/pictures")

// patience bounds one browser test.
const patience = 90 * time.Second

// browser is one page in a Chromium of its own.
type browser struct {
	t     *testing.T
	ctx   context.Context
	media map[string]string

	mu       sync.Mutex
	problems []string // what the console complained of
}

// open starts Chromium on a page. The test fails when there is none, and when the
// page wrote an error to its console: a refused script or style is one.
func open(t *testing.T, url string, width, height int64) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // as root Chromium has none
		chromedp.ExecPath(chromium(t)),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, media: map[string]string{}}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			text := fmt.Sprint(m)
			b.mu.Lock()
			if strings.Contains(text, "error") || strings.Contains(text, "violates") {
				b.problems = append(b.problems, text)
			}
			b.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, p := range b.problems {
			t.Errorf("the page complained: %s", p)
		}
	})
	b.do(chromedp.EmulateViewport(width, height))
	b.prefers("prefers-reduced-motion", "reduce")
	b.do(chromedp.Navigate(url))
	b.until(`document.body?.dataset.ready && !document.getElementById("notice").hidden === false`)
	return b
}

// chromium is the browser of the machine.
func chromium(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium on this machine: apt-get install chromium")
	return ""
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
		b.t.Fatalf("browser: %v", err)
	}
}

// until waits for a condition of the page, also over a reload.
func (b *browser) until(condition string) {
	b.t.Helper()
	look := chromedp.Poll[bool]("!!("+condition+")", chromedp.WithPollingTimeout(20*time.Second))
	_, err := chromedp.Run(b.ctx, look)
	for tries := 0; tries < 50 && err != nil && reloaded(err); tries++ {
		_, err = chromedp.Run(b.ctx, look)
	}
	if err != nil {
		b.shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
		b.t.Fatalf("waiting for %s: %v", condition, err)
	}
}

// reloaded tells whether the page that was looked at gave way to another.
func reloaded(err error) bool {
	for _, sign := range []string{"navigated or closed", "Not attached", "context", "null"} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}

// see waits until a selector shows text.
func (b *browser) see(selector, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility() && e.textContent.includes(%q))`, selector, text))
}

// press clicks the visible button of a label, the last one where there are several.
func (b *browser) press(label string) {
	b.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("button, a.key")].filter((e) => e.checkVisibility() && (e.textContent.trim() === %q || e.getAttribute("aria-label") === %q)).at(-1)`, label, label)
	b.until(find)
	b.eval(find + `.scrollIntoView({block: "nearest"})`)
	// The page may still be moving: click once the button is on top and has stood still.
	b.eval(`window.stood = null`)
	b.until(`(() => {
		const e = ` + find + `; if (!e) return false;
		const r = e.getBoundingClientRect(), at = [r.x + r.width / 2, r.y + r.height / 2], still = window.stood?.join() === at.join();
		window.stood = at;
		return still && e.contains(document.elementFromPoint(...at));
	})()`)
	at := value[[]float64](b, `window.stood`)
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// keys presses keys where the focus is, each as a person's press is: what the page
// does at the key's going down decides whether a character comes of it. (chromedp's
// own KeyEvent sends the character as an event of its own, which the page can't stop.)
func (b *browser) keys(keys string, modifiers ...chromedp.KeyOption) {
	b.t.Helper()
	for _, r := range keys {
		events := kb.Encode(r)
		down, up := events[0], events[len(events)-1]
		if len(events) == 3 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, e := range []*input.DispatchKeyEventParams{down, up} {
			for _, m := range modifiers {
				m(e)
			}
			if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, *e); err != nil {
				b.t.Fatalf("key %q: %v", r, err)
			}
		}
	}
}

func (b *browser) eval(script string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](script))
}

func value[T any](b *browser, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// prefers sets a media feature, such as "prefers-color-scheme" to "dark"; those set
// before stay.
func (b *browser) prefers(name, value string) {
	b.t.Helper()
	b.media[name] = value
	var features []*emulation.MediaFeature
	for n, v := range b.media {
		features = append(features, &emulation.MediaFeature{Name: n, Value: v})
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatalf("prefer %s: %v", name, err)
	}
}

// shot keeps a picture of the page among the test's artifacts (go test -artifacts).
func (b *browser) shot(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no picture: %v", err)
		return
	}
	if err := os.WriteFile(filepath.Join(b.t.ArtifactDir(), name+".png"), png, 0o644); err != nil {
		b.t.Logf("no picture: %v", err)
	}
}

func chromedpClick(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

// picture writes one of the README's pictures, when that was asked for: what a selector
// shows, or the whole page for "".
func (b *browser) picture(name, selector string) {
	b.t.Helper()
	if !*updatePictures {
		return
	}
	var png []byte
	var err error
	if selector == "" {
		png, err = chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	} else {
		png, err = chromedp.Run(b.ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	}
	if err != nil {
		b.t.Fatalf("picture %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", "pictures", name+".png"), png, 0o644); err != nil {
		b.t.Fatalf("picture %s: %v", name, err)
	}
}

// focus is what the focused element is called, as a screen reader would say it.
func (b *browser) focus() string {
	b.t.Helper()
	return value[string](b, `(() => { const e = document.activeElement, c = e.cloneNode(true); c.querySelectorAll('[aria-hidden="true"]').forEach((x) => x.remove()); return e === document.body ? "the page" : (e.getAttribute("aria-label") || c.textContent.trim() || e.id || e.tagName).slice(0, 80); })()`)
}

// tab presses Tab until the focus is on what has that name, and fails when it never is.
// The focus must be seen wherever it stands.
func (b *browser) tab(name string, modifiers ...chromedp.KeyOption) {
	b.t.Helper()
	var passed []string
	for range 60 {
		b.keys(kb.Tab, modifiers...)
		at := b.focus()
		if ring := value[string](b, `(() => { const e = document.activeElement; if (e === document.body) return "nothing"; const s = getComputedStyle(e), box = getComputedStyle(e.closest("form.composer") ?? e); return [s.outlineStyle, box.boxShadow].join(" "); })()`); strings.HasPrefix(ring, "none none") {
			b.t.Errorf("the focus on %q is not seen: %s", at, ring)
		}
		if strings.HasPrefix(at, name) {
			return
		}
		passed = append(passed, at)
	}
	b.shot("failed-tab")
	b.t.Fatalf("Tab never came to %q, only to %q", name, passed)
}

var backwards = chromedp.KeyModifiers(kb.ModifierShift)
