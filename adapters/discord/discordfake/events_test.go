package discordfake_test

import (
	"slices"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	t.Run("by the declared intents only", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		quiet, full := w.identified(0), w.identified(discordfake.IntentGuilds|discordfake.IntentGuildMessages|discordfake.IntentGuildMessageReactions|discordfake.IntentDirectMessages)
		full.rest()
		m, err := w.rui.Say(w.support, "dark mode")
		must(t, err)
		must(t, w.mira.React(m, "👍"))
		_, err = w.rui.Tell("hello")
		must(t, err)
		w.guild.SetNick(w.rui, "Rui")
		if got := namesOf(quiet.rest()); got != nil {
			t.Errorf("without intents comes %v", got)
		}
		want := []string{"MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "MESSAGE_CREATE"}
		if got := namesOf(full.rest()); !slices.Equal(got, want) {
			t.Errorf("comes %v, want %v", got, want)
		}
	})

	t.Run("words are left out but for mentions, direct messages and one's own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuildMessages | discordfake.IntentDirectMessages)
		for _, words := range []string{"secret", "hello @heed"} {
			_, err := w.rui.Say(w.support, words, discordfake.File{Name: "a.png"})
			must(t, err)
		}
		_, err := w.rui.Tell("psst")
		must(t, err)
		_, err = w.api.ChannelMessageSend(w.support.ID, "mine")
		must(t, err)
		want := []struct {
			content string
			files   int
			guild   any
		}{{"", 0, w.guild.ID}, {"hello " + w.Bot().Mention(), 1, w.guild.ID}, {"psst", 0, nil}, {"mine", 0, w.guild.ID}}
		for _, c := range want {
			p := s.named("MESSAGE_CREATE")
			if files, _ := p.Data["attachments"].([]any); p.Data["content"] != c.content || len(files) != c.files || p.Data["guild_id"] != c.guild {
				t.Errorf("it says %v, want %+v", p.Data, c)
			}
		}
	})

	t.Run("with the privileged intent the words are there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Privileged: discordfake.IntentMessageContent})
		s := w.identified(discordfake.IntentGuildMessages | discordfake.IntentMessageContent)
		_, err := w.rui.Say(w.support, "dark mode")
		must(t, err)
		if p := s.named("MESSAGE_CREATE"); p.Data["content"] != "dark mode" {
			t.Errorf("it says %v", p.Data)
		}
	})

	t.Run("a channel that the bot does not see is silent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuilds | discordfake.IntentGuildMessageReactions)
		hidden := w.guild.AddPrivateChannel("hidden", w.rui)
		m, err := w.rui.Say(hidden, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"GUILD_CREATE"}) {
			t.Errorf("comes %v", got)
		}
		hidden.AllowUser(w.Bot(), discordfake.ViewChannel)
		must(t, w.rui.React(m, "🎉"))
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"CHANNEL_UPDATE", "MESSAGE_REACTION_ADD"}) {
			t.Errorf("comes %v", got)
		}
	})

	t.Run("each shard hears its guilds, the first the direct messages", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Shards: 2})
		var guilds []*discordfake.Guild
		for range 6 {
			w.clock.Advance(time.Second / 64)
			guilds = append(guilds, w.AddGuild("g"))
		}
		heard := map[int][]string{}
		shards := [2]*socket{}
		for i := range 2 {
			s := w.dial("?v=10")
			s.next()
			id := identity(w.Token(), int(discordfake.IntentGuilds|discordfake.IntentDirectMessages))
			id["shard"] = []int{i, 2}
			s.send(2, id)
			s.named("READY")
			for _, p := range s.rest() {
				heard[i] = append(heard[i], p.Data["id"].(string))
			}
			shards[i] = s
		}
		if len(heard[0])+len(heard[1]) != len(guilds)+1 || len(heard[0]) == 0 || len(heard[1]) == 0 {
			t.Errorf("the shards hear %v", heard)
		}
		_, err := w.rui.Tell("hi")
		must(t, err)
		if a, b := namesOf(shards[0].rest()), namesOf(shards[1].rest()); len(a) != 1 || len(b) != 0 {
			t.Errorf("the direct message comes to %v and %v", a, b)
		}
	})

	t.Run("kicked, invited again, an outage", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		w.guild.Outage(true)
		w.guild.Outage(false)
		w.guild.KickBot()
		_, err := w.api.ChannelMessageSend(w.support.ID, "x")
		wantCode(t, err, 403, 50001)
		_, err = w.api.Guild(w.guild.ID)
		wantCode(t, err, 404, 10004)
		w.guild.InviteBot()
		all := s.rest()
		if got := namesOf(all); !slices.Equal(got, []string{"GUILD_DELETE", "GUILD_CREATE", "GUILD_DELETE", "GUILD_CREATE"}) || all[0].Data["unavailable"] != true || all[2].Data["unavailable"] != nil {
			t.Errorf("comes %v", all)
		}
	})
}
