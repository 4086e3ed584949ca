package bot

import (
	"strings"
	"testing"
	"time"
)

func TestCardOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	item := Item{
		Number: 42, Title: "Dark mode", Body: strings.Repeat("My eyes hurt after 9 pm. ", 20), Status: StatusPlanned, Audience: Community,
		Votes: 31, Tags: []string{"comfort"}, Pictures: 2, StatusAt: at,
	}
	team := Channel{Ref: "C1", Audience: Team, Joined: true}
	community := Channel{Ref: "C2", Audience: Community, Joined: true}
	facts := CardFacts{AskedBy: "Rui", AskedIn: "support", AskedRef: "C3", Quotes: 3, Original: "https://chat.example/x", Week: 9}
	with := func(change func(*Item)) Item {
		it := item
		change(&it)
		return it
	}

	t.Run("says_who_asked_where_and_how_many_want_it", func(t *testing.T) {
		t.Parallel()
		c, ok := cardOf(item, team, facts)
		if !ok || c.AskedBy != "Rui" || c.AskedIn != "support" || c.Quotes != 3 || c.Votes != 31 || c.Week != 9 || c.Closed || c.Deaf || c.Pictures != 2 {
			t.Errorf("%v %+v", ok, c)
		}
		if n := len([]rune(c.Excerpt)); n > excerptRunes || !c.More || !strings.HasSuffix(c.Excerpt, "…") {
			t.Errorf("excerpt of %d runes, more %v: %q", n, c.More, c.Excerpt)
		}
	})
	t.Run("the_title_is_not_said_twice", func(t *testing.T) {
		t.Parallel()
		for _, words := range []string{"Dark mode", "dark mode.", "Dark mode!", "- Dark mode", "“Dark mode.”", "Dark mode…", "..."} {
			c, _ := cardOf(with(func(it *Item) { it.Body, it.Title = words, Title(words) }), team, facts)
			if c.Excerpt != "" || c.More {
				t.Errorf("%q under the title %q: excerpt %q", words, Title(words), c.Excerpt)
			}
		}
		for _, words := range []string{"Dark mode. My eyes hurt.", "Dark mode?\nPlease.", "Dark mode 2"} {
			if c, _ := cardOf(with(func(it *Item) { it.Body = words }), team, facts); c.Excerpt != words || c.More {
				t.Errorf("%q: excerpt %q, more %v", words, c.Excerpt, c.More)
			}
		}
	})
	t.Run("asked_in_its_own_channel_goes_without_saying", func(t *testing.T) {
		t.Parallel()
		f := facts
		f.AskedRef = "C1"
		if c, _ := cardOf(item, team, f); c.AskedIn != "" {
			t.Errorf("asked in %q", c.AskedIn)
		}
	})
	t.Run("closed_since", func(t *testing.T) {
		t.Parallel()
		for _, s := range []Status{StatusShipped, StatusDeclined} {
			if c, _ := cardOf(with(func(it *Item) { it.Status = s }), team, facts); !c.Closed || !c.ClosedAt.Equal(at) {
				t.Errorf("%s: %+v", s, c)
			}
		}
	})
	t.Run("more_taken_back_than_won_is_no_gain", func(t *testing.T) {
		t.Parallel()
		f := facts
		f.Week = -2
		if c, _ := cardOf(item, team, f); c.Week != 0 {
			t.Errorf("week %d", c.Week)
		}
	})
	t.Run("merged_says_where_it_lives_on_to_those_who_may_know", func(t *testing.T) {
		t.Parallel()
		merged := with(func(it *Item) { it.Into = 7 })
		f := facts
		f.Root, f.RootTitle, f.RootOpen = 7, "Theme", true
		if c, _ := cardOf(merged, team, f); c.Into != 7 || c.IntoTitle != "Theme" || !c.Closed || c.Votes != 31 {
			t.Errorf("%+v", c)
		}
		f.RootTitle, f.RootOpen = "", false
		if c, _ := cardOf(merged, community, f); c.IntoTitle != "" || c.Votes != 0 || c.Quotes != 0 {
			t.Errorf("of the team's: %+v", c)
		}
	})
	t.Run("hidden_or_for_other_eyes_there_is_no_card", func(t *testing.T) {
		t.Parallel()
		if _, ok := cardOf(with(func(it *Item) { it.HiddenAt = at }), team, facts); ok {
			t.Error("a hidden item has a card")
		}
		if _, ok := cardOf(with(func(it *Item) { it.Audience = Team }), community, facts); ok {
			t.Error("the team's item has a card for the community")
		}
	})
	t.Run("withdrawn_says_only_that", func(t *testing.T) {
		t.Parallel()
		c, ok := cardOf(with(func(it *Item) { it.GoneAt = at }), team, facts)
		if !ok || c.Gone == "" || c.Title != "" || c.Excerpt != "" || c.AskedBy != "" || c.Tags != nil {
			t.Errorf("%v %+v", ok, c)
		}
	})
	t.Run("where_reactions_do_not_arrive_it_says_so", func(t *testing.T) {
		t.Parallel()
		deaf := team
		deaf.Joined = false
		if c, _ := cardOf(item, deaf, facts); !c.Deaf {
			t.Error("the card is silent about it")
		}
	})
}

func TestAfterFault(t *testing.T) {
	t.Parallel()
	first := Claim{Post: Post{Attempts: 1}}
	shown := Claim{Post: Post{Attempts: 1, Message: "m1"}}
	unsure := Claim{Post: Post{Attempts: 1}, Unsure: time.Unix(1, 0)}
	for _, tc := range []struct {
		name   string
		claim  Claim
		fault  Fault
		retry  time.Duration
		unsure bool
		gone   bool
		join   bool
	}{
		{"no_answer_to_a_new_message_may_have_come_through", first, Fault{Kind: FaultTransient}, time.Second, true, false, false},
		{"no_answer_to_an_edit_is_simply_tried_again", shown, Fault{Kind: FaultTransient}, time.Second, false, false, false},
		{"a_limit_is_kept_to_the_second", first, Fault{Kind: FaultLimited, RetryAfter: 30 * time.Second}, 30 * time.Second, false, false, false},
		{"a_limit_without_a_time_rests", first, Fault{Kind: FaultLimited}, limitedPause, false, false, false},
		{"what_was_unsure_stays_so_until_somebody_looked", unsure, Fault{Kind: FaultLimited}, limitedPause, true, false, false},
		{"gone_is_gone", shown, Fault{Kind: FaultGone}, 0, false, true, false},
		{"forbidden_enters_once", first, Fault{Kind: FaultForbidden}, 0, false, false, true},
		{"forbidden_again_waits", Claim{Post: Post{Attempts: 2}}, Fault{Kind: FaultForbidden}, 0, false, false, false},
		{"unrenderable_waits_for_a_change", shown, Fault{Kind: FaultUnrenderable}, 0, false, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := afterFault(tc.claim, &tc.fault, 0)
			if a.Retry != tc.retry || a.Setback.Unsure != tc.unsure || a.Setback.Gone != tc.gone || a.Join != tc.join {
				t.Errorf("%+v", a)
			}
			if a.Setback.Fault == "" {
				t.Error("the doctor learns nothing")
			}
		})
	}
	if d := backoff(50, 0); d != lastRetry {
		t.Errorf("the fiftieth try comes after %v", d)
	}
	if d := backoff(3, 0.999); d < 3*time.Second || d >= 4*time.Second {
		t.Errorf("the third try comes after %v", d)
	}
}
