package slack

import (
	"fmt"
	"strings"
	"time"
)

// timeOf reads Slack's time stamps, "1605853844.000800"; zero for anything else.
func timeOf(ts string) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	s, ok := digits(seconds, 12)
	if !ok {
		return time.Time{}
	}
	u, ok := digits((micros + "000000")[:6], 6)
	if !ok {
		return time.Time{}
	}
	return time.Unix(s, u*1000).UTC()
}

// digits reads an unsigned number of at most n digits.
func digits(s string, n int) (int64, bool) {
	if s == "" || len(s) > n {
		return 0, false
	}
	v := int64(0)
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	return v, true
}

// stamp is t as Slack writes time stamps.
func stamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }
