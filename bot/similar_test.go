package bot_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestSimilar holds the judgement of what sounds alike to pairs that people would call
// the same, and to pairs that they would not.
func TestSimilar(t *testing.T) {
	t.Parallel()
	there := strings.Split(strings.TrimSpace(`
Dark theme
Export invoices as PDF
Faster search
Keyboard shortcuts
Two-factor login with an app
Calendar sync with Google
Notifications on the phone
Undo for deleted contacts
Rename a project
Invite guests to one channel
Show seconds in the clock
Печать счетов на русском`), "\n")
	same := map[string]string{
		"dark mode, please":                            "Dark theme",
		"Could you add a dark theme?":                  "Dark theme",
		"I want to export an invoice to PDF":           "Export invoices as PDF",
		"export invoices pdf":                          "Export invoices as PDF",
		"search is slow, make the search faster":       "Faster search",
		"keybord shortcuts":                            "Keyboard shortcuts",
		"please sync my Google calendar":               "Calendar sync with Google",
		"phone notifications":                          "Notifications on the phone",
		"renaming projects":                            "Rename a project",
		"undo when I delete a contact":                 "Undo for deleted contacts",
		"печать счетов":                                "Печать счетов на русском",
		"inviting a guest to a single channel, please": "Invite guests to one channel",
	}
	other := []string{
		"The canteen should offer dark chocolate", "Import contacts from CSV", "A search engine for recipes and more things that I like",
		"Bigger buttons", "Speak Spanish", "My password is too long", "Delete my account", "Clock in and out of work", "مرحبا", "🌙",
		"It is slow", "Please fix it", "More colours for labels", "Project budget", "Print labels",
	}
	w := newWorld(t)
	for _, title := range there {
		w.item(title, nil)
	}
	i := 0
	ask := func(words string) string {
		i++
		return answer(w.says(fmt.Sprintf("person%d", i), "C1", "/feedback “"+words+"”"))
	}
	for words, title := range same {
		if got := ask(words); !strings.Contains(got, title) || !strings.Contains(got, "This sounds like") {
			t.Errorf("%q does not sound like %q:\n%s", words, title, got)
		}
	}
	for _, words := range other {
		if got := ask(words); !strings.Contains(got, "Saved as") {
			t.Errorf("%q is taken for something else:\n%s", words, got)
		}
	}
}
