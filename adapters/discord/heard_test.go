package discord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/discord/discordfake"
)

// TestHeard feeds events in the forms in which Discord sends them.
func TestHeard(t *testing.T) {
	t.Parallel()
	reaction := func(more string) string {
		return `{"user_id":"7","channel_id":"5","message_id":"6","guild_id":"9","emoji":{"id":null,"name":"👍"},"some_new_field":[{}]` + more + `}`
	}
	for name, c := range map[string]struct {
		kind, data string
		want       []string
	}{
		"a_vote":               {"MESSAGE_REACTION_ADD", reaction(`,"burst":false,"type":0`), []string{"7 support +1 on 6"}},
		"an_old_form":          {"MESSAGE_REACTION_ADD", reaction(``), []string{"7 support +1 on 6"}},
		"a_super_reaction":     {"MESSAGE_REACTION_ADD", reaction(`,"burst":true,"burst_colors":["#ff0000"],"type":1`), []string{"7 support +1::burst on 6"}},
		"taken_back":           {"MESSAGE_REACTION_REMOVE", reaction(``), []string{"7 retract +1 on 6"}},
		"a_guilds_emoji":       {"MESSAGE_REACTION_ADD", `{"user_id":"7","channel_id":"5","message_id":"6","guild_id":"9","emoji":{"id":"44","name":"Acme","animated":true}}`, []string{"7 support acme::44 on 6"}},
		"a_deleted_emoji":      {"MESSAGE_REACTION_REMOVE", `{"user_id":"7","channel_id":"5","message_id":"6","guild_id":"9","emoji":{"id":"44","name":null}}`, []string{"7 retract emoji::44 on 6"}},
		"all_cleared":          {"MESSAGE_REACTION_REMOVE_ALL", `{"channel_id":"5","message_id":"6","guild_id":"9"}`, []string{"cleared 6 []"}},
		"an_emoji_cleared":     {"MESSAGE_REACTION_REMOVE_EMOJI", reaction(``), []string{`cleared 6 ["+1" "+1::burst"]`}},
		"heeds_own":            {"MESSAGE_REACTION_ADD", strings.ReplaceAll(reaction(``), `"7"`, `"1"`), nil},
		"a_bots":               {"MESSAGE_REACTION_ADD", reaction(`,"member":{"user":{"id":"7","bot":true}}`), nil},
		"outside_of_guilds":    {"MESSAGE_REACTION_ADD", strings.ReplaceAll(reaction(``), `"guild_id":"9",`, ``), nil},
		"a_message_gone":       {"MESSAGE_DELETE", `{"id":"6","channel_id":"5","guild_id":"9"}`, []string{"message gone 6"}},
		"many_gone":            {"MESSAGE_DELETE_BULK", `{"ids":["6","8"],"channel_id":"5","guild_id":"9"}`, []string{"message gone 6", "message gone 8"}},
		"an_outage":            {"GUILD_DELETE", `{"id":"9","unavailable":true}`, nil},
		"removed":              {"GUILD_DELETE", `{"id":"9"}`, []string{"gone 9"}},
		"a_guild_renamed":      {"GUILD_UPDATE", `{"id":"9","name":"Acme Ltd","roles":[]}`, []string{"attach 9 Acme Ltd", "permitted 9"}},
		"a_guild_unavailable":  {"GUILD_CREATE", `{"id":"9","unavailable":true}`, nil},
		"a_channel_renamed":    {"CHANNEL_UPDATE", `{"id":"5","guild_id":"9","type":0,"name":"wishes"}`, []string{"channel 5 wishes open", "permitted 9"}},
		"a_channel_deleted":    {"CHANNEL_DELETE", `{"id":"5","guild_id":"9","type":0,"name":"wishes"}`, []string{"channel 5  deleted"}},
		"a_thread_archived":    {"THREAD_UPDATE", `{"id":"6","guild_id":"9","parent_id":"5","type":11,"name":"Dark mode","thread_metadata":{"archived":true}}`, []string{`thread 6 in 5 "archived"`}},
		"a_thread_locked":      {"THREAD_UPDATE", `{"id":"6","guild_id":"9","parent_id":"5","type":11,"thread_metadata":{"archived":true,"locked":true}}`, []string{`thread 6 in 5 "locked"`}},
		"locked_and_active":    {"THREAD_UPDATE", `{"id":"6","guild_id":"9","parent_id":"5","type":11,"thread_metadata":{"archived":false,"locked":true}}`, []string{`thread 6 in 5 ""`}},
		"a_private_thread":     {"THREAD_UPDATE", `{"id":"6","guild_id":"9","parent_id":"5","type":12,"thread_metadata":{"archived":true}}`, nil},
		"a_thread_begun":       {"THREAD_CREATE", `{"id":"6","guild_id":"9","parent_id":"5","owner_id":"7","type":11,"newly_created":true}`, []string{"takes posts 5"}},
		"a_thread_seen":        {"THREAD_CREATE", `{"id":"6","guild_id":"9","parent_id":"5","owner_id":"7","type":11}`, nil},
		"heeds_own_thread":     {"THREAD_CREATE", `{"id":"6","guild_id":"9","parent_id":"5","owner_id":"1","type":11,"newly_created":true}`, nil},
		"a_thread_deleted":     {"THREAD_DELETE", `{"id":"6","guild_id":"9","parent_id":"5","type":11}`, []string{"thread gone 6 in 5"}},
		"a_role_changed":       {"GUILD_ROLE_UPDATE", `{"guild_id":"9","role":{"id":"3","permissions":"8"}}`, []string{"permitted 9"}},
		"heeds_roles_changed":  {"GUILD_MEMBER_UPDATE", `{"guild_id":"9","user":{"id":"1"},"roles":["3"]}`, []string{"permitted 9"}},
		"somebody_left":        {"GUILD_MEMBER_REMOVE", `{"guild_id":"9","user":{"id":"7"}}`, []string{"member 7"}},
		"said_in_a_guild":      {"MESSAGE_CREATE", `{"id":"6","channel_id":"5","guild_id":"9","type":0,"author":{"id":"7"},"content":"dark mode"}`, nil},
		"said_by_a_bot":        {"MESSAGE_CREATE", `{"id":"6","channel_id":"5","type":0,"author":{"id":"7","bot":true},"content":"dark mode"}`, nil},
		"said_to_nobody":       {"MESSAGE_CREATE", `{"id":"6","channel_id":"5","type":0,"author":{"id":"7"},"content":"  "}`, nil},
		"pinned":               {"MESSAGE_CREATE", `{"id":"6","channel_id":"5","type":6,"author":{"id":"7"},"content":"dark mode"}`, nil},
		"said_to_heed":         {"MESSAGE_CREATE", `{"id":"6","channel_id":"5","type":0,"author":{"id":"7"},"content":"dark mode","components":[{"type":99}]}`, []string{"said 7: dark mode"}},
		"not_an_object":        {"MESSAGE_REACTION_ADD", `"hello"`, nil},
		"not_json":             {"GUILD_CREATE", `{"id":`, nil},
		"of_another_kind":      {"VOICE_STATE_UPDATE", `{}`, nil},
		"a_field_of_new_shape": {"MESSAGE_DELETE", `{"id":6,"channel_id":"5","guild_id":"9"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ear := newEar()
			ear.home = guildRef("9")
			api := answering(t, refusing(500, nil, ""))
			o := Options{APIURL: api.base, Token: "fake.discord.token"}
			a := New(o, NewMessenger(o), ear)
			a.knowSelf(identity{user: "1", application: "1"})
			a.heard(c.kind, json.RawMessage(c.data), a.arrival.next())
			a.threads.hurry()
			a.queue.drain(t.Context())
			a.looks.drain(t.Context())
			a.Wait()
			got := ear.all()
			if fmt.Sprint(slices.Sorted(slices.Values(got))) != fmt.Sprint(slices.Sorted(slices.Values(c.want))) {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

// A reaction names the thread alone; the core knows what stands in it by its channel.
func TestThreadsAreKnownByTheirChannel(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]struct{ kind, data string }{
		"from_the_start_of_a_session": {"GUILD_CREATE", `{"id":"9","name":"Acme","threads":[{"id":"6","parent_id":"5","type":11}]}`},
		"once_it_is_begun":            {"THREAD_CREATE", `{"id":"6","guild_id":"9","parent_id":"5","owner_id":"1","type":11,"newly_created":true}`},
		"once_it_is_open_again":       {"THREAD_UPDATE", `{"id":"6","guild_id":"9","parent_id":"5","type":11,"thread_metadata":{"archived":false}}`},
		"once_it_may_be_seen":         {"THREAD_LIST_SYNC", `{"guild_id":"9","threads":[{"id":"6","parent_id":"5","type":10}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := Options{APIURL: answering(t, refusing(500, nil, "")).base, Token: "fake.discord.token"}
			a := New(o, NewMessenger(o), newEar())
			a.knowSelf(identity{user: "1", application: "1"})
			a.heard(before.kind, json.RawMessage(before.data), a.arrival.next())
			if at := a.threads.channel("6"); at != "5" {
				t.Errorf("known in %q", at)
			}
			if at := a.threads.channel("7"); at != "7" {
				t.Errorf("what is no thread is known in %q", at)
			}
			a.heard("THREAD_DELETE", json.RawMessage(`{"id":"6","guild_id":"9","parent_id":"5","type":11}`), a.arrival.next())
			a.threads.hurry()
			a.queue.drain(t.Context())
			a.looks.drain(t.Context())
			a.Wait()
			if at := a.threads.channel("6"); at != "6" {
				t.Errorf("a deleted one is known in %q", at)
			}
		})
	}
}

func TestGuilds(t *testing.T) {
	t.Parallel()

	t.Run("what_a_session_does_not_name_is_told_gone", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, fmt.Sprintf("remaining %q", []string{l.guild.ID}))
		later := l.discord.AddGuild("Later")
		l.ear.hears(t, "attach "+later.ID+" Later")
		l.ear.mu.Lock()
		ours := l.ear.ours
		l.ear.mu.Unlock()
		for ref, want := range map[string]bool{l.guild.ID: false, later.ID: false, "197038439483310086": true} {
			if got := ours(ref); got != want {
				t.Errorf("guild %s may be gone: %v, want %v", ref, got, want)
			}
		}
	})

	t.Run("an_outage_is_read_back", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "gap "+l.guild.ID)
		l.guild.Outage(true)
		l.guild.Outage(false)
		l.ear.waitFor(t, "a gap", func(told []string) bool { return len(matching(told, "gap "+l.guild.ID)) == 2 })
		if gone := matching(l.ear.all(), "gone"); len(gone) > 0 {
			t.Errorf("an outage is taken for a farewell: %q", gone)
		}
	})
	t.Run("removed_and_back", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "attach "+l.guild.ID+" Acme")
		l.guild.KickBot()
		l.ear.hears(t, "gone "+l.guild.ID)
		l.guild.InviteBot()
		l.ear.waitFor(t, "attached again and read back", func(told []string) bool {
			return len(matching(told, "attach "+l.guild.ID)) == 2 && len(matching(told, "gap "+l.guild.ID)) == 2
		})
	})
	t.Run("many_changes_of_roles_are_one_look", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.hears(t, "permitted "+l.guild.ID)
		l.ear.fails(func(what string) error {
			if strings.HasPrefix(what, "permitted") {
				return errAway
			}
			return nil
		})
		before := len(matching(l.ear.all(), "permitted"))
		for range 20 {
			l.guild.SetBotPermissions(discordfake.DefaultBotPermissions)
		}
		rui := l.guild.AddUser("Rui")
		m := say(l, "hello")
		l.must(rui.React(m, "👍"))
		l.ear.hears(t, rui.ID+" support +1 on "+m.ID)
		l.ear.fails(nil)
		l.ear.waitFor(t, "a look", func(told []string) bool { return len(matching(told, "permitted")) > before })
		l.stop()
		if n := len(matching(l.ear.all(), "permitted")) - before; n > 3 {
			t.Errorf("%d looks for 20 changes at once", n)
		}
	})
}

func TestSaidToHeed(t *testing.T) {
	t.Parallel()

	t.Run("kept_and_answered_there", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.home = guildRef(l.guild.ID)
		rui := l.guild.AddUser("Rui")
		_, err := rui.Tell("dark mode, please")
		l.must(err)
		l.until("an answer", func() bool { _, ok := l.discord.Find(rui.DM(), "Saved: dark mode, please"); return ok })
	})
	t.Run("who_is_nowhere_known_is_told_so", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		rui := l.guild.AddUser("Rui")
		_, err := rui.Tell("dark mode, please")
		l.must(err)
		l.until("an answer", func() bool { _, ok := l.discord.Find(rui.DM(), "which server"); return ok })
		if told := matching(l.ear.all(), "said"); len(told) > 0 {
			t.Errorf("kept %q", told)
		}
	})
	t.Run("not_lost_while_the_database_is_away", func(t *testing.T) {
		t.Parallel()
		l := listen(t, discordfake.Config{})
		l.ear.home = guildRef(l.guild.ID)
		tries := make(chan struct{}, 100)
		l.ear.fails(func(what string) error {
			if strings.HasPrefix(what, "said") {
				tries <- struct{}{}
				return errAway
			}
			return nil
		})
		rui := l.guild.AddUser("Rui")
		_, err := rui.Tell("dark mode, please")
		l.must(err)
		for range 3 {
			<-tries
		}
		l.ear.fails(nil)
		l.ear.hears(t, "said "+rui.ID+": dark mode, please")
	})
}

func TestShardOf(t *testing.T) {
	t.Parallel()
	for guild, want := range map[string]int{"197038439483310086": int((197038439483310086 >> 22) % 4), "0": 0, "x": 0} {
		if got := shardOf(guild, 4); got != want {
			t.Errorf("%s: %d, want %d", guild, got, want)
		}
	}
	if shardOf("197038439483310086", 1) != 0 {
		t.Error("one shard has them all")
	}
}

func TestSnowflakes(t *testing.T) {
	t.Parallel()
	// The example of https://docs.discord.com/developers/reference#snowflakes
	want := time.Date(2016, 4, 30, 11, 18, 25, 796e6, time.UTC)
	if got := snowflakeTime("175928847299117063"); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := snowflakeTime(snowflakeAt(want)); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := snowflakeTime("hello"); !got.IsZero() {
		t.Errorf("%v from nothing", got)
	}
	if got := snowflakeAt(time.Time{}); got != "0" {
		t.Errorf("%s for long ago", got)
	}
}
