package main

import (
	"fmt"
	"slices"
	"strings"
)

// orders: of the titles and statuses that were set one after another the last
// acknowledged one is in effect, or one whose outcome is not known.
func (c *checker) orders() {
	type key struct {
		team   string
		number int
		what   string
	}
	may := map[key][]string{}
	for _, a := range c.acts {
		if a.Kind != ordered || a.Verdict == refused {
			continue
		}
		what, number, value, ok := readOrder(a.Words)
		if !ok {
			continue
		}
		at := key{a.Team, number, what}
		if a.Verdict == kept {
			may[at] = nil
		} else if len(may[at]) == 0 {
			may[at] = []string{""} // as it was, which is not looked up
		}
		may[at] = append(may[at], value)
	}
	shipping := map[itemKey]bool{}
	for _, x := range c.s.Announced {
		shipping[itemKey{x.Board, x.Item}] = true
	}
	for _, it := range c.s.Items {
		for what, is := range map[string]string{"retitle": it.Title, "status": it.Status} {
			values := may[key{it.Team, it.Number, what}]
			if len(values) == 0 || slices.Contains(values, "") || what == "status" && shipping[itemKey{it.Board, it.Item}] {
				continue
			}
			if !slices.Contains(values, is) {
				c.find(lost, "the %s of #%d of board %d is %q, acknowledged was %q", what, it.Number, it.Board, is, values)
			}
		}
	}
}

// readOrder reads "retitle 5 words" and "status 5 under review".
func readOrder(words string) (what string, number int, value string, ok bool) {
	fields := strings.Fields(words)
	if len(fields) < 3 || fields[0] != "retitle" && fields[0] != "status" {
		return "", 0, "", false
	}
	if _, err := fmt.Sscan(fields[1], &number); err != nil {
		return "", 0, "", false
	}
	if fields[0] == "status" {
		return fields[0], number, strings.Join(fields[2:], "_"), true
	}
	return fields[0], number, strings.Join(fields[2:], " "), true
}
