package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// lateAfter is how long a post may wait before the doctor calls it late.
const lateAfter = 5 * time.Minute

// Checkup is what the doctor found on a board.
type Checkup struct {
	Board    Board
	Name     string // of the board, for people
	Problems int    // that somebody should mend
	Findings []Finding
	Doc      Doc // all of them, for reading
}

// Doctor looks at every board and says what is wrong and how to mend it. That it
// answers at all says that the database is there.
func (b *Bot) Doctor(ctx context.Context) ([]Checkup, error) {
	all, err := b.store.Workspaces(ctx, 0)
	if err != nil {
		return nil, fmt.Errorf("workspaces: %w", err)
	}
	standings := b.examine(ctx, all)
	var out []Checkup
	for i, w := range all {
		if i > 0 && all[i-1].Board == w.Board {
			continue
		}
		c, err := b.checkup(ctx, b.store, w.Board, standings)
		if err != nil {
			return out, err
		}
		out = append(out, c)
	}
	return out, nil
}

// doctorCommand is the same for an admin, of their own board.
func (b *Bot) doctorCommand(ctx context.Context, c caller, _ Command) (Reply, error) {
	return b.doctorReply(ctx, c, briefDoc, Buttons{{Label: "Check again", Action: Act("doctor")}, {Label: "Show everything", Action: Act("doctor", "all")}})
}

// doctorPress looks again, or shows all that was looked at.
func (b *Bot) doctorPress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) == 0 || args[0] != "all" {
		return b.run(ctx, c, Command{Verb: VerbDoctor})
	}
	if err := b.may(ctx, b.store, c, Command{Verb: VerbDoctor}); err != nil {
		return nil, err
	}
	return b.doctorReply(ctx, c, wholeDoc, Buttons{{Label: "Check again", Action: Act("doctor")}})
}

func (b *Bot) doctorReply(ctx context.Context, c caller, tell func([]Finding) Doc, next Buttons) (Reply, error) {
	if !c.Roles.Has(Admin) { // who runs this server alone: what is elsewhere is not theirs
		var f findings
		if err := b.checkWorkspace(ctx, b.store, &f, c.Workspace, b.examine(ctx, []Workspace{c.Workspace})); err != nil {
			return nil, err
		}
		return Say{Doc: append(tell(f.all), next)}, nil
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces: %w", err)
	}
	found, err := b.checkup(ctx, b.store, c.Workspace.Board, b.examine(ctx, all))
	if err != nil {
		return nil, err
	}
	return Say{Doc: append(tell(found.Findings), next)}, nil
}

// checkup looks at one board.
func (b *Bot) checkup(ctx context.Context, tx Tx, id BoardID, standings map[WorkspaceID]examined) (Checkup, error) {
	board, err := tx.Board(ctx, id)
	if err != nil {
		return Checkup{}, err
	}
	var f findings
	f.at("database", "answers")
	f.well("The database answers.")
	workspaces, err := tx.Workspaces(ctx, id)
	if err != nil {
		return Checkup{}, fmt.Errorf("workspaces: %w", err)
	}
	if len(workspaces) > 1 {
		f.at("board", "shared")
		f.well("On this board together: %s. What a team channel says stays with the team.", workspaceNames(workspaces))
	}
	for _, w := range workspaces {
		if err := b.checkWorkspace(ctx, tx, &f, w, standings); err != nil {
			return Checkup{}, err
		}
	}
	if err := b.checkRoles(ctx, tx, &f, id); err != nil {
		return Checkup{}, err
	}
	if err := b.checkSchedules(ctx, tx, &f, id); err != nil {
		return Checkup{}, err
	}
	if err := b.checkTops(ctx, tx, &f, id); err != nil {
		return Checkup{}, err
	}
	h, err := tx.Health(ctx, id, b.clock.Now())
	if err != nil {
		return Checkup{}, fmt.Errorf("health: %w", err)
	}
	b.checkHealth(&f, h)
	name := board.Name
	for _, w := range workspaces {
		if board.Name == w.Ref.Ref && w.Name != "" { // it was met before it had said its name
			name = w.Name
		}
	}
	return Checkup{Board: board, Name: name, Problems: Problems(f.all), Findings: f.all, Doc: wholeDoc(f.all)}, nil
}

// checkWorkspace looks at a workspace and its channels.
func (b *Bot) checkWorkspace(ctx context.Context, tx Tx, f *findings, w Workspace, standings map[WorkspaceID]examined) error {
	f.workspace = string(w.Ref.Platform) + ":" + w.Ref.Ref
	defer func() { f.workspace = "" }()
	f.at("workspace", "connected")
	_, here := b.messengers[w.Ref.Platform]
	switch {
	case w.Gone:
		f.wrong("*%s* (%s) has let Heed go. Its data is kept; install Heed there again and it goes on where it was.", w.Name, w.Ref.Platform)
		return nil
	case !here && len(b.messengers) > 0: // without any, this is not the process that sends
		f.wrong("*%s*: %s is not configured here, so nothing is sent there. Set its secrets and start again.", w.Name, w.Ref.Platform)
	default:
		heard, err := b.checkShards(ctx, tx, f, w)
		if err != nil {
			return err
		}
		if heard {
			f.well("*%s* (%s) is connected.", w.Name, w.Ref.Platform)
		}
	}
	b.checkStanding(f, w, standings[w.ID])
	b.checkHeard(f, w)
	f.at("workspace", "channels")
	channels, err := tx.Channels(ctx, w.Board, w.ID)
	if err != nil {
		return fmt.Errorf("channels: %w", err)
	}
	main := false
	for _, ch := range channels {
		main = main || ch.Main && ch.State == "open"
		switch {
		case !ch.Intake && !ch.Announce:
		case ch.State != "open":
			f.wrong("%v is %s, so nothing can be shown there. Say `/heed channel intake` in another channel.", channelSpan(ch, w.ID), ch.State)
		case !ch.Joined && w.Ref.Platform == Discord:
			f.wrong("I can't see or write in %v. To let me in, %s.", channelSpan(ch, w.ID), letIn(Discord))
		case !ch.Joined:
			f.wrong("I'm not in %v: reactions there don't reach me. To let me in, %s.", channelSpan(ch, w.ID), letIn(w.Ref.Platform))
		default:
			f.well("I'm in %v: %s.", channelSpan(ch, w.ID), channelUse(ch))
		}
	}
	if !main {
		f.wrong("*%s* has no channel for cards. Say `/heed channel intake` where they should live.", w.Name)
	}
	return nil
}

// channelUse is what a channel is for, in a few words.
func channelUse(ch Channel) string {
	var uses []string
	if ch.Intake {
		uses = append(uses, "cards")
	}
	if ch.Announce {
		uses = append(uses, "announcements")
	}
	return andList(uses) + ", for the " + string(ch.Audience)
}

// checkRoles looks whether somebody decides.
func (b *Bot) checkRoles(ctx context.Context, tx Tx, f *findings, id BoardID) error {
	f.at("board", "roles")
	for _, r := range Roles() {
		holders, err := tx.Holders(ctx, id, r)
		if err != nil {
			return fmt.Errorf("holders of %s: %w", r, err)
		}
		switch {
		case len(holders) > 0:
			f.well("%s: %v.", roleHeading(r), names(holders, 0))
		case r == Admin:
			f.hint("No admin has spoken to me yet. An admin of the workspace can say `/heed doctor`.")
		default:
			f.hint("There is no %s, so the admins decide. `/heed role @member %s` changes that.", bare(r), r)
		}
	}
	return nil
}

// checkSchedules looks at the digests.
func (b *Bot) checkSchedules(ctx context.Context, tx Tx, f *findings, id BoardID) error {
	f.at("board", "digests")
	all, err := tx.Schedules(ctx, id)
	if err != nil {
		return fmt.Errorf("schedules: %w", err)
	}
	on := 0
	for _, s := range all {
		times, err := ParseSchedule(s.Spec, s.Zone)
		if err != nil || s.NextAt.IsZero() {
			continue
		}
		on++
		ch, err := tx.Channel(ctx, s.Board, s.Workspace, s.Channel)
		if err != nil {
			return fmt.Errorf("channel of a schedule: %w", err)
		}
		last, err := tx.LastDigest(ctx, s.Board, s.ID, b.clock.Now())
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("last digest: %w", err)
		}
		next := runText(s.NextAt.In(times.Location()), ZoneCity(s.Zone))
		switch {
		case ch.State != "open":
			f.wrong("The digest of %v can't come: the channel is %s. Say `/heed digest here` in another.", channelSpan(ch, ch.Workspace), ch.State)
		case b.clock.Now().Sub(s.NextAt) > lateAfter:
			f.wrong("The digest of %v is late: it was due %s. Is `heed serve` running?", channelSpan(ch, ch.Workspace), next)
		default:
			f.well("Digest in %v: %s, next %s. %s", channelSpan(ch, ch.Workspace), times.String(), next, lastTold(last, times.Location()))
		}
	}
	if on == 0 {
		f.hint("No channel gets a digest. `/heed digest here` starts one.")
	}
	return nil
}

// lastTold says of when the last digest that was sent is.
func lastTold(d FrozenDigest, zone *time.Location) string {
	if d.Due.IsZero() {
		return "None was sent yet."
	}
	return "The last was of " + d.Due.In(zone).Format("2 Jan 15:04") + "."
}

// checkHealth looks at what waits and what was refused.
func (b *Bot) checkHealth(f *findings, h Health) {
	f.at("board", "posts")
	now := b.clock.Now()
	switch {
	case h.Waiting == 0:
		f.well("Everything is sent.")
	case now.Sub(h.Oldest) > lateAfter:
		f.wrong("Waiting to be sent: %s, the oldest due %s. Is `heed serve` running?", plural(h.Waiting, "message"), ago(now, h.Oldest))
	default:
		f.well("%s on the way.", plural(h.Waiting, "message"))
	}
	for _, r := range h.Refused {
		where := "a conversation"
		if r.Name != "" {
			where = "#" + r.Name
		}
		f.wrong("%s in %s not shown: %s. %s", plural(r.Count, "message"), where, r.Fault, remedy(r.Fault))
	}
	f.at("board", "gaps")
	for _, since := range h.Gaps {
		f.well("Reading back what I may have missed since %s UTC.", since.Format("2 Jan 15:04"))
	}
	f.at("board", "members")
	if h.Unknown > 0 {
		f.well("Looking up %s.", plural(h.Unknown, "new member"))
	}
	f.at("board", "moderation")
	switch {
	case h.Reviews > 0 && now.Sub(h.Review) > reviewAgain:
		f.wrong("Waiting for a moderator: %s, the oldest came %s, and people were told a day. `/heed held` shows them to product managers and admins.", plural(h.Reviews, "text"), ago(now, h.Review))
	case h.Reviews > 0:
		f.hint("Waiting for a moderator: %s. `/heed held` shows them.", plural(h.Reviews, "text"))
	}
	f.at("board", "direct")
	if h.Closed > 0 {
		f.hint("Direct messages don't get through to %s. They are told when they act next, and find their news under `/heed mine`.", people(h.Closed))
	}
	f.at("board", "held")
	if h.Held > 0 {
		f.wrong("Kept longer than promised: the words of %s. Is `heed serve` running?", plural(h.Held, "request"))
	}
}

// remedy is what mends a fault, by its kind.
func remedy(fault string) string {
	kind, _, _ := strings.Cut(fault, ":")
	switch FaultKind(kind) {
	case FaultForbidden:
		return "Invite me to the channel, or allow me to post there; then it goes out by itself."
	case FaultUnrenderable:
		return "That's mine to mend: please report it with this line. The next change of the request tries again."
	case "untagged":
		return "The requests' status doesn't show as a tag there: give me Manage Threads, and Manage Channel for tags that are missing. The next change of a status tries again."
	case FaultFull:
		return "Somebody has to close a few open threads; then it goes out by itself."
	case FaultTransient, FaultLimited:
		return "I keep trying."
	}
	return "The next change of the request tries again."
}
