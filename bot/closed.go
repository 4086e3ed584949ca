package bot

import (
	"context"
	"fmt"
)

// directClosed notes that a platform let no direct message through to an account, so
// that nobody tries again and again. It tells whether that is what the fault says: a
// workspace that lets Heed write to nobody says nothing of the person.
func (b *Bot) directClosed(ctx context.Context, c Claim, f *Fault) bool {
	if c.Account == "" || c.Message != "" || f.Kind != FaultForbidden || f.Ungranted {
		return false
	}
	ctx = context.WithoutCancel(ctx)
	err := b.store.InTx(ctx, func(tx Tx) error { return tx.CloseDirect(ctx, c.Post, b.clock.Now()) })
	if err != nil {
		b.log.WarnContext(ctx, "closed conversation not noted", "board", c.Board, "post", c.ID, "error", err)
	}
	return err == nil
}

// withClosed adds to an answer, once, that Heed can't write to the person. Who writes to
// Heed in private has opened the conversation themselves.
func (b *Bot) withClosed(ctx context.Context, c caller, reply Reply) Reply {
	if !c.Member.Closed {
		return reply
	}
	if c.Channel.Kind == DirectChannel {
		if err := b.store.OpenDirect(ctx, c.Workspace.Board, c.Member.ID); err != nil {
			b.log.WarnContext(ctx, "open conversation not noted", "board", c.Workspace.Board, "member", c.Member.ID, "error", err)
		}
		return reply
	}
	say, ok := reply.(Say)
	if !ok || c.Member.Told {
		return reply
	}
	first, err := b.store.TellClosed(ctx, c.Workspace.Board, c.Member.ID)
	if err != nil || !first {
		return reply
	}
	return say.With(Rule{},
		Para{Textf("I can't write to you: your direct messages are closed to me. Nothing is lost; what moved is under `/heed mine`. To hear from me, open them in your privacy settings and press the button.")},
		Buttons{{Label: "Try again", Action: "reopen"}})
}

// reopenPress is [Try again]: the next news are sent as if nothing had been.
func (b *Bot) reopenPress(ctx context.Context, c caller, _ []string) (Reply, error) {
	err := b.store.InTx(ctx, func(tx Tx) error { return tx.OpenDirect(ctx, c.Workspace.Board, c.Member.ID) })
	if err != nil {
		return nil, fmt.Errorf("open direct messages: %w", err)
	}
	return Sayf("I'll write to you when something of yours moves. If it doesn't get through, I tell you here again.").
		With(Buttons{{Label: "My requests", Action: "mine"}}), nil
}
