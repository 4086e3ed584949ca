package bot

import "time"

// DigestFacts is all that a digest says besides its entries, as frozen.
type DigestFacts struct {
	Days       string        `json:"days"` // "16–22 November"
	City       string        `json:"city"` // of the schedule's zone
	Next       time.Time     `json:"next"` // on the clock of that zone; zero: never
	Totals     DigestTotals  `json:"totals"`
	Before     *DigestTotals `json:"before,omitempty"` // those of the digest before
	Rising     []DigestLine  `json:"rising,omitempty"`
	Fresh      []DigestLine  `json:"fresh,omitempty"`
	Unanswered []DigestLine  `json:"unanswered,omitempty"`
	Ready      []DigestLine  `json:"ready,omitempty"`
	Shipped    []DigestLine  `json:"shipped,omitempty"`
	Quote      *DigestQuote  `json:"quote,omitempty"`
}

// DigestTotals are the counts of a time.
type DigestTotals struct {
	New       int `json:"new"`       // items asked
	Votes     int `json:"votes"`     // votes that stand since
	Voters    int `json:"voters"`    // people who cast them
	Shipped   int `json:"shipped"`   // items
	Waiting   int `json:"waiting"`   // items without an answer at its end
	Overdue   int `json:"overdue"`   // of them, over two weeks
	Customers int `json:"customers"` // whose channels something was asked in
}

// DigestLine is an item as a digest tells of it.
type DigestLine struct {
	Item      ItemID    `json:"item"`
	Number    int       `json:"number,omitempty"`
	Title     string    `json:"title,omitempty"`
	Status    Status    `json:"status,omitempty"`
	Votes     int       `json:"votes,omitempty"`
	Gain      int       `json:"gain,omitempty"`      // of them, since the digest before
	OfTeam    int       `json:"of_team,omitempty"`   // of them, by the team; this and the next two are counted for the first ten lines of a list
	Channels  int       `json:"channels,omitempty"`  // where it was asked for
	Customers int       `json:"customers,omitempty"` // whose channels those are
	CreatedAt time.Time `json:"created_at,omitzero"`
	Days      int       `json:"days,omitempty"`  // since it was asked
	Moved     int       `json:"moved,omitempty"` // places up; negative: down
	New       bool      `json:"new,omitempty"`
}

// DigestEntry is a line with its place. One below those that are shown names its item
// alone: the next digest tells from where it rose.
type DigestEntry struct {
	Rank int        `json:"rank"`
	Line DigestLine `json:"line"`
}

// DigestQuote is somebody's words.
type DigestQuote struct {
	Words  string `json:"words"`
	Name   string `json:"name,omitempty"` // "" unknown, removed, or not for these readers
	Number int    `json:"number"`
}
