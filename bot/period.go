package bot

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Period is the time that one digest tells about: from the firing before it
// until its own.
type Period struct {
	// Name says which, by the day on which it is due: "2026-W48" (ISO week),
	// "2026-11", "2026-11-23" or "2026-11-23T16:00", as fine as the schedule
	// needs so that no two of its digests share one.
	Name string
	// From (inclusive) and Until (exclusive) are instants; Until is when the
	// digest is due.
	From, Until time.Time
	// FirstDay and LastDay are the days that people read, both inclusive, at
	// their beginning in the schedule's zone.
	FirstDay, LastDay time.Time
}

// Period is the period of the digest due at an instant, which need not be one
// of the schedule's own firings.
func (s Schedule) Period(due time.Time) Period {
	due = due.In(s.Location())
	from := s.Prev(due)
	if from.IsZero() {
		from = due.AddDate(0, 0, -7)
	}
	p := Period{Name: s.periodName(due), From: from, Until: due, FirstDay: dayOf(from), LastDay: dayOf(due)}
	if p.FirstDay.Before(p.LastDay) {
		p.LastDay = startOfDay(due.Year(), due.Month(), due.Day()-1, due.Location())
	}
	return p
}

// Days is the period as people read it: "16–22 November", "30 November – 6
// December", "28 December 2026 – 3 January 2027", "22 November".
func (p Period) Days() string {
	a, b := p.FirstDay, p.LastDay
	switch {
	case a.Year() != b.Year():
		return a.Format("2 January 2006") + " – " + b.Format("2 January 2006")
	case a.Month() != b.Month():
		return a.Format("2 January") + " – " + b.Format("2 January")
	case a.Day() != b.Day():
		return a.Format("2") + "–" + b.Format("2 January")
	}
	return a.Format("2 January")
}

func (s Schedule) periodName(due time.Time) string {
	if s.cron == nil {
		return due.Format("2006-01-02")
	}
	dom, dow, hour := single(s.cron.Dom), single(s.cron.Dow), single(s.cron.Hour)
	switch {
	case !hour:
		return due.Format("2006-01-02T15:04")
	case dow && starred(s.cron.Dom):
		year, week := due.ISOWeek()
		return fmt.Sprintf("%d-W%02d", year, week)
	case dom && starred(s.cron.Dow):
		return due.Format("2006-01")
	}
	return due.Format("2006-01-02")
}

// String is the schedule as people say it: "Mondays 09:00 Berlin", "Every day
// 17:30 Lisbon"; what has no short saying stays a cron spec: "0 9 1-7 * 1
// (Berlin)".
func (s Schedule) String() string {
	if s.cron == nil {
		return "Never"
	}
	city := ZoneCity(s.zone)
	days, ok := s.days()
	clocks := s.clocks()
	switch {
	case !ok || clocks == "" && days != "Every day":
		return s.spec + " (" + city + ")"
	case clocks == "":
		return fmt.Sprintf("Every hour at :%02d %s", bits.TrailingZeros64(s.cron.Minute), city)
	}
	return days + " " + clocks + " " + city
}

func (s Schedule) days() (string, bool) {
	allMonths := starred(s.cron.Month)
	domAny, dowAny := starred(s.cron.Dom), starred(s.cron.Dow)
	switch {
	case domAny && dowAny && allMonths:
		return "Every day", true
	case domAny && allMonths && s.cron.Dow&^starMark == 0b0111110:
		return "Weekdays", true
	case domAny && allMonths:
		var names []string
		for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
			if s.cron.Dow&(1<<d) != 0 {
				names = append(names, d.String()+"s")
			}
		}
		return andList(names), true
	case dowAny && allMonths && single(s.cron.Dom):
		return "The " + ordinal(bits.TrailingZeros64(s.cron.Dom)) + " of each month", true
	case dowAny && single(s.cron.Month) && single(s.cron.Dom):
		return "Every " + strconv.Itoa(bits.TrailingZeros64(s.cron.Dom)) + " " + time.Month(bits.TrailingZeros64(s.cron.Month)).String(), true
	}
	return "", false
}

// clocks is the times of day, or "" where it is every hour.
func (s Schedule) clocks() string {
	if starred(s.cron.Hour) {
		return ""
	}
	var clocks []string
	for h := range 24 {
		if s.cron.Hour&(1<<h) != 0 {
			clocks = append(clocks, fmt.Sprintf("%02d:%02d", h, bits.TrailingZeros64(s.cron.Minute)))
		}
	}
	return andList(clocks)
}

// starMark is the bit that the cron library sets in a field that was written
// with a star.
const starMark = 1 << 63

func starred(field uint64) bool { return field&starMark != 0 }

func single(field uint64) bool { return bits.OnesCount64(field) == 1 && !starred(field) }

// dayOf is the beginning of t's day in t's zone, which is not midnight where
// the clock skips it.
func dayOf(t time.Time) time.Time { return startOfDay(t.Year(), t.Month(), t.Day(), t.Location()) }

func startOfDay(year int, month time.Month, day int, loc *time.Location) time.Time {
	return instantOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC), loc)
}

// andList joins words: "Mondays, Tuesdays and Fridays".
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func ordinal(n int) string {
	switch {
	case n%10 == 1 && n != 11:
		return fmt.Sprintf("%dst", n)
	case n%10 == 2 && n != 12:
		return fmt.Sprintf("%dnd", n)
	case n%10 == 3 && n != 13:
		return fmt.Sprintf("%drd", n)
	}
	return fmt.Sprintf("%dth", n)
}
