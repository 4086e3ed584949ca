package playground

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

type frozen struct{}

func (frozen) Now() time.Time { return time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC) }

// still is a playground whose chat is loaded and that has no core.
func still(t *testing.T, k Keeper) *Adapter {
	t.Helper()
	a, err := New(Options{Clock: frozen{}, Log: slog.New(slog.DiscardHandler), Keeper: k})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.chat.load(t.Context(), bot.Workspace{Board: 1, ID: 1}, a.people); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in, name, text string
		ok             bool
	}{
		{"/feedback dark mode", "/feedback", "dark mode", true},
		{"  /Feedback   Dark  mode ", "/feedback", "Dark  mode", true},
		{"/feedback\nline one\nline two", "/feedback", "line one\nline two", true},
		{"/heed", "/heed", "", true},
		{"/", "", "", false},
		{"/ 2", "", "", false},
		{"/usr/bin is full", "", "", false},
		{"and/or", "", "", false},
		{"", "", "", false},
	}
	for _, c := range cases {
		name, text, ok := parseCommand(c.in)
		if name != c.name || text != c.text || ok != c.ok {
			t.Errorf("%q: got %q %q %v", c.in, name, text, ok)
		}
	}
}

func TestEntities(t *testing.T) {
	t.Parallel()
	a := still(t, nil)
	cases := map[string]string{
		"role @ben po":             "role <@ben|Ben> po",
		"@BEN, (@ana)":             "<@ben|Ben>, (<@ana|Ana>)",
		"channel #Product":         "channel <#product|product>",
		"#42 is not a channel":     "#42 is not a channel",
		"mail ben@acme.example":    "mail ben@acme.example",
		"@nobody and #nowhere":     "@nobody and #nowhere",
		"@everyone <!channel>":     "@everyone <!channel>",
		"@":                        "@",
		"ends with @ana":           "ends with <@ana|Ana>",
		"@anabel is somebody else": "@anabel is somebody else",
	}
	for in, want := range cases {
		if got := a.entities(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestMention(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in, rest string
		ok       bool
	}{
		{"@Heed dark mode", "dark mode", true},
		{"please, @heed: dark mode", "please, dark mode", true},
		{"heed this", "heed this", false},
		{"@heedless people", "@heedless people", false},
		{"mail me@heed", "mail me@heed", false},
		{"İ @Heed x", "İ x", true}, // its lower case is longer than itself
		{"@Heed", "", true},
	}
	for _, c := range cases {
		rest, ok := withoutMention(c.in)
		if rest != c.rest || ok != c.ok {
			t.Errorf("%q: got %q %v", c.in, rest, ok)
		}
	}
}

func TestEmoji(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"+1": "👍", "+1::skin-tone-2": "👍🏻", "+1::skin-tone-6": "👍🏿", "tada": "🎉"} {
		if got, ok := emojiChar(name); !ok || got != want {
			t.Errorf("%s: got %q %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "+1::skin-tone-7", "+1::", "tada::skin-tone-2", "<b>", strings.Repeat("x", 1000)} {
		if _, ok := emojiChar(name); ok {
			t.Errorf("%q was taken", name)
		}
	}
}

func TestMoveTo(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04:05", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	cases := []struct{ name, now, to, want string }{
		{"friday_to_monday", "2026-11-20 15:05:00", "monday", "2026-11-23 09:00:00"},
		{"monday_morning_to_the_same_day", "2026-11-23 08:59:59", "monday", "2026-11-23 09:00:00"},
		{"monday_at_nine_to_the_next", "2026-11-23 09:00:00", "monday", "2026-11-30 09:00:00"},
		{"sunday_to_monday", "2026-11-22 23:30:00", "monday", "2026-11-23 09:00:00"},
		{"a_day_on_over_the_change_of_clocks", "2026-03-28 12:00:00", "day", "2026-03-29 12:00:00"},
		{"a_week_on", "2026-10-20 12:00:00", "week", "2026-10-27 12:00:00"},
		{"monday_after_the_change_of_clocks", "2026-03-27 12:00:00", "monday", "2026-03-30 09:00:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, ok := moveTo(at(c.now), c.to)
			if got := at(c.now).Add(d); !ok || !got.Equal(at(c.want)) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	t.Run("never_back_and_nowhere_else", func(t *testing.T) {
		t.Parallel()
		for _, to := range []string{"", "yesterday", "-1h", "2099-01-01"} {
			if _, ok := moveTo(at("2026-11-20 15:05:00"), to); ok {
				t.Errorf("the clock went to %q", to)
			}
		}
	})
}
