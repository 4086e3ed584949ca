package discordfake

import (
	"strconv"
	"time"
)

// epoch is Discord's: the first second of 2015, in milliseconds.
// Source: https://docs.discord.com/developers/reference#snowflakes
const epoch = 1420070400000

// nextID returns a snowflake of the fake's present that is greater than every one
// before it, also where the clock stands. Called with mu held.
func (s *Server) nextID() string {
	id := uint64(s.Now().UnixMilli()-epoch) << 22
	if id <= s.lastID {
		id = s.lastID + 1
	}
	s.lastID = id
	return strconv.FormatUint(id, 10)
}

// IDTime is the time that stands in a snowflake; the zero time when it is none.
func IDTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}

// before says whether a is the older of two snowflakes; "" is older than any.
func before(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// timestamp is a time as Discord writes it.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }
