package discordfake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

// raw sends a body that discordgo has no struct for, and returns the answer.
func (w *world) raw(method, path string, body any) (map[string]any, error) {
	w.t.Helper()
	raw, err := w.api.RequestWithBucketID(method, discordgo.EndpointAPI+path, body, path)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	if len(raw) > 0 {
		must(w.t, json.Unmarshal(raw, &out))
	}
	return out, nil
}

func ref(m discordfake.Message) *discordgo.MessageReference {
	return &discordgo.MessageReference{MessageID: m.ID, ChannelID: m.ChannelID, GuildID: m.GuildID}
}

func contents(all []*discordgo.Message) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.Content)
	}
	return out
}

func TestMessages(t *testing.T) {
	t.Parallel()
	t.Run("posted, read, edited, deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		s := w.identified(discordfake.IntentGuildMessages)
		s.rest()
		m, err := w.api.ChannelMessageSend(w.support.ID, "hello")
		must(t, err)
		w.clock.Advance(time.Minute)
		m, err = w.api.ChannelMessageEdit(w.support.ID, m.ID, "hello again")
		must(t, err)
		if m.EditedTimestamp == nil || !m.EditedTimestamp.Equal(monday.Add(time.Minute)) || !discordfake.IDTime(m.ID).Equal(monday) {
			t.Errorf("edited at %v, made at %v", m.EditedTimestamp, discordfake.IDTime(m.ID))
		}
		if got := w.Messages(w.support); len(got) != 1 || got[0].Content != "hello again" || !got[0].ByApp || got[0].String() != "hello again" {
			t.Errorf("there stands %v", got)
		}
		must(t, w.api.ChannelMessageDelete(w.support.ID, m.ID))
		_, err = w.api.ChannelMessage(w.support.ID, m.ID)
		wantCode(t, err, 404, 10008)
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"}) {
			t.Errorf("the gateway told %v", got)
		}
	})

	t.Run("listed by pages, the newest first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true, Privileged: discordfake.IntentMessageContent})
		var all []discordfake.Message
		for i := range 10 {
			m, err := w.rui.Say(w.support, fmt.Sprint(i))
			must(t, err)
			all = append(all, m)
		}
		for name, c := range map[string]struct {
			limit                 int
			before, after, around string
			want                  string
		}{
			"all":             {0, "", "", "", "9 8 7 6 5 4 3 2 1 0"},
			"the newest":      {3, "", "", "", "9 8 7"},
			"before":          {3, all[5].ID, "", "", "4 3 2"},
			"after":           {3, "", all[5].ID, "", "8 7 6"},
			"after from none": {2, "", "0", "", "1 0"},
			"around":          {3, "", "", all[5].ID, "6 5 4"},
			"around the last": {3, "", "", all[9].ID, "9 8"},
		} {
			got, err := w.api.ChannelMessages(w.support.ID, c.limit, c.before, c.after, c.around)
			must(t, err)
			if s := strings.Join(contents(got), " "); s != c.want {
				t.Errorf("%s: %s, want %s", name, s, c.want)
			}
		}
		_, err := w.api.ChannelMessages(w.support.ID, 101, "", "", "")
		wantCode(t, err, 400, 50035)
	})

	t.Run("an enforced nonce posts once in five minutes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		body := map[string]any{"content": "card", "nonce": "p7", "enforce_nonce": true}
		first, err := w.raw("POST", "channels/"+w.support.ID+"/messages", body)
		must(t, err)
		body["content"] = "card again"
		second, err := w.raw("POST", "channels/"+w.support.ID+"/messages", body)
		must(t, err)
		if first["id"] != second["id"] || second["content"] != "card" || len(w.Messages(w.support)) != 1 {
			t.Errorf("two messages: %v %v", first, second)
		}
		elsewhere, err := w.raw("POST", "channels/"+w.news.ID+"/messages", body)
		must(t, err)
		if elsewhere["id"] != first["id"] {
			t.Error("a nonce is the author's, not the channel's")
		}
		w.clock.Advance(discordfake.NonceLife)
		third, err := w.raw("POST", "channels/"+w.support.ID+"/messages", body)
		must(t, err)
		delete(body, "enforce_nonce")
		fourth, err := w.raw("POST", "channels/"+w.support.ID+"/messages", body)
		must(t, err)
		if third["id"] == first["id"] || fourth["id"] == third["id"] {
			t.Error("a nonce that is over, or not enforced, holds")
		}
	})

	t.Run("others' words are left out over REST too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		secret, err := w.rui.Say(w.support, "secret")
		must(t, err)
		asked, err := w.rui.Say(w.support, "hey @heed")
		must(t, err)
		for id, want := range map[string]string{secret.ID: "", asked.ID: "hey " + w.Bot().Mention()} {
			m, err := w.api.ChannelMessage(w.support.ID, id)
			must(t, err)
			if m.Content != want || m.Author.ID != w.rui.ID {
				t.Errorf("it reads %q, want %q", m.Content, want)
			}
		}
	})

	t.Run("others' messages are theirs", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "mine")
		must(t, err)
		_, err = w.api.ChannelMessageEdit(w.support.ID, m.ID, "yours")
		wantCode(t, err, 403, 50005)
		wantCode(t, w.api.ChannelMessageDelete(w.support.ID, m.ID), 403, 50013)
		w.guild.SetBotPermissions(discordfake.ManageMessages)
		must(t, w.api.ChannelMessageDelete(w.support.ID, m.ID))
	})

	t.Run("a reply names what it answers, and needs it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.rui.Say(w.support, "why?")
		must(t, err)
		_, err = w.api.ChannelMessageSendReply(w.support.ID, "because", ref(m))
		must(t, err)
		got := w.Messages(w.support)[1]
		if got.ReplyTo != m.ID || !slices.Equal(got.Pings(), []string{w.rui.Mention()}) {
			t.Errorf("it answers %q and notifies %v", got.ReplyTo, got.Pings())
		}
		_, err = w.api.ChannelMessageSendComplex(w.support.ID, &discordgo.MessageSend{Files: []*discordgo.File{{Name: "x.bin", Reader: strings.NewReader(strings.Repeat("x", discordfake.MaxFile+1))}}})
		wantCode(t, err, 413, 40005)
		must(t, w.rui.Delete(m))
		_, err = w.api.ChannelMessageSendReply(w.support.ID, "because", ref(m))
		wantCode(t, err, 400, 50035)
	})

	t.Run("files come with payload_json, and their links expire", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		m, err := w.api.ChannelMessageSendComplex(w.support.ID, &discordgo.MessageSend{
			Content: "a picture", Files: []*discordgo.File{{Name: "list.png", ContentType: "image/png", Reader: strings.NewReader("PNG")}},
		})
		must(t, err)
		if len(m.Attachments) != 1 || m.Attachments[0].Filename != "list.png" || m.Attachments[0].Size != 3 {
			t.Fatalf("there hangs %+v", m.Attachments)
		}
		status := func(link string) int {
			t.Helper()
			r, err := http.Get(link)
			must(t, err)
			_ = r.Body.Close()
			return r.StatusCode
		}
		link := m.Attachments[0].URL
		if got := status(link); got != 200 {
			t.Errorf("the link answers %d", got)
		}
		if got := status(strings.Replace(link, "ex=", "ex=f", 1)); got != 404 {
			t.Errorf("a link made longer answers %d", got)
		}
		w.clock.Advance(discordfake.FileLife + time.Second)
		if got := status(link); got != 404 {
			t.Errorf("the old link answers %d", got)
		}
		m, err = w.api.ChannelMessage(w.support.ID, m.ID)
		must(t, err)
		if got := status(m.Attachments[0].URL); got != 200 {
			t.Errorf("a fresh link answers %d", got)
		}
	})

	t.Run("bulk delete takes two to a hundred, not too old", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.guild.SetBotPermissions(discordfake.ManageMessages)
		old, err := w.rui.Say(w.support, "old")
		must(t, err)
		w.clock.Advance(15 * 24 * time.Hour)
		a, err := w.rui.Say(w.support, "a")
		must(t, err)
		b, err := w.rui.Say(w.support, "b")
		must(t, err)
		post := func(ids ...string) error {
			_, err := w.raw("POST", "channels/"+w.support.ID+"/messages/bulk-delete", map[string]any{"messages": ids})
			return err
		}
		wantCode(t, post(a.ID), 400, 50035)
		wantCode(t, post(a.ID, old.ID), 400, 50034)
		s := w.identified(discordfake.IntentGuildMessages)
		s.rest()
		must(t, post(a.ID, b.ID))
		if ids, _ := s.named("MESSAGE_DELETE_BULK").Data["ids"].([]any); len(ids) != 2 {
			t.Errorf("the gateway names %v", ids)
		}
	})
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	ch, err := w.api.UserChannelCreate(w.rui.ID)
	must(t, err)
	_, err = w.api.ChannelMessageSend(ch.ID, "hello Rui")
	must(t, err)
	if got := w.DMs(w.rui); len(got) != 1 || got[0].GuildID != "" {
		t.Errorf("Rui reads %v", got)
	}
	w.rui.CloseDMs(true)
	ch, err = w.api.UserChannelCreate(w.rui.ID) // opening one tells nothing
	must(t, err)
	_, err = w.api.ChannelMessageSend(ch.ID, "hello?")
	wantCode(t, err, 403, 50007)
	stranger := w.AddUser("lena")
	ch, err = w.api.UserChannelCreate(stranger.ID)
	must(t, err)
	_, err = w.api.ChannelMessageSend(ch.ID, "hello Lena")
	wantCode(t, err, 403, 50007)
	_, err = w.api.UserChannelCreate(w.Bot().ID)
	wantCode(t, err, 400, 50035)
}

func TestPins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	a, err := w.api.ChannelMessageSend(w.support.ID, "a")
	must(t, err)
	b, err := w.api.ChannelMessageSend(w.support.ID, "b")
	must(t, err)
	s := w.identified(discordfake.IntentGuilds)
	s.rest()
	must(t, w.api.ChannelMessagePin(w.support.ID, a.ID)) // the old route
	w.clock.Advance(time.Minute)
	_, err = w.raw("PUT", "channels/"+w.support.ID+"/messages/pins/"+b.ID, nil)
	must(t, err)
	if got := namesOf(s.rest()); !slices.Equal(got, []string{"CHANNEL_PINS_UPDATE", "CHANNEL_PINS_UPDATE"}) {
		t.Errorf("the gateway told %v", got)
	}
	old, err := w.api.ChannelMessagesPinned(w.support.ID)
	must(t, err)
	if got := contents(old); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("pinned is %v", got)
	}
	page, err := w.raw("GET", "channels/"+w.support.ID+"/messages/pins?limit=1", nil)
	must(t, err)
	one, _ := page["items"].([]any)
	if len(one) != 1 || page["has_more"] != true {
		t.Fatalf("the first page is %v", page)
	}
	at, _ := one[0].(map[string]any)["pinned_at"].(string)
	page, err = w.raw("GET", "channels/"+w.support.ID+"/messages/pins?before="+strings.ReplaceAll(at, "+", "%2B"), nil)
	must(t, err)
	if rest, _ := page["items"].([]any); len(rest) != 1 || page["has_more"] != false {
		t.Errorf("the second page is %v", page)
	}
	must(t, w.api.ChannelMessageUnpin(w.support.ID, a.ID))
	if got := w.Pins(w.support); len(got) != 1 || got[0].ID != b.ID {
		t.Errorf("pinned stays %v", got)
	}
	w.support.DenyUser(w.Bot(), discordfake.PinMessages)
	wantCode(t, w.api.ChannelMessagePin(w.support.ID, a.ID), 403, 50013)
}
