package discordfake_test

import (
	"slices"
	"testing"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

func TestThreads(t *testing.T) {
	t.Parallel()
	t.Run("at a message: its id, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		m, err := w.api.ChannelMessageSend(w.support.ID, "card")
		must(t, err)
		th, err := w.api.MessageThreadStart(w.support.ID, m.ID, "#42 Dark mode", 1440)
		must(t, err)
		if th.ID != m.ID || th.ParentID != w.support.ID || th.Type != discordgo.ChannelTypeGuildPublicThread || th.ThreadMetadata.Archived {
			t.Errorf("the thread is %+v", th)
		}
		_, err = w.api.MessageThreadStart(w.support.ID, m.ID, "again", 1440)
		wantCode(t, err, 400, 160004)
		_, err = w.api.ChannelMessageSend(th.ID, "let's talk")
		must(t, err)
		if ch, all := w.Thread(w.Messages(w.support)[0]); ch == nil || len(all) != 1 || all[0].Content != "let's talk" {
			t.Errorf("in it stands %v", all)
		}
		made := s.named("THREAD_CREATE")
		if made.Data["newly_created"] != true || made.Data["id"] != m.ID {
			t.Errorf("the gateway told %v", made.Data)
		}
	})

	t.Run("archived it takes nothing but what brings it back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.guild.SetBotPermissions(discordfake.DefaultBotPermissions, discordfake.ManageMessages)
		w.register()
		forum := w.guild.AddForum("ideas", "Planned", "Shipped")
		post, err := w.rui.Post(forum, "Dark mode", "my eyes hurt", "Planned")
		must(t, err)
		first := w.Messages(post)[0]
		if first.ID != post.ID || !slices.Equal(post.Tags(), []string{"Planned"}) {
			t.Errorf("the post is %v with %v", first, post.Tags())
		}
		must(t, w.mira.React(first, "👍"))
		post.Archive()
		if w.zoe.React(first, "👍") == nil || w.mira.Unreact(first, "👍") == nil {
			t.Error("an archived post took a reaction")
		}
		wantCode(t, w.api.MessageReactionAdd(post.ID, first.ID, "👍"), 400, 50083)
		name := "x"
		_, err = w.api.ChannelEdit(post.ID, &discordgo.ChannelEdit{Name: name})
		wantCode(t, err, 400, 50083)
		if err := w.rui.Slash(post, "feedback", nil); err == nil {
			t.Error("an archived post took a command")
		}
		m, err := w.mira.Say(post, "me too") // brings it back
		must(t, err)
		post.Archive()
		must(t, w.api.ChannelMessageDelete(post.ID, m.ID)) // that is the one thing allowed
		open := false
		ch, err := w.api.ChannelEdit(post.ID, &discordgo.ChannelEdit{Archived: &open})
		must(t, err)
		if ch.ThreadMetadata.Archived || post.Archived() {
			t.Error("it is still archived")
		}
		post.Archive()
		_, err = w.api.ChannelMessageSend(post.ID, "news") // so does a message
		must(t, err)
		if post.Archived() {
			t.Error("a message did not bring it back")
		}
	})

	t.Run("others' tags need MANAGE_THREADS", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.guild.SetBotPermissions(discordfake.ViewChannel)
		forum := w.guild.AddForum("ideas", "Planned", "Shipped")
		post, err := w.rui.Post(forum, "Dark mode", "my eyes hurt")
		must(t, err)
		ch, err := w.api.Channel(forum.ID)
		must(t, err)
		tag := []string{ch.AvailableTags[1].ID}
		_, err = w.api.ChannelEdit(post.ID, &discordgo.ChannelEdit{AppliedTags: &tag})
		wantCode(t, err, 403, 50013)
		w.guild.SetBotPermissions(discordfake.ManageThreads)
		_, err = w.api.ChannelEdit(post.ID, &discordgo.ChannelEdit{AppliedTags: &tag})
		must(t, err)
		if !slices.Equal(post.Tags(), []string{"Shipped"}) {
			t.Errorf("its tags are %v", post.Tags())
		}
		none := []string{"7"}
		_, err = w.api.ChannelEdit(post.ID, &discordgo.ChannelEdit{AppliedTags: &none})
		wantCode(t, err, 400, 10087)
	})

	t.Run("a post of the app's, where a tag is required", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		forum := w.guild.AddForum("ideas", "Planned")
		forum.RequireTag(true)
		start := &discordgo.ThreadStart{Name: "Dark mode", AutoArchiveDuration: 1440}
		say := &discordgo.MessageSend{Content: "asked by Rui"}
		_, err := w.api.ForumThreadStartComplex(forum.ID, start, say)
		wantCode(t, err, 400, 40067)
		ch, err := w.api.Channel(forum.ID)
		must(t, err)
		start.AppliedTags = []string{ch.AvailableTags[0].ID}
		post, err := w.api.ForumThreadStartComplex(forum.ID, start, say)
		must(t, err)
		if all := w.Messages(w.Channel(post.ID)); len(all) != 1 || all[0].ID != post.ID {
			t.Errorf("in it stands %v", all)
		}
		_, err = w.api.ChannelMessageSend(forum.ID, "no")
		wantCode(t, err, 400, 50008)
	})

	t.Run("active ones are listed, and capped", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		th, err := w.rui.StartThread(m, "talk")
		must(t, err)
		list, err := w.api.GuildThreadsActive(w.guild.ID)
		must(t, err)
		if len(list.Threads) != 1 || list.Threads[0].ID != th.ID {
			t.Errorf("active are %v", list.Threads)
		}
		w.guild.SetThreadCap(1)
		n, err := w.api.ChannelMessageSend(w.support.ID, "card")
		must(t, err)
		_, err = w.api.MessageThreadStart(w.support.ID, n.ID, "more", 60)
		wantCode(t, err, 400, 160006)
		th.Archive()
		_, err = w.api.MessageThreadStart(w.support.ID, n.ID, "more", 60)
		must(t, err)
		old, err := w.api.ThreadsArchived(w.support.ID, nil, 10)
		must(t, err)
		if len(old.Threads) != 1 || old.Threads[0].ID != th.ID {
			t.Errorf("archived are %v", old.Threads)
		}
	})

	t.Run("locked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.guild.SetBotPermissions(discordfake.ViewChannel)
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		th, err := w.rui.StartThread(m, "talk")
		must(t, err)
		n, err := w.api.ChannelMessageSend(th.ID, "x")
		must(t, err)
		th.Lock(true)
		_, err = w.api.ChannelMessageSend(th.ID, "x")
		wantCode(t, err, 403, 160005)
		_, err = w.api.ChannelMessageEdit(th.ID, n.ID, "y")
		wantCode(t, err, 403, 160005)
		must(t, w.mira.React(m, "👍"))
		if _, err := w.mira.Say(th, "x"); err == nil {
			t.Error("Mira wrote in it")
		}
	})

	t.Run("a deleted channel takes its threads along", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		th, err := w.rui.StartThread(m, "talk")
		must(t, err)
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		w.support.Delete()
		s.named("CHANNEL_DELETE")
		for _, id := range []string{w.support.ID, th.ID} {
			_, err = w.api.ChannelMessageSend(id, "x")
			wantCode(t, err, 404, 10003)
		}
	})
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	t.Run("overwrites: everyone, then roles, then the member", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		send := func() error { _, err := w.api.ChannelMessageSend(w.support.ID, "x"); return err }
		must(t, send())
		role := w.guild.AddRole("quiet")
		role.Give(w.Bot())
		w.support.Deny(w.guild.Everyone(), discordfake.SendMessages)
		wantCode(t, send(), 403, 50013)
		w.support.Allow(role, discordfake.SendMessages)
		must(t, send())
		w.support.DenyUser(w.Bot(), discordfake.SendMessages)
		wantCode(t, send(), 403, 50013)
		w.support.DenyUser(w.Bot(), discordfake.ViewChannel)
		wantCode(t, send(), 403, 50001)
		w.guild.SetBotPermissions(discordfake.Administrator)
		must(t, send())
	})

	t.Run("a message may not be read without the history", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		w.support.Deny(w.guild.Everyone(), discordfake.ReadMessageHistory)
		w.guild.SetBotPermissions(discordfake.ViewChannel)
		list, err := w.api.ChannelMessages(w.support.ID, 10, "", "", "")
		if err != nil || len(list) != 0 {
			t.Errorf("the list is %v, %v", list, err)
		}
		_, err = w.api.MessageReactions(w.support.ID, m.ID, "👍", 10, "", "")
		wantCode(t, err, 403, 50013)
	})
}
