package playground_test

import (
	"strings"
	"testing"
	"time"
)

// wide lists what does not fit the screen, and what is too small for a finger.
const wide = `(() => {
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) out.push("the page scrolls sideways: " + document.documentElement.scrollWidth);
  for (const e of document.querySelectorAll("button, a, input, select, textarea, .card, .doc, .message")) {
    if (!e.checkVisibility({visibilityProperty: true}) || e.closest(".skip, .sidebar, .toolbar") || e.closest("dialog:not([open])")) continue;
    const r = e.getBoundingClientRect();
    if (r.width === 0) continue;
    const name = (e.getAttribute("aria-label") || e.textContent || e.id).trim().slice(0, 40);
    if (r.left < -1 || r.right > innerWidth + 1) out.push("reaches over the edge: " + name + " " + Math.round(r.right));
    if (e.matches("button, input, select") && !e.classList.contains("link") && e.type !== "checkbox" && (r.width < 24 || r.height < 24)) out.push("too small: " + name + " " + Math.round(r.width) + "x" + Math.round(r.height));
  }
  return out;
})()`

// faint lists text that stands out too little from what is behind it (WCAG AA: 4.5 to 1).
const faint = `(() => {
  const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return {r: m[0], g: m[1], b: m[2], a: m[3] ?? 1}; };
  const over = (top, under) => ({r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1});
  const light = (c) => { const f = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b); };
  const behind = (e) => { const layers = []; for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0) layers.push(c); if (c.a === 1) break; } return layers.reverse().reduce((under, top) => over(top, under), {r: 255, g: 255, b: 255, a: 1}); };
  const out = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement, text = n.textContent.trim();
    if (!text || /^[\p{Extended_Pictographic}\u{1F3FB}-\u{1F3FF}\uFE0F\s]+$/u.test(text) || !e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest(".hidden-label, .gutter, .skip, noscript")) continue;
    const back = behind(e), front = over(parse(getComputedStyle(e).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) out.add(ratio.toFixed(2) + " " + e.tagName + "." + e.className + " " + text.slice(0, 30));
  }
  return [...out];
})()`

// unnamed lists controls that a screen reader could not name, and ids that stand twice.
const unnamed = `(() => {
  const out = [];
  for (const e of document.querySelectorAll("button, a[href], input, select, textarea, [role=log], dialog[open]")) {
    if (!e.checkVisibility()) continue;
    const by = e.getAttribute("aria-labelledby");
    const name = e.getAttribute("aria-label") || e.textContent.trim() || (e.labels?.[0]?.textContent) || (by && document.getElementById(by)?.textContent);
    if (!name) out.push("no name: " + e.outerHTML.slice(0, 100));
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((x, i) => ids.indexOf(x) !== i))) out.push("twice: #" + id);
  return out;
})()`

// sound fails the test for each thing that a look at the page finds.
func (b *browser) sound(where string, looks ...string) {
	b.t.Helper()
	for _, look := range looks {
		for _, p := range value[[]string](b, look) {
			b.t.Errorf("%s: %s", where, p)
		}
	}
}

// TestLook looks at every state in the light and the dark, on a desk and on a phone.
func TestLook(t *testing.T) {
	t.Parallel()
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 860}, {"phone", 390, 844}} {
		for _, theme := range []string{"light", "dark"} {
			name := screen.name + "_" + theme
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.command("lena", "support", "/feedback", "Export invoices as CSV, my accountant asks for it every single month, and "+strings.Repeat("on and on ", 40))
				w.move(time.Minute)
				w.command("mira", "support", "/feedback", "Dark theme. My eyes hurt after 9 pm.")
				w.votes(2, 29)
				w.votes(1, 8)
				w.command("ana", "product", "/heed", "status 1 planned")
				if _, err := w.chat.SayAs(t.Context(), "lena", "support", "Averylongwordwithoutanyspace"+strings.Repeat("x", 120)+" and https://example.com/"+strings.Repeat("y", 120)); err != nil {
					t.Fatal(err)
				}
				b := open(t, w.url, screen.width, screen.height)
				b.prefers("prefers-color-scheme", theme)
				b.see(".card", "Dark theme")
				b.see(".chip", "Planned")
				b.see("#guide", "Press")
				b.sound("start", wide, faint, unnamed)
				b.shot("1-start")
				b.keys("\r")
				b.see(".message.private", "Dark theme")
				b.sound("similar", wide, faint, unnamed)
				b.shot("2-similar")
				b.press("👍 That's it")
				b.see("#guide", "Jump to Monday")
				b.sound("voted", wide, faint, unnamed)
				b.press("Jump to Monday")
				b.press("Become Ben, the product owner")
				b.see(".doc-digest", "Dark theme")
				b.sound("digest", wide, faint, unnamed)
				b.shot("3-digest")
				b.eval(`document.querySelector(".doc-digest").scrollIntoView()`)
				b.shot("3-digest-top")
				b.do(chromedpClick("#words"))
				b.keys("/ship 2\r")
				b.see("#sheet", "This reaches")
				b.sound("form", wide, faint, unnamed)
				b.shot("4-form")
				b.keys("\x1b")
				b.press("What Heed stored just now")
				b.see(".stored-row", "digests")
				b.sound("stored", wide, faint, unnamed)
				b.shot("5-stored")
				b.keys("\x1b")
				if screen.name == "phone" {
					b.press("Show people and channels")
					b.see("#personas .who", "Ben")
					b.sound("people", faint, unnamed)
					b.shot("6-people")
				}
				b.eval(`document.querySelector('[data-room="home"]').click()`)
				b.see("#room-name", "Home")
				b.sound("home", wide, faint, unnamed)
				b.shot("7-home")
			})
		}
	}
}
