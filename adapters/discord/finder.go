package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"heed/bot"
)

const (
	// findPages bounds how many pages of 100 messages are read to find a post: more
	// than Heed's own restart lets pass in any channel.
	findPages = 10
	findPage  = 100 // https://docs.discord.com/developers/resources/message#get-channel-messages
	// findSlack is how far Discord's clock and the database's may differ.
	findSlack = 2 * time.Minute
)

// Find looks a post up by the key in its components, where Heed may read the channel's
// history; without that the answer is false.
func (m *Messenger) Find(ctx context.Context, to bot.Destination, key string, since time.Time) (bot.Sent, bool, error) {
	channel, err := m.channelOf(ctx, to)
	if err != nil {
		return bot.Sent{}, false, err
	}
	own, err := m.self(ctx)
	if err != nil {
		return bot.Sent{}, false, err
	}
	if to.Forum && to.Thread == "" {
		return m.findBegun(ctx, to, key, since)
	}
	after := snowflakeAt(since.Add(-findSlack))
	for range findPages {
		query := url.Values{"after": {after}, "limit": {strconv.Itoa(findPage)}}
		var page []wireMessage
		err := placed(to, channel, func(in, _ string) (err error) {
			page, err = get[[]wireMessage](ctx, m.rest, at(http.MethodGet, "channels", in, "messages").with(query))
			return err
		})
		if fault := bot.FaultOf(err); err != nil && (fault.Kind == bot.FaultForbidden || fault.Kind == bot.FaultGone) {
			return bot.Sent{}, false, nil
		}
		if err != nil {
			return bot.Sent{}, false, err
		}
		for _, x := range page {
			if x.Author.ID == own.user && carries(x, key) {
				return sentAs(to, channel, x), true, nil
			}
		}
		if len(page) < findPage {
			break
		}
		after = slices.MaxFunc(page, func(a, b wireMessage) int { return snowflakeTime(a.ID).Compare(snowflakeTime(b.ID)) }).ID
	}
	return bot.Sent{}, false, nil
}

// carries tells whether a message was sent under a key: it stands in its nonce or in
// its components.
func carries(m wireMessage, key string) bool {
	if key == "" {
		return false
	}
	var nonce string
	if json.Unmarshal(m.Nonce, &nonce) == nil && nonce == key {
		return true
	}
	return stampedWith(m.Components, key)
}
