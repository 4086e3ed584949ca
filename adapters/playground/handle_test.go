package playground_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"heed/adapters/playground"
	"heed/bot"
)

func TestActs(t *testing.T) {
	t.Parallel()
	type heard struct {
		name, act, as string
		body          body
		want          string
	}
	for _, c := range []heard{
		{"a_command", "say", "rui", body{"words": "/feedback dark mode"}, "rui command /feedback dark mode"},
		{"a_command_with_names", "say", "zoe", body{"words": "/heed role @Ben po"}, "zoe command /heed role <@ben|Ben> po"},
		{"a_mention_is_feedback", "say", "lena", body{"words": "@Heed dark mode"}, "lena say dark mode (lena)"},
		{"a_direct_message_is_feedback", "say", "lena", body{"channel": "dm-lena", "words": "dark mode"}, "lena say dark mode (lena)"},
		{"a_button", "press", "rui", body{"action": "vote 12"}, "rui press vote 12"},
		{"a_form", "submit", "rui", body{"form": "feedback", "values": map[string]string{"words": "x"}}, "rui submit feedback map[words:x]"},
		{"give_feedback", "give", "rui", nil, "rui give"},
		{"talk_is_nobodys_business", "say", "rui", body{"words": "good morning"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, s, url := scripted(t, nil)
			if answer, status := visit(t, url).act(c.act, c.as, c.body); status != http.StatusOK {
				t.Fatalf("got %d %s", status, answer)
			}
			if got := strings.Join(s.acts(), "\n"); got != c.want {
				t.Errorf("the core heard %q, want %q", got, c.want)
			}
		})
	}

	t.Run("the_same_act_twice_has_the_same_key", func(t *testing.T) {
		t.Parallel()
		_, s, url := scripted(t, nil)
		p := visit(t, url)
		p.act("say", "rui", body{"key": "a", "words": "/feedback x"})
		p.act("say", "rui", body{"key": "a", "words": "/feedback x"})
		p.act("say", "lena", body{"key": "a", "words": "/feedback x"})
		if len(s.calls) != 3 || s.calls[0].Key != s.calls[1].Key || s.calls[1].Key == s.calls[2].Key {
			t.Errorf("keys: %+v", s.calls)
		}
	})

	t.Run("no_two_acts_at_the_same_instant", func(t *testing.T) {
		t.Parallel()
		a, s, url := scripted(t, nil)
		p := visit(t, url)
		ref, err := a.SayAs(t.Context(), "lena", "support", "dark mode?")
		if err != nil {
			t.Fatal(err)
		}
		p.act("react", "rui", body{"message": ref, "emoji": "+1", "on": true})
		p.act("react", "rui", body{"message": ref, "emoji": "+1", "on": false})
		if len(s.ballots) != 2 || s.ballots[0].Act != bot.Support || s.ballots[1].Act != bot.Retract || !s.ballots[1].At.After(s.ballots[0].At) {
			t.Errorf("ballots: %+v", s.ballots)
		}
	})

	t.Run("save_tells_who_said_it_and_who_reacted", func(t *testing.T) {
		t.Parallel()
		a, s, url := scripted(t, nil)
		ref, err := a.SayAs(t.Context(), "lena", "support", "dark mode?")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.ReactAs(t.Context(), "rui", ref, "+1::skin-tone-3"); err != nil {
			t.Fatal(err)
		}
		visit(t, url).act("save", "ana", body{"message": ref})
		if got := s.acts(); !slices.Contains(got, "ana save dark mode? by lena votes [{rui +1::skin-tone-3}]") {
			t.Errorf("the core heard %v", got)
		}
	})

	t.Run("a_reaction_that_was_not_counted_is_delivered_again", func(t *testing.T) {
		t.Parallel()
		a, s, url := scripted(t, nil)
		ref, err := a.SayAs(t.Context(), "lena", "support", "dark mode?")
		if err != nil {
			t.Fatal(err)
		}
		s.broken(errors.New("the database is away"))
		answer, status := visit(t, url).act("react", "rui", body{"message": ref, "emoji": "+1", "on": true})
		if status != http.StatusOK || !strings.Contains(answer, "keep trying") || strings.Contains(answer, "database is away") {
			t.Errorf("got %d %s", status, answer)
		}
		if playground.Redeliver(t.Context(), a) {
			t.Error("it was let go while the core could not keep it")
		}
		s.broken(nil)
		if !playground.Redeliver(t.Context(), a) {
			t.Error("it was not delivered")
		}
		if n := len(s.ballots); n != 3 || !s.ballots[0].At.Equal(s.ballots[2].At) {
			t.Errorf("%d ballots: %+v", n, s.ballots)
		}
	})

	t.Run("a_form_that_was_not_kept_stays_open", func(t *testing.T) {
		t.Parallel()
		_, s, url := scripted(t, nil)
		s.broken(errors.New("the database is away"))
		answer, status := visit(t, url).act("submit", "rui", body{"form": "feedback", "values": map[string]string{"words": "x"}})
		if status != http.StatusOK || !strings.Contains(answer, "Not saved yet") {
			t.Errorf("got %d %s", status, answer)
		}
	})

	t.Run("words_sent_twice_stand_once", func(t *testing.T) {
		t.Parallel()
		_, _, url := scripted(t, nil)
		p := visit(t, url)
		for range 2 {
			p.act("say", "rui", body{"key": "same", "words": "good morning"})
		}
		out, _ := fetch(t, url+"/playground/api/state?as=lena", nil)
		if n := strings.Count(out, "good morning"); n != 1 {
			t.Errorf("it stands %d times", n)
		}
	})

	t.Run("words_that_were_not_kept_come_back_to_the_person_alone", func(t *testing.T) {
		t.Parallel()
		_, s, url := scripted(t, nil)
		s.broken(errors.New("the database is away"))
		p := visit(t, url)
		if answer, status := p.act("say", "rui", body{"words": "/feedback dark mode"}); status != http.StatusOK {
			t.Fatalf("got %d %s", status, answer)
		}
		mine, _ := fetch(t, url+"/playground/api/state?as=rui", nil)
		theirs, _ := fetch(t, url+"/playground/api/state?as=lena", nil)
		if !strings.Contains(mine, "dark mode") || strings.Contains(theirs, "dark mode") {
			t.Errorf("mine: %s\ntheirs: %s", mine, theirs)
		}
	})

	t.Run("only_its_author_or_an_admin_deletes", func(t *testing.T) {
		t.Parallel()
		a, s, url := scripted(t, nil)
		p := visit(t, url)
		ref, err := a.SayAs(t.Context(), "lena", "support", "dark mode?")
		if err != nil {
			t.Fatal(err)
		}
		if _, status := p.act("delete", "rui", body{"message": ref}); status != http.StatusForbidden {
			t.Errorf("rui: %d", status)
		}
		if _, status := p.act("delete", "zoe", body{"message": ref}); status != http.StatusOK {
			t.Errorf("zoe: %d", status)
		}
		if got := s.acts(); !slices.Contains(got, "gone support/"+ref) {
			t.Errorf("the core heard %v", got)
		}
	})
}
