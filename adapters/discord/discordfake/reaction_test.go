package discordfake_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

func TestReactions(t *testing.T) {
	t.Parallel()
	t.Run("who reacted is read by pages of a hundred, by rising id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.api.ChannelMessageSend(w.support.ID, "card")
		must(t, err)
		card := w.Messages(w.support)[0]
		var people []*discordfake.User
		for i := range 250 {
			people = append(people, w.guild.AddUser(fmt.Sprint("p", i)))
		}
		for i := range people { // in another order than that of the ids
			must(t, people[(i*101)%len(people)].React(card, "👍"))
		}
		var got []string
		for after := ""; ; {
			page, err := w.api.MessageReactions(w.support.ID, m.ID, "👍", 100, "", after)
			must(t, err)
			for _, u := range page {
				got = append(got, u.ID)
			}
			if len(page) < 100 {
				break
			}
			after = page[len(page)-1].ID
		}
		if len(got) != 250 || !slices.Equal(got, ids(people)) {
			t.Errorf("%d read back", len(got))
		}
		if few, err := w.api.MessageReactions(w.support.ID, m.ID, "👍", 0, "", ""); err != nil || len(few) != 25 {
			t.Errorf("without a limit come %d: %v", len(few), err)
		}
		_, err = w.api.MessageReactions(w.support.ID, m.ID, "👍", 101, "", "")
		wantCode(t, err, 400, 50035)
		list, err := w.api.ChannelMessages(w.support.ID, 1, "", "", "")
		must(t, err)
		if r := list[0].Reactions; len(r) != 1 || r[0].Count != 250 || r[0].Me {
			t.Errorf("the list counts %+v", r)
		}
		path := discordgo.EndpointMessageReactions(w.support.ID, m.ID, url.PathEscape("👍")) + "?type=1"
		if super, err := w.api.RequestWithBucketID("GET", path, nil, path); err != nil || string(super) != "[]" {
			t.Errorf("super reactions are %s, %v", super, err)
		}
	})

	t.Run("each emoji is its own, also by skin and a guild's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		party := w.guild.AddEmoji("party")
		s := w.identified(discordfake.IntentGuildMessageReactions)
		s.rest()
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		for _, e := range []string{"👍", "👍🏽", ":party:", "1️⃣"} {
			must(t, w.rui.React(m, e))
		}
		must(t, w.rui.React(m, "👍")) // stands already: no news
		must(t, w.rui.Unreact(m, ":party:"))
		all := s.rest()
		if len(all) != 5 || all[4].Name != "MESSAGE_REACTION_REMOVE" || all[4].Data["emoji"].(map[string]any)["id"] != party.ID || all[0].Data["message_author_id"] != w.rui.ID || all[0].Data["member"] == nil || all[4].Data["member"] != nil {
			t.Errorf("the gateway told %+v", all)
		}
		now, _ := w.Message(m)
		if len(now.Reactions) != 3 {
			t.Errorf("there stand %v", now.Reactions)
		}
		for _, e := range []string{"thumbsup", ":nope:", "party:1"} {
			if w.rui.React(m, e) == nil {
				t.Errorf("%s was taken", e)
			}
			wantCode(t, w.api.MessageReactionAdd(w.support.ID, m.ID, e), 400, 10014)
		}
		must(t, w.api.MessageReactionAdd(w.support.ID, m.ID, "party:"+party.ID))
	})

	t.Run("a super reaction stands beside a normal one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		s := w.identified(discordfake.IntentGuildMessageReactions)
		s.rest()
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		must(t, w.rui.SuperReact(m, "👍"))
		must(t, w.mira.SuperReact(m, "👍"))
		got, err := w.raw("GET", "channels/"+w.support.ID+"/messages/"+m.ID, nil)
		must(t, err)
		one := got["reactions"].([]any)[0].(map[string]any)
		if details := one["count_details"].(map[string]any); one["count"] != float64(3) || details["burst"] != float64(2) || details["normal"] != float64(1) {
			t.Errorf("it counts %v", one)
		}
		path := discordgo.EndpointMessageReactions(w.support.ID, m.ID, url.PathEscape("👍")) + "?type=1"
		var users []discordgo.User
		raw, err := w.api.RequestWithBucketID("GET", path, nil, path)
		must(t, err)
		must(t, json.Unmarshal(raw, &users))
		if len(users) != 2 {
			t.Errorf("super reactions are %s", raw)
		}
		must(t, w.rui.SuperUnreact(m, "👍"))
		all := s.rest()
		if len(all) != 4 || all[0].Data["burst"] != false || all[1].Data["burst"] != true || all[1].Data["type"] != float64(1) || all[3].Data["burst"] != true {
			t.Errorf("the gateway told %v", all)
		}
	})

	t.Run("moderators take them away", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		s := w.identified(discordfake.IntentGuildMessageReactions)
		s.rest()
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		must(t, w.mira.React(m, "🎉"))
		if w.mira.RemoveReaction(m, "👍", w.rui) == nil {
			t.Error("Mira is no moderator")
		}
		must(t, w.zoe.RemoveReaction(m, "👍", w.rui))
		must(t, w.zoe.ClearReactions(m, "🎉"))
		must(t, w.zoe.ClearReactions(m))
		got := namesOf(s.rest())
		if !slices.Equal(got, []string{"MESSAGE_REACTION_ADD", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_EMOJI", "MESSAGE_REACTION_REMOVE_ALL"}) {
			t.Errorf("the gateway told %v", got)
		}
	})

	t.Run("not without the right, and not twenty-one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		w.support.Deny(w.guild.Everyone(), discordfake.AddReactions)
		must(t, w.mira.React(m, "👍")) // one that stands needs none
		if w.mira.React(m, "🎉") == nil {
			t.Error("a new one was taken")
		}
		w.support.Allow(w.guild.Everyone(), discordfake.AddReactions)
		for i := range discordfake.MaxReactions - 1 {
			must(t, w.rui.React(m, string(rune('🐀'+i))))
		}
		wantCode(t, w.api.MessageReactionAdd(w.support.ID, m.ID, "🎉"), 400, 30010)
		must(t, w.api.MessageReactionAdd(w.support.ID, m.ID, "👍"))
	})
}

func ids(people []*discordfake.User) []string {
	var out []string
	for _, u := range people {
		out = append(out, u.ID)
	}
	return out
}
