package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParseZone(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"": "UTC", "utc": "UTC", "GMT": "UTC",
		"Europe/Berlin": "Europe/Berlin", "europe/berlin": "Europe/Berlin", " Berlin ": "Europe/Berlin", "“Berlin”": "Europe/Berlin",
		"Berlin, Germany": "Europe/Berlin", "Lisbon time": "Europe/Lisbon", "New York": "America/New_York", "new_york": "America/New_York",
		"America/new york": "America/New_York", "Munich": "Europe/Berlin", "San Francisco": "America/Los_Angeles",
		"Lord Howe": "Australia/Lord_Howe", "Buenos Aires": "America/Argentina/Buenos_Aires", "Port-au-Prince": "America/Port-au-Prince",
		"US/Pacific": "US/Pacific", "Asia/Calcutta": "Asia/Calcutta", "Etc/GMT+5": "Etc/GMT+5", "Kiev": "Europe/Kyiv",
	} {
		name, loc, err := ParseZone(typed)
		if err != nil || name != want || loc.String() != want {
			t.Errorf("ParseZone(%q) = %q, %v, %v, want %q", typed, name, loc, err, want)
		}
	}
	for typed, near := range map[string]string{
		"Berln": "Europe/Berlin", "Europe/Berln": "Europe/Berlin", "Lisbonn": "Europe/Lisbon", "Singapur": "Asia/Singapore",
		"Los Angelos": "America/Los_Angeles", "EST": "America/New_York", "CET": "Europe/Berlin", "Muenich": "Europe/Berlin", "Johannes": "Africa/Johannesburg",
	} {
		_, _, err := ParseZone(typed)
		var u *Unclear
		if !errors.As(err, &u) || !slices.Contains(u.Near, near) || !strings.Contains(u.Problem, near) || len(u.Near) > 3 {
			t.Errorf("ParseZone(%q): %v, want %s suggested", typed, err, near)
		}
	}
	for _, typed := range []string{"Local", "local", "Mars", "UTC+2", "+02:00", "../../etc/passwd", "right/Europe/Berlin", "Europe/", "Europe", "x", "1h", strings.Repeat("b", 10_000)} {
		name, _, err := ParseZone(typed)
		var u *Unclear
		if !errors.As(err, &u) || u.Problem == "" {
			t.Errorf("ParseZone(%q) = %q, %v, want it refused with a reason", Excerpt(typed, 20), name, err)
		}
	}
}

func TestParseZone_knows_all_that_it_suggests(t *testing.T) {
	t.Parallel()
	var zones []string
	for zone := range strings.Lines(zonesTable) {
		zones = append(zones, strings.TrimSpace(zone))
	}
	if len(zones) < 400 || !slices.IsSorted(zones) {
		t.Errorf("%d zones, sorted %v", len(zones), slices.IsSorted(zones))
	}
	check := func(typed, want string) {
		if name, _, err := ParseZone(typed); err != nil || name != want {
			t.Errorf("ParseZone(%q) = %q, %v, want %q", typed, name, err, want)
		}
	}
	for _, zone := range zones {
		check(zone, zone)
		check(strings.ToLower(zone), zone)
	}
	for city, zone := range otherCities {
		check(city, zone)
	}
	for word, zone := range fixedZones {
		if !slices.Contains(zones, zone) {
			t.Errorf("%s suggests %s, which is no zone", word, zone)
		}
	}
}

func TestZoneOf(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"Europe/Berlin":  {"", "Mars/Base", "Europe/Berlin", "Asia/Tokyo"},
		"Asia/Tokyo":     {"Asia/Tokyo", "Europe/Berlin"},
		"UTC":            {"", "Local"},
		"Asia/Kathmandu": {"Asia/Kathmandu"},
	} {
		if got := ZoneOf(names...); got.String() != want {
			t.Errorf("ZoneOf(%q) = %s, want %s", names, got, want)
		}
	}
	if ZoneOf() != time.UTC {
		t.Error("no zone at all is not UTC")
	}
}
