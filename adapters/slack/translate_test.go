package slack

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

func TestTimeOf(t *testing.T) {
	t.Parallel()
	want := time.Date(2020, 11, 20, 6, 37, 24, 800_000, time.UTC)
	if got := timeOf("1605854244.000800"); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, bad := range []string{"", "x", "-1.0", "1e9.0", "99999999999999999999.1", "1.x"} {
		if got := timeOf(bad); !got.IsZero() {
			t.Errorf("timeOf(%q) = %v", bad, got)
		}
	}
	if got := stamp(want); got != "1605854244.000800" {
		t.Errorf("back again: %q", got)
	}
}

func TestSlashName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/feedback": "/feedback", "/heed": "/heed", "/acme-heed": "/heed", "/acme-promote": "/promote", "/ship": "/ship",
		"/weather": "/weather", "": "",
	} {
		if got := (slash{Command: in}).name(); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestChannelNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		id, name string
		want     bot.ChannelSeen
	}{
		"public":       {"C1", "support", bot.ChannelSeen{Ref: "C1", Name: "support", Kind: bot.PublicChannel}},
		"private":      {"C2", "privategroup", bot.ChannelSeen{Ref: "C2", Kind: bot.PrivateChannel}},
		"direct":       {"D3", "directmessage", bot.ChannelSeen{Ref: "D3", Kind: bot.DirectChannel}},
		"a group's":    {"G4", "mpdm-rui--mira-1", bot.ChannelSeen{Ref: "G4", Kind: bot.DirectChannel}},
		"not said":     {"C5", "", bot.ChannelSeen{Ref: "C5"}},
		"nothing said": {"", "", bot.ChannelSeen{}},
	} {
		if got := channelNamed(tt.id, tt.name); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

// TestSharedChannel has the person of another company act in a channel shared
// with it: the workspace is ours, the person is a guest.
func TestSharedChannel(t *testing.T) {
	t.Parallel()
	i, ok := decodeInteraction([]byte(`{"type":"block_actions","api_app_id":"A1","team":{"id":"TGLOBEX"},"user":{"id":"UOMAR","team_id":"TGLOBEX"},
		"channel":{"id":"C1","name":"acme-globex"},"container":{"type":"message","message_ts":"1.000001","channel_id":"C1"},
		"message":{"team":"TACME","app_id":"A1","bot_id":"B1","ts":"1.000001"},"trigger_id":"1.2.3","actions":[{"action_id":"post.1","value":"vote 42","action_ts":"1605853645.582706"}]}`))
	c := i.call()
	if !ok || c.Workspace != slackRef("TACME") || !c.Member.Guest || c.Member.Account != "UOMAR" || c.Message != "1.000001" {
		t.Errorf("the act is %+v", c)
	}
	env, _ := raw[envelope]([]byte(`{"type":"event_callback","team_id":"TGLOBEX","authorizations":[{"team_id":"TACME","user_id":"UBOT","is_bot":true}],"event":{}}`))
	if env.team() != "TACME" || env.bot() != "UBOT" {
		t.Errorf("the event is of %q to %q", env.team(), env.bot())
	}
}

// TestUnknownBlocks keeps an event whose blocks make no sense.
func TestUnknownBlocks(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	body := `{"type":"event_callback","team_id":"` + x.team.ID + `","event":{"type":"message","channel_type":"im","channel":"D1","user":"` + x.rui.ID +
		`","text":"dark mode","ts":"1795165200.000100","blocks":[{"type":["what"],"elements":7}],"files":[7],"item":"x","event_ts":"1795165200.000100"}}`
	if d := x.slack.Post("/slack/events", "application/json", []byte(body), nil); d.Status != 200 {
		t.Errorf("answered %d", d.Status)
	}
	if h := x.core.one(t, "Say"); h.Words != "dark mode" {
		t.Errorf("the core heard %q", h.Words)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","item":{"type":"message","channel":"C1","ts":"1.2"},"reaction":"+1","event_ts":"1.3"}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"channel_rename","channel":{"id":"C1","name":"x"}}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"user_change","user":{"id":"U1","profile":{"display_name":7}}}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"<@U1|<#C1>|&lt;","ts":"1.2","files":[{}]}}`))
	f.Add([]byte(`{"type":"app_rate_limited","minute_rate_limited":1518467820}`))
	o := Options{Tokens: OneToken("")}
	f.Fuzz(func(t *testing.T, data []byte) {
		env, ok := raw[envelope](data)
		if !ok {
			return
		}
		a := New(o, NewMessenger(o), &scriptedCore{})
		_ = a.event(t.Context(), env, true)
		a.Wait()
	})
}

func FuzzCommand(f *testing.F) {
	f.Add("team_id=T1&user_id=U1&command=/feedback&text=dark+mode+%3C@U1|rui%3E+%26lt;&channel_id=C1&trigger_id=1.2")
	f.Add("text=<><|><!date^|>&command=%00")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		s := slashOf(form)
		_, _, _, _ = s.call(), s.place(), s.name(), commandText(s.Text)
		if _, err := json.Marshal(hookBody(drawPages(bot.WordsBack(s.Text).Doc, onReply, 5)[0], hook{})); err != nil {
			t.Error(err)
		}
	})
}

func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"post.1","value":"vote 42","action_ts":"1.2"}]}`))
	f.Add([]byte(`{"type":"view_submission","view":{"id":"V1","type":"modal","private_metadata":"{\"s\":\"x\"}","state":{"values":{"words":{"value":{"type":"plain_text_input","value":null}}}},"blocks":[{"type":"input","block_id":"words"}]}}`))
	f.Add([]byte(`{"type":"message_action","message":{"text":"x","reactions":[{"name":"+1","users":["U1"],"count":2}],"files":[{}],"attachments":[{"fallback":"y"}]}}`))
	o := Options{Tokens: OneToken("")}
	f.Fuzz(func(t *testing.T, data []byte) {
		i, ok := decodeInteraction(data)
		if !ok {
			return
		}
		a := New(o, NewMessenger(o), &scriptedCore{err: errAway})
		out := a.interaction(t.Context(), i)
		if _, err := json.Marshal(out.body); err != nil {
			t.Error(err)
		}
	})
}
