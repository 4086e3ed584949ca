package discord_test

import (
	"strings"
	"testing"

	"heed/adapters/adaptertest"
)

func TestCrowd(t *testing.T) {
	t.Parallel()
	t.Run("a_command_gets_its_words_back", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.adapter.Crowd(c.guild.ID)
		words := strings.Repeat("every one of my very own words comes back ", 100)
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback "+words)
		if got := strings.Count(c.private(adaptertest.Rui), "every one"); got != 100 {
			t.Errorf("%d of a hundred came back", got)
		}
		c.sees(adaptertest.Rui, "in a minute")
	})
	t.Run("a_press_is_answered_and_the_card_left_alone", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
		c.Settle()
		card := c.card()
		empty := c.adapter.Crowd(c.guild.ID)
		c.Press(adaptertest.Mira, card, "👍 Vote")
		c.sees(adaptertest.Mira, "Nothing has changed", "in a minute")
		empty()
		c.Press(adaptertest.Mira, card, "👍 Vote")
		if now := c.card(); !strings.Contains(now.Text, "2 people") {
			t.Errorf("with room again the card reads %s", now.Text)
		}
	})
	t.Run("a_form_opens_again_as_it_was_sent", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		rui := c.people[adaptertest.Rui]
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
		empty := c.adapter.Crowd(c.guild.ID)
		c.ok(rui.Submit(map[string]any{"words": "my very own words"}))
		c.heard()
		c.sees(adaptertest.Rui, "What you typed is kept", "send it again in a minute")
		empty()
		c.pressed(adaptertest.Rui, again)
		if m, _ := c.discord.Modal(rui); len(m.Values()["words"]) != 1 || m.Values()["words"][0] != "my very own words" {
			t.Fatalf("the form holds %v", m.Values())
		}
		c.ok(rui.Submit(nil))
		c.heard()
		c.sees(adaptertest.Rui, "Saved as")
	})
	t.Run("another_guild_is_taken_all_the_same", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.adapter.Crowd("1000000000000000001")
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
		c.sees(adaptertest.Rui, "Saved as")
	})
	t.Run("words_said_to_heed_come_back_where_the_queue_is_full", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.adapter.Flooded()
		rui := c.people[adaptertest.Rui]
		c.adapter.Hear("MESSAGE_CREATE", `{"id":"1100000000000000001","channel_id":"`+rui.DM().ID+`","type":0,"content":"my very own words","author":{"id":"`+rui.ID+`"}}`)
		c.adapter.Wait()
		var said []string
		for _, m := range c.discord.Messages(rui.DM()) {
			said = append(said, m.String())
		}
		if got := strings.Join(said, "\n"); !strings.Contains(got, "my very own words") || !strings.Contains(got, "in a minute") {
			t.Errorf("Rui reads %q", got)
		}
	})
}
