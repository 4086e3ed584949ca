package discord_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// drawing is a picture as far as anybody looks.
var drawing = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, 1000)...)

// picture is what stands in #feedback with a file on it.
func (c *chat) picture() (discordfake.Message, bool) {
	for _, m := range c.discord.Messages(c.channels[adaptertest.Feedback]) {
		if len(m.Attachments) > 0 {
			return m, true
		}
	}
	return discordfake.Message{}, false
}

func (c *chat) ask(words any, file discordfake.File) {
	c.t.Helper()
	c.ok(c.people[adaptertest.Rui].Slash(c.channels[adaptertest.Support], "feedback", discordfake.Options{"text": words, "picture": file}))
	c.heard()
	c.Settle()
}

func TestPicture(t *testing.T) {
	t.Parallel()
	png := discordfake.File{Name: "my private name.png", Data: drawing}
	t.Run("it_stands_under_the_card_for_good", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.ask("a dial for the volume", png)
		m, there := c.picture()
		if !there || m.ReplyTo != c.card().Ref || !bytes.Equal(m.Attachments[0].Data, drawing) {
			t.Fatalf("%v %+v", there, m)
		}
		if strings.Contains(m.String(), "private name") || !strings.Contains(m.String(), "#1") {
			t.Errorf("it reads %s", m.String())
		}
		if !strings.Contains(c.card().Text, "📎 1") {
			t.Errorf("the card reads %s", c.card().Text)
		}
		c.Later(time.Hour)
		c.Press(adaptertest.Mira, c.card(), "👍 Vote")
		c.Settle()
		if all := c.discord.Messages(c.channels[adaptertest.Feedback]); len(all) != 2 {
			t.Errorf("%d messages stand in the channel", len(all))
		}
	})
	t.Run("the_form_takes_it_along", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.ok(c.people[adaptertest.Rui].Slash(c.channels[adaptertest.Support], "feedback", discordfake.Options{"picture": png}))
		c.heard()
		if errs := c.Submit(adaptertest.Rui, map[string]string{"words": "a dial for the volume"}); len(errs) > 0 {
			t.Fatalf("the form says %v", errs)
		}
		c.Settle()
		if m, there := c.picture(); !there || m.ReplyTo != c.card().Ref {
			t.Errorf("%v %+v", there, m)
		}
	})
	t.Run("it_goes_where_the_words_go", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.Command(adaptertest.Mira, adaptertest.Support, "/feedback dark mode for the editor")
		c.Settle()
		c.ask("a dark mode for the editor, please", png)
		c.Press(adaptertest.Rui, c.last1(adaptertest.Rui), "👍 That's it")
		c.Settle()
		if m, there := c.picture(); !there || m.ReplyTo != c.card().Ref {
			t.Errorf("%v %+v", there, m)
		}
	})
	t.Run("it_goes_when_the_request_does", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.ask("a dial for the volume", png)
		c.Command(adaptertest.Zoe, adaptertest.Support, "/heed role @"+adaptertest.Zoe+" pm")
		c.Command(adaptertest.Zoe, adaptertest.Support, "/heed manage hide 1")
		c.Settle()
		if m, there := c.picture(); there {
			t.Errorf("a hidden request still shows %+v", m)
		}
	})
	t.Run("what_is_no_picture_is_said", func(t *testing.T) {
		t.Parallel()
		for name, file := range map[string]discordfake.File{
			"text":  {Name: "notes.txt", Data: []byte("hello")},
			"large": {Name: "large.png", Data: make([]byte, bot.MaxPicture+1)},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newChat(t)
				c.ask("a dial for the volume", file)
				c.sees(adaptertest.Rui, "Saved as", "couldn't keep the file")
				if _, there := c.picture(); there {
					t.Error("it stands there")
				}
				if !slices.Contains(c.card().Buttons, "Details") {
					t.Error("no card")
				}
			})
		}
	})
}
