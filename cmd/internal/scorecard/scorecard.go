// Package scorecard runs measurements and prints what they gave beside what was wanted.
package scorecard

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Line is one promise that is measured: it may give several figures.
type Line struct {
	Name  string // one word, for -only
	About string // what is promised, in a sentence
	// Run measures. It tells of its progress with say, a short line a step. The figures it
	// answers stand in the table also when it ends with an error.
	Run func(ctx context.Context, say func(format string, args ...any)) ([]Figure, error)
}

// Figure is one thing that was measured.
type Figure struct {
	Name   string    `json:"name"`   // what: "10,000 items, 64 clients"
	Unit   string    `json:"unit"`   // "×", "ms", "MB", "votes/s"; "" for a count
	Values []float64 `json:"values"` // one a run, at least one
	Goal   Goal      `json:"goal"`
	Note   string    `json:"note,omitempty"` // what a reader must know beside it
}

// Value is the median of what was measured; 0 where nothing was.
func (f Figure) Value() float64 {
	if len(f.Values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(f.Values))
	if n := len(sorted); n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[len(sorted)/2]
}

// Holds says whether the goal is met.
func (f Figure) Holds() bool {
	switch f.Goal.Sense {
	case AtLeast:
		return len(f.Values) > 0 && f.Value() >= f.Goal.Bound
	case AtMost:
		return len(f.Values) > 0 && f.Value() <= f.Goal.Bound
	}
	return true
}

// Goal is what a figure should be.
type Goal struct {
	Sense Sense   `json:"sense"`
	Bound float64 `json:"bound"`
}

// Sense is on which side of its bound a figure should be.
type Sense string

// The senses of a goal.
const (
	None    Sense = ""   // it is told for comparison
	AtLeast Sense = ">=" // the bound or more
	AtMost  Sense = "<=" // the bound or less
)

// Of is a figure that was measured once.
func Of(name string, value float64, unit string, sense Sense, bound float64) Figure {
	return Figure{Name: name, Unit: unit, Values: []float64{value}, Goal: Goal{Sense: sense, Bound: bound}}
}

// Result is what became of a line.
type Result struct {
	Line    string        `json:"line"`
	Figures []Figure      `json:"figures"`
	Took    time.Duration `json:"took"`
	Err     error         `json:"-"`
}

// Good says whether the line ran to its end and met every goal.
func (r Result) Good() bool {
	return r.Err == nil && !slices.ContainsFunc(r.Figures, func(f Figure) bool { return !f.Holds() })
}

// Choose answers the lines of these names, separated by commas; all of them for "". An
// unknown name is an error that lists the known ones.
func Choose(lines []Line, only string) ([]Line, error) {
	if only == "" {
		return lines, nil
	}
	var chosen []Line
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(lines, func(l Line) bool { return l.Name == strings.TrimSpace(name) })
		if i < 0 {
			var known []string
			for _, l := range lines {
				known = append(known, l.Name)
			}
			return nil, fmt.Errorf("there is no line %q; there are %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, lines[i])
	}
	return chosen, nil
}

// Run runs the lines one after another, telling progress. A line that fails does not keep
// the others from running; one that was not begun when ctx ended has its error.
func Run(ctx context.Context, lines []Line, progress io.Writer) []Result {
	results := make([]Result, 0, len(lines))
	for i, l := range lines {
		start := time.Now()
		say := func(format string, args ...any) {
			_, _ = fmt.Fprintf(progress, "[%d/%d %s %4.0fs] %s\n", i+1, len(lines), l.Name, time.Since(start).Seconds(), fmt.Sprintf(format, args...))
		}
		say("%s", l.About)
		r := Result{Line: l.Name, Err: ctx.Err()}
		if r.Err == nil {
			r.Figures, r.Err = l.Run(ctx, say)
		}
		r.Took = time.Since(start)
		results = append(results, r)
	}
	return results
}

// Print writes the table of all figures.
func Print(w io.Writer, results []Result) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "line\tfigure\tmeasured\tgoal\t"); err != nil {
		return err
	}
	for _, r := range results {
		for _, f := range r.Figures {
			if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", r.Line, f.Name, f.measured(), f.Goal.text(f.Unit), f.verdict()); err != nil {
				return err
			}
		}
		if r.Err != nil {
			if _, err := fmt.Fprintf(out, "%s\t-\t-\t-\tBROKEN: %s\n", r.Line, strings.ReplaceAll(r.Err.Error(), "\n", "; ")); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func (f Figure) measured() string {
	if len(f.Values) == 0 {
		return "-"
	}
	text := With(f.Value(), f.Unit)
	if len(f.Values) > 1 {
		text += fmt.Sprintf(" (%s to %s)", Number(slices.Min(f.Values)), Number(slices.Max(f.Values)))
	}
	return text
}

func (f Figure) verdict() string {
	text := ""
	switch {
	case f.Goal.Sense == None:
	case f.Holds():
		text = "ok"
	default:
		text = "SHORT"
	}
	if f.Note != "" {
		text = strings.TrimLeft(text+"; "+f.Note, "; ")
	}
	return text
}

func (g Goal) text(unit string) string {
	switch g.Sense {
	case AtLeast:
		return "≥ " + With(g.Bound, unit)
	case AtMost:
		return "≤ " + With(g.Bound, unit)
	}
	return "-"
}

// With is a number and its unit: "2.41 ×".
func With(v float64, unit string) string { return strings.TrimSpace(Number(v) + " " + unit) }

// Number writes three digits that say something: "0.43", "12.5", "6,753".
func Number(v float64) string {
	switch {
	case v == float64(int64(v)) && v > -1000 && v < 1000:
		return strconv.FormatInt(int64(v), 10)
	case v < 10 && v > -10:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v < 100 && v > -100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
