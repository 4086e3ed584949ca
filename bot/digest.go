package bot

import (
	"context"
	"errors"
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

// runSchedules does what due schedules ask for, in one transaction: digests are frozen,
// their posts wanted and the next runs set, or nothing of it.
func (b *Bot) runSchedules(ctx context.Context, due []ChannelSchedule, book *digestBook) (int, error) {
	var did []DigestState
	err := b.store.InTx(ctx, func(tx Tx) error {
		did = nil
		for _, s := range due {
			states, err := b.runSchedule(ctx, tx, s, book)
			if err != nil {
				return err
			}
			did = append(did, states...)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, state := range did {
		b.options.Meter.Froze(state)
	}
	return len(did), nil
}

// runSchedule is the part of one schedule, and answers what became of its due times.
func (b *Bot) runSchedule(ctx context.Context, tx Tx, due ChannelSchedule, book *digestBook) (did []DigestState, err error) {
	now := b.clock.Now()
	s, err := tx.LockSchedule(ctx, due.Board, due.ID)
	if err != nil || s.NextAt.IsZero() || s.NextAt.After(now) {
		return nil, err // another replica was first
	}
	times, err := ParseSchedule(s.Spec, s.Zone)
	if err != nil {
		b.log.ErrorContext(ctx, "schedule no longer understood", "board", s.Board, "schedule", s.ID)
		s.NextAt = time.Time{}
		_, err = tx.SaveSchedule(ctx, s, now)
		return nil, err
	}
	runs, next := dueRuns(times, s.NextAt, now)
	for _, r := range runs {
		state, err := b.freeze(ctx, tx, book, s, times, r.at, next, r.late)
		if err != nil {
			return nil, err
		}
		if state != "" {
			did = append(did, state)
		}
	}
	s.NextAt = next
	_, err = tx.SaveSchedule(ctx, s, now)
	return did, err
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

// freeze makes the digest of one due time and wants its post. "": it was there.
func (b *Bot) freeze(ctx context.Context, tx Tx, book *digestBook, s ChannelSchedule, times Schedule, at, next time.Time, late bool) (DigestState, error) {
	ch, err := tx.Channel(ctx, s.Board, s.Workspace, s.Channel)
	if err != nil {
		return "", fmt.Errorf("channel of a schedule: %w", err)
	}
	d, err := composeDigest(ctx, tx, book, s, times, ch.Audience, at, next)
	if err != nil {
		return "", err
	}
	if late {
		d.State, d.Facts, d.Entries = DigestSkipped, DigestFacts{}, nil
	}
	now := b.clock.Now()
	added, err := tx.AddDigest(ctx, d, now)
	if err != nil || !added {
		return "", err
	}
	b.log.InfoContext(ctx, "digest", "board", s.Board, "schedule", s.ID, "period", d.Period, "state", d.State)
	if d.State != DigestSent {
		return d.State, nil
	}
	_, err = tx.WantPost(ctx, s.Board, Want{
		Key: fmt.Sprintf("digest:%d:%d", s.ID, at.Unix()), Kind: PostDigest, Workspace: s.Workspace, Channel: s.Channel,
		Subject: digestSubject{s.ID, at}, Due: now,
	})
	return d.State, err
}

// digestSubject names a frozen digest.
type digestSubject struct {
	Schedule ScheduleID `json:"schedule"`
	Due      time.Time  `json:"due"`
}

// composeDigest ranks what is to be said to an audience for one due time, against the
// last digest that the same schedule sent. What it shares with other digests of its board
// is read from book. It writes nothing.
func composeDigest(ctx context.Context, tx Tx, book *digestBook, s ChannelSchedule, times Schedule, audience Audience, at, next time.Time) (FrozenDigest, error) {
	period := times.Period(at)
	before, err := tx.LastDigest(ctx, s.Board, s.ID, at)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return FrozenDigest{}, fmt.Errorf("digest before: %w", err)
	}
	since, err := tx.UntoldSince(ctx, s.Board, s.ID, at)
	if err != nil {
		return FrozenDigest{}, fmt.Errorf("digests before: %w", err)
	}
	if !since.IsZero() && at.Sub(since) < digestReach { // what was passed over is told now
		period.From = since
		period.FirstDay = dayOf(since.In(times.Location()))
	}
	d := FrozenDigest{
		Board: s.Board, Schedule: s.ID, Due: at, Period: period.Name, From: period.From, Audience: audience, State: DigestEmpty,
	}
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
	for _, list := range []struct {
		part  DigestPart
		to    *[]DigestLine
		limit int
		team  bool
		among int // it lists some of these: of none, none
	}{
		{DigestRising, &f.Rising, 3, false, f.Totals.Votes}, {DigestFresh, &f.Fresh, 5, false, f.Totals.New},
		{DigestShipped, &f.Shipped, 10, false, f.Totals.Shipped},
		{DigestUnanswered, &f.Unanswered, 3, true, f.Totals.Waiting}, {DigestReady, &f.Ready, 3, true, 1},
	} {
		if list.team && audience != Team || list.among == 0 {
			continue
		}
		if *list.to, err = book.list(ctx, tx, s.Board, list.part, audience, period.From, at, list.limit); err != nil {
			return d, fmt.Errorf("digest %s: %w", list.part, err)
		}
	}
	top, err := book.list(ctx, tx, s.Board, DigestTop, audience, period.From, at, digestRanked)
	if err != nil {
		return d, fmt.Errorf("digest top: %w", err)
	}
	d.Entries = ranked(top, before.Entries, period.From)
	quote, err := book.quote(ctx, tx, s.Board, audience, period.From, at)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return d, fmt.Errorf("digest quote: %w", err)
	}
	if err == nil {
		f.Quote = &quote
	}
	d.Facts = f
	return d, nil
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
