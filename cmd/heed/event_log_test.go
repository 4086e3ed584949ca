package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// logLine is a line of a heed's log, as JSON has it.
type logLine struct {
	Msg, Event, Events, Kind, How, Platform string
	Board, Item                             int64
}

// lines are all that a heed has logged.
func (r *running) lines() (out []logLine) {
	for _, text := range strings.Split(r.log.text(), "\n") {
		var l logLine
		if json.Unmarshal([]byte(text), &l) == nil && l.Msg != "" {
			out = append(out, l)
		}
	}
	return out
}

// line waits for a line that is as meant.
func (r *running) line(what string, meant func(logLine) bool) logLine {
	r.t.Helper()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		for _, l := range r.lines() {
			if meant(l) {
				return l
			}
		}
		select {
		case <-every.C:
		case <-late.C:
			r.t.Fatalf("no line of %s:\n%s", what, r.log.text())
		}
	}
}

// follows checks that one event's lines lead from its being kept to a message that shows it.
func (r *running) follows(event string, shown func(logLine) bool) {
	r.t.Helper()
	if len(event) != 10 {
		r.t.Errorf("an event is called %q", event)
	}
	r.line("what event "+event+" came to", func(l logLine) bool { return l.Event == event && l.Msg == "post shown" && shown(l) })
}

// TestOneEventInTheLog: whoever looks for one event finds it by its id, from its being
// kept to the message that shows it, on both chats.
func TestOneEventInTheLog(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	f := &fans{T: t, clock: a.clock, db: a.db}
	f.found()
	a.env = append(a.env, f.env...)
	h := a.here()
	f.heard()
	a.command(a.zoe, a.requests, "/heed channel intake on")
	a.told(a.zoe, "Cards live in")
	f.line(f.zoe, f.requests, "/heed channel intake on")
	f.told(f.zoe, "Cards live in")

	card := func(how, platform string) func(logLine) bool {
		return func(l logLine) bool { return l.Kind == "card" && l.How == how && l.Platform == platform }
	}
	kept := func(platform, kind string, after int) string {
		return h.line("a "+kind+" that was kept", func(l logLine) bool {
			return l.Msg == "kept" && l.Platform == platform && l.Kind == kind && l.Event != "" && !contains(h.lines()[:after], l.Event)
		}).Event
	}

	// Slack: a command and its card, a 👍 and the edit, a press and its answer.
	before := len(h.lines())
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	asked := kept("slack", "command", before)
	dark := a.message(a.requests, "#1 Dark mode")
	h.follows(asked, card("posted", "slack"))
	h.line("the answer to the command", func(l logLine) bool { return l.Msg == "answered" && l.Event == asked })
	before = len(h.lines())
	a.ok(a.mira.React(dark, "+1"))
	a.shows(dark, "👍 2 people")
	vote := h.line("the vote", func(l logLine) bool { return l.Msg == "vote kept" && !contains(h.lines()[:before], l.Event) })
	h.follows(vote.Event, func(l logLine) bool {
		return card("edited", "slack")(l) && l.Item == vote.Item && l.Board == vote.Board
	})
	before = len(h.lines())
	a.ok(a.lena.PressLabel(dark, "👍 Vote"))
	a.shows(dark, "👍 3 people")
	h.follows(kept("slack", "press", before), card("edited", "slack"))

	// Discord: the same.
	before = len(h.lines())
	f.line(f.rui, f.general, "/feedback Let me undo a delete. I lost a whole list on Friday.")
	asked = kept("discord", "command", before)
	undo := f.message(f.requests, "#1 Let me undo a delete")
	h.follows(asked, card("posted", "discord"))
	h.line("the answer to the command", func(l logLine) bool { return l.Msg == "answered" && l.Event == asked })
	before = len(h.lines())
	f.ok(f.omar.React(undo, "👍"))
	f.shows(undo, "👍 2 people")
	vote = h.line("the vote", func(l logLine) bool { return l.Msg == "vote kept" && !contains(h.lines()[:before], l.Event) })
	h.follows(vote.Event, func(l logLine) bool {
		return card("edited", "discord")(l) && l.Item == vote.Item && l.Board == vote.Board
	})

	for _, words := range []string{"Dark mode", "My eyes", "undo a delete", "Friday"} {
		if strings.Contains(h.log.text(), words) {
			t.Errorf("%q stands in the log", words)
		}
	}
}

func contains(lines []logLine, event string) bool {
	for _, l := range lines {
		if l.Event == event {
			return true
		}
	}
	return false
}
