package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

const (
	welcomeFormID  = "welcome"
	intakeName     = "feedback" // the channel that Heed offers to make
	weeklyAsTyped  = "monday 9:00"
	makeChannelOn  = "on"
	maxWhenAsTyped = 60
)

// welcomePress opens the three questions, with what is known filled in.
func (b *Bot) welcomePress(ctx context.Context, c caller, _ []string) (Reply, error) {
	if err := b.may(ctx, b.store, c, Command{Verb: VerbSettings}); err != nil {
		return nil, err
	}
	main, err := mainIntake(ctx, b.store, c.Workspace)
	if err != nil {
		return nil, err
	}
	holder := func(r Role) string {
		ms, err := b.store.Holders(ctx, c.Workspace.Board, r)
		if err != nil || len(ms) == 0 || ms[0].Workspace != c.Workspace.ID {
			return ""
		}
		return ms[0].Account
	}
	me, err := withZone(ctx, b.store, c.Member)
	if err != nil {
		return nil, err
	}
	hint := "In your time zone, unless you add a city."
	if me.Zone == "" {
		hint = "Add your city, as in: monday 9:00 Berlin"
	}
	_, makes := b.messengers[c.Workspace.Ref.Platform].(ChannelMaker)
	fields := []Field{
		ChannelField{Name: "intake", Label: "Where do requests live?", Value: main.Ref, Optional: makes},
	}
	if makes && main.Ref == "" {
		fields = append(fields, CheckField{Name: "make", Label: "No channel for it yet?", Text: "Make #" + intakeName})
	}
	fields = append(fields,
		MemberField{Name: "pm", Label: "Who decides what gets built?", Value: holder(PM), Optional: true},
		MemberField{Name: "po", Label: "Who gets it delivered?", Hint: "May be the same person. Until you say, the admins do.", Value: holder(PO), Optional: true},
		ChannelField{Name: "digest", Label: "Where does the weekly summary come?", Optional: true},
		TextField{Name: "when", Label: "And when?", Value: weeklyAsTyped, Hint: hint, Max: maxWhenAsTyped, Optional: true},
	)
	return Ask{Form{ID: welcomeFormID, Title: "Set up Heed", Submit: "Save and say hello", Fields: fields}}, nil
}

// welcomeSubmitted does what the three answers ask for, in one transaction; entering
// the channels comes after it. Sent twice it does nothing twice.
func (b *Bot) welcomeSubmitted(ctx context.Context, c caller, s Submission) (Reply, error) {
	if err := b.may(ctx, b.store, c, Command{Verb: VerbSettings}); err != nil {
		return nil, err
	}
	board, err := b.store.Board(ctx, c.Workspace.Board)
	if err != nil {
		return nil, err
	}
	me, err := withZone(ctx, b.store, c.Member)
	if err != nil {
		return nil, err
	}
	times, err := scheduleAsTyped(board, me, s.Values["when"])
	var unclear *Unclear
	switch {
	case errors.As(err, &unclear):
		return Fix{map[string]string{"when": unclear.Problem}}, nil
	case err != nil:
		return nil, err
	}
	intake, fix, err := b.welcomeIntake(ctx, c, s)
	if err != nil || fix != nil {
		return fix, err
	}
	var digest Channel
	if ref := s.Values["digest"]; ref != "" {
		if digest, err = b.learnChannel(ctx, c.Workspace, ref); err != nil {
			return nil, err
		}
	}
	moved := 0
	err = b.store.InTx(ctx, func(tx Tx) error {
		if moved, err = b.openIntake(ctx, tx, c.Workspace, &intake); err != nil {
			return err
		}
		for _, r := range []Role{PM, PO} {
			if err := b.welcomeRole(ctx, tx, c, r, s.Values[string(r)]); err != nil {
				return err
			}
		}
		if digest.Ref == "" {
			return nil
		}
		now := b.clock.Now()
		_, err := tx.SaveSchedule(ctx, ChannelSchedule{
			Board: board.ID, Workspace: c.Workspace.ID, Channel: digest.Ref, Spec: times.Spec(), Zone: times.Zone(),
			NextAt: times.Next(now), CreatedBy: c.Member.ID,
		}, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return b.welcomed(ctx, c, intake, digest, times, moved)
}

// welcomed says what is set up now, and enters the channels.
func (b *Bot) welcomed(ctx context.Context, c caller, intake, digest Channel, times Schedule, moved int) (Reply, error) {
	say := Sayf("Done. Requests live in %v, where I've said hello.", channelSpan(intake, c.Workspace.ID))
	if moved > 0 {
		say = say.With(Para{Textf("%s that had no card yet: on the way.", plural(moved, "request"))})
	}
	if digest.Ref != "" {
		say = say.With(Para{Textf("The summary comes to %v: *%s*. Next: %s", channelSpan(digest, c.Workspace.ID), times.String(), runsText(times, b.clock.Now()))})
	}
	for _, ch := range []Channel{intake, digest} {
		if ch.Ref == digest.Ref && ch.Ref == intake.Ref && ch.Main {
			continue // one channel for both is entered once
		}
		if note := b.enter(ctx, c.Workspace, ch); len(note) > 0 {
			say = say.With(Para{Textf("%v: %v", channelSpan(ch, c.Workspace.ID), note)})
		}
	}
	say, err := func() (Say, error) {
		r, err := withHolders(ctx, b.store, c, say)
		s, _ := r.(Say)
		return s, err
	}()
	return say.With(Buttons{
		{Label: "Paste requests you already have", Action: Act("paste")}, {Label: "Check my set-up", Action: Act("doctor")},
	}), err
}

// welcomeIntake is the channel that was chosen, or made. fix says what to mend.
func (b *Bot) welcomeIntake(ctx context.Context, c caller, s Submission) (Channel, Reply, error) {
	if ref := s.Values["intake"]; ref != "" {
		ch, err := b.learnChannel(ctx, c.Workspace, ref)
		return ch, nil, err
	}
	maker, ok := b.messengers[c.Workspace.Ref.Platform].(ChannelMaker)
	if !ok || s.Values["make"] != makeChannelOn {
		return Channel{}, Fix{map[string]string{"intake": "Choose the channel where requests live."}}, nil
	}
	asking, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	seen, err := maker.MakeChannel(asking, c.Workspace, intakeName)
	if err != nil {
		b.log.InfoContext(ctx, "channel not made", "board", c.Workspace.Board, "fault", FaultOf(err).Reason)
		return Channel{}, Fix{map[string]string{"intake": "I couldn't make #" + intakeName + ", maybe it's there already. Choose it here, or make it yourself and come back."}}, nil
	}
	ch, err := b.store.MeetChannel(ctx, c.Workspace.Board, c.Workspace.ID, seen, channelAudience(c.Workspace.Ref.Platform))
	if err != nil {
		return ch, nil, fmt.Errorf("made channel: %w", err)
	}
	return ch, nil, nil
}

// welcomeRole gives a role to an account, if one was chosen.
func (b *Bot) welcomeRole(ctx context.Context, tx Tx, c caller, r Role, account string) error {
	if account == "" {
		return nil
	}
	m, err := tx.MemberByAccount(ctx, c.Workspace.Board, c.Workspace.ID, account)
	if errors.Is(err, ErrNotFound) {
		seen := MemberSeen{Account: account}
		m, err = tx.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, seen, memberAudience(c.Workspace.Ref.Platform, seen), b.clock.Now())
	}
	if err != nil {
		return fmt.Errorf("member of a role: %w", err)
	}
	_, err = b.setRole(ctx, tx, c, m, r, true)
	return err
}

// scheduleAsTyped reads "monday 9:00", with a zone behind it or without.
func scheduleAsTyped(board Board, m Member, typed string) (Schedule, error) {
	typed = strings.TrimSpace(typed)
	times, err := scheduleFor(board, m, typed, "")
	words := strings.Fields(typed)
	for cut := len(words) - 1; err != nil && cut > 0 && cut >= len(words)-3; cut-- {
		if with, second := scheduleFor(board, m, strings.Join(words[:cut], " "), strings.Join(words[cut:], " ")); second == nil {
			return with, nil
		}
	}
	return times, err
}
