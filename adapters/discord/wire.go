package discord

import (
	"encoding/json"
	"strconv"
	"time"
)

// What Discord sends, cut to the fields that Heed reads. Components are never decoded
// as a whole: one that we don't know must not lose the event.

// raw decodes data, false when it is not what T expects.
func raw[T any](data []byte) (T, bool) {
	var out T
	return out, json.Unmarshal(data, &out) == nil
}

// wireUser is an account.
// https://docs.discord.com/developers/resources/user#user-object
type wireUser struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
	System     bool   `json:"system"`
}

// wireMember is an account in a guild. Permissions come with interactions only.
// https://docs.discord.com/developers/resources/guild#guild-member-object
type wireMember struct {
	User        wireUser `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	JoinedAt    string   `json:"joined_at"`
	Permissions string   `json:"permissions"`
	Pending     bool     `json:"pending"`
}

// wireRole is a role of a guild.
// https://docs.discord.com/developers/topics/permissions#role-object
type wireRole struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"`
}

// wireGuild is a guild; of an unavailable one only the id is there.
// https://docs.discord.com/developers/resources/guild#guild-object
type wireGuild struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	OwnerID     string        `json:"owner_id"`
	Unavailable bool          `json:"unavailable"`
	Roles       []wireRole    `json:"roles"`
	Channels    []wireChannel `json:"channels"`
	Threads     []wireChannel `json:"threads"` // the active ones
	Members     []wireMember  `json:"members"` // with GUILD_CREATE: Heed, and whoever else Discord names
}

// wireChannel is a channel, a thread or a direct conversation.
// https://docs.discord.com/developers/resources/channel#channel-object
type wireChannel struct {
	ID             string          `json:"id"`
	Type           int             `json:"type"`
	GuildID        string          `json:"guild_id"`
	ParentID       string          `json:"parent_id"`
	OwnerID        string          `json:"owner_id"`
	Name           string          `json:"name"`
	Overwrites     []wireOverwrite `json:"permission_overwrites"`
	ThreadMetadata *struct {
		Archived bool   `json:"archived"`
		Locked   bool   `json:"locked"`
		At       string `json:"archive_timestamp"` // when it was closed or opened last
	} `json:"thread_metadata"`
	AvailableTags []struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Moderated bool   `json:"moderated"`
	} `json:"available_tags"`
	AppliedTags []string `json:"applied_tags"`
	Permissions string   `json:"permissions"` // with interactions only
}

// wireOverwrite grants or takes permissions in one channel.
type wireOverwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"` // 0 role, 1 member
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// The kinds of channel.
// https://docs.discord.com/developers/resources/channel#channel-object-channel-types
const (
	channelText         = 0
	channelDM           = 1
	channelVoice        = 2
	channelGroupDM      = 3
	channelCategory     = 4
	channelAnnouncement = 5
	threadAnnouncement  = 10
	threadPublic        = 11
	threadPrivate       = 12
	channelStage        = 13
	channelDirectory    = 14
	channelForum        = 15
	channelMedia        = 16
)

func (c wireChannel) isThread() bool {
	return c.Type == threadAnnouncement || c.Type == threadPublic || c.Type == threadPrivate
}

// wireMessage is a message. What stands in its embeds and components is not read.
// https://docs.discord.com/developers/resources/message#message-object
type wireMessage struct {
	ID          string          `json:"id"`
	ChannelID   string          `json:"channel_id"`
	GuildID     string          `json:"guild_id"`
	Type        int             `json:"type"`
	Author      wireUser        `json:"author"`
	WebhookID   string          `json:"webhook_id"`
	Content     string          `json:"content"`
	Timestamp   string          `json:"timestamp"`
	Flags       int             `json:"flags"`
	Nonce       json.RawMessage `json:"nonce"` // a string or a number
	Attachments []struct {
		Filename    string `json:"filename"`
		ContentType string `json:"content_type"`
		URL         string `json:"url"`
		Size        int    `json:"size"`
	} `json:"attachments"`
	Mentions   []wireUser      `json:"mentions"`
	Components json.RawMessage `json:"components"`
	Reactions  []wireReaction  `json:"reactions"`
	Thread     *wireChannel    `json:"thread"`
}

// wireReaction is how many people reacted with one emoji. Count holds normal and
// super reactions.
// https://docs.discord.com/developers/resources/message#reaction-object
type wireReaction struct {
	Count   int `json:"count"`
	Details *struct {
		Burst  int `json:"burst"`
		Normal int `json:"normal"`
	} `json:"count_details"`
	Me    bool      `json:"me"`
	Emoji wireEmoji `json:"emoji"`
}

// wireEmoji is an emoji: a standard one has only a name, the character itself.
// https://docs.discord.com/developers/resources/emoji#emoji-object
type wireEmoji struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Animated bool   `json:"animated"`
}

// discordEpoch is the first second of 2015, from which snowflakes count milliseconds.
// https://docs.discord.com/developers/reference#snowflakes
const discordEpoch = 1420070400000

// snowflakeTime is the time in an id; zero where it is none.
func snowflakeTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch).UTC()
}

// snowflakeAt is the least id of an instant.
func snowflakeAt(t time.Time) string {
	ms := max(t.UnixMilli()-discordEpoch, 0)
	return strconv.FormatUint(uint64(ms)<<22, 10)
}

// wireDeleted is one message that is gone, or several.
// https://docs.discord.com/developers/events/gateway-events#message-delete
type wireDeleted struct {
	ID        string   `json:"id"`
	IDs       []string `json:"ids"`
	ChannelID string   `json:"channel_id"`
	GuildID   string   `json:"guild_id"`
}

// wireGuildRole is a role that came, changed or went.
type wireGuildRole struct {
	GuildID string `json:"guild_id"`
}

// wireGuildMember is a member that came, changed or went.
type wireGuildMember struct {
	wireMember
	GuildID string `json:"guild_id"`
}

// snowflakeNumber reads an id; false where it is none.
func snowflakeNumber(id string) (uint64, bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	return n, err == nil
}
