package main

import (
	"testing"
	"time"

	"heed/store/storetest"
)

// TestYear is the short form of the line: one digest a week in each zone at the hour that
// is skipped or shown twice, over a year.
func TestYear(t *testing.T) {
	t.Parallel()
	var plans []*plannedDigest
	for i, p := range []struct {
		zone string
		wall wallTime
	}{
		{"America/New_York", weekly(time.Sunday, 1, 30)},
		{"America/Santiago", weekly(time.Sunday, 0, 15)},
		{"Africa/Cairo", weekly(time.Friday, 0, 30)},
		{"Australia/Lord_Howe", weekly(time.Sunday, 2, 0)},
	} {
		plans = append(plans, &plannedDigest{channel: string(rune('A' + i)), zone: p.zone, wall: p.wall, spec: p.wall.spec()})
	}
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	end := start.AddDate(1, 0, 0)
	y, err := newYear(t.Context(), storetest.New(t), start, end, plans)
	if err != nil {
		t.Fatal(err)
	}
	y.around = 2
	if err := y.live(t.Context(), start, end); err != nil {
		t.Fatal(err)
	}
	found, err := y.check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found.wrong {
		t.Error(f)
	}
	if found.due < 4*52 || found.told < found.due-y.jumps {
		t.Errorf("of %d digests %d were told", found.due, found.told)
	}
}
