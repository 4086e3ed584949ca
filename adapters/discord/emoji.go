package discord

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/kyokomi/emoji/v2"
)

// The core names emoji as Slack does: "+1", "+1::skin-tone-3". Discord names a
// standard emoji by its characters and one of a guild by a name and an id, here
// "acme::123": what stands behind the colons is told apart, and does not decide
// whether it counts.

// skinTones are Unicode's modifiers, in the order of Slack's tones 2 to 6.
var skinTones = []rune("🏻🏼🏽🏾🏿")

// variation asks for the coloured form of a character; Discord writes it for some.
const variation = "\ufe0f"

// byNumber begins the name of an emoji that no list knows.
const byNumber = "char-"

// commonNames are the names that people know, where there are several.
var commonNames = map[string]string{"👍": "+1", "👎": "-1", "❤": "heart", "🙏": "pray", "🤩": "star-struck", "🎉": "tada", "✅": "white_check_mark", "➕": "heavy_plus_sign"}

// namesByChar are the names of standard emoji, by their characters without variation
// selectors.
var namesByChar = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for char, all := range emoji.RevCodeMap() {
		char = strings.ReplaceAll(char, variation, "")
		all = slices.SortedFunc(slices.Values(all), func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
		names[char] = strings.Trim(all[0], ":")
	}
	for char, name := range commonNames {
		names[char] = name
	}
	return names
})

// charsByName are the characters of standard emoji, by all their names.
var charsByName = sync.OnceValue(func() map[string]string {
	chars := map[string]string{}
	for name, char := range emoji.CodeMap() {
		chars[strings.Trim(name, ":")] = strings.TrimSpace(char)
	}
	return chars
})

// coreName is the emoji as the core knows it; "" for one that was deleted.
func (e wireEmoji) coreName() string {
	if e.ID != "" {
		return strings.ToLower(cmp.Or(e.Name, "emoji")) + "::" + e.ID
	}
	return charName(e.Name)
}

// charName is the core's name of a standard emoji, "" of nothing. Its last skin tone
// is told apart; an emoji that no list names is called by its characters' numbers.
func charName(char string) string {
	bare := strings.ReplaceAll(char, variation, "")
	if bare == "" {
		return ""
	}
	if name, ok := namesByChar()[bare]; ok && toneless(bare) == bare {
		return name
	}
	runes := []rune(bare)
	if tone := slices.Index(skinTones, runes[len(runes)-1]); tone >= 0 && len(runes) > 1 {
		if name, ok := namesByChar()[string(runes[:len(runes)-1])]; ok {
			return fmt.Sprintf("%s::skin-tone-%d", name, tone+2)
		}
	}
	parts := make([]string, len(runes))
	for i, r := range runes {
		parts[i] = strconv.FormatInt(int64(r), 16)
	}
	exact := byNumber + strings.Join(parts, "-")
	if name, ok := namesByChar()[toneless(bare)]; ok && toneless(bare) != bare {
		return name + "::" + exact // several people of several tones: still the same emoji
	}
	return exact
}

// toneless is an emoji without its skin tones.
func toneless(char string) string {
	return strings.Map(func(r rune) rune {
		if slices.Contains(skinTones, r) {
			return -1
		}
		return r
	}, char)
}

// nameChar is the standard emoji that the core means, as Discord takes it in a path,
// unescaped; false where it is one of a guild, or none.
func nameChar(name string) (string, bool) {
	base, exact, _ := strings.Cut(name, "::")
	if points, ok := strings.CutPrefix(cmp.Or(exact, base), byNumber); ok {
		if char, ok := pointsChar(points); ok {
			return char, true
		}
	}
	char, ok := charsByName()[base]
	if !ok {
		return "", false
	}
	if tone, found := strings.CutPrefix(exact, "skin-tone-"); found && len(tone) == 1 && tone[0] >= '2' && tone[0] <= '6' {
		return strings.ReplaceAll(char, variation, "") + string(skinTones[tone[0]-'2']), true
	}
	return char, exact == ""
}

// pointsChar reads characters written as hexadecimal numbers with hyphens between.
func pointsChar(points string) (string, bool) {
	var out strings.Builder
	for part := range strings.SplitSeq(points, "-") {
		r, err := strconv.ParseInt(part, 16, 32)
		if err != nil {
			return "", false
		}
		out.WriteRune(rune(r))
	}
	return out.String(), true
}
