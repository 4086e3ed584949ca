package slack

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// findPages bounds how many pages of 200 messages are read to find a post: more
// than Heed's own restart lets pass in any channel.
const findPages = 5

// findSlack is how far Slack's clock and the database's may differ.
const findSlack = 2 * time.Minute

// Find looks a post up by the key in its metadata, where the scope to read the
// channel's history was granted; without it the answer is false.
func (m *Messenger) Find(ctx context.Context, to bot.Destination, key string, since time.Time) (bot.Sent, bool, error) {
	if !mayRead(to) {
		return bot.Sent{}, false, nil
	}
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return bot.Sent{}, false, err
	}
	channel, err := m.channelOf(ctx, api, to)
	if err != nil {
		return bot.Sent{}, false, err
	}
	cursor := ""
	for range findPages {
		messages, next, err := m.page(ctx, api, channel, to.Thread, stamp(since.Add(-findSlack)), cursor)
		if err != nil {
			if fault := bot.FaultOf(faultOf("conversations.history", err)); fault.Kind == bot.FaultForbidden || fault.Reason == "thread_not_found" {
				return bot.Sent{}, false, nil
			}
			return bot.Sent{}, false, faultOf("conversations.history", err)
		}
		for _, x := range messages {
			if x.Metadata.EventType == metadataType && x.Metadata.EventPayload[metadataKey] == key {
				return bot.Sent{Channel: channel, Message: x.Timestamp, Permalink: m.permalink(ctx, api, channel, x.Timestamp)}, true, nil
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return bot.Sent{}, false, nil
}

func (m *Messenger) page(ctx context.Context, api *slack.Client, channel, thread, oldest, cursor string) ([]slack.Message, string, error) {
	const size = 200
	if thread != "" {
		messages, more, next, err := api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: size, IncludeAllMetadata: true,
		})
		if !more {
			next = ""
		}
		return messages, next, err
	}
	r, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: size, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	next := r.ResponseMetaData.NextCursor
	if !r.HasMore {
		next = ""
	}
	return r.Messages, next, nil
}

// mayRead tells whether the workspace granted a scope to read where to goes. A
// channel's id does not say whether it is private, so either scope is tried.
func mayRead(to bot.Destination) bool {
	scopes := to.Workspace.Scopes
	if to.Channel == "" || strings.HasPrefix(to.Channel, "D") {
		return slices.Contains(scopes, "im:history")
	}
	return slices.Contains(scopes, "channels:history") || slices.Contains(scopes, "groups:history")
}
