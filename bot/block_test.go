package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestBlock_from_the_queue(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
	w.clock.move(time.Minute)
	r := w.heldBy(t, "URUI", "Cheap watches")
	w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "More watches"})
	w.heldBy(t, "ULENA", "Keyboard shortcuts")
	r = w.press(t, "UANA", action(t, r, "Block"))
	w.says(t, r, "Rui can't give feedback until 30 November", "2 texts that waited", "1 of 1 for a moderator", "Keyboard shortcuts")
	w.clock.move(5 * time.Minute)
	w.dispatch(t)
	got := w.to("@URUI")
	if len(got) != 1 {
		t.Fatalf("%d notes: once is enough", len(got))
	}
	for _, want := range []string{"You can't send feedback here until 30 November", "> Cheap watches", "> More watches", "your votes count"} {
		if !strings.Contains(got[0].words(), want) {
			t.Errorf("lacks %q: %s", want, got[0].words())
		}
	}
	w.says(t, w.say(t, "URUI", "/heed", "my-data"), "You can't send feedback until 30 November", "Cheap watches")
	w.vote(t, "URUI", it)
	if n := w.read(t, it).Votes; n != 1 {
		t.Errorf("%d votes: a blocked person's 👍 counts", n)
	}
	r = w.press(t, "UZOE", action(t, r, "Undo"))
	w.says(t, r, "Rui may give feedback again", "2 texts")
	if n := w.waits(t); n != 3 {
		t.Errorf("%d texts wait", n)
	}
	w.dispatch(t)
	if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "That was taken back") {
		t.Errorf("Rui reads %v", got)
	}
	if n := w.count(t, `select count(*) from history where act = 'blocked' and member_id = $1 and undone_at is not null`, w.member(t, "UANA").ID); n != 1 {
		t.Error("who blocked and that it was undone is not kept")
	}
}

func TestBlock_undone_restores_what_was(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.member(t, "URUI")
	w.say(t, "UANA", "/heed", "block <@URUI> 30 days spam")
	r := w.say(t, "UANA", "/heed", "block <@URUI> 1 day")
	w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "blocked until 23 December, as before")
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> off"), "may give feedback again")
	if n := w.count(t, `select count(*) from history where act = 'unblocked'`); n != 1 {
		t.Error("who ended it is not kept")
	}
}

// TestBlock_holds_on_every_way goes the ways by which somebody who is blocked could still
// say something.
func TestBlock_holds_on_every_way(t *testing.T) {
	t.Parallel()
	spam := "Cheap watches"
	for name, way := range map[string]func(t *testing.T, w *deskWorld) bot.Reply{
		"a_request": func(t *testing.T, w *deskWorld) bot.Reply { return w.say(t, "URUI", "/feedback", spam) },
		"an_edit_of_what_stands": func(t *testing.T, w *deskWorld) bot.Reply {
			return w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"words": spam})
		},
		"another_title": func(t *testing.T, w *deskWorld) bot.Reply { return w.say(t, "URUI", "/heed", "retitle 1 "+spam) },
		"details": func(t *testing.T, w *deskWorld) bot.Reply {
			return w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "more 1")), map[string]string{"words": spam})
		},
		"a_reason": func(t *testing.T, w *deskWorld) bot.Reply {
			return w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 2")), map[string]string{"words": spam})
		},
		"thats_it_on_what_was_offered_before": func(t *testing.T, w *deskWorld) bot.Reply {
			return w.press(t, "URUI", action(t, w.say(t, "URUI", "/heed", "mine"), "Mine is different"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDeskWorld(t).withRoles(t)
			w.item(t, "URUI", "Dark mode", bot.Community, "", "")
			w.item(t, "ULENA", "Cheap clocks", bot.Community, "", "")
			w.clock.move(time.Minute)
			w.says(t, w.say(t, "URUI", "/feedback", "Cheap clocks, "+spam), "This sounds like")
			offered := action(t, w.say(t, "URUI", "/heed", "held"), "Look again")
			w.say(t, "UANA", "/heed", "block <@URUI> 3 days")
			w.clock.move(time.Minute)
			w.says(t, way(t, w), "You can't send feedback here until 26 November", spam)
			w.says(t, w.press(t, "URUI", action(t, w.press(t, "URUI", offered), "👍 That's it")), "You can't send feedback here")
			w.clock.move(time.Hour)
			if _, err := w.bot.HeldOnce(w.ctx); err != nil { // silence posts nothing either
				t.Fatal(err)
			}
			w.unseen(t, spam)
			w.clock.move(3 * 24 * time.Hour)
			r := w.say(t, "URUI", "/heed", "mine") // and the words are there when it is over
			w.says(t, r, "Cheap clocks, "+spam, "[Send as feedback]")
		})
	}
}

func TestSave_in_the_community(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.member(t, "URUI")
	said := map[string]string{"": wishes[0], "UOMAR": wishes[1], "ULENA": wishes[2], "URUI": wishes[3]}
	save := func(who, author string) bot.Reply {
		t.Helper()
		w.clock.move(time.Minute)
		r, err := w.bot.Save(w.ctx, w.call(who), bot.Heard{Message: "9." + author, Author: bot.MemberSeen{Account: author, Name: author}, Words: said[author], At: w.clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	const no = "Only moderators save other people's messages here. You can say it yourself."
	w.says(t, save("ULENA", "UOMAR"), no, "[Give feedback]")
	w.says(t, save("ULENA", ""), no)
	if n := w.count(t, `select (select count(*) from held) + (select count(*) from posts) + (select count(*) from items)`); n != 0 {
		t.Error("something was kept")
	}
	w.form(t, save("ULENA", "ULENA"))
	for _, who := range []string{"UANA", "UBEN", "UZOE"} {
		w.form(t, save(who, "UOMAR"))
	}
	w.says(t, w.submit(t, "UANA", w.form(t, save("UANA", "UOMAR")), nil), "Saved as #1")
	w.says(t, save("ULENA", "UOMAR"), "I counted your 👍 instead") // a vote harasses nobody
	w.says(t, w.say(t, "ULENA", "/heed", "channel saving on"), "Only a product manager or an admin")
	w.says(t, w.say(t, "UZOE", "/heed", "channel saving on"), "Everyone may save")
	w.newcomer(t, "URUI", time.Hour)
	w.says(t, w.submit(t, "UOMAR", w.form(t, save("UOMAR", "URUI")), nil), "A moderator looks first") // its author is new here
	w.says(t, w.say(t, "UANA", "/heed", "held"), "saved a message of URUI (joined 1 hour ago)")
	w.says(t, w.say(t, "UZOE", "/heed", "channel saving off"), "Only people with a role")
	w.says(t, save("UOMAR", "ULENA"), no)
}

func TestReview_moderators_hear_of_it(t *testing.T) {
	t.Parallel()
	t.Run("in_the_teams_digest_channel_once_a_day_and_without_the_words", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		call := w.call("UANA")
		call.Channel.Ref, call.Channel.Name = "CINSIDE", "inside"
		if _, err := w.bot.Command(w.ctx, call, "/heed", "digest here"); err != nil {
			t.Fatal(err)
		}
		w.heldBy(t, "URUI", "Cheap watches")
		w.heldBy(t, "ULENA", "Cheap clocks")
		w.dispatch(t)
		if got := w.to("CINSIDE"); len(got) != 0 {
			t.Errorf("told at once: %v", got)
		}
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		got := w.to("CINSIDE")
		if len(got) != 1 || !strings.Contains(got[0].words(), "2 texts wait for a moderator") || strings.Contains(got[0].words(), "Cheap") {
			t.Fatalf("the team reads %v", got)
		}
		w.heldBy(t, "UOMAR", "Cheap rings")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CINSIDE"); len(got) != 1 {
			t.Errorf("%d notes in a day", len(got))
		}
		w.clock.move(24 * time.Hour)
		if _, err := w.bot.HeldOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("CINSIDE"); len(got) != 2 {
			t.Errorf("%d notes after two days", len(got))
		}
		if r := w.press(t, "UZOE", "review"); r.(bot.Say).Replace {
			t.Error("the note would be replaced for all")
		}
		w.says(t, w.say(t, "UZOE", "/heed", "doctor"), "Waiting for a moderator: 3 texts", "people were told a day")
	})
	t.Run("else_those_who_decide_in_private_and_never_a_community_channel", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.say(t, "UANA", "/heed", "digest here") // the community's
		w.heldBy(t, "URUI", "Cheap watches")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("@UANA"); len(got) != 1 || !strings.Contains(got[0].words(), "1 text waits") {
			t.Errorf("Ana reads %v", got)
		}
		if got := w.to("CSUPPORT"); len(got) != 0 {
			t.Errorf("the community reads %v", got)
		}
	})
	t.Run("not_when_all_is_decided_by_then", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Cheap watches"), "Hide"))
		w.clock.move(4 * time.Minute)
		w.dispatch(t)
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("@UANA"); len(got) != 0 {
			t.Errorf("Ana reads %v", got)
		}
		w.heldBy(t, "ULENA", "Cheap clocks") // the same day, but now there is something
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("@UANA"); len(got) != 1 {
			t.Errorf("Ana reads %v", got)
		}
	})
}
