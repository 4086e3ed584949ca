package discord_test

import (
	"testing"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// giveTwoPages has a form of two pages open before Rui.
func (c *chat) giveTwoPages() {
	c.t.Helper()
	f := bot.Form{ID: "give", State: " two-pages", Title: "Much", Submit: "Send it"}
	for _, name := range []string{"words", "b", "c", "d", "e", "f", "g"} {
		f.Fields = append(f.Fields, bot.TextField{Name: name, Label: "Field " + name, Optional: name != "words"})
	}
	c.stage.Next(bot.Ask{Form: f})
	c.Command(adaptertest.Rui, adaptertest.Support, "/heed top")
}

func TestFormOfSeveralPages(t *testing.T) {
	t.Parallel()
	send := func(c *chat, values map[string]any) {
		c.t.Helper()
		c.ok(c.people[adaptertest.Rui].Submit(values))
		c.heard()
	}
	t.Run("nothing_is_lost_between_pages", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.giveTwoPages()
		send(c, map[string]any{"words": "first", "b": "second"})
		c.pressed(adaptertest.Rui, "Continue")
		c.people[adaptertest.Rui].Dismiss() // closed by mistake
		c.pressed(adaptertest.Rui, "Change what's before")
		if m, _ := c.discord.Modal(c.people[adaptertest.Rui]); m.Values()["words"][0] != "first" || m.Values()["b"][0] != "second" {
			t.Errorf("the first page holds %v", m.Values())
		}
		send(c, map[string]any{"b": "better"})
		c.pressed(adaptertest.Rui, "Continue")
		c.stage.Next(bot.Sayf("Thank you."))
		send(c, map[string]any{"g": "last"})
		heard := c.stage.Heard()
		sent := heard[len(heard)-1]
		if sent.Values["words"] != "first" || sent.Values["b"] != "better" || sent.Values["g"] != "last" {
			t.Errorf("the core heard %v", sent.Values)
		}
		if all := c.Private(adaptertest.Rui); len(all) != 1 || all[0].Text != "Thank you." {
			t.Errorf("Rui reads:\n%s", c.private(adaptertest.Rui))
		}
	})
	t.Run("it_can_be_sent_before_the_last_page", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.giveTwoPages()
		send(c, map[string]any{"words": "first"})
		c.stage.Next(bot.Sayf("Thank you."))
		if !c.pressed(adaptertest.Rui, "That's all: Send it") {
			t.Fatalf("Rui reads:\n%s", c.private(adaptertest.Rui))
		}
		heard := c.stage.Heard()
		if sent := heard[len(heard)-1]; sent.Values["words"] != "first" {
			t.Errorf("the core heard %v", sent.Values)
		}
		c.sees(adaptertest.Rui, "Thank you.")
	})
	t.Run("a_form_sent_twice_is_one", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.giveTwoPages()
		send(c, map[string]any{"words": "first"})
		way := c.last1(adaptertest.Rui)
		c.stage.Next(bot.Sayf("Thank you."))
		c.Press(adaptertest.Rui, way, "That's all: Send it")
		n := len(c.stage.Heard())
		c.ok(c.people[adaptertest.Rui].PressAsSeen(c.seen[way.Ref], control(c.seen[way.Ref], "That's all: Send it")))
		c.heard()
		if len(c.stage.Heard()) != n {
			t.Error("the core heard it twice")
		}
		c.sees(adaptertest.Rui, "sent already")
	})
	t.Run("a_restart_loses_nothing", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.giveTwoPages()
		send(c, map[string]any{"words": "first"})
		way := c.last1(adaptertest.Rui)
		c.stop()
		c.start()
		c.Press(adaptertest.Rui, way, "Continue")
		c.stage.Next(bot.Sayf("Thank you."))
		send(c, map[string]any{"g": "last"})
		heard := c.stage.Heard()
		if sent := heard[len(heard)-1]; sent.Values["words"] != "first" || sent.Values["g"] != "last" {
			t.Errorf("the core heard %v", sent.Values)
		}
	})
}

// control is the custom_id of a message's button.
func control(m discordfake.Message, label string) string {
	for _, x := range m.Controls() {
		if x.Label == label {
			return x.CustomID
		}
	}
	return ""
}

func TestFormWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
	c.stage.Away(true)
	c.ok(c.people[adaptertest.Rui].Submit(map[string]any{"words": "my very own words"}))
	c.heard()
	// The words stand in the answer too, as a restart would forget them.
	c.sees(adaptertest.Rui, "couldn't save", "my very own words", "Open the form again")
}
