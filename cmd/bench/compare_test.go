package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/cmd/internal/scorecard"
)

func figure(name string, sense scorecard.Sense, bound float64, values ...float64) scorecard.Figure {
	return scorecard.Figure{Name: name, Unit: "ms", Values: values, Goal: scorecard.Goal{Sense: sense, Bound: bound}}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, now scorecard.Figure
		want        string
	}{
		"a_little_more_is_noise":          {figure("f", scorecard.AtMost, 30, 20), figure("f", scorecard.AtMost, 30, 21), "within its spread"},
		"what_spreads_widely_has_to_move": {figure("f", scorecard.AtMost, 30, 10, 15, 28), figure("f", scorecard.AtMost, 30, 25), "within its spread"},
		"more_is_worse_where_less_is":     {figure("f", scorecard.AtMost, 30, 10), figure("f", scorecard.AtMost, 30, 20), "WORSE"},
		"and_better_where_more_is":        {figure("f", scorecard.AtLeast, 30, 40), figure("f", scorecard.AtLeast, 30, 60), "better"},
		"a_goal_that_is_lost_is_said":     {figure("f", scorecard.AtLeast, 30, 40), figure("f", scorecard.AtLeast, 30, 20), "WORSE, its goal is missed now"},
		"without_a_goal_it_just_moves":    {figure("f", scorecard.None, 0, 40), figure("f", scorecard.None, 0, 20), "moved"},
		"none_of_anything_stays_none":     {figure("f", scorecard.AtMost, 0, 0), figure("f", scorecard.AtMost, 0, 0), "within its spread"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := moved(c.before, c.now); got != c.want {
				t.Errorf("it says %q, want %q", got, c.want)
			}
		})
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	page := "# Speed\n" + pageBegin + "\nof yesterday\n" + pageEnd + "\nHow.\n"
	if err := os.WriteFile(filepath.Join(folder, pageFile), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(line string, f scorecard.Figure) record {
		return record{At: time.Unix(0, 0).UTC(), Lines: []scorecard.Result{{Line: line, Figures: []scorecard.Figure{f}}}}
	}
	for _, r := range []record{run("storm", figure("late & long", scorecard.AtMost, 3, 9)), run("votes", figure("fast", scorecard.AtLeast, 1, 2))} {
		if err := keep(folder, r); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := readRecord(filepath.Join(folder, recordFile))
	if err != nil || len(kept.Lines) != 2 || kept.Lines[0].Line != "votes" {
		t.Errorf("kept %v, %v; want the lines of both runs, in the table's order", kept.Lines, err)
	}
	written, err := os.ReadFile(filepath.Join(folder, pageFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Speed", "| storm | late & long | 9 ms | ≤ 3 ms | **short** |", "| votes | fast | 2 ms | ≥ 1 ms | holds |", "How."} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
	if strings.Contains(string(written), "yesterday") {
		t.Errorf("the figures of before still stand in\n%s", written)
	}
	drawn, err := os.ReadFile(filepath.Join(folder, pictureFile))
	if err != nil || !strings.Contains(string(drawn), "short") {
		t.Errorf("the picture does not say what is short, %v", err)
	}
	for d := xml.NewDecoder(strings.NewReader(string(drawn))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	calls := func(method string, gap time.Duration, n int) (out []slackfake.Call) {
		for i := range n {
			out = append(out, slackfake.Call{Method: method, Team: "T1", Time: at.Add(time.Duration(i) * gap), Args: map[string]string{"channel": "C1"}, OK: true})
		}
		return out
	}
	for name, c := range map[string]struct {
		calls []slackfake.Call
		over  bool
	}{
		"a_message_a_second_is_well":             {calls("chat.postMessage", time.Second, 100), false},
		"a_little_less_is_not":                   {calls("chat.postMessage", 999*time.Millisecond, 2), true},
		"an_edit_is_a_message_too":               {append(calls("chat.postMessage", time.Second, 1), calls("chat.update", time.Second, 1)...), true},
		"fifty_edits_a_minute_are_well":          {calls("chat.update", 1200*time.Millisecond, 200), false},
		"fifty_one_in_any_minute_are_not":        {calls("chat.update", 1150*time.Millisecond, 60), true},
		"what_slack_refused_was_beyond_a_limit":  {[]slackfake.Call{{Method: "users.info", Error: "ratelimited"}}, true},
		"a_method_without_a_tier_is_not_counted": {calls("chat.getPermalink", time.Millisecond, 500), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := overLimits(c.calls); (len(got) > 0) != c.over {
				t.Errorf("it says %v", got)
			}
		})
	}
}
