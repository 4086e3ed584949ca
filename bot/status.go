package bot

import "slices"

// Status is where an item stands. That an item was merged is no status: it
// follows from the item that it was merged into.
type Status string

const (
	StatusNew         Status = "new"
	StatusUnderReview Status = "under_review"
	StatusNeedsInfo   Status = "needs_info"
	StatusPlanned     Status = "planned"
	StatusStarted     Status = "started"
	StatusShipped     Status = "shipped"
	StatusDeclined    Status = "declined"
)

// Statuses lists every status in the order in which an item usually passes
// them.
func Statuses() []Status {
	return []Status{
		StatusNew, StatusUnderReview, StatusNeedsInfo, StatusPlanned,
		StatusStarted, StatusShipped, StatusDeclined,
	}
}

// Label is the status as members read it: "In progress", "Not planned".
func (s Status) Label() string {
	switch s {
	case StatusNew:
		return "New"
	case StatusUnderReview:
		return "Under review"
	case StatusNeedsInfo:
		return "Needs info"
	case StatusPlanned:
		return "Planned"
	case StatusStarted:
		return "In progress"
	case StatusShipped:
		return "Shipped"
	case StatusDeclined:
		return "Not planned"
	}
	return string(s)
}

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// Open reports whether the item still waits for its end: every status but
// shipped and declined. Votes count in both cases.
func (s Status) Open() bool { return s.Valid() && s != StatusShipped && s != StatusDeclined }

// NeedsReason reports whether setting s asks the person who sets it for a
// reason that the people who wanted the item will read.
func (s Status) NeedsReason() bool { return s == StatusDeclined }

// CanBecome reports whether a person may move an item from s to next: an open
// item anywhere, a closed one only back to under review. Staying is no move.
// Undo goes back over the history instead and does not ask here.
func (s Status) CanBecome(next Status) bool {
	if !s.Valid() || !next.Valid() || s == next {
		return false
	}
	return s.Open() || next == StatusUnderReview
}

// ParseStatus reads a status as people type it, in any case: the stored name
// ("under_review"), the label that members read ("In progress", "not
// planned") or a usual other word ("done", "won't do"). It reports false for
// anything else.
func ParseStatus(s string) (Status, bool) {
	switch wordKey(s) {
	case "new", "open":
		return StatusNew, true
	case "under review", "in review", "review", "reviewing":
		return StatusUnderReview, true
	case "needs info", "need info", "needs more info", "info needed":
		return StatusNeedsInfo, true
	case "planned", "plan":
		return StatusPlanned, true
	case "started", "in progress", "progress", "doing", "building":
		return StatusStarted, true
	case "shipped", "done", "released", "live":
		return StatusShipped, true
	case "declined", "decline", "not planned", "wont do", "wontdo", "wont fix", "wontfix", "rejected":
		return StatusDeclined, true
	}
	return "", false
}
