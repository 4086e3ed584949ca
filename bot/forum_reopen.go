package bot

import (
	"context"
	"errors"
	"fmt"
)

// openAgainPress is [Open it again] on the card of a paused post, `openagain N`. What a
// moderator locked, only those who moderate open.
func (b *Bot) openAgainPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	it, err := readable(ctx, b.store, c, n)
	if err != nil {
		return nil, err
	}
	card, err := b.store.PostAt(ctx, c.Workspace.Ref, c.Channel.Ref, c.Message)
	if errors.Is(err, ErrNotFound) {
		return nil, staleButton()
	}
	if err != nil {
		return nil, fmt.Errorf("card to open again: %w", err)
	}
	if card.Paused == "" {
		return Sayf("%v is open: 👍 counts.", title(it)), nil
	}
	if card.Paused == PausedLocked && !c.Roles.Has(PM) && !c.Roles.Has(Admin) {
		return Sayf("A moderator locked this post, so a moderator opens it again. Nothing has changed; your vote by `/heed vote %d` counts all the same.", it.Number), nil
	}
	r, ok := b.messengers[c.Workspace.Ref.Platform].(Reopener)
	if !ok {
		return nil, staleButton()
	}
	asking, cancel := context.WithTimeout(ctx, discussPatience)
	defer cancel()
	err = r.Reopen(asking, Destination{Workspace: c.Workspace, Channel: card.Channel, Thread: card.Thread})
	if err == nil {
		return Sayf("%v is open again: 👍 counts.", title(it)), b.ThreadChanged(ctx, c.Workspace.Ref, card.Channel, card.Thread, "")
	}
	fault := FaultOf(err)
	b.log.InfoContext(ctx, "conversation not opened again", "board", it.Board, "item", it.ID, "fault", fault.Kind, "reason", fault.Reason)
	switch fault.Kind {
	case FaultFull:
		return Sayf("There are as many open posts and threads here as the server may have, so I couldn't open this one. Once a moderator has closed a few, press the button again. `/heed vote %d` counts in the meantime.", it.Number), nil
	case FaultForbidden:
		return Sayf("I'm not allowed to open posts here again. A moderator can, or can give me *Manage Threads*. `/heed vote %d` counts in the meantime.", it.Number), nil
	case FaultGone:
		return Sayf("This post was deleted, so there's nothing to open. %v stands on the board all the same.", title(it)),
			b.ThreadGone(ctx, c.Workspace.Ref, card.Channel, card.Thread)
	}
	return Sayf("I couldn't open it just now; that may pass by itself. Please press again in a minute."), nil
}
