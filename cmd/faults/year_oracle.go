package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// wallTime is a time of day on the wall, each day or on one weekday.
type wallTime struct {
	hour, minute int
	day          time.Weekday
	each         bool // day
}

func daily(hour, minute int) wallTime { return wallTime{hour: hour, minute: minute, each: true} }

func weekly(day time.Weekday, hour, minute int) wallTime {
	return wallTime{hour: hour, minute: minute, day: day}
}

// spec is the same for cron.
func (w wallTime) spec() string {
	if w.each {
		return fmt.Sprintf("%d %d * * *", w.minute, w.hour)
	}
	return fmt.Sprintf("%d %d * * %d", w.minute, w.hour, w.day)
}

// instants are when a digest is due by what people mean: on each date that has it, at the
// first minute at which the clock on the wall shows this time or has passed it. It looks at
// every minute and knows nothing of how Heed works that out.
func (w wallTime) instants(zone string, start, end time.Time) ([]time.Time, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	var out []time.Time
	done := start.In(loc).Format(time.DateOnly)
	if first := start.In(loc); first.Hour()*60+first.Minute() <= w.hour*60+w.minute {
		done = "" // today's is still to come
	}
	for at := start; at.Before(end); at = at.Add(time.Minute) {
		wall := at.In(loc)
		if !w.each && wall.Weekday() != w.day || wall.Hour()*60+wall.Minute() < w.hour*60+w.minute {
			continue
		}
		if date := wall.Format(time.DateOnly); date != done {
			done = date
			out = append(out, at)
		}
	}
	return out, nil
}

// moments are when something may happen: every time that a digest is due, for some of them a
// minute before and after too, and every minute for a while around each change of a zone's clock.
func (y *year) moments(start, end time.Time) []time.Time {
	var out []time.Time
	zones := map[string]bool{}
	for _, p := range y.plans {
		zones[p.zone] = true
		for n, at := range p.due {
			out = append(out, at)
			if n%4 == 0 {
				out = append(out, at.Add(-time.Minute), at.Add(time.Minute))
			}
		}
	}
	for zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			continue // it was loaded before
		}
		for at := start.In(loc); ; {
			_, next := at.ZoneBounds()
			if next.IsZero() || next.After(end) {
				break
			}
			for minute := -y.around; minute <= y.around; minute++ {
				out = append(out, next.Add(time.Duration(minute)*time.Minute))
			}
			at = next
		}
	}
	out = append(out, end.Add(-time.Minute), end.Add(11*time.Minute))
	out = slices.DeleteFunc(out, func(at time.Time) bool { return at.Before(start) })
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// reckoning is what the year came to.
type reckoning struct {
	due, told int
	wrong     []string
}

// check compares what was due with what is there and what was shown.
func (y *year) check(ctx context.Context) (r reckoning, err error) {
	for _, p := range y.plans {
		var rows []struct {
			DueAt  time.Time `db:"due_at"`
			Period string
			State  string
		}
		if err := y.db.SelectContext(ctx, &rows, `
			select due_at, period, state from digests where board_id = $1 and schedule_id = $2 order by due_at`, y.board, p.schedule); err != nil {
			return r, fmt.Errorf("digests: %w", err)
		}
		there, periods := map[int64]int{}, map[string]int{}
		sent := 0
		for _, row := range rows {
			there[row.DueAt.Unix()]++
			periods[row.Period]++
			if row.State == "sent" {
				sent++
			}
			if row.State != "skipped" {
				r.told++
			}
		}
		r.due += len(p.due)
		for _, at := range p.due {
			if n := there[at.Unix()]; n != 1 {
				r.wrong = append(r.wrong, fmt.Sprintf("%s %s: %d digests for %s", p.zone, p.spec, n, at))
			}
			delete(there, at.Unix())
		}
		for at := range there {
			r.wrong = append(r.wrong, fmt.Sprintf("%s %s: a digest at %s, which nobody asked for", p.zone, p.spec, time.Unix(at, 0).UTC()))
		}
		for period, n := range periods {
			if n > 1 {
				r.wrong = append(r.wrong, fmt.Sprintf("%s %s: %d digests are called %s", p.zone, p.spec, n, period))
			}
		}
		if shown := y.sheet.shown(p.channel); shown != sent {
			r.wrong = append(r.wrong, fmt.Sprintf("%s %s: %d digests were to be shown, %d are", p.zone, p.spec, sent, shown))
		}
	}
	slices.Sort(r.wrong)
	return r, nil
}
