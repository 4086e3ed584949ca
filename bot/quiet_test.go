package bot

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func TestNextSendable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ zone, now, last, want string }{
		"at_night_it_waits_for_morning":              {"Europe/Berlin", "2026-11-23T02:30", "", "2026-11-23T08:00"},
		"late_in_the_evening_it_waits_for_morning":   {"Europe/Berlin", "2026-11-23T20:00", "", "2026-11-24T08:00"},
		"by_day_it_goes_at_once":                     {"Europe/Berlin", "2026-11-23T19:59", "", "2026-11-23T19:59"},
		"the_day_begins_at_eight":                    {"Europe/Berlin", "2026-11-23T08:00", "", "2026-11-23T08:00"},
		"one_batch_a_day":                            {"Europe/Berlin", "2026-11-23T15:00", "2026-11-23T09:00", "2026-11-24T08:00"},
		"a_new_day_a_new_batch":                      {"Europe/Berlin", "2026-11-24T08:01", "2026-11-23T19:59", "2026-11-24T08:01"},
		"sent_today_and_night_again":                 {"Europe/Berlin", "2026-11-23T21:00", "2026-11-23T09:00", "2026-11-24T08:00"},
		"a_clock_put_back_does_not_silence_for_long": {"Europe/Berlin", "2026-11-23T10:00", "2027-11-23T10:00", "2026-11-24T08:00"},
		"same_day_of_another_year_is_another_day":    {"Europe/Berlin", "2026-11-23T10:00", "2025-11-23T10:00", "2026-11-23T10:00"},
		"the_night_that_summer_time_begins":          {"America/New_York", "2026-03-07T21:00", "", "2026-03-08T08:00"},
		"the_night_that_summer_time_ends":            {"America/New_York", "2026-10-31T23:00", "2026-10-31T12:00", "2026-11-01T08:00"},
		"where_midnight_is_missing":                  {"Africa/Cairo", "2026-04-23T22:00", "", "2026-04-24T08:00"},
		"where_the_clock_moves_by_half_an_hour":      {"Australia/Lord_Howe", "2026-04-05T01:45", "", "2026-04-05T08:00"},
		"a_zone_far_ahead_has_its_own_day":           {"Pacific/Kiritimati", "2026-11-23T07:00", "2026-11-22T19:00", "2026-11-23T08:00"},
		"the_last_day_of_the_year":                   {"UTC", "2026-12-31T20:30", "", "2027-01-01T08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := mustZone(t, tc.zone)
			var last time.Time
			if tc.last != "" {
				last = clockAt(t, tc.last, zone).UTC()
			}
			got := NextSendable(clockAt(t, tc.now, zone).UTC(), zone, last)
			if want := clockAt(t, tc.want, zone); !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestNextSendable_never_at_night_and_once_a_day(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(oddZones).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "now"), 0)
		last := now.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour)
		at := NextSendable(now, loc, last)
		if at.Before(now) || at.Sub(now) > 37*time.Hour {
			t.Fatalf("%s is not soon after %s", at, now)
		}
		if h := at.Hour(); h < 8 || h >= 20 {
			t.Fatalf("%s is at night", at)
		}
		if sameDay(at, last.In(loc)) {
			t.Fatalf("%s is the day of the last batch, %s", at, last)
		}
		if again := NextSendable(at, loc, last); !again.Equal(at) {
			t.Fatalf("at %s it is to wait until %s", at, again)
		}
	})
}

// oddZones are zones whose clocks jump in every way that there is.
var oddZones = []string{
	"America/New_York", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Europe/Berlin", "Asia/Kolkata",
	"Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "Antarctica/Troll", "Asia/Gaza", "UTC", "America/Havana",
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// clockAt reads "2026-11-23T09:00" on a zone's wall clock.
func clockAt(t *testing.T, s string, loc *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
