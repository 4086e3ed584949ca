package store_test

import (
	"testing"
	"time"

	"heed/bot"
)

func TestCastVotes(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return monday.Add(time.Duration(s) * time.Second) }
	toned := func(b bot.Ballot) bot.Ballot { b.Emoji = "+1::skin-tone-4"; return b }
	cases := []struct {
		name    string
		ballots func(w *votesWorld) []bot.Ballot
		want    int
	}{
		{"nothing_of_ours_is_no_vote", func(w *votesWorld) []bot.Ballot {
			b := w.thumb("URUI", 0, bot.Support, at(1))
			b.Message = "999.9"
			return []bot.Ballot{b}
		}, 0},
		{"another_emoji_is_no_vote", func(w *votesWorld) []bot.Ballot {
			b := w.thumb("URUI", 0, bot.Support, at(1))
			b.Emoji = "tada"
			return []bot.Ballot{b}
		}, 0},
		{"heeds_own_reaction_never_counts", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("UHEED", 0, bot.Support, at(1))}
		}, 0},
		{"three_ways_are_one_vote", func(w *votesWorld) []bot.Ballot {
			saved := w.thumb("URUI", 0, bot.Support, at(2))
			saved.Channel, saved.Message = "C2", savedOf(0)
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), saved, w.press("URUI", 0, bot.PlaceCommand, bot.Support, at(3))}
		}, 1},
		{"removing_one_of_two_thumbs_leaves_the_other", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), toned(w.thumb("URUI", 0, bot.Support, at(2))), toned(w.thumb("URUI", 0, bot.Retract, at(3)))}
		}, 1},
		{"removing_the_last_thumb_retracts", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.press("URUI", 0, bot.PlaceAsked, bot.Support, at(1)), w.thumb("URUI", 0, bot.Support, at(2)), w.thumb("URUI", 0, bot.Retract, at(3))}
		}, 0},
		{"a_retraction_by_button_holds_under_a_standing_thumb", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), w.press("URUI", 0, bot.PlaceButton, bot.Toggle, at(2))}
		}, 0},
		{"pressing_twice_comes_back_to_a_vote", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), w.press("URUI", 0, bot.PlaceButton, bot.Toggle, at(2)), w.press("URUI", 0, bot.PlaceButton, bot.Toggle, at(3))}
		}, 1},
		{"the_same_press_twice_is_one", func(w *votesWorld) []bot.Ballot {
			b := w.press("URUI", 0, bot.PlaceButton, bot.Toggle, at(2))
			return []bot.Ballot{b, b}
		}, 1},
		{"a_late_retry_changes_nothing", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), w.thumb("URUI", 0, bot.Retract, at(2)), w.thumb("URUI", 0, bot.Support, at(1))}
		}, 0},
		{"a_removal_that_comes_first_still_holds", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Retract, at(2)), w.thumb("URUI", 0, bot.Support, at(1))}
		}, 0},
		{"a_command_stands_over_a_platform_clock_that_is_ahead", func(w *votesWorld) []bot.Ballot {
			b := w.press("URUI", 0, bot.PlaceCommand, bot.Retract, at(2))
			b.Fresh = true
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(60)), b}
		}, 0},
		{"three_people_are_three_votes", func(w *votesWorld) []bot.Ballot {
			return []bot.Ballot{w.thumb("URUI", 0, bot.Support, at(1)), w.thumb("ULENA", 0, bot.Support, at(1)), w.thumb("UOMAR", 0, bot.Support, at(1))}
		}, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newVotesWorld(t, 1)
			w.cast(t, c.ballots(w)...)
			if got := w.count(t, 0); got != c.want {
				t.Errorf("count %d, want %d", got, c.want)
			}
			w.check(t)
		})
	}
}

func TestChannelSaysWhichEmojiAreVotes(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 1)
	w.cast(t, w.thumb("URUI", 0, bot.Support, monday))
	if _, err := w.store.MeetChannel(w.ctx, w.board, w.slack.ID, bot.ChannelSeen{Ref: "C1", Name: "feedback", Kind: bot.PublicChannel}, bot.Team); err != nil {
		t.Fatal(err)
	}
	w.must(t, `update channels set emoji = '{fire,heart}' where channel_ref = 'C1'`)
	fire, heart := w.thumb("ULENA", 0, bot.Support, monday), w.thumb("UOMAR", 0, bot.Support, monday)
	fire.Emoji, heart.Emoji = "fire", "heart"
	w.cast(t, fire, heart, w.thumb("UMIRA", 0, bot.Support, monday))
	if n := w.count(t, 0); n != 3 {
		t.Errorf("%d votes, want Rui's from before, the fire and the heart", n)
	}
	w.cast(t, w.thumb("URUI", 0, bot.Retract, monday.Add(time.Second)))
	if n := w.count(t, 0); n != 2 {
		t.Errorf("%d votes after Rui took back a thumb that counted", n)
	}
	w.check(t)
}

func TestCastVotesAnswers(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 2)
	bad := w.thumb("URUI", 0, bot.Support, monday)
	bad.Workspace.Ref = "T404"
	casts := w.cast(t, bad, w.thumb("ULENA", 1, bot.Support, monday), w.press("UOMAR", 1, bot.PlaceButton, bot.Toggle, monday))
	if casts[0].Outcome != bot.CastNoTarget {
		t.Errorf("a ballot from nowhere came out as %q", casts[0].Outcome)
	}
	for i, want := range []int{1, 2} {
		c := casts[i+1]
		answered := i == 1 // a press is, a reaction is not
		if c.Outcome != bot.CastRecorded || !c.Supports || !c.Changed || !c.NewMember || c.FirstVote != answered || c.Number != w.items[1].Number || c.Votes != 2 {
			t.Errorf("ballot %d of two good ones: %+v", want, c)
		}
	}
	again := w.cast(t, w.thumb("ULENA", 1, bot.Support, monday))[0]
	if again.Outcome != bot.CastStale || again.Changed || !again.Supports || again.FirstVote {
		t.Errorf("the same again: %+v", again)
	}
	later := w.cast(t, w.thumb("ULENA", 1, bot.Support, monday.Add(time.Minute)))[0]
	if later.Outcome != bot.CastRecorded || later.Changed || !later.Supports {
		t.Errorf("a later fact that moves no count: %+v", later)
	}
}

func TestCastVotesMakesTheCardDue(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 1)
	due := func() (n int) {
		if err := w.db.GetContext(w.ctx, &n, `select count(*) from posts where due_at is not null`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.cast(t, w.thumb("URUI", 0, bot.Retract, monday))
	w.must(t, `update posts set due_at = null`)
	w.cast(t, w.thumb("URUI", 0, bot.Retract, monday))
	if due() != 0 {
		t.Error("a ballot that changed nothing made a card due")
	}
	w.cast(t, w.thumb("URUI", 0, bot.Support, monday.Add(time.Second)))
	if due() != 1 {
		t.Error("a vote did not make its card due")
	}
}

func TestForgottenStayForgotten(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 1)
	hash := []byte("keyed hash of URUI")
	w.must(t, `insert into forgotten (board_id, account_hash, at) values ($1, $2, $3)`, w.board, hash, monday)
	for name, c := range map[string]struct {
		at        time.Time
		reconcile bool
		want      bot.CastOutcome
	}{
		"an act from before is not taken in": {monday.Add(-time.Hour), false, bot.CastForgotten},
		"a thumb that is read back neither":  {monday.Add(time.Hour), true, bot.CastForgotten},
		"a new act of theirs is":             {monday.Add(time.Hour), false, bot.CastRecorded},
	} {
		b := w.thumb("URUI", 0, bot.Support, c.at)
		b.Hash, b.Reconcile = hash, c.reconcile
		if got := w.cast(t, b)[0].Outcome; got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		w.must(t, `delete from ballots`)
	}
}

// check compares what is stored with what the facts say.
func (w *votesWorld) check(t testing.TB) {
	t.Helper()
	stored, facts := w.stored(t), w.recomputed(t)
	for k, v := range facts {
		if stored[k] != v {
			t.Errorf("%s: stored %q, the facts say %q", k, stored[k], v)
		}
	}
	for k, v := range stored {
		if _, ok := facts[k]; !ok {
			t.Errorf("%s: stored %q, the facts say nothing", k, v)
		}
	}
}
