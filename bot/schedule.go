package bot

import (
	"time"

	"github.com/robfig/cron/v3"
)

// DefaultSchedule is when a digest comes where nobody said: Mondays at nine.
const DefaultSchedule = "0 9 * * 1"

// Schedule is when something happens again and again, by the wall clock of one
// zone. The zero Schedule never fires. It is a value and safe for concurrent
// use.
type Schedule struct {
	spec string
	zone string
	loc  *time.Location
	cron *cron.SpecSchedule
}

// ParseSchedule checks a time as people type it and the zone that it is meant
// in. The time is a cron spec of five fields ("0 9 * * 1"), one of @hourly,
// @daily, @weekly, @monthly and @yearly, or a day and a time in words ("mondays
// 9:00", "weekdays 8:30", "daily 17:00"); empty is DefaultSchedule. The zone is
// what ParseZone takes. It fires once an hour at most. The error is an
// *Unclear.
func ParseSchedule(spec, zone string) (Schedule, error) {
	fields, err := cronFields(spec)
	if err != nil {
		return Schedule{}, err
	}
	name, loc, err := ParseZone(zone)
	if err != nil {
		return Schedule{}, err
	}
	return newSchedule(fields, name, loc)
}

// Spec is the schedule as five cron fields, to store and to parse again.
func (s Schedule) Spec() string { return s.spec }

// Zone is the name of the schedule's zone, to store and to parse again.
func (s Schedule) Zone() string { return s.zone }

// Location is the schedule's zone; UTC for the zero Schedule.
func (s Schedule) Location() *time.Location {
	if s.loc == nil {
		return time.UTC
	}
	return s.loc
}

// Next is the first firing after an instant, in the schedule's zone. The spec
// is matched against the wall clock: a time that the clock skips fires at the
// first instant after the gap, one that it shows twice fires the first time,
// so that each fires exactly once. The zero time means never.
func (s Schedule) Next(after time.Time) time.Time {
	if s.cron == nil {
		return time.Time{}
	}
	// A clock put back shows once more what has fired: pass over it.
	for wall := nextWall(s.cron, wallClock(after.In(s.loc))); !wall.IsZero(); wall = nextWall(s.cron, wall) {
		if at := instantOf(wall, s.loc); at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// NextN is the next n firings after an instant, fewer only for the zero
// Schedule.
func (s Schedule) NextN(after time.Time, n int) []time.Time {
	var runs []time.Time
	for range n {
		if after = s.Next(after); after.IsZero() {
			break
		}
		runs = append(runs, after)
	}
	return runs
}

// Prev is the last firing before an instant, in the schedule's zone. The zero
// time means that there was none in the five years before.
func (s Schedule) Prev(before time.Time) time.Time {
	for days := 2; days <= 3000; days *= 4 {
		at := s.Next(before.AddDate(0, 0, -days))
		if at.IsZero() || !at.Before(before) {
			continue
		}
		for {
			next := s.Next(at)
			if next.IsZero() || !next.Before(before) {
				return at
			}
			at = next
		}
	}
	return time.Time{}
}

// nextWall is the next time on a wall clock without gaps that the spec
// matches. The library looks five years ahead, which is too few for 29
// February around 2100, so it is asked twice.
func nextWall(spec *cron.SpecSchedule, wall time.Time) time.Time {
	if next := spec.Next(wall); !next.IsZero() {
		return next
	}
	return spec.Next(time.Date(wall.Year()+5, 1, 1, 0, 0, 0, 0, time.UTC))
}

// wallClock is what a clock on the wall shows at t, as if it hung in UTC.
func wallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instantOf is when the wall clock of a zone shows wall for the first time; if
// it never does, the first instant after the gap.
func instantOf(wall time.Time, loc *time.Location) time.Time {
	near := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), loc)
	start, end := near.ZoneBounds()
	if wallClock(near).Equal(wall) {
		// Of a time shown twice, Date may have given the second.
		if !start.IsZero() {
			_, before := start.Add(-time.Second).Zone()
			if earlier := wall.Add(-time.Duration(before) * time.Second).In(loc); wallClock(earlier).Equal(wall) && earlier.Before(near) {
				return earlier
			}
		}
		return near
	}
	// A time never shown: Date gave one on either side of the gap.
	for _, change := range []time.Time{start, end} {
		if !change.IsZero() && !wallClock(change).Before(wall) {
			return change.In(loc)
		}
	}
	return near
}
