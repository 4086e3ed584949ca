package bot

import (
	"slices"
	"strings"
)

// cronTokens counts the tokens at the start that are meant as a time: a
// descriptor such as @weekly, fields of a cron spec (also too few or too many
// of them: ParseSchedule says so), or a day and a time in words.
func cronTokens(tokens []token) int {
	if len(tokens) == 0 {
		return 0
	}
	if strings.HasPrefix(tokens[0].key, "@") || strings.HasPrefix(tokens[0].key, "tz=") || strings.HasPrefix(tokens[0].key, "cron_tz=") {
		n := 1
		for n < len(tokens) && isCronField(tokens[n].key) {
			n++
		}
		return n
	}
	accepts := isCronField
	if isDayWord(tokens[0].key) || isTimeWord(tokens[0].key) {
		accepts = func(key string) bool { return isDayWord(key) || isTimeWord(key) }
	}
	n := 0
	for n < len(tokens) && accepts(tokens[n].key) {
		n++
	}
	return n
}

// isCronField reports whether key is written with what cron fields hold.
func isCronField(key string) bool {
	if key == "" {
		return false
	}
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return strings.ContainsRune(",-/", r) }) {
		if strings.Trim(part, "0123456789*?") == "" || slices.Contains(cronNames, part) {
			continue
		}
		return false
	}
	return true
}

var cronNames = []string{
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	"sun", "mon", "tue", "wed", "thu", "fri", "sat",
}

// isDayWord reports whether key names a day or says how often.
func isDayWord(key string) bool {
	key = strings.Trim(key, ",")
	from, to, span := strings.Cut(key, "-")
	_, ok := weekdayWord(from)
	if span && ok {
		_, ok = weekdayWord(to)
	}
	return ok || slices.Contains([]string{"every", "each", "on", "at", "and", "day", "days", "daily", "weekday", "weekdays", "weekly", "monthly"}, key)
}

// weekdayWord reads the name of a weekday as a cron field's number, 0 for
// Sunday: "mon", "tues", "Wednesdays".
func weekdayWord(key string) (int, bool) {
	for day, name := range []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} {
		key := strings.TrimSuffix(key, "s")
		if len(key) >= 3 && strings.HasPrefix(name, key) {
			return day, true
		}
	}
	return 0, false
}

// isTimeWord reports whether key is a time of day with a colon or am/pm.
func isTimeWord(key string) bool {
	_, _, ok := timeWord(key)
	return ok
}

// timeWord reads a time of day: "9:00", "09:30", "9am", "4:15pm". A plain
// number is none.
func timeWord(key string) (hour, minute int, ok bool) {
	clock, half := key, ""
	for _, suffix := range []string{"am", "pm", "h"} {
		if before, found := strings.CutSuffix(key, suffix); found {
			clock, half = before, suffix
		}
	}
	h, m, colon := strings.Cut(clock, ":")
	if !colon && half == "" {
		return 0, 0, false
	}
	hour, ok = twoDigits(h)
	if ok && colon {
		if minute, ok = twoDigits(m); len(m) != 2 {
			ok = false
		}
	}
	switch {
	case !ok || minute > 59 || hour > 23:
		return 0, 0, false
	case half == "am" || half == "pm":
		if hour < 1 || hour > 12 {
			return 0, 0, false
		}
		hour %= 12
		if half == "pm" {
			hour += 12
		}
	}
	return hour, minute, true
}

func twoDigits(s string) (int, bool) {
	if len(s) < 1 || len(s) > 2 {
		return 0, false
	}
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}
