package playground

import "strings"

// emoji is a reaction that people can pick. The name is the one that the core knows.
type emoji struct {
	Name  string `json:"name"`
	Char  string `json:"char"`
	Label string `json:"label"`
	Tones bool   `json:"tones,omitempty"` // comes in five skin tones
}

// emojis are the picker's, in its order.
func emojis() []emoji {
	return []emoji{
		{"+1", "👍", "Thumbs up", true},
		{"heart", "❤️", "Heart", false},
		{"tada", "🎉", "Party", false},
		{"raised_hands", "🙌", "Raised hands", true},
		{"rocket", "🚀", "Rocket", false},
		{"eyes", "👀", "Eyes", false},
		{"bulb", "💡", "Idea", false},
		{"thinking_face", "🤔", "Thinking", false},
		{"white_check_mark", "✅", "Check mark", false},
		{"-1", "👎", "Thumbs down", true},
	}
}

// tones are the skin tones 2 to 6, as Unicode's modifiers.
var tones = map[string]string{"2": "🏻", "3": "🏼", "4": "🏽", "5": "🏾", "6": "🏿"}

// emojiChar is the character of a reaction's name, such as "+1" or
// "+1::skin-tone-3"; ok is false when there is none.
func emojiChar(name string) (char string, ok bool) {
	base, tone, toned := strings.Cut(name, "::skin-tone-")
	for _, e := range emojis() {
		if e.Name != base || toned && (!e.Tones || tones[tone] == "") {
			continue
		}
		return e.Char + tones[tone], true
	}
	return "", false
}
