package bot

import "time"

// Fact is a ballot as it is kept, as far as the vote depends on it.
type Fact struct {
	Place    string
	Supports bool
	At       time.Time
}

// Reaction tells whether the fact is a reaction's: those come away one by one.
func (f Fact) Reaction() bool { return len(f.Place) > 1 && f.Place[:2] == "r:" }

// VoteOf is the vote that a person's facts on an item come to, over all of their
// members and all merged items, in any order, and since when. known is false when
// there are no facts.
//
// A supporting reaction stands until it is itself removed, or a later retraction
// by button or command; any other support stands until any later retraction. So
// removing one of two thumbs leaves the other, removing the last one retracts, and
// a retraction by button holds under a thumb that still stands.
func VoteOf(facts []Fact) (supports bool, since time.Time, known bool) {
	var retracted, removed time.Time
	for _, f := range facts {
		switch {
		case f.Supports:
		case f.Reaction():
			removed = later(removed, f.At)
		default:
			retracted = later(retracted, f.At)
		}
	}
	for _, f := range facts {
		if !f.Supports || !f.At.After(retracted) || !f.Reaction() && !f.At.After(removed) {
			continue
		}
		if !supports || f.At.Before(since) {
			supports, since = true, f.At
		}
	}
	if !supports {
		since = later(retracted, removed)
	}
	return supports, since, len(facts) > 0
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
