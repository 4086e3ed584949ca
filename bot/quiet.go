package bot

import "time"

// Direct messages go out between these hours of the person's own clock, so
// that no note rings at night.
const (
	dayBegins = 8  // 08:00 is day
	dayEnds   = 20 // 20:00 is night
)

// NextSendable is the first instant, now or later, at which a person may be
// sent the next batch of direct messages: by day on the wall clock of their
// zone, and not on the day on which lastSent lies there: one batch a day. A
// zero lastSent is never. One that lies ahead of now, as after a clock was put
// back, counts as now.
func NextSendable(now time.Time, zone *time.Location, lastSent time.Time) time.Time {
	local := now.In(zone)
	if lastSent.After(now) {
		lastSent = now
	}
	morning := func(days int) time.Time {
		return instantOf(time.Date(local.Year(), local.Month(), local.Day()+days, dayBegins, 0, 0, 0, time.UTC), zone)
	}
	switch {
	case !lastSent.IsZero() && sameDay(lastSent.In(zone), local), local.Hour() >= dayEnds:
		return morning(1)
	case local.Hour() < dayBegins:
		return morning(0)
	}
	return local
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
