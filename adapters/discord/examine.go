package discord

import (
	"context"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/bot"
)

// permissions are what Heed asks for when it is invited, each as Discord's settings call
// it and with what people miss without it.
var permissions = []struct {
	bit        int64
	name, cost string
	must       bool
}{
	{discordgo.PermissionViewChannel, "View Channels", "I see no channel and no reaction there.", true},
	{discordgo.PermissionSendMessages, "Send Messages", "No card, answer or digest can be sent.", true},
	{discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads", "Nobody is told in a forum's post or a thread what became of it.", false},
	{discordgo.PermissionCreatePublicThreads, "Create Public Threads", "No conversation opens under a card.", false},
	{discordgo.PermissionManageThreads, "Manage Threads", "A forum's posts show no status as a tag.", false},
	{discordgo.PermissionAttachFiles, "Attach Files", "Pictures that people send stay where they are.", false},
	{discordgo.PermissionReadMessageHistory, "Read Message History", "After downtime no reaction can be read back.", false},
	{discordgo.PermissionAddReactions, "Add Reactions", "Cards and saved messages have no 👍 to press.", false},
	{permissionPinMessages, "Pin Messages", "The live Top 10 can't be pinned.", false},
}

// Examine asks Discord what Heed may do in a guild; see bot.Examiner. Single channels may
// grant more or less: those that Heed uses are looked at one by one elsewhere.
func (m *Messenger) Examine(ctx context.Context, w bot.Workspace) (bot.Standing, error) {
	m.forgetGuild(w.Ref.Ref)
	known, err := m.rights(ctx, w.Ref.Ref)
	if err != nil {
		return bot.Standing{}, err
	}
	own, err := m.self(ctx)
	if err != nil {
		return bot.Standing{}, err
	}
	me, err := get[wireMember](ctx, m.rest, at(http.MethodGet, "guilds", w.Ref.Ref, "members", own.user))
	if err != nil {
		return bot.Standing{}, err
	}
	var s bot.Standing
	may := known.guild.of(me)
	for _, p := range permissions {
		if may&p.bit == 0 {
			s.Missing = append(s.Missing, bot.Grant{Name: p.name, Cost: p.cost, Must: p.must})
		}
	}
	if ahead := m.rest.ahead.Load(); ahead != nil {
		s.Ahead, s.Timed = *ahead, true
	}
	return s, nil
}

// timed notes what time Discord has, by the answer to a request that began then.
func (r *rest) timed(began time.Time, resp *http.Response) {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil { // whole seconds, cut off
		ahead := began.Add(time.Since(began) / 2).Sub(at.Add(time.Second / 2))
		r.ahead.Store(&ahead)
	}
}
