package discord

import "heed/bot"

// This file stands in until render.go draws what Heed says: it takes over `message`
// and drawContent, and removes this file.

// message is a message's body as Discord takes it. A plain struct, as post adds
// the nonce by its own fields.
// https://docs.discord.com/developers/resources/message#create-message
type message struct {
	Content         string          `json:"content,omitempty"`
	Flags           int             `json:"flags,omitempty"`
	Components      []any           `json:"components,omitempty"`
	AllowedMentions allowedMentions `json:"allowed_mentions"`
	Nonce           string          `json:"nonce,omitempty"`
	EnforceNonce    bool            `json:"enforce_nonce,omitempty"`
}

// allowedMentions says whom a text may ping: nobody.
type allowedMentions struct {
	Parse []string `json:"parse"`
}

// drawContent draws c. The key is the post's own, opaque, up to 24 characters: it has
// to stand in the message as Discord gives it back (in every custom_id, or as a
// component's id), so that Find knows the message again.
func drawContent(c bot.Content, key string) message {
	m := message{AllowedMentions: allowedMentions{Parse: []string{}}}
	switch c := c.(type) {
	case bot.Card:
		m.Content = c.Title
	default:
		m.Content = "…"
	}
	return m
}
