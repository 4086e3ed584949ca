package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
)

// TestNewcomer is who joined the guild an hour ago and asks for something: in a channel,
// and in a direct message, which says nothing of when they joined.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(c *chat){
		"in_a_channel": func(c *chat) { c.Command("nia", adaptertest.Support, "/feedback cheap watches") },
		"directly":     func(c *chat) { c.Tell("nia", "cheap watches") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			c.Command(adaptertest.Zoe, adaptertest.Support, "/heed help")
			c.people["nia"] = c.discord.AddUser("nia")
			c.guild.Join(c.people["nia"])
			c.clock.Advance(time.Hour)
			ask(c)
			if last, _ := c.lastPrivate("nia"); !strings.Contains(last.Text, "A moderator looks first") || !strings.Contains(last.Text, "cheap watches") {
				t.Fatalf("the newcomer reads %q", last.Text)
			}
			c.Settle()
			if got := c.Shown(adaptertest.Feedback); len(got) != 0 {
				t.Errorf("everyone reads %v", got)
			}
			c.Command(adaptertest.Zoe, adaptertest.Support, "/heed held")
			if !c.pressed(adaptertest.Zoe, "Approve") {
				last, _ := c.lastPrivate(adaptertest.Zoe)
				t.Fatalf("Zoe reads %q", last.Text)
			}
			c.Settle()
			if got := c.Shown(adaptertest.Feedback); len(got) != 1 || !strings.Contains(got[0].Text, "cheap watches") {
				t.Errorf("everyone reads %v", got)
			}
		})
	}
}

func TestPinnedTop(t *testing.T) {
	t.Parallel()
	t.Run("it_stands_pinned", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback dark mode")
		c.Command(adaptertest.Zoe, adaptertest.Support, "/heed top pin")
		c.Settle()
		pins := c.discord.Pins(c.channels[adaptertest.Support])
		if len(pins) != 1 || !strings.Contains(pins[0].String(), "dark mode") {
			t.Errorf("pinned: %v", pins)
		}
		c.Command(adaptertest.Zoe, adaptertest.Support, "/heed top pin off")
		c.Settle()
		if got := c.discord.Pins(c.channels[adaptertest.Support]); len(got) != 0 {
			t.Errorf("pinned still: %v", got)
		}
	})
	for name, refuse := range map[string]func(c *chat){
		"without_the_permission_it_stands_all_the_same": func(c *chat) {
			c.channels[adaptertest.Support].DenyUser(c.discord.Bot(), discordfake.PinMessages)
		},
		"in_a_channel_full_of_pins_too": func(c *chat) {
			for range discordfake.MaxPins {
				m, err := c.people[adaptertest.Zoe].Say(c.channels[adaptertest.Support], "a rule")
				c.ok(err)
				c.ok(c.people[adaptertest.Zoe].Pin(m))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			refuse(c)
			c.Command(adaptertest.Zoe, adaptertest.Support, "/heed top pin")
			c.Settle()
			c.Settle()
			if !slices.ContainsFunc(c.Shown(adaptertest.Support), func(m adaptertest.Message) bool { return strings.Contains(m.Text, "What people want most") }) {
				t.Error("it does not stand there")
			}
			if last, _ := c.lastPrivate(adaptertest.Zoe); !strings.Contains(last.Text, "couldn't pin it") {
				t.Errorf("Zoe reads %q", last.Text)
			}
		})
	}
}

// TestNewcomersPicture is one that nobody has looked at.
func TestNewcomersPicture(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.Command(adaptertest.Zoe, adaptertest.Support, "/heed help")
	nia := c.discord.AddUser("nia")
	c.people["nia"] = nia
	c.guild.Join(nia)
	c.clock.Advance(time.Hour)
	c.ok(nia.Slash(c.channels[adaptertest.Support], "feedback", discordfake.Options{"text": "a dial for the volume", "picture": discordfake.File{Name: "x.png", Data: drawing}}))
	c.heard()
	c.Settle()
	if _, there := c.picture(); there {
		t.Fatal("everyone sees it")
	}
	c.Command(adaptertest.Zoe, adaptertest.Support, "/heed held")
	card, _ := c.lastPrivate(adaptertest.Zoe)
	if !strings.Contains(card.Text, "A picture comes with it") {
		t.Fatalf("Zoe reads %q", card.Text)
	}
	c.Press(adaptertest.Zoe, card, "See the picture")
	c.Settle()
	seen := false
	for _, m := range c.discord.DMs(c.people[adaptertest.Zoe]) {
		seen = seen || len(m.Attachments) == 1
	}
	if _, there := c.picture(); there || !seen {
		t.Errorf("everyone sees it: %v; Zoe does: %v", there, seen)
	}
	c.Press(adaptertest.Zoe, card, "Approve")
	c.Settle()
	if _, there := c.picture(); !there {
		t.Error("approved, it is nowhere")
	}
}
