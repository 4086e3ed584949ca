package slack

import (
	"regexp"
	"strings"

	"github.com/kyokomi/emoji/v2"
)

// typedEmoji is an emoji as Slack writes it in a text, whatever the person typed or
// picked: ":pray:", ":+1::skin-tone-3:".
var typedEmoji = regexp.MustCompile(`:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?`)

// skinTones are Unicode's modifiers for Slack's tones 2 to 6.
var skinTones = map[string]string{"2": "🏻", "3": "🏼", "4": "🏽", "5": "🏾", "6": "🏿"}

// emojiChars turns Slack's names of emoji into the characters that they stand for,
// which every platform shows. A workspace's own emoji stay names.
func emojiChars(s string) string {
	known := emoji.CodeMap()
	return typedEmoji.ReplaceAllStringFunc(s, func(code string) string {
		parts := typedEmoji.FindStringSubmatch(code)
		char := strings.TrimSpace(known[":"+parts[1]+":"])
		if char == "" {
			return code
		}
		return char + skinTones[parts[2]]
	})
}
