package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heed/adapters/web"
	"heed/bot"
)

func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics answered %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func shows(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+text, "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	quiet := slog.New(slog.DiscardHandler)

	t.Run("what_is_told_is_counted_by_kind", func(t *testing.T) {
		t.Parallel()
		m := web.NewMetrics("1.2.3")
		h := m.Handler(quiet)
		shows(t, scrape(t, h), `heed_build_info{version="1.2.3"} 1`, `heed_digests_total{platform="slack",state="skipped"} 0`)
		m.Heard(bot.Slack, "vote")
		m.Acked(bot.Slack, "vote", bot.AckKept, 20*time.Millisecond)
		m.Acked(bot.Slack, "vote", bot.AckFailed, 4*time.Second)
		m.Grouped(3)
		m.Posted(bot.Discord, bot.PostCard, "")
		m.Posted(bot.Discord, bot.PostCard, bot.FaultForbidden)
		m.Froze(bot.Slack, bot.DigestSkipped)
		shows(t, scrape(t, h),
			`heed_events_total{kind="vote",platform="slack"} 1`,
			`heed_acks_total{kind="vote",outcome="kept",platform="slack"} 1`,
			`heed_acks_total{kind="vote",outcome="failed",platform="slack"} 1`,
			`heed_ack_seconds_bucket{kind="vote",platform="slack",le="0.02"} 1`,
			`heed_ack_seconds_bucket{kind="vote",platform="slack",le="3"} 1`,
			`heed_ack_seconds_count{kind="vote",platform="slack"} 2`,
			`heed_vote_group_size_sum 3`,
			`heed_posts_total{fault="",kind="card",outcome="shown",platform="discord"} 1`,
			`heed_posts_total{fault="forbidden",kind="card",outcome="failed",platform="discord"} 1`,
			`heed_digests_total{platform="slack",state="skipped"} 1`)
	})

	t.Run("a_platform_that_is_not_heard_shows", func(t *testing.T) {
		t.Parallel()
		h := web.NewMetrics("").Handler(quiet, web.NewHearing(func() map[bot.Platform]bool {
			return map[bot.Platform]bool{bot.Slack: true, bot.Discord: false}
		}))
		shows(t, scrape(t, h), `heed_platform_connected{platform="slack"} 1`, `heed_platform_connected{platform="discord"} 0`)
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	quiet := slog.New(slog.DiscardHandler)

	t.Run("what_waits_shows_and_nothing_waiting_is_zero", func(t *testing.T) {
		t.Parallel()
		h := web.NewMetrics("").Handler(quiet, web.NewFigures(func(context.Context) (bot.Figures, error) {
			return bot.Figures{
				Posts:       []bot.PostFigures{{Platform: bot.Slack, Waiting: 7, Age: 90 * time.Second}},
				Workspaces:  []bot.WorkspaceFigures{{Platform: bot.Slack, Active: 2, Gaps: 1}, {Platform: bot.Discord, Active: 1}},
				DigestsLate: 3,
			}, nil
		}, nil))
		shows(t, scrape(t, h), `heed_database_up 1`,
			`heed_posts_waiting{platform="slack"} 7`, `heed_post_queue_age_seconds{platform="slack"} 90`,
			`heed_posts_waiting{platform="discord"} 0`, `heed_post_queue_age_seconds{platform="discord"} 0`,
			`heed_workspaces{platform="slack"} 2`, `heed_gaps_open{platform="slack"} 1`, `heed_digests_late 3`)
	})

	t.Run("the_database_is_asked_once_in_five_seconds", func(t *testing.T) {
		t.Parallel()
		var asked int
		at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		h := web.NewMetrics("").Handler(quiet, web.NewFigures(func(context.Context) (bot.Figures, error) {
			asked++
			return bot.Figures{}, nil
		}, func() time.Time { return at }))
		for range 3 {
			scrape(t, h)
		}
		if asked != 1 {
			t.Errorf("three scrapes asked %d times", asked)
		}
		at = at.Add(5 * time.Second)
		scrape(t, h)
		if asked != 2 {
			t.Errorf("five seconds later it was asked %d times in all", asked)
		}
	})

	t.Run("a_database_that_hangs_is_given_two_seconds_and_the_rest_is_said", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			f := web.NewFigures(func(ctx context.Context) (bot.Figures, error) {
				<-ctx.Done()
				return bot.Figures{}, errors.New("postgres://heed:sesame@db")
			}, nil)
			began := time.Now()
			text := scrape(t, web.NewMetrics("").Handler(quiet, f))
			if waited := time.Since(began); waited != 2*time.Second {
				t.Errorf("it took %v", waited)
			}
			shows(t, text, `heed_database_up 0`, `heed_digests_total{platform="slack",state="sent"} 0`)
			for _, not := range []string{"sesame", "heed_posts_waiting", "heed_post_queue_age"} {
				if strings.Contains(text, not) {
					t.Errorf("%q is in\n%s", not, text)
				}
			}
			began = time.Now()
			scrape(t, web.NewMetrics("").Handler(quiet, f))
			if waited := time.Since(began); waited != 0 {
				t.Errorf("the next scrape waited %v for the same", waited)
			}
		})
	})
}
