package bot

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"
)

// What the team may ask for in a day; it knows what it does.
const teamRequestsPerDay = 100

// shownWords is how much of people's words one answer quotes, in runes: what every
// platform shows in one piece.
const shownWords = 2900

// bounds are how many new requests a person of an audience may make.
func (b *Bot) bounds(s Settings, a Audience) (perDay int, gap time.Duration) {
	if a == Team {
		return teamRequestsPerDay, 0
	}
	perDay, gap = b.options.RequestsPerDay, b.options.RequestGap
	if s.RequestsPerDay > 0 {
		perDay = s.RequestsPerDay
	}
	if s.RequestGap > 0 {
		gap = s.RequestGap
	}
	return perDay, gap
}

// wait tells how long a person has to wait before they may ask again, and whether
// that is for the day's number (else for the pause between two).
func wait(asked Asked, perDay int, gap time.Duration, now time.Time) (left time.Duration, day bool) {
	if asked.Count >= perDay {
		return max(asked.First.Add(24*time.Hour).Sub(now), time.Minute), true
	}
	if asked.Count > 0 && gap > 0 {
		return max(asked.Last.Add(gap).Sub(now), 0), false
	}
	return 0, false
}

// bounded is the answer to words that can't be taken now: their author is blocked,
// or asks too much. The words come back in it; what is too long to quote is kept.
// It is nil when they can be taken.
func (b *Bot) bounded(ctx context.Context, tx Tx, c caller, key, words string, w Wish) (Reply, error) {
	say, limited, err := b.overBounds(ctx, tx, c, words)
	if err != nil || say.Doc == nil {
		return nil, err
	}
	if !limited {
		return say, nil
	}
	if utf8.RuneCountInString(words) <= shownWords {
		return say.With(Small{Textf("Nothing was saved; send them again then. Voting always works.")}), nil
	}
	now := b.clock.Now()
	h, _, err := tx.Hold(ctx, Held{
		Board: c.Workspace.Board, Member: c.Member.ID, Key: key, Why: HeldLimited, Words: words, Wish: w, Until: now.Add(keptFor), CreatedAt: now,
	})
	if err != nil {
		return nil, fmt.Errorf("keep long words: %w", err)
	}
	return say.With(Small{Textf("All of them are kept for you: `/heed mine`")}, heldButtons(h)), nil
}

// overBounds says why words can't be taken now, with the words; no document: they
// can. It reports whether that is for asking too much, which passes by itself.
func (b *Bot) overBounds(ctx context.Context, tx Tx, c caller, words string) (say Say, limited bool, err error) {
	now := b.clock.Now()
	if say, err = b.blockedSay(ctx, tx, c, words); err != nil || say.Doc != nil {
		return say, false, err
	}
	board, err := tx.Board(ctx, c.Workspace.Board)
	if err != nil {
		return Say{}, false, err
	}
	asked, err := tx.AsksSince(ctx, board.ID, c.Member.Person, now.Add(-24*time.Hour))
	if err != nil {
		return Say{}, false, fmt.Errorf("asked lately: %w", err)
	}
	perDay, gap := b.bounds(board.Settings, c.audience())
	left, day := wait(asked, perDay, gap, now)
	switch {
	case left == 0:
		return Say{}, false, nil
	case day:
		say = Sayf("That would be more than %s from you in a day, and I stop there. I take the next one in %s. Here are your words:", plural(perDay, "request"), span(left))
	default:
		say = Sayf("One at a time, please: I take the next one in %s. Here are your words:", span(left))
	}
	return say.With(Quote{Literal(Excerpt(words, shownWords))}), true, nil
}

// span is a length of time in words, rounded up: "12 seconds", "3 hours".
func span(d time.Duration) string {
	up := func(unit time.Duration) int { return int((d + unit - 1) / unit) }
	switch {
	case d <= time.Minute:
		return plural(max(up(time.Second), 1), "second")
	case d <= time.Hour:
		return plural(up(time.Minute), "minute")
	case d <= 48*time.Hour:
		return plural(up(time.Hour), "hour")
	}
	return plural(up(24*time.Hour), "day")
}

// when is an instant's date for a reader in zone, with the time when it is within a
// day or two: "3 December", "today, 14:05".
func (b *Bot) when(t time.Time, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	t, now := t.In(loc), b.clock.Now().In(loc)
	same := func(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }
	switch {
	case same(t, now):
		return "today, " + t.Format("15:04")
	case same(t, now.AddDate(0, 0, 1)):
		return "tomorrow, " + t.Format("15:04")
	case t.Year() != now.Year():
		return t.Format("2 January 2006")
	}
	return t.Format("2 January")
}
