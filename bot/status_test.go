package bot

import "testing"

func TestParseStatus(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"", "plannedd", "page", "in", "not", "in progress now", "42"} {
		if s, ok := ParseStatus(word); ok {
			t.Errorf("ParseStatus(%q) = %q, want it refused", word, s)
		}
	}
	for word, want := range map[string]Status{
		"in progress": StatusStarted, "In-Progress": StatusStarted, "IN_PROGRESS": StatusStarted,
		"not planned": StatusDeclined, "Not  Planned": StatusDeclined, "won’t do": StatusDeclined, "won't fix": StatusDeclined,
		"under review": StatusUnderReview, "needs info": StatusNeedsInfo, "done": StatusShipped,
	} {
		if got, ok := ParseStatus(word); !ok || got != want {
			t.Errorf("ParseStatus(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
	for _, s := range Statuses() {
		for _, word := range []string{string(s), s.Label()} {
			if got, ok := ParseStatus(word); !ok || got != s {
				t.Errorf("ParseStatus(%q) = %q, %v, want %q", word, got, ok, s)
			}
		}
	}
}

func TestStatusCanBecome(t *testing.T) {
	t.Parallel()
	for _, from := range Statuses() {
		for _, to := range Statuses() {
			open := from != StatusShipped && from != StatusDeclined
			want := from != to && (open || to == StatusUnderReview)
			if got := from.CanBecome(to); got != want {
				t.Errorf("%s to %s: %v, want %v", from, to, got, want)
			}
			if from.Open() != open {
				t.Errorf("%s open: %v, want %v", from, from.Open(), open)
			}
		}
	}
	if Status("lost").CanBecome(StatusPlanned) || StatusNew.CanBecome("lost") || Status("").Open() {
		t.Error("an unknown status moved or counted as open")
	}
}
