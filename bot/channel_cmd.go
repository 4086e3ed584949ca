package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// uncarded bounds how many requests get their card at once when cards find a home.
const uncarded = 50

// channelCommand is `/heed channel [intake|digest|announce|saving [on|off]]` and
// `/heed channel review [off|newcomers|everyone]`.
func (b *Bot) channelCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	if c.Channel.Ref == "" || c.Channel.Kind == DirectChannel {
		return nil, Refuse(Invalid, Sayf("This is a conversation, not a channel. Nothing has changed. Say `/heed channel` in the channel that you mean."))
	}
	on := cmd.Switch != SwitchOff
	switch {
	case cmd.Choice == ChoiceIntake:
		return b.setIntake(ctx, c, c.Channel.Ref, on)
	case (cmd.Choice == ChoiceReview || cmd.Choice == ChoiceSaving) && cmd.Review == "" && cmd.Switch == SwitchUnset:
		return b.channelUses(ctx, c)
	case cmd.Choice == ChoiceReview:
		return b.setReview(ctx, c, cmd)
	case cmd.Choice == ChoiceSaving:
		return b.setSaving(ctx, c, cmd.Switch)
	case cmd.Choice == ChoiceAnnounce:
		return b.setAnnounce(ctx, c, on)
	case cmd.Choice == ChoiceDigest && on:
		return b.digestHere(ctx, c, "", "")
	case cmd.Choice == ChoiceDigest:
		return b.digestOff(ctx, c)
	}
	return b.channelUses(ctx, c)
}

// channelPress is the same by button: `channel intake off`.
func (b *Bot) channelPress(ctx context.Context, c caller, args []string) (Reply, error) {
	cmd := Command{Verb: VerbChannel}
	if len(args) > 0 {
		cmd.Choice = args[0]
	}
	if len(args) > 1 && args[1] == string(SwitchOff) {
		cmd.Switch = SwitchOff
	}
	return b.run(ctx, c, cmd)
}

// channelUses says what this channel is for, with buttons that change it.
func (b *Bot) channelUses(ctx context.Context, c caller) (Reply, error) {
	ch := c.Channel
	var uses []Block
	say := func(format string, args ...any) { uses = append(uses, Para{Textf(format, args...)}) }
	switch {
	case ch.Main:
		say("Cards live here, also those of words typed elsewhere.")
	case ch.Intake:
		say("Cards of what is asked here live here.")
	}
	if ch.Announce {
		say("What shipped is announced here.")
	}
	times, next, err := b.digestOfChannel(ctx, c)
	if err != nil {
		return nil, err
	}
	if !next.IsZero() {
		say("The digest comes here: %s.", times.String())
	}
	if len(uses) == 0 {
		say("I use this channel for nothing in particular. `/feedback` works here as everywhere.")
	}
	say("Who reads along: the %s. What counts as a vote: %s.", ch.Audience, emojiList(ch.Emoji))
	say("%s %s", reviewWords(ch), savingWords(ch))
	if _, err := b.store.LiveTop(ctx, ch.Board, ch.Workspace, ch.Ref); err == nil {
		say("A live Top 10 stands here.")
	} else if !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("live top 10: %w", err)
	}
	if ch.Customer != "" && c.audience() == Team {
		say("It stands for %s.", ch.Customer)
	}
	if !ch.Joined && ch.Intake {
		say("I'm not in it, so reactions here don't reach me. To let me in, %s.", letIn(c.Workspace.Ref.Platform))
	}
	reply := Say{Doc: uses}
	if !c.Roles.Has(PM) && !c.Roles.Has(Admin) {
		return reply, nil
	}
	toggle := func(on bool, label, off, choice string) Button {
		if on {
			return Button{Label: off, Action: Act("channel", choice, SwitchOff)}
		}
		return Button{Label: label, Action: Act("channel", choice)}
	}
	return reply.With(Buttons{
		toggle(ch.Intake, "Put cards here", "No more cards here", ChoiceIntake),
		toggle(!next.IsZero(), "Send the digest here", "No more digests here", ChoiceDigest),
		toggle(ch.Announce, "Announce what ships here", "No more announcements", ChoiceAnnounce),
		{Label: "More…", Action: Act("channelform", ch.Ref)},
	}), nil
}

// digestOfChannel is the schedule of the caller's channel; a zero next time: none.
func (b *Bot) digestOfChannel(ctx context.Context, c caller) (Schedule, time.Time, error) {
	s, times, err := b.scheduleOrDefault(ctx, b.store, c.Workspace, c.Member, c.Channel.Ref)
	return times, s.NextAt, err
}

// setIntake makes cards live in a channel of the caller's workspace, or no longer. The
// first becomes the home of cards of words typed elsewhere, and requests that had
// no home get their cards.
func (b *Bot) setIntake(ctx context.Context, c caller, ref string, on bool) (Reply, error) {
	var ch Channel
	moved := 0
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayChannels(ctx, tx, c); err != nil {
			return err
		}
		var err error
		if ch, err = tx.Channel(ctx, c.Workspace.Board, c.Workspace.ID, ref); errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("channel to be intake: %w", err)
		}
		if !on {
			return b.closeIntake(ctx, tx, &ch)
		}
		moved, err = b.openIntake(ctx, tx, c.Workspace, &ch)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !on {
		return Sayf("No new cards in %v. Those that stand here stay and keep counting.", channelSpan(ch, c.Workspace.ID)).
			With(Buttons{{Label: "Put cards here again", Action: Act("intake", ch.Ref)}}), nil
	}
	say := Sayf("Cards live in %v now.", channelSpan(ch, c.Workspace.ID))
	if ch.Main {
		say = Sayf("Cards live in %v now, also those of words typed elsewhere.", channelSpan(ch, c.Workspace.ID))
	}
	if moved > 0 {
		say = say.With(Para{Textf("%s that had no card yet: on the way.", plural(moved, "request"))})
	}
	if note := b.enter(ctx, c.Workspace, ch); len(note) > 0 {
		say = say.With(Para{note})
	}
	return say, nil
}

// intakePress is [Put cards in #this-channel].
func (b *Bot) intakePress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) != 1 {
		return nil, staleButton()
	}
	return b.setIntake(ctx, c, args[0], true)
}

// openIntake makes a channel an intake, says hello there, and wants the cards of
// requests that have none; it answers how many.
func (b *Bot) openIntake(ctx context.Context, tx Tx, w Workspace, ch *Channel) (int, error) {
	now := b.clock.Now()
	main, err := mainIntake(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	if !ch.Intake {
		ch.IntakeAt = now
	}
	ch.Intake = true
	ch.Main = main.Ref == "" || main.Ref == ch.Ref
	if err := tx.SaveChannel(ctx, *ch); err != nil {
		return 0, fmt.Errorf("save channel: %w", err)
	}
	if err := b.wantHello(ctx, tx, w, *ch, now); err != nil {
		return 0, err
	}
	items, err := tx.UncardedItems(ctx, w, uncarded)
	if err != nil {
		return 0, fmt.Errorf("items without a card: %w", err)
	}
	n := 0
	for i := len(items) - 1; i >= 0; i-- { // the oldest first, as they were asked
		_, ok, err := wantCard(ctx, tx, items[i], now)
		if err != nil {
			return n, err
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// closeIntake ends it. Another intake takes the words typed elsewhere.
func (b *Bot) closeIntake(ctx context.Context, tx Tx, ch *Channel) error {
	wasMain := ch.Main
	ch.Intake, ch.Main = false, false
	if err := tx.SaveChannel(ctx, *ch); err != nil {
		return fmt.Errorf("save channel: %w", err)
	}
	if !wasMain {
		return nil
	}
	all, err := tx.Channels(ctx, ch.Board, ch.Workspace)
	if err != nil {
		return fmt.Errorf("channels: %w", err)
	}
	for _, other := range all {
		if other.Intake && other.Ref != ch.Ref && other.State == "open" {
			other.Main = true
			return tx.SaveChannel(ctx, other)
		}
	}
	return nil
}

// mainIntake is where cards of words typed elsewhere go; the zero Channel: nowhere yet.
func mainIntake(ctx context.Context, tx Tx, w Workspace) (Channel, error) {
	all, err := tx.Channels(ctx, w.Board, w.ID)
	if err != nil {
		return Channel{}, fmt.Errorf("channels: %w", err)
	}
	for _, ch := range all {
		if ch.Main && ch.State == "open" {
			return ch, nil
		}
	}
	return Channel{}, nil
}

// setAnnounce makes what ships be told in this channel, or no longer.
func (b *Bot) setAnnounce(ctx context.Context, c caller, on bool) (Reply, error) {
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayChannels(ctx, tx, c); err != nil {
			return err
		}
		ch, err := tx.Channel(ctx, c.Workspace.Board, c.Workspace.ID, c.Channel.Ref)
		if err != nil {
			return fmt.Errorf("channel of announcements: %w", err)
		}
		ch.Announce = on
		return tx.SaveChannel(ctx, ch)
	})
	if err != nil {
		return nil, err
	}
	if !on {
		return Sayf("No more announcements here. What stands here stays."), nil
	}
	say := Sayf("What ships is announced here from now on.")
	if note := b.enter(ctx, c.Workspace, c.Channel); len(note) > 0 {
		say = say.With(Para{note})
	}
	return say, nil
}

// saveAudience changes a channel's audience and what its cards may show.
func saveAudience(ctx context.Context, tx Tx, ch Channel, a Audience, now time.Time) error {
	if ch.Audience == a {
		return nil
	}
	ch.Audience = a
	if err := tx.SaveChannel(ctx, ch); err != nil {
		return fmt.Errorf("save channel: %w", err)
	}
	if err := tx.TouchTops(ctx, ch.Board, now); err != nil {
		return fmt.Errorf("live tops: %w", err)
	}
	return tx.TouchCards(ctx, ch, now)
}
