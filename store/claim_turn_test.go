package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/bot"
)

// TestClaimPosts holds the dispatcher's choice to its fairness.
func TestClaimPosts(t *testing.T) {
	t.Parallel()
	pace := map[bot.Platform]bot.Pace{bot.Slack: {Channel: time.Hour, Post: time.Hour, Change: time.Hour, Burst: 2}}

	// due are posts that wait in a channel of a workspace, never shown.
	due := func(t *testing.T, w *votesWorld, at bot.Workspace, channel string, n int) {
		t.Helper()
		w.must(t, `insert into posts (board_id, key, kind, workspace_id, channel_ref, due_at, created_at)
			select $1, 'digest:' || $2 || ':' || $3 || ':' || n, 'digest', $2::bigint, $3, $4, $4 from generate_series(1, $5::integer) n`, at.Board, int64(at.ID), channel, monday, n)
	}
	claim := func(t *testing.T, w *votesWorld, limit int) (at []string) {
		t.Helper()
		claims, err := w.store.ClaimPosts(t.Context(), monday, limit, time.Minute, pace)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range claims {
			at = append(at, fmt.Sprintf("%d %s", c.Workspace, c.Channel))
		}
		slices.Sort(at)
		return at
	}
	other := func(t *testing.T, w *votesWorld, ref string) bot.Workspace {
		t.Helper()
		at, err := w.store.AttachWorkspace(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: ref}, Name: ref}, monday)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}

	t.Run("a_backlog_holds_up_no_other_channel_and_no_other_workspace", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 0)
		second := other(t, w, "T2")
		due(t, w, w.slack, "C1", 3000)
		w.must(t, `update posts set due_at = due_at - interval '1 hour'`) // older than all others
		due(t, w, w.slack, "C2", 1)
		due(t, w, second, "C9", 1)
		want := []string{fmt.Sprintf("%d C1", w.slack.ID), fmt.Sprintf("%d C2", w.slack.ID), fmt.Sprintf("%d C9", second.ID)}
		if got := claim(t, w, 10); !slices.Equal(got, want) {
			t.Errorf("claimed %v, want %v", got, want)
		}
		if got := claim(t, w, 10); len(got) != 0 {
			t.Errorf("claimed %v ahead of their pace", got)
		}
	})

	t.Run("workspaces_take_turns_where_more_is_due_than_may_be_claimed", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 0)
		all := []bot.Workspace{w.slack, other(t, w, "T2"), other(t, w, "T3")}
		for _, at := range all {
			due(t, w, at, "C1", 1)
			due(t, w, at, "C2", 1)
		}
		var got []string
		for range 6 {
			got = append(got, claim(t, w, 1)...)
		}
		if len(got) != 6 || got[0] == got[1] || got[1][:1] == got[2][:1] || got[0][:1] == got[1][:1] {
			t.Errorf("claimed %v: no turns", got)
		}
	})

	t.Run("of_one_workspace_the_oldest_goes_first_whatever_the_name_of_its_channel", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 0)
		for _, channel := range []string{"C1", "C2", "C3"} {
			due(t, w, w.slack, channel, 1)
		}
		w.must(t, `update posts set due_at = due_at - interval '1 minute' where channel_ref in ('C2', 'C3')`)
		want := []string{fmt.Sprintf("%d C2", w.slack.ID), fmt.Sprintf("%d C3", w.slack.ID)}
		if got := claim(t, w, 10); !slices.Equal(got, want) {
			t.Errorf("claimed %v, want the burst of two oldest, %v", got, want)
		}
	})

	t.Run("a_channels_rest_counts_from_the_end_of_its_send", func(t *testing.T) {
		t.Parallel()
		w := newVotesWorld(t, 0)
		due(t, w, w.slack, "C1", 2)
		claims, err := w.store.ClaimPosts(t.Context(), monday, 1, time.Minute, pace)
		if err != nil || len(claims) != 1 {
			t.Fatalf("%d claims, %v", len(claims), err)
		}
		w.must(t, `update lanes set next_at = clock_timestamp()`) // the answer took longer than the pace
		if _, err := w.store.SettlePost(t.Context(), claims[0], bot.Shown{Version: 1, Sent: bot.Sent{Channel: "C1", Message: "1.1"}}); err != nil {
			t.Fatal(err)
		}
		if got := claim(t, w, 1); len(got) != 0 {
			t.Errorf("claimed %v right after a send came to its end", got)
		}
	})
}
