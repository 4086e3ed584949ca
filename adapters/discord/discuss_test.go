package discord_test

import (
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
)

func TestDiscussOnDiscord(t *testing.T) {
	t.Parallel()
	asked := func(t *testing.T) (*chat, discordfake.Message) {
		t.Helper()
		c := newChat(t)
		c.Command(adaptertest.Rui, adaptertest.Feedback, "/feedback Dark mode please")
		c.Settle()
		for _, m := range c.discord.Messages(c.channels[adaptertest.Feedback]) {
			if strings.Contains(m.String(), "#1 Dark mode please") {
				return c, m
			}
		}
		t.Fatal("no card")
		return c, discordfake.Message{}
	}
	t.Run("the_first_press_opens_the_thread_and_others_lead_there", func(t *testing.T) {
		t.Parallel()
		c, card := asked(t)
		for i, who := range []string{adaptertest.Omar, adaptertest.Ana} {
			c.ok(c.people[who].PressLabel(card, "Discuss"))
			c.heard()
			said, _ := c.lastPrivate(who)
			if !strings.Contains(said.Text, []string{"I opened a thread for #1", "#1 Dark mode please is discussed here"}[i]) || !strings.Contains(said.Text, "Go there") {
				t.Errorf("%s reads %s", who, said.Text)
			}
		}
		th, _ := c.discord.Thread(card)
		if th == nil || th.Name() != "#1 Dark mode please" || len(c.discord.Threads(c.channels[adaptertest.Feedback])) != 1 {
			t.Errorf("threads: %v", c.discord.Threads(c.channels[adaptertest.Feedback]))
		}
	})
	t.Run("a_guild_full_of_threads_is_told_what_to_do", func(t *testing.T) {
		t.Parallel()
		c, card := asked(t)
		c.guild.SetThreadCap(0)
		c.guild.SetThreadCap(1)
		busy, err := c.people[adaptertest.Omar].Say(c.channels[adaptertest.Support], "anyone?")
		c.ok(err)
		_, err = c.people[adaptertest.Omar].StartThread(busy, "busy")
		c.ok(err)
		c.ok(c.people[adaptertest.Omar].PressLabel(card, "Discuss"))
		c.heard()
		if said, _ := c.lastPrivate(adaptertest.Omar); !strings.Contains(said.Text, "as many open threads") || !strings.Contains(said.Text, "press 💬 again") {
			t.Errorf("reads %s", said.Text)
		}
	})
	t.Run("ship_answers_in_the_thread", func(t *testing.T) {
		t.Parallel()
		c, card := asked(t)
		c.ok(c.people[adaptertest.Omar].PressLabel(card, "Discuss"))
		c.heard()
		c.Command(adaptertest.Zoe, adaptertest.Feedback, "/heed role @zoe po")
		c.Command(adaptertest.Zoe, adaptertest.Feedback, "/heed status 1 planned")
		c.Command(adaptertest.Zoe, adaptertest.Feedback, "/ship 1")
		c.Submit(adaptertest.Zoe, map[string]string{"note": "Settings → Dark"})
		c.Later(adaptertest.Undo + time.Minute)
		_, all := c.discord.Thread(card)
		found := false
		for _, m := range all {
			found = found || strings.Contains(m.String(), "You asked, it's here")
		}
		if !found {
			t.Errorf("nothing in the thread: %v", all)
		}
	})
}
