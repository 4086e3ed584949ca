package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"heed/bot"
)

// Tokens gives a workspace's bot token.
type Tokens interface {
	// Token is the workspace's bot token, bot.ErrNotFound where there is none.
	Token(ctx context.Context, w bot.WorkspaceRef) (string, error)
}

// OneToken is the token of a Heed that serves one workspace.
type OneToken string

// Token is the one token, whatever the workspace.
func (t OneToken) Token(context.Context, bot.WorkspaceRef) (string, error) {
	if t == "" {
		return "", bot.ErrNotFound
	}
	return string(t), nil
}

// Messenger sends for Heed on Slack. It implements bot.Messenger, bot.Finder and
// bot.ChannelMaker. Safe for concurrent use; nothing is retried.
type Messenger struct {
	apiURL string
	tokens Tokens
	http   *http.Client
	clock  bot.Clock
	log    *slog.Logger
	names  *names
}

// NewMessenger makes a Messenger. Of the options it uses APIURL, Tokens, HTTP,
// Clock and Log.
func NewMessenger(o Options) *Messenger {
	o = o.withDefaults()
	return &Messenger{apiURL: o.APIURL, tokens: o.Tokens, http: o.HTTP, clock: o.Clock, log: o.Log, names: newNames()}
}

var (
	_ bot.Messenger    = (*Messenger)(nil)
	_ bot.Finder       = (*Messenger)(nil)
	_ bot.ChannelMaker = (*Messenger)(nil)
	_ bot.Pinner       = (*Messenger)(nil)
)

// client is a client with the workspace's token.
func (m *Messenger) client(ctx context.Context, w bot.WorkspaceRef) (*slack.Client, error) {
	token, err := m.tokens.Token(ctx, w)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, &bot.Fault{Kind: bot.FaultRevoked, Reason: "no_token"}
	}
	if err != nil { // where tokens are kept did not answer: that says nothing of the workspace
		return nil, &bot.Fault{Kind: bot.FaultTransient, Reason: "token_not_read"}
	}
	return slack.New(token, slack.OptionHTTPClient(terse{m.http}), slack.OptionAPIURL(m.apiURL)), nil
}

// metadataType marks Heed's posts. Every app of a workspace can read metadata, so
// it carries nothing but the post's opaque key.
const metadataType = "heed_post"

const metadataKey = "key"

// noMetadata are the codes of a Slack that takes a message, but no metadata with it.
var noMetadata = map[string]bool{
	"metadata_must_be_sent_from_app": true, "invalid_metadata_format": true, "invalid_metadata_schema": true, "metadata_too_large": true, "invalid_arguments": true,
}

func (d drawn) options(thread string) []slack.MsgOption {
	o := []slack.MsgOption{
		slack.MsgOptionText(d.Text, false), // escaped already
		slack.MsgOptionBlocks(d.Blocks...),
		slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if thread != "" {
		o = append(o, slack.MsgOptionTS(thread))
	}
	return o
}

// Post sends c; see bot.Messenger. Where Heed is not in the channel it joins once
// and tries again.
func (m *Messenger) Post(ctx context.Context, to bot.Destination, key string, c bot.Content) (bot.Sent, error) {
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return bot.Sent{}, err
	}
	channel, err := m.channelOf(ctx, api, to)
	if err != nil {
		return bot.Sent{}, err
	}
	bare := drawContent(c).options(to.Thread)
	options := append(slices.Clone(bare), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: metadataType, EventPayload: map[string]any{metadataKey: key},
	}))
	channel2, ts, err := api.PostMessageContext(ctx, channel, options...)
	if slackCode(err) == "not_in_channel" {
		if _, _, _, joined := api.JoinConversationContext(ctx, channel); joined == nil {
			channel2, ts, err = api.PostMessageContext(ctx, channel, options...)
		}
	}
	if noMetadata[slackCode(err)] { // better unmarked than unsaid
		channel2, ts, err = api.PostMessageContext(ctx, channel, bare...)
	}
	if err != nil {
		return bot.Sent{}, faultOf("chat.postMessage", err)
	}
	if channel2 != "" {
		channel = channel2
	}
	sent := bot.Sent{Channel: channel, Message: ts}
	if _, digest := c.(bot.Digest); !digest { // nothing links to one, and on a Monday there are many
		sent.Permalink = m.permalink(ctx, api, channel, ts)
	}
	return sent, nil
}

// channelOf is where to goes; a direct conversation is opened first.
func (m *Messenger) channelOf(ctx context.Context, api *slack.Client, to bot.Destination) (string, error) {
	if to.Channel != "" {
		return to.Channel, nil
	}
	ch, _, _, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{to.Account}})
	if fault := bot.FaultOf(faultOf("conversations.open", err)); err != nil && fault.Ungranted {
		return to.Account, nil // chat.postMessage takes a person too, and opens the conversation itself
	}
	if err != nil {
		return "", faultOf("conversations.open", err)
	}
	return ch.ID, nil
}

// permalink asks for a message's address for a short time; "" where there is none.
func (m *Messenger) permalink(ctx context.Context, api *slack.Client, channel, message string) string {
	ctx, cancel := context.WithTimeout(ctx, linkPatience)
	defer cancel()
	link, err := api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: message})
	if err != nil {
		return ""
	}
	return link
}

// Update makes a message show c.
func (m *Messenger) Update(ctx context.Context, to bot.Destination, message string, c bot.Content) error {
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return err
	}
	channel, err := m.channelOf(ctx, api, to)
	if err != nil {
		return err
	}
	_, _, _, err = api.UpdateMessageContext(ctx, channel, message, drawContent(c).options("")...)
	return faultOf("chat.update", err)
}

// Delete removes a message of Heed's own; one already gone is no error.
func (m *Messenger) Delete(ctx context.Context, to bot.Destination, message string) error {
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return err
	}
	channel, err := m.channelOf(ctx, api, to)
	if err != nil {
		return err
	}
	_, _, err = api.DeleteMessageContext(ctx, channel, message)
	if slackCode(err) == "message_not_found" {
		return nil
	}
	return faultOf("chat.delete", err)
}

// Mark puts Heed's own reaction on a message; one already there is no error.
func (m *Messenger) Mark(ctx context.Context, to bot.Destination, message, emoji string) error {
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return err
	}
	err = api.AddReactionContext(ctx, emoji, slack.NewRefToMessage(to.Channel, message))
	if slackCode(err) == "already_reacted" {
		return nil
	}
	return faultOf("reactions.add", err)
}

// scopePin lets an app pin messages. Heed does not ask for it: who wants the live Top
// 10 pinned by itself adds it to the app.
// https://docs.slack.dev/reference/scopes/pins.write
const scopePin = "pins:write"

// Pin pins a message where the workspace granted it; one pinned already is no error.
func (m *Messenger) Pin(ctx context.Context, to bot.Destination, message string) error {
	if !slices.Contains(to.Workspace.Scopes, scopePin) {
		return &bot.Fault{Kind: bot.FaultForbidden, Reason: "missing_scope", Method: "pins.add", Ungranted: true}
	}
	api, err := m.client(ctx, to.Workspace.Ref)
	if err != nil {
		return err
	}
	err = api.AddPinContext(ctx, to.Channel, slack.NewRefToMessage(to.Channel, message))
	if slackCode(err) == "already_pinned" {
		return nil
	}
	return faultOf("pins.add", err)
}

// Member tells who an account is, Complete.
func (m *Messenger) Member(ctx context.Context, w bot.Workspace, account string) (bot.MemberSeen, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return bot.MemberSeen{}, err
	}
	u, err := api.GetUserInfoContext(ctx, account)
	if err != nil {
		return bot.MemberSeen{}, faultOf("users.info", err)
	}
	seen := userSeen(u, w.Ref.Ref)
	m.names.keep(w.Ref, seen)
	return seen, nil
}

// Channel tells what a channel is, and whether Heed is in it.
func (m *Messenger) Channel(ctx context.Context, w bot.Workspace, channel string) (bot.ChannelSeen, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return bot.ChannelSeen{}, err
	}
	ch, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil {
		return bot.ChannelSeen{}, faultOf("conversations.info", err)
	}
	return channelSeen(ch), nil
}

func channelSeen(ch *slack.Channel) bot.ChannelSeen {
	joined := ch.IsMember || ch.IsIM
	seen := bot.ChannelSeen{Ref: ch.ID, Name: bot.Legible(ch.Name), Kind: bot.PublicChannel, Joined: &joined}
	switch {
	case ch.IsIM || ch.IsMpIM:
		seen.Kind = bot.DirectChannel
	case ch.IsPrivate || ch.IsGroup:
		seen.Kind = bot.PrivateChannel
	}
	return seen
}

// Join makes Heed a member of a public channel.
func (m *Messenger) Join(ctx context.Context, w bot.Workspace, channel string) error {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return err
	}
	_, _, _, err = api.JoinConversationContext(ctx, channel)
	if slackCode(err) == "channel_not_found" { // a private channel that Heed is not in looks like none
		return &bot.Fault{Kind: bot.FaultForbidden, Reason: "channel_not_found", Method: "conversations.join"}
	}
	return faultOf("conversations.join", err)
}

// Reactions reads who reacted to a message.
func (m *Messenger) Reactions(ctx context.Context, w bot.Workspace, channel, message string) ([]bot.Reacted, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return nil, err
	}
	item, err := api.GetReactionsContext(ctx, slack.NewRefToMessage(channel, message), slack.GetReactionsParameters{Full: true})
	if err != nil {
		return nil, faultOf("reactions.get", err)
	}
	var out []bot.Reacted
	for _, r := range item.Reactions {
		for _, account := range r.Users {
			out = append(out, bot.Reacted{Account: account, Emoji: r.Name})
		}
	}
	return out, nil
}

// Permalink is a message's address, "" when there is none.
func (m *Messenger) Permalink(ctx context.Context, w bot.Workspace, channel, message string) (string, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return "", err
	}
	link, err := api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: message})
	if code := slackCode(err); code == "message_not_found" || code == "channel_not_found" {
		return "", nil
	}
	return link, faultOf("chat.getPermalink", err)
}

// unnameable is what a channel's name may not hold.
var unnameable = regexp.MustCompile(`[^\p{Ll}\p{Lo}\p{N}_-]+`)

// MakeChannel makes a public channel; Heed is in it.
func (m *Messenger) MakeChannel(ctx context.Context, w bot.Workspace, name string) (bot.ChannelSeen, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return bot.ChannelSeen{}, err
	}
	name = unnameable.ReplaceAllString(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "#")), "-")
	if r := []rune(name); len(r) > maxChannelName {
		name = string(r[:maxChannelName])
	}
	ch, err := api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name})
	if err != nil {
		return bot.ChannelSeen{}, faultOf("conversations.create", err)
	}
	seen := channelSeen(ch)
	joined := true
	seen.Joined = &joined
	return seen, nil
}
