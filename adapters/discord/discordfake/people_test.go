package discordfake_test

import (
	"slices"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

func TestModerators(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	s := w.identified(discordfake.IntentGuilds | discordfake.IntentGuildMessages)
	s.rest()
	a, err := w.rui.Say(w.support, "a")
	must(t, err)
	b, err := w.mira.Say(w.support, "b")
	must(t, err)
	for name, err := range map[string]error{
		"delete": w.rui.Delete(b), "edit": w.rui.Edit(b, "x"), "pin": w.rui.Pin(b), "all": w.rui.DeleteAll(a, b), "clear": w.rui.ClearReactions(b),
	} {
		if err == nil {
			t.Errorf("a member may %s", name)
		}
	}
	must(t, w.mira.Edit(b, "b, mended"))
	must(t, w.zoe.Pin(b))
	must(t, w.zoe.Unpin(b))
	must(t, w.zoe.DeleteAll(a, b))
	if got := namesOf(s.rest()); !slices.Equal(got, []string{
		"MESSAGE_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_CREATE",
		"CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_DELETE_BULK",
	}) {
		t.Errorf("the gateway told %v", got)
	}
	if err := w.mira.Edit(b, "gone"); err == nil {
		t.Error("a deleted message was edited")
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	t.Run("a silenced member reads and says nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.mira.Say(w.support, "x")
		must(t, err)
		w.guild.Silence(w.rui, monday.Add(time.Hour))
		if _, err := w.rui.Say(w.support, "x"); err == nil || w.rui.React(m, "👍") == nil {
			t.Error("Rui said something")
		}
		w.clock.Advance(time.Hour)
		must(t, w.rui.React(m, "👍"))
	})

	t.Run("who left keeps what they did, and does nothing more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.mira.Say(w.support, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		w.guild.Leave(w.rui)
		if w.rui.Unreact(m, "👍") == nil {
			t.Error("Rui is still there")
		}
		users, err := w.api.MessageReactions(w.support.ID, m.ID, "👍", 10, "", "")
		must(t, err)
		if len(users) != 1 || users[0].ID != w.rui.ID {
			t.Errorf("the reactions are %v", users)
		}
	})

	t.Run("member events only with the privileged intent, the bot's own always", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Privileged: discordfake.IntentGuildMembers})
		plain, full := w.identified(discordfake.IntentGuilds), w.identified(discordfake.IntentGuilds|discordfake.IntentGuildMembers)
		plain.rest()
		full.rest()
		lena := w.AddUser("lena")
		w.guild.Join(lena)
		w.guild.SetNick(lena, "Lena")
		w.guild.Leave(lena)
		w.guild.SetNick(w.Bot(), "Heed!")
		if got := namesOf(plain.rest()); !slices.Equal(got, []string{"GUILD_MEMBER_UPDATE"}) {
			t.Errorf("without the intent comes %v", got)
		}
		if got := namesOf(full.rest()); !slices.Equal(got, []string{"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_UPDATE"}) {
			t.Errorf("with it comes %v", got)
		}
	})

	t.Run("roles are given, changed, deleted, and told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		mods := w.guild.AddRole("mods", discordfake.ManageMessages)
		mods.Give(w.mira)
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		must(t, w.mira.ClearReactions(m))
		mods.SetPermissions()
		if w.mira.ClearReactions(m) == nil {
			t.Error("the role still moderates")
		}
		mods.Delete()
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"}) {
			t.Errorf("the gateway told %v", got)
		}
	})
}

func TestSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	w.guild.AddRole("pm")
	m, err := w.rui.Say(w.support, "@mira and @pm, see #news. me@example.com, @nobody")
	must(t, err)
	if got := m.String(); got != "@mira and @pm, see #news. me@example.com, @nobody" {
		t.Errorf("it reads %q", got)
	}
	if got := m.Pings(); len(got) != 2 || got[0] != w.mira.Mention() {
		t.Errorf("it notifies %v", got)
	}
	r, err := w.mira.Reply(m, "thank you")
	must(t, err)
	if r.ReplyTo != m.ID || !slices.Equal(r.Pings(), []string{w.rui.Mention()}) {
		t.Errorf("it answers %q and notifies %v", r.ReplyTo, r.Pings())
	}
	if found, ok := w.Find(w.support, "thank"); !ok || found.ID != r.ID {
		t.Errorf("found is %v", found)
	}
	hidden := w.guild.AddPrivateChannel("hidden", w.rui)
	if _, err := w.mira.Say(hidden, "x"); err == nil {
		t.Error("Mira wrote in a channel that she does not see")
	}
	if _, err := w.rui.Say(w.guild.AddForum("ideas"), "x"); err == nil {
		t.Error("a forum took a message")
	}
}
