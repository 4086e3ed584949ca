package bot

import "strings"

// BaseEmoji is an emoji's name without its skin tone: "+1::skin-tone-2" is "+1".
// Slack knows the thumb by two names.
func BaseEmoji(name string) string {
	base, _, _ := strings.Cut(name, "::")
	if base == "thumbsup" {
		return "+1"
	}
	return base
}
