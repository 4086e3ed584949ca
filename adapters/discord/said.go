package discord

import (
	"context"
	"net/http"
	"strings"
	"time"

	"heed/bot"
)

// The kinds of message that a person writes.
// https://docs.discord.com/developers/resources/message#message-object-message-types
const (
	messageDefault = 0
	messageReply   = 19
)

// spoken takes a message to Heed in a direct conversation: its words are feedback. What
// is said in guilds Heed does not hear.
func (a *Adapter) spoken(m wireMessage, at time.Time) {
	if m.GuildID != "" || m.Author.ID == "" || m.Author.Bot || m.Author.System || m.WebhookID != "" ||
		m.Type != messageDefault && m.Type != messageReply || strings.TrimSpace(m.Content) == "" && len(m.Attachments) == 0 {
		return
	}
	a.messenger.rememberDirect(m.Author.ID, m.ChannelID)
	taken := a.queue.put("d "+m.ChannelID, task{at: at, do: func(ctx context.Context) error { return a.said(ctx, m, at) }})
	if !taken { // nothing reads a conversation back
		a.answerDirect(context.Background(), m, bot.Unkept(nil, bot.ErrBusy, asRead(m.Content, m.Mentions), platformName))
	}
}

// said has the words taken in, and answers beside the gateway.
func (a *Adapter) said(ctx context.Context, m wireMessage, at time.Time) error {
	w, ok, err := a.core.HomeOf(ctx, bot.Discord, m.Author.ID)
	if err != nil {
		return err
	}
	if !ok {
		a.answerDirect(ctx, m, bot.Sayf("I don't know yet which server you are writing from. Use `/feedback` there once; after that I take your messages here too. Nothing is saved, and your words still stand above."))
		return nil
	}
	yes := true
	author := bot.MemberSeen{Account: m.Author.ID}
	call := bot.Call{
		Key: "message:" + m.ID, At: at, Workspace: w, Message: m.ID, Member: author,
		Channel: bot.ChannelSeen{Ref: m.ChannelID, Kind: bot.DirectChannel, Joined: &yes},
	}
	heard := bot.Heard{
		Message: m.ID, Author: author, Words: asRead(m.Content, m.Mentions), Pictures: pictures(m),
		Permalink: permalink("@me", bot.Destination{}, m.ChannelID, m.ID), At: at,
	}
	reply, err := a.core.Say(ctx, call, heard.Words, heard)
	if err != nil {
		return err
	}
	a.answerDirect(ctx, m, reply)
	return nil
}

func pictures(m wireMessage) int {
	n := 0
	for _, f := range m.Attachments {
		if strings.HasPrefix(f.ContentType, "image/") || strings.HasPrefix(f.ContentType, "video/") {
			n++
		}
	}
	return n
}

// answerDirect sends a reply into a direct conversation, once: what was said is kept
// whether or not the answer arrives.
func (a *Adapter) answerDirect(heard context.Context, m wireMessage, reply bot.Reply) {
	a.aside("answer", func(ctx context.Context) {
		ctx = bot.WithEvent(ctx, bot.EventOf(heard))
		var doc bot.Doc
		switch r := reply.(type) {
		case bot.Say:
			doc = r.Doc
		case bot.Ask: // a form opens only after a press
			if w, ok, err := a.core.HomeOf(ctx, bot.Discord, m.Author.ID); err == nil && ok {
				a.keepDraft(ctx, draft{
					Form: r.Form, Channel: bot.ChannelSeen{Ref: m.ChannelID, Kind: bot.DirectChannel},
					workspace: w, account: m.Author.ID, key: m.ID,
				})
				doc = formWay(r.Form, m.ID)
			}
		}
		if doc == nil {
			return
		}
		for n, body := range drawPages(doc) {
			body.Nonce, body.EnforceNonce = pageNonce(m.ID, n), true
			if err := a.messenger.rest.call(ctx, at(http.MethodPost, "channels", m.ChannelID, "messages"), body, nil); err != nil {
				a.log.WarnContext(ctx, "direct answer not sent", "fault", bot.FaultOf(err).Reason)
				return
			}
		}
	})
}
