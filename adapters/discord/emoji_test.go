package discord

import (
	"strings"
	"testing"

	"github.com/kyokomi/emoji/v2"

	"heed/bot"
)

func TestEmojiNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		char, name, base string
	}{
		{"👍", "+1", "+1"},
		{"👍🏽", "+1::skin-tone-4", "+1"},
		{"👍🏿", "+1::skin-tone-6", "+1"},
		{"❤️", "heart", "heart"},
		{"❤", "heart", "heart"},
		{"🙌🏻", "raised_hands::skin-tone-2", "raised_hands"},
		{"🙏", "pray", "pray"},
		{"⭐", "star", "star"},
		{"➕", "heavy_plus_sign", "heavy_plus_sign"},
	} {
		name := wireEmoji{Name: c.char}.coreName()
		if name != c.name || bot.BaseEmoji(name) != c.base {
			t.Errorf("%q is %q, base %q; want %q, %q", c.char, name, bot.BaseEmoji(name), c.name, c.base)
		}
		back, ok := nameChar(name)
		if !ok || strings.ReplaceAll(back, variation, "") != strings.ReplaceAll(c.char, variation, "") {
			t.Errorf("%q comes back as %q, %v", c.char, back, ok)
		}
	}
	for _, char := range []string{"👍", "❤", "🔥", "🚀", "⭐", "🙌", "🙏", "➕", "👀", "💯", "✅", "🎉", "👏", "💡", "🤩", "😍"} {
		typed, wrong := bot.ParseEmoji(char)
		if got := bot.BaseEmoji(charName(char)); wrong != "" || got != typed[0] {
			t.Errorf("%s is %q where it is typed, %q where it is heard", char, typed, got)
		}
	}
	if name := (wireEmoji{Name: "Acme", ID: "123"}).coreName(); name != "acme::123" || bot.BaseEmoji(name) != "acme" {
		t.Errorf("a guild's own is %q", name)
	}
	if _, ok := nameChar("acme::123"); ok {
		t.Error("a guild's own is taken for a standard one")
	}
	if name := (wireEmoji{}).coreName(); name != "" {
		t.Errorf("nothing is %q", name)
	}
	for typed := range map[string]bool{"thumbsup": true, "+1": true, "fire": true} {
		if _, ok := nameChar(typed); !ok {
			t.Errorf("%q has no character", typed)
		}
	}
}

// TestEmojiRoundTrip holds that two different emoji never share an exact name, for all
// that are listed, in every skin tone, and for some that no list knows.
func TestEmojiRoundTrip(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	check := func(char string) {
		name := charName(char)
		bare := strings.ReplaceAll(char, variation, "")
		if other, ok := seen[name]; ok && other != bare {
			t.Errorf("%q and %q are both %q", other, bare, name)
		}
		seen[name] = bare
		back, ok := nameChar(name)
		if !ok || strings.ReplaceAll(back, variation, "") != bare {
			t.Errorf("%q (%q) comes back as %q, %v", char, name, back, ok)
		}
		if toned := bot.BaseEmoji(name); strings.Contains(toned, "_tone") || strings.Contains(toned, "skin") {
			t.Errorf("%q counts as %q, with its skin tone", char, toned)
		}
	}
	for char := range emoji.RevCodeMap() {
		check(char)
	}
	for _, tone := range skinTones {
		check("👋" + string(tone))
		check("🫱" + string(tone) + "\u200d🫲" + string(skinTones[0]))
	}
	check("🇩🇪")
	check("🫩")
	check("1️⃣")
}
