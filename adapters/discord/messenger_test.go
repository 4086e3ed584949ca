package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// sending is a Messenger at a fake Discord.
type sending struct {
	*Messenger
	t       *testing.T
	discord *discordfake.Server
	guild   *discordfake.Guild
	ws      bot.Workspace
	ch      *discordfake.Channel
	clock   *movedClock
}

// movedClock is a clock that a test moves; nobody waits by it.
type movedClock struct{ *discordfake.ManualClock }

func (movedClock) Wait(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }

func send(t *testing.T) *sending {
	t.Helper()
	clock := &movedClock{discordfake.NewManualClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))}
	d := discordfake.New(discordfake.Config{Unchecked: true, Clock: clock})
	t.Cleanup(d.Close)
	guild := d.AddGuild("Acme")
	return &sending{
		Messenger: NewMessenger(Options{APIURL: d.APIURL(), Token: d.Token(), Clock: clock}), t: t, discord: d, guild: guild, clock: clock,
		ws: bot.Workspace{Ref: guildRef(guild.ID), BotAccount: d.Bot().ID}, ch: guild.AddChannel("feedback"),
	}
}

func (s *sending) to() bot.Destination { return bot.Destination{Workspace: s.ws, Channel: s.ch.ID} }

func (s *sending) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// faults answers when to try again.
func (s *sending) faults(err error, kind bot.FaultKind) time.Duration {
	s.t.Helper()
	f := bot.FaultOf(err)
	if err == nil || f.Kind != kind {
		s.t.Fatalf("%v, want a fault of kind %s", err, kind)
	}
	return f.RetryAfter
}

const sendKey = "0123456789abcdef01234567"

var wish = bot.Card{Number: 42, Title: "Dark mode", Votes: 3}

const createMessage = "POST /channels/{channel}/messages"

func TestPostOnce(t *testing.T) {
	t.Parallel()

	t.Run("a_cut_line_and_another_try_are_one_message", func(t *testing.T) {
		t.Parallel()
		s := send(t)
		s.discord.Fail(createMessage, 1, discordfake.CutAfter())
		_, err := s.Post(t.Context(), s.to(), sendKey, wish)
		s.faults(err, bot.FaultTransient)
		sent, err := s.Post(t.Context(), s.to(), sendKey, wish)
		s.must(err)
		if all := s.discord.Messages(s.ch); len(all) != 1 || all[0].ID != sent.Message || sent.Channel != s.ch.ID {
			t.Errorf("%d messages, sent %+v", len(all), sent)
		}
		if !strings.HasSuffix(sent.Permalink, "/channels/"+s.guild.ID+"/"+s.ch.ID+"/"+sent.Message) {
			t.Errorf("permalink %s", sent.Permalink)
		}
	})
	for name, c := range map[string]bot.Content{
		"a_card":        wish,
		"a_note":        bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Textf("Hello, I'm Heed.")}}},
		"a_direct_note": bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("It's here.")}, bot.Buttons{{Label: "Try it", URL: "https://acme.example"}}}},
	} {
		t.Run("found_when_the_nonce_is_forgotten/"+name, func(t *testing.T) {
			t.Parallel()
			s := send(t)
			since := s.clock.Now()
			mira := s.guild.AddUser("Mira")
			sent, err := s.Post(t.Context(), s.to(), sendKey, c)
			s.must(err)
			for i := range 130 { // more than a page of talk
				_, err := mira.Say(s.ch, fmt.Sprint("hello ", i))
				s.must(err)
			}
			s.clock.Advance(30 * time.Minute)
			got, found, err := s.Find(t.Context(), s.to(), sendKey, since)
			s.must(err)
			if !found || got.Message != sent.Message || got.Permalink != sent.Permalink {
				t.Errorf("found %v: %+v, want %+v", found, got, sent)
			}
			if _, found, err = s.Find(t.Context(), s.to(), "ffff", since); found || err != nil {
				t.Errorf("another key: found %v, %v", found, err)
			}
			if _, found, err = s.Find(t.Context(), s.to(), sendKey, s.clock.Now()); found || err != nil {
				t.Errorf("from now on: found %v, %v", found, err)
			}
		})
	}
	t.Run("where_it_may_not_read_it_is_not_found", func(t *testing.T) {
		t.Parallel()
		s := send(t)
		s.discord.Fail("GET /channels/{channel}/messages", 1, discordfake.Refuse(403, 50001, "Missing Access"))
		if _, found, err := s.Find(t.Context(), s.to(), sendKey, s.clock.Now()); found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
	})
}

func TestPings(t *testing.T) {
	t.Parallel()
	s := send(t)
	for i, c := range []bot.Content{
		bot.Card{Number: 1, Title: "@everyone <@&1> <@2>"}, bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Literal("@here")}}},
	} {
		sent, err := s.Post(t.Context(), s.to(), fmt.Sprint("key", i), c)
		s.must(err)
		s.must(s.Update(t.Context(), s.to(), sent.Message, c))
	}
	for _, r := range s.discord.Requests("") {
		if (r.Method == "POST" || r.Method == "PATCH") && !strings.Contains(r.Body, `"allowed_mentions":{"parse":[]`) {
			t.Errorf("%s %s may ping: %s", r.Method, r.Path, r.Body)
		}
	}
}

func TestDirectConversations(t *testing.T) {
	t.Parallel()
	s := send(t)
	rui, closed := s.guild.AddUser("Rui"), s.guild.AddUser("Omar")
	closed.CloseDMs(true)
	note := bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("You asked, it's here.")}}}
	to := bot.Destination{Workspace: s.ws, Account: rui.ID}
	for i := range 3 {
		sent, err := s.Post(t.Context(), to, fmt.Sprint("k", i), note)
		s.must(err)
		if sent.Channel != rui.DM().ID || !strings.Contains(sent.Permalink, "/channels/@me/") {
			t.Errorf("sent %+v", sent)
		}
	}
	if n := len(s.discord.DMs(rui)); n != 3 {
		t.Errorf("%d notes", n)
	}
	if n := len(s.discord.Requests("POST /users/@me/channels")); n != 1 {
		t.Errorf("opened %d times", n)
	}
	to.Account = closed.ID
	_, err := s.Post(t.Context(), to, "k9", note)
	s.faults(err, bot.FaultForbidden) // never tried again: see afterFault
}

func TestOldEdits(t *testing.T) {
	t.Parallel()
	s := send(t)
	old, err := s.Post(t.Context(), s.to(), "k1", wish)
	s.must(err)
	other, err := s.Post(t.Context(), s.to(), "k2", bot.Card{Number: 43, Title: "CSV export"})
	s.must(err)
	s.clock.Advance(2 * time.Hour)
	fresh, err := s.Post(t.Context(), s.to(), "k3", bot.Card{Number: 44, Title: "SSO"})
	s.must(err)
	const edit = "PATCH /channels/{channel}/messages/{message}"
	s.discord.Fail(edit, 1, discordfake.EditsExhausted(5*time.Minute))
	if after := s.faults(s.Update(t.Context(), s.to(), old.Message, wish), bot.FaultSlow); after != 5*time.Minute {
		t.Errorf("after %v", after)
	}
	s.faults(s.Update(t.Context(), s.to(), other.Message, wish), bot.FaultSlow)
	s.must(s.Update(t.Context(), s.to(), fresh.Message, wish))
	if n := len(s.discord.Requests(edit)); n != 2 {
		t.Errorf("%d edits tried, want the one that was refused and the fresh one", n)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	s := send(t)
	rui, ana, zoe, left := s.guild.AddUser("Rui"), s.guild.AddUser("Ana"), s.guild.AddUser("Zoe"), s.guild.AddUser("Lena")
	s.guild.AddRole("staff", discordfake.ManageGuild).Give(ana)
	s.guild.AddRole("chief", discordfake.Administrator).Give(zoe)
	s.guild.SetNick(rui, "Rui from Acme")
	s.guild.Leave(left)
	for account, want := range map[string]bot.MemberSeen{
		rui.ID:             {Account: rui.ID, Name: "Rui from Acme", Complete: true},
		ana.ID:             {Account: ana.ID, Name: "Ana", Admin: true, Complete: true},
		zoe.ID:             {Account: zoe.ID, Name: "Zoe", Admin: true, Complete: true},
		s.guild.Owner().ID: {Account: s.guild.Owner().ID, Admin: true, Complete: true},
		s.discord.Bot().ID: {Account: s.discord.Bot().ID, Bot: true, Complete: true},
		left.ID:            {Account: left.ID, Gone: true, Complete: true},
		"1":                {Account: "1", Gone: true, Complete: true},
	} {
		got, err := s.Member(t.Context(), s.ws, account)
		s.must(err)
		if want.Name == "" || want.Bot {
			want.Name = got.Name
		}
		want.JoinedAt = got.JoinedAt
		if want.Bot {
			want.Admin = got.Admin
		}
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	s.discord.Fail("GET /guilds/{guild}/members/{user}", 1, discordfake.Broken(503))
	_, err := s.Member(t.Context(), s.ws, rui.ID)
	s.faults(err, bot.FaultTransient)
}

func TestChannels(t *testing.T) {
	t.Parallel()
	s := send(t)
	is := func(ch *discordfake.Channel, kind bot.ChannelKind, joined bool) {
		t.Helper()
		s.forgetGuild(s.guild.ID)
		got, err := s.Channel(t.Context(), s.ws, ch.ID)
		s.must(err)
		if got.Kind != kind || got.Joined == nil || *got.Joined != joined || got.Ref != ch.ID {
			t.Errorf("%+v, joined %v", got, *got.Joined)
		}
		err = s.Join(t.Context(), s.ws, ch.ID)
		if joined {
			s.must(err)
		} else {
			s.faults(err, bot.FaultForbidden)
		}
	}
	is(s.ch, bot.PublicChannel, true)
	is(s.guild.AddForum("ideas"), bot.PublicChannel, true)
	s.guild.SetBotPermissions(discordfake.ViewChannel)
	s.guild.Everyone().SetPermissions(discordfake.ViewChannel)
	is(s.ch, bot.PublicChannel, false)
	s.guild.SetBotPermissions(discordfake.Administrator)
	is(s.guild.AddPrivateChannel("staff"), bot.PrivateChannel, true)
	is(s.guild.AddForum("wishes"), bot.PublicChannel, true) // writing in threads is a younger permission
	_, err := s.Channel(t.Context(), s.ws, "12345")
	s.faults(err, bot.FaultGone)
}

func TestReactions(t *testing.T) {
	t.Parallel()
	s := send(t)
	sent, err := s.Post(t.Context(), s.to(), sendKey, wish)
	s.must(err)
	s.must(s.Mark(t.Context(), s.to(), sent.Message, "+1"))
	s.must(s.Mark(t.Context(), s.to(), sent.Message, "+1")) // no error twice
	m, _ := s.discord.Find(s.ch, "Dark mode")
	party := s.guild.AddEmoji("Party")
	s.must(s.Mark(t.Context(), s.to(), sent.Message, "party"))
	var want []bot.Reacted
	for i := range 230 {
		u := s.guild.AddUser(fmt.Sprint("person", i))
		s.must(u.React(m, "👍"))
		want = append(want, bot.Reacted{Account: u.ID, Emoji: "+1"})
		if i < 3 {
			s.must(u.React(m, "👍🏿"))
			s.must(u.React(m, ":Party:"))
			want = append(want, bot.Reacted{Account: u.ID, Emoji: "+1::skin-tone-6"}, bot.Reacted{Account: u.ID, Emoji: "party::" + party.ID})
		}
	}
	got, err := s.Reactions(t.Context(), s.ws, s.ch.ID, sent.Message)
	s.must(err)
	byText := func(all []bot.Reacted) []string {
		out := make([]string, len(all))
		for i, r := range all {
			out[i] = r.Account + " " + r.Emoji
		}
		slices.Sort(out)
		return out
	}
	if !slices.Equal(byText(got), byText(want)) {
		t.Errorf("%d reactions, want %d", len(got), len(want))
	}
	counts, err := s.Counts(t.Context(), s.ws, s.ch.ID, []string{sent.Message})
	s.must(err)
	if c := counts[sent.Message]; c["+1"] != 230 || c["+1::skin-tone-6"] != 3 || c["party::"+party.ID] != 3 || len(c) != 3 {
		t.Errorf("counts %v", c)
	}
	s.must(s.Delete(t.Context(), s.to(), sent.Message))
	s.must(s.Delete(t.Context(), s.to(), sent.Message)) // gone already
	_, err = s.Reactions(t.Context(), s.ws, s.ch.ID, sent.Message)
	s.faults(err, bot.FaultGone)
	s.faults(s.Mark(t.Context(), s.to(), sent.Message, "nowhere_known"), bot.FaultForbidden)
}

func TestCounts(t *testing.T) {
	t.Parallel()
	s := send(t)
	rui := s.guild.AddUser("Rui")
	var cards []string
	for i := range 12 {
		sent, err := s.Post(t.Context(), s.to(), fmt.Sprint("key", i), bot.Card{Number: i + 1, Title: fmt.Sprint("Wish ", i)})
		s.must(err)
		cards = append(cards, sent.Message)
		m, _ := s.discord.Find(s.ch, fmt.Sprint("Wish ", i))
		if i%2 == 0 {
			s.must(rui.React(m, "👍"))
		}
		if i == 3 || i == 7 { // a lot of talk between some
			for j := range 150 {
				_, err := rui.Say(s.ch, fmt.Sprint("talk ", j))
				s.must(err)
			}
		}
	}
	s.must(s.Delete(t.Context(), s.to(), cards[5]))
	s.discord.ForgetRequests()
	got, err := s.Counts(t.Context(), s.ws, s.ch.ID, cards)
	s.must(err)
	for i, id := range cards {
		counts, found := got[id]
		if found != (i != 5) || i%2 == 0 && counts["+1"] != 1 || i%2 == 1 && len(counts) != 0 {
			t.Errorf("card %d: found %v, %v", i, found, counts)
		}
	}
	if n := len(s.discord.Requests("")); n > 4 {
		t.Errorf("%d calls", n)
	}
	_, err = s.Counts(t.Context(), s.ws, "12345", []string{"1"})
	s.faults(err, bot.FaultGone)
}
