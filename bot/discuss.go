package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Discusser is what a Messenger may do besides: give a message of Heed's own a
// conversation of its own.
type Discusser interface {
	// Discuss opens the conversation under a message, or finds the one that stands
	// there. name is what it is called, cut where the platform takes less. A *Fault of
	// kind FaultFull: the workspace has as many conversations as it may have.
	Discuss(ctx context.Context, to Destination, message, name string) (Discussion, error)
}

// Discussion is a conversation under a message.
type Discussion struct {
	Permalink string
	Opened    bool // by this call
}

// discussPatience bounds the one call to the platform that the answer waits for.
const discussPatience = 2 * time.Second

// discussPress is [💬 Discuss] on a card, `discuss N`: the first press opens the card's
// conversation, every other leads there. What is said there is between people; Heed
// does not read it, but answers there what becomes of the request.
func (b *Bot) discussPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	it, err := readable(ctx, b.store, c, n)
	if err != nil {
		return nil, err
	}
	card, err := b.store.PostAt(ctx, c.Workspace.Ref, c.Channel.Ref, c.Message)
	if errors.Is(err, ErrNotFound) || err == nil && card.Kind != PostCard {
		return Sayf("%v: this isn't its card any more, so there's nothing to open here.", title(it)).
			With(Buttons{{Label: "See it", Action: Act("details", it.Number)}}), nil
	}
	if err != nil {
		return nil, fmt.Errorf("card to discuss: %w", err)
	}
	d, ok := b.messengers[c.Workspace.Ref.Platform].(Discusser)
	if !ok || card.Thread != "" {
		return Sayf("The place to talk about %v is right here: answer on the card.", title(it)), nil
	}
	kept, err := b.store.Item(ctx, it.Board, it.ID)
	if err != nil {
		return nil, fmt.Errorf("item to discuss: %w", err)
	}
	asking, cancel := context.WithTimeout(ctx, discussPatience)
	defer cancel()
	// The thread's name is for the channel's readers, whoever opens it.
	at, err := d.Discuss(asking, Destination{Workspace: c.Workspace, Channel: card.Channel}, card.Message, fmt.Sprintf("#%d %s", it.Number, kept.As(c.Channel.Audience).Title))
	if err != nil {
		fault := FaultOf(err)
		b.log.InfoContext(ctx, "conversation not opened", "board", it.Board, "item", it.ID, "fault", fault.Kind, "reason", fault.Reason)
		return b.notDiscussed(ctx, c, it, card, fault)
	}
	say := Sayf("%v is discussed here:", title(it))
	if at.Opened {
		say = Sayf("I opened a thread for %v. Whoever presses 💬 finds it.", title(it))
	}
	if at.Permalink == "" {
		return say, nil
	}
	return say.With(Buttons{{Label: "Go there", URL: at.Permalink, Style: Primary}}), nil
}

// notDiscussed says why there is no conversation, and what to do.
func (b *Bot) notDiscussed(ctx context.Context, c caller, it Item, card Post, f *Fault) (Reply, error) {
	switch f.Kind {
	case FaultFull:
		return Sayf("There are as many open threads here as the server may have, so I couldn't open one for %v. Nothing is lost.", title(it)).
			With(Para{Textf("Once a moderator has closed a few that nobody needs any more, press 💬 again. Until then, just reply to the card.")}), nil
	case FaultForbidden:
		return Sayf("I'm not allowed to open threads in this channel, so there's none for %v.", title(it)).
			With(Para{Textf("Whoever runs the server can let me: in the channel's settings, *Permissions*, give me *Create Public Threads*. Until then, just reply to the card.")}), nil
	case FaultGone:
		return Sayf("The card of %v was deleted, so there's nothing to open a thread under.", title(it)).
			With(Buttons{{Label: "See it", Action: Act("details", it.Number)}}), b.MessageGone(ctx, c.Workspace.Ref, card.Channel, card.Message)
	}
	return Sayf("I couldn't open the thread just now; that may pass by itself. Please press 💬 again in a minute: there's never more than one."), nil
}
