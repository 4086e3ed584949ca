package bot

import (
	"context"
	"errors"
	"fmt"
)

// setupRoutes are what admins decide: the first questions, what channels are for, the
// settings, and the check of it all.
func (b *Bot) setupRoutes(r *routes) {
	r.commands[VerbChannel] = b.channelCommand
	r.commands[VerbSettings] = b.settingsCommand
	r.commands[VerbDoctor] = b.doctorCommand
	r.presses["intake"] = b.intakePress
	r.presses["channel"] = b.channelPress
	r.presses["channelform"] = b.channelFormPress
	r.forms[channelFormID] = b.channelSubmitted
	r.presses["settings"] = b.pressOf(VerbSettings)
	r.forms[settingsFormID] = b.settingsSubmitted
	r.presses["doctor"] = b.doctorPress
	r.presses["welcome"] = b.welcomePress
	r.forms[welcomeFormID] = b.welcomeSubmitted
	r.presses["paste"] = b.pastePress
	r.forms[pasteFormID] = b.pasteSubmitted
	r.presses["putback"] = b.putBackPress
}

// pressOf is a button that runs a command without arguments.
func (b *Bot) pressOf(v Verb) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, _ []string) (Reply, error) {
		return b.run(ctx, c, Command{Verb: v})
	}
}

// mayChannels refuses who may not decide what channels are for.
func (b *Bot) mayChannels(ctx context.Context, tx Tx, c caller) error {
	return b.may(ctx, tx, c, Command{Verb: VerbChannel, Choice: ChoiceIntake})
}

// learnChannel makes a channel known that a person chose in a form, where only its
// ref is sent. The platform is asked what it is, within the time an answer has.
func (b *Bot) learnChannel(ctx context.Context, w Workspace, ref string) (Channel, error) {
	seen := ChannelSeen{Ref: ref}
	if m, ok := b.messengers[w.Ref.Platform]; ok {
		asking, cancel := context.WithTimeout(ctx, lookupPatience)
		defer cancel()
		if said, err := m.Channel(asking, w, ref); err == nil {
			seen, seen.Ref = said, ref
		} else {
			b.log.InfoContext(ctx, "channel not looked up", "board", w.Board, "fault", FaultOf(err).Reason)
		}
	}
	ch, err := b.store.MeetChannel(ctx, w.Board, w.ID, seen, channelAudience(w.Ref.Platform))
	if err != nil {
		return ch, fmt.Errorf("channel of a form: %w", err)
	}
	return ch, nil
}

// putBackPress is [Put the card back]: a card that somebody deleted on the platform.
func (b *Bot) putBackPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayChannels(ctx, tx, c); err != nil {
			return err
		}
		it, err := lockItself(ctx, tx, c, n)
		if err != nil {
			return err
		}
		now := b.clock.Now()
		back, err := tx.RestoreCards(ctx, it.Board, it.ID, now)
		if err != nil {
			return fmt.Errorf("restore cards: %w", err)
		}
		_, there, err := wantCard(ctx, tx, it, now)
		switch {
		case err != nil:
			return err
		case back > 0:
			reply = Sayf("The card of %v is on its way back.", title(it))
		case there:
			reply = Sayf("The card of %v stands already. Nothing has changed.", title(it))
		default:
			reply = Sayf("No channel takes the card of %v yet. Say `/heed channel intake` where cards should live.", title(it))
		}
		return nil
	})
	return reply, err
}

// putBackButton offers to put back an item's card where somebody deleted it; none
// otherwise.
func putBackButton(ctx context.Context, tx Tx, c caller, it Item) (Buttons, error) {
	if !c.Roles.Has(PM) && !c.Roles.Has(Admin) {
		return nil, nil
	}
	n, err := tx.GoneCards(ctx, it.Board, it.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("deleted cards: %w", err)
	}
	if n == 0 {
		return nil, nil
	}
	return Buttons{{Label: "Put the card back", Action: Act("putback", it.Number)}}, nil
}
