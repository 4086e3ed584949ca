package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestForumGap(t *testing.T) {
	t.Parallel()
	t.Run("posts_begun_while_away_are_taken_in", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		since := w.clock.Now().Add(30 * time.Minute)
		old := w.forumPost("mira", "t0", "From before", "not asked here")
		old.At = since.Add(-time.Hour)
		w.clock.move(time.Hour)
		missed := w.forumPost("omar", "t2", "CSV export", "of all items")
		missed.First.Votes = []bot.Reacted{{Account: "lena", Emoji: "+1"}}
		w.guild.forum = []bot.ForumPost{old, w.guild.forumAt("t1"), missed}
		w.must(w.bot.Gap(t.Context(), acmeGuild, since))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.numberOfItems(); n != 2 {
			t.Fatalf("%d items", n)
		}
		if it := w.numbered(2); it.Title != "CSV export" || it.Votes != 2 {
			t.Errorf("%+v", it)
		}
	})
	t.Run("posts_from_before_the_forum_was_an_intake_stay_as_they_are", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UZOE admin")
		since := w.clock.Now()
		w.clock.move(time.Minute)
		before := w.forumPost("rui", "t1", "Dark mode", "please")
		w.clock.move(time.Hour)
		for _, line := range []string{"/heed channel intake off", "/heed channel intake on"} {
			name, text, _ := strings.Cut(line, " ")
			call := w.onGuild("zoe", "F1")
			call.Member.Admin = true
			if _, err := w.bot.Command(t.Context(), call, name, text); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.move(time.Minute)
		w.guild.forum = []bot.ForumPost{before, w.forumPost("omar", "t2", "CSV export", "please")}
		w.must(w.bot.Gap(t.Context(), acmeGuild, since))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.numberOfItems(); n != 1 || w.numbered(1).Title != "CSV export" {
			t.Errorf("%d items", n)
		}
	})
	t.Run("posts_closed_and_opened_while_away_say_so", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please")
		w.begins("rui", "t2", "CSV export", "please")
		w.settled()
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t2", bot.PausedArchived))
		w.settled()
		w.guild.forum = []bot.ForumPost{w.guild.forumAt("t1"), w.guild.forumAt("t2")}
		w.guild.paused = map[string]bot.Paused{"t1": bot.PausedLocked}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now().Add(time.Hour)))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		w.settled()
		one, _ := w.cardOf("t1")
		two, _ := w.cardOf("t2")
		if one.Paused != bot.PausedLocked || two.Paused != "" {
			t.Errorf("%q and %q", one.Paused, two.Paused)
		}
	})
	t.Run("a_forum_that_may_not_be_read_ends_the_gap_all_the_same", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.fail = func(call, _ string) error {
			if call == "posts" {
				return &bot.Fault{Kind: bot.FaultForbidden}
			}
			return nil
		}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now()))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
			t.Errorf("%d gaps stay open", n)
		}
	})
	t.Run("a_forum_that_does_not_answer_keeps_it_open", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.fail = func(call, _ string) error {
			if call == "posts" {
				return errors.New("away")
			}
			return nil
		}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now()))
		if _, err := w.bot.ReconcileOnce(t.Context()); err == nil {
			t.Error("taken for read")
		}
	})
}
