package discord

import (
	"context"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/bot"
)

var _ bot.Reopener = (*Messenger)(nil)

const (
	threadArchived = 50083 // an operation on a closed thread
	threadLocked   = 160005
)

// closePatience bounds closing a thread that was opened for a moment.
const closePatience = 5 * time.Second

type archiving struct {
	Archived bool  `json:"archived"`
	Locked   *bool `json:"locked,omitempty"`
}

// Reopen opens a closed thread again, one that was locked too.
// https://docs.discord.com/developers/topics/threads#editing-deleting-threads
func (m *Messenger) Reopen(ctx context.Context, to bot.Destination) error {
	t, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", to.Thread))
	if err != nil || t.paused() == "" {
		return err
	}
	var body archiving
	if t.paused() == bot.PausedLocked {
		no := false
		body.Locked = &no
	}
	return m.rest.call(ctx, at(http.MethodPatch, "channels", to.Thread), body, nil)
}

// whileOpen does something in a thread; a closed one is opened for it and closed again,
// where Heed may close it.
func (m *Messenger) whileOpen(ctx context.Context, to bot.Destination, do func() error) error {
	err := do()
	if to.Thread == "" || !refusedWith(err, threadArchived) {
		return err
	}
	closed := &bot.Fault{Kind: bot.FaultForbidden, Reason: "thread_closed", Method: "channels"}
	t, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", to.Thread))
	if err != nil {
		return err
	}
	may, err := m.mayHere(ctx, to.Workspace.Ref.Ref, t)
	if err != nil {
		return err
	}
	own, err := m.self(ctx)
	if err != nil {
		return err
	}
	locked := t.paused() == bot.PausedLocked
	if may&discordgo.PermissionManageThreads == 0 && (t.OwnerID != own.user || locked) {
		return closed
	}
	set := func(ctx context.Context, archived bool) error {
		return m.rest.call(ctx, at(http.MethodPatch, "channels", to.Thread), archiving{Archived: archived}, nil)
	}
	if err := set(ctx, false); err != nil {
		return err
	}
	err = do()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
	defer cancel()
	if again := set(closing, true); err == nil {
		err = again
	}
	return err
}
