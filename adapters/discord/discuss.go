package discord

import (
	"context"
	"net/http"

	"heed/bot"
)

var _ bot.Discusser = (*Messenger)(nil)

const (
	// maxThreadName is how long a thread's name may be.
	// https://docs.discord.com/developers/resources/channel#start-thread-from-message-json-params
	maxThreadName = 100
	// quietWeek is the longest time without a word after which Discord closes a thread.
	quietWeek = 10080 // minutes
	// threadStands is the refusal to open a second thread under a message.
	// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
	threadStands = 160004
)

// Discuss opens the thread of a message, or finds the one that stands: both have the
// message's own id, closed and open.
func (m *Messenger) Discuss(ctx context.Context, to bot.Destination, message, name string) (bot.Discussion, error) {
	body := struct {
		Name    string `json:"name"`
		Archive int    `json:"auto_archive_duration"`
	}{cut(oneLine(name), maxThreadName), quietWeek}
	err := m.rest.call(ctx, at(http.MethodPost, "channels", to.Channel, "messages", message, "threads"), body, nil)
	if err != nil && !refusedWith(err, threadStands) {
		return bot.Discussion{}, err
	}
	return bot.Discussion{Permalink: "https://discord.com/channels/" + to.Workspace.Ref.Ref + "/" + message, Opened: err == nil}, nil
}
