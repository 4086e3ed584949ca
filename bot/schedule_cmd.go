package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// shownRuns is how many coming runs an answer shows, so that a spec which means
// something else is noticed.
const shownRuns = 3

// digestRoutes are the schedule of a channel's digest.
func (b *Bot) digestRoutes(r *routes) {
	r.commands[VerbDigest] = b.digestCommand
	r.presses["digest"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		cmd := Command{Verb: VerbDigest}
		if len(args) == 1 {
			cmd.Choice = args[0]
		}
		if err := b.may(ctx, b.store, c, cmd); err != nil {
			return nil, err
		}
		return b.digestCommand(ctx, c, cmd)
	}
}

// digestCommand is `/heed digest [here [CRON] [ZONE] | preview | off]`.
func (b *Bot) digestCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	switch cmd.Choice {
	case ChoiceHere:
		return b.digestHere(ctx, c, cmd.Cron, cmd.Zone)
	case ChoiceOff:
		return b.digestOff(ctx, c)
	case ChoicePreview:
		return b.digestPreview(ctx, c)
	}
	return b.digestList(ctx, c)
}

// digestHere gives this channel its digest. The zone is that of the person who says
// so, unless they name another.
func (b *Bot) digestHere(ctx context.Context, c caller, spec, zone string) (Reply, error) {
	if c.Channel.Ref == "" || c.Channel.Kind == DirectChannel {
		return nil, Refuse(Invalid, Sayf("A digest needs a channel. Nothing has changed. Say `/heed digest here` in the channel that should get it."))
	}
	var times Schedule
	guessed := false
	err := b.store.InTx(ctx, func(tx Tx) error {
		board, err := tx.Board(ctx, c.Workspace.Board)
		if err != nil {
			return err
		}
		m, err := withZone(ctx, tx, c.Member)
		if err != nil {
			return err
		}
		if times, err = scheduleFor(board, m, spec, zone); err != nil {
			return unclearReply(err)
		}
		guessed = zone == "" && m.Zone == "" && ZoneOf(board.Zone) == time.UTC
		now := b.clock.Now()
		_, err = tx.SaveSchedule(ctx, ChannelSchedule{
			Board: board.ID, Workspace: c.Workspace.ID, Channel: c.Channel.Ref, Spec: times.Spec(), Zone: times.Zone(),
			NextAt: times.Next(now), CreatedBy: c.Member.ID,
		}, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	say := Sayf("The digest comes here: *%s*.", times.String()).With(Para{Textf("Next: %s", runsText(times, b.clock.Now()))})
	if guessed && times.Zone() == "UTC" {
		say = say.With(Para{Textf("I don't know your time zone, so that's UTC. With your city it's your clock: `/heed digest here monday 9:00 Berlin`. `/heed settings` sets it for the whole board, quiet hours too.")})
	}
	if c.Channel.Audience == Community {
		say = say.With(Small{Textf("This channel is for the community, so it gets the version without anything of the team's.")})
	}
	if note := b.enter(ctx, c.Workspace, c.Channel); len(note) > 0 {
		say = say.With(Para{note})
	}
	return say.With(Buttons{{Label: "Preview", Action: Act("digest", ChoicePreview)}, {Label: "Turn off", Action: Act("digest", ChoiceOff)}}), nil
}

// scheduleFor is a schedule as typed; empty is Monday at nine. Without a zone it is
// the member's, else the board's.
func scheduleFor(board Board, m Member, spec, zone string) (Schedule, error) {
	if zone == "" {
		zone = ZoneOf(m.Zone, board.Zone).String()
	}
	times, err := ParseSchedule(spec, zone)
	if err == nil && times.Next(time.Unix(0, 0)).IsZero() {
		return times, &Unclear{Said: spec, Problem: "That time never comes."}
	}
	return times, err
}

// withZone is a member with the time zone of another account of theirs where their own
// platform tells none: Discord does not.
func withZone(ctx context.Context, tx Tx, m Member) (Member, error) {
	if m.Zone != "" || m.ID == 0 {
		return m, nil
	}
	all, err := tx.PersonMembers(ctx, m.Board, m.Person)
	if err != nil {
		return m, fmt.Errorf("own accounts: %w", err)
	}
	for _, own := range all {
		if m.Zone == "" {
			m.Zone = own.Zone
		}
	}
	return m, nil
}

// unclearReply makes what could not be taken a refusal in its own words; other errors
// stay as they are.
func unclearReply(err error) error {
	var u *Unclear
	if !errors.As(err, &u) {
		return err
	}
	return Refuse(Invalid, Sayf("%s", u.Problem).With(Para{Textf("Nothing has changed. Two that work: `/heed digest here`, `/heed digest here 0 9 * * 1 Europe/Berlin`.")}))
}

// runsText is the coming runs: "Mon 30 Nov 09:00, Mon 7 Dec 09:00, Mon 14 Dec 09:00 (Berlin)".
func runsText(times Schedule, now time.Time) string {
	var out []string
	for _, at := range times.NextN(now, shownRuns) {
		out = append(out, at.Format("Mon 2 Jan 15:04"))
	}
	return strings.Join(out, ", ") + " (" + ZoneCity(times.Zone()) + ")"
}

// digestOff ends the digest of this channel. What was sent stays.
func (b *Bot) digestOff(ctx context.Context, c caller) (Reply, error) {
	had := false
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, err := tx.ScheduleOf(ctx, c.Workspace.Board, c.Workspace.ID, c.Channel.Ref)
		if errors.Is(err, ErrNotFound) || err == nil && s.NextAt.IsZero() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("schedule of a channel: %w", err)
		}
		had = true
		s.NextAt, s.CreatedBy = time.Time{}, c.Member.ID
		_, err = tx.SaveSchedule(ctx, s, b.clock.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	if !had {
		return Sayf("No digest comes here, so there was nothing to end. `/heed digest` lists where it does come."), nil
	}
	return Sayf("No more digests here. What was sent stays, and `/heed digest here` starts it again.").
		With(Buttons{{Label: "Start again", Action: Act("digest", ChoiceHere)}}), nil
}

// digestPreview shows what this channel would be sent now. Nothing is kept.
func (b *Bot) digestPreview(ctx context.Context, c caller) (Reply, error) {
	var d FrozenDigest
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, times, err := b.scheduleOrDefault(ctx, tx, c.Workspace, c.Member, c.Channel.Ref)
		if err != nil {
			return err
		}
		audience := c.audience()
		if c.Channel.Ref != "" && c.Channel.Kind != DirectChannel {
			audience = c.Channel.Audience
		}
		now := b.clock.Now()
		ds, err := composeDigests(ctx, tx, &digestBook{}, c.Workspace.Board, []dueDigest{{LockedSchedule{ChannelSchedule: s, Audience: audience}, times, now, times.Next(now), false}})
		if err == nil {
			d = ds[0]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.State == DigestEmpty {
		return Sayf("If it were due now, there would be nothing to say (%s), so nothing would be sent.", d.Facts.Days), nil
	}
	return Say{Doc: append(Doc{Small{Textf("If it were due now; only you see this.")}}, digestOf(d).Doc...)}, nil
}

// scheduleOrDefault is a channel's schedule, or what it would be by default.
func (b *Bot) scheduleOrDefault(ctx context.Context, tx Tx, w Workspace, m Member, channel string) (ChannelSchedule, Schedule, error) {
	s, err := tx.ScheduleOf(ctx, w.Board, w.ID, channel)
	if errors.Is(err, ErrNotFound) {
		board, err := tx.Board(ctx, w.Board)
		if err != nil {
			return s, Schedule{}, err
		}
		if m, err = withZone(ctx, tx, m); err != nil {
			return s, Schedule{}, err
		}
		times, err := scheduleFor(board, m, "", "")
		return ChannelSchedule{Board: w.Board, Workspace: w.ID, Channel: channel, Spec: times.Spec(), Zone: times.Zone()}, times, err
	}
	if err != nil {
		return s, Schedule{}, fmt.Errorf("schedule of a channel: %w", err)
	}
	times, err := ParseSchedule(s.Spec, s.Zone)
	return s, times, err
}

// digestList says where digests come and when.
func (b *Bot) digestList(ctx context.Context, c caller) (Reply, error) {
	all, err := b.store.Schedules(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("schedules: %w", err)
	}
	var rows Doc
	here := false
	for _, s := range all {
		times, err := ParseSchedule(s.Spec, s.Zone)
		if err != nil || s.NextAt.IsZero() {
			continue
		}
		ch, err := b.store.Channel(ctx, s.Board, s.Workspace, s.Channel)
		if err != nil {
			return nil, fmt.Errorf("channel of a schedule: %w", err)
		}
		if !c.audience().MayRead(ch.Audience) || c.audience() != Team && s.Workspace != c.Workspace.ID || ch.Kind == PrivateChannel && s.Channel != c.Channel.Ref {
			continue
		}
		here = here || s.Workspace == c.Workspace.ID && s.Channel == c.Channel.Ref
		rows = append(rows, Para{Textf("*%v*: %s · next %s", channelSpan(ch, c.Workspace.ID), times.String(), runText(s.NextAt.In(times.Location()), ZoneCity(s.Zone)))})
	}
	say := Say{Doc: rows}
	if len(rows) == 0 {
		say = Sayf("No digest comes anywhere yet. `/heed digest here` sends it to this channel, Mondays at nine; `/heed digest here friday 16:00 Lisbon` at another time.")
	}
	bs := Buttons{{Label: "Preview", Action: Act("digest", ChoicePreview)}}
	if here {
		bs = append(bs, Button{Label: "Turn off here", Action: Act("digest", ChoiceOff)})
	} else if c.Channel.Ref != "" && c.Channel.Kind != DirectChannel {
		bs = append(bs, Button{Label: "Send it here", Action: Act("digest", ChoiceHere)})
	}
	return say.With(bs), nil
}

// channelSpan names a channel; in its own workspace the platform may link it.
func channelSpan(ch Channel, w WorkspaceID) Span {
	name := "#" + ch.Name
	if ch.Name == "" {
		name = "a channel"
	}
	s := Span{Text: name}
	if ch.Workspace == w {
		s.Channel = ch.Ref
	}
	return s
}
