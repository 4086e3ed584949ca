package bot

import "strings"

// FindingState is how bad a finding is.
type FindingState string

// The states of a finding.
const (
	FoundWell    FindingState = "well"
	FoundHint    FindingState = "hint"    // it could be better and harms nothing
	FoundProblem FindingState = "problem" // somebody should mend it; the words say how
)

// Finding is one thing that the doctor looked at. Area and Check name it for programs and
// stay the same from version to version; the words are for people.
type Finding struct {
	Area      string // configuration, database, clock, address, workspace, board
	Check     string // what was looked at: token, scopes, channels, posts, …
	Workspace string // "slack:T123"; "" where it is of no one workspace
	State     FindingState
	Text      Text
}

// Plain is a finding's words.
func (f Finding) Plain() string { return strings.TrimSpace(Doc{Para{f.Text}}.Plain()) }

// line is a finding as a chat shows it: the sign is a word to who hears it read out.
func (f Finding) line() Block {
	sign := map[FindingState]string{FoundWell: "✅ ", FoundHint: "💡 ", FoundProblem: "⚠️ "}[f.State]
	return Para{append(Literal(sign), f.Text...)}
}

// findings collects what one look finds, under the area, workspace and check that it is at.
type findings struct {
	area, check, workspace string
	all                    []Finding
}

// at says what is looked at from now on.
func (f *findings) at(area, check string) { f.area, f.check = area, check }

func (f *findings) add(state FindingState, format string, args []any) {
	f.all = append(f.all, Finding{f.area, f.check, f.workspace, state, Textf(format, args...)})
}

func (f *findings) well(format string, args ...any) { f.add(FoundWell, format, args) }

// wrong is a problem, told with what mends it.
func (f *findings) wrong(format string, args ...any) { f.add(FoundProblem, format, args) }

// hint is what could be better and harms nothing.
func (f *findings) hint(format string, args ...any) { f.add(FoundHint, format, args) }

// Problems counts what somebody should mend.
func Problems(all []Finding) (n int) {
	for _, f := range all {
		if f.State == FoundProblem {
			n++
		}
	}
	return n
}

// wholeDoc tells all that was found.
func wholeDoc(all []Finding) Doc {
	doc := Doc{foundHeading(all)}
	for _, f := range all {
		doc = append(doc, f.line())
	}
	return doc
}

// briefDoc tells what is to be mended, and that the rest is well.
func briefDoc(all []Finding) Doc {
	doc := Doc{foundHeading(all)}
	for _, f := range all {
		if f.State == FoundProblem {
			doc = append(doc, f.line())
		}
	}
	hints, well := 0, len(all)-Problems(all)
	for _, f := range all {
		if f.State == FoundHint {
			hints++
		}
	}
	rest := Textf("✅ I looked at %s: channels, roles, digests, and all that waits to be sent.", plural(len(all), "thing"))
	if well < len(all) {
		rest = Textf("✅ All else is well: %s.", plural(well-hints, "thing"))
	}
	if hints > 0 {
		rest = append(rest, Textf(" 💡 %s could be better.", plural(hints, "thing"))...)
	}
	return append(doc, Para{rest})
}

func foundHeading(all []Finding) Heading {
	if n := Problems(all); n > 0 {
		return Heading{plural(n, "thing") + " to mend"}
	}
	return Heading{"All is well"}
}
