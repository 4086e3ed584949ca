package slackfake_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault slackfake.Fault
		done  bool // the message stands all the same
		check func(error) bool
	}{
		"429 with a time": {slackfake.TooManyRequests(30 * time.Second), false, func(err error) bool {
			var limited *slack.RateLimitedError
			return errors.As(err, &limited) && limited.RetryAfter == 30*time.Second
		}},
		"429 without":          {slackfake.TooManyRequestsBare(), false, func(err error) bool { return err != nil }},
		"200 and ratelimited":  {slackfake.RateLimitedBody(), false, func(err error) bool { return err != nil && err.Error() == "ratelimited" }},
		"a gateway's 503":      {slackfake.Broken(503), false, func(err error) bool { return err != nil }},
		"any refusal":          {slackfake.Refuse("fatal_error"), false, func(err error) bool { return err != nil && err.Error() == "fatal_error" }},
		"cut before it":        {slackfake.CutBefore(), false, func(err error) bool { return errors.Is(err, io.EOF) }},
		"cut after it":         {slackfake.CutAfter(), true, func(err error) bool { return errors.Is(err, io.EOF) }},
		"half an answer":       {slackfake.Malformed(), true, func(err error) bool { return err != nil }},
		"too slow to be taken": {slackfake.Slow(time.Minute), false, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		"slow to answer":       {slackfake.SlowAnswer(time.Minute), true, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slackfake.Config{})
			w.Fail("chat.postMessage", 1, c.fault)
			patience := time.Minute
			if strings.Contains(name, "slow") {
				patience = 2 * time.Second // long enough for a busy machine to bring the call there
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, _, err := w.api.PostMessageContext(ctx, w.support.ID(), text("x"))
			if !c.check(err) {
				t.Errorf("slack-go says %v", err)
			}
			if got := len(w.Messages(w.support)) == 1; got != c.done {
				t.Errorf("the message stands: %v, want %v", got, c.done)
			}
			_, _, err = w.api.PostMessage(w.support.ID(), text("y"))
			must(t, err)
		})
	}

	t.Run("other methods are untouched, the star is all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		w.Fail("chat.update", 1, slackfake.Refuse("fatal_error"))
		_, err := w.api.AuthTest()
		must(t, err)
		w.Fail("*", 1, slackfake.Refuse("internal_error"))
		_, err = w.api.AuthTest()
		wantError(t, err, "internal_error")
		w.ClearFaults()
		_, err = w.api.AuthTest()
		must(t, err)
	})
}

func TestRates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	w.LimitRates(true)
	var ts string
	for range slackfake.PostBurst {
		_, posted, err := w.api.PostMessage(w.support.ID(), text("x"))
		must(t, err)
		ts = posted
	}
	_, _, err := w.api.PostMessage(w.support.ID(), text("x"))
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Errorf("the fourth in a second: %v", err)
	}
	_, _, err = w.api.PostMessage(w.rui.ID, text("x")) // another channel
	must(t, err)
	w.clock.Advance(time.Second)
	_, _, err = w.api.PostMessage(w.support.ID(), text("x"))
	must(t, err)

	for range 50 {
		_, _, _, err := w.api.UpdateMessage(w.support.ID(), ts, text("y"))
		must(t, err)
	}
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("y"))
	if !errors.As(err, &limited) {
		t.Errorf("the 51st update in a minute: %v", err)
	}
	w.LimitRates(false)
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, text("y"))
	must(t, err)
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{Clock: slackfake.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))})
	w.listen(t, nil)
	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	var wait sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		u := w.team.AddUser(name)
		w.support.Join(u)
		wait.Go(func() {
			for range 10 {
				if err := errors.Join(u.React(m, "+1"), u.Unreact(m, "+1"), u.React(m, "tada"), u.Unreact(m, "tada"), u.OpenHome()); err != nil {
					t.Error(err)
				}
				if _, _, err := w.api.PostMessage(w.support.ID(), text("x")); err != nil {
					t.Error(err)
				}
			}
			if err := u.React(m, "+1"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	w.Settle()
	now, _ := w.Message(m)
	if len(now.Reactions) != 1 || len(now.Reactions[0].Users) != 8 {
		t.Errorf("reactions %v", now.Reactions)
	}
	seen := map[string]bool{}
	for _, m := range w.Messages(w.support) {
		if seen[m.TS] {
			t.Errorf("ts %s stands twice", m.TS)
		}
		seen[m.TS] = true
	}
	if len(seen) != 81 {
		t.Errorf("%d messages, want 81", len(seen))
	}
}
