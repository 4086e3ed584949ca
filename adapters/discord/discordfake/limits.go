package discordfake

import "time"

// Discord's limits, each with its source. Lengths are in characters (code
// points), measured after surrounding white space is taken off.
const (
	// https://docs.discord.com/developers/resources/message#create-message
	MaxContent     = 2000
	MaxEmbeds      = 10
	MaxNonce       = 25
	MaxAttachments = 10 // error 30015
	MaxStickers    = 3

	// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
	MaxEmbedTitle       = 256
	MaxEmbedDescription = 4096
	MaxEmbedFields      = 25
	MaxFieldName        = 256
	MaxFieldValue       = 1024
	MaxFooter           = 2048
	MaxAuthor           = 256
	MaxEmbedText        = 6000 // over all embeds of a message

	// https://docs.discord.com/developers/resources/message#allowed-mentions-object
	MaxAllowedMentions = 100

	// https://docs.discord.com/developers/components/reference#legacy-message-component-behavior
	MaxActionRows = 5

	// https://docs.discord.com/developers/components/reference#action-row
	MaxRowButtons = 5

	// https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id
	MaxCustomID = 100

	// https://docs.discord.com/developers/components/reference#button
	MaxButtonLabel = 80
	MaxButtonURL   = 512

	// https://docs.discord.com/developers/components/reference#string-select
	MaxSelectOptions     = 25
	MaxSelectValues      = 25
	MaxOptionLabel       = 100
	MaxOptionValue       = 100
	MaxOptionDescription = 100
	MaxPlaceholder       = 150

	// With the flag IS_COMPONENTS_V2:
	// https://docs.discord.com/developers/components/reference
	MaxComponents   = 40
	MaxSectionTexts = 3
	MaxGalleryItems = 10
	MaxAltText      = 1024
	MaxColor        = 0xFFFFFF

	// All text displays of a message together, and one alone:
	// https://github.com/discord/discord-api-docs/pull/8562
	MaxDisplayText = 4000

	// Measured, not documented: beyond this many bytes of text displays, twelve
	// added for each, Discord answers 500 whatever the characters:
	// https://github.com/discord/discord-api-docs/issues/8554
	MaxDisplayBytes   = 10170
	displayBytesExtra = 12

	// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
	MaxModalTitle      = 45
	MaxModalComponents = 5

	// https://docs.discord.com/developers/components/reference#label
	MaxLabel            = 45
	MaxLabelDescription = 100

	// https://docs.discord.com/developers/components/reference#text-input
	MaxTextInput            = 4000
	MaxTextInputPlaceholder = 100

	// https://docs.discord.com/developers/components/reference#radio-group
	// and https://docs.discord.com/developers/components/reference#checkbox-group
	// and https://docs.discord.com/developers/components/reference#file-upload
	MaxChoiceOptions = 10
	MaxUploads       = 10

	// https://docs.discord.com/developers/interactions/application-commands#application-command-object
	MaxCommandName        = 32
	MaxCommandDescription = 100
	MaxCommandOptions     = 25
	MaxChoices            = 25
	MaxChoiceName         = 100
	MaxChoiceValue        = 100
	MaxStringOption       = 6000

	// Name, description and values of a command, its options and choices:
	// https://docs.discord.com/developers/interactions/application-commands#slash-commands
	MaxCommandText = 8000

	// https://docs.discord.com/developers/interactions/application-commands#registering-a-command
	MaxChatCommands    = 100
	MaxUserCommands    = 15
	MaxMessageCommands = 15
	MaxCommandCreates  = 200 // a day and guild

	// https://docs.discord.com/developers/resources/channel#channel-object
	MaxChannelName   = 100
	MaxTopic         = 1024
	MaxForumTopic    = 4096
	MaxAvailableTags = 20
	MaxAppliedTags   = 5
	MaxTagName       = 20
	MaxSlowmode      = 21600

	// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json (30010)
	MaxReactions = 20

	// https://docs.discord.com/developers/resources/message#get-reactions
	// and https://docs.discord.com/developers/resources/message#get-channel-messages
	MaxPage = 100

	// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
	GlobalRequests = 50
	GlobalWindow   = time.Second

	// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	MaxInvalidRequests = 10000
	InvalidWindow      = 10 * time.Minute

	// How old a message is when its edits begin to be counted (error 30046):
	// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
	OldMessage = time.Hour
)
