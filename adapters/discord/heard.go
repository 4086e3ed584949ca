package discord

import (
	"context"
	"time"

	"heed/bot"
)

// namePatience is how long a form may wait for what is to be known about a message.
const namePatience = 900 * time.Millisecond

// heard is the message that is being saved, with who reacted to it as far as Discord
// tells in time.
func (x *act) heard(ctx context.Context) bot.Heard {
	m := x.i.Data.Resolved.Messages[x.i.Data.Target]
	if m.ID == "" {
		m.ID = x.i.Data.Target
	}
	_, thread := x.i.place()
	here := x.i.ChannelID
	h := bot.Heard{
		Message: m.ID, Thread: thread, Words: m.words(), Pictures: m.pictures(), At: snowflakeTime(m.ID),
		Permalink: permalink(x.i.GuildID, bot.Destination{Channel: here}, here, m.ID),
		Author:    x.author(m),
	}
	asking, cancel := context.WithTimeout(ctx, namePatience)
	defer cancel()
	if votes, err := x.a.messenger.Reactions(asking, bot.Workspace{Ref: x.workspace}, here, m.ID); err == nil {
		h.Votes = votes
	}
	return h
}

// author is who wrote a message, as far as the interaction says.
func (x *act) author(m targetMessage) bot.MemberSeen {
	if m.WebhookID != "" {
		return bot.MemberSeen{Account: m.Author.ID, Name: m.Author.Username, Bot: true}
	}
	if member, ok := x.i.Data.Resolved.Members[m.Author.ID]; ok {
		member.User = m.Author
		seen := memberSeen(member, false)
		seen.Complete = false // whether they are an admin is not said
		return seen
	}
	seen := memberSeen(wireMember{User: m.Author}, false)
	seen.Complete = false
	return seen
}
