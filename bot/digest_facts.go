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
	Number    int       `json:"number"`
	Title     string    `json:"title"`
	Status    Status    `json:"status"`
	Votes     int       `json:"votes"`
	Gain      int       `json:"gain"`      // of them, since the digest before
	OfTeam    int       `json:"of_team"`   // of them, by the team; counted for the first ten lines of a list
	Channels  int       `json:"channels"`  // where it was asked for
	Customers int       `json:"customers"` // whose channels those are
	CreatedAt time.Time `json:"created_at"`
	Days      int       `json:"days"`            // since it was asked
	Moved     int       `json:"moved,omitempty"` // places up; negative: down
	New       bool      `json:"new,omitempty"`
}

// DigestEntry is a line with its place.
type DigestEntry struct {
	Rank int
	Line DigestLine
}

// DigestQuote is somebody's words.
type DigestQuote struct {
	Words  string `json:"words"`
	Name   string `json:"name,omitempty"` // "" unknown, removed, or not for these readers
	Number int    `json:"number"`
}
