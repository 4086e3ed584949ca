package playground_test

import (
	"log/slog"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestStory walks the guided first minute, the whole product behind it.
func TestStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.command("lena", "support", "/feedback", "Export invoices as CSV. Our accountant asks for it every month.")
	w.command("hugo", "ideas", "/feedback", "Faster search. It takes a breath too long.")
	w.command("ines", "support", "/feedback", "Single sign-on, our security team asks for it")
	w.command("priya", "ideas", "/feedback", "Calendar view for due dates")
	w.command("mira", "support", "/feedback", "Dark theme. My eyes hurt after 9 pm, and I use it next to a sleeping baby.")
	for item, n := range []int{11, 18, 14, 7, 29} {
		w.votes(item+1, n)
	}
	w.command("ana", "product", "/heed", "status 1 planned")
	w.command("ana", "product", "/heed", "status 2 started")
	w.command("ana", "product", "/heed", "tag 5 comfort")
	w.command("ana", "product", "/heed", "status 5 under_review")

	b := open(t, w.url, 1280, 860)
	b.see(".card", "Dark theme")
	b.until(`document.querySelector('.card[data-item="5"] .votes')?.textContent === "30"`)
	b.see("#guide", "Press Enter.")
	b.shot("1-start")
	b.picture("first-minute", "")
	b.picture("card", `.card[data-item="5"]`)

	b.keys("\r")
	b.see(".message.private", "Dark theme")
	b.see("#guide", "That's it")
	b.shot("2-similar")
	b.picture("similar", "")

	b.press("👍 That's it")
	b.until(`document.querySelector('.card[data-item="5"] .votes')?.textContent === "31"`)
	b.see(".message.private", "Counted")
	b.shot("3-voted")

	b.press("Jump to Monday")
	b.see("#clock", "Mon 23 Nov, 09:00")
	b.see("#guide", "the digest is in #product")
	b.press("Become Ben, the product owner")
	b.see(".doc-digest", "Dark theme")
	b.see("#guide", "Now you are Ben")
	b.shot("4-digest")
	if *updatePictures { // all of it
		b.do(chromedp.EmulateViewport(1100, 1240), chromedp.MouseEvent(chromedp.MouseMoved, 5, 5))
		b.until(`innerHeight === 1240 && !document.querySelector(".message:hover")`)
		b.picture("digest", ".doc-digest")
		b.do(chromedp.EmulateViewport(1280, 860))
	}

	b.press("/promote 5")
	b.see("#sheet", "We accept it when")
	b.until(`[...document.querySelectorAll("#sheet textarea")].some((e) => e.value.includes("My eyes hurt after 9 pm"))`) // the quotes
	b.keys("Given a phone at night When Acme opens Then it is dark")
	b.shot("5-promote")
	b.picture("form", "")
	b.keys("\r", chromedp.KeyModifiers(kb.ModifierCtrl))
	b.see("#guide", "is in the backlog")
	b.see(".message.private", "backlog")
	b.shot("6-promoted")

	b.press("/ship 5")
	b.see("#sheet", "This reaches")
	b.shot("7-ship")
	b.press(value[string](b, `document.querySelector("#sheet button[type=submit]").textContent`))
	b.see("#guide", "waits five minutes")
	b.press("Let five minutes pass")
	b.see("#guide", "Rui has a note")
	b.press("Back to Rui")
	b.see(".doc-direct", "Dark theme")
	b.see("#guide", "That's Heed.")
	b.shot("8-told")
	b.picture("told", "")

	b.press("Start over")
	b.until(`document.body?.dataset.ready && document.getElementById("words").value === "/feedback dark mode"`)
	b.see("#guide", "Press Enter.")
	b.until(`!document.querySelector(".card")`)
}

// said is what stands in the channel.
const said = `[...document.querySelectorAll("#log .body")].map((e) => e.innerText).join("\n")`

// TestRestart ends Heed under an open page and starts it anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.command("mira", "support", "/feedback", "Dark theme. My eyes hurt after 9 pm.")
	if _, err := w.chat.SayAs(t.Context(), "lena", "support", "me too"); err != nil {
		t.Fatal(err)
	}
	b := open(t, w.url, 1000, 800)
	b.see(".card", "Dark theme")
	b.press("Details")
	b.see(".message.private", "My eyes hurt")
	before := value[string](b, said)
	token := value[string](b, `document.querySelector('meta[name="heed-token"]').content`)

	w.stop()
	w.start(slog.New(slog.DiscardHandler))
	b.until(`document.querySelector('meta[name="heed-token"]')?.content !== "` + token + `" && document.body?.dataset.ready`)
	b.see(".message.private", "My eyes hurt")
	if after := value[string](b, said); after != before {
		t.Errorf("before the restart:\n%s\nafter it:\n%s", before, after)
	}
	b.press("👍 Vote")
	b.until(`document.querySelector('.card[data-item="1"] .votes').textContent === "2"`)
}
