package slack

import (
	"time"

	"heed/bot"
)

// Slack's limits, each with its source. Lengths are in characters unless the
// name says otherwise.
const (
	// https://docs.slack.dev/reference/block-kit/blocks/
	maxMessageBlocks = 50
	maxViewBlocks    = 100

	// Slack refuses a message whose texts add up to more (msg_blocks_too_long).
	// Documented for markdown blocks only, so we stay below it with all of ours:
	// https://docs.slack.dev/reference/block-kit/blocks/markdown-block
	maxMessageText = 12000

	// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
	// and https://docs.slack.dev/reference/block-kit/blocks/section-block
	maxSectionText = 3000

	// https://docs.slack.dev/reference/block-kit/blocks/header-block
	maxHeaderText = 150

	// https://docs.slack.dev/reference/block-kit/blocks/actions-block
	maxActionsElements = 25

	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	maxButtonText  = 75
	maxButtonValue = 2000
	maxButtonURL   = 3000

	// https://docs.slack.dev/reference/block-kit/blocks/input-block
	maxInputLabel = 2000
	maxInputHint  = 2000

	// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
	// and https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
	maxInputLength = 3000
	maxPlaceholder = 150
	maxOptions     = 100
	maxGroups      = 100

	// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
	maxOptionText  = 75
	maxOptionValue = 150

	// https://docs.slack.dev/reference/views/modal-views
	maxViewTitle       = 24
	maxViewButton      = 24
	maxPrivateMetadata = 3000

	// The text beside the blocks is for notifications and screen readers. Slack
	// edits messages only up to 4,000 characters of it, which escaping can make
	// five of one: https://docs.slack.dev/reference/methods/chat.update
	maxFallback = 600

	// https://docs.slack.dev/reference/methods/conversations.create
	maxChannelName = 80

	// https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
	maxFollowUps = 4 // of five uses, one is for the first answer
)

// Slack waits three seconds for an answer to anything it delivers:
// https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response
const (
	// corePatience is how long the core may take of that, unless Options.Patience says so.
	corePatience = 2500 * time.Millisecond
	// namePatience bounds turning account ids in somebody's words into names.
	namePatience = 600 * time.Millisecond
	// replyPatience bounds what is sent after the acknowledgement.
	replyPatience = 15 * time.Second
	// linkPatience bounds asking for a permalink, which nothing waits for.
	linkPatience = 2 * time.Second
)

// defaultRetryAfter is waited where Slack says "ratelimited" without saying how
// long; its limits count by the minute:
// https://docs.slack.dev/apis/web-api/rate-limits
const defaultRetryAfter = 30 * time.Second

// maxBody is the largest request that is read. Slack documents none; its own
// largest, a view with every field full, stays under a third of it.
const maxBody = 1 << 20

// smallBody is larger than nearly every request; largeBodies is how many larger ones are
// read at a time.
const (
	smallBody   = 64 << 10
	largeBodies = 32
)

// signatureWindow is how far a signed timestamp may be off, either way:
// https://docs.slack.dev/authentication/verifying-requests-from-slack
const signatureWindow = 5 * time.Minute

// cut shortens s to at most limit characters with a mark where it was cut.
func cut(s string, limit int) string { return bot.Excerpt(s, limit) }
