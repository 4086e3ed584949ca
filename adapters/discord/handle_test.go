package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord"
	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// slow is a core that takes its time: each act waits until the test lets it go.
type slow struct {
	*adaptertest.Stage
	mu   sync.Mutex
	hold chan struct{} // nil: no wait
}

func (s *slow) wait() {
	s.mu.Lock()
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

// stall has every act wait from now on; the answer lets them go.
func (s *slow) stall() (release func()) {
	hold := make(chan struct{})
	s.mu.Lock()
	s.hold = hold
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		s.hold = nil
		s.mu.Unlock()
		close(hold)
	}
}

func (s *slow) CommandWith(ctx context.Context, c bot.Call, verb bot.Verb, values map[string]string) (bot.Reply, error) {
	s.wait()
	return s.Stage.CommandWith(ctx, c, verb, values)
}

func (s *slow) Press(ctx context.Context, c bot.Call, a bot.Action) (bot.Reply, error) {
	s.wait()
	return s.Stage.Press(ctx, c, a)
}

func (s *slow) Submit(ctx context.Context, c bot.Call, f bot.Submission) (bot.Reply, error) {
	s.wait()
	return s.Stage.Submit(ctx, c, f)
}

// newSlow is a chat whose core can be stalled.
func newSlow(t *testing.T) (*chat, *slow) {
	t.Helper()
	s := &slow{}
	c := newChatWith(t, discordfake.Config{Unchecked: true}, func(stage *adaptertest.Stage) discord.Core {
		s.Stage = stage
		return s
	})
	return c, s
}

// deferred does something that the core takes too long for: it is let go once Discord
// was told to wait. The core is waited for only for a moment then, and as long as ever
// before and after.
func (c *chat) deferred(s *slow, act func() error) {
	c.t.Helper()
	usual := c.adapter.Hurry(50*time.Millisecond, 10*time.Second)
	release := s.stall()
	before := len(c.discord.Requests(callback))
	waiting, cancel := context.WithCancelCause(c.soon())
	defer cancel(nil)
	done := make(chan error, 1)
	go func() {
		err := act()
		if err != nil {
			cancel(err) // nothing came to Heed
		}
		done <- err
	}()
	if c.discord.WaitFor(waiting, func() bool { return len(c.discord.Requests(callback)) > before }) != nil {
		release()
		c.t.Fatal(context.Cause(waiting))
	}
	release()
	c.ok(<-done)
	c.heard()
	usual()
}

func (c *chat) private(who string) string {
	var out []string
	for _, m := range c.Private(who) {
		out = append(out, m.Text)
	}
	return strings.Join(out, "\n--\n")
}

func (c *chat) sees(who string, words ...string) {
	c.t.Helper()
	for _, w := range words {
		if got := c.private(who); !strings.Contains(got, w) {
			c.t.Errorf("%s does not read %q but:\n%s", who, w, got)
		}
	}
}

func (c *chat) last1(who string) adaptertest.Message {
	c.t.Helper()
	m, ok := c.lastPrivate(who)
	if !ok {
		c.t.Fatalf("%s was answered nothing", who)
	}
	return m
}

// card is the newest card in #feedback.
func (c *chat) card() adaptertest.Message {
	c.t.Helper()
	all := c.Shown(adaptertest.Feedback)
	for _, m := range slices.Backward(all) {
		if slices.Contains(m.Buttons, "Details") {
			return m
		}
	}
	c.t.Fatal("no card stands there")
	return adaptertest.Message{}
}

func TestSlowCore(t *testing.T) {
	t.Parallel()
	t.Run("a_command_is_answered_when_it_comes_to_something", func(t *testing.T) {
		t.Parallel()
		c, s := newSlow(t)
		rui := c.people[adaptertest.Rui]
		c.deferred(s, func() error { return rui.Line(c.channels[adaptertest.Support], "/feedback a dial for the volume") })
		c.sees(adaptertest.Rui, "Saved as", "a dial for the volume")
		if n := len(c.Private(adaptertest.Rui)); n != 1 {
			t.Errorf("answered with %d messages", n)
		}
	})
	t.Run("a_form_that_comes_late_is_a_button", func(t *testing.T) {
		t.Parallel()
		c, s := newSlow(t)
		rui := c.people[adaptertest.Rui]
		c.deferred(s, func() error { return rui.Line(c.channels[adaptertest.Support], "/feedback") })
		c.Press(adaptertest.Rui, c.last1(adaptertest.Rui), "Open the form")
		if errs := c.Submit(adaptertest.Rui, map[string]string{"words": "a dial for the volume"}); len(errs) > 0 {
			t.Fatalf("the form says %v", errs)
		}
		c.sees(adaptertest.Rui, "Saved as")
		if n := len(c.Private(adaptertest.Rui)); n != 1 {
			t.Errorf("the way to the form still stands: %s", c.private(adaptertest.Rui))
		}
	})
	t.Run("a_pressed_card_moves_when_it_does", func(t *testing.T) {
		t.Parallel()
		c, s := newSlow(t)
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
		c.Settle()
		card := c.seen[c.card().Ref]
		c.deferred(s, func() error { return c.people[adaptertest.Mira].PressLabel(card, "👍 Vote") })
		if now := c.card(); !strings.Contains(now.Text, "2 people") {
			t.Errorf("the card reads %s", now.Text)
		}
		c.sees(adaptertest.Mira, "Counted")
	})
	t.Run("a_form_sent_is_answered_when_it_comes_to_something", func(t *testing.T) {
		t.Parallel()
		c, s := newSlow(t)
		rui := c.people[adaptertest.Rui]
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
		c.deferred(s, func() error { return rui.Submit(map[string]any{"words": "a dial for the volume"}) })
		c.sees(adaptertest.Rui, "Saved as")
	})
	t.Run("words_come_back_from_a_core_that_never_answers", func(t *testing.T) {
		t.Parallel()
		c, s := newSlow(t)
		c.adapter.Hurry(50*time.Millisecond, 100*time.Millisecond)
		release := s.stall()
		defer release()
		c.ok(c.people[adaptertest.Rui].Line(c.channels[adaptertest.Support], "/feedback my very own words"))
		ephemeral := func() bool {
			_, ok := c.discord.FindEphemeral(c.people[adaptertest.Rui], "my very own words")
			return ok
		}
		c.ok(c.discord.WaitFor(c.soon(), ephemeral))
	})
}

func TestPressedCard(t *testing.T) {
	t.Parallel()
	c := newChatWith(t, discordfake.Config{}, nil) // with Discord's limits
	c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
	c.Settle()
	c.clock.Advance(3 * time.Hour)
	c.discord.ForgetRequests()
	for _, who := range []string{adaptertest.Mira, adaptertest.Omar, adaptertest.Ana} {
		c.Press(who, c.card(), "👍 Vote")
	}
	if now := c.card(); !strings.Contains(now.Text, "4 people") {
		t.Errorf("the card reads %s", now.Text)
	}
	c.Settle()
	if edits := c.discord.Requests("PATCH /channels/{channel}/messages/{message}"); len(edits) > 0 {
		t.Errorf("the card was edited %d times besides", len(edits))
	}
}

// callback is where the first answer to an interaction goes.
const callback = "POST /interactions/{interaction}/{token}/callback"

func TestDiscordFails(t *testing.T) {
	t.Parallel()
	t.Run("an_answer_that_broke_off_is_given_again", func(t *testing.T) {
		t.Parallel()
		for name, fault := range map[string]discordfake.Fault{"before": discordfake.Broken(502), "cut": discordfake.CutBefore(), "after": discordfake.CutAfter()} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newChat(t)
				c.discord.Fail(callback, 1, fault)
				c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
				c.sees(adaptertest.Rui, "Saved as")
				if n := len(c.Private(adaptertest.Rui)); n != 1 {
					t.Errorf("answered with %d messages:\n%s", n, c.private(adaptertest.Rui))
				}
			})
		}
	})
	t.Run("what_can_not_be_answered_comes_as_a_direct_message", func(t *testing.T) {
		t.Parallel()
		c := newChatWith(t, discordfake.Config{Unchecked: true, AnswerTimeout: 700 * time.Millisecond}, nil)
		c.discord.Fail(callback, 2, discordfake.Broken(503))
		err := c.people[adaptertest.Rui].Line(c.channels[adaptertest.Support], "/feedback a dial for the volume")
		if !errors.Is(err, discordfake.ErrNoAnswer) {
			t.Fatalf("answered: %v", err)
		}
		c.heard()
		c.sees(adaptertest.Rui, "Saved as")
	})
	t.Run("a_form_that_does_not_open_is_a_button", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.discord.Fail(callback, 2, discordfake.Refuse(400, 50035, "Invalid Form Body"))
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
		c.Press(adaptertest.Rui, c.last1(adaptertest.Rui), "Open the form")
		if _, open := c.Form(adaptertest.Rui); !open {
			t.Error("no form opened")
		}
	})
	t.Run("what_discord_refuses_to_show_comes_as_plain_words", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.discord.Fail(callback, 1, discordfake.Refuse(400, 50035, "Invalid Form Body"))
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
		c.sees(adaptertest.Rui, "Saved as", "a dial for the volume")
	})
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
	c.Settle()
	support, mira := c.channels[adaptertest.Support], c.people[adaptertest.Mira]

	offered, err := mira.Autocomplete(support, "feedback", "text", "dial for vol", nil)
	c.ok(err)
	if len(offered) != 1 || !strings.Contains(offered[0].Name, "#1 a dial for the volume") {
		t.Fatalf("offered: %v", offered)
	}
	c.ok(mira.Slash(support, "feedback", discordfake.Options{"text": offered[0].Value}))
	c.heard()
	c.Settle()
	if card := c.card(); !strings.Contains(card.Text, "2 people") {
		t.Errorf("the card reads %s", card.Text)
	}
	if n := len(c.Shown(adaptertest.Feedback)); n != 1 {
		t.Errorf("%d messages stand in the channel", n)
	}

	offered, err = mira.Autocomplete(support, "heed show", "item", "volume", nil)
	c.ok(err)
	if len(offered) != 1 || offered[0].Value != float64(1) {
		t.Errorf("by words: %v", offered)
	}
	offered, err = mira.Autocomplete(support, "heed digest", "zone", "lisb", nil)
	c.ok(err)
	if len(offered) == 0 || offered[0].Value != "Europe/Lisbon" {
		t.Errorf("zones: %v", offered)
	}
	c.stage.Away(true)
	offered, err = mira.Autocomplete(support, "heed show", "item", "volume", nil)
	if err != nil || len(offered) != 0 {
		t.Errorf("while the database is away: %v, %v", offered, err)
	}
	c.stage.Away(false)
}

func TestDirectConversation(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	rui := c.people[adaptertest.Rui]

	c.ok(rui.Line(rui.DM(), "/feedback a dial for the volume"))
	c.heard()
	c.sees(adaptertest.Rui, "Saved as")
	c.Settle()
	c.card()
	c.ok(rui.Line(rui.DM(), "/heed mine"))
	c.heard()
	c.sees(adaptertest.Rui, "a dial for the volume")
}

// TestTwoServers has Rui in two servers with a board each.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	rui := c.people[adaptertest.Rui]
	other := c.discord.AddGuild("elsewhere")
	other.Join(rui)
	lobby := other.AddChannel("lobby")
	c.clock.Advance(48 * time.Hour) // no newcomer there any more
	c.heard()
	c.Command(adaptertest.Mira, adaptertest.Support, "/feedback a dial for the volume")
	c.Settle()
	c.Command(adaptertest.Rui, adaptertest.Support, "/heed mine")
	c.ok(rui.Line(rui.DM(), "/heed top"))
	c.heard()
	top := c.last1(adaptertest.Rui)
	c.clock.Advance(time.Second)
	c.ok(rui.Line(lobby, "/feedback something else altogether"))
	c.heard()
	c.ok(rui.Line(rui.DM(), "/heed top"))
	c.heard()
	if last := c.last1(adaptertest.Rui); !strings.Contains(last.Text, "something else altogether") || strings.Contains(last.Text, "volume") {
		t.Errorf("where Rui spoke last: %s", last.Text)
	}
	c.Press(adaptertest.Rui, top, "👍 Vote")
	c.Settle()
	if card := c.card(); !strings.Contains(card.Text, "2 people") {
		t.Errorf("the vote went elsewhere: %s\n%s", card.Text, c.private(adaptertest.Rui))
	}
}

func TestRegistration(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	const put = "PUT /applications/{app}/commands"
	if n := len(c.discord.Requests(put)); n != 1 {
		t.Fatalf("written %d times", n)
	}
	c.ok(c.adapter.RegisterCommands(t.Context(), ""))
	if n := len(c.discord.Requests(put)); n != 1 {
		t.Error("what is registered already was written again")
	}
	if own := c.discord.Commands(c.guild); len(own) > 0 {
		t.Errorf("the guild has %d commands of its own besides", len(own))
	}
	c.stop()
	trying := discord.New(discord.Options{APIURL: c.discord.APIURL(), Token: c.discord.Token(), Clock: clock{c.clock}, Trying: true}, c.sender.Messenger, c.stage)
	c.ok(trying.RegisterCommands(t.Context(), c.guild.ID))
	if own := c.discord.Commands(c.guild); len(own) == 0 {
		t.Error("the guild has no commands to try")
	}
}
