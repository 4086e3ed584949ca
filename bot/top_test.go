package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// pins is a chat that pins, or says why not.
type pins struct {
	*chat
	mu     sync.Mutex
	pinned []string
	answer error
}

func (p *pins) Pin(_ context.Context, to bot.Destination, message string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		return p.answer
	}
	p.pinned = append(p.pinned, to.Channel+"/"+message)
	return nil
}

func (p *pins) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.pinned...)
}

// withPins gives the world a chat that pins.
func (w *deskWorld) withPins() *pins {
	p := &pins{chat: w.chat}
	w.bot = bot.New(w.store, w.clock, discard(), map[bot.Platform]bot.Messenger{bot.Slack: p},
		bot.Options{Jitter: func() float64 { return 0 }, SecretKey: []byte("not a real key, for tests only.."), Patience: time.Minute})
	return p
}

// tops is what the live Top 10 of a channel says; "" when none stands there.
func (w *deskWorld) top10(t *testing.T, channel string) string {
	t.Helper()
	w.dispatch(t)
	out := ""
	for _, m := range w.to(channel) {
		if note, ok := m.Content.(bot.Note); ok && strings.Contains(note.Doc.Plain(), "keeps itself up to date.") || ok && strings.Contains(note.Doc.Plain(), "The first word is yours") {
			if out != "" {
				t.Error("two of them stand there")
			}
			out = note.Doc.Plain()
		}
	}
	return out
}

// look is one look of the loop, a gap later.
func (w *deskWorld) look(t *testing.T) int {
	t.Helper()
	w.clock.move(30 * time.Second)
	n, err := w.bot.TopsOnce(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTop(t *testing.T) {
	t.Parallel()
	t.Run("only_who_moderates_pins_it_and_only_in_a_channel", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.say(t, "ULENA", "/heed", "top pin"), "Only a product manager or an admin can pin a live Top 10")
		w.says(t, w.press(t, "ULENA", "toppin"), "Only a product manager or an admin")
		call := w.call("UANA")
		call.Channel = bot.ChannelSeen{Ref: "D1", Kind: bot.DirectChannel}
		r, err := w.bot.Command(w.ctx, call, "/heed", "top pin")
		if err != nil {
			t.Fatal(err)
		}
		w.says(t, r, "a conversation, not a channel")
		w.says(t, w.say(t, "UANA", "/heed", "top pin off"), "No live Top 10 stands")
		w.says(t, w.say(t, "UANA", "/heed", "top off"), "top pin off")
		if got := w.top10(t, "CSUPPORT"); got != "" {
			t.Error(got)
		}
		if n := w.count(t, `select count(*) from posts where kind = 'top'`); n != 0 {
			t.Error("something waits to be posted")
		}
	})
	t.Run("it_follows_the_votes_by_one_edit_a_gap_and_none_when_nothing_changed", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		p := w.withPins()
		dark := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		keys := w.item(t, "URUI", "Keyboard shortcuts", bot.Community, "", "")
		w.vote(t, "ULENA", dark)
		w.says(t, w.say(t, "UANA", "/heed", "top pin"), "on its way", "[Take it down]")
		got := w.top10(t, "CSUPPORT")
		if !strings.Contains(got, "#1 Dark mode") || !strings.Contains(got, "[👍 #1]") || strings.Index(got, "#1 ") > strings.Index(got, "#2 ") {
			t.Error(got)
		}
		if len(p.all()) != 1 {
			t.Errorf("pinned: %v", p.all())
		}
		before := w.chat.count("update")
		for range 3 {
			if n := w.look(t); n != 0 {
				t.Errorf("%d are due though nothing changed", n)
			}
			w.dispatch(t)
		}
		w.vote(t, "UOMAR", keys)
		w.vote(t, "UANA", keys)
		if n := w.count(t, `select count(*) from posts where kind = 'top' and due_at is not null`); n != 0 {
			t.Error("a vote made it due")
		}
		if n := w.look(t); n != 1 {
			t.Errorf("%d due", n)
		}
		got = w.top10(t, "CSUPPORT")
		if strings.Index(got, "#2 ") > strings.Index(got, "#1 ") {
			t.Error(got)
		}
		w.vote(t, "UBEN", dark)
		w.vote(t, "UANA", dark)
		n, err := w.bot.TopsOnce(w.ctx) // another replica in the same gap
		if err != nil || n != 0 {
			t.Errorf("%d edits more in one gap (%v)", n, err)
		}
		w.look(t)
		w.dispatch(t)
		if n := w.chat.count("update") - before; n != 2 {
			t.Errorf("%d edits", n)
		}
		if len(p.all()) != 1 {
			t.Errorf("pinned again: %v", p.all())
		}
		w.says(t, w.press(t, "URUI", "vote 1"), "Dark mode") // its button counts for who sees it
	})
	t.Run("each_channel_reads_what_its_readers_may", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Atlas rewrite", bot.Team, "", "")
		dark := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		for _, channel := range []string{"CSUPPORT", "CINSIDE"} {
			call := w.call("UZOE")
			call.Channel.Ref = channel
			if _, err := w.bot.Press(w.ctx, call, "toppin"); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.top10(t, "CSUPPORT"); strings.Contains(got, "Atlas") || !strings.Contains(got, "Dark mode") {
			t.Error(got)
		}
		if got := w.top10(t, "CINSIDE"); !strings.Contains(got, "Atlas") {
			t.Error(got)
		}
		// What goes out of sight goes at once, without waiting for the next look.
		w.say(t, "UANA", "/heed", "audience 2 team")
		if got := w.top10(t, "CSUPPORT"); strings.Contains(got, "Dark mode") {
			t.Error(got)
		}
		w.say(t, "UANA", "/heed", "hide 2 spam")
		if got := w.top10(t, "CINSIDE"); strings.Contains(got, "Dark mode") {
			t.Error(got)
		}
		call := w.call("UANA")
		call.Channel.Ref = "CINSIDE"
		if _, err := w.bot.Command(w.ctx, call, "/heed", "audience community"); err != nil {
			t.Fatal(err)
		}
		if got := w.top10(t, "CINSIDE"); strings.Contains(got, "Atlas") {
			t.Error(got)
		}
		_ = dark
	})
	t.Run("taken_down_it_goes_and_can_come_back", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		p := w.withPins()
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.says(t, w.say(t, "UANA", "/heed", "top"), "[Pin a live Top 10 here]")
		r := w.say(t, "UANA", "/heed", "top pin")
		w.top10(t, "CSUPPORT")
		w.says(t, w.say(t, "UANA", "/heed", "channel"), "A live Top 10 stands here")
		w.says(t, w.say(t, "UANA", "/heed", "top"), "[Take the live Top 10 down]")
		w.says(t, w.press(t, "ULENA", action(t, r, "Take it down")), "Only a product manager or an admin")
		r = w.press(t, "UANA", action(t, r, "Take it down"))
		if got := w.top10(t, "CSUPPORT"); got != "" {
			t.Error(got)
		}
		if w.look(t) != 0 {
			t.Error("it is kept up to date though it is gone")
		}
		w.press(t, "UANA", action(t, r, "Put it back"))
		if got := w.top10(t, "CSUPPORT"); !strings.Contains(got, "Dark mode") {
			t.Error("it did not come back")
		}
		if len(p.all()) != 2 {
			t.Errorf("pinned: %v", p.all())
		}
	})
	t.Run("deleted_by_somebody_it_stays_away_until_asked_for", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "top pin")
		w.top10(t, "CSUPPORT")
		if err := w.bot.MessageGone(w.ctx, w.ref, "CSUPPORT", "m1"); err != nil {
			t.Fatal(err)
		}
		w.chat.mu.Lock()
		delete(w.chat.messages, "CSUPPORT/m1")
		w.chat.mu.Unlock()
		w.vote(t, "ULENA", it)
		if w.look(t) != 0 || w.top10(t, "CSUPPORT") != "" {
			t.Error("it came back by itself")
		}
		w.says(t, w.say(t, "UANA", "/heed", "top pin"), "on its way")
		if got := w.top10(t, "CSUPPORT"); !strings.Contains(got, "Dark mode") {
			t.Error("it did not come back")
		}
		// and where nobody said so, the edit finds out
		w.chat.mu.Lock()
		clear(w.chat.messages)
		w.chat.mu.Unlock()
		w.vote(t, "UOMAR", it)
		w.look(t)
		w.top10(t, "CSUPPORT")
		if w.look(t) != 0 || w.top10(t, "CSUPPORT") != "" {
			t.Error("it came back by itself")
		}
	})
	t.Run("what_cannot_be_pinned_stands_and_is_said_once", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		p := w.withPins()
		p.answer = &bot.Fault{Kind: bot.FaultFull, Reason: "discord_30003"}
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "top pin")
		if got := w.top10(t, "CSUPPORT"); !strings.Contains(got, "Dark mode") {
			t.Error("it does not stand there")
		}
		w.vote(t, "ULENA", it)
		w.look(t)
		w.dispatch(t)
		if got := w.to("@UANA"); len(got) != 1 || !strings.Contains(got[0].words(), "couldn't pin it") || !strings.Contains(got[0].words(), "#support") {
			t.Errorf("Ana reads %v", got)
		}
		w.says(t, w.say(t, "UZOE", "/heed", "doctor"), "couldn't pin")
		p.mu.Lock()
		p.answer = nil
		p.mu.Unlock()
		w.says(t, w.say(t, "UANA", "/heed", "top pin"), "stands here already")
		w.dispatch(t)
		if len(p.all()) != 1 {
			t.Errorf("pinned: %v", p.all())
		}
	})
	t.Run("a_workspace_that_lets_nothing_be_pinned_is_not_nagged_about", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		p := w.withPins()
		p.answer = &bot.Fault{Kind: bot.FaultForbidden, Reason: "missing_scope", Ungranted: true}
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "top pin")
		if w.top10(t, "CSUPPORT") == "" || len(w.to("@UANA")) != 0 {
			t.Error("it stands with a note, or not at all")
		}
	})
	t.Run("a_pin_that_got_no_answer_is_tried_again", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		p := w.withPins()
		p.answer = &bot.Fault{Kind: bot.FaultTransient, Reason: "503"}
		w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.say(t, "UANA", "/heed", "top pin")
		w.top10(t, "CSUPPORT")
		p.mu.Lock()
		p.answer = nil
		p.mu.Unlock()
		w.look(t)
		w.dispatch(t)
		if len(p.all()) != 1 || w.chat.count("update") != 0 {
			t.Errorf("pinned %v, %d edits", p.all(), w.chat.count("update"))
		}
	})
	t.Run("ten_long_titles_and_none", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.say(t, "UANA", "/heed", "top pin")
		if got := w.top10(t, "CSUPPORT"); !strings.Contains(got, "The first word is yours") {
			t.Error(got)
		}
		for i := range 12 {
			w.item(t, "URUI", fmt.Sprintf("Request %02d %s", i, strings.Repeat("@everyone ", 6)), bot.Community, "", "")
		}
		w.look(t)
		got := w.top10(t, "CSUPPORT")
		if !strings.Contains(got, "#10 ") || strings.Contains(got, "#11 ") {
			t.Error(got)
		}
	})
}
