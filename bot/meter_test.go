package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"heed/bot"
)

func TestAckOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want bot.AckOutcome
	}{
		"committed":                                {nil, bot.AckKept},
		"a_refusal_was_understood_and_answered":    {fmt.Errorf("ship: %w", bot.Refuse(bot.Forbidden, bot.Sayf("no"))), bot.AckKept},
		"of_a_workspace_that_heed_is_not_in":       {fmt.Errorf("vote: %w", bot.ErrUnattached), bot.AckKept},
		"the_database_failed":                      {errors.New("connection refused"), bot.AckFailed},
		"too_late_to_say_that_it_was":              {bot.ErrLate, bot.AckFailed},
		"more_is_under_way_than_can_be_done":       {fmt.Errorf("vote: %w", bot.ErrBusy), bot.AckShed},
		"a_defect":                                 {bot.ErrBroken, bot.AckFailed},
		"the_request_was_given_up_by_its_platform": {context.DeadlineExceeded, bot.AckFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := bot.AckOf(c.err); got != c.want {
				t.Errorf("%v counts as %s", c.err, got)
			}
		})
	}
}

// tally is a Meter that remembers what it was told.
type tally struct {
	bot.NoMeter
	mu   sync.Mutex
	told []string
}

func (m *tally) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told = append(m.told, fmt.Sprintf(format, args...))
}

func (m *tally) Posted(p bot.Platform, kind bot.PostKind, fault bot.FaultKind) {
	m.note("%s %s %q", p, kind, fault)
}

func TestMeter(t *testing.T) {
	t.Parallel()
	metered := func(t *testing.T) (*world, *tally) {
		w, m := newWorld(t), &tally{}
		w.bot = bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: w.chat}, bot.Options{Meter: m})
		return w, m
	}

	t.Run("a_post_is_counted_as_shown_or_with_its_fault", func(t *testing.T) {
		t.Parallel()
		w, m := metered(t)
		w.chat.fail = func(string, string) error { return &bot.Fault{Kind: bot.FaultForbidden, Reason: "not_in_channel"} }
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.chat.fail = nil
		w.touch(it)
		w.drain()
		if want := []string{`slack card "forbidden"`, `slack card ""`}; !slices.Equal(slices.Compact(m.told), want) {
			t.Errorf("told %q, want %q", m.told, want)
		}
	})

	t.Run("a_post_that_the_database_did_not_keep_is_no_success", func(t *testing.T) {
		t.Parallel()
		w, m := metered(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.chat.after = func(string) { w.exec(`alter table posts rename column shown_version to away`) }
		_, _ = w.bot.DispatchOnce(t.Context())
		if want := []string{`slack card "unsettled"`}; !slices.Equal(m.told, want) {
			t.Errorf("told %q, want %q", m.told, want)
		}
	})
}
