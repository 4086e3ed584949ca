package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"

	"heed/cmd/internal/scorecard"
)

// usualSpread is what a figure that was measured once may differ by from run to run, as
// a part of it: machines breathe.
const usualSpread = 0.10

// compare writes what moved between two records, figure by figure: how much, and
// whether that is more than the figures move by themselves.
func compare(out io.Writer, before, now record) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	say("before: %s, %s, on %s", before.Commit, before.At.Format("2006-01-02"), before.Machine)
	say("now:    %s, %s, on %s", now.Commit, now.At.Format("2006-01-02"), now.Machine)
	if before.Machine.CPU != now.Machine.CPU || before.Machine.Cores != now.Machine.Cores {
		say("These are different machines: only the figures that are ratios (×) can be compared.")
	}
	say("")
	say("line\tfigure\tbefore\tnow\tmoved\t")
	for _, l := range now.Lines {
		i := slices.IndexFunc(before.Lines, func(b scorecard.Result) bool { return b.Line == l.Line })
		var old []scorecard.Figure
		if i >= 0 {
			old = before.Lines[i].Figures
		}
		for _, f := range l.Figures {
			j := slices.IndexFunc(old, func(o scorecard.Figure) bool { return o.Name == f.Name })
			if j < 0 {
				say("%s\t%s\t-\t%s\t\tnew", l.Line, f.Name, ranged(f))
				continue
			}
			say("%s\t%s\t%s\t%s\t%s\t%s", l.Line, f.Name, ranged(old[j]), ranged(f), percent(old[j], f), moved(old[j], f))
			old = slices.Delete(slices.Clone(old), j, j+1)
		}
		for _, f := range old {
			say("%s\t%s\t%s\t-\t\tno longer measured", l.Line, f.Name, ranged(f))
		}
	}
	return w.Flush()
}

// ranged is a figure with its spread.
func ranged(f scorecard.Figure) string {
	if len(f.Values) < 2 {
		return scorecard.With(f.Value(), f.Unit)
	}
	return fmt.Sprintf("%s (%s to %s)", scorecard.With(f.Value(), f.Unit), scorecard.Number(slices.Min(f.Values)), scorecard.Number(slices.Max(f.Values)))
}

func percent(before, now scorecard.Figure) string {
	if before.Value() == 0 {
		return ""
	}
	return fmt.Sprintf("%+.0f %%", (now.Value()-before.Value())/math.Abs(before.Value())*100)
}

// moved says whether a figure became better or worse by more than it moves by itself.
func moved(before, now scorecard.Figure) string {
	lowBefore, highBefore := spreadOf(before)
	lowNow, highNow := spreadOf(now)
	if lowNow <= highBefore && lowBefore <= highNow {
		return "within its spread"
	}
	word := "moved"
	if up := now.Value() > before.Value(); now.Goal.Sense != scorecard.None {
		word = "WORSE"
		if up == (now.Goal.Sense == scorecard.AtLeast) {
			word = "better"
		}
	}
	if before.Holds() && !now.Holds() {
		word += ", its goal is missed now"
	}
	return word
}

// spreadOf is between which values a figure lies: those that were measured, and at least
// the usual spread around the middle.
func spreadOf(f scorecard.Figure) (low, high float64) {
	around := math.Abs(f.Value()) * usualSpread / 2
	low, high = f.Value()-around, f.Value()+around
	if len(f.Values) > 0 {
		low, high = min(low, slices.Min(f.Values)), max(high, slices.Max(f.Values))
	}
	return low, high
}
