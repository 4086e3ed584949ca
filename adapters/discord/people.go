package discord

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"heed/bot"
)

// memberSeen is what a guild's member says of a person.
func memberSeen(m wireMember, admin bool) bot.MemberSeen {
	return bot.MemberSeen{
		Account: m.User.ID, Name: cmp.Or(m.Nick, m.User.GlobalName, m.User.Username), Admin: admin,
		Bot: m.User.Bot || m.User.System, JoinedAt: m.joined(), Complete: true,
	}
}

// joined is when a member joined the guild; zero where it is not said, as of a guest.
// https://docs.discord.com/developers/resources/guild#guild-member-object
func (m wireMember) joined() time.Time {
	at, err := time.Parse(time.RFC3339, m.JoinedAt)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Member tells who an account is in a guild, Complete. Who has left is Gone.
func (m *Messenger) Member(ctx context.Context, w bot.Workspace, account string) (bot.MemberSeen, error) {
	there, err := get[wireMember](ctx, m.rest, at(http.MethodGet, "guilds", w.Ref.Ref, "members", account))
	if refusedWith(err, unknownMember) || refusedWith(err, unknownUser) {
		return bot.MemberSeen{Account: account, Gone: true, Complete: true}, nil
	}
	if err != nil {
		return bot.MemberSeen{}, err
	}
	guild, err := m.guild(ctx, w.Ref.Ref)
	if err != nil {
		return bot.MemberSeen{}, err
	}
	return memberSeen(there, guild.admin(there)), nil
}

// Channel tells what a channel is, and whether Heed is in it: may see it and send there.
func (m *Messenger) Channel(ctx context.Context, w bot.Workspace, channel string) (bot.ChannelSeen, error) {
	ch, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", channel))
	if err != nil {
		return bot.ChannelSeen{}, err
	}
	seen := channelSeen(ch, w.Ref.Ref)
	if seen.Kind == bot.DirectChannel {
		yes := true
		seen.Joined = &yes
		return seen, nil
	}
	may, err := m.mayHere(ctx, w.Ref.Ref, ch)
	if err != nil {
		return bot.ChannelSeen{}, err
	}
	in := may&neededIn(ch) == neededIn(ch)
	seen.Joined = &in
	return seen, nil
}

// Join looks whether Heed may see a channel and send there: on Discord there is
// nothing to join, and only people can let it in.
func (m *Messenger) Join(ctx context.Context, w bot.Workspace, channel string) error {
	seen, err := m.Channel(ctx, w, channel)
	if err != nil {
		return err
	}
	if seen.Joined == nil || !*seen.Joined {
		return &bot.Fault{Kind: bot.FaultForbidden, Reason: "missing_permissions", Method: "channels"}
	}
	return nil
}

// channelSeen is what a channel's object says. A channel that not everyone of the
// guild may see is private.
func channelSeen(ch wireChannel, guild string) bot.ChannelSeen {
	forum := ch.forum()
	seen := bot.ChannelSeen{Ref: ch.ID, Name: ch.Name, Kind: bot.PublicChannel, Forum: &forum}
	switch {
	case ch.Type == channelDM || ch.Type == channelGroupDM:
		seen.Kind = bot.DirectChannel
	case ch.Type == threadPrivate || ch.hiddenFrom(guild):
		seen.Kind = bot.PrivateChannel
	}
	return seen
}
