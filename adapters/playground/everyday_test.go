package playground_test

import (
	"fmt"
	"testing"
)

// TestEveryday does in the page what the first minute leaves out: a message is saved,
// people vote at the card, by its button and at the message itself, one takes it back,
// and the product manager says where it stands.
func TestEveryday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.chat.SayAs(t.Context(), "lena", "support", "Calendar sync with our rota. I copy it by hand every single day."); err != nil {
		t.Fatal(err)
	}
	b := open(t, w.url, 1280, 860)
	const (
		said = `[...document.querySelectorAll("article.message[data-kind=words]")].find((e) => e.textContent.includes("Calendar sync"))`
		card = `document.querySelector('.card[data-item="1"]')?.closest("article.message")`
	)
	click := func(in, selector string) {
		t.Helper()
		at := fmt.Sprintf(`(%s)?.querySelector(%q)`, in, selector)
		b.until(at)
		b.eval(at + `.click()`)
	}
	votes := func(n int) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelector('.card[data-item="1"] .votes')?.textContent === "%d"`, n))
	}
	become := func(account string) {
		t.Helper()
		click("document", fmt.Sprintf(`[data-persona="%s"]`, account))
		b.until(fmt.Sprintf(`document.body.dataset.as === %q`, account))
		click("document", `[data-room="support"]`)
		b.see("#room-name", "#support")
	}

	t.Log("Rui saves what Lena said, in her name; she is told in the thread")
	b.until(said)
	click(said, ".more-actions")
	b.press("Save as feedback")
	b.see("#sheet", "In the name of @Lena")
	b.press(value[string](b, `document.querySelector("#sheet button[type=submit]").textContent`))
	b.see(".message.private", "Saved as #1 Calendar sync")
	votes(1)
	b.until(`(` + said + `).querySelector('.reaction[data-emoji="+1"]')`) // Heed's mark: from now on a thumb here counts
	click(said, ".replies")
	b.see("#side", "saved this as #1")
	b.see("#side", "Remove my name")

	t.Log("at the message itself, by the button, at the card; one takes it back")
	click(said, `.reaction[data-emoji="+1"]`)
	votes(2)
	become("ana")
	b.press("👍 Vote")
	votes(3)
	become("ben")
	click(card, `[aria-label="React with 👍"]`)
	votes(4)
	click(card, `[aria-label="React with 👍"]`)
	votes(3)

	t.Log("Ana says where it stands")
	become("ana")
	b.do(chromedpClick("#words"))
	b.eval(`document.getElementById("words").select()`)
	b.keys("/heed status 1 planned\r")
	b.see(`.card[data-item="1"]`, "Planned")
	votes(3)
}
