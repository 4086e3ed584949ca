package bot

import (
	"context"
	"fmt"
	"time"
)

const (
	digestGrace  = 24 * time.Hour // later than this a digest is not news
	digestReach  = 60 * 24 * time.Hour
	digestTop    = 10 // shown
	digestRanked = 50 // frozen, so that who rises from below the top has a place to rise from
	digestMissed = 200
)

// RunDigests looks each minute whether a digest is due, until ctx ends.
func (b *Bot) RunDigests(ctx context.Context) error {
	return b.loop(ctx, beat{name: "digests", deaf: true}, b.DigestsOnce, b.everyMinute)
}

// DigestsOnce runs every schedule that is due and answers how many digests it froze or
// passed over. A schedule that fails does not hold up the others.
func (b *Bot) DigestsOnce(ctx context.Context) (int, error) {
	due, err := b.store.DueSchedules(ctx, b.clock.Now())
	if err != nil {
		return 0, fmt.Errorf("due schedules: %w", err)
	}
	return b.runBoards(ctx, byBoard(due))
}

// runSchedules does what due schedules of one board ask for, in one transaction: digests
// are frozen, their posts wanted and the next runs set, or nothing of it.
func (b *Bot) runSchedules(ctx context.Context, due []ChannelSchedule, book *digestBook) (int, error) {
	var did []told
	err := b.store.InTx(ctx, func(tx Tx) error {
		did = nil
		runs, next, err := b.dueDigests(ctx, tx, due)
		if err != nil || len(next) == 0 {
			return err
		}
		board := due[0].Board
		if did, err = b.freeze(ctx, tx, book, board, runs); err != nil {
			return err
		}
		return tx.SetNextRuns(ctx, board, next)
	})
	if err != nil {
		return 0, err
	}
	for _, d := range did {
		b.options.Meter.Froze(d.on, d.state)
	}
	return len(did), nil
}

// dueDigest is a digest that is to be frozen.
type dueDigest struct {
	schedule LockedSchedule
	times    Schedule
	at, next time.Time
	late     bool // too late to be told
}

// dueDigests locks schedules of one board that were due and answers what they ask for
// now, each schedule's in the order of their instants, and when those are due next. What
// another replica has done meanwhile is left out.
func (b *Bot) dueDigests(ctx context.Context, tx Tx, due []ChannelSchedule) (runs []dueDigest, next []NextRun, err error) {
	now := b.clock.Now()
	ids := make([]ScheduleID, len(due))
	for i, s := range due {
		ids[i] = s.ID
	}
	locked, err := tx.LockSchedules(ctx, due[0].Board, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("lock schedules: %w", err)
	}
	for _, s := range locked {
		if s.NextAt.IsZero() || s.NextAt.After(now) {
			continue // another replica was first
		}
		times, err := ParseSchedule(s.Spec, s.Zone)
		if err != nil {
			b.log.ErrorContext(ctx, "schedule no longer understood", "board", s.Board, "schedule", s.ID)
			next = append(next, NextRun{s.ID, time.Time{}})
			continue
		}
		of, then := dueRuns(times, s.NextAt, now)
		for _, r := range of {
			runs = append(runs, dueDigest{s, times, r.at, then, r.late})
		}
		next = append(next, NextRun{s.ID, then})
	}
	return runs, next, nil
}

// digestRun is one due time: to be told, or too late for it.
type digestRun struct {
	at   time.Time
	late bool
}

// dueRuns decides what a schedule that was due at first does now: of all times that
// have passed only the last is told, if it is not past the grace; the others are
// passed over. next is the first time after now.
func dueRuns(times Schedule, first, now time.Time) (runs []digestRun, next time.Time) {
	for at := first; !at.IsZero() && !at.After(now); at = times.Next(at) {
		runs = append(runs, digestRun{at, true})
		if len(runs) > digestMissed { // long away: the oldest are not worth a row
			runs = runs[1:]
		}
	}
	if n := len(runs); n > 0 && now.Sub(runs[n-1].at) <= digestGrace {
		runs[n-1].late = false
	}
	return runs, times.Next(now)
}

// told is what became of a digest's due time, and on which platform.
type told struct {
	on    Platform
	state DigestState
}

// freeze makes digests of one board and wants their posts. It answers what became of
// those that were not there yet.
func (b *Bot) freeze(ctx context.Context, tx Tx, book *digestBook, board BoardID, due []dueDigest) (did []told, err error) {
	ds, err := composeDigests(ctx, tx, book, board, due)
	if err != nil || len(ds) == 0 {
		return nil, err
	}
	now := b.clock.Now()
	added, err := tx.AddDigests(ctx, board, ds, now)
	if err != nil {
		return nil, fmt.Errorf("add digests: %w", err)
	}
	var posts []Want
	for i, d := range ds {
		if !added[i] {
			continue
		}
		at := due[i].schedule // #nosec G602 -- ds has one for each due
		did = append(did, told{at.Platform, d.State})
		b.log.InfoContext(ctx, "digest", "board", board, "schedule", d.Schedule, "period", d.Period, "state", d.State)
		if d.State == DigestSent {
			posts = append(posts, Want{
				Key: fmt.Sprintf("digest:%d:%d", d.Schedule, d.Due.Unix()), Kind: PostDigest, Workspace: at.Workspace, Channel: at.Channel,
				Subject: digestSubject{d.Schedule, d.Due}, Due: now,
			})
		}
	}
	if len(posts) == 0 {
		return did, nil
	}
	return did, tx.WantPosts(ctx, board, posts)
}

// digestSubject names a frozen digest.
type digestSubject struct {
	Schedule ScheduleID `json:"schedule"`
	Due      time.Time  `json:"due"`
}

// composeDigests makes digests of one board, in the order of due; see composeDigest.
func composeDigests(ctx context.Context, tx Tx, book *digestBook, board BoardID, due []dueDigest) ([]FrozenDigest, error) {
	refs := make([]DigestRef, len(due))
	for i, r := range due {
		refs[i] = DigestRef{r.schedule.ID, r.at}
	}
	pasts, err := tx.DigestPasts(ctx, board, refs)
	if err != nil {
		return nil, fmt.Errorf("digests before: %w", err)
	}
	out := make([]FrozenDigest, len(due))
	began := map[ScheduleID]time.Time{} // where the first of a schedule begins that is made here
	for i, r := range due {
		past := pasts[i]
		if past.Untold.IsZero() {
			past.Untold = began[r.schedule.ID]
		}
		if out[i], err = composeDigest(ctx, tx, book, r, past); err != nil {
			return nil, err
		}
		if began[r.schedule.ID].IsZero() {
			began[r.schedule.ID] = out[i].From
		}
	}
	return out, nil
}

// composeDigest ranks what is to be said to an audience for one due time, against the
// last digest that the same schedule sent. What it shares with other digests of its board
// is read from book. It writes nothing.
func composeDigest(ctx context.Context, tx Tx, book *digestBook, due dueDigest, past DigestPast) (FrozenDigest, error) {
	s, times, at, next, audience, before := due.schedule, due.times, due.at, due.next, due.schedule.Audience, past.Last
	period := times.Period(at)
	if since := past.Untold; !since.IsZero() && at.Sub(since) < digestReach { // what was passed over is told now
		period.From = since
		period.FirstDay = dayOf(since.In(times.Location()))
	}
	d := FrozenDigest{
		Board: s.Board, Schedule: s.ID, Due: at, Period: period.Name, From: period.From, Audience: audience, State: DigestEmpty,
	}
	if due.late {
		d.State = DigestSkipped
		return d, nil
	}
	var err error
	if !next.IsZero() {
		next = next.In(times.Location())
	}
	f := DigestFacts{Days: period.Days(), City: ZoneCity(times.Zone()), Next: next}
	if f.Totals, err = book.totals(ctx, tx, s.Board, audience, period.From, at); err != nil {
		return d, fmt.Errorf("digest totals: %w", err)
	}
	if f.Totals.New == 0 && f.Totals.Votes == 0 && f.Totals.Shipped == 0 {
		d.Facts = f
		return d, nil
	}
	d.State = DigestSent
	if !before.Due.IsZero() && before.Audience == audience {
		f.Before = &before.Facts.Totals
	} else if last, err := book.totals(ctx, tx, s.Board, audience, period.From.Add(period.From.Sub(at)), period.From); err != nil {
		return d, fmt.Errorf("digest totals before: %w", err)
	} else if last.New+last.Votes > 0 {
		f.Before = &last
	}
	lists, err := book.lists(ctx, tx, s.Board, audience, period.From, at, linesOf(audience, f.Totals))
	if err != nil {
		return d, fmt.Errorf("digest lists: %w", err)
	}
	f.Rising, f.Fresh, f.Shipped = lists[DigestRising], lists[DigestFresh], lists[DigestShipped]
	f.Unanswered, f.Ready = lists[DigestUnanswered], lists[DigestReady]
	d.Entries = ranked(lists[DigestTop], before.Entries, period.From)
	if f.Quote, err = book.quote(ctx, tx, s.Board, audience, period.From, at); err != nil {
		return d, fmt.Errorf("digest quote: %w", err)
	}
	d.Facts = f
	return d, nil
}

// linesOf says how many lines each part of a digest has at most. A part that lists some of
// what there is none of has none.
func linesOf(audience Audience, t DigestTotals) map[DigestPart]int {
	most := map[DigestPart]int{DigestTop: digestRanked}
	for _, list := range []struct {
		part        DigestPart
		most, among int
		team        bool
	}{
		{DigestRising, 3, t.Votes, false}, {DigestFresh, 5, t.New, false}, {DigestShipped, 10, t.Shipped, false},
		{DigestUnanswered, 3, t.Waiting, true}, {DigestReady, 3, 1, true},
	} {
		if list.among > 0 && (audience == Team || !list.team) {
			most[list.part] = list.most
		}
	}
	return most
}

// ranked gives the lines their places, and their movement against the entries of the
// digest before. Who was not among those is new when asked since, else unmoved.
func ranked(top []DigestLine, before []DigestEntry, since time.Time) []DigestEntry {
	was := map[ItemID]int{}
	for _, e := range before {
		was[e.Line.Item] = e.Rank
	}
	out := make([]DigestEntry, len(top))
	for i, l := range top {
		l.New = !l.CreatedAt.Before(since)
		if rank, ok := was[l.Item]; ok {
			l.Moved, l.New = rank-(i+1), false
		}
		if i >= digestTop {
			l = DigestLine{Item: l.Item}
		}
		out[i] = DigestEntry{Rank: i + 1, Line: l}
	}
	return out
}

// digestContent is what a digest post shows: as it was frozen, whatever happened
// since. A channel whose readers changed to the community is not shown the team's.
func digestContent(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[digestSubject](p)
	if err != nil {
		return nil, 0, err
	}
	d, err := tx.FrozenDigest(ctx, p.Board, s.Schedule, s.Due)
	if err != nil {
		return nil, 0, fmt.Errorf("frozen digest: %w", err)
	}
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil {
		return nil, 0, fmt.Errorf("channel of a digest: %w", err)
	}
	if !ch.Audience.MayRead(d.Audience) {
		return nil, 1, nil
	}
	return digestOf(d), 1, nil
}

// digestOf is a frozen digest as its channel reads it.
func digestOf(d FrozenDigest) Digest {
	doc := teamDigest(d)
	if d.Audience != Team {
		doc = communityDigest(d)
	}
	return Digest{Period: d.Period, Doc: doc, Headline: digestHeadline(d)}
}
