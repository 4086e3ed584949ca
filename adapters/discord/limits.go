package discord

import (
	"unicode/utf16"
	"unicode/utf8"

	"heed/bot"
)

// Discord's limits on what Heed sends, each with its source. Lengths are in
// characters; Discord does not say of which kind, so messages are measured by
// units, which never counts less than Discord may.
const (
	// https://docs.discord.com/developers/components/reference
	maxComponents = 40 // of a message, those inside others too

	// All text displays of a message together:
	// https://github.com/discord/discord-api-docs/pull/8562
	maxMessageText = 4000

	// Beyond this many bytes of text displays, some added for each, Discord answers
	// with an error of its own whatever the characters are:
	// https://github.com/discord/discord-api-docs/issues/8554
	maxDisplayBytes = 10000
	displayBytes    = 12

	// https://docs.discord.com/developers/resources/message#create-message
	maxContent = 2000

	// https://docs.discord.com/developers/components/reference#legacy-message-component-behavior
	maxLegacyRows = 5

	// https://docs.discord.com/developers/components/reference#action-row
	maxRowButtons = 5

	// https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id
	maxCustomID = 100

	// https://docs.discord.com/developers/components/reference#button
	maxButtonLabel = 80
	maxButtonURL   = 512

	// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
	maxModalTitle      = 45
	maxModalComponents = 5

	// https://docs.discord.com/developers/components/reference#label
	maxLabel            = 45
	maxLabelDescription = 100

	// https://docs.discord.com/developers/components/reference#text-input
	maxInputLength = 4000
	maxPlaceholder = 100

	// https://docs.discord.com/developers/components/reference#string-select
	maxOptions           = 25
	maxOptionLabel       = 100
	maxOptionValue       = 100
	maxSelectPlaceholder = 150
)

// Limits of our own, for what people can take in.
const (
	maxHeading = 200  // a title, in characters
	maxLinkURL = 3000 // a link in a text, which costs its message that much
	maxAnswers = 8    // messages that one answer may take
	maxTyped   = 3000 // in a field that the core sets no bound, as on every platform
	maxInfo    = 1500 // a text between the fields of a form
)

// cut shortens s to at most limit characters with a mark where it was cut.
func cut(s string, limit int) string { return bot.Excerpt(s, limit) }

// units is the length of s as JavaScript counts it: never less than its
// characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// runes is the number of characters of s.
func runes(s string) int { return utf8.RuneCountInString(s) }
