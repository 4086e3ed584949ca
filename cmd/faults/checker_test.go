package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// truth is a small world in which every promise holds: Rui asked for #1, voted for #2 by
// a reaction that he took back and put again; #2 shipped; one digest. Lena asked for #3 in
// a direct message, which was answered; it shipped, and she was told.
func truth() ([]act, snapshot) {
	at := func(s int) time.Time { return time.Unix(1_800_000_000+int64(s), 0).UTC() }
	all := []act{
		{Key: "c1", Kind: asked, Team: "T1", User: "U1", Words: "Dark mode. It is tok000001.", At: at(1), Verdict: kept, Answers: []string{"Saved as #1 Dark mode"}},
		{Key: "e1", Kind: reacted, Team: "T1", User: "U1", Channel: "C1", Message: "2.2", Emoji: "+1", Adds: true, At: at(2), Verdict: kept},
		{Key: "e2", Kind: reacted, Team: "T1", User: "U1", Channel: "C1", Message: "2.2", Emoji: "+1", Adds: false, At: at(3), Verdict: kept},
		{Key: "e3", Kind: reacted, Team: "T1", User: "U1", Channel: "C1", Message: "2.2", Emoji: "+1", Adds: true, At: at(4), Verdict: kept},
		{Key: "p1", Kind: pressed, Team: "T1", User: "U2", Channel: "C1", Message: "1.1", Adds: true, At: at(5), Verdict: kept},
		{Key: "v1", Kind: shipped, Team: "T1", User: "U3", Words: "how000001", At: at(6), Verdict: kept},
		{Key: "o1", Kind: ordered, Team: "T1", User: "U4", Words: "retitle 1 Dark mode", At: at(7), Verdict: kept},
		{Key: "c2", Kind: asked, Team: "T1", User: "U1", Words: "CSV export. It is tok000002.", At: at(8), Answers: []string{"I couldn't save this; that's on me. CSV export. It is tok000002."}},
		{Key: "m1", Kind: wrote, Team: "T1", User: "U5", Words: "Bulk edit. It is tok000003.", At: at(9), Verdict: kept},
		{Key: "v2", Kind: shipped, Team: "T1", User: "U3", Words: "how000002", At: at(10), Verdict: kept},
	}
	s := snapshot{
		Items: []itemRow{
			{Board: 1, Item: 11, Root: 11, Number: 1, Team: "T1", Author: "U1", Title: "Dark mode", Words: "Dark mode. It is tok000001.", Status: "new", Votes: 2, Gained: 2},
			{Board: 1, Item: 12, Root: 12, Number: 2, Team: "T1", Title: "Undo", Words: "Undo", Status: "shipped", Votes: 1, Gained: 1},
			{Board: 1, Item: 13, Root: 13, Number: 3, Team: "T1", Author: "U5", Title: "Bulk edit", Words: "Bulk edit. It is tok000003.", Status: "shipped", Votes: 1, Gained: 1},
		},
		Votes: []voteRow{{1, 11, "T1", "U1"}, {1, 11, "T1", "U2"}, {1, 12, "T1", "U1"}, {1, 13, "T1", "U5"}},
		Places: []placeRow{
			{Board: 1, Item: 11, Team: "T1", Channel: "C1", Message: "1.1"}, {Board: 1, Item: 12, Team: "T1", Channel: "C1", Message: "2.2"},
		},
		Posts: []postRow{
			{Board: 1, Post: 1, Kind: "card", Team: "T1", Channel: "C1", Message: "1.1", Item: 11},
			{Board: 1, Post: 2, Kind: "card", Team: "T1", Channel: "C1", Message: "2.2", Item: 12},
			{Board: 1, Post: 3, Kind: "digest", Team: "T1", Channel: "C2", Message: "3.3"},
			{Board: 1, Post: 4, Kind: "announcement", Team: "T1", Channel: "C3", Message: "4.4", Item: 12},
			{Board: 1, Post: 5, Kind: "card", Team: "T1", Channel: "C1", Message: "5.5", Item: 13},
			{Board: 1, Post: 6, Kind: "announcement", Team: "T1", Channel: "C3", Message: "6.6", Item: 13},
			{Board: 1, Post: 7, Kind: "direct", Team: "T1", Channel: "D5", Message: "7.7", Item: 13},
		},
		Digests:   []digestRow{{Board: 1, Schedule: 5, Due: at(60), State: "sent", Team: "T1", Channel: "C2"}},
		Due:       []dueDigest{{Board: 1, Schedule: 5, At: at(60)}},
		Announced: []announcedRow{{Board: 1, Item: 12, How: "how000001"}, {Board: 1, Item: 13, How: "how000002"}},
		Shown: []shown{
			{Team: "T1", Channel: "C1", TS: "1.1", Text: "*#1 Dark mode* · ⚪ New\n👍 2 people\n[👍 Vote] [Details]"},
			{Team: "T1", Channel: "C1", TS: "2.2", Text: "#2 Undo · ✅ Shipped\n✅ Shipped 22 Nov. Thank you. · Voting closed\n[Details]"},
			{Team: "T1", Channel: "C2", TS: "3.3", Text: "Feedback, 16–22 November · 2 new"},
			{Team: "T1", Channel: "C3", TS: "4.4", Text: "Undo is here. how000001"},
			{Team: "T1", Channel: "C1", TS: "5.5", Text: "#3 Bulk edit · ✅ Shipped\n✅ Shipped 22 Nov. Thank you. · Voting closed\n[Details]"},
			{Team: "T1", Channel: "C3", TS: "6.6", Text: "Bulk edit is here. how000002"},
			{Team: "T1", Channel: "D5", TS: "5.6", Text: "Saved as #3 Bulk edit, with your 👍.", Direct: true, User: "U5"},
			{Team: "T1", Channel: "D5", TS: "7.7", Text: "You asked, it's here: #3 Bulk edit. how000002", Direct: true, User: "U5"},
		},
	}
	return all, s
}

func TestCheckerFindsNothingWhereAllHolds(t *testing.T) {
	t.Parallel()
	if found := check(truth()); len(found) > 0 {
		t.Errorf("it found %v", found)
	}
}

// TestChecker tampers with one thing each and expects the complaint.
func TestChecker(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper func(all []act, s *snapshot) []act
		want   breach
		says   string
	}{
		"an_acknowledged_vote_is_missing": {func(all []act, s *snapshot) []act {
			s.Votes, s.Items[0].Votes, s.Items[0].Gained = s.Votes[:1], 1, 1
			s.Shown[0].Text = strings.Replace(s.Shown[0].Text, "2 people", "1 person", 1)
			s.Votes = append(s.Votes, voteRow{1, 12, "T1", "U1"})
			return all
		}, lost, "U2's vote for item 11"},
		"a_press_that_was_acknowledged_without_a_word_is_missing": {func(all []act, s *snapshot) []act {
			s.DatabaseWell = true
			return append(all, act{Key: "p2", Kind: pressed, Team: "T1", User: "U7", Channel: "C1", Message: "1.1", Silent: true})
		}, lost, "U7's vote for item 11"},
		"a_vote_is_there_twice": {func(all []act, s *snapshot) []act {
			s.Votes = append(s.Votes, s.Votes[0])
			return all
		}, doubled, "is counted 2 times"},
		"a_vote_that_nobody_sent": {func(all []act, s *snapshot) []act {
			s.Votes = append(s.Votes, voteRow{1, 11, "T1", "U9"})
			return all
		}, phantom, "U9 never voted"},
		"a_vote_that_was_taken_back": {func(all []act, _ *snapshot) []act {
			return append(all, act{Key: "e4", Kind: reacted, Team: "T1", User: "U1", Channel: "C1", Message: "2.2", Emoji: "+1", At: all[7].At.Add(time.Second), Verdict: kept})
		}, phantom, "was taken back and is counted"},
		"a_late_event_of_before_overrules": {func(all []act, s *snapshot) []act {
			slices.Reverse(all) // the record's order says nothing
			s.Votes = s.Votes[:2]
			return all
		}, lost, "U1's vote for item 12"},
		"the_count_is_not_the_votes": {func(all []act, s *snapshot) []act {
			s.Items[0].Votes = 3
			return all
		}, untrue, "says 3 votes and has 2"},
		"the_days_are_not_the_votes": {func(all []act, s *snapshot) []act {
			s.Items[0].Gained = 1
			return all
		}, untrue, "sum up to 1"},
		"a_card_shows_another_count": {func(all []act, s *snapshot) []act {
			s.Shown[0].Text = strings.Replace(s.Shown[0].Text, "2 people", "1 person", 1)
			return all
		}, untrue, "shows 1 votes, the database 2"},
		"a_card_shows_another_title": {func(all []act, s *snapshot) []act {
			s.Items[1].Title = "Redo"
			return all
		}, untrue, `reads "#2 Undo`},
		"a_card_shows_another_status": {func(all []act, s *snapshot) []act {
			s.Shown[0].Text = strings.Replace(s.Shown[0].Text, "New", "Planned", 1)
			return all
		}, untrue, `does not say "New"`},
		"a_card_stands_twice": {func(all []act, s *snapshot) []act {
			s.Shown = append(s.Shown, s.Shown[0])
			s.Shown[len(s.Shown)-1].TS = "9.9"
			s.Posts = append(s.Posts, postRow{Board: 1, Post: 9, Kind: "card", Team: "T1", Channel: "C1", Message: "9.9", Item: 11})
			return all
		}, doubled, "stands 2 times in a channel"},
		"an_item_has_no_card": {func(all []act, s *snapshot) []act {
			s.Posts = s.Posts[1:]
			return all
		}, lost, "item #1 of board 1 has no card"},
		"a_message_is_nobodys": {func(all []act, s *snapshot) []act {
			s.Shown = append(s.Shown, shown{Team: "T1", Channel: "C3", TS: "9.9", Text: "Undo is here."})
			return all
		}, doubled, "is nobody's"},
		"a_post_stands_nowhere": {func(all []act, s *snapshot) []act {
			s.Posts = append(s.Posts, postRow{Board: 1, Post: 9, Kind: "note", Team: "T1", Channel: "C1", Message: "9.9"})
			return all
		}, lost, "post 9 of board 1"},
		"words_are_missing": {func(all []act, _ *snapshot) []act {
			return append(all, act{Key: "w", Kind: wrote, Team: "T1", User: "U1", Words: "tok000009", Verdict: kept})
		}, lost, "words tok000009 (wrote) were acknowledged"},
		"words_are_there_twice": {func(all []act, s *snapshot) []act {
			s.Held = append(s.Held, heldRow{1, "Dark mode. It is tok000001."})
			return all
		}, doubled, "words tok000001 (asked) are there 2 times"},
		"refused_words_are_there": {func(all []act, _ *snapshot) []act {
			all[0].Verdict = refused
			return all
		}, phantom, "were refused and are there"},
		"unkept_words_do_not_come_back": {func(all []act, _ *snapshot) []act {
			all[7].Answers = []string{"I couldn't save this; that's on me."}
			return all
		}, lost, "did not get them back"},
		"a_digest_is_there_twice": {func(all []act, s *snapshot) []act {
			s.Digests = append(s.Digests, s.Digests[0])
			return all
		}, doubled, "two digests"},
		"a_digest_is_shown_twice": {func(all []act, s *snapshot) []act {
			s.Shown = append(s.Shown, shown{Team: "T1", Channel: "C2", TS: "9.9", Text: "Feedback, 16–22 November"})
			return all
		}, doubled, "1 digests were due in a channel, 2 are shown"},
		"a_digest_is_not_shown": {func(all []act, s *snapshot) []act {
			s.Shown, s.Posts = slices.Delete(s.Shown, 2, 3), slices.Delete(s.Posts, 2, 3)
			return all
		}, lost, "1 of 1 digests"},
		"a_digest_that_was_due_is_missing": {func(all []act, s *snapshot) []act {
			s.Due = append(s.Due, dueDigest{Board: 1, Schedule: 5, At: s.Due[0].At.Add(time.Hour)})
			return all
		}, lost, "schedule 5 of board 1 has no digest"},
		"who_asked_does_not_hear_that_it_shipped": {func(all []act, s *snapshot) []act {
			s.Shown, s.Posts = s.Shown[:len(s.Shown)-1], s.Posts[:len(s.Posts)-1]
			return all
		}, lost, "U5 asked for #3 of board 1"},
		"who_asked_hears_twice_in_one_message": {func(all []act, s *snapshot) []act {
			s.Shown[len(s.Shown)-1].Text += " how000002"
			return all
		}, doubled, "U5 heard the news how000002 2 times"},
		"a_direct_message_is_sent_twice": {func(all []act, s *snapshot) []act {
			s.Shown = append(s.Shown, shown{Team: "T1", Channel: "D2", TS: "9.9", Text: "Counted. You'll hear when #1 moves.", Direct: true, User: "U2"})
			return all
		}, doubled, "a direct message to U2 is nobody's"},
		"a_ship_is_missing": {func(all []act, s *snapshot) []act {
			s.Announced = nil
			return all
		}, lost, "the ship how000001 was acknowledged"},
		"a_ship_is_announced_twice_in_a_channel": {func(all []act, s *snapshot) []act {
			s.Shown = append(s.Shown, shown{Team: "T1", Channel: "C3", TS: "9.9", Text: "Undo is here. how000001"})
			return all
		}, doubled, "stands twice in one place"},
		"a_ship_is_announced_nowhere": {func(all []act, s *snapshot) []act {
			s.Shown = s.Shown[:3]
			return all
		}, lost, "announced nowhere"},
		"an_acknowledged_title_is_not_in_effect": {func(all []act, _ *snapshot) []act {
			all[6].Words = "retitle 1 Night mode"
			return all
		}, lost, `the retitle of #1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, s := truth()
			all = c.tamper(all, &s)
			found := check(all, s)
			if !slices.ContainsFunc(found, func(f finding) bool { return f.Breach == c.want && strings.Contains(f.What, c.says) }) {
				t.Errorf("no %s: %q in %v", c.want, c.says, found)
			}
		})
	}
}

// TestUncertain: what nobody promised may be there or not.
func TestUncertain(t *testing.T) {
	t.Parallel()
	all, s := truth()
	all[3].Verdict, all[4].Verdict = unknown, unknown // the last reaction, and the press
	if found := check(all, s); len(found) > 0 {
		t.Errorf("what may be there is no fault: %v", found)
	}
	s.Votes, s.Items[0].Votes, s.Items[0].Gained, s.Items[1].Votes, s.Items[1].Gained = slices.Delete(s.Votes, 1, 3), 1, 1, 0, 0
	s.Shown[0].Text = strings.Replace(s.Shown[0].Text, "2 people", "1 person", 1)
	if found := check(all, s); len(found) > 0 {
		t.Errorf("what may be missing is no fault: %v", found)
	}
}

// TestStands is the rule of votes over places and times.
func TestStands(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	for i, c := range []struct {
		facts string // place, effect and time of each
		want  bool
	}{
		{"", false},
		{"r:m:+1 + 1", true},
		{"r:m:+1 + 1, r:m:+1 - 2", false},
		{"r:m:+1 - 2, r:m:+1 + 1", false},            // out of order
		{"r:m:+1 + 1, r:m:+1 - 1", false},            // at the same instant
		{"r:a:+1 + 1, r:b:+1 + 2, r:a:+1 - 3", true}, // one of two thumbs
		{"r:m:+1 + 1, button - 2", false},            // a later retraction elsewhere
		{"button - 1, r:m:+1 + 2", true},
		{"asked + 1, r:m:+1 + 2, r:m:+1 - 3", false}, // any other support until any later retraction
		{"button + 4, r:m:+1 + 2, r:m:+1 - 3", true},
	} {
		var facts []fact
		for part := range strings.SplitSeq(c.facts, ", ") {
			var place, sign string
			var when int
			if _, err := fmt.Sscan(part, &place, &sign, &when); err == nil {
				facts = append(facts, fact{place: place, at: at(when), may: []effect{effectOf(sign == "+")}})
			}
		}
		yes, no := outcomes(facts)
		if yes != c.want || no == c.want {
			t.Errorf("%d: %q may stand %v, may not %v", i, c.facts, yes, no)
		}
	}
}
