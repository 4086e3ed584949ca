package bot

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// cronField is one of the five fields, with its bounds for people.
type cronField struct{ name, bounds string }

var cronFieldNames = []cronField{
	{"minute", "0 to 59"}, {"hour", "0 to 23"}, {"day of the month", "1 to 31"},
	{"month", "1 to 12, or jan to dec"}, {"weekday", "0 to 6 with Sunday as 0, or mon to sun"},
}

var cronDescriptors = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 9 * * *", "@weekly": DefaultSchedule, "@monthly": "0 9 1 * *",
	"@yearly": "0 9 1 1 *", "@annually": "0 9 1 1 *", "@midnight": "0 0 * * *",
}

// cronFields turns a time as typed into five fields, unchecked.
func cronFields(spec string) ([]string, error) {
	unclear := func(format string, args ...any) error {
		return &Unclear{Said: spec, Problem: fmt.Sprintf(format, args...)}
	}
	words := strings.Fields(matchKey(spec))
	if len(words) == 0 {
		words = strings.Fields(DefaultSchedule)
	}
	first := words[0]
	switch {
	case strings.HasPrefix(first, "tz=") || strings.HasPrefix(first, "cron_tz="):
		return nil, unclear("The time zone comes last, by its name: 0 9 * * 1 Europe/Berlin.")
	case first == "@every":
		return nil, unclear("“@every” drifts through the day. Say when instead: daily 9:00, or 0 9 * * 1-5.")
	case strings.HasPrefix(first, "@"):
		fields, ok := cronDescriptors[first]
		if !ok || len(words) > 1 {
			return nil, unclear("I don't know “%s”. There is @hourly, @daily, @weekly and @monthly.", Excerpt(strings.Join(words, " "), 40))
		}
		return strings.Fields(fields), nil
	case isDayWord(first), isTimeWord(first), !isCronField(first):
		if fields, ok := plainTime(words); ok {
			return fields, nil
		}
		return nil, unclear("I don't understand “%s” as a time. Say a day and a time, such as mondays 9:00, or a cron spec: 0 9 * * 1.", Excerpt(spec, 40))
	case len(words) == 6:
		return nil, unclear("A cron spec has five fields here, without seconds: minute, hour, day, month, weekday.")
	case len(words) != 5:
		return nil, unclear("A cron spec has five fields (minute, hour, day, month, weekday) and this one has %d. Mondays at nine: 0 9 * * 1.", len(words))
	}
	words[4] = sundayAsZero(words[4])
	return words, nil
}

// sundayAsZero rewrites 7, which most crons take for Sunday, in a weekday
// field.
func sundayAsZero(field string) string {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		from, seven := strings.CutSuffix(part, "-7")
		switch {
		case part == "7":
			parts[i] = "0"
		case seven && from == "6":
			parts[i] = "6,0"
		case seven && len(from) == 1 && from >= "1" && from < "6":
			parts[i] = from + "-6,0"
		}
	}
	return strings.Join(parts, ",")
}

// plainTime reads a day and a time in words: "mondays 9:00", "every weekday at
// 8:30", "mon and thu 16:00", "daily 9am". Without a time it is nine o'clock,
// without a day every day.
func plainTime(words []string) ([]string, bool) {
	var days []string
	hour, minute, timed := 9, 0, false
	dom := "*"
	for _, word := range words {
		word = strings.Trim(word, ",")
		if h, m, ok := timeWord(word); ok {
			if timed {
				return nil, false
			}
			hour, minute, timed = h, m, true
			continue
		}
		if from, to, ok := strings.Cut(word, "-"); ok {
			a, okA := weekdayWord(from)
			b, okB := weekdayWord(to)
			if !okA || !okB {
				return nil, false
			}
			for d := a; ; d = (d + 1) % 7 {
				days = append(days, strconv.Itoa(d))
				if d == b {
					break
				}
			}
			continue
		}
		if d, ok := weekdayWord(word); ok {
			days = append(days, strconv.Itoa(d))
			continue
		}
		switch word {
		case "every", "each", "on", "at", "and", "day", "days", "daily", "":
		case "weekday", "weekdays":
			days = append(days, "1", "2", "3", "4", "5")
		case "weekly":
			days = append(days, "1")
		case "monthly":
			dom = "1"
		default:
			return nil, false
		}
	}
	dow := "*"
	if len(days) > 0 {
		slices.Sort(days)
		dow = strings.Join(slices.Compact(days), ",")
		if dow == "1,2,3,4,5" {
			dow = "1-5"
		}
	}
	if dom != "*" && dow != "*" {
		return nil, false
	}
	return []string{strconv.Itoa(minute), strconv.Itoa(hour), dom, "*", dow}, true
}

// newSchedule checks five fields and puts them together.
func newSchedule(fields []string, zone string, loc *time.Location) (Schedule, error) {
	spec := strings.Join(fields, " ")
	unclear := func(format string, args ...any) (Schedule, error) {
		return Schedule{}, &Unclear{Said: spec, Problem: fmt.Sprintf(format, args...)}
	}
	for i, field := range fields {
		alone := []string{"*", "*", "*", "*", "*"}
		alone[i] = field
		if parsed, ok := parseCron(strings.Join(alone, " ")); !ok || nextWall(parsed, aLeapYear).IsZero() {
			return unclear("The %s “%s” doesn't work: it is %s.", cronFieldNames[i].name, Excerpt(field, 20), cronFieldNames[i].bounds)
		}
	}
	parsed, ok := parseCron(spec)
	if !ok {
		return unclear("I don't understand the cron spec “%s”. Mondays at nine: 0 9 * * 1.", Excerpt(spec, 40))
	}
	if nextWall(parsed, aLeapYear).IsZero() {
		return unclear("“%s” never comes: no month that it names has such a day.", Excerpt(spec, 40))
	}
	if bits.OnesCount64(parsed.Minute<<1) > 1 { // without the mark for *
		return unclear("“%s” comes more often than once an hour, and nobody would read that. Give one minute: 0 9 * * 1-5 is weekdays at nine.", Excerpt(spec, 40))
	}
	return Schedule{spec: spec, zone: zone, loc: loc, cron: parsed}, nil
}

// aLeapYear begins four years in which every day of the calendar comes.
var aLeapYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// parseCron parses five fields for a wall clock without gaps. The library
// panics on some input that is no spec; that counts as not ok.
func parseCron(spec string) (parsed *cron.SpecSchedule, ok bool) {
	defer func() {
		if recover() != nil {
			parsed, ok = nil, false
		}
	}()
	s, err := fiveFields.Parse(spec)
	if err != nil {
		return nil, false
	}
	parsed, ok = s.(*cron.SpecSchedule)
	if ok {
		parsed.Location = time.UTC
	}
	return parsed, ok
}
