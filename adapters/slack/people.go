package slack

import (
	"cmp"
	"slices"
	"sync"

	"github.com/slack-go/slack"

	"heed/bot"
)

// userSeen is what users.info says of an account to a workspace. Guests, and
// people of another company in a shared channel, are not of the team.
// https://docs.slack.dev/reference/objects/user-object
func userSeen(u *slack.User, team string) bot.MemberSeen {
	outside := u.TeamID != "" && u.TeamID != team && !slices.Contains(u.Enterprise.Teams, team)
	return bot.MemberSeen{
		Account:  u.ID,
		Name:     bot.Legible(cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name)),
		Zone:     u.TZ,
		Admin:    (u.IsAdmin || u.IsOwner || u.IsPrimaryOwner) && !outside,
		Guest:    u.IsRestricted || u.IsUltraRestricted || u.IsStranger || outside,
		Bot:      u.IsBot || u.IsWorkflowBot || u.ID == slackbot,
		Gone:     u.Deleted,
		Complete: true,
	}
}

// slackbot is Slack's own bot, which is_bot does not admit to.
const slackbot = "USLACKBOT"

// maxNames bounds the names kept in memory.
const maxNames = 5000

// names remembers what accounts are called, so that a mention in somebody's words
// can be turned back into a name. Safe for concurrent use.
type names struct {
	mu    sync.Mutex
	known map[accountAt]string
}

type accountAt struct {
	workspace bot.WorkspaceRef
	account   string
}

func newNames() *names { return &names{known: map[accountAt]string{}} }

func (n *names) keep(w bot.WorkspaceRef, m bot.MemberSeen) {
	if m.Name == "" {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.known) >= maxNames {
		clear(n.known)
	}
	n.known[accountAt{w, m.Account}] = m.Name
}

func (n *names) of(w bot.WorkspaceRef, account string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known[accountAt{w, account}]
}
