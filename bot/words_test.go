package bot

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "",
		"  dark mode \n":                "dark mode",
		"a\r\nb\rc\u2028d\u2029e\vf\fg": "a\nb\nc\nd\ne\nf\ng",
		"nul\x00 bell\x07 esc\x1b[31m":  "nul bell esc[31m",
		"tab\tstays":                    "tab\tstays",
		"bad\xff\xfebytes":              "bad\uFFFDbytes",
		"\ufeffbom":                     "bom",
		"  two\n\n  paragraphs":         "two\n\n  paragraphs",
		"👩\u200d👩\u200d👧 stays":         "👩\u200d👩\u200d👧 stays",
		"می\u200cخواهم":                 "می\u200cخواهم",
		"\u202eevil":                    "\u202eevil",
		"\u0085 \u200b":                 "",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " \t\n", "\u200b\u200d\ufeff", "\u2800", "\u3164", "\u00a0\u3000", "\x00", "\ufe0f", "\u202e\u202c"} {
		if !Empty(s) {
			t.Errorf("%q shows nothing and counts as words", s)
		}
	}
	for _, s := range []string{"a", "👍", ".", "\u0301", "م", "-", "\uFFFD"} {
		if Empty(s) {
			t.Errorf("%q counts as empty", s)
		}
	}
}

func TestCheckWords(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"dark mode", "👍", "الوضع الداكن", strings.Repeat("ä", MaxWords)} {
		if err := CheckWords(s); err != nil {
			t.Errorf("%q was refused: %v", Excerpt(s, 20), err)
		}
	}
	if err := CheckWords("\u200b \n"); RefusedWith(err) != Invalid {
		t.Errorf("empty words: %v", err)
	}
	err := CheckWords("My eyes hurt. " + strings.Repeat("ä", MaxWords))
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Code != Invalid {
		t.Fatalf("too many words: %v", err)
	}
	say := refusal.Reply.(Say)
	if len(say.Doc) != 2 || !strings.HasPrefix(say.Doc[0].(Para).Text.Plain(), "That is 100,014 characters, and I can keep 100,000") {
		t.Errorf("the refusal does not say why: %+v", say.Doc[0])
	}
	if q := say.Doc[1].(Quote).Text.Plain(); !strings.HasPrefix(q, "My eyes hurt.") || !strings.HasSuffix(q, "…") {
		t.Errorf("the words do not come back: %q", Excerpt(q, 40))
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	long := "My eyes hurt after nine in the evening because the invoice list is white, so a dark theme that follows the system would help"
	for body, want := range map[string]string{
		"":                                    "",
		"\u200b \n":                           "",
		"dark mode":                           "dark mode",
		"Dark mode, please.":                  "Dark mode, please",
		"Dark mode. My eyes hurt after 9 pm.": "Dark mode",
		"Hi. I need dark mode. Soon.":         "Hi. I need dark mode",
		"Why is it white? It hurts.":          "Why is it white?",
		"Version 2.0 is slow on heed.example": "Version 2.0 is slow on heed.example",
		"Use e.g. a darker grey. Thanks":      "Use e.g. a darker grey",
		"Really?! Yes, really. And more":      "Really?! Yes, really",
		"\n\n  dark\t mode \nsecond line":     "dark mode",
		"# Dark mode\nbody":                   "Dark mode",
		"> quoted wish":                       "quoted wish",
		"- a list item":                       "a list item",
		"-1 from me":                          "-1 from me",
		"#42 is great":                        "#42 is great",
		"\"top\"":                             "top",
		"“vote 42”":                           "vote 42",
		"\"top\" and \"bottom\"":              "\"top\" and \"bottom\"",
		"...":                                 "...",
		"?":                                   "?",
		"👍":                                   "👍",
		"👩\u200d👩\u200d👧":                     "👩\u200d👩\u200d👧",
		"🏴\U000E0067\U000E0062\U000E007F flag": "🏴\U000E0067\U000E0062\U000E007F flag",
		"❤\ufe0f it": "❤\ufe0f it",
		"ダークモードが欲しい。目が痛い。":                                  "ダークモードが欲しい。",
		"أريد الوضع الداكن. شكرا":                           "أريد الوضع الداكن",
		"می\u200cخواهم تیره باشد":                           "می\u200cخواهم تیره باشد",
		"in\u202evisible\u202c and\u200bhid\u2066den\u2069": "invisible andhidden",
		"z" + strings.Repeat("\u0301", 60) + "algo":         "z" + strings.Repeat("\u0301", maxMarks) + "algo",
		"\u0301lone accent":                                 "◌\u0301lone accent",
		"a\u200d\u200d\u200db":                              "a\u200db",
		"@everyone <!channel> *bold*":                       "@everyone <!channel> *bold*",
		long:                                                "My eyes hurt after nine in the evening because the invoice list is white, so a…",
		strings.Repeat("w", 100):                            strings.Repeat("w", 79) + "…",
		strings.Repeat("🇩🇪", 60):                            strings.Repeat("🇩🇪", 39) + "…",
	} {
		got := Title(body)
		if got != want {
			t.Errorf("Title(%q)\n got %q\nwant %q", body, got, want)
		}
	}
}

func TestTitleFrom(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"  Dark\nmode. At night. ":   "Dark mode. At night.",
		"\u200b":                     "",
		strings.Repeat("ab ", 40):    strings.TrimSpace(strings.Repeat("ab ", 26)) + "…",
		"\u202eevil\x00 \u2067title": "evil title",
		"Dark \u2067 mode":           "Dark mode",
	} {
		if got := TitleFrom(typed); got != want {
			t.Errorf("TitleFrom(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		limit int
		want  string
	}{
		{"dark mode", 9, "dark mode"},
		{"dark mode", 8, "dark mo…"},
		{"dark mode", 6, "dark…"},
		{"dark mode", 1, "…"},
		{"dark mode", 0, ""},
		{"dark mode", -3, ""},
		{"", 5, ""},
		{"äöü", 3, "äöü"},
		{"äöüß", 3, "äö…"},
		{"cafe\u0301s", 5, "caf…"},
		{"cafe\u0301s", 6, "cafe\u0301s"},
		{"ab👩\u200d👩\u200d👧cd", 5, "ab…"},
		{"🇩🇪🇵🇹🇳🇴", 4, "🇩🇪…"},
		{"👍🏽👍🏽", 3, "👍🏽…"},
		{"z" + strings.Repeat("\u0301", 9), 4, "z\u0301\u0301…"},
	} {
		if got := Excerpt(tc.text, tc.limit); got != tc.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tc.text, tc.limit, got, tc.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "dark mode. Yes", "👩\u200d👩\u200d👧", "\u202e", "a\u0301\u0301", "\xff", "🇩🇪🇩", "> - # x", "“”", "....", "\u1160\u11ff", ":a:", "\U000E0020", "\x10\u075d", "\U000E0120"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		clean := Clean(s)
		if !utf8.ValidString(clean) || strings.ContainsRune(clean, 0) || Clean(clean) != clean {
			t.Fatalf("Clean(%q) = %q is not fit to store", s, clean)
		}
		title := Title(s)
		if Empty(title) != Empty(s) || utf8.RuneCountInString(title) > MaxTitle || strings.ContainsFunc(title, unicode.IsControl) || !utf8.ValidString(title) {
			t.Fatalf("Title(%q) = %q", s, title)
		}
		if strings.ContainsAny(title, "\n\t\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b") {
			t.Fatalf("Title(%q) = %q turns or hides text", s, title)
		}
		limit %= 300
		cut := Excerpt(clean, limit)
		if utf8.RuneCountInString(cut) > max(limit, 0) || !utf8.ValidString(cut) {
			t.Fatalf("Excerpt(%q, %d) = %q", clean, limit, cut)
		}
		if cut != clean && limit > 0 && !strings.HasSuffix(cut, ellipsis) {
			t.Fatalf("Excerpt(%q, %d) = %q was cut without a mark", clean, limit, cut)
		}
		if tag, err := ParseTag(s); err == nil {
			if again, err := ParseTag(tag); err != nil || again != tag {
				t.Fatalf("the tag %q reads as %q, %v", tag, again, err)
			}
		}
	})
}

func TestParseTag(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"onboarding": "onboarding", " #Onboarding ": "onboarding", "dark_mode": "dark-mode", "Dark  Mode": "dark-mode",
		"--a--b--": "a-b", "q4-2026": "q4-2026", "größe": "größe", "مظهر": "مظهر", "“mobile”": "mobile", "a\u200bb": "ab",
		strings.Repeat("x", 30): strings.Repeat("x", 30),
	} {
		if got, err := ParseTag(in); err != nil || got != want {
			t.Errorf("ParseTag(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for in, why := range map[string]string{
		"": "at least one", "---": "at least one", "#": "at least one", "c++": "“c++” doesn't work", "<b>": "doesn't work",
		"👍": "doesn't work", strings.Repeat("x", 31): "at most 30 characters",
	} {
		if got, err := ParseTag(in); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("ParseTag(%q) = %q, %v, want an error about %q", in, got, err, why)
		}
	}
}
