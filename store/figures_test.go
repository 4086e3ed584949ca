package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/bot"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 4)
	now := monday.Add(time.Hour)
	due := func(key, platform string, at time.Time) {
		t.Helper()
		w.must(t, `insert into posts (board_id, key, kind, workspace_id, channel_ref, due_at, created_at)
			select board_id, $1, 'note', workspace_id, 'C1', $3, $4 from workspaces where platform = $2`, key, platform, at, monday)
	}
	due("a", "slack", now.Add(-10*time.Minute))
	due("b", "slack", now)
	due("later", "slack", now.Add(time.Second))
	due("gone", "slack", now.Add(-time.Hour))
	w.must(t, `update posts set gone_at = $1 where key = 'gone'`, monday)
	w.must(t, `update workspaces set gap_since = $1 where platform = 'discord'`, monday)
	w.must(t, `insert into channels (board_id, workspace_id, channel_ref, audience) values ($1, $2, 'C1', 'team'), ($1, $2, 'C2', 'team')`, w.board, w.slack.ID)
	for channel, next := range map[string]time.Time{"C1": now.Add(-6 * time.Minute), "C2": now.Add(-4 * time.Minute)} {
		w.must(t, `insert into schedules (board_id, workspace_id, channel_ref, spec, zone, next_at, created_at) values ($1, $2, $3, '0 9 * * 1', 'UTC', $4, $5)`,
			w.board, w.slack.ID, channel, next, monday)
	}

	want := bot.Figures{
		Posts:       []bot.PostFigures{{Platform: bot.Slack, Waiting: 2, Age: 10 * time.Minute}},
		Workspaces:  []bot.WorkspaceFigures{{Platform: bot.Discord, Active: 1, Gaps: 1}, {Platform: bot.Slack, Active: 1}},
		DigestsLate: 1,
	}
	got, err := w.store.Figures(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want - got +:\n%s", diff)
	}

	// Of a workspace that let Heed go nothing is waited for.
	w.must(t, `update workspaces set state = 'gone' where platform = 'slack'`)
	if got, err = w.store.Figures(t.Context(), now); err != nil || len(got.Posts) != 0 || len(got.Workspaces) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
