package playground_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestKeyboard does with the keyboard alone what the mouse can do.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.command("mira", "support", "/feedback", "Dark theme. My eyes hurt after 9 pm.")
	w.votes(1, 4)
	b := open(t, w.url, 1280, 860)
	b.until(`document.querySelector('.card[data-item="1"] .votes')?.textContent === "5"`)

	t.Log("a command is completed and its form sent")
	b.keys(kb.Backspace, chromedp.KeyModifiers(kb.ModifierCtrl)) // what the guide typed
	b.eval(`document.getElementById("words").select()`)
	b.keys("/fee")
	b.see("#completions", "/feedback")
	b.keys(kb.ArrowDown + kb.Enter)
	b.until(`document.getElementById("words").value.startsWith("/feedback")`)
	b.keys(kb.Escape + kb.Enter)
	b.until(`document.getElementById("sheet").open && document.activeElement.closest("#sheet")`)
	b.shot("1-form")
	b.keys("Offline mode on the train")
	b.keys(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl))
	b.see(".message.private", "Saved as #2 Offline mode on the train")
	b.until(`document.activeElement.id === "words"`)

	t.Log("a card is found with the arrows and voted for; the focus stays on its button")
	b.tab("Heed,", backwards)
	for range 4 {
		if value[bool](b, `!!document.activeElement.querySelector('.card[data-item="1"]')`) {
			break
		}
		b.keys(kb.ArrowUp)
	}
	b.tab("👍 Vote")
	b.keys(kb.Enter)
	b.until(`document.querySelector('.card[data-item="1"] .votes').textContent === "6"`)
	b.until(`document.activeElement.dataset.action === "vote 1"`)

	t.Log("a thumb of another skin tone is the same vote")
	b.tab("Pick a reaction")
	b.keys(kb.Enter)
	b.until(`document.activeElement.closest("#menu")`)
	b.shot("2-picker")
	for range 20 {
		if b.focus() == "Thumbs up, medium-light skin" {
			break
		}
		b.keys(kb.ArrowRight)
	}
	b.keys(kb.Enter)
	b.see(".reaction", "👍🏼")
	b.until(`document.querySelector('.card[data-item="1"] .votes').textContent === "6"`)

	t.Log("a thread is opened, answered and left")
	b.tab("More actions")
	b.keys(kb.Enter)
	b.until(`document.activeElement.textContent.includes("Save as feedback")`)
	b.keys(kb.ArrowDown)
	if got := b.focus(); got != "Reply in thread" {
		t.Errorf("the menu's second item is %q", got)
	}
	b.keys(kb.Enter)
	b.until(`document.activeElement.id === "thread-words"`)
	b.keys("Me too, on the train" + kb.Enter)
	b.see("#side .words", "Me too, on the train")
	b.shot("3-thread")
	b.keys(kb.Escape)
	b.until(`document.getElementById("side").hidden`)
	b.see(".replies", "1 reply")

	t.Log("the rows behind it are looked at")
	b.eval(`document.getElementById("words").focus()`)
	b.tab("What Heed stored", backwards)
	b.keys(kb.Enter)
	b.see(".stored-row", "ballots")
	b.see(".stored-row", "Offline mode on the train")
	b.shot("4-stored")
	b.keys(kb.Escape)

	t.Log("somebody else, and somewhere else")
	b.tab("Ana, Product manager", backwards)
	b.keys(kb.Enter)
	b.see("#personas .who", "Ana")
	b.until(`document.activeElement.id === "words"`)
	b.tab("product", backwards)
	b.keys(kb.Enter)
	b.see("#room-name", "#product")

	t.Log("time moves on from a menu")
	b.eval(`document.getElementById("words").focus()`)
	b.tab("Fri 20 Nov", backwards)
	b.keys(kb.Enter + kb.ArrowDown + kb.ArrowDown + kb.Enter)
	b.see("#clock", "Mon 23 Nov, 09:00")
	b.see(".doc-digest", "Dark theme")
}

// TestCompletionStaysChosen answers what was typed first only after one of the list was
// chosen with the arrows.
func TestCompletionStaysChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := open(t, w.url, 1280, 860)
	b.eval(`{
		const real = window.fetch;
		window.held = [];
		window.fetch = async (path, ...rest) => {
			const answer = await real(path, ...rest);
			if (String(path).endsWith("/complete")) await new Promise((go) => held.push(go));
			return answer;
		};
		window.letGo = () => held.splice(0).forEach((go) => go());
	}`)
	b.eval(`document.getElementById("words").focus(); document.getElementById("words").select()`)
	b.keys("/f")
	b.until(`held.length === 2`)
	b.eval(`letGo()`)
	b.see("#completions", "/feedback")
	b.keys("e")
	b.until(`held.length === 1`)
	b.keys(kb.ArrowDown)
	b.until(`document.querySelector("#completions [aria-selected=true]")`)
	chosen := value[string](b, `document.querySelector("#completions [aria-selected=true] strong").textContent`)
	// The page has taken in a late answer once a whole round of its tasks is over.
	b.eval(`letGo(); setTimeout(() => setTimeout(() => { window.taken = true }))`)
	b.until(`window.taken`)
	if still := value[string](b, `document.querySelector("#completions [aria-selected=true] strong")?.textContent ?? "nothing"`); still != chosen {
		t.Errorf("%q was chosen, and then %q", chosen, still)
	}
	b.keys(kb.Enter)
	b.until(fmt.Sprintf(`document.getElementById("words").value.startsWith(%q)`, chosen))
}
