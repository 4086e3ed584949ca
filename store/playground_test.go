package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

func TestPlayground(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)
	setup := func(t *testing.T) (*store.Store, bot.Workspace, bot.Workspace) {
		t.Helper()
		s := store.New(storetest.New(t))
		var ws [2]bot.Workspace
		for i, ref := range []string{"acme", "other"} {
			w, err := s.AttachWorkspace(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Playground, Ref: ref}, Name: ref}, now)
			if err != nil {
				t.Fatal(err)
			}
			ws[i] = w
		}
		return s, ws[0], ws[1]
	}
	all := func(ctx context.Context, t *testing.T, s *store.Store, w bot.Workspace) (out []string) {
		t.Helper()
		err := s.PlaygroundMessages(ctx, w.Board, w.ID, func(channel, message, doc string) error {
			out = append(out, channel+"/"+message+" "+doc)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}

	t.Run("messages_come_back_in_their_order_and_only_to_their_board", func(t *testing.T) {
		t.Parallel()
		s, acme, other := setup(t)
		for _, m := range [][3]string{{"support", "m0000010", "2"}, {"ideas", "m0000002", "1"}, {"support", "-room", "0"}, {"support", "m0000010", "3"}} {
			if err := s.KeepPlaygroundMessage(t.Context(), acme.Board, acme.ID, m[0], m[1], m[2]); err != nil {
				t.Fatal(err)
			}
		}
		want := "[support/-room 0 ideas/m0000002 1 support/m0000010 3]"
		if got := fmt.Sprint(all(t.Context(), t, s, acme)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := all(t.Context(), t, s, other); len(got) != 0 {
			t.Errorf("another board read %v", got)
		}
		for range 2 {
			if err := s.DropPlaygroundMessage(t.Context(), acme.Board, acme.ID, "support", "m0000010"); err != nil {
				t.Fatal(err)
			}
		}
		if got := all(t.Context(), t, s, acme); len(got) != 2 {
			t.Errorf("after the drop: %v", got)
		}
	})

	t.Run("words_are_data", func(t *testing.T) {
		t.Parallel()
		s, acme, _ := setup(t)
		doc := `{"words": "'; drop table items; -- <b> \" 🙂 é"}`
		if err := s.KeepPlaygroundMessage(t.Context(), acme.Board, acme.ID, "support", "m1", doc); err != nil {
			t.Fatal(err)
		}
		if got := all(t.Context(), t, s, acme); len(got) != 1 || got[0] != "support/m1 "+doc {
			t.Errorf("got %v", got)
		}
	})

	t.Run("latest_rows_of_an_empty_board_are_none", func(t *testing.T) {
		t.Parallel()
		s, acme, _ := setup(t)
		err := s.LatestRows(t.Context(), acme.Board, time.Time{}, func(table string, _ time.Time, _, _ []string) error {
			t.Errorf("a row of %s", table)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})

	t.Run("latest_rows_are_the_boards_own_newest_first", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 2)
		other, err := w.store.AttachWorkspace(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Playground, Ref: "other"}}, now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.store.CastVotes(t.Context(), monday.Add(time.Hour), []bot.Ballot{{
			Workspace: w.slack.Ref, Account: "U1", Item: w.items[1].Number, Place: bot.PlaceButton, Act: bot.Support, At: monday.Add(time.Hour), Audience: bot.Community,
		}})
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		var last time.Time
		err = w.store.LatestRows(t.Context(), w.board, monday.Add(-time.Hour), func(table string, at time.Time, columns, values []string) error {
			if len(columns) == 0 || len(columns) != len(values) {
				t.Errorf("%s has %d columns and %d values", table, len(columns), len(values))
			}
			if !last.IsZero() && at.After(last) {
				t.Errorf("%s at %v stands after %v", table, at, last)
			}
			tables, last = append(tables, table), at
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(tables) < 4 || tables[0] != "ballots" || tables[1] != "votes" {
			t.Errorf("got %v", tables)
		}
		for what, look := range map[string]func(func(string, time.Time, []string, []string) error) error{
			"another board": func(each func(string, time.Time, []string, []string) error) error {
				return w.store.LatestRows(t.Context(), other.Board, time.Time{}, each)
			},
			"a later time": func(each func(string, time.Time, []string, []string) error) error {
				return w.store.LatestRows(t.Context(), w.board, monday.Add(2*time.Hour), each)
			},
		} {
			if err := look(func(table string, _ time.Time, _, values []string) error {
				t.Errorf("%s sees a row of %s: %v", what, table, values)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
