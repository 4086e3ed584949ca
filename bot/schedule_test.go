package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func TestParseSchedule_refuses(t *testing.T) {
	t.Parallel()
	for spec, why := range map[string]string{
		"TZ=UTC":                     "zone comes last",
		"TZ=Europe/Berlin 0 9 * * 1": "zone comes last",
		"CRON_TZ=UTC 0 9 * * 1":      "zone comes last",
		"@every 1h":                  "drifts",
		"@every":                     "drifts",
		"@every -1h":                 "drifts",
		"@reboot":                    "There is @hourly, @daily, @weekly and @monthly.",
		"@weekly 5":                  "There is @hourly",
		"0 9 30 2 *":                 "never comes",
		"0 9 31 4,6,9,11 *":          "never comes",
		"* * * * *":                  "more often than once an hour",
		"*/15 * * * *":               "more often than once an hour",
		"0,30 9 * * 1":               "more often than once an hour",
		"0 9 * *":                    "has 4",
		"0 9 * * 1 2 3":              "has 7",
		"0 0 9 * * 1":                "without seconds",
		"60 9 * * 1":                 "The minute “60”",
		"0 24 * * 1":                 "The hour “24”",
		"0 9 0 * *":                  "The day of the month “0”",
		"0 9 * 13 *":                 "The month “13”",
		"0 9 * * 8":                  "The weekday “8”",
		"0 9 * * ,":                  "The weekday “,”",
		"0 9 * * 5-2":                "The weekday “5-2”",
		"- - - - -":                  "The minute “-”",
		"0 9 * * 1/0":                "The weekday “1/0”",
		"9am-ish":                    "I don't understand “9am-ish”",
		"mondays 9:00 10:00":         "as a time",
		"monthly mondays 9:00":       "as a time",
		"25:00":                      "as a time",
		"0 9 L * *":                  "The day of the month",
	} {
		s, err := ParseSchedule(spec, "Europe/Berlin")
		var u *Unclear
		if !errors.As(err, &u) || !strings.Contains(u.Problem, why) {
			t.Errorf("%q: %v, %v, want an error about %q", spec, s, err, why)
		}
	}
	if _, err := ParseSchedule("0 9 * * 1", "Berln"); err == nil || !strings.Contains(err.Error(), "Europe/Berlin") {
		t.Errorf("an unknown zone: %v", err)
	}
}

func TestParseSchedule(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{ // spec | how people read it
		"":                    "0 9 * * 1|Mondays 09:00 Berlin",
		"  0  9 *  * 1 ":      "0 9 * * 1|Mondays 09:00 Berlin",
		"0 9 * * MON":         "0 9 * * mon|Mondays 09:00 Berlin",
		"“0 9 * * 1”":         "0 9 * * 1|Mondays 09:00 Berlin",
		"0 9 * * 7":           "0 9 * * 0|Sundays 09:00 Berlin",
		"0 9 * * 5-7":         "0 9 * * 5-6,0|Fridays, Saturdays and Sundays 09:00 Berlin",
		"0 9 * * 6-7":         "0 9 * * 6,0|Saturdays and Sundays 09:00 Berlin",
		"30 8 * * 1-5":        "30 8 * * 1-5|Weekdays 08:30 Berlin",
		"0 9,16 * * 1,4":      "0 9,16 * * 1,4|Mondays and Thursdays 09:00 and 16:00 Berlin",
		"0 17 * * *":          "0 17 * * *|Every day 17:00 Berlin",
		"5 * * * *":           "5 * * * *|Every hour at :05 Berlin",
		"0 9 1 * *":           "0 9 1 * *|The 1st of each month 09:00 Berlin",
		"0 9 22 * *":          "0 9 22 * *|The 22nd of each month 09:00 Berlin",
		"0 9 24 12 *":         "0 9 24 12 *|Every 24 December 09:00 Berlin",
		"0 9 29 2 *":          "0 9 29 2 *|Every 29 February 09:00 Berlin",
		"0 9 1-7 * 1":         "0 9 1-7 * 1|0 9 1-7 * 1 (Berlin)",
		"0 * * * 1":           "0 * * * 1|0 * * * 1 (Berlin)",
		"@weekly":             "0 9 * * 1|Mondays 09:00 Berlin",
		"@midnight":           "0 0 * * *|Every day 00:00 Berlin",
		"@monthly":            "0 9 1 * *|The 1st of each month 09:00 Berlin",
		"mondays 9:00":        "0 9 * * 1|Mondays 09:00 Berlin",
		"Mondays 09:00":       "0 9 * * 1|Mondays 09:00 Berlin",
		"every Monday at 9am": "0 9 * * 1|Mondays 09:00 Berlin",
		"mon, thu 16:30":      "30 16 * * 1,4|Mondays and Thursdays 16:30 Berlin",
		"tuesday":             "0 9 * * 2|Tuesdays 09:00 Berlin",
		"mon-fri 8:30":        "30 8 * * 1-5|Weekdays 08:30 Berlin",
		"weekdays 4pm":        "0 16 * * 1-5|Weekdays 16:00 Berlin",
		"fri-mon 12am":        "0 0 * * 0,1,5,6|Mondays, Fridays, Saturdays and Sundays 00:00 Berlin",
		"17:30":               "30 17 * * *|Every day 17:30 Berlin",
		"daily 12pm":          "0 12 * * *|Every day 12:00 Berlin",
		"weekly":              "0 9 * * 1|Mondays 09:00 Berlin",
		"monthly at 10:00":    "0 10 1 * *|The 1st of each month 10:00 Berlin",
	} {
		s, err := ParseSchedule(typed, "Berlin")
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		if got := s.Spec() + "|" + s.String(); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
		again, err := ParseSchedule(s.Spec(), s.Zone())
		if err != nil || again.Spec() != s.Spec() || again.Zone() != "Europe/Berlin" {
			t.Errorf("%q as stored, %q %q, reads as %q %q, %v", typed, s.Spec(), s.Zone(), again.Spec(), again.Zone(), err)
		}
		// What the answer calls it can be typed back.
		if days, ok := strings.CutSuffix(s.String(), " Berlin"); ok && !strings.ContainsAny(days, "(") && strings.Contains(days, "days") && !strings.Contains(days, ":00 and") {
			if back, err := ParseSchedule(days, "Berlin"); err != nil || !back.Next(aMonday).Equal(s.Next(aMonday)) {
				t.Errorf("%q typed back is %v, %v", days, back, err)
			}
		}
	}
}

var aMonday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestSchedule_Next(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spec, zone, after string
		want              []string // the next runs as local time and offset
	}{
		"plain_weeks": {"0 9 * * 1", "Europe/Berlin", "2026-11-21T12:00:00Z",
			[]string{"2026-11-23T09:00:00+01:00", "2026-11-30T09:00:00+01:00", "2026-12-07T09:00:00+01:00"}},
		"the_due_instant_itself_is_not_after": {"0 9 * * 1", "UTC", "2026-11-23T09:00:00Z",
			[]string{"2026-11-30T09:00:00Z"}},
		"one_nanosecond_before_is": {"0 9 * * 1", "UTC", "2026-11-23T08:59:59.999999999Z",
			[]string{"2026-11-23T09:00:00Z"}},
		"the_wall_clock_stays_through_summer_time": {"0 9 * * 1", "America/New_York", "2026-10-26T12:00:00Z",
			[]string{"2026-10-26T09:00:00-04:00", "2026-11-02T09:00:00-05:00"}},
		"new_york_gap_fires_at_its_end": {"30 2 * * 0", "America/New_York", "2026-03-02T00:00:00Z",
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-15T02:30:00-04:00"}},
		"new_york_repeated_hour_fires_once_first": {"30 1 * * 0", "America/New_York", "2026-10-26T00:00:00Z",
			[]string{"2026-11-01T01:30:00-04:00", "2026-11-08T01:30:00-05:00"}},
		"asked_within_the_repeated_hour": {"30 1 * * 0", "America/New_York", "2026-11-01T06:15:00Z",
			[]string{"2026-11-08T01:30:00-05:00"}},
		"santiago_midnight_is_missing": {"0 0 * * 0", "America/Santiago", "2026-09-01T00:00:00Z",
			[]string{"2026-09-06T01:00:00-03:00", "2026-09-13T00:00:00-03:00"}},
		"santiago_an_hour_before_midnight_repeats": {"30 23 * * 6", "America/Santiago", "2026-04-01T00:00:00Z",
			[]string{"2026-04-04T23:30:00-03:00", "2026-04-11T23:30:00-04:00"}},
		"cairo_midnight_is_missing": {"0 0 * * 5", "Africa/Cairo", "2026-04-20T00:00:00Z",
			[]string{"2026-04-24T01:00:00+03:00", "2026-05-01T00:00:00+03:00"}},
		"cairo_half_past_midnight_is_missing": {"30 0 24 4 *", "Africa/Cairo", "2026-04-20T00:00:00Z",
			[]string{"2026-04-24T01:00:00+03:00", "2027-04-24T00:30:00+02:00"}},
		"cairo_the_hour_before_midnight_repeats": {"15 23 * * 4", "Africa/Cairo", "2026-10-27T00:00:00Z",
			[]string{"2026-10-29T23:15:00+03:00", "2026-11-05T23:15:00+02:00"}},
		"lord_howe_half_an_hour_is_missing": {"15 2 * * 0", "Australia/Lord_Howe", "2026-10-01T00:00:00Z",
			[]string{"2026-10-04T02:30:00+11:00", "2026-10-11T02:15:00+11:00"}},
		"lord_howe_half_an_hour_repeats": {"45 1 * * 0", "Australia/Lord_Howe", "2026-04-01T00:00:00Z",
			[]string{"2026-04-05T01:45:00+11:00", "2026-04-12T01:45:00+10:30"}},
		"two_times_in_one_gap_fire_once": {"0 2,3 8 3 *", "America/New_York", "2026-03-01T00:00:00Z",
			[]string{"2026-03-08T03:00:00-04:00", "2027-03-08T02:00:00-05:00"}},
		"every_hour_through_the_gap": {"0 * * * *", "America/New_York", "2026-03-08T06:30:00Z",
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00"}},
		"apia_left_out_a_day": {"0 9 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
			[]string{"2011-12-31T00:00:00+14:00", "2012-12-30T09:00:00+14:00"}},
		"leap_days_around_2100": {"0 9 29 2 *", "UTC", "2096-03-01T00:00:00Z",
			[]string{"2104-02-29T09:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustSchedule(t, tc.spec, tc.zone)
			after, err := time.Parse(time.RFC3339Nano, tc.after)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, at := range s.NextN(after, len(tc.want)) {
				got = append(got, at.Format(time.RFC3339))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %v\nwant %v", got, tc.want)
			}
		})
	}
}

func TestSchedule_a_year_of_Mondays(t *testing.T) {
	t.Parallel()
	for _, zone := range oddZones {
		for _, clock := range []string{"0 0", "30 0", "30 1", "30 2", "15 2", "0 3", "0 9", "30 23"} {
			for year := 2024; year < 2028; year++ {
				s := mustSchedule(t, clock+" * * 1", zone)
				mondays := 0
				for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
					if d.Weekday() == time.Monday {
						mondays++
					}
				}
				days := map[string]bool{}
				at := startOfDay(year, 1, 1, s.Location()).Add(-time.Nanosecond)
				for at = s.Next(at); at.Year() == year; at = s.Next(at) {
					if at.Weekday() != time.Monday {
						t.Fatalf("%s %s fired on %s", clock, zone, at)
					}
					days[at.Format("2006-01-02")] = true
				}
				if len(days) != mondays || mondays < 52 || mondays > 53 {
					t.Errorf("%s %s in %d: %d firings in %d weeks", clock, zone, year, len(days), mondays)
				}
			}
		}
	}
}

func TestSchedule_moves_strictly_ahead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom([]string{"0 9 * * 1", "30 2 * * *", "30 1 * * 0", "0 * * * *", "45 * * * *", "0 0 * * *", "15 2 1 * *", "0 9 29 2 *", "5 0,1,2,3,23 * * *", "0 2 1-7 * 0"}).Draw(t, "spec")
		zone := rapid.SampledFrom(oddZones).Draw(t, "zone")
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			t.Fatal(err)
		}
		after := time.Unix(rapid.Int64Range(1_262_304_000, 2_500_000_000).Draw(t, "after"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		first := s.Next(after)
		if !first.After(after) {
			t.Fatalf("%s is not after %s", first, after)
		}
		if first.Location().String() != zone {
			t.Fatalf("%s is not in %s", first, zone)
		}
		if second := s.Next(first); !second.After(first) {
			t.Fatalf("%s does not follow %s", second, first)
		}
		// Asked anywhere on the way, the answer is the same.
		between := after.Add(time.Duration(rapid.Int64Range(0, int64(first.Sub(after))-1).Draw(t, "between")))
		if again := s.Next(between); !again.Equal(first) {
			t.Fatalf("from %s it is %s, from %s %s", after, first, between, again)
		}
		if prev := s.Prev(first.Add(time.Nanosecond)); !prev.Equal(first) {
			t.Fatalf("before %s it was %s", first, prev)
		}
		if prev := s.Prev(first); !prev.IsZero() && !s.Next(prev).Equal(first) {
			t.Fatalf("after %s comes %s, not %s", prev, s.Next(prev), first)
		}
	})
}

func TestSchedule_zero(t *testing.T) {
	t.Parallel()
	var s Schedule
	if !s.Next(aMonday).IsZero() || !s.Prev(aMonday).IsZero() || s.NextN(aMonday, 3) != nil || s.String() != "Never" || s.Location() != time.UTC {
		t.Error("the zero schedule does something")
	}
	if p := s.Period(aMonday); p.Name != "2026-11-23" {
		t.Errorf("its period is %+v", p)
	}
}

func mustSchedule(t *testing.T, spec, zone string) Schedule {
	t.Helper()
	s, err := ParseSchedule(spec, zone)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchedule_Period(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ spec, zone, due, name, days string }{
		{"0 9 * * 1", "Europe/Berlin", "2026-11-23T09:00", "2026-W48", "16–22 November"},
		{"0 9 * * 1", "Europe/Berlin", "2026-12-07T09:00", "2026-W50", "30 November – 6 December"},
		{"0 9 * * 1", "Europe/Berlin", "2027-01-04T09:00", "2027-W01", "28 December 2026 – 3 January 2027"},
		{"0 16 * * 5", "America/New_York", "2026-11-06T16:00", "2026-W45", "30 October – 5 November"},
		{"0 9 * * 1", "UTC", "2021-01-04T09:00", "2021-W01", "28 December 2020 – 3 January 2021"},
		{"0 9 * * *", "Europe/Berlin", "2026-11-23T09:00", "2026-11-23", "22 November"},
		{"0 9 1 * *", "Europe/Berlin", "2026-11-01T09:00", "2026-11", "1–31 October"},
		{"0 9 * * 1,4", "Europe/Berlin", "2026-11-26T09:00", "2026-11-26", "23–25 November"},
		{"0 9,16 * * 1", "Europe/Berlin", "2026-11-23T16:00", "2026-11-23T16:00", "23 November"},
		{"0 0 * * 0", "America/Santiago", "2026-09-06T01:00", "2026-W36", "30 August – 5 September"},
		{"0 9 * * 1", "Europe/Berlin", "2026-11-25T12:00", "2026-W48", "23–24 November"}, // asked out of turn
	} {
		s := mustSchedule(t, tc.spec, tc.zone)
		due := clockAt(t, tc.due, s.Location())
		p := s.Period(due.UTC())
		if p.Name != tc.name || p.Days() != tc.days {
			t.Errorf("%s due %s: %s, %s, want %s, %s", s, tc.due, p.Name, p.Days(), tc.name, tc.days)
		}
		if !p.Until.Equal(due) || !p.From.Before(due) || !s.Next(p.From).Equal(p.Until) && tc.due != "2026-11-25T12:00" {
			t.Errorf("%s due %s: from %s until %s", s, tc.due, p.From, p.Until)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"0 9 * * 1", "TZ=UTC", "TZ=", "CRON_TZ=", "@every -1h", "@", "* * * * *", "0 9 * * 1-5/99999999999999999999", "mon-", "9:", "mon-fri 9am", "0 9 1/9223372036854775807 * *", "\x00", "0 0 31 2 *"} {
		f.Add(s, "Europe/Berlin")
	}
	f.Fuzz(func(t *testing.T, spec, zone string) {
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			var u *Unclear
			if !errors.As(err, &u) || u.Problem == "" {
				t.Fatalf("%q %q: %v", spec, zone, err)
			}
			return
		}
		first := s.Next(aMonday)
		if second := s.Next(first); first.IsZero() || !first.After(aMonday) || second.Sub(first) < 30*time.Minute {
			t.Fatalf("%q %q fires at %s and %s", spec, zone, first, second)
		}
		if again, err := ParseSchedule(s.Spec(), s.Zone()); err != nil || again.String() != s.String() {
			t.Fatalf("%q %q as stored, %q %q, does not read back: %v", spec, zone, s.Spec(), s.Zone(), err)
		}
	})
}
