package discordfake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

const post = "POST /channels/{channel}/messages"

func TestFaults(t *testing.T) {
	t.Parallel()
	limited := func(err error) *discordgo.RateLimitError {
		var limit *discordgo.RateLimitError
		errors.As(err, &limit)
		return limit
	}
	status := func(want int) func(error) bool {
		return func(err error) bool {
			var refused *discordgo.RESTError
			return errors.As(err, &refused) && refused.Response.StatusCode == want
		}
	}
	for name, c := range map[string]struct {
		fault discordfake.Fault
		done  bool // the message stands all the same
		check func(error) bool
	}{
		"429 of the route": {discordfake.RateLimited(discordfake.UserScope, 1500*time.Millisecond), false, func(err error) bool {
			l := limited(err)
			return l != nil && l.RetryAfter == 1500*time.Millisecond
		}},
		"429 over all":         {discordfake.RateLimited(discordfake.GlobalScope, time.Second), false, func(err error) bool { return limited(err) != nil }},
		"429 of the resource":  {discordfake.RateLimited(discordfake.SharedScope, time.Second), false, func(err error) bool { return limited(err) != nil }},
		"Cloudflare's page":    {discordfake.Cloudflare(), false, func(err error) bool { return err != nil && limited(err) == nil }},
		"a gateway's 503":      {discordfake.Broken(503), false, status(503)},
		"any refusal":          {discordfake.Refuse(403, 20028, "no"), false, status(403)},
		"cut before it":        {discordfake.CutBefore(), false, func(err error) bool { return errors.Is(err, io.EOF) }},
		"cut after it":         {discordfake.CutAfter(), true, func(err error) bool { return errors.Is(err, io.EOF) }},
		"half an answer":       {discordfake.Malformed(), true, func(err error) bool { return err != nil }},
		"too slow to be taken": {discordfake.Slow(time.Minute), false, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		"slow to answer":       {discordfake.SlowAnswer(time.Minute), true, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Config{Unchecked: true})
			w.Fail(post, 1, c.fault)
			patience := time.Minute
			if strings.Contains(name, "slow") {
				patience = 2 * time.Second // long enough for a busy machine to bring the call there
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := w.api.ChannelMessageSend(w.support.ID, "x", discordgo.WithContext(ctx))
			if !c.check(err) {
				t.Errorf("discordgo says %v", err)
			}
			if got := len(w.Messages(w.support)) == 1; got != c.done {
				t.Errorf("the message stands: %v, want %v", got, c.done)
			}
			_, err = w.client().ChannelMessageSend(w.support.ID, "y")
			must(t, err)
		})
	}

	t.Run("other routes are untouched, the star is all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.Fail(post, 1, discordfake.Broken(500))
		_, err := w.api.User("@me")
		must(t, err)
		w.ClearFaults()
		w.Fail("*", 2, discordfake.Broken(500))
		for range 2 {
			_, err = w.api.User("@me")
			wantCode(t, err, 500, 0)
		}
		_, err = w.api.ChannelMessageSend(w.support.ID, "x")
		must(t, err)
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("five posts in five seconds, told by the headers", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		for range 5 {
			_, err := w.client().ChannelMessageSend(w.support.ID, "x") // a client that knows of no bucket
			must(t, err)
		}
		_, err := w.client().ChannelMessageSend(w.support.ID, "x")
		var limit *discordgo.RateLimitError
		if !errors.As(err, &limit) || limit.RetryAfter != 5*time.Second {
			t.Errorf("the sixth: %v", err)
		}
		w.clock.Advance(5 * time.Second)
		_, err = w.client().ChannelMessageSend(w.support.ID, "x")
		must(t, err)
	})

	t.Run("edits of messages older than an hour", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		m, err := w.api.ChannelMessageSend(w.support.ID, "x")
		must(t, err)
		w.clock.Advance(2 * time.Hour)
		for range 3 {
			_, err = w.client().ChannelMessageEdit(w.support.ID, m.ID, "y")
			must(t, err)
		}
		_, err = w.client().ChannelMessageEdit(w.support.ID, m.ID, "z")
		var limit *discordgo.RateLimitError
		if !errors.As(err, &limit) || len(w.Requests("PATCH /channels/{channel}/messages/{message}")) != 4 {
			t.Errorf("the fourth: %v", err)
		}
		if got := w.Requests("PATCH /channels/{channel}/messages/{message}")[3]; got.Code != 30046 || got.Status != 429 {
			t.Errorf("the record says %+v", got)
		}
	})

	t.Run("a body is refused field by field", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		_, err := w.api.ChannelMessageSend(w.support.ID, strings.Repeat("ä", discordfake.MaxContent+1))
		wantCode(t, err, 400, 50035)
		_, err = w.api.ChannelMessageSend(w.support.ID, "")
		wantCode(t, err, 400, 50006)
	})
}

func TestRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	_, err := w.api.ChannelMessageSend(w.support.ID, "hello", discordgo.WithAuditLogReason("because"))
	must(t, err)
	_, err = w.api.ChannelMessageSend("7", "hello")
	wantCode(t, err, 404, 10003)
	all := w.Requests(post)
	if len(all) != 2 || !all[0].OK() || all[0].Path != "/channels/"+w.support.ID+"/messages" || !strings.Contains(all[0].Body, `"content":"hello"`) || all[0].Reason != "because" || !all[0].Time.Equal(monday) || all[1].Code != 10003 || strings.Contains(all[0].Body, w.Token()) {
		t.Errorf("the record says %+v", all)
	}
	for name, c := range map[string]struct {
		method, path, token string
		status              int
	}{
		"no such route":     {"GET", "/v10/nothing", "Bot " + w.Token(), 404},
		"a wrong method":    {"PUT", "/v10/gateway/bot", "Bot " + w.Token(), 405},
		"no token":          {"GET", "/v10/gateway/bot", "", 401},
		"a bearer's":        {"GET", "/v9/users/@me", "Bearer " + w.Token(), 401},
		"without a version": {"GET", "/users/@me", "Bot " + w.Token(), 200},
		"open to all":       {"GET", "/v10/gateway", "", 200},
	} {
		r, err := http.NewRequest(c.method, w.APIURL()+c.path, nil)
		must(t, err)
		r.Header.Set("Authorization", c.token)
		got, err := http.DefaultClient.Do(r)
		must(t, err)
		_ = got.Body.Close()
		if got.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", name, got.StatusCode, c.status)
		}
	}
	w.ForgetRequests()
	if len(w.Requests("")) != 0 {
		t.Error("the record is not empty")
	}
}

func TestGuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	g, err := w.api.GuildWithCounts(w.guild.ID)
	must(t, err)
	if g.Name != "acme" || g.ApproximateMemberCount != 5 || g.OwnerID != w.guild.Owner().ID {
		t.Errorf("the guild is %+v", g)
	}
	list, err := w.api.UserGuilds(100, "", "", false)
	must(t, err)
	if len(list) != 1 || list[0].ID != w.guild.ID {
		t.Errorf("the bot's are %v", list)
	}
	m, err := w.api.GuildMember(w.guild.ID, w.zoe.ID)
	must(t, err)
	if m.User.Username != "zoe" || len(m.Roles) != 1 || !m.JoinedAt.Equal(monday.AddDate(0, -1, 0)) {
		t.Errorf("Zoe is %+v", m)
	}
	roles, err := w.api.GuildRoles(w.guild.ID)
	must(t, err)
	if len(roles) != 3 || roles[0].ID != w.guild.ID {
		t.Errorf("the roles are %v", roles)
	}
	lena := w.AddUser("lena")
	_, err = w.api.GuildMember(w.guild.ID, lena.ID)
	wantCode(t, err, 404, 10007)
	w.guild.Join(lena)
	m, err = w.api.GuildMember(w.guild.ID, lena.ID)
	must(t, err)
	if !m.JoinedAt.Equal(monday) {
		t.Errorf("Lena joined %v", m.JoinedAt)
	}
	w.guild.Leave(lena)
	_, err = w.api.GuildMember(w.guild.ID, lena.ID)
	wantCode(t, err, 404, 10007)
	_, err = w.api.GuildMember(w.guild.ID, "7")
	wantCode(t, err, 404, 10013)
	_, err = w.api.GuildMembers(w.guild.ID, "", 10)
	wantCode(t, err, 403, 50001)
	channels, err := w.api.GuildChannels(w.guild.ID)
	must(t, err)
	if len(channels) != 2 || channels[0].ID != w.support.ID {
		t.Errorf("the channels are %v", channels)
	}
	app, err := w.api.Application("@me")
	must(t, err)
	if app.ID != w.AppID() {
		t.Errorf("the app is %+v", app)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Config{Unchecked: true})
	s := w.identified(discordfake.IntentGuilds | discordfake.IntentGuildMessageReactions | discordfake.IntentGuildMessages)
	m, err := w.rui.Say(w.support, "x")
	must(t, err)
	var wait sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		u := w.guild.AddUser(name)
		wait.Go(func() {
			for range 10 {
				if err := errors.Join(u.React(m, "👍"), u.Unreact(m, "👍")); err != nil {
					t.Error(err)
				}
				if _, err := u.Say(w.news, "y"); err != nil {
					t.Error(err)
				}
			}
			if err := u.React(m, "👍"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	now, _ := w.Message(m)
	if len(now.Reactions) != 1 || len(now.Reactions[0].Users) != 8 || len(w.Messages(w.news)) != 80 {
		t.Errorf("reactions %v, %d messages", now.Reactions, len(w.Messages(w.news)))
	}
	seq := s.seq
	for _, p := range s.rest() {
		if p.Seq != seq+1 {
			t.Fatalf("after %d comes %d", seq, p.Seq)
		}
		seq = p.Seq
	}
	if seq < 8*31 {
		t.Errorf("only %d events came", seq)
	}
}
