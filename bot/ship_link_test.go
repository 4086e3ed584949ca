package bot_test

import (
	"strings"
	"testing"

	"heed/bot"
)

// TestShipLink is the address behind [Try it]: one that every platform takes, or a
// question back while the form is open.
func TestShipLink(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	for link, want := range map[string]string{
		"https://acme.example/new page?q=dark mode":        "https://acme.example/new%20page?q=dark%20mode",
		"https://acme.example/тема#вверх":                  "https://acme.example/%D1%82%D0%B5%D0%BC%D0%B0#%D0%B2%D0%B2%D0%B5%D1%80%D1%85",
		"http://acme.example/a%20b?x=1&y=2":                "http://acme.example/a%20b?x=1&y=2",
		"javascript:alert(1)":                              "",
		"https:///etc/passwd":                              "",
		"https://acme.example/" + strings.Repeat("ﷺ", 400): "",
		"data:text/html,<script>alert(1)</script>":         "",
		"https://acme.example\n<!channel>":                 "",
	} {
		w.say(t, "UOMAR", "/feedback", "“"+strings.Repeat(link[:8], 2)+link+"”")
		var number int
		if err := w.db.Get(&number, `select max(number) from items`); err != nil {
			t.Fatal(err)
		}
		ask, ok := w.press(t, "UBEN", bot.Act("ship", number)).(bot.Ask)
		if !ok {
			t.Fatal("no form")
		}
		r := w.submit(t, "UBEN", ask.Form, map[string]string{"link": link})
		var kept []string
		if err := w.db.Select(&kept, `select link from announcements where item_id = (select item_id from items where number = $1)`, number); err != nil {
			t.Fatal(err)
		}
		fix, asked := r.(bot.Fix)
		switch {
		case want == "" && (!asked || fix.Errors["link"] == "" || len(kept) > 0):
			t.Errorf("%.60q was taken: %v", link, kept)
		case want != "" && (len(kept) != 1 || kept[0] != want):
			t.Errorf("%.60q is kept as %q, want %q", link, kept, want)
		}
	}
}
