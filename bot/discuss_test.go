package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"heed/bot"
)

// Discuss gives a message its one conversation.
func (c *chat) Discuss(_ context.Context, to bot.Destination, message, name string) (bot.Discussion, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := to.Channel + "/" + message
	if err := c.begin("discuss", at); err != nil {
		return bot.Discussion{}, err
	}
	m, ok := c.messages[at]
	if !ok {
		return bot.Discussion{}, &bot.Fault{Kind: bot.FaultGone, Reason: "message_not_found"}
	}
	first := m.Talk == ""
	if first {
		m.Talk = name
	}
	c.messages[at] = m
	return bot.Discussion{Permalink: "https://chat.example/talk/" + message, Opened: first}, nil
}

// discusses presses 💬 on the card that stands as the message.
func (w *world) discusses(account, channel, message string, a bot.Action) bot.Reply {
	w.t.Helper()
	call := w.onGuild(account, channel)
	call.Message = message
	r, err := w.bot.Press(w.t.Context(), call, a)
	w.must(err)
	return r
}

func TestDiscuss(t *testing.T) {
	t.Parallel()
	asked := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t)
		w.joinGuild()
		w.guildSays("rui", "D1", "/feedback dark mode")
		w.settled()
		if len(cardsIn(w.guild, "D1")) != 1 {
			t.Fatal("no card in #ideas")
		}
		return w
	}
	t.Run("the_first_press_opens_and_every_other_leads_there", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		r := w.discusses("omar", "D1", "m1", "discuss 1")
		reads(t, r, "I opened a thread for #1 dark mode", "[Go there]")
		again := w.discusses("lena", "D1", "m1", "discuss 1")
		reads(t, again, "#1 dark mode is discussed here", "[Go there]")
		for _, r := range []bot.Reply{r, again} {
			if all := buttonsOf(r); len(all) != 1 || all[0].URL != "https://chat.example/talk/m1" {
				t.Errorf("leads to %v", all)
			}
		}
		if name := w.guild.messages["D1/m1"].Talk; name != "#1 dark mode" {
			t.Errorf("it is called %q", name)
		}
	})
	t.Run("nothing_else_changes", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		before := w.numbered(1)
		w.discusses("omar", "D1", "m1", "discuss 1")
		w.settled()
		if it := w.numbered(1); it.Version != before.Version || it.Votes != before.Votes || it.AskedIn != before.AskedIn {
			t.Errorf("before %+v, after %+v", before, it)
		}
		if n := w.number(`select count(*) from evidence where message_ref <> ''`); n != 0 {
			t.Errorf("%d messages are evidence", n)
		}
	})
	for name, c := range map[string]struct {
		fault *bot.Fault
		want  []string
	}{
		"no_room_for_a_thread": {
			&bot.Fault{Kind: bot.FaultFull, Reason: "discord_160006"},
			[]string{"as many open threads here as the server may have", "Nothing is lost", "closed a few", "press 💬 again", "reply to the card"},
		},
		"no_right_to_open_one": {
			&bot.Fault{Kind: bot.FaultForbidden, Reason: "discord_50013"},
			[]string{"not allowed to open threads", "Create Public Threads"},
		},
		"no_answer":  {&bot.Fault{Kind: bot.FaultTransient, Reason: "timeout"}, []string{"couldn't open the thread just now", "press 💬 again in a minute"}},
		"too_fast":   {&bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited"}, []string{"press 💬 again in a minute"}},
		"no_message": {&bot.Fault{Kind: bot.FaultGone, Reason: "discord_10008"}, []string{"was deleted", "[See it]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := asked(t)
			w.guild.fail = func(call, _ string) error {
				if call == "discuss" {
					return c.fault
				}
				return nil
			}
			reads(t, w.discusses("omar", "D1", "m1", "discuss 1"), c.want...)
			gone := w.number(`select count(*) from posts where kind = 'card' and gone_at is not null`)
			if (gone == 1) != (c.fault.Kind == bot.FaultGone) {
				t.Errorf("%d cards are known as gone", gone)
			}
		})
	}
	t.Run("what_is_no_card_opens_nothing", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		reads(t, w.discusses("omar", "D1", "m77", "discuss 1"), "isn't its card any more", "[See it]")
		reads(t, w.discusses("omar", "D1", "m1", "discuss 77"), "There's no #77")
		reads(t, w.discusses("omar", "D1", "m1", "discuss"), "from an older message")
		if n := w.guild.count("discuss"); n != 0 {
			t.Errorf("the platform was asked %d times", n)
		}
	})
	t.Run("a_chat_without_it_says_where", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.bot = w.replicaWith(struct{ bot.Messenger }{w.chat})
		w.settled()
		call := w.by("omar", "C1")
		for at := range w.chat.messages {
			_, call.Message, _ = cut(at)
		}
		r, err := w.bot.Press(t.Context(), call, "discuss 1")
		w.must(err)
		reads(t, r, "right here", "answer on the card")
	})
	t.Run("the_words_of_the_platform_stay_inside", func(t *testing.T) {
		t.Parallel()
		w := asked(t)
		w.guild.fail = func(call, _ string) error {
			if call == "discuss" {
				return errors.New("https://discord.example/token")
			}
			return nil
		}
		if text := answer(w.discusses("omar", "D1", "m1", "discuss 1")); strings.Contains(text, "discord.example") {
			t.Errorf("reads %s", text)
		}
	})
}
