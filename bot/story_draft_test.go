package bot

import "testing"

func TestPurposeIn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Dark mode, so that I can read at night. Please.":     "I can read at night",
		"Dark mode Because my eyes hurt":                      "my eyes hurt",
		"İİİİ wants dark mode SO THAT ğözler rest":            "ğözler rest", // lower case takes more bytes
		"Dark mode. My eyes hurt after nine.":                 "My eyes hurt after nine.",
		"Dark mode":                                           "",
		"Dark mode.":                                          "",
		"A theme that is dark, because\nDark mode. It hurts.": "A theme that is dark, because Dark mode. It hurts.",
	} {
		if got := purposeIn(Item{Title: "Dark mode", Body: body}, nil); got != want {
			t.Errorf("%q is for %q, want %q", body, got, want)
		}
	}
	if got := purposeIn(Item{Title: "Dark mode", Body: "Dark mode"}, []Evidence{{Quote: "because it hurts"}}); got != "it hurts" {
		t.Errorf("a quote tells: %q", got)
	}
}
