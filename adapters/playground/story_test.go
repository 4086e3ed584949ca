package playground_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestStory walks the guided first minute, the whole product behind it.
func TestStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.command("lena", "support", "/feedback", "Export invoices as CSV, my accountant asks every month")
	w.move(time.Minute)
	w.command("mira", "support", "/feedback", "Dark theme. My eyes hurt after 9 pm, and I use it next to a sleeping baby.")
	w.votes(1, 11)
	w.votes(2, 29)
	w.command("ana", "product", "/heed", "status 2 under_review")

	b := open(t, w.url, 1280, 860)
	b.see(".card", "Dark theme")
	b.until(`document.querySelector('.card[data-item="2"] .votes')?.textContent === "30"`)
	b.see("#guide", "Press Enter.")
	b.shot("1-start")

	b.keys("\r")
	b.see(".message.private", "Dark theme")
	b.see("#guide", "That's it")
	b.shot("2-similar")

	b.press("👍 That's it")
	b.until(`document.querySelector('.card[data-item="2"] .votes')?.textContent === "31"`)
	b.see(".message.private", "Counted")
	b.shot("3-voted")

	b.press("Jump to Monday")
	b.see("#clock", "Mon 23 Nov, 09:00")
	b.see("#guide", "the digest is in #product")
	b.press("Become Ben, the product owner")
	b.see(".doc-digest", "Dark theme")
	b.see("#guide", "Now you are Ben")
	b.shot("4-digest")

	b.press("/promote 2")
	b.see("#sheet", "We accept it when")
	b.until(`[...document.querySelectorAll("#sheet textarea")].some((e) => e.value.includes("My eyes hurt after 9 pm"))`) // the quotes
	b.keys("Given a phone at night When Acme opens Then it is dark")
	b.shot("5-promote")
	b.keys("\r", chromedp.KeyModifiers(kb.ModifierCtrl))
	b.see("#guide", "is in the backlog")
	b.see(".message.private", "backlog")
	b.shot("6-promoted")

	b.press("/ship 2")
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
}
