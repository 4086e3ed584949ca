package playground

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"heed/bot"
)

// shelf keeps in memory what a database would, and fails on demand.
type shelf struct {
	mu   sync.Mutex
	docs map[string]string // by ref; a room's by its channel
	fail error
}

func (s *shelf) PlaygroundMessages(_ context.Context, _ bot.BoardID, _ bot.WorkspaceID, each func(channel, message, doc string) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := range 2000 {
		ref := fmt.Sprintf("m%07d", n)
		if d, ok := s.docs[ref]; ok {
			if err := each("", ref, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shelf) KeepPlaygroundMessage(_ context.Context, _ bot.BoardID, _ bot.WorkspaceID, _, message, doc string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		s.docs[message] = doc
	}
	return s.fail
}

func (s *shelf) DropPlaygroundMessage(_ context.Context, _ bot.BoardID, _ bot.WorkspaceID, _, message string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		delete(s.docs, message)
	}
	return s.fail
}

func (s *shelf) broken(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

var errDisk = errors.New("no space left on device")

func TestChat(t *testing.T) {
	t.Parallel()
	words := func(s string) message { return message{Channel: "support", Author: "rui", Words: s} }

	t.Run("what_could_not_be_kept_is_not_shown", func(t *testing.T) {
		t.Parallel()
		kept := &shelf{docs: map[string]string{}}
		a := still(t, kept)
		m, err := a.chat.add(t.Context(), words("one"))
		if err != nil {
			t.Fatal(err)
		}
		kept.broken(errDisk)
		before := a.hub.position()
		if _, err := a.chat.add(t.Context(), words("two")); !errors.Is(err, errDisk) {
			t.Errorf("add: %v", err)
		}
		if _, err := a.chat.react(t.Context(), m.Ref, "lena", "+1", true); !errors.Is(err, errDisk) {
			t.Errorf("react: %v", err)
		}
		if err := a.chat.remove(t.Context(), m.Ref); !errors.Is(err, errDisk) {
			t.Errorf("remove: %v", err)
		}
		if a.hub.position() != before {
			t.Error("the page was told of what is not kept")
		}
		if _, ms, _ := a.chat.view("rui"); len(ms) != 1 || len(ms[0].Reactions) != 0 {
			t.Errorf("shown: %+v", ms)
		}
	})

	t.Run("a_room_that_is_full_forgets_its_oldest", func(t *testing.T) {
		t.Parallel()
		kept := &shelf{docs: map[string]string{}}
		a := still(t, kept)
		for n := range roomKeeps + 3 {
			if _, err := a.chat.add(t.Context(), words(fmt.Sprint(n))); err != nil {
				t.Fatal(err)
			}
		}
		_, ms, _ := a.chat.view("rui")
		if len(ms) != roomKeeps || ms[0].Words != "3" {
			t.Errorf("%d messages, the oldest %q", len(ms), ms[0].Words)
		}
		if len(kept.docs) != roomKeeps {
			t.Errorf("%d are kept", len(kept.docs))
		}
	})

	t.Run("a_reaction_twice_is_one", func(t *testing.T) {
		t.Parallel()
		a := still(t, nil)
		m, err := a.chat.add(t.Context(), words("one"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if m, err = a.chat.react(t.Context(), m.Ref, "lena", "+1::skin-tone-2", true); err != nil {
				t.Fatal(err)
			}
		}
		if len(m.Reactions) != 1 || len(m.Reactions[0].By) != 1 {
			t.Fatalf("got %+v", m.Reactions)
		}
		for range 2 {
			if m, err = a.chat.react(t.Context(), m.Ref, "lena", "+1::skin-tone-2", false); err != nil {
				t.Fatal(err)
			}
		}
		if len(m.Reactions) != 0 {
			t.Fatalf("got %+v", m.Reactions)
		}
	})

	t.Run("a_change_does_not_reach_into_what_was_read_before", func(t *testing.T) {
		t.Parallel()
		a := still(t, nil)
		m, err := a.chat.add(t.Context(), words("one"))
		if err != nil {
			t.Fatal(err)
		}
		first, err := a.chat.react(t.Context(), m.Ref, "lena", "+1", true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.chat.react(t.Context(), m.Ref, "ana", "+1", true); err != nil {
			t.Fatal(err)
		}
		if len(first.Reactions[0].By) != 1 {
			t.Error("an older copy was changed")
		}
	})

	t.Run("who_sees_what", func(t *testing.T) {
		t.Parallel()
		a := still(t, nil)
		cases := []struct {
			account, channel, to string
			want                 bool
		}{
			{"rui", "support", "", true},
			{"rui", "support", "lena", false},
			{"rui", "product", "", false}, // a customer, and the team's channel
			{"ana", "product", "", true},
			{"rui", "dm-rui", "", true},
			{"zoe", "dm-rui", "", false}, // an admin too
			{"ana", "nowhere", "", false},
		}
		for _, c := range cases {
			if got := a.chat.sees(c.account, c.channel, c.to); got != c.want {
				t.Errorf("%s sees %s to %q: %v", c.account, c.channel, c.to, got)
			}
		}
	})

	t.Run("a_restart_shows_the_same_chat_and_goes_on_counting", func(t *testing.T) {
		t.Parallel()
		kept := &shelf{docs: map[string]string{}}
		a := still(t, kept)
		for _, w := range []string{"one", "two"} {
			if _, err := a.chat.add(t.Context(), words(w)); err != nil {
				t.Fatal(err)
			}
		}
		b := still(t, kept)
		_, before, _ := a.chat.view("rui")
		_, after, _ := b.chat.view("rui")
		if fmt.Sprint(before) != fmt.Sprint(after) || len(after) != 2 {
			t.Errorf("before %v, after %v", before, after)
		}
		m, err := b.chat.add(t.Context(), words("three"))
		if err != nil || m.Ref != "m0000003" {
			t.Errorf("the next is %q, %v", m.Ref, err)
		}
	})
}

func TestHub(t *testing.T) {
	t.Parallel()

	t.Run("a_page_that_fell_too_far_behind_is_told", func(t *testing.T) {
		t.Parallel()
		h := newHub("x")
		for range eventsKept + 10 {
			h.publish(event{Name: eventClock})
		}
		if _, whole := h.after(5); whole {
			t.Error("it thinks it missed nothing")
		}
		if es, whole := h.after(h.position() - 3); !whole || len(es) != 3 {
			t.Errorf("%d events, whole %v", len(es), whole)
		}
		if _, whole := h.after(h.position() + 1); whole {
			t.Error("a position from the future was taken")
		}
	})

	t.Run("no_more_pages_than_the_bound", func(t *testing.T) {
		t.Parallel()
		h := newHub("x")
		var leave func()
		for range listenersMost {
			var ok bool
			if _, leave, ok = h.listen(); !ok {
				t.Fatal("refused too early")
			}
		}
		if _, _, ok := h.listen(); ok {
			t.Error("one too many was let in")
		}
		leave()
		if _, _, ok := h.listen(); !ok {
			t.Error("a free place was refused")
		}
	})

	t.Run("closing_wakes_all_and_lets_nobody_in", func(t *testing.T) {
		t.Parallel()
		h := newHub("x")
		wake, leave, _ := h.listen()
		h.close()
		h.close()
		if _, open := <-wake; open {
			t.Error("the page was not let go")
		}
		leave()
		h.publish(event{Name: eventClock})
		if _, _, ok := h.listen(); ok {
			t.Error("a page was let in after the end")
		}
	})
}
