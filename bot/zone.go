package bot

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

// zonesTable names a zone a line: the places that the IANA database lists as
// zones of today's countries (its zone.tab).
//
//go:embed zones.txt
var zonesTable string

// longestZone is longer than any way to name one, in bytes.
const longestZone = 200

// ParseZone reads a time zone as people name it: "Europe/Berlin", "berlin",
// "New York", "Munich", "UTC". It returns the name to store and its location.
// The error is an *Unclear whose Near holds at most three zones. An empty name
// is UTC.
func ParseZone(typed string) (string, *time.Location, error) {
	if strings.Contains("\n"+zonesTable, "\n"+typed+"\n") && typed != "" { // as stored
		if loc, err := time.LoadLocation(typed); err == nil {
			return typed, loc, nil
		}
	}
	if len(typed) > longestZone {
		return "", nil, &Unclear{Said: Excerpt(typed, 40), Problem: "That is no time zone. Name a city of it, such as Berlin or America/New_York."}
	}
	said := strings.TrimSpace(matchKey(typed))
	key := wordKey(strings.TrimSuffix(said, " time"))
	if city, _, ok := strings.Cut(key, ","); ok {
		key = strings.TrimSpace(city) // "Berlin, Germany"
	}
	switch key {
	case "", "utc", "gmt", "z", "etc/utc", "etc/gmt", "universal":
		return "UTC", time.UTC, nil
	}
	if place, ok := fixedZones[key]; ok {
		return "", nil, &Unclear{Said: typed, Near: []string{place},
			Problem: fmt.Sprintf("“%s” doesn't say when summer time begins. Name a city instead: did you mean %s?", Excerpt(said, 40), place)}
	}
	name := otherCities[key]
	for zone := range strings.Lines(zonesTable) {
		zone = strings.TrimSpace(zone)
		if whole := wordKey(zone); name == "" && (whole == key || strings.HasSuffix(whole, "/"+key)) {
			name = zone
		}
	}
	// Older names ("US/Pacific", "Asia/Calcutta") are no suggestions, but known.
	if area, _, ok := strings.Cut(strings.TrimSpace(typed), "/"); name == "" && ok && slices.Contains(zoneAreas, area) {
		name = strings.TrimSpace(typed)
	}
	if name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return name, loc, nil
		}
	}
	near := nearZones(key)
	problem := fmt.Sprintf("I don't know the time zone “%s”. Name a city of its zone, such as Berlin or America/New_York.", Excerpt(said, 40))
	if len(near) > 0 {
		problem = fmt.Sprintf("I don't know the time zone “%s”. Did you mean %s?", Excerpt(said, 40), orList(near))
	}
	return "", nil, &Unclear{Said: typed, Problem: problem, Near: near}
}

// ZoneOf is the location of the first name that is a zone: a person's, then
// the board's. Names that are empty or unknown are passed over; with none left
// it is UTC. Unlike ParseZone it takes only what was stored.
func ZoneOf(names ...string) *time.Location {
	for _, name := range names {
		if name == "" || name == "Local" {
			continue
		}
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	return time.UTC
}

// ZoneCity is a zone as people read it behind a time: "Berlin" for
// Europe/Berlin, "UTC" for UTC.
func ZoneCity(name string) string {
	city := name[strings.LastIndexByte(name, '/')+1:]
	return strings.ReplaceAll(city, "_", " ")
}

// nearZones finds up to three zones whose city begins with key or is a slip or
// two away from it.
func nearZones(key string) []string {
	city := key[strings.LastIndexByte(key, '/')+1:]
	if len(city) < 3 {
		return nil
	}
	type candidate struct {
		zone  string
		slips int
	}
	var found []candidate
	consider := func(zone, name string) {
		far := slips(city, name)
		if strings.HasPrefix(name, city) {
			far = 1
		}
		if far <= 1 || far == 2 && len(city) >= 5 {
			if !slices.ContainsFunc(found, func(c candidate) bool { return c.zone == zone }) {
				found = append(found, candidate{zone, far})
			}
		}
	}
	for zone := range strings.Lines(zonesTable) {
		zone = strings.TrimSpace(zone)
		consider(zone, wordKey(ZoneCity(zone)))
	}
	for name, zone := range otherCities {
		consider(zone, name)
	}
	slices.SortFunc(found, func(a, b candidate) int {
		if a.slips != b.slips {
			return a.slips - b.slips
		}
		return strings.Compare(a.zone, b.zone)
	})
	var zones []string
	for _, c := range found[:min(len(found), 3)] {
		zones = append(zones, c.zone)
	}
	return zones
}
