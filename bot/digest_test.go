package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// vote is one account's vote by button.
func (w *world) vote(it bot.Item, account string, act bot.BallotAct) {
	w.t.Helper()
	casts, err := w.store.CastVotes(w.t.Context(), w.clock.Now(), []bot.Ballot{{
		Workspace: acme, Account: account, Item: it.Number, Place: bot.PlaceButton, Act: act, At: w.clock.Now(), Audience: bot.Team,
	}})
	w.must(err)
	if casts[0].Outcome != bot.CastRecorded {
		w.t.Fatalf("vote of %s: %s", account, casts[0].Outcome)
	}
}

func (w *world) votes(it bot.Item, n int, who string) {
	w.t.Helper()
	for i := range n {
		w.vote(it, fmt.Sprint(who, i), bot.Support)
	}
}

// plan gives a channel a schedule from now on.
func (w *world) plan(channel, spec, zone string) bot.ChannelSchedule {
	w.t.Helper()
	times, err := bot.ParseSchedule(spec, zone)
	w.must(err)
	s, err := w.store.SaveSchedule(w.t.Context(), bot.ChannelSchedule{
		Board: w.ws.Board, Workspace: w.ws.ID, Channel: channel, Spec: times.Spec(), Zone: times.Zone(), NextAt: times.Next(w.clock.Now()),
	}, w.clock.Now())
	w.must(err)
	return s
}

// as is a call of a member in a channel.
func (w *world) as(account, channel string) bot.Call {
	return bot.Call{
		Key: account + channel + w.clock.Now().String(), At: w.clock.Now(), Workspace: acme, Channel: bot.ChannelSeen{Ref: channel},
		Member: bot.MemberSeen{Account: account, Name: account, Zone: "Europe/Berlin", Admin: account == "Zoe", Complete: true},
	}
}

// heed is what `/heed TEXT` answers, as plain text.
func (w *world) heed(account, channel, text string) string {
	w.t.Helper()
	r, err := w.bot.Command(w.t.Context(), w.as(account, channel), "/heed", text)
	w.must(err)
	return plain(r)
}

func TestDigestYear(t *testing.T) {
	t.Parallel()
	// A year from Sunday to Sunday over both changes of the clock, in zones that change at
	// odd hours, with two replicas that look at the same minutes.
	w := newWorld(t)
	w.clock.now = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	it := w.item("Dark mode", nil)
	plans := map[string][2]string{
		"C10": {"0 9 * * 1", "Europe/Berlin"},
		"C11": {"30 2 * * 0", "Europe/Berlin"},       // the hour that spring skips
		"C12": {"30 1 * * 0", "America/New_York"},    // the hour that autumn repeats
		"C13": {"0 0 * * 0", "America/Santiago"},     // a midnight that spring skips
		"C14": {"15 2 * * 0", "Australia/Lord_Howe"}, // half an hour of summer time
	}
	for ref, p := range plans {
		w.channel(ref, func(c *bot.Channel) { c.Joined = true })
		w.plan(ref, p[0], p[1])
	}
	replicas := []*bot.Bot{w.replica(), w.replica()}
	end := w.clock.Now().AddDate(1, 0, 0)
	for voter := 0; w.clock.Now().Before(end); voter++ {
		next := end
		all, err := w.store.Schedules(t.Context(), w.ws.Board)
		w.must(err)
		for _, s := range all {
			if s.NextAt.Before(next) {
				next = s.NextAt
			}
		}
		w.clock.move(next.Add(30 * time.Second).Sub(w.clock.Now()))
		var both sync.WaitGroup
		for _, b := range replicas {
			both.Go(func() {
				if _, err := b.DigestsOnce(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.vote(it, fmt.Sprintf("U%d", voter), bot.Support) // so that there is something to say
	}
	for ref, p := range plans {
		times, err := bot.ParseSchedule(p[0], p[1])
		w.must(err)
		want := 0
		for at := times.Next(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)); at.Before(end); at = times.Next(at) {
			want++
			if n := w.number(`select count(*) from digests join schedules using (board_id, schedule_id) where channel_ref = $1 and due_at = $2`, ref, at); n != 1 {
				t.Errorf("%s: %d digests for %s", ref, n, at)
			}
		}
		got := w.number(`select count(*) from digests join schedules using (board_id, schedule_id) where channel_ref = $1`, ref)
		posts := w.number(`select count(*) from posts where kind = 'digest' and channel_ref = $1`, ref)
		sent := w.number(`select count(*) from digests join schedules using (board_id, schedule_id) where channel_ref = $1 and state = 'sent'`, ref)
		if got != want || want < 52 || posts != sent || sent < want-1 {
			t.Errorf("%s: %d digests (%d sent, %d posts) of %d due", ref, got, sent, posts, want)
		}
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * time.Hour
	t.Run("late_by_hours_comes_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.votes(w.item("Dark mode", nil), 2, "U")
		w.clock.move(week + 5*time.Hour)
		for range 3 {
			_, err := w.bot.DigestsOnce(t.Context())
			w.must(err)
			w.drain()
		}
		if n := len(w.chat.in("C1")); n != 1 {
			t.Errorf("%d digests, want 1", n)
		}
	})
	t.Run("past_the_grace_it_is_passed_over_and_told_next_time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.votes(w.item("Dark mode", nil), 2, "U")
		w.clock.move(week + 25*time.Hour)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		if n := w.number(`select count(*) from digests where state = 'skipped'`); n != 1 || len(w.chat.in("C1")) != 0 {
			t.Fatalf("%d skipped, %d shown", n, len(w.chat.in("C1")))
		}
		w.clock.move(week - 25*time.Hour)
		w.vote(w.item("CSV export", nil), "U1", bot.Support)
		w.clock.move(time.Minute)
		_, err = w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		if len(w.chat.in("C1")) != 1 {
			t.Error("the next one did not come")
		}
	})
	t.Run("of_many_missed_hours_only_the_last_is_told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "@hourly", "UTC")
		w.votes(w.item("Dark mode", nil), 2, "U")
		w.clock.move(10*time.Hour + time.Minute)
		n, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		if n != 10 || len(w.chat.in("C1")) != 1 {
			t.Errorf("%d due times, %d told; want 10 and 1", n, len(w.chat.in("C1")))
		}
	})
	t.Run("nothing_to_say_is_recorded_and_not_sent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.clock.move(week)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		if n := w.number(`select count(*) from digests where state = 'empty'`); n != 1 || len(w.chat.calls) != 0 {
			t.Errorf("%d recorded as empty, calls %v", n, w.chat.calls)
		}
	})
	t.Run("ranks_move_against_the_digest_before", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		dark, csv := w.item("Dark mode", nil), w.item("CSV export", nil)
		w.votes(dark, 2, "U")
		w.votes(csv, 3, "U")
		w.clock.move(week)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		w.clock.move(time.Hour)
		w.votes(dark, 3, "V")
		w.votes(w.item("SSO", nil), 4, "W")
		w.clock.move(week - time.Hour)
		_, err = w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		shown := w.chat.in("C1")
		if len(shown) != 2 {
			t.Fatalf("%d digests", len(shown))
		}
		d := shown[1].(bot.Digest)
		text := d.Doc.Plain()
		for _, want := range []string{
			"Feedback, 30 November – 6 December", "1 new (last time 2) · 7 votes by 7 people (5 by 3)", "3 wait for you",
			"1 ▲1 #1 Dark mode · 👍 5 (+3) · New [👍 Vote]", "2 new #3 SSO · 👍 4 (+4)", "3 ▼2 #2 CSV export · 👍 3 · New",
			"Dark mode is first now.", "Rising #3 SSO 0→4 · #1 Dark mode 2→5", "[Triage 3] [Promote #1] [Whole list]",
			"Next Mon 14 Dec 09:00 Berlin",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in:\n%s", want, text)
			}
		}
		if d.Period != "2026-W50" || !strings.HasPrefix(d.Headline, "Feedback, 30 November") {
			t.Errorf("period %q, headline %q", d.Period, d.Headline)
		}
	})
	t.Run("who_rises_from_below_what_is_shown_comes_from_a_place", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		for n := range 11 {
			w.votes(w.item(fmt.Sprint("Wish ", n), nil), 2, "U")
		}
		last := w.item("Dark mode", nil)
		w.votes(last, 1, "U")
		w.clock.move(week)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		w.clock.move(time.Hour)
		w.votes(last, 3, "V")
		w.clock.move(week - time.Hour)
		_, err = w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		shown := w.chat.in("C1")
		if len(shown) != 2 {
			t.Fatalf("%d digests", len(shown))
		}
		if text := shown[1].(bot.Digest).Doc.Plain(); !strings.Contains(text, "1 ▲11 #12 Dark mode · 👍 4 (+3)") {
			t.Error(text)
		}
	})
	t.Run("the_community_reads_nothing_of_the_teams", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Audience = bot.Community })
		w.channel("C3", func(c *bot.Channel) { c.Customer, c.Name = "Globex", "globex" })
		w.plan("C2", "0 9 * * 1", "Europe/Berlin")
		open := w.item("Dark mode", func(it *bot.Item) { it.Audience = bot.Community })
		secret := w.item("Rotate the Globex keys", func(it *bot.Item) { it.AskedIn.Ref = "C3" })
		w.votes(open, 2, "Rui")
		w.votes(secret, 9, "Omar")
		w.exec(`update items set status = 'shipped', status_at = $1 where item_id = $2`, w.clock.Now().Add(time.Hour), w.item("Secret ship", nil).ID)
		w.exec(`insert into evidence (board_id, item_id, kind, member_id, quote, audience, created_at)
			select board_id, $1, 'words', member_id, 'I use it next to a sleeping baby, every night.', 'community', $2 from members limit 1`, open.ID, w.clock.Now())
		w.clock.move(week)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		text := w.chat.in("C2")[0].(bot.Digest).Doc.Plain()
		for _, never := range []string{"Globex", "Secret", "Omar", "Rui", "wait", "Triage", "Promote", "channel", "team"} {
			if strings.Contains(text, never) {
				t.Errorf("%q in:\n%s", never, text)
			}
		}
		for _, want := range []string{"Dark mode · 👍 2 (+2)", "sleeping baby", "1 new · 2 votes by 2 people"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in:\n%s", want, text)
			}
		}
	})
	t.Run("a_channel_that_became_the_communitys_is_not_shown_the_teams", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.votes(w.item("Dark mode", nil), 2, "U")
		w.clock.move(week)
		_, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.channel("C1", func(c *bot.Channel) { c.Audience = bot.Community })
		w.drain()
		if len(w.chat.in("C1")) != 0 {
			t.Error("the team's digest was shown to the community")
		}
	})
	t.Run("a_gone_workspace_waits", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.must(w.bot.WorkspaceGone(t.Context(), acme))
		w.clock.move(week)
		n, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		if n != 0 {
			t.Errorf("%d digests of a workspace that is gone", n)
		}
	})
}

func TestDigestCommand(t *testing.T) {
	t.Parallel()
	t.Run("here_takes_the_zone_of_who_says_it_and_shows_the_next_runs", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		got := w.heed("Zoe", "C1", "digest here")
		for _, want := range []string{"Mondays 09:00 Berlin", "Mon 30 Nov 09:00, Mon 7 Dec 09:00, Mon 14 Dec 09:00 (Berlin)"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in %q", want, got)
			}
		}
		if got := w.heed("Rui", "C1", "digest"); !strings.Contains(got, "Mondays 09:00 Berlin · next Mon 30 Nov 09:00 Berlin") {
			t.Errorf("list: %q", got)
		}
		if got := w.heed("Zoe", "C1", "digest here friday 16:00 Lisbon"); !strings.Contains(got, "Fridays 16:00 Lisbon") {
			t.Errorf("changed: %q", got)
		}
		if n := w.number(`select count(*) from schedules`); n != 1 {
			t.Errorf("%d schedules of one channel", n)
		}
		if got := w.heed("Zoe", "C1", "digest off"); !strings.Contains(got, "No more digests here") {
			t.Errorf("off: %q", got)
		}
		w.clock.move(14 * 24 * time.Hour)
		if n, err := w.bot.DigestsOnce(t.Context()); n != 0 || err != nil {
			t.Errorf("%d digests after off, %v", n, err)
		}
	})
	t.Run("a_spec_that_never_fires_and_a_zone_that_does_not_exist_change_nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for _, text := range []string{"digest here 0 9 30 2 *", "digest here 0 9 * * 1 Mars/Olympus", "digest here 99 9 * * 1"} {
			if got := w.heed("Zoe", "C1", text); !strings.Contains(got, "Nothing has changed") {
				t.Errorf("%s: %q", text, got)
			}
		}
		if n := w.number(`select count(*) from schedules`); n != 0 {
			t.Errorf("%d schedules kept", n)
		}
	})
	t.Run("who_is_no_pm_is_told_who_is", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.heed("Zoe", "C1", "help")
		got := w.heed("Rui", "C1", "digest here")
		if !strings.Contains(got, "Zoe") || w.number(`select count(*) from schedules`) != 0 {
			t.Errorf("answer %q", got)
		}
	})
	t.Run("preview_keeps_nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.votes(w.item("Dark mode", nil), 2, "U")
		w.clock.move(time.Hour)
		if got := w.heed("Zoe", "C1", "digest preview"); !strings.Contains(got, "Dark mode · 👍 2") {
			t.Errorf("preview %q", got)
		}
		if n := w.number(`select (select count(*) from digests) + (select count(*) from posts)`); n != 0 {
			t.Errorf("preview kept %d rows", n)
		}
	})
}

func TestDigestAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.move(2 * time.Hour) // past nine in UTC, the board's zone
	w.votes(w.item("Dark mode", nil), 2, "U")
	at := monday.Add(7*24*time.Hour + time.Hour)
	dry, err := w.bot.DigestAt(t.Context(), acme, at, true)
	w.must(err)
	if len(dry) != 1 || dry[0].Frozen || !strings.Contains(dry[0].Digest.Doc.Plain(), "Dark mode") {
		t.Fatalf("dry run: %+v", dry)
	}
	if n := w.number(`select (select count(*) from digests) + (select count(*) from schedules)`); n != 0 {
		t.Fatalf("a dry run kept %d rows", n)
	}
	real, err := w.bot.DigestAt(t.Context(), acme, at, false)
	w.must(err)
	w.votes(w.item("CSV export", nil), 3, "U")
	again, err := w.bot.DigestAt(t.Context(), acme, at, true)
	w.must(err)
	w.drain()
	if len(w.chat.in("C1")) != 1 {
		t.Errorf("%d digests shown, want 1", len(w.chat.in("C1")))
	}
	if !again[0].Frozen || again[0].Digest.Doc.Plain() != real[0].Digest.Doc.Plain() {
		t.Error("a past instant does not give what was said then")
	}
	if _, err := w.bot.DigestAt(t.Context(), bot.WorkspaceRef{Platform: bot.Slack, Ref: "T9"}, at, true); err == nil {
		t.Error("no error for a workspace that is not known")
	}
}
