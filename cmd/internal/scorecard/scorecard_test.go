package scorecard

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	t.Parallel()

	t.Run("a_line_that_fails_stands_in_the_table_and_the_others_run", func(t *testing.T) {
		t.Parallel()
		results := Run(t.Context(), []Line{
			{Name: "first", Run: func(context.Context, func(string, ...any)) ([]Figure, error) {
				return []Figure{Of("lost", 1, "", AtMost, 0)}, errors.New("no server")
			}},
			{Name: "second", Run: func(context.Context, func(string, ...any)) ([]Figure, error) {
				return []Figure{Of("speed", 6753.4, "votes/s", AtLeast, 3000)}, nil
			}},
		}, io.Discard)
		var table strings.Builder
		if err := Print(&table, results); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"BROKEN: no server", "SHORT", "6,753 votes/s", "≥ 3,000 votes/s", "ok"} {
			if !strings.Contains(table.String(), want) {
				t.Errorf("no %q in\n%s", want, table.String())
			}
		}
		if results[0].Good() || !results[1].Good() {
			t.Errorf("the first is good: %v, the second: %v", results[0].Good(), results[1].Good())
		}
	})

	t.Run("a_figure_that_was_never_measured_meets_no_goal", func(t *testing.T) {
		t.Parallel()
		for _, sense := range []Sense{AtLeast, AtMost} {
			if (Figure{Goal: Goal{Sense: sense}}).Holds() {
				t.Errorf("nothing %s 0 holds", sense)
			}
		}
	})

	t.Run("several_runs_show_their_median_and_spread", func(t *testing.T) {
		t.Parallel()
		f := Figure{Values: []float64{3, 1, 2.5, 12}}
		if f.Value() != 2.75 || f.measured() != "2.75 (1 to 12)" {
			t.Errorf("the median is %v, it reads %q", f.Value(), f.measured())
		}
	})

	t.Run("an_unknown_line_is_told_with_the_known_ones", func(t *testing.T) {
		t.Parallel()
		lines := []Line{{Name: "votes"}, {Name: "growth"}}
		if _, err := Choose(lines, "vote"); err == nil || !strings.Contains(err.Error(), "votes, growth") {
			t.Errorf("it says %v", err)
		}
		if got, err := Choose(lines, "growth"); err != nil || len(got) != 1 || got[0].Name != "growth" {
			t.Errorf("it chose %v, %v", got, err)
		}
	})
}
