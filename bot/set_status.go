package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// MaxReason is the longest reason or question with a status, in runes: it has to
// fit a card, a note and a direct message beside what they hold already.
const MaxReason = 600

// statusData is what the history keeps of a status set: what undo and trends need.
type statusData struct {
	From     Status    `json:"from"`
	To       Status    `json:"to"`
	Was      string    `json:"was,omitempty"` // the reason before
	WasTeam  string    `json:"was_team,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Team     string    `json:"team_reason,omitempty"` // the reason, where it is for the team alone
	For      Audience  `json:"for,omitempty"`         // who could read the item then, and so the reasons
	Later    bool      `json:"later,omitempty"`       // it was on the roadmap as later
	Since    time.Time `json:"since"`                 // of the status before
	Shipping int64     `json:"shipping,omitempty"`
	Stories  []StoryID `json:"stories,omitempty"` // done with it
}

// statusOf is a move away from an item's present status, with what undo puts back.
func statusOf(it Item, d statusData) statusData {
	d.From, d.Was, d.WasTeam, d.Later, d.Since, d.For = it.Status, it.Reason, it.TeamReason, it.Later, it.StatusAt, it.Audience
	return d
}

// putBack gives an item the status from before the move. A reason that was given among
// the team stays with it, whoever reads the item since.
func (d statusData) putBack(it *Item) {
	it.Status, it.Reason, it.TeamReason, it.Later, it.StatusAt = d.From, d.Was, d.WasTeam, d.Later, d.Since
	if d.For != Community && it.Audience == Community && it.Reason != "" {
		if it.TeamReason == "" {
			it.TeamReason = it.Reason
		}
		it.Reason = ""
	}
}

// reasonFor is the reason as readers of an audience may read it; "": none for them.
func (d statusData) reasonFor(a Audience) string {
	switch {
	case a == Team && d.Team != "":
		return d.Team
	case d.For == Community || a == Team:
		return d.Reason
	}
	return ""
}

// statusCommand is `/heed status 42 planned [reason]`.
func (b *Bot) statusCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	if cmd.Status == StatusShipped {
		return b.shipCommand(ctx, c, Command{Verb: VerbShip, Item: cmd.Item, Words: cmd.Words})
	}
	reason := Clean(cmd.Words)
	if reason == "" && (cmd.Status.NeedsReason() || cmd.Status == StatusNeedsInfo) {
		return b.askReason(ctx, c, cmd)
	}
	if reason != "" {
		shared, err := b.readTwoWays(ctx, c, cmd.Item)
		if err != nil {
			return nil, err
		}
		if shared { // typed among the team, it may be for the team
			return b.askReason(ctx, c, cmd)
		}
	}
	return b.setStatus(ctx, c, cmd.Item, cmd.Status, reason, "")
}

// readTwoWays tells whether the community reads other words of an item, or of the one
// that it lives on as, than the team.
func (b *Bot) readTwoWays(ctx context.Context, c caller, number int) (bool, error) {
	it, err := readable(ctx, b.store, c, number)
	if RefusedWith(err) != "" { // said by the command itself
		return false, nil
	}
	if err == nil && it.Root != it.ID {
		it, err = b.store.Item(ctx, it.Board, it.Root)
	}
	return it.Shared(), err
}

// askReason opens the form for the words that a status needs.
func (b *Bot) askReason(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.itemToSet(ctx, tx, c, cmd)
		if err != nil {
			return err
		}
		form := Form{ID: "status", State: fmt.Sprintf("%d %s", it.Number, cmd.Status), Title: fmt.Sprintf("Decline #%d", it.Number), Submit: "Decline"}
		if cmd.Status != StatusDeclined {
			form.Title, form.Submit = fmt.Sprintf("Set #%d", it.Number), Excerpt(cmd.Status.Label(), 24)
		}
		field := TextField{Name: "reason", Label: "Why?", Hint: "Everyone who asked reads this. A true reason is kinder than a soft one.", Lines: true, Max: MaxReason}
		if cmd.Status == StatusNeedsInfo {
			form.Title, form.Submit = fmt.Sprintf("Ask about #%d", it.Number), "Ask"
			field.Label, field.Hint = "What do you need to know?", "It goes to the person who asked and where they asked. Their answer becomes part of the request."
		}
		reach, err := reachOf(ctx, tx, it, c.Member.Person, false)
		if err != nil {
			return err
		}
		field.Value = Excerpt(Clean(cmd.Words), MaxReason)
		form.Fields = []Field{InfoField{Doc{Para{title(it.As(Team))}, Small{Textf("Who hears: %v. You have %s to take it back.", reach.toPeople(cmd.Status), minutes(b.options.Undo))}}}, field}
		if it.Shared() {
			form.Fields = append(form.Fields, readersField())
		}
		reply = Ask{form}
		return nil
	})
	return reply, err
}

// itemToSet is the locked item whose status a caller who may is about to set.
func (b *Bot) itemToSet(ctx context.Context, tx Tx, c caller, cmd Command) (Item, error) {
	if err := b.may(ctx, tx, c, cmd); err != nil {
		return Item{}, err
	}
	it, err := lockRoot(ctx, tx, c, cmd.Item)
	if err != nil {
		return it, err
	}
	return it, b.canBecome(ctx, tx, c, it, cmd.Status)
}

// canBecome refuses a move that a status does not allow, and says who was first.
func (b *Bot) canBecome(ctx context.Context, tx Tx, c caller, it Item, to Status) error {
	if it.Status.CanBecome(to) {
		return nil
	}
	by, err := b.setBy(ctx, tx, c, it)
	if err != nil {
		return err
	}
	if it.Status == to {
		return Refuse(Conflict, Sayf("%v is %s already%v. Nothing has changed.", title(it), it.Status.Label(), by))
	}
	return Refuse(Conflict, Sayf("%v is closed: %s%v. Look at it again first: `/heed status %d under review`. Nothing has changed.", title(it), it.Status.Label(), by, it.Number))
}

// setBy tells who gave an item its status and when: ", by Ben 2 minutes ago".
func (b *Bot) setBy(ctx context.Context, tx Tx, c caller, it Item) (Text, error) {
	entries, err := tx.History(ctx, it.Board, it.ID, 50)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	for _, e := range entries {
		if (e.Act != newsStatus && e.Act != newsShipped && e.Act != newsDeclined && e.Act != newsQuestion) || !e.UndoneAt.IsZero() || e.Member == 0 {
			continue
		}
		m, err := tx.Member(ctx, it.Board, e.Member)
		if err != nil {
			return nil, fmt.Errorf("who set the status: %w", err)
		}
		if m.Person == c.Member.Person {
			return Textf(", by you %s", ago(b.clock.Now(), e.At)), nil
		}
		return Textf(", by %v %s", memberSpan(m, c.Workspace.ID), ago(b.clock.Now(), e.At)), nil
	}
	return nil, nil
}

// statusForm takes the form of askReason and of [Set status…].
func (b *Bot) statusForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	args := strings.Fields(s.State)
	number, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	to := Status(s.Values["status"])
	if len(args) > 1 {
		to = Status(args[1])
	}
	if !to.Valid() || to == StatusShipped {
		return Fix{map[string]string{"status": "Please choose one of the list."}}, nil
	}
	reason := Clean(s.Values["reason"])
	switch {
	case reason == "" && to.NeedsReason():
		return Fix{map[string]string{"reason": "One line is enough: why not? The people who asked will read it."}}, nil
	case reason == "" && to == StatusNeedsInfo:
		return Fix{map[string]string{"reason": "What is your question?"}}, nil
	case len([]rune(reason)) > MaxReason:
		return Fix{map[string]string{"reason": fmt.Sprintf("That's %d characters; %d fit.", len([]rune(reason)), MaxReason)}}, nil
	}
	return b.setStatus(ctx, c, number, to, reason, Audience(s.Values["readers"]))
}

// setStatus moves an item to any status but shipped, with what goes out about it. The
// reason for one that the community reads in other words is the team's, unless it is said
// to be for everyone.
func (b *Bot) setStatus(ctx context.Context, c caller, number int, to Status, reason string, readers Audience) (Reply, error) {
	if n := len([]rune(reason)); n > MaxReason {
		return Sayf("That reason has %d characters; %d fit on a card. Nothing has changed. Here it is back:", n, MaxReason).With(Quote{Literal(reason)}), nil
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.itemToSet(ctx, tx, c, Command{Verb: VerbStatus, Item: number, Status: to})
		if err != nil {
			return err
		}
		open, among := reason, ""
		if it.Shared() && readers != Community {
			open, among = "", reason
		}
		moved, err := b.moveStatus(ctx, tx, c, it, to, open, statusData{Team: among})
		if err != nil {
			return err
		}
		say := Sayf("%v is *%s* now%v.", title(it), to.Label(), partOf(number, it))
		if reason != "" {
			say = say.With(Quote{Literal(reason)})
		}
		if among != "" {
			say = say.With(Small{Textf("Only the team reads the reason.")})
		}
		if to == StatusDeclined || to == StatusNeedsInfo {
			say = say.With(Small{Textf("Who hears, in %s: %v.", minutes(b.options.Undo), moved.reach.toPeople(to))})
		}
		reply = say.With(Buttons{{Label: "Undo", Action: Act("undo", moved.entry)}, {Label: "See it", Action: Act("details", it.Number)}})
		return nil
	})
	return reply, giveBack(err, reason)
}

// moved is what a change of status came to.
type moved struct {
	entry int64
	reach reach
}

// moveStatus moves a locked root item, keeps what undo needs, makes its cards due
// and wants what goes out about it once Undo is over: to everyone who wants it when
// the answer is no, to the requester when there is a question, to the requester and
// those who follow it otherwise. A ship's own news are the ship's.
func (b *Bot) moveStatus(ctx context.Context, tx Tx, c caller, it Item, to Status, reason string, data statusData) (moved, error) {
	now := b.clock.Now()
	if err := b.withdrawNews(ctx, tx, it); err != nil {
		return moved{}, err
	}
	data.To, data.Reason = to, reason
	data = statusOf(it, data)
	it.Status, it.Reason, it.TeamReason, it.StatusAt = to, reason, data.Team, now
	it.Later = it.Later && to == StatusUnderReview
	it.Triage = false
	if err := tx.SaveItem(ctx, it, c.Member.ID); err != nil {
		return moved{}, err
	}
	act := actOf(to)
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: act, Data: data, At: now})
	if err != nil {
		return moved{}, fmt.Errorf("history: %w", err)
	}
	if err := tx.TouchItem(ctx, it.Board, it.ID, now); err != nil {
		return moved{}, err
	}
	if to.Open() { // a workspace that joined since gets its card now; one that is closed is told of in other ways
		if _, _, err := wantCard(ctx, tx, it, now); err != nil {
			return moved{}, err
		}
	}
	reach, err := reachOf(ctx, tx, it, c.Member.Person, to == StatusShipped)
	if err != nil {
		return moved{}, err
	}
	out := moved{entry, reach}
	if to == StatusShipped {
		return out, nil
	}
	due := now.Add(b.options.Undo)
	if err := tellPeople(ctx, tx, it, reach.people, hears(to), act, entry, due, now); err != nil {
		return moved{}, err
	}
	if to != StatusDeclined && to != StatusNeedsInfo {
		return out, nil
	}
	return out, answerPlaces(ctx, tx, it, reach.places, newsSubject{Note: act, Entry: entry}, due)
}

// actOf is the history's word for a move to a status.
func actOf(to Status) string {
	switch to {
	case StatusShipped:
		return newsShipped
	case StatusDeclined:
		return newsDeclined
	case StatusNeedsInfo:
		return newsQuestion
	}
	return newsStatus
}

// hears tells who is written to about a move to a status.
func hears(to Status) func(Supporter) bool {
	switch to {
	case StatusShipped, StatusDeclined:
		return Supporter.ToTell
	case StatusNeedsInfo:
		return func(p Supporter) bool { return p.ToTell() && p.Asked }
	}
	return func(p Supporter) bool { return p.ToTell() && (p.Asked || p.Follows) }
}

// toPeople says whom a move to a status goes out to.
func (r reach) toPeople(to Status) Text {
	n := 0
	for _, p := range r.people {
		if hears(to)(p) {
			n++
		}
	}
	return Textf("direct *%d* · threads *%d*", n, r.Threads)
}

// minutes is a wait as people say it: "5 minutes", "30 seconds".
func minutes(d time.Duration) string {
	if d < 2*time.Minute {
		return plural(int(d/time.Second), "second")
	}
	return plural(int(d/time.Minute), "minute")
}
