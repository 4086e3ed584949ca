package slackfake

// Slack's limits, each with its source. Lengths are in characters (runes).
//
// Two are stricter here than at Slack, on purpose. Slack cuts a posted text
// after MaxPostText characters without a word; the fake refuses it, because
// nothing that people wrote may be cut without a mark. And Slack's limit on the
// sum of a message's blocks is nowhere documented but for markdown blocks; the
// fake applies that one to every text of a message.
const (
	// https://docs.slack.dev/reference/block-kit/blocks/
	MaxMessageBlocks = 50
	MaxViewBlocks    = 100
	MaxBlockID       = 255

	// https://docs.slack.dev/reference/block-kit/blocks/section-block
	MaxSectionText   = 3000
	MaxSectionFields = 10
	MaxFieldText     = 2000

	// https://docs.slack.dev/reference/block-kit/blocks/header-block
	MaxHeaderText = 150

	// https://docs.slack.dev/reference/block-kit/blocks/context-block
	MaxContextElements = 10

	// https://docs.slack.dev/reference/block-kit/blocks/actions-block
	MaxActionsElements = 25

	// https://docs.slack.dev/reference/block-kit/blocks/context-actions-block
	MaxContextActionsElements = 5

	// https://docs.slack.dev/reference/block-kit/blocks/image-block
	MaxImageURL   = 3000
	MaxImageAlt   = 2000
	MaxImageTitle = 2000

	// https://docs.slack.dev/reference/block-kit/blocks/input-block
	MaxInputLabel = 2000
	MaxInputHint  = 2000

	// https://docs.slack.dev/reference/block-kit/blocks/markdown-block:
	// cumulative over one payload. Reports of msg_blocks_too_long put the limit
	// on all blocks of a message just above it:
	// https://github.com/slackapi/bolt-js/issues/2509
	MaxMarkdownText = 12000
	MaxBlocksText   = 13200

	// https://docs.slack.dev/reference/block-kit/blocks/table-block
	MaxTableRows    = 100
	MaxTableColumns = 20

	// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
	MaxTextObject = 3000

	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	MaxActionID           = 255
	MaxButtonText         = 75
	MaxButtonValue        = 2000
	MaxButtonURL          = 3000
	MaxAccessibilityLabel = 75

	// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
	MaxSelectOptions = 100
	MaxOptionGroups  = 100
	MaxPlaceholder   = 150

	// https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
	MaxOverflowOptions = 5

	// https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element
	// and https://docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element
	MaxChoiceOptions = 10

	// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
	MaxOptionText        = 75
	MaxOptionValue       = 150
	MaxOptionDescription = 75
	MaxOptionURL         = 3000

	// https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object
	MaxOptionGroupLabel = 75

	// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
	MaxConfirmTitle  = 100
	MaxConfirmText   = 300
	MaxConfirmButton = 30

	// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
	MaxInputLength = 3000

	// https://docs.slack.dev/reference/views/modal-views
	MaxViewTitle       = 24
	MaxViewButton      = 24
	MaxCallbackID      = 255
	MaxExternalID      = 255
	MaxPrivateMetadata = 3000

	// Views in a stack: https://docs.slack.dev/surfaces/modals/#pushing_views
	MaxViewStack = 3

	// https://docs.slack.dev/reference/methods/chat.postMessage
	MaxPostText = 40000

	// https://docs.slack.dev/reference/methods/chat.update
	MaxUpdateText = 4000

	// https://docs.slack.dev/messaging/message-metadata/
	MaxMetadata = 8000

	// A message takes 23 different emoji from one member, 50 in all:
	// https://slack.com/help/articles/202931348-Use-emoji-and-reactions
	MaxReactions = 50

	// https://docs.slack.dev/reference/methods/conversations.history
	MaxPage = 999

	// https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
	MaxHookUses = 5
)
