package bot

import (
	"context"
	"errors"
	"fmt"
)

// topPinCommand is `/heed top pin [off]`: the live Top 10 of the caller's channel.
func (b *Bot) topPinCommand(ctx context.Context, c caller, on bool) (Reply, error) {
	if c.Channel.Ref == "" || c.Channel.Kind == DirectChannel {
		return nil, Refuse(Invalid, Sayf("This is a conversation, not a channel. Nothing has changed. Say `/heed top pin` in the channel that should have it."))
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbTop, Choice: ChoicePin}); err != nil {
			return err
		}
		there, err := tx.LiveTop(ctx, c.Workspace.Board, c.Workspace.ID, c.Channel.Ref)
		live := err == nil
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("live top 10: %w", err)
		}
		if on {
			reply, err = b.pinTopHere(ctx, tx, c, there, live)
			return err
		}
		if !live {
			reply = Sayf("No live Top 10 stands in this channel. Nothing has changed.")
			return nil
		}
		reply, err = b.unpinTopHere(ctx, tx, c, there)
		return err
	})
	if err != nil {
		return nil, err
	}
	if say, ok := reply.(Say); ok && on {
		if note := b.enter(ctx, c.Workspace, c.Channel); len(note) > 0 {
			reply = say.With(Para{note})
		}
	}
	return reply, nil
}

// pinTopHere wants it; where it stands already it is pinned once more.
func (b *Bot) pinTopHere(ctx context.Context, tx Tx, c caller, there Post, live bool) (Reply, error) {
	if err := tx.PinTop(ctx, c.Channel, topSubject{By: c.Member.ID}, b.clock.Now()); err != nil {
		return nil, fmt.Errorf("live top 10: %w", err)
	}
	down := Buttons{{Label: "Take it down", Action: Act("toppin", SwitchOff)}}
	if live && there.Message != "" {
		if there.Permalink != "" {
			down = append(Buttons{{Label: "See it", URL: there.Permalink}}, down...)
		}
		return Sayf("The live Top 10 stands here already; I try once more to pin it.").With(down), nil
	}
	say := Sayf("The live Top 10 is on its way to this channel: one message that keeps itself up to date, pinned where I may.")
	if c.Channel.Audience == Community {
		say = say.With(Small{Textf("It shows what the community may read.")})
	}
	return say.With(down), nil
}

// unpinTopHere takes it down: the message goes, and its pin with it.
func (b *Bot) unpinTopHere(ctx context.Context, tx Tx, c caller, there Post) (Reply, error) {
	if err := tx.PatchSubject(ctx, there.Board, there.ID, topSubject{Off: true}); err != nil {
		return nil, fmt.Errorf("take a live top 10 down: %w", err)
	}
	now := b.clock.Now()
	_, err := tx.WantPost(ctx, there.Board, Want{Key: there.Key, Kind: PostTop, Workspace: there.Workspace, Channel: there.Channel, Due: now})
	if err != nil {
		return nil, fmt.Errorf("take a live top 10 down: %w", err)
	}
	return Sayf("The live Top 10 goes from this channel.").
		With(Buttons{{Label: "Put it back", Action: Act("toppin")}}), nil
}

// topPinPress is [Pin a live Top 10 here] and [Take it down], `toppin [off]`.
func (b *Bot) topPinPress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.topPinCommand(ctx, c, len(args) == 0 || args[0] != string(SwitchOff))
}

// topPinButton offers it to who may have it, below a list that is read in a channel.
func (b *Bot) topPinButton(ctx context.Context, tx Tx, c caller) (Doc, error) {
	if !c.moderates() || !c.eyes().shares {
		return nil, nil
	}
	_, err := tx.LiveTop(ctx, c.Workspace.Board, c.Workspace.ID, c.Channel.Ref)
	switch {
	case err == nil:
		return Doc{Buttons{{Label: "Take the live Top 10 down", Action: Act("toppin", SwitchOff)}}}, nil
	case errors.Is(err, ErrNotFound):
		return Doc{Buttons{{Label: "Pin a live Top 10 here", Action: Act("toppin")}}}, nil
	}
	return nil, fmt.Errorf("live top 10: %w", err)
}
