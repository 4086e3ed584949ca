package bot

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
)

func TestEvent(t *testing.T) {
	t.Parallel()

	t.Run("ids_are_short_and_differ", func(t *testing.T) {
		t.Parallel()
		seen := map[string]bool{}
		for range 10_000 {
			id := NewEvent()
			if len(id) != 10 || strings.Trim(id, eventLetters) != "" || seen[id] {
				t.Fatalf("%q", id)
			}
			seen[id] = true
		}
	})

	t.Run("what_is_delivered_again_has_the_same", func(t *testing.T) {
		t.Parallel()
		if a, again, other := EventOfKey("Ev1"), EventOfKey("Ev1"), EventOfKey("Ev2"); a != again || a == other {
			t.Errorf("%q, again %q, another's %q", a, again, other)
		}
		if a, b := EventOfKey(""), EventOfKey(""); a == b {
			t.Error("two without a key are one")
		}
	})

	t.Run("votes_of_one_commit_are_one_line_with_the_event_and_item_of_each", func(t *testing.T) {
		t.Parallel()
		var out bytes.Buffer
		b := &Bot{log: slog.New(slog.NewTextHandler(&out, nil))}
		ballots := []Ballot{{Event: "aaa", Account: "U1"}, {Event: "bbb", Account: "U2"}, {Event: "ccc", Account: "U3"}}
		b.sayVotes(context.Background(), ballots, []Cast{
			{Outcome: CastRecorded, Changed: true, Board: 1, Item: 7, Title: "Dark mode"}, {Outcome: CastNoTarget}, {Outcome: CastStale, Board: 1, Item: 8},
		})
		if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `ballots=2 changed=1 events="aaa ccc" items="1/7 1/8"`) ||
			strings.Contains(text, "Dark") || strings.Contains(text, "U1") {
			t.Error(text)
		}
		out.Reset()
		b.sayVotes(context.Background(), ballots[1:2], []Cast{{Outcome: CastNoTarget}})
		if out.Len() > 0 {
			t.Errorf("a reaction on nothing of Heed's is worth a line: %s", out.String())
		}
	})
}
