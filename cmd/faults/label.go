package main

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// ids are the parts of a path that differ from time to time: Discord's numbers and tokens.
var ids = regexp.MustCompile(`/(?:\d{15,}|[^/]{40,})`)

// control are the labels of statements that only begin or end a transaction.
var control = map[string]bool{"begin": true, "commit": true, "rollback": true}

// labelOf says what a round trip is, by the first bytes of its request: a statement's
// text for Postgres, the path for HTTP, without what differs from time to time.
func labelOf(data []byte) string {
	if method, rest, ok := bytes.Cut(data, []byte(" /")); ok && len(method) <= 6 && bytes.Equal(method, bytes.ToUpper(method)) {
		path, _, _ := bytes.Cut(rest, []byte(" "))
		path, _, _ = bytes.Cut(path, []byte("?"))
		return string(method) + " /" + ids.ReplaceAllString(string(path), "/…")
	}
	if len(data) < 6 {
		return "?"
	}
	var text []byte
	switch data[0] { // https://www.postgresql.org/docs/current/protocol-message-formats.html
	case 'Q':
		text = data[5:]
	case 'P':
		if _, after, ok := bytes.Cut(data[5:], []byte{0}); ok {
			text = after
		}
	default:
		return "connect"
	}
	text, _, _ = bytes.Cut(text, []byte{0})
	line := strings.Join(strings.Fields(string(text)), " ")
	first, _, _ := strings.Cut(strings.ToLower(line), " ")
	if first = strings.TrimSuffix(first, ";"); control[first] {
		return first
	}
	return line
}

// changes are what a statement that begins with "select" does nonetheless.
var changes = regexp.MustCompile(`_votes\(|nextval\(|pg_advisory|for (no key )?update|for share`)

// pointsOf are where a Heed is worth killing at a round trip: before it arrives and once it
// is done. To begin a transaction or to read does nothing: what is killed after it is
// killed before the next.
func pointsOf(label string) []point {
	switch {
	case strings.HasPrefix(label, "begin"), strings.HasPrefix(label, "rollback"):
		return nil
	case strings.HasPrefix(label, "select ") && !changes.MatchString(label):
		return []point{{label, false}}
	}
	return []point{{label, false}, {label, true}}
}

// String is the point for people.
func (p point) String() string {
	const most = 100
	when := "before "
	if p.answered {
		when = "after "
	}
	return when + strconv.Quote(p.label[:min(most, len(p.label))])
}
